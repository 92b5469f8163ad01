//! Writing entries, each with what changed in it.

use chrono::{DateTime, Utc};
use entity::{contact, contact_change, contact_expertise, contact_gemeente, contact_region};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, SqlErr,
    sea_query::{Expr, ExprTrait},
};
use serde_json::{Value, json};

use super::{
    super::{
        error::StoreError,
        insert::insert,
        write::{Author, WriteError},
    },
    rows,
};
use crate::care::{
    contact::{Contact, change::Difference, rules::ContactError},
    id::ContactId,
    vocabulary::ContactAction,
};

/// Entries that are not written yet.
#[derive(Default)]
pub(in crate::store) struct NewContacts {
    contacts: Vec<contact::Model>,
    expertise: Vec<contact_expertise::Model>,
    gemeenten: Vec<contact_gemeente::Model>,
    regions: Vec<contact_region::Model>,
    pub(super) changes: Vec<contact_change::Model>,
}

impl NewContacts {
    /// Adds an entry that somebody has made.
    pub(in crate::store) fn add(
        &mut self,
        contact: &Contact,
        action: ContactAction,
        at: DateTime<Utc>,
        by: &str,
    ) -> Result<(), StoreError> {
        self.contacts.push(row(contact, at, by));
        self.add_lists(contact, [true; 3]);
        self.changes.push(change(None, contact, action, at, by)?);
        Ok(())
    }

    /// Adds those lists of an entry of which `which` says so: expertise, gemeenten, regions.
    pub(super) fn add_lists(&mut self, contact: &Contact, which: [bool; 3]) {
        let contact_id = contact.id;
        let [expertise, gemeenten, regions] = which;
        let some = |list: &Vec<String>, wanted: bool| if wanted { list.clone() } else { Vec::new() };
        let words = some(&contact.expertise, expertise).into_iter();
        self.expertise.extend(words.map(|expertise| contact_expertise::Model { contact_id, expertise }));
        let codes = some(&contact.gemeenten, gemeenten).into_iter();
        self.gemeenten.extend(codes.map(|gemeente_code| contact_gemeente::Model { contact_id, gemeente_code }));
        let codes = some(&contact.regions, regions).into_iter();
        self.regions.extend(codes.map(|region_code| contact_region::Model { contact_id, region_code }));
    }

    /// Writes them all.
    pub(in crate::store) async fn write(self, tx: &DatabaseTransaction) -> Result<(), StoreError> {
        insert::<contact::Entity>(tx, self.contacts).await?;
        insert::<contact_expertise::Entity>(tx, self.expertise).await?;
        insert::<contact_gemeente::Entity>(tx, self.gemeenten).await?;
        insert::<contact_region::Entity>(tx, self.regions).await?;
        insert::<contact_change::Entity>(tx, self.changes).await
    }
}

/// Takes an entry for this transaction: its version is one higher in what is answered, and in the row.
pub(super) async fn taken<R>(
    tx: &DatabaseTransaction,
    id: ContactId,
    expected: Option<i32>,
) -> Result<Contact, WriteError<R>> {
    contact::Entity::update_many()
        .col_expr(contact::Column::Version, Expr::col(contact::Column::Version).add(1))
        .filter(contact::Column::Id.eq(id))
        .exec(tx)
        .await?;
    let contact = rows::one(tx, id).await?.ok_or(WriteError::Unknown)?;
    let before = contact.version - 1;
    match expected {
        Some(expected) if expected != before => Err(WriteError::Conflict { version: before }),
        _ => Ok(contact),
    }
}

/// Why an entry could not be written: the external id is the one thing that no two of them share.
pub(super) fn not_written(error: StoreError) -> WriteError<ContactError> {
    match error {
        StoreError::Database(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            WriteError::Refused(ContactError::ExternalId)
        }
        error => WriteError::Store(error),
    }
}

/// Takes entries for this transaction as [`taken`] does, all at once; those that are there, in the order of id.
pub(super) async fn taken_together(tx: &DatabaseTransaction, ids: &[ContactId]) -> Result<Vec<Contact>, StoreError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    contact::Entity::update_many()
        .col_expr(contact::Column::Version, Expr::col(contact::Column::Version).add(1))
        .filter(contact::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    rows::read(tx, &ids).await
}

/// Lets go of an entry that was taken and is not changed.
pub(super) async fn release(tx: &DatabaseTransaction, id: ContactId) -> Result<(), StoreError> {
    release_together(tx, &[id]).await
}

