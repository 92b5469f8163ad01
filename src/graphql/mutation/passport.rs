//! Changes of passports, for the kenniscentrum.

use async_graphql::{Context, Object};

use super::{
    super::{
        context,
        error::{ApiError, Result},
        input::{CardInput, IssuePassportInput, ReassessPassportInput, RevokePassportInput, sentence},
        types::{PassportPayload, RevokePassportPayload},
    },
    request,
};
use crate::{
    care::passport::rules::{DecisionError, PassportError},
    store::{self, CardChange, IdempotencyKey, KeepError, WriteError},
};

#[derive(Default)]
pub(super) struct PassportMutation;

#[Object]
impl PassportMutation {
    /// Records the decision of two experts about an application, and issues the passport that follows: `VROEG_ZEVMB` to
    /// children under 2, `ZEVMB_MET_HERBEOORDELING` from 2 on, both for two years; `ZEVMB` for life; after `GEEN_ZEVMB`
    /// none. For the kenniscentrum.
    async fn issue_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision, and for whom.")] input: IssuePassportInput,
    ) -> Result<Option<PassportPayload>> {
        let view = context::view(ctx)?;
        let (issue, key) = input.read(view)?;
        let done = context::store(ctx)?.issue_passport(request(ctx, key.as_ref())?, &issue).await;
        kept(done)
    }

    /// Records the one re-assessment of a passport of a fixed term: after `ZEVMB` a passport for life follows on it, after
    /// `GEEN_ZEVMB` it ends at once. For the kenniscentrum.
    async fn reassess_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passport, and the decision.")] input: ReassessPassportInput,
    ) -> Result<Option<PassportPayload>> {
        let (asked, key) = input.read()?;
        let done = context::store(ctx)?.reassess_passport(request(ctx, key.as_ref())?, &asked).await;
        kept(done)
    }

    /// Ends a passport at once: whoever is signed in with it is signed out. For the kenniscentrum.
    async fn revoke_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passport, and why.")] input: RevokePassportInput,
    ) -> Result<Option<RevokePassportPayload>> {
        let (card, key) = input.read()?;
        let number = card.number.clone();
        change(ctx, card, key).await.map(|_| Some(RevokePassportPayload { number }))
    }

    /// Replaces a lost card: the old number is dead at once, the new one is valid as long as the old one was. For the
    /// kenniscentrum.
    async fn reissue_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The lost card.")] input: CardInput,
    ) -> Result<Option<PassportPayload>> {
        let (card, key) = input.read(CardChange::Reissue)?;
        change(ctx, card, key).await
    }

    /// Hands a passport over to another representative: whoever is signed in with it is signed out, and there is a new
    /// code. For the kenniscentrum.
    async fn hand_over_passport(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passport.")] input: CardInput,
    ) -> Result<Option<PassportPayload>> {
        let (card, key) = input.read(CardChange::HandOver)?;
        change(ctx, card, key).await
    }

    /// Makes another activation code, for a holder who has lost the first or has another device; the one before is dead,
    /// nobody is signed out. For the kenniscentrum.
    async fn renew_activation_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passport.")] input: CardInput,
    ) -> Result<Option<PassportPayload>> {
        let (card, key) = input.read(CardChange::NewCode)?;
        change(ctx, card, key).await
    }
}

async fn change(ctx: &Context<'_>, card: store::Card, key: Option<IdempotencyKey>) -> Result<Option<PassportPayload>> {
    kept(context::store(ctx)?.change_card(request(ctx, key.as_ref())?, &card).await)
}

fn kept(done: std::result::Result<store::Kept, WriteError<KeepError>>) -> Result<Option<PassportPayload>> {
    match done {
        Ok(kept) => Ok(Some(kept.into())),
        Err(WriteError::Refused(error)) => Err(refused(error)),
        Err(WriteError::Unknown) => Err(ApiError::input("input.number", "There is no passport with this number.")),
        Err(WriteError::Denied(denied)) => Err(denied.into()),
        Err(WriteError::Conflict { version }) => Err(ApiError::conflict(version)),
        Err(WriteError::KeyTaken) => Err(ApiError::key_taken()),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

fn refused(error: KeepError) -> ApiError {
    let (argument, words) = match error {
        KeepError::Decision(error) => {
            let argument = match error {
                DecisionError::SameExpert => "input.secondExpert",
                DecisionError::Date => "input.decidedOn",
                DecisionError::TooOld | DecisionError::TooYoung | DecisionError::Doubt => "input.outcome",
                DecisionError::BirthDate => "input.birthDate",
            };
            (argument, error.to_string())
        }
        KeepError::Passport(error) => (passport_argument(error), error.to_string()),
    };
    ApiError::input(argument, sentence(&words))
}

const fn passport_argument(_: PassportError) -> &'static str {
    "input.number"
}
