//! Writing what rows make of entries, many at once.

use entity::{contact, contact_change, contact_expertise, contact_gemeente, contact_region};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable, QueryFilter, sea_query::OnConflict,
};
use serde_json::{Value, json};

use super::super::{
    super::{error::StoreError, import::ImportError, write::Author},
    rows::object,
    save::{NewContacts, row, written},
};
use crate::care::{
    contact::Contact,
    id::ContactId,
    vocabulary::{ContactAction, ContactField},
};

/// How many entries a statement changes: each has some twenty values.
const ENTRIES: usize = 1_000;

/// An entry to write.
pub(super) struct Write {
    /// What it is now; none: it is new.
    pub(super) before: Option<Contact>,
    pub(super) next: Contact,
}

/// An entry that was written, for the audit trail: kept small, since there may be a million.
pub(super) struct Saved {
    id: ContactId,
    /// The fields that changed, a bit each in the order of [`ContactField::ALL`]; none: it is new.
    fields: u32,
}

impl Saved {
    /// As the audit trail names it.
    pub(super) fn object(&self) -> Value {
        if self.fields == 0 {
            return object(self.id);
        }
        let fields = ContactField::ALL.iter().enumerate().filter(|(at, _)| self.fields >> at & 1 == 1);
        let fields: Vec<&str> = fields.map(|(_, field)| field.code()).collect();
        json!({ "type": "contact", "id": self.id.0.simple().to_string(), "fields": fields })
    }
}

/// Writes entries, each with what changed in it.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    writes: Vec<Write>,
    by: &Author<'_>,
) -> Result<Vec<Saved>, ImportError> {
    let mut rest = NewContacts::default();
    let mut rows = Vec::new();
    let mut cleared: [Vec<ContactId>; 3] = Default::default();
    let mut saved = Vec::with_capacity(writes.len());
    for Write { before, next } in writes {
        let Some(before) = before else {
            rest.add(&next, ContactAction::Import, by.now, &by.name)?;
            saved.push(Saved { id: next.id, fields: 0 });
            continue;
        };
        let lists =
            [before.expertise != next.expertise, before.gemeenten != next.gemeenten, before.regions != next.regions];
        for (cleared, _) in cleared.iter_mut().zip(lists).filter(|(_, changed)| *changed) {
            cleared.push(next.id);
        }
        rest.add_lists(&next, lists);
        let differences = Contact::differences(Some(&before), &next);
        rest.changes.push(contact_change::Model {
            contact_id: next.id,
            version: next.version,
            action: ContactAction::Import,
            fields: written(&differences)?,
            changed_at: by.now,
            changed_by: by.name.clone(),
        });
        let bits = ContactField::ALL.iter().enumerate();
        let bits = bits.filter(|(_, field)| differences.iter().any(|one| one.field == **field));
        saved.push(Saved { id: next.id, fields: bits.fold(0, |fields, (at, _)| fields | 1 << at) });
        rows.push(row(&next, by.now, &by.name));
    }
    let [expertise, gemeenten, regions] = cleared;
    contact_expertise::Entity::delete_many()
        .filter(contact_expertise::Column::ContactId.is_in(expertise))
        .exec(tx)
        .await?;
    contact_gemeente::Entity::delete_many()
        .filter(contact_gemeente::Column::ContactId.is_in(gemeenten))
        .exec(tx)
        .await?;
    contact_region::Entity::delete_many().filter(contact_region::Column::ContactId.is_in(regions)).exec(tx).await?;
    replace(tx, rows).await?;
    rest.write(tx).await.map_err(|error| match error {
        StoreError::Database(error) | StoreError::Unavailable(error) => ImportError::from(error),
        other => other.into(),
    })?;
    Ok(saved)
}

/// Puts rows in the place of those with the same ids: all of them are there, and held.
async fn replace(tx: &DatabaseTransaction, rows: Vec<contact::Model>) -> Result<(), ImportError> {
    let others = contact::Column::iter().filter(|column| !matches!(column, contact::Column::Id));
    let replacing = OnConflict::column(contact::Column::Id).update_columns(others).to_owned();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(ENTRIES).collect();
        contact::Entity::insert_many(some).on_conflict(replacing.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}
