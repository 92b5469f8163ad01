//! Public errors. Every error of a resolver is an [`ApiError`], with a code of the closed list: use [`ApiError::input`]
//! for what a client asked wrongly and let [`Denied`] and [`StoreError`] become one with `?`.

mod code;

pub use code::Code;

use std::time::Duration;

use async_graphql::ErrorExtensions;
use uuid::Uuid;

use crate::{
    auth::Denied,
    care::{availability::Run, vocabulary::MapField},
    store::{GapRefusal, StoreError},
};

/// An error as the client reads it.
///
/// It has no `Display`: the engine shows any error that has one, which is how text of a database would leak.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: Code,
    message: String,
    argument: Option<String>,
    incident: Option<Uuid>,
    version: Option<i32>,
    expected_version: Option<i32>,
    retry_after: Option<u64>,
}

/// What a client reads of a defect of ours; `extensions.incident` leads to the log.
pub const OUR_MISTAKE: &str = "This is our mistake. Tell us the incident if it stays.";

/// How many runs of dates an error names.
const SHOWN_RUNS: usize = 20;

/// What a resolver answers.
pub type Result<T> = std::result::Result<T, ApiError>;

impl ApiError {
    /// A value that is not acceptable. `argument` names it, with dots into input objects; the message says what would
    /// be right.
    pub fn input(argument: impl Into<String>, message: impl Into<String>) -> Self {
        Self { argument: Some(argument.into()), ..Self::plain(Code::BadUserInput, message.into()) }
    }

    /// Its code.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What was wrong, and what would be right.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The argument that is not acceptable, if it is one.
    pub fn argument(&self) -> Option<&str> {
        self.argument.as_deref()
    }

    /// A defect of ours. `what` goes to the log only.
    pub fn internal(what: &str) -> Self {
        let incident = Uuid::now_v7();
        tracing::error!(%incident, what, "a defect");
        Self { incident: Some(incident), ..Self::plain(Code::Internal, OUR_MISTAKE.into()) }
    }

    /// The idempotency key was used for another change.
    pub fn key_taken() -> Self {
        let message = "This key was used for another change in the last 24 hours; choose another one.";
        Self::input("input.idempotencyKey", message)
    }

    /// What was sent to sign in with is not good, whatever is wrong with it.
    pub fn not_signed_in() -> Self {
        let message = "This does not sign you in: check what you typed. After five tries, when it has expired or was used \
                       before, ask the kenniscentrum for another code.";
        Self::plain(Code::Unauthenticated, message.into())
    }

    /// Too many tries; the client may come back after `wait`.
    pub fn too_often(wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let message = format!("Too many tries. Try again in {seconds} seconds.");
        Self { retry_after: Some(seconds), ..Self::plain(Code::RateLimited, message) }
    }

    /// Somebody else was first; `version` is the one that there is now, `seen` the one that the client knows.
    pub fn contact_conflict(version: i32, seen: i32) -> Self {
        let message = format!(
            "This has changed since you read it: it is version {version} now, you have seen {seen}. `contactVersion` shows \
             both; decide anew."
        );
        Self { expected_version: Some(seen), message, ..Self::conflict(version) }
    }

    /// Somebody else was first; `version` is the one that there is now.
    pub fn conflict(version: i32) -> Self {
        let message =
            format!("This has changed since you read it: it is version {version} now. Read it and decide anew.");
        Self { version: Some(version), ..Self::plain(Code::Conflict, message) }
    }

    /// What is live has changed in these fields since a change of them was proposed.
    pub fn outdated(fields: &[MapField]) -> Self {
        let names: Vec<&str> = fields.iter().map(|field| field.code()).collect();
        let message = format!(
            "What is live has changed since this was proposed: {}. `reviewQueue` shows what it is now; ask the provider back.",
            names.join(", ")
        );
        Self::plain(Code::Conflict, message)
    }

    /// More spots are stated to be free on these dates than a place would have.
    pub fn capacity(above: &[Run]) -> Self {
        let shown: Vec<String> = above
            .iter()
            .take(SHOWN_RUNS)
            .map(|run| format!("{} spots from {} to {} ({})", run.free, run.from, run.to, run.slot.code()))
            .collect();
        let more = above.len().saturating_sub(SHOWN_RUNS);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!("More spots are stated to be free: {}{rest}. State fewer there first.", shown.join(", "));
        Self::input("input.capacity", message)
    }

    const fn plain(code: Code, message: String) -> Self {
        Self { code, message, argument: None, incident: None, version: None, expected_version: None, retry_after: None }
    }
}

impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        Self::new(error.message).extend_with(|_, extensions| {
            extensions.set("code", error.code.as_str());
            if let Some(argument) = error.argument {
                extensions.set("argument", argument);
            }
            if let Some(incident) = error.incident {
                extensions.set("incident", incident.to_string());
            }
            if let Some(version) = error.version {
                extensions.set("version", version);
            }
            if let Some(version) = error.expected_version {
                extensions.set("expectedVersion", version);
            }
            if let Some(seconds) = error.retry_after {
                extensions.set("retryAfter", seconds);
            }
        })
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        let (code, message) = match denied {
            Denied::Anonymous => {
                (Code::Unauthenticated, "Sign in to see this: it is for holders of a ZEVMB-paspoort and for staff.")
            }
            Denied::PassportEnded => {
                (Code::Forbidden, "Your ZEVMB-paspoort has ended, so this is closed. The kenniscentrum can help.")
            }
            Denied::Unconfirmed => {
                (Code::Unavailable, "Who you are cannot be confirmed at the moment. Try again in a second.")
            }
            Denied::Role => (Code::Forbidden, "Your role does not see this."),
            Denied::OtherRegion => (
                Code::Forbidden,
                "You see areas and cells of your own zorgkantoorregio's only; of the others `regions` has the totals.",
            ),
            Denied::OwnOnly => (
                Code::Forbidden,
                "Your role sees this for your own organisation only; filters on availability need `provider` set to it.",
            ),
        };
        Self::plain(code, message.into())
    }
}

impl From<GapRefusal> for ApiError {
    fn from(refusal: GapRefusal) -> Self {
        match refusal {
            GapRefusal::Denied(denied) => denied.into(),
            GapRefusal::NotPublished(None) => Self::input("input.source", "No demand is published yet; ask ESTIMATE."),
            GapRefusal::NotPublished(Some(quarter)) => Self::input(
                "input.quarter",
                format!("Nothing is published for {quarter}; `demandPublications` lists what is."),
            ),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Unrecorded(_) => {
                tracing::warn!(%error, "not available");
                Self::plain(Code::Unavailable, "This is not available at the moment. Try again in a second.".into())
            }
            StoreError::Corrupt(_) | StoreError::Start(_) | StoreError::Database(_) => {
                Self::internal(&error.to_string())
            }
        }
    }
}
