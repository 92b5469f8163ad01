//! What an entry was, and who has changed what, for the kenniscentrum.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{contact, contact_change};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    rows,
    save::{read, unreadable},
};
use crate::{
    auth::Denied,
    care::{
        contact::{Contact, change::Difference},
        id::{ContactId, ProviderId},
        vocabulary::ContactAction,
    },
};

/// A change of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEntry {
    /// The entry: the one that was asked about, or one that was merged into it.
    pub contact: ContactId,
    /// The provider that the person works at now; none: none on the map.
    pub provider: Option<ProviderId>,
    /// The version that this made.
    pub version: i32,
    /// What was done.
    pub action: ContactAction,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: role and pseudonym.
    pub by: String,
    /// What changed.
    pub fields: Vec<Difference>,
}

/// A page of the history of an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactHistory {
    /// The changes, the latest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Store {
    /// The changes of an entry and of those that were merged into it, the latest first, after the one with an instant, an
    /// id and a version, for the kenniscentrum; the read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn contact_history(
        &self,
        view: &View,
        access: &Access,
        id: ContactId,
        after: Option<(DateTime<Utc>, ContactId, i32)>,
        limit: usize,
    ) -> Result<Result<ContactHistory, Denied>, StoreError> {
        if let Err(denied) = view.scope().curate_contacts() {
            return Ok(Err(self.deny(view, access, "contactHistory", denied).await));
        }
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let mut entries = history(&reading.tx, id).await?;
            let key = |entry: &HistoryEntry| (entry.at, entry.contact, entry.version);
            entries.retain(|entry| after.is_none_or(|after| key(entry) < after));
            let has_more = entries.len() > limit;
            entries.truncate(limit);
            // The one that was asked for, and every one whose history is shown.
            let shown: BTreeSet<ContactId> = entries.iter().map(|entry| entry.contact).chain([id]).collect();
            let object =
                |id: ContactId| json!({ "type": "contact", "id": id.0.simple().to_string(), "fields": ["history"] });
            let event = Event::read(view, access, &self.replica, "contactHistory");
            reading.end(&event, shown.into_iter().map(object).collect()).await?;
            Ok::<_, StoreError>(ContactHistory { entries, has_more })
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }

    /// An entry as it was with a version, for the kenniscentrum; none where there was no such version, or it is from before
    /// changes were kept. The read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn contact_version(
        &self,
        view: &View,
        access: &Access,
        id: ContactId,
        version: i32,
    ) -> Result<Result<Option<Contact>, Denied>, StoreError> {
        if let Err(denied) = view.scope().curate_contacts() {
            return Ok(Err(self.deny(view, access, "contactVersion", denied).await));
        }
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let contact = as_of(&reading.tx, id, version).await?;
            let objects = contact.iter().map(|contact| rows::object(contact.id)).collect();
            reading.end(&Event::read(view, access, &self.replica, "contactVersion"), objects).await?;
            Ok::<_, StoreError>(contact)
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }
}

/// All changes of an entry and of those that were merged into it, the latest first.
pub(super) async fn history(tx: &DatabaseTransaction, id: ContactId) -> Result<Vec<HistoryEntry>, StoreError> {
    let mut all = vec![id];
    let mut last = vec![id];
    while !last.is_empty() {
        last = contact::Entity::find()
            .select_only()
            .column(contact::Column::Id)
            .filter(contact::Column::MergedInto.is_in(last))
            .filter(contact::Column::Id.is_not_in(all.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        all.extend(&last);
    }
    let providers: HashMap<ContactId, Option<ProviderId>> = contact::Entity::find()
        .select_only()
        .columns([contact::Column::Id, contact::Column::ProviderId])
        .filter(contact::Column::Id.is_in(all.iter().copied()))
        .into_tuple::<(ContactId, Option<ProviderId>)>()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let rows = contact_change::Entity::find().filter(contact_change::Column::ContactId.is_in(all)).all(tx).await?;
    let mut entries = rows.into_iter().map(|row| entry(row, &providers)).collect::<Result<Vec<_>, _>>()?;
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.at, entry.contact, entry.version)));
    Ok(entries)
}

fn entry(
    row: contact_change::Model,
    providers: &HashMap<ContactId, Option<ProviderId>>,
) -> Result<HistoryEntry, StoreError> {
    Ok(HistoryEntry {
        contact: row.contact_id,
        provider: providers.get(&row.contact_id).copied().flatten(),
        version: row.version,
        action: row.action,
        at: row.changed_at,
        by: row.changed_by,
        fields: read(row.fields)?,
    })
}

async fn as_of(tx: &DatabaseTransaction, id: ContactId, version: i32) -> Result<Option<Contact>, StoreError> {
    let Some(now) = rows::one(tx, id).await?.filter(|now| (1..=now.version).contains(&version)) else {
        return Ok(None);
    };
    let since = contact_change::Entity::find()
        .filter(contact_change::Column::ContactId.eq(id))
        .filter(contact_change::Column::Version.gt(version))
        .order_by_desc(contact_change::Column::Version)
        .all(tx)
        .await?;
    if i32::try_from(since.len()) != Ok(now.version - version) {
        return Ok(None);
    }
    let since = since.into_iter().map(|row| read(row.fields)).collect::<Result<Vec<_>, _>>()?;
    let then = now.before(since.iter().map(Vec::as_slice)).map_err(|_| unreadable())?;
    Ok(Some(Contact { version, ..then }))
}
