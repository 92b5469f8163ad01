//! Entries that may be about one person, for the kenniscentrum.

use std::collections::{BTreeSet, HashMap};

use entity::{contact, contact_apart};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter};

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        blocking,
        error::StoreError,
    },
    rows,
};
use crate::{
    auth::Denied,
    care::{
        contact::{
            Contact,
            duplicates::{Compared, Pair, pairs},
        },
        id::ContactId,
        vocabulary::{ContactField, ContactStatus},
    },
};

/// Two entries that may be about one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// How likely it is, 0 to 1.
    pub score: f64,
    /// The fields that agree.
    pub agreeing: Vec<ContactField>,
    /// The one with the lower id.
    pub first: Contact,
    /// The other.
    pub second: Contact,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicatePage {
    /// The pairs, the likeliest first.
    pub duplicates: Vec<Duplicate>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many there are on all pages.
    pub total: usize,
}

/// What is compared of an entry.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "contact::Entity")]
struct Row {
    id: ContactId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    organisation: String,
    work_pc4: Option<String>,
}

impl Store {
    /// Pairs of entries that are not withdrawn and may be about one person, the likeliest first, after the one with a score
    /// and two ids, for the kenniscentrum; the search is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the search cannot be
    /// recorded.
    pub async fn contact_duplicates(
        &self,
        view: &View,
        access: &Access,
        after: Option<(f64, ContactId, ContactId)>,
        limit: usize,
    ) -> Result<Result<DuplicatePage, Denied>, StoreError> {
        if let Err(denied) = view.scope().curate_contacts() {
            return Ok(Err(self.deny(view, access, "contactDuplicates", denied).await));
        }
        // Found before anybody waits for the trail: comparing takes a while.
        let mut found = self.likely_pairs().await?;
        let total = found.len();
        let later = |pair: &Pair, (score, first, second): (f64, ContactId, ContactId)| {
            score.total_cmp(&pair.score).then((pair.first, pair.second).cmp(&(first, second))).is_gt()
        };
        found.retain(|pair| after.is_none_or(|after| later(pair, after)));
        let has_more = found.len() > limit;
        found.truncate(limit);
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let ids: BTreeSet<ContactId> = found.iter().flat_map(|pair| [pair.first, pair.second]).collect();
            let entries = rows::read(&reading.tx, &ids.into_iter().collect::<Vec<_>>()).await?;
            let entries: HashMap<ContactId, Contact> = entries.into_iter().map(|entry| (entry.id, entry)).collect();
            // One that was erased in the meantime is no duplicate.
            let both = found.into_iter().filter_map(|Pair { first, second, score, agreeing }| {
                let (first, second) = (entries.get(&first)?.clone(), entries.get(&second)?.clone());
                Some(Duplicate { score, agreeing, first, second })
            });
            let duplicates: Vec<Duplicate> = both.collect();
            let shown: BTreeSet<ContactId> = duplicates.iter().flat_map(|one| [one.first.id, one.second.id]).collect();
            let event = Event { kind: "search", ..Event::read(view, access, &self.replica, "contactDuplicates") };
            reading.end(&event, shown.into_iter().map(rows::object).collect()).await?;
            Ok::<_, StoreError>(DuplicatePage { duplicates, has_more, total })
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }

    async fn likely_pairs(&self) -> Result<Vec<Pair>, StoreError> {
        let read = async {
            let connection = self.database.connection();
            let entries = contact::Entity::find()
                .filter(contact::Column::Status.ne(ContactStatus::Withdrawn))
                .into_partial_model::<Row>()
                .all(&*connection)
                .await?;
            let apart = contact_apart::Entity::find().all(&*connection).await?;
            Ok::<_, StoreError>((entries, apart))
        };
        let (entries, apart) = self.database.within(read).await?;
        blocking(move || {
            let apart = apart.into_iter().map(|row| (row.first_id, row.second_id)).collect();
            let compared = |row: Row| {
                let [email, phone, pc4] = [&row.email, &row.phone, &row.work_pc4].map(Option::as_deref);
                (row.id, Compared::new(&row.name, email, phone, &row.organisation, pc4))
            };
            pairs(&entries.into_iter().map(compared).collect::<Vec<_>>(), &apart)
        })
        .await
    }
}
