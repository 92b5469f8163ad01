//! What providers propose for the contactenbestand, and what the kenniscentrum decides.

use async_graphql::{ID, InputObject};
use serde_json::json;

use super::{
    super::{error::ApiError, id},
    contact::{Read, SeenContactInput},
    contact_fields::Fields,
    idempotency_key, text,
};
use crate::{
    care::vocabulary::ContactField,
    store::{DecideProposal, Propose, View},
};

/// What a provider's staff propose for an entry of their own organisation, or as a new one.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ProposeContactInput {
    /// The entry, as you have seen it; left out: a new one.
    contact: Option<SeenContactInput>,
    /// What is to be stated; not `externalId` and `provider`.
    #[graphql(default)]
    set: Fields,
    /// Whether the entry is to be withdrawn, since the person works with you no longer.
    #[graphql(default)]
    withdraw: bool,
    /// What the kenniscentrum should know: at most 200 characters.
    note: Option<String>,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

/// What the kenniscentrum decides about a proposal.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct DecideContactProposalInput {
    /// Which.
    proposal: ID,
    /// Whether it is taken; what is taken holds at once, and a new entry is a draft.
    accept: bool,
    /// Why, for the provider: 1 to 200 characters.
    reason: String,
    /// A key of your own choice, as in `AddContactInput`.
    idempotency_key: Option<String>,
}

impl ProposeContactInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Read<Propose> {
        for (name, said) in
            [("externalId", !self.set.external_id.is_undefined()), ("provider", !self.set.provider.is_undefined())]
        {
            if said {
                let message = "The kenniscentrum keeps this; leave it out.";
                return Err(ApiError::input(format!("input.set.{name}"), message));
            }
        }
        let statement = self.set.read("input.set", view)?;
        let own = view.scope().provider().map(|provider| json!(provider));
        if statement.0.get(&ContactField::Provider).is_some_and(|stated| Some(stated) != own.as_ref()) {
            return Err(ApiError::input("input.set.place", "This place is of another provider."));
        }
        let asked = Propose {
            seen: self.contact.map(|contact| contact.read("input.contact")).transpose()?,
            statement,
            withdraw: self.withdraw,
            note: self.note.map(|note| text("input.note", &note)).transpose()?,
        };
        if asked.seen.is_none() && asked.withdraw {
            return Err(ApiError::input("input.withdraw", "Say which contact is to be withdrawn."));
        }
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl DecideContactProposalInput {
    pub(in crate::graphql) fn read(self) -> Read<DecideProposal> {
        let asked = DecideProposal {
            id: id::proposal("input.proposal", &self.proposal)?,
            accept: self.accept,
            reason: text("input.reason", &self.reason)?,
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}
