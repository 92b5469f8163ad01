//! The contactenbestand as a file, for the kenniscentrum.
//!
//! A batch after the other in the order of id, each read in a transaction of its own together with its record in the audit trail:
//! nothing goes out that is not recorded, and a client that reads slowly holds no transaction. So the file is not of one moment: an
//! entry that changes meanwhile is in it as it was before or after.

use entity::contact;
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    super::{
        SharedStore, Store, View,
        audit::{self, Access, Event},
        error::StoreError,
    },
    rows,
};
use crate::{
    auth::Denied,
    care::{
        contact::{Contact, file},
        id::ContactId,
    },
};

/// What the audit trail says it was for.
const PURPOSE: &str = "exportContacts";
/// How many entries a batch has.
const ENTRIES: u64 = 1_000;

/// An export that goes on.
pub struct Exporting {
    store: SharedStore,
    view: View,
    access: Access,
    last: Option<ContactId>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Entries,
    Ended,
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "contact::Entity")]
struct Key {
    id: ContactId,
}

impl Exporting {
    /// Begins an export of all entries; a refusal is recorded.
    ///
    /// # Errors
    /// When the requester may not.
    pub async fn begin(store: SharedStore, view: View, access: Access) -> Result<Self, Denied> {
        store.may_curate_contacts(&view, &access, PURPOSE).await?;
        Ok(Self { store, view, access, last: None, state: State::Header })
    }

    /// The next part of the file; none: that was all.
    ///
    /// # Errors
    /// When the database does not answer, or the export cannot be recorded.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if self.state == State::Ended {
            return Ok(None);
        }
        let contacts = self.store.export_some(&self.view, &self.access, self.last).await?;
        let mut file = csv::Writer::from_writer(Vec::new());
        let mut written = Ok(());
        if self.state == State::Header {
            written = file.write_record(file::header());
        }
        for contact in &contacts {
            written = written.and_then(|()| file.write_record(file::cells(contact, self.view.map())));
        }
        let ended = (contacts.len() as u64) < ENTRIES;
        self.state = if ended { State::Ended } else { State::Entries };
        self.last = contacts.last().map(|contact| contact.id);
        let corrupt = |error: String| StoreError::Corrupt(error);
        written.map_err(|error| corrupt(error.to_string()))?;
        file.into_inner().map(Some).map_err(|error| corrupt(error.to_string()))
    }
}

impl Store {
    /// The entries that come after one, and their record.
    async fn export_some(
        &self,
        view: &View,
        access: &Access,
        after: Option<ContactId>,
    ) -> Result<Vec<Contact>, StoreError> {
        let _turn = self.turn().await?;
        let reading = async {
            let tx = self.database.begin().await?;
            let head = audit::lock(&tx).await.map_err(audit::unrecorded)?;
            let mut select = contact::Entity::find().order_by_asc(contact::Column::Id).limit(ENTRIES);
            if let Some(after) = after {
                select = select.filter(contact::Column::Id.gt(after));
            }
            let keys = select.into_partial_model::<Key>().all(&tx).await?;
            let ids: Vec<ContactId> = keys.into_iter().map(|key| key.id).collect();
            let contacts = rows::read(&tx, &ids).await?;
            let event = Event { kind: "export", ..Event::read(view, access, &self.replica, PURPOSE) };
            let objects = ids.into_iter().map(rows::object).collect();
            audit::record(&tx, head, &event, objects).await.map_err(audit::unrecorded)?;
            tx.commit().await?;
            Ok(contacts)
        };
        self.database.within(reading).await
    }
}
