//! How entries change.

use std::collections::HashMap;

use entity::{contact, contact_apart, contact_change};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{
        super::write::{Author, Done, Write, WriteError},
        rows,
        save::{
            NewContacts, changed, not_written, read, release, release_together, taken, taken_together,
            verified_together,
        },
    },
    AddContact, ChangeContact, ConfirmContacts, Confirmed, ContactChanged, ContactStep, Failed, KeepApart,
    MergeContacts, Seen,
};
use crate::auth::{Denied, Scope};
use crate::care::{
    calendar::dutch_date,
    contact::{Contact, rules::ContactError},
    id::ContactId,
    vocabulary::ContactAction,
};

impl Write for AddContact {
    const NAME: &'static str = "addContact";
    type Answer = ContactChanged;
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ContactChanged>, Failed> {
        let id = ContactId(Uuid::now_v7());
        let contact = Contact::drafted(id, &self.statement, dutch_date(by.now)).map_err(WriteError::Refused)?;
        let mut new = NewContacts::default();
        new.add(&contact, ContactAction::Create, by.now, &by.name)?;
        new.write(tx).await.map_err(not_written)?;
        Ok(Done::created(ContactChanged { id, version: contact.version }, vec![rows::object(id)]))
    }
}

impl Write for ChangeContact {
    const NAME: &'static str = "changeContact";
    type Answer = ContactChanged;
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    fn purpose(&self) -> &'static str {
        match self.step {
            ContactStep::Edit(_) => "editContact",
            ContactStep::Publish(_) => "publishContact",
            ContactStep::Withdraw(_) => "withdrawContact",
            ContactStep::Undo => "undoContact",
        }
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ContactChanged>, Failed> {
        let before = taken(tx, self.seen.id, Some(self.seen.version)).await?;
        let today = dutch_date(by.now);
        let (next, action) = match &self.step {
            ContactStep::Edit(statement) => (before.edited(statement), ContactAction::Edit),
            ContactStep::Publish(consent) => (before.published(consent.clone(), today), ContactAction::Publish),
            ContactStep::Withdraw(reason) => (before.withdrawn(*reason, today), ContactAction::Withdraw),
            ContactStep::Undo => return undo(tx, &before, by).await,
        };
        let next = next.map_err(WriteError::Refused)?;
        let object = changed(tx, &before, &next, action, by).await.map_err(not_written)?;
        Ok(Done::updated(ContactChanged { id: next.id, version: next.version }, vec![object]))
    }
}

/// Takes back the last change of an entry that was taken.
async fn undo(tx: &DatabaseTransaction, now: &Contact, by: &Author<'_>) -> Result<Done<ContactChanged>, Failed> {
    let refused = || WriteError::Refused(ContactError::NotUndone);
    let last = change_of(tx, now.id, now.version - 1).await?.ok_or_else(refused)?;
    let answer = ContactChanged { id: now.id, version: now.version };
    if last.action == ContactAction::Merge {
        return Ok(Done::updated(answer, part(tx, now, last, by).await?));
    }
    // Undone again, a merge that was taken back would be one of half.
    let before_last = change_of(tx, now.id, now.version - 2).await?;
    let parted = before_last.is_some_and(|before| before.action == ContactAction::Merge);
    if last.action == ContactAction::Undo && parted {
        return Err(refused());
    }
    let next = now.undone(last.action, &read(last.fields)?, dutch_date(by.now)).map_err(WriteError::Refused)?;
    let object = changed(tx, now, &next, ContactAction::Undo, by).await.map_err(not_written)?;
    Ok(Done::updated(answer, vec![object]))
}

async fn change_of(
    tx: &DatabaseTransaction,
    id: ContactId,
    version: i32,
) -> Result<Option<contact_change::Model>, Failed> {
    Ok(contact_change::Entity::find_by_id((id, version)).one(tx).await?)
}

