//! What was changed of a place, and what it stated on a date: for its provider and the kenniscentrum.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{availability, kwaliteitseis_claim, map_change, place};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::super::{
    Store, View,
    audit::{Access, Event, Reading},
    error::StoreError,
    places::{claimed, held_vervoer},
    profiles::find,
    rows::FromRow,
};
use crate::{
    auth::Denied,
    care::{
        availability::Run,
        calendar::dutch_date,
        id::{MapChangeId, PlaceId, ProviderId},
        profile::{
            Difference, Object,
            moment::{self, Moment},
        },
        vocabulary::{MapField, MapObject},
    },
};

/// A field of a place, its group or its location that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct MapHistoryEntry {
    /// Where it stands in the order of time.
    pub id: MapChangeId,
    /// Whose the place is.
    pub provider: ProviderId,
    /// What kind of object it is of.
    pub object: MapObject,
    /// What changed.
    pub difference: Difference,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: role and pseudonym.
    pub by: String,
}

/// A page of the history of a place.
#[derive(Clone, Debug, PartialEq)]
pub struct MapHistory {
    /// The changes, the latest first.
    pub entries: Vec<MapHistoryEntry>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// What was changed of a place, its group and its location, the latest first; none: there is no such place. The read is
    /// recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn place_history(
        &self,
        view: &View,
        access: &Access,
        place: PlaceId,
        after: Option<MapChangeId>,
        limit: usize,
    ) -> Result<Result<Option<MapHistory>, Denied>, StoreError> {
        let told = self.told(view, access, place, "placeHistory", async |tx, objects| {
            let mut select = changes(objects);
            if let Some(after) = after {
                select = select.filter(map_change::Column::Id.lt(after));
            }
            let rows = select.order_by_desc(map_change::Column::Id).limit(limit as u64 + 1).all(tx).await?;
            let has_more = rows.len() > limit;
            let entries = rows.into_iter().take(limit).map(|row| MapHistoryEntry {
                id: row.id,
                provider: row.provider_id,
                object: row.object_type,
                difference: Difference { field: row.field, from: row.from_value, to: row.to_value },
                at: row.changed_at,
                by: row.changed_by,
            });
            Ok(MapHistory { entries: entries.collect(), has_more })
        });
        Box::pin(told).await
    }

    /// What a place stated at the end of a date; none: it was not on the map then. The read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn place_as_of(
        &self,
        view: &View,
        access: &Access,
        place: PlaceId,
        on: NaiveDate,
    ) -> Result<Result<Option<Moment>, Denied>, StoreError> {
        let told = self.told(view, access, place, "placeAsOf", async |tx, objects| {
            let mut moment = now(tx, place, objects).await?;
            // The Dutch day ends an hour or two before that of UTC: nothing of it is left out.
            let day = map_change::Column::ChangedAt.gte(on.and_time(NaiveTime::MIN).and_utc());
            let mut since = changes(objects).filter(day).all(tx).await?;
            since.retain(|row| dutch_date(row.changed_at) > on);
            // Of one object versions say the order, whatever the clocks of replicas say.
            since.sort_unstable_by_key(|row| std::cmp::Reverse((row.version, row.id)));
            for row in since {
                let difference = Difference { field: row.field, from: row.from_value, to: row.to_value };
                moment.take_back(row.object_type, &difference);
            }
            Ok(moment)
        });
        Ok(Box::pin(told).await?.map(|moment| moment.filter(Moment::on_map)))
    }

    /// Reads of a place with its group and its location, where the requester may see what was.
    async fn told<T>(
        &self,
        view: &View,
        access: &Access,
        place: PlaceId,
        purpose: &'static str,
        read: impl AsyncFnOnce(&DatabaseTransaction, &[Object]) -> Result<T, StoreError>,
    ) -> Result<Result<Option<T>, Denied>, StoreError> {
        if let Err(denied) = view.scope().may_change_places() {
            return Ok(Err(self.deny(view, access, purpose, denied).await));
        }
        let reading = async {
            let reading = Reading::begin(&self.database).await?;
            let mut objects = Vec::new();
            let mut provider = None;
            let mut next = Some(Object::Place(place));
            while let Some(object) = next.filter(|object| object.kind() != MapObject::Provider) {
                let Some(row) = find(&reading.tx, object).await? else { break };
                objects.push(object);
                provider = Some(row.provider);
                next = row.parent;
            }
            let Some(provider) = provider else { return Ok(Ok(None)) };
            if let Err(denied) = view.scope().see_history_of(provider) {
                return Ok(Err(denied));
            }
            let answer = read(&reading.tx, &objects).await?;
            let object = json!({ "type": "place", "id": place.0.simple().to_string(), "fields": ["history"] });
            reading.end(&Event::read(view, access, &self.replica, purpose), vec![object]).await?;
            Ok::<_, StoreError>(Ok(Some(answer)))
        };
        let answer = {
            let _turn = self.turn().await?;
            self.database.within(Box::pin(reading)).await?
        };
        match answer {
            Err(denied) => Ok(Err(self.deny(view, access, purpose, denied).await)),
            told => Ok(told),
        }
    }
}

fn changes(objects: &[Object]) -> sea_orm::Select<map_change::Entity> {
    map_change::Entity::find().filter(map_change::Column::ObjectId.is_in(objects.iter().map(|object| object.id())))
}

/// What a place states now, with its group and its location.
async fn now(tx: &DatabaseTransaction, place: PlaceId, objects: &[Object]) -> Result<Moment, StoreError> {
    let mut moment = Moment::default();
    for object in objects {
        if let Some(row) = find(tx, *object).await? {
            moment.add(&row.profile);
            moment.set(object.kind(), MapField::OnMap, json!(row.on_map));
            if let Object::Place(id) = object {
                let vervoer = held_vervoer(tx, row.provider, *id).await?;
                moment.set(MapObject::Place, MapField::Vervoer, moment::vervoer(vervoer.as_deref()));
            }
        }
    }
    if let Some(row) = place::Entity::find_by_id(place).one(tx).await? {
        let stated = |at: DateTime<Utc>| json!({ "length": row.waiting_list_length, "expectedWeeks": row.waiting_list_weeks, "updatedAt": at });
        let list = row.waiting_list_updated_at.map_or(Value::Null, stated);
        moment.set(MapObject::Place, MapField::WaitingList, list);
        moment.set(MapObject::Place, MapField::ConfirmedAt, json!(row.confirmed_at));
    }
    let runs = availability::Entity::find().filter(availability::Column::PlaceId.eq(place)).all(tx).await?;
    moment.add_runs(runs.into_iter().map(Run::from_row));
    let claims = kwaliteitseis_claim::Entity::find().filter(kwaliteitseis_claim::Column::PlaceId.eq(place));
    moment.claims =
        claims.all(tx).await?.into_iter().map(|row| ((row.code.clone(), row.source), claimed(&row))).collect();
    Ok(moment)
}
