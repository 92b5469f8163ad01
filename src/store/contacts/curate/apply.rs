//! How entries change.

use entity::{contact_apart, contact_change};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel, sea_query::OnConflict};
use uuid::Uuid;

use super::{
    super::{
        super::write::{Author, Done, Write, WriteError},
        rows,
        save::{NewContacts, changed, check_external_id, read, release, taken},
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
        check_external_id(tx, &contact).await?;
        let mut new = NewContacts::default();
        new.add(&contact, ContactAction::Create, by.now, &by.name)?;
        new.write(tx).await?;
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

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<ContactChanged>, Failed> {
        let Seen { id, version } = self.seen;
        let before = taken(tx, id, Some(version)).await?;
        let today = dutch_date(by.now);
        let (next, action) = match &self.step {
            ContactStep::Edit(statement) => (before.edited(statement), ContactAction::Edit),
            ContactStep::Publish(consent) => (before.published(consent.clone(), today), ContactAction::Publish),
            ContactStep::Withdraw(reason) => (before.withdrawn(*reason, today), ContactAction::Withdraw),
            ContactStep::Undo => {
                let last = contact_change::Entity::find_by_id((id, version)).one(tx).await?;
                let last = last.ok_or(WriteError::Refused(ContactError::NotUndone))?;
                (before.undone(last.action, &read(last.fields)?), ContactAction::Undo)
            }
        };
        let next = next.map_err(WriteError::Refused)?;
        check_external_id(tx, &next).await?;
        let object = changed(tx, &before, &next, action, by).await?;
        Ok(Done::updated(ContactChanged { id, version: next.version }, vec![object]))
    }
}

impl Write for ConfirmContacts {
    const NAME: &'static str = "confirmContacts";
    type Answer = Confirmed;
    type Refusal = ContactError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Confirmed>, Failed> {
        let mut done = Confirmed { confirmed: Vec::new(), changed: Vec::new() };
        let mut objects = Vec::new();
        // In one order for all, so that two rounds at once do not wait for each other.
        let mut seen = self.seen.clone();
        seen.sort_unstable_by_key(|one| one.id);
        for Seen { id, version } in seen {
            let before = taken(tx, id, None).await?;
            match before.verified(by.now) {
                Ok(next) if before.version == version + 1 => {
                    objects.push(changed(tx, &before, &next, ContactAction::Verify, by).await?);
                    done.confirmed.push(Seen { id, version: next.version });
                }
                _ => {
                    release(tx, id).await?;
                    done.changed.push(Seen { id, version: before.version - 1 });
                }
            }
        }
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
            changed(tx, &other, &ended, ContactAction::Merge, by).await?,
            changed(tx, &keep, &kept, ContactAction::Merge, by).await?,
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
            .on_conflict(OnConflict::columns(key).update_column(contact_apart::Column::SaidAt).to_owned())
            .exec_without_returning(tx)
            .await?;
        Ok(Done::updated((), vec![rows::object(first_id), rows::object(second_id)]))
    }
}
