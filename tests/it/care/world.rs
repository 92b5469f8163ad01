//! Random maps: every fact known or unknown, some rows without their parent. And random questions about them.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{NaiveDate, TimeDelta, Weekday};
use proptest::{
    bool::weighted,
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use uuid::Uuid;
use zorgkaart::{
    care::{
        availability::{Dagdelen, Run, Stay, series::StaySeries, slots},
        filter::Filter,
        freshness::Freshness,
        id::{CareGroupId, LocationId, PlaceId, ProviderId, VervoerId},
        place::{CareGroup, Claim, Location, Place, Provider, Voices},
        plan::Search,
        reference::{Gemeente, Kwaliteitseis, Postcode, Reference, Region},
        snapshot::Records,
        vervoer::{Destination, Trip, Vervoer},
        vocabulary::{
            CareCapability, CareForm, ClaimSource, ClaimStatus, Facility, Homogeneity, Leveringsvorm,
            LocationPrecision, ProviderKind, Slot, TripFrom,
        },
    },
    geo::{Area, Point},
};

use super::{at, blank_place, date, days_after, instant, pc4, square};

/// The day on which questions are asked.
pub(super) const TODAY: &str = "2026-12-01";
/// The instant at which they are.
pub(super) const NOW: &str = "2026-12-01T10:00:00Z";

const CODES: [&str; 3] = ["1.a", "3.b", "8"];
const REGIONS: [(&str, [&str; 2]); 2] = [("ZK01", ["GM0001", "GM0002"]), ("ZK02", ["GM0003", "GM0004"])];
const GEMEENTEN: [&str; 4] = ["GM0001", "GM0002", "GM0003", "GM0004"];
/// Two of them share a point.
const POSTCODES: [(&str, f64, f64, &str); 6] = [
    ("3511", 52.090, 5.120, "GM0001"),
    ("3512", 52.090, 5.120, "GM0002"),
    ("3521", 52.094, 5.104, "GM0001"),
    ("3995", 52.030, 5.170, "GM0003"),
    ("1011", 52.372, 4.905, "GM0004"),
    ("6211", 50.849, 5.688, "GM0003"),
];
const PROVIDERS: u128 = 6;
/// Some postcodes lie in none of them, some on an edge.
static AREAS: LazyLock<[Area; 3]> =
    LazyLock::new(|| [square(52.09, 5.12, 0.05), square(52.04, 5.12, 0.05), square(52.2, 5.0, 0.2)]);

pub(super) fn reference() -> Reference {
    let valid_from = date("2025-01-01");
    let region = |code: &str| Region {
        code: code.into(),
        name: format!("Demo {code}"),
        concession_holder: "Demo".into(),
        valid_from,
        valid_to: None,
    };
    let gemeente = |code: &str, region: &str| Gemeente {
        code: code.into(),
        name: format!("Demo {code}"),
        region_code: region.into(),
        valid_from,
        valid_to: None,
    };
    let postcode = |(number, lat, lng, gemeente): (&str, f64, f64, &str)| Postcode {
        pc4: pc4(number),
        place_name: format!("Demo {number}"),
        point: at(lat, lng),
        gemeente_code: gemeente.into(),
        cbs_area: true,
        population: 1000,
    };
    let eis = |code: &str| Kwaliteitseis { code: code.into(), title: "Demo".into(), theme: "Demo".into() };
    Reference {
        regions: REGIONS.iter().map(|(code, _)| ((*code).into(), region(code))).collect(),
        gemeenten: REGIONS
            .iter()
            .flat_map(|(code, all)| all.iter().map(|one| ((*one).into(), gemeente(one, code))))
            .collect(),
        postcodes: POSTCODES.map(|row| (pc4(row.0), postcode(row))).into_iter().collect::<BTreeMap<_, _>>(),
        kwaliteitseisen: CODES.iter().map(|code| ((*code).into(), eis(code))).collect(),
    }
}

fn provider(number: u128) -> Provider {
    Provider {
        id: ProviderId(Uuid::from_u128(number)),
        name: format!("Demo {number}").into(),
        kind: ProviderKind::Kleinschalig,
        phone: None,
        email: None,
        website: None,
        kvk_number: None,
        agb_code: None,
        fieldlab: false,
        version: 1,
    }
}

/// For each of `all` whether it is stated, and what.
fn statements<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<(T, bool)>> {
    vec(option::of(weighted(0.7)), all.len())
        .prop_map(|stated| all.iter().zip(stated).filter_map(|(one, is)| Some((*one, is?))).collect())
}

/// A point at or near one of a postcode.
fn point() -> impl Strategy<Value = Point> {
    (select(POSTCODES.to_vec()), prop_oneof![Just((0.0, 0.0)), (-0.1..0.1, -0.1..0.1)])
        .prop_map(|((_, lat, lng, _), (north, east))| at(lat + north, lng + east))
}

/// A location of one of the providers, or of none that there is; rarely in a postcode that nobody knows.
fn location() -> impl Strategy<Value = Location> {
    let postcode = prop_oneof![20 => select(POSTCODES.map(|row| row.0).to_vec()), 1 => Just("9999")];
    let precision = select(LocationPrecision::ALL.to_vec());
    (0..=PROVIDERS, postcode, point(), select(GEMEENTEN.to_vec()), precision, statements(Facility::ALL)).prop_map(
        |(provider, postcode, point, gemeente, precision, facilities)| Location {
            id: LocationId(Uuid::nil()),
            provider_id: ProviderId(Uuid::from_u128(provider)),
            street: Some("Demostraat".into()),
            house_number: Some("1".into()),
            postcode: format!("{postcode}AB").parse().unwrap(),
            city: "Demostad".into(),
            gemeente_code: gemeente.into(),
            point,
            precision,
            facilities,
            version: 1,
        },
    )
}

/// A group in one of `locations`, or rarely in one that there is not.
fn group(locations: usize) -> impl Strategy<Value = CareGroup> {
    (0..=locations, select(Homogeneity::ALL.to_vec()), any::<Option<bool>>(), statements(CareCapability::ALL)).prop_map(
        |(location, homogeneity, challenging_behaviour_excluded, capabilities)| CareGroup {
            id: CareGroupId(Uuid::nil()),
            location_id: LocationId(Uuid::from_u128(location as u128)),
            name: "Demo".into(),
            homogeneity,
            size: 6,
            staff_per_ten: None,
            nurses: None,
            challenging_behaviour_excluded,
            capabilities,
            version: 1,
        },
    )
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let about: Vec<(&str, ClaimSource)> =
        CODES.iter().flat_map(|code| ClaimSource::ALL.iter().map(move |source| (*code, *source))).collect();
    let status = prop_oneof![2 => Just(ClaimStatus::Met), 1 => select(ClaimStatus::ALL.to_vec())];
    vec(option::of(status), about.len()).prop_map(move |statuses| {
        let stated = about.iter().zip(statuses).filter_map(|((code, source), status)| Some((code, source, status?)));
        stated
            .map(|(code, source, status)| Claim {
                code: (*code).into(),
                source: *source,
                status,
                explanation: None,
                assessed_at: instant("2026-11-01T12:00:00Z"),
                voices: Voices::default(),
            })
            .collect()
    })
}

fn vervoer() -> impl Strategy<Value = Vervoer> {
    let postcodes = option::of(subsequence(POSTCODES.map(|row| pc4(row.0)).to_vec(), 0..=3));
    let gemeenten = option::of(subsequence(GEMEENTEN.map(String::from).to_vec(), 0..=2));
    let trip = |from| Trip { from, pick_up: Vec::new() };
    let trips = option::of(subsequence(TripFrom::ALL.to_vec(), 1..=2));
    let trips = trips.prop_map(move |made| made.map(|all| all.into_iter().map(trip).collect()));
    let area = option::weighted(0.3, select(AREAS.to_vec()));
    (option::of(prop_oneof![Just(0.0), 0.0..60.0]), postcodes, gemeenten, area, trips).prop_map(
        |(radius_km, postcodes, gemeenten, area, trips)| Vervoer {
            id: VervoerId(Uuid::nil()),
            radius_km,
            postcodes,
            gemeenten,
            area,
            trips,
            bags_and_aids: None,
            power_sockets: None,
            nurse_aboard: None,
            wheelchairs: None,
            oxygen: None,
            medicine_fridge: None,
            air_conditioning: None,
            paid_by: None,
        },
    )
}

/// Runs of one slot, from before today to beyond the horizon; most days have room.
fn runs(slot: Slot) -> impl Strategy<Value = Vec<Run>> {
    let run = (prop_oneof![4 => Just(0_u64), 1 => 1..20_u64], 1..150_u64, prop_oneof![1 => Just(0), 4 => 1..4]);
    (0..60_u64, vec(run, 0..9)).prop_map(move |(start, runs)| {
        let mut next = days_after(date("2026-10-15"), start);
        runs.into_iter()
            .map(|(gap, length, free)| {
                let from = days_after(next, gap);
                next = days_after(from, length);
                Run { slot, from, to: days_after(from, length - 1), free, stated_at: instant("2026-10-01T12:00:00Z") }
            })
            .collect()
    })
}

fn availability(care_form: CareForm) -> impl Strategy<Value = Vec<Run>> {
    slots(care_form).iter().map(|slot| runs(*slot).boxed()).collect::<Vec<_>>().prop_map(|all| all.concat())
}

/// A place of one of `groups`, or rarely of one that there is not.
fn place(groups: usize) -> impl Strategy<Value = Place> {
    let confirmed = option::of(prop_oneof![
        select(vec![0, 14 * 86_400, 14 * 86_400 + 1, 45 * 86_400, 45 * 86_400 + 1]),
        0..6_000_000_i64,
    ]);
    let ages = (option::of(0..30), option::of(0..40));
    let paid = option::of(subsequence(Leveringsvorm::ALL.to_vec(), 0..=3));
    let how = (paid, option::of(vec(vervoer(), 0..3)), claims(), confirmed);
    (any::<u64>(), 0..=groups, select(CareForm::ALL.to_vec()), ages, how).prop_flat_map(
        |(id, group, care_form, (min_age, max_age), (leveringsvormen, vervoer, claims, confirmed))| {
            let place = Place {
                care_group_id: CareGroupId(Uuid::from_u128(group as u128)),
                min_age,
                max_age,
                leveringsvormen,
                vervoer,
                claims,
                confirmed_at: confirmed.map(|seconds| instant(NOW) - TimeDelta::seconds(seconds)),
                ..blank_place(u128::from(id), care_form)
            };
            availability(care_form).prop_map(move |availability| Place { availability, ..place.clone() })
        },
    )
}

/// Maps with so many places, and fewer locations and groups. Ids differ; their order means nothing.
pub(super) fn records(places: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Records> {
    let places = places.into();
    (1..40_usize, 1..60_usize)
        .prop_flat_map(move |(locations, groups)| {
            (vec(location(), locations), vec(group(locations), groups), vec(place(groups), places.clone()))
        })
        .prop_map(|(mut locations, mut groups, mut places)| {
            let id = |number: usize| Uuid::from_u128(number as u128);
            locations.iter_mut().enumerate().for_each(|(number, location)| location.id = LocationId(id(number)));
            groups.iter_mut().enumerate().for_each(|(number, group)| group.id = CareGroupId(id(number)));
            for (number, place) in (0..).zip(&mut places) {
                place.id = PlaceId(Uuid::from_u128(place.id.0.as_u128() << 32 | number));
            }
            let providers = (0..PROVIDERS).map(provider).collect();
            Records { reference: reference(), agreements: Vec::new(), providers, locations, groups, places }
        })
}

/// The fields of a filter that can be asked alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    CareForms,
    Homogeneity,
    Leveringsvormen,
    Kwaliteitseisen,
    Facilities,
    CareCapabilities,
    ChallengingBehaviourExcluded,
    Age,
    Stay,
    StaySeries,
    Dagdelen,
    FreeOn,
    VervoerTo,
    VervoerFrom,
    Freshness,
    Region,
    Provider,
}

pub(super) const FIELDS: [Field; 17] = [
    Field::CareForms,
    Field::Homogeneity,
    Field::Leveringsvormen,
    Field::Kwaliteitseisen,
    Field::Facilities,
    Field::CareCapabilities,
    Field::ChallengingBehaviourExcluded,
    Field::Age,
    Field::Stay,
    Field::StaySeries,
    Field::Dagdelen,
    Field::FreeOn,
    Field::VervoerTo,
    Field::VervoerFrom,
    Field::Freshness,
    Field::Region,
    Field::Provider,
];

/// A date that may be asked about today: mostly soon, also at the horizon.
fn askable() -> impl Strategy<Value = NaiveDate> {
    prop_oneof![3 => 0..60_u64, 1 => 0..=400_u64, 1 => 380..=400_u64].prop_map(|after| days_after(date(TODAY), after))
}

fn stay() -> impl Strategy<Value = Stay> {
    (askable(), 1..8_u64, prop_oneof![3 => Just(1), 1 => 2..6]).prop_map(|(arrive, nights, spots)| Stay {
        arrive,
        depart: days_after(arrive, nights),
        spots,
    })
}

fn stay_series() -> impl Strategy<Value = StaySeries> {
    let weekday = (0..7_u8).prop_map(|number| Weekday::try_from(number).unwrap());
    (askable(), 0..60_u64, weekday, 1..8_u64, 1..5_u64, prop_oneof![3 => Just(1), 1 => 2..6]).prop_map(
        |(from, days, weekday, nights, every_weeks, spots)| StaySeries {
            from,
            to: days_after(from, days),
            weekday,
            nights,
            every_weeks,
            spots,
        },
    )
}

fn dagdelen() -> impl Strategy<Value = Dagdelen> {
    let weekdays: Vec<Weekday> = (0..7).map(|number| Weekday::try_from(number).unwrap()).collect();
    let slots = subsequence(vec![Slot::Morning, Slot::Afternoon], 1..=2);
    (askable(), 0..20_u64, subsequence(weekdays, 1..=3), slots, prop_oneof![3 => Just(1), 1 => 2..6]).prop_map(
        |(from, days, weekdays, slots, spots)| Dagdelen { from, to: days_after(from, days), weekdays, slots, spots },
    )
}

/// Somewhere: a postcode, or a point with the postcode that belongs to it.
pub(super) fn destination() -> impl Strategy<Value = Destination> {
    (select(POSTCODES.to_vec()), option::of((-0.1..0.1, -0.1..0.1)), weighted(0.9)).prop_map(
        |((number, lat, lng, gemeente), off, known)| {
            let (north, east) = off.unwrap_or_default();
            Destination {
                point: at(lat + north, lng + east),
                pc4: known.then(|| pc4(number)),
                gemeente_code: known.then(|| gemeente.into()),
            }
        },
    )
}

/// A filter that asks something in every field.
fn full_filter() -> impl Strategy<Value = Filter> {
    let lists = (
        subsequence(CareForm::ALL.to_vec(), 1..=3),
        subsequence(Homogeneity::ALL.to_vec(), 1..=2),
        subsequence(Leveringsvorm::ALL.to_vec(), 1..=2),
        // The last is a code that the reference data do not have.
        subsequence(vec!["1.a", "3.b", "8", "9.z"], 1..=2),
        subsequence(Facility::ALL.to_vec(), 1..=2),
        subsequence(CareCapability::ALL.to_vec(), 1..=2),
        subsequence(vec![Freshness::Fresh, Freshness::Aging, Freshness::Stale], 1..=2),
    );
    let when = (stay(), stay_series(), dagdelen(), askable());
    let whose = (select(vec!["ZK01", "ZK02", "ZK99"]), 0..=PROVIDERS, destination(), destination());
    (lists, when, whose, any::<bool>(), 0..45, any::<bool>()).prop_map(
        |(
            lists,
            (stay, stay_series, dagdelen, free_on),
            (region, provider, to, from),
            excluded,
            age,
            include_unknown,
        )| {
            Filter {
                care_forms: lists.0,
                homogeneity: lists.1,
                leveringsvormen: lists.2,
                kwaliteitseisen: lists.3.into_iter().map(String::from).collect(),
                facilities: lists.4,
                care_capabilities: lists.5,
                challenging_behaviour_excluded: Some(excluded),
                age: Some(age),
                stay: Some(stay),
                stay_series: Some(stay_series),
                dagdelen: Some(dagdelen),
                free_on: Some(free_on),
                vervoer_to: Some(to),
                vervoer_from: Some(from),
                freshness: lists.6,
                region: Some(region.into()),
                provider: Some(ProviderId(Uuid::from_u128(provider))),
                include_unknown,
            }
        },
    )
}

/// `full` with the fields of `kept` alone.
fn only(full: &Filter, kept: &[Field]) -> Filter {
    let mut filter = Filter { include_unknown: full.include_unknown, ..Filter::default() };
    for field in kept {
        match field {
            Field::CareForms => filter.care_forms.clone_from(&full.care_forms),
            Field::Homogeneity => filter.homogeneity.clone_from(&full.homogeneity),
            Field::Leveringsvormen => filter.leveringsvormen.clone_from(&full.leveringsvormen),
            Field::Kwaliteitseisen => filter.kwaliteitseisen.clone_from(&full.kwaliteitseisen),
            Field::Facilities => filter.facilities.clone_from(&full.facilities),
            Field::CareCapabilities => filter.care_capabilities.clone_from(&full.care_capabilities),
            Field::ChallengingBehaviourExcluded => {
                filter.challenging_behaviour_excluded = full.challenging_behaviour_excluded;
            }
            Field::Age => filter.age = full.age,
            Field::Stay => filter.stay = full.stay,
            Field::StaySeries => filter.stay_series = full.stay_series,
            Field::Dagdelen => filter.dagdelen.clone_from(&full.dagdelen),
            Field::FreeOn => filter.free_on = full.free_on,
            Field::VervoerTo => filter.vervoer_to.clone_from(&full.vervoer_to),
            Field::VervoerFrom => filter.vervoer_from.clone_from(&full.vervoer_from),
            Field::Freshness => filter.freshness.clone_from(&full.freshness),
            Field::Region => filter.region.clone_from(&full.region),
            Field::Provider => filter.provider = full.provider,
        }
    }
    filter
}

/// A filter that asks about one field alone.
pub(super) fn filter_of(field: Field) -> impl Strategy<Value = Filter> {
    full_filter().prop_map(move |full| only(&full, &[field]))
}

/// A filter that asks about a few fields together.
pub(super) fn filter() -> impl Strategy<Value = Filter> {
    (full_filter(), subsequence(FIELDS.to_vec(), 0..=4)).prop_map(|(full, kept)| only(&full, &kept))
}

/// A search with `filter`, without a cursor or a limit.
pub(super) fn search(filter: impl Strategy<Value = Filter>) -> impl Strategy<Value = Search> {
    (destination(), option::of(prop_oneof![Just(0.0), 0.0..200.0]), filter).prop_map(|(near, radius_km, filter)| {
        Search { near, radius_km, filter, wishes: Vec::new(), after: None, limit: 100_000 }
    })
}

/// The date from which an index keeps days: today, a while ago (so that the horizon lies beyond it), or tomorrow.
pub(super) fn base() -> impl Strategy<Value = NaiveDate> {
    select(vec![0, 1, 2, 31, 33, 60, 399, 400, 500, -1, -20]).prop_map(|days| date(TODAY) - TimeDelta::days(days))
}

/// One value of a strategy, the same every time: for worlds too large to shrink.
pub(super) fn sample<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}
