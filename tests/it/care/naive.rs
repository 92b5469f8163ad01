//! A second reading of what a filter means, from the public contract and DESIGN alone: plain loops over records, with
//! `Some(true)`, `Some(false)` and, for unknown, `None`. It calls nothing of the search but the distance.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use zorgkaart::{
    care::{
        filter::Filter,
        freshness::Freshness,
        id::PlaceId,
        place::{CareGroup, Location, Place},
        plan::Search,
        snapshot::Records,
        vervoer::Destination,
        vocabulary::{CareForm, ClaimSource, ClaimStatus, LocationPrecision, Slot, TripFrom},
    },
    geo::{Point, distance::distance_km},
};

use super::lies_in;

/// A place with its parents, found by looking at every one.
pub(super) struct Found<'a> {
    pub(super) place: &'a Place,
    pub(super) group: &'a CareGroup,
    pub(super) location: &'a Location,
    /// The point that everybody may know.
    pub(super) point: Point,
    /// The zorgkantoorregio there.
    pub(super) region: &'a str,
}

/// The places whose parents are all there.
pub(super) fn linked(records: &Records) -> Vec<Found<'_>> {
    records
        .places
        .iter()
        .filter_map(|place| {
            let group = records.groups.iter().find(|group| group.id == place.care_group_id)?;
            let location = records.locations.iter().find(|location| location.id == group.location_id)?;
            records.providers.iter().find(|provider| provider.id == location.provider_id)?;
            let area = records.reference.postcodes.get(&location.postcode.pc4())?;
            let (point, gemeente) = match location.precision {
                LocationPrecision::Area => (area.point, &area.gemeente_code),
                LocationPrecision::Exact => (location.point, &location.gemeente_code),
            };
            let region = &records.reference.gemeenten.get(gemeente)?.region_code;
            Some(Found { place, group, location, point, region })
        })
        .collect()
}

/// What a search has to answer, but for its cursor and limit: nearest first, ties by id.
pub(super) fn answer(records: &Records, search: &Search, now: DateTime<Utc>) -> Vec<(PlaceId, f64)> {
    let mut found: Vec<(PlaceId, f64)> = linked(records)
        .iter()
        .filter(|found| match matches(found, &search.filter, now) {
            Some(is) => is,
            None => search.filter.include_unknown,
        })
        .map(|found| (found.place.id, distance_km(search.near.point, found.point)))
        .filter(|(_, km)| search.radius_km.is_none_or(|radius| *km <= radius))
        .collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    found
}

