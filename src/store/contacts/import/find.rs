//! The entries that rows are about.

use std::collections::HashMap;

use entity::contact;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::super::{super::error::StoreError, rows};
use crate::care::{
    contact::{Contact, file::Asked},
    id::ContactId,
};

/// The entries that some rows name.
pub(super) struct Found {
    contacts: HashMap<ContactId, Contact>,
    by_external_id: HashMap<String, ContactId>,
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "contact::Entity")]
struct Key {
    id: ContactId,
}

/// Reads the entries that rows name; with `hold`, nobody changes them before this transaction ends.
pub(super) async fn find(tx: &DatabaseTransaction, asked: &[Asked], hold: bool) -> Result<Found, StoreError> {
    let ids: Vec<ContactId> = asked.iter().filter_map(|row| row.id).collect();
    let external_ids: Vec<&str> = asked.iter().filter_map(|row| row.external_id.as_deref()).collect();
    // An empty list says "never", with which `SQLite` looks at the whole table.
    let named = Condition::any()
        .add_option((!ids.is_empty()).then(|| contact::Column::Id.is_in(ids)))
        .add_option((!external_ids.is_empty()).then(|| contact::Column::ExternalId.is_in(external_ids)));
    if named.is_empty() {
        return Ok(Found { contacts: HashMap::new(), by_external_id: HashMap::new() });
    }
    let mut select = contact::Entity::find().filter(named).order_by_asc(contact::Column::Id);
    if hold {
        select = select.lock_exclusive();
    }
    let keys = select.into_partial_model::<Key>().all(tx).await?;
    let ids: Vec<ContactId> = keys.into_iter().map(|key| key.id).collect();
    let contacts = rows::read(tx, &ids).await?;
    let by_external_id = contacts.iter().filter_map(|one| Some((one.external_id.clone()?, one.id))).collect();
    Ok(Found { contacts: contacts.into_iter().map(|one| (one.id, one)).collect(), by_external_id })
}

impl Found {
    /// The entry with an id.
    pub(super) fn with_id(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.get(&id)
    }

    /// The entry with an external id.
    pub(super) fn with_external_id(&self, external_id: &str) -> Option<&Contact> {
        self.with_id(*self.by_external_id.get(external_id)?)
    }
}
