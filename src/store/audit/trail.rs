//! Reading the trail: who has read or changed something. That is recorded too.

use chrono::{DateTime, Utc};
use entity::{audit_event, audit_object};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;

use super::{
    super::{Store, View, error::StoreError},
    Access, Event, Reading,
};
use crate::auth::Denied;

/// What to read of the trail.
#[derive(Clone, Debug)]
pub struct TrailQuery {
    /// The type of the object: `contact`, `passport` or `place`.
    pub object_type: &'static str,
    /// Its id, in hexadecimal digits.
    pub object_id: String,
    /// Not before this instant.
    pub from: DateTime<Utc>,
    /// Before this instant.
    pub before: DateTime<Utc>,
    /// Only what comes after this number.
    pub after: Option<i64>,
    /// Whether the latest come first.
    pub latest_first: bool,
    /// How many at most.
    pub limit: u64,
}

/// A record of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number.
    pub seq: i64,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What kind of event.
    pub event_type: String,
    /// `success` or `failure`.
    pub outcome: String,
    /// Why it failed.
    pub reason: Option<String>,
    /// Who, by pseudonym.
    pub actor: String,
    /// In what role.
    pub role: String,
    /// Of what organisation.
    pub organisation: Option<String>,
    /// The name of the operation.
    pub operation_name: Option<String>,
    /// What for.
    pub purpose: String,
    /// The client program, as it calls itself.
    pub client: Option<String>,
    /// The network that it came from.
    pub address: Option<String>,
}

impl Store {
    /// The records about an object, in order, for the kenniscentrum.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn audit_trail(
        &self,
        view: &View,
        access: &Access,
        query: &TrailQuery,
    ) -> Result<Result<Vec<Recorded>, Denied>, StoreError> {
        if let Err(denied) = view.scope().read_trail() {
            return Ok(Err(self.deny(view, access, "auditTrail", denied).await));
        }
        self.read_trail(view, access, query, "auditTrail").await.map(Ok)
    }

    /// Who has read or changed the holder's own passport, the latest first; none for others.
    ///
    /// # Errors
    /// When the database does not answer or the read cannot be recorded.
    pub async fn own_trail(
        &self,
        view: &View,
        access: &Access,
        limit: u64,
    ) -> Result<Option<Vec<Recorded>>, StoreError> {
        let Some(id) = view.scope().passport() else { return Ok(None) };
        let query = TrailQuery {
            object_type: "passport",
            object_id: id.0.simple().to_string(),
            from: DateTime::UNIX_EPOCH,
            before: DateTime::<Utc>::MAX_UTC,
            after: None,
            latest_first: true,
            limit,
        };
        self.read_trail(view, access, &query, "own passport").await.map(Some)
    }

    async fn read_trail(
        &self,
        view: &View,
        access: &Access,
        query: &TrailQuery,
        purpose: &'static str,
    ) -> Result<Vec<Recorded>, StoreError> {
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let records = find(&reading.tx, query).await?;
            let object = json!({ "type": query.object_type, "id": query.object_id, "fields": ["auditTrail"] });
            reading.end(&Event::read(view, access, &self.replica, purpose), vec![object]).await?;
            Ok::<_, StoreError>(records)
        };
        let _turn = self.turn().await?;
        self.database.within(read).await
    }
}

async fn find(tx: &DatabaseTransaction, query: &TrailQuery) -> Result<Vec<Recorded>, StoreError> {
    use audit_event::Column;
    let about = audit_object::Entity::find()
        .select_only()
        .column(audit_object::Column::Seq)
        .filter(audit_object::Column::ObjectType.eq(query.object_type))
        .filter(audit_object::Column::ObjectId.eq(&query.object_id));
    let mut found = audit_event::Entity::find()
        .filter(Column::Seq.in_subquery(about.into_query()))
        .filter(Column::OccurredAt.gte(query.from))
        .order_by(Column::Seq, if query.latest_first { Order::Desc } else { Order::Asc })
        .limit(query.limit);
    if query.before < DateTime::<Utc>::MAX_UTC {
        found = found.filter(Column::OccurredAt.lt(query.before));
    }
    if let Some(after) = query.after {
        found = found.filter(Column::Seq.gt(after));
    }
    let records = found.all(tx).await?.into_iter().map(|row| Recorded {
        seq: row.seq,
        occurred_at: row.occurred_at,
        event_type: row.event_type,
        outcome: row.outcome,
        reason: row.reason_code,
        actor: row.actor,
        role: row.actor_role,
        organisation: row.actor_organisation,
        operation_name: row.operation_name,
        purpose: row.purpose,
        client: row.client,
        address: row.address,
    });
    Ok(records.collect())
}