/// Takes back a merge, on both sides: only while it is the last change of both.
async fn part(
    tx: &DatabaseTransaction,
    now: &Contact,
    last: contact_change::Model,
    by: &Author<'_>,
) -> Result<Vec<Value>, Failed> {
    let refused = || WriteError::Refused(ContactError::NotUndone);
    let mut partners: Vec<ContactId> = now.merged_into.into_iter().collect();
    if partners.is_empty() {
        let into = contact::Entity::find().select_only().column(contact::Column::Id);
        partners = into.filter(contact::Column::MergedInto.eq(now.id)).into_tuple().all(tx).await?;
    }
    for partner in partners {
        let other = taken(tx, partner, None).await?;
        let merge = change_of(tx, partner, other.version - 1).await?;
        // One merge made both changes, at one moment.
        let same = merge.filter(|merge| merge.action == ContactAction::Merge && merge.changed_at == last.changed_at);
        let Some(merge) = same else {
            release(tx, partner).await?;
            continue;
        };
        let (one, two) = (now.parted(&read(last.fields)?), other.parted(&read(merge.fields)?));
        let (one, two) = (one.map_err(WriteError::Refused)?, two.map_err(WriteError::Refused)?);
        // The one that went on lets go of an external id before the other has it again.
        let mut pairs = [(now, one), (&other, two)];
        pairs.sort_by_key(|(before, _)| before.merged_into.is_some());
        let mut objects = Vec::with_capacity(2);
        for (before, next) in &pairs {
            objects.push(changed(tx, before, next, ContactAction::Undo, by).await.map_err(not_written)?);
        }
        return Ok(objects);
    }
    Err(refused())
}

impl Write for ConfirmContacts {
    const NAME: &'static str = "confirmContacts";
    type Answer = Confirmed;
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Confirmed>, Failed> {
        let ids: Vec<ContactId> = self.seen.iter().map(|one| one.id).collect();
        let found = taken_together(tx, &ids).await?;
        if found.len() != ids.len() {
            return Err(WriteError::Unknown);
        }
        let seen: HashMap<ContactId, i32> = self.seen.iter().map(|one| (one.id, one.version)).collect();
        let mut done = Confirmed { confirmed: Vec::new(), changed: Vec::new() };
        let mut verified = Vec::new();
        for before in found {
            let (id, version) = (before.id, before.version - 1);
            match before.verified(by.now) {
                Ok(next) if seen.get(&id) == Some(&version) => {
                    done.confirmed.push(Seen { id, version: next.version });
                    verified.push((before, next));
                }
                _ => done.changed.push(Seen { id, version }),
            }
        }
        let left: Vec<ContactId> = done.changed.iter().map(|one| one.id).collect();
        release_together(tx, &left).await?;
        let objects = verified_together(tx, &verified, by).await?;
        Ok(Done::updated(done, objects))
    }
}

impl Write for MergeContacts {
    const NAME: &'static str = "mergeContacts";
    type Answer = ContactChanged;
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ContactChanged>, Failed> {
        if self.keep.id == self.other.id {
            return Err(WriteError::Refused(ContactError::Same));
        }
        let mut both = [self.keep, self.other];
        both.sort_unstable_by_key(|one| one.id);
        for one in both {
            taken::<ContactError>(tx, one.id, Some(one.version)).await?;
        }
        let mut read = rows::read(tx, &[self.keep.id, self.other.id]).await?.into_iter();
        let (Some(keep), Some(other)) = (read.next(), read.next()) else { return Err(WriteError::Unknown) };
        let merged = keep.merged(&other, &self.take, dutch_date(by.now));
        let (kept, ended) = merged.map_err(WriteError::Refused)?;
        // The one that ends first: an external id is of one entry at a time.
        let objects = vec![
            changed(tx, &other, &ended, ContactAction::Merge, by).await.map_err(not_written)?,
            changed(tx, &keep, &kept, ContactAction::Merge, by).await.map_err(not_written)?,
        ];
        Ok(Done::updated(ContactChanged { id: kept.id, version: kept.version }, objects))
    }
}

impl Write for KeepApart {
    const NAME: &'static str = "keepContactsApart";
    type Answer = ();
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<()>, Failed> {
        if self.first == self.second {
            return Err(WriteError::Refused(ContactError::Same));
        }
        let (first_id, second_id) = (self.first.min(self.second), self.first.max(self.second));
        for id in [first_id, second_id] {
            taken::<ContactError>(tx, id, None).await?;
            release(tx, id).await?;
        }
        let row = contact_apart::Model { first_id, second_id, said_at: by.now, said_by: by.name.clone() };
        let key = [contact_apart::Column::FirstId, contact_apart::Column::SecondId];
        contact_apart::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns(key)
                    .update_columns([contact_apart::Column::SaidAt, contact_apart::Column::SaidBy])
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        Ok(Done::updated((), vec![rows::object(first_id), rows::object(second_id)]))
    }
}