/// Fields are AND between: one that does not hold decides, one that is unknown makes it unknown.
fn matches(found: &Found<'_>, filter: &Filter, now: DateTime<Utc>) -> Option<bool> {
    let Found { place, group, location, .. } = found;
    let mut terms: Vec<Option<bool>> = Vec::new();
    if !filter.care_forms.is_empty() {
        terms.push(Some(filter.care_forms.contains(&place.care_form)));
    }
    if !filter.homogeneity.is_empty() {
        terms.push(Some(filter.homogeneity.contains(&group.homogeneity)));
    }
    if !filter.leveringsvormen.is_empty() {
        terms.push(
            place
                .leveringsvormen
                .as_ref()
                .map(|offered| offered.iter().any(|one| filter.leveringsvormen.contains(one))),
        );
    }
    for code in &filter.kwaliteitseisen {
        terms.push(met(place, code));
    }
    for facility in &filter.facilities {
        terms.push(location.facilities.iter().find(|(about, _)| about == facility).map(|(_, present)| *present));
    }
    for capability in &filter.care_capabilities {
        terms.push(group.capabilities.iter().find(|(about, _)| about == capability).map(|(_, offered)| *offered));
    }
    if let Some(asked) = filter.challenging_behaviour_excluded {
        terms.push(group.challenging_behaviour_excluded.map(|excluded| excluded == asked));
    }
    if let Some(age) = filter.age {
        terms.push(Some(place.min_age.unwrap_or(i32::MIN) <= age && age <= place.max_age.unwrap_or(i32::MAX)));
    }
    terms.extend(room(place, filter));
    if let Some(to) = &filter.vervoer_to {
        terms.push(fetched(place, found.point, TripFrom::Home, to));
    }
    if let Some(from) = &filter.vervoer_from {
        terms.push(fetched(place, found.point, TripFrom::Dagbesteding, from));
    }
    if !filter.freshness.is_empty() {
        terms.push(Some(filter.freshness.contains(&freshness(place.confirmed_at, now))));
    }
    if let Some(region) = &filter.region {
        terms.push(Some(found.region == region));
    }
    if let Some(provider) = filter.provider {
        terms.push(Some(location.provider_id == provider));
    }
    if terms.contains(&Some(false)) {
        Some(false)
    } else if terms.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// MET alone will do; the kenniscentrum's claim counts if there is one, else the provider's.
fn met(place: &Place, code: &str) -> Option<bool> {
    let claim = |source| place.claims.iter().find(|claim| claim.code == code && claim.source == source);
    match claim(ClaimSource::Kenniscentrum).or(claim(ClaimSource::Provider))?.status {
        ClaimStatus::Met => Some(true),
        ClaimStatus::PartlyMet | ClaimStatus::NotMet => Some(false),
        ClaimStatus::Unknown => None,
    }
}

/// A term for every slot of every date that must have room; of another care form nothing has.
fn room(place: &Place, filter: &Filter) -> Vec<Option<bool>> {
    let free = |slot, day: NaiveDate, spots: i32| {
        let run = place.availability.iter().find(|run| run.slot == slot && run.from <= day && day <= run.to);
        run.map(|run| run.free >= spots)
    };
    let mut terms = Vec::new();
    if let Some(stay) = &filter.stay {
        terms.push(Some(place.care_form == CareForm::Logeren));
        let mut night = stay.arrive;
        while night < stay.depart {
            terms.push(free(Slot::Night, night, stay.spots));
            night += TimeDelta::days(1);
        }
    }
    if let Some(series) = &filter.stay_series {
        terms.push(Some(place.care_form == CareForm::Logeren));
        // By the week in which they begin: every stay of one of the ways has room.
        let mut ways: Vec<Vec<Option<bool>>> = Vec::new();
        let arrivals = series.from.iter_days().take_while(|day| *day <= series.to);
        for (week, arrival) in arrivals.filter(|day| day.weekday() == series.weekday).enumerate() {
            let nights = || (0..series.nights).map(|night| arrival + TimeDelta::days(night.try_into().unwrap()));
            if nights().all(|night| night < series.to) {
                let way = week % usize::try_from(series.every_weeks).unwrap();
                ways.resize(ways.len().max(way + 1), Vec::new());
                ways[way].extend(nights().map(|night| free(Slot::Night, night, series.spots)));
            }
        }
        ways.retain(|way| !way.is_empty());
        let of_way = |way: &Vec<Option<bool>>| match (way.contains(&Some(false)), way.contains(&None)) {
            (true, _) => Some(false),
            (false, unknown) => (!unknown).then_some(true),
        };
        let ways: Vec<Option<bool>> = ways.iter().map(of_way).collect();
        terms.push(if ways.contains(&Some(true)) {
            Some(true)
        } else if ways.contains(&None) {
            None
        } else {
            Some(false)
        });
    }
    if let Some(dagdelen) = &filter.dagdelen {
        terms.push(Some(place.care_form == CareForm::Dagbesteding));
        let mut day = dagdelen.from;
        while day <= dagdelen.to {
            if dagdelen.weekdays.contains(&day.weekday()) {
                terms.extend(dagdelen.slots.iter().map(|slot| free(*slot, day, dagdelen.spots)));
            }
            day += TimeDelta::days(1);
        }
    }
    if let Some(day) = filter.free_on {
        terms.push(Some([CareForm::Wonen, CareForm::Deeltijdwonen].contains(&place.care_form)));
        terms.push(free(Slot::Residence, day, 1));
    }
    terms
}

/// Vervoer that is not known may fetch; that of which no reach is stated too; none at all does not. Of which no trips are stated,
/// that fetches at home, and may at dagbesteding.
pub(super) fn fetched(place: &Place, point: Point, from: TripFrom, to: &Destination) -> Option<bool> {
    let mut may = false;
    for one in place.vervoer.as_ref()? {
        let makes = match &one.trips {
            Some(trips) => Some(trips.iter().any(|trip| trip.from == from)),
            None if from == TripFrom::Home => Some(true),
            None => None,
        };
        let comes = one.radius_km.is_some_and(|radius| distance_km(point, to.point) <= radius)
            || one.postcodes.as_ref().is_some_and(|list| list.iter().any(|pc4| to.pc4 == Some(*pc4)))
            || one
                .gemeenten
                .as_ref()
                .is_some_and(|list| list.iter().any(|code| to.gemeente_code.as_ref() == Some(code)))
            || one.area.as_ref().is_some_and(|area| lies_in(area, to.point));
        let stated =
            one.radius_km.is_some() || one.postcodes.is_some() || one.gemeenten.is_some() || one.area.is_some();
        if comes && makes == Some(true) {
            return Some(true);
        }
        may |= makes != Some(false) && (comes || !stated);
    }
    if may { None } else { Some(false) }
}

/// FRESH up to 14 days after confirmation, AGING up to 45, then STALE.
fn freshness(confirmed_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Freshness {
    match confirmed_at {
        Some(at) if at + TimeDelta::days(14) >= now => Freshness::Fresh,
        Some(at) if at + TimeDelta::days(45) >= now => Freshness::Aging,
        _ => Freshness::Stale,
    }
}
