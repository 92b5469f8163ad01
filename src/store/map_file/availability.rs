//! Free spots from a file.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{availability, care_group, location, place};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Looking, Said, Written, external_id, refuse};
use crate::store::rows::FromRow;
use crate::{
    care::{
        availability::{Run, stated::changes},
        id::{CareGroupId, LocationId, PlaceId, ProviderId},
        map_file::{
            Key, Reason, Report,
            availability::{Availability, Column, Said as Spots, decide},
        },
        profile::{Object, moment},
        vocabulary::{CareForm, MapObject},
    },
    store::{
        error::StoreError,
        history::{self, Changed},
        import::ImportError,
        places::{news, object, state, touch},
        write::Author,
    },
};

/// How many places a statement asks for.
const PLACES: usize = 1_000;

/// What is stated of places of which something else was stated before, with the version that this makes.
pub(super) struct Plan(Vec<(PlaceId, ProviderId, i32, Vec<Run>)>);

/// A place that is on the map.
struct Shown {
    care_form: CareForm,
    capacity: i32,
    provider: ProviderId,
    version: i32,
}

impl super::Plan for Plan {
    type Kind = Availability;
    const PURPOSE: &'static str = "importAvailability";

    async fn look(
        looking: &Looking<'_>,
        rows: Vec<Said<Availability>>,
        report: &mut Report<Availability>,
    ) -> Result<Self, ImportError> {
        let by_place = named(looking, rows, report).await?;
        let ids: Vec<PlaceId> = by_place.keys().copied().collect();
        let mut plan = Vec::new();
        for some in ids.chunks(PLACES) {
            let shown = looking.database.within(shown(looking, some)).await?;
            let before = looking.database.within(stated(looking, some)).await?;
            for id in some {
                let Some(rows) = by_place.get(id) else { continue };
                let Some(place) = shown.get(id) else {
                    for (line, _) in rows {
                        refuse(report, *line, Column::Place, Reason::NoPlace);
                    }
                    continue;
                };
                let before = before.get(id).map(Vec::as_slice).unwrap_or_default();
                if let Some(runs) = of_place(looking, rows, place, before, report) {
                    plan.push((*id, place.provider, place.version + 1, runs));
                }
            }
        }
        Ok(Self(plan))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    async fn write(self, looking: &Looking<'_>, by: &Author<'_>) -> Result<Written, ImportError> {
        let (mut objects, mut providers) = (Vec::with_capacity(self.0.len()), HashSet::new());
        let mut changes = Vec::new();
        let all = self.0.len();
        for (at, (place, provider, version, runs)) in self.0.into_iter().enumerate() {
            let writing = async {
                touch(looking.tx, place, by).await?;
                let dates = state(looking.tx, provider, place, &runs, by).await?;
                let history = moment::availability(&dates);
                let of = Changed { object: Object::Place(place), provider, version };
                history::record(looking.tx, history.map(|one| (of, one)), by).await
            };
            looking.database.within(writing).await?;
            looking.wrote(at + 1, all);
            objects.push(object(place, "availability"));
            // One entry is enough: whose part of the map it is, that is read again.
            if providers.insert(provider) {
                changes.push(news(place, provider));
            }
        }
        Ok(Written { changes, objects })
    }
}

/// The rows by the place that they name.
async fn named(
    looking: &Looking<'_>,
    rows: Vec<Said<Availability>>,
    report: &mut Report<Availability>,
) -> Result<BTreeMap<PlaceId, Vec<(u32, Spots)>>, StoreError> {
    let places = rows.iter().filter_map(|(_, said)| said.place.external());
    let places = external_id::find(looking, MapObject::Place, places).await?;
    let providers = rows.iter().filter_map(|(_, said)| said.provider.as_ref()?.external());
    let providers = external_id::find(looking, MapObject::Provider, providers).await?;
    let mut by_place: BTreeMap<PlaceId, Vec<(u32, Spots)>> = BTreeMap::new();
    for (line, mut said) in rows {
        let provider = match &said.provider {
            None => None,
            Some(Key::Ours(id)) => Some(*id),
            Some(Key::External(text)) => {
                let Some((_, id)) = providers.get(text).and_then(|found| found.first()) else {
                    refuse(report, line, Column::Provider, Reason::NoProvider);
                    continue;
                };
                Some(ProviderId(*id))
            }
        };
        let place = match &said.place {
            Key::Ours(id) => Ok(*id),
            Key::External(text) => {
                let found = places.get(text).map(Vec::as_slice).unwrap_or_default();
                let mut found = found.iter().filter(|(of, _)| provider.is_none_or(|provider| provider.0 == *of));
                match (found.next(), found.next()) {
                    (Some((_, id)), None) => Ok(PlaceId(*id)),
                    (Some(_), Some(_)) => Err(Reason::ManyPlaces),
                    (None, _) => Err(Reason::NoPlace),
                }
            }
        };
        said.provider = provider.map(Key::Ours);
        match place {
            Ok(place) => by_place.entry(place).or_default().push((line, said)),
            Err(reason) => refuse(report, line, Column::Place, reason),
        }
    }
    Ok(by_place)
}

/// The places that are on the map, held until the transaction ends.
async fn shown(looking: &Looking<'_>, ids: &[PlaceId]) -> Result<HashMap<PlaceId, Shown>, StoreError> {
    let held = place::Entity::find().filter(place::Column::Id.is_in(ids.iter().copied()));
    let places = held.order_by_asc(place::Column::Id).lock_exclusive().all(looking.tx).await?;
    let groups: Vec<CareGroupId> = places.iter().map(|place| place.care_group_id).collect();
    let groups = care_group::Entity::find().filter(care_group::Column::Id.is_in(groups));
    let groups = groups.filter(care_group::Column::WithdrawnAt.is_null()).all(looking.tx).await?;
    let locations: Vec<LocationId> = groups.iter().map(|group| group.location_id).collect();
    let locations = location::Entity::find().filter(location::Column::Id.is_in(locations));
    let locations = locations.filter(location::Column::WithdrawnAt.is_null()).all(looking.tx).await?;
    let providers: HashMap<LocationId, ProviderId> =
        locations.into_iter().map(|one| (one.id, one.provider_id)).collect();
    let groups: HashMap<CareGroupId, LocationId> = groups.into_iter().map(|one| (one.id, one.location_id)).collect();
    let shown = places.into_iter().filter(|place| place.withdrawn_at.is_none()).filter_map(|place| {
        let provider = *providers.get(groups.get(&place.care_group_id)?)?;
        Some((
            place.id,
            Shown { care_form: place.care_form, capacity: place.capacity, provider, version: place.version },
        ))
    });
    Ok(shown.collect())
}

/// What is stated of places, in the order of slot and date.
async fn stated(looking: &Looking<'_>, ids: &[PlaceId]) -> Result<HashMap<PlaceId, Vec<Run>>, StoreError> {
    let rows = availability::Entity::find().filter(availability::Column::PlaceId.is_in(ids.iter().copied()));
    let mut stated: HashMap<PlaceId, Vec<Run>> = HashMap::new();
    for row in rows.all(looking.tx).await? {
        stated.entry(row.place_id).or_default().push(Run::from_row(row));
    }
    for runs in stated.values_mut() {
        runs.sort_by_key(|run| (run.slot, run.from));
    }
    Ok(stated)
}

/// What the rows about one place state; none: nothing other than before.
fn of_place(
    looking: &Looking<'_>,
    rows: &[(u32, Spots)],
    place: &Shown,
    before: &[Run],
    report: &mut Report<Availability>,
) -> Option<Vec<Run>> {
    let of_other = |said: &Spots| matches!(said.provider, Some(Key::Ours(id)) if id != place.provider);
    for (line, _) in rows.iter().filter(|(_, said)| of_other(said)) {
        refuse(report, *line, Column::Provider, Reason::OtherProvider);
    }
    let own = rows.iter().filter(|(_, said)| !of_other(said)).map(|(line, said)| (*line, said));
    let (today, now) = (looking.view.today(), looking.view.now());
    let (good, wrong) = decide(own, place.care_form, place.capacity, today, now);
    for (line, column, reason) in wrong {
        refuse(report, line, column, reason);
    }
    let mut changed = false;
    for (_, runs) in &good {
        let differences: Vec<_> = runs.iter().flat_map(|run| changes(before, run)).collect();
        let count = match differences.iter().any(|one| one.before.is_some()) {
            _ if differences.is_empty() => &mut report.unchanged,
            true => &mut report.updated,
            false => &mut report.created,
        };
        *count += 1;
        changed |= !differences.is_empty();
    }
    let mut runs: Vec<Run> = good.into_iter().flat_map(|(_, runs)| runs).collect();
    runs.sort_by_key(|run| (run.slot, run.from));
    changed.then_some(runs)
}
