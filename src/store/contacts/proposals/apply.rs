//! Making and deciding proposals.

use entity::{contact, contact_proposal};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    super::{
        super::write::{Author, Done, Write, WriteError},
        curate::Seen,
        rows,
        save::{NewContacts, changed, read, taken, written},
    },
    DecideProposal, ProposalError, Propose, Proposed, object,
};
use crate::auth::{Denied, Scope};
use crate::care::{
    calendar::dutch_date,
    contact::{Contact, change::Difference, stated::Statement},
    id::{ContactId, ProposalId, ProviderId},
    vocabulary::{ContactAction, ContactField, ContactStatus, OrganisationKind, ProposalStatus, WithdrawalReason},
};

/// How many proposals of one provider may wait for a decision.
pub(super) const MOST_OPEN: u64 = 200;

type Failed = WriteError<ProposalError>;

fn refused(error: impl Into<ProposalError>) -> Failed {
    WriteError::Refused(error.into())
}

impl Write for Propose {
    const NAME: &'static str = "proposeContact";
    type Answer = Proposed;
    type Refusal = ProposalError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.propose_contacts().map(drop)
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Proposed>, Failed> {
        let provider = by.scope.propose_contacts()?;
        let fields = match self.seen {
            Some(seen) => self.changes(tx, seen, provider, by).await?,
            None => self.new_entry(provider, by)?,
        };
        if fields.is_empty() {
            return Err(refused(ProposalError::Nothing));
        }
        let id = ProposalId(Uuid::now_v7());
        let row = contact_proposal::Model {
            id,
            provider_id: provider,
            contact_id: self.seen.map(|seen| seen.id),
            base_version: self.seen.map(|seen| seen.version),
            fields: written(&fields)?,
            note: self.note.clone(),
            status: ProposalStatus::Open,
            reason: None,
            proposed_at: by.now,
            proposed_by: by.name.clone(),
            decided_at: None,
            decided_by: None,
        };
        contact_proposal::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
        let open = contact_proposal::Entity::find()
            .filter(contact_proposal::Column::ProviderId.eq(provider))
            .filter(contact_proposal::Column::Status.eq(ProposalStatus::Open));
        if open.count(tx).await? > MOST_OPEN {
            return Err(refused(ProposalError::TooMany));
        }
        Ok(Done::created(Proposed { id }, vec![object(id)]))
    }
}

impl Propose {
    /// What would change in an entry of the provider.
    async fn changes(
        &self,
        tx: &DatabaseTransaction,
        seen: Seen,
        provider: ProviderId,
        by: &Author<'_>,
    ) -> Result<Vec<Difference>, Failed> {
        let now = held(tx, seen.id).await?.filter(|now| now.provider_id == Some(provider));
        let now = now.filter(|now| now.status != ContactStatus::Withdrawn).ok_or(WriteError::Unknown)?;
        if now.version != seen.version {
            return Err(WriteError::Conflict { version: now.version });
        }
        let mut next = now.edited(&self.statement).map_err(refused)?;
        if self.withdraw {
            next = next.withdrawn(WithdrawalReason::LeftOrganisation, dutch_date(by.now)).map_err(refused)?;
        }
        Ok(Contact::differences(Some(&now), &next))
    }

    /// What would be stated of a new entry of the provider.
    fn new_entry(&self, provider: ProviderId, by: &Author<'_>) -> Result<Vec<Difference>, Failed> {
        let mut statement = self.statement.clone();
        own(&mut statement, provider);
        let new = Contact::drafted(ContactId(Uuid::nil()), &statement, dutch_date(by.now)).map_err(refused)?;
        let stated = Contact::differences(None, &new).into_iter();
        Ok(stated.filter(|one| statement.0.contains_key(&one.field)).collect())
    }
}

/// Who is new at a provider works there.
fn own(statement: &mut Statement, provider: ProviderId) {
    statement.0.insert(ContactField::Provider, json!(provider));
    statement.0.insert(ContactField::OrganisationKind, json!(OrganisationKind::Zorgaanbieder));
}