/// Lets go of entries that were taken and are not changed.
pub(super) async fn release_together(tx: &DatabaseTransaction, ids: &[ContactId]) -> Result<(), StoreError> {
    contact::Entity::update_many()
        .col_expr(contact::Column::Version, Expr::col(contact::Column::Version).sub(1))
        .filter(contact::Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Writes entries that were taken and verified at one moment, before and after.
pub(super) async fn verified_together(
    tx: &DatabaseTransaction,
    verified: &[(Contact, Contact)],
    by: &Author<'_>,
) -> Result<Vec<Value>, StoreError> {
    let Some((_, first)) = verified.first() else { return Ok(Vec::new()) };
    contact::Entity::update_many()
        .col_expr(contact::Column::VerifiedAt, Expr::value(first.verified_at))
        .col_expr(contact::Column::DueOn, Expr::value(first.due_on))
        .col_expr(contact::Column::UpdatedAt, Expr::value(by.now))
        .col_expr(contact::Column::UpdatedBy, Expr::value(by.name.as_str()))
        .filter(contact::Column::Id.is_in(verified.iter().map(|(_, next)| next.id)))
        .exec(tx)
        .await?;
    let changes = verified
        .iter()
        .map(|(before, next)| change(Some(before), next, ContactAction::Verify, by.now, &by.name))
        .collect::<Result<Vec<_>, _>>()?;
    insert::<contact_change::Entity>(tx, changes).await?;
    Ok(verified.iter().map(|(before, next)| object(before, next)).collect())
}

/// An entry that changed, as the audit trail names it.
fn object(before: &Contact, next: &Contact) -> Value {
    let fields = Contact::differences(Some(before), next).into_iter().map(|one| one.field.code());
    json!({ "type": "contact", "id": next.id.0.simple().to_string(), "fields": fields.collect::<Vec<_>>() })
}

/// Writes an entry that was taken, as it is now.
pub(super) async fn changed(
    tx: &DatabaseTransaction,
    before: &Contact,
    next: &Contact,
    action: ContactAction,
    by: &Author<'_>,
) -> Result<Value, StoreError> {
    let id = next.id;
    let lists =
        [before.expertise != next.expertise, before.gemeenten != next.gemeenten, before.regions != next.regions];
    if lists[0] {
        let of = contact_expertise::Column::ContactId.eq(id);
        contact_expertise::Entity::delete_many().filter(of).exec(tx).await?;
    }
    if lists[1] {
        contact_gemeente::Entity::delete_many().filter(contact_gemeente::Column::ContactId.eq(id)).exec(tx).await?;
    }
    if lists[2] {
        contact_region::Entity::delete_many().filter(contact_region::Column::ContactId.eq(id)).exec(tx).await?;
    }
    row(next, by.now, &by.name).into_active_model().reset_all().update(tx).await?;
    let change = change(Some(before), next, action, by.now, &by.name)?;
    let mut rest = NewContacts { changes: vec![change], ..NewContacts::default() };
    rest.add_lists(next, lists);
    rest.write(tx).await?;
    Ok(object(before, next))
}

/// What changed in an entry, as its history keeps it.
fn change(
    before: Option<&Contact>,
    next: &Contact,
    action: ContactAction,
    at: DateTime<Utc>,
    by: &str,
) -> Result<contact_change::Model, StoreError> {
    Ok(contact_change::Model {
        contact_id: next.id,
        version: next.version,
        action,
        fields: written(&Contact::differences(before, next))?,
        changed_at: at,
        changed_by: by.to_owned(),
    })
}

/// Differences as a column holds them.
pub(super) fn written(differences: &[Difference]) -> Result<Value, StoreError> {
    serde_json::to_value(differences).map_err(|_| unreadable())
}

/// Differences as a column held them.
pub(super) fn read(fields: Value) -> Result<Vec<Difference>, StoreError> {
    serde_json::from_value(fields).map_err(|_| unreadable())
}

/// A change that cannot be read; what it holds belongs in no log.
pub(super) fn unreadable() -> StoreError {
    StoreError::Corrupt("a change of a contact cannot be read".into())
}

/// An entry as its row.
pub(super) fn row(contact: &Contact, at: DateTime<Utc>, by: &str) -> contact::Model {
    let (consent_on, consent_source) = contact.consent.clone().map(|consent| (consent.on, consent.source)).unzip();
    let (withdrawn_on, withdrawal_reason) = contact.withdrawal.as_ref().map(|one| (one.on, one.reason)).unzip();
    contact::Model {
        id: contact.id,
        external_id: contact.external_id.clone(),
        name: contact.name.clone(),
        function: contact.function.clone(),
        organisation: contact.organisation.clone(),
        organisation_kind: contact.organisation_kind,
        provider_id: contact.provider_id,
        location_id: contact.location_id,
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        work_pc4: contact.work_pc4.map(|pc4| pc4.to_string()),
        work_city: contact.work_city.clone(),
        status: contact.status,
        consent_on,
        consent_source,
        verified_at: contact.verified_at,
        due_on: contact.due_on,
        withdrawn_on,
        withdrawal_reason,
        merged_into: contact.merged_into,
        version: contact.version,
        updated_at: at,
        updated_by: by.to_owned(),
    }
}
