//! Changes of the contactenbestand.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{
            AddContactInput, ConfirmContactsInput, DecideContactProposalInput, EditContactInput,
            KeepContactsApartInput, MergeContactsInput, ProposeContactInput, PublishContactInput, UndoContactInput,
            WithdrawContactInput, sentence,
        },
        types::{ConfirmContactsPayload, ContactPayload, ContactProposalPayload, KeepContactsApartPayload},
    },
    request,
};
use crate::{
    care::contact::rules::ContactError,
    graphql::id::GlobalId,
    store::{ChangeContact, ContactStep, IdempotencyKey, ProposalError, WriteError},
};

#[derive(Default)]
pub(super) struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Makes an entry of the contactenbestand, as a draft that only the kenniscentrum and the person's own organisation see.
    /// For the kenniscentrum.
    async fn add_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is stated.")] input: AddContactInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        let done = context::store(ctx)?.add_contact(request(ctx, key.as_ref())?, &asked).await;
        done.map(|done| Some(ContactPayload(done))).map_err(|error| refused(error, None))
    }

    /// States something else of an entry; of a published one holders see it at once. For the kenniscentrum.
    async fn edit_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry, and what is stated now.")] input: EditContactInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        change(ctx, &asked, key.as_ref()).await
    }

    /// Shows an entry to holders of a passport, with the date and source of the person's consent; of a published one this
    /// renews the consent. For the kenniscentrum.
    async fn publish_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry, and the consent.")] input: PublishContactInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read()?;
        change(ctx, &asked, key.as_ref()).await
    }

    /// Takes an entry out of every answer to others at once. For the kenniscentrum.
    async fn withdraw_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry, and why.")] input: WithdrawContactInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read()?;
        change(ctx, &asked, key.as_ref()).await
    }

    /// Takes back the last change of an entry, which is a change too. A merge is taken back on both sides, while it is the
    /// last change of both. What made the entry, and that a person took back consent, cannot be undone. For the
    /// kenniscentrum.
    async fn undo_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry.")] input: UndoContactInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read()?;
        change(ctx, &asked, key.as_ref()).await
    }

    /// Confirms that entries are right as you have seen them: they are due again a year from now. Those that have changed
    /// since are left alone and named in `changed`. For the kenniscentrum.
    async fn confirm_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entries.")] input: ConfirmContactsInput,
    ) -> Result<Option<ConfirmContactsPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.confirm_contacts(request(ctx, key.as_ref())?, &asked).await;
        done.map(|done| Some(done.into())).map_err(|error| match error {
            WriteError::Unknown => ApiError::input("input.contacts", "There is no contact with one of these ids."),
            error => refused(error, None),
        })
    }

    /// Makes one entry of two about the same person: one goes on, the other is withdrawn, and the history of both is kept.
    /// For the kenniscentrum.
    async fn merge_contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two entries.")] input: MergeContactsInput,
    ) -> Result<Option<ContactPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.merge_contacts(request(ctx, key.as_ref())?, &asked).await;
        done.map(|done| Some(ContactPayload(done))).map_err(|error| match error {
            WriteError::Unknown => ApiError::input("input.keep", "There is no contact with one of these ids."),
            error => refused(error, None),
        })
    }

    /// Says that two entries that look alike are two people: they are no longer proposed as duplicates. For the
    /// kenniscentrum.
    async fn keep_contacts_apart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two entries.")] input: KeepContactsApartInput,
    ) -> Result<Option<KeepContactsApartPayload>> {
        let asked = input.read()?;
        let done = context::store(ctx)?.keep_contacts_apart(request(ctx, None)?, &asked).await;
        done.map_err(|error| match error {
            WriteError::Unknown => ApiError::input("input.first", "There is no contact with one of these ids."),
            error => refused(error, None),
        })?;
        let [first, second] = [asked.first, asked.second].map(|id| GlobalId::Contact(id).into());
        Ok(Some(KeepContactsApartPayload { first, second }))
    }

    /// Proposes a change of an entry of your own organisation, or a new one, for the kenniscentrum to decide. For a
    /// provider's staff.
    async fn propose_contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed.")] input: ProposeContactInput,
    ) -> Result<Option<ContactProposalPayload>> {
        let (asked, key) = input.read(context::view(ctx)?)?;
        let seen = asked.seen.map(|seen| seen.version);
        let done = context::store(ctx)?.propose_contact(request(ctx, key.as_ref())?, &asked).await;
        let proposed = done.map_err(|error| undecided(error, "input.contact", seen))?;
        ContactProposalPayload::find(ctx, proposed.id).await
    }

    /// Accepts or rejects what a provider proposed, with a reason. For the kenniscentrum.
    async fn decide_contact_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and what is decided.")] input: DecideContactProposalInput,
    ) -> Result<Option<ContactProposalPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.decide_proposal(request(ctx, key.as_ref())?, &asked).await;
        let decided = done.map_err(|error| undecided(error, "input.proposal", None))?;
        ContactProposalPayload::find(ctx, decided.id).await
    }
}

async fn change(
    ctx: &Context<'_>,
    asked: &ChangeContact,
    key: Option<&IdempotencyKey>,
) -> Result<Option<ContactPayload>> {
    let done = context::store(ctx)?.change_contact(request(ctx, key)?, asked).await;
    done.map(|done| Some(ContactPayload(done))).map_err(|error| match (error, &asked.step) {
        (WriteError::Refused(ContactError::ExternalId), ContactStep::Undo) => {
            ApiError::input("input.contact", "Another entry has the external id of before by now.")
        }
        (error, _) => refused(error, Some(asked.seen.version)),
    })
}

/// Why a contact was not changed; `seen` is the version that the client has seen.
fn refused(error: WriteError<ContactError>, seen: Option<i32>) -> ApiError {
    match error {
        WriteError::Refused(error) => {
            let argument = match error {
                ContactError::ConsentDate | ContactError::ConsentTakenBack => "input.consentOn",
                ContactError::ExternalId => "input.set.externalId",
                ContactError::Incomplete => "input.set",
                ContactError::Same => "input.other",
                ContactError::Withdrawn | ContactError::Published | ContactError::Merged | ContactError::NotUndone => {
                    "input.contact"
                }
            };
            ApiError::input(argument, sentence(&error))
        }
        WriteError::Conflict { version } => conflict(version, seen),
        error => super::refused(error, "input.contact", "There is no contact with this id."),
    }
}

/// Why something was not proposed or decided.
fn undecided(error: WriteError<ProposalError>, argument: &str, seen: Option<i32>) -> ApiError {
    match error {
        WriteError::Refused(ProposalError::Contact(ContactError::Incomplete)) => {
            ApiError::input("input.set", sentence(&ContactError::Incomplete))
        }
        WriteError::Refused(ProposalError::Nothing) => ApiError::input("input.set", sentence(&ProposalError::Nothing)),
        WriteError::Refused(error) => ApiError::input(argument, sentence(&error)),
        WriteError::Conflict { version } => conflict(version, seen),
        error if argument == "input.proposal" => super::refused(error, argument, "There is no proposal with this id."),
        error => super::refused(error, argument, "There is no contact of your organisation with this id."),
    }
}

fn conflict(version: i32, seen: Option<i32>) -> ApiError {
    seen.map_or_else(|| ApiError::conflict(version), |seen| ApiError::contact_conflict(version, seen))
}
