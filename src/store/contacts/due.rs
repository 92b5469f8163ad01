//! The verification round: which entries are due.

use chrono::NaiveDate;
use entity::contact;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    in_region, rows,
};
use crate::{
    auth::Denied,
    care::{contact::Contact, id::ContactId, vocabulary::ContactStatus},
};

/// Which entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueQuery {
    /// Those that are due on or before this date.
    pub by: NaiveDate,
    /// Only those who work for this region, or a gemeente in it, by code.
    pub region: Option<String>,
    /// Only what comes after this due date and id.
    pub after: Option<(NaiveDate, ContactId)>,
    /// How many to answer at most.
    pub limit: usize,
}

/// A page of entries that are due.
#[derive(Clone, Debug, PartialEq)]
pub struct DuePage {
    /// The entries, those longest due first.
    pub contacts: Vec<Contact>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many there are on all pages.
    pub total: usize,
}

impl Store {
    /// The entries that are due for verification, those longest due first, for the kenniscentrum; the search is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the search cannot be
    /// recorded.
    pub async fn contacts_due(
        &self,
        view: &View,
        access: &Access,
        query: &DueQuery,
    ) -> Result<Result<DuePage, Denied>, StoreError> {
        if let Err(denied) = view.scope().curate_contacts() {
            return Ok(Err(self.deny(view, access, "contactsDue", denied).await));
        }
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let mut due = contact::Entity::find()
                .select_only()
                .column(contact::Column::DueOn)
                .column(contact::Column::Id)
                .filter(contact::Column::Status.ne(ContactStatus::Withdrawn))
                .filter(contact::Column::DueOn.lte(query.by));
            if let Some(region) = &query.region {
                due = due.filter(in_region(view, region));
            }
            let mut found: Vec<(NaiveDate, ContactId)> = due.into_tuple().all(&reading.tx).await?;
            let total = found.len();
            found.retain(|key| query.after.is_none_or(|after| *key > after));
            found.sort_unstable();
            let has_more = found.len() > query.limit;
            let ids: Vec<ContactId> = found.into_iter().take(query.limit).map(|(_, id)| id).collect();
            let contacts = rows::read(&reading.tx, &ids).await?;
            let objects = contacts.iter().map(|contact| rows::object(contact.id)).collect();
            let event = Event { kind: "search", ..Event::read(view, access, &self.replica, "contactsDue") };
            reading.end(&event, objects).await?;
            Ok::<_, StoreError>(DuePage { contacts, has_more, total })
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }
}