/// Reads an entry that nobody else changes until this transaction ends.
async fn held(tx: &DatabaseTransaction, id: ContactId) -> Result<Option<Contact>, Failed> {
    contact::Entity::update_many()
        .col_expr(contact::Column::Version, Expr::col(contact::Column::Version))
        .filter(contact::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(rows::one(tx, id).await?)
}

impl Write for DecideProposal {
    const NAME: &'static str = "decideContactProposal";
    type Answer = Proposed;
    type Refusal = ProposalError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.curate_contacts()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Proposed>, Failed> {
        use contact_proposal::Column;
        let status = if self.accept { ProposalStatus::Accepted } else { ProposalStatus::Rejected };
        let decided = contact_proposal::Entity::update_many()
            .col_expr(Column::Status, Expr::value(status))
            .col_expr(Column::Reason, Expr::value(self.reason.as_str()))
            .col_expr(Column::DecidedAt, Expr::value(by.now))
            .col_expr(Column::DecidedBy, Expr::value(by.name.as_str()))
            .filter(Column::Id.eq(self.id))
            .filter(Column::Status.eq(ProposalStatus::Open))
            .exec(tx)
            .await?;
        let row = contact_proposal::Entity::find_by_id(self.id).one(tx).await?.ok_or(WriteError::Unknown)?;
        if decided.rows_affected == 0 {
            return Err(refused(ProposalError::Decided));
        }
        let mut objects = vec![object(self.id)];
        if self.accept {
            let fields = read(row.fields)?;
            if let Some(id) = row.contact_id {
                objects.push(accept(tx, id, row.provider_id, fields, by).await?);
            } else {
                let id = accept_new(tx, fields, by).await?;
                contact_proposal::Entity::update_many()
                    .col_expr(Column::ContactId, Expr::value(id))
                    .filter(Column::Id.eq(self.id))
                    .exec(tx)
                    .await?;
                objects.push(rows::object(id));
            }
        }
        Ok(Done::updated(Proposed { id: self.id }, objects))
    }
}

async fn accept(
    tx: &DatabaseTransaction,
    id: ContactId,
    provider: ProviderId,
    fields: Vec<Difference>,
    by: &Author<'_>,
) -> Result<serde_json::Value, Failed> {
    let now = taken(tx, id, None).await?;
    // Of somebody who works elsewhere by now the provider has nothing to say.
    if now.provider_id != Some(provider) {
        return Err(refused(ProposalError::Outdated));
    }
    // The withdrawal is of today, whenever it was proposed.
    let withdraws = fields.iter().any(|one| one.field == ContactField::Status);
    let stated = |one: &&Difference| ![ContactField::Status, ContactField::Withdrawal].contains(&one.field);
    if fields.iter().filter(stated).any(|one| now.value(one.field) != one.from) {
        return Err(refused(ProposalError::Outdated));
    }
    let statement = Statement(fields.iter().filter(stated).map(|one| (one.field, one.to.clone())).collect());
    let mut next = now.edited(&statement).map_err(refused)?;
    if withdraws {
        next = next.withdrawn(WithdrawalReason::LeftOrganisation, dutch_date(by.now)).map_err(refused)?;
    }
    Ok(changed(tx, &now, &next, ContactAction::Accept, by).await?)
}

async fn accept_new(tx: &DatabaseTransaction, fields: Vec<Difference>, by: &Author<'_>) -> Result<ContactId, Failed> {
    let statement = Statement(fields.into_iter().map(|one| (one.field, one.to)).collect());
    let id = ContactId(Uuid::now_v7());
    let contact = Contact::drafted(id, &statement, dutch_date(by.now)).map_err(refused)?;
    let mut new = NewContacts::default();
    new.add(&contact, ContactAction::Accept, by.now, &by.name)?;
    new.write(tx).await?;
    Ok(id)
}
