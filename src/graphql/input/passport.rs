//! What the kenniscentrum says of passports.

use async_graphql::InputObject;

use super::{
    super::{
        enums::{CareForm, PassportOutcome, domain},
        error::{ApiError, Result},
        scalars::Date,
    },
    idempotency_key, text,
};
use crate::{
    care::{passport::Decision, postcode::Pc4, vocabulary},
    store::{Card, CardChange, IdempotencyKey, Issue, Person, Reassess, View},
};

/// The decision of two experts about an application.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct IssuePassportInput {
    /// When the application came in.
    applied_on: Date,
    /// When the experts decided; on or after `appliedOn`, not after today.
    decided_on: Date,
    /// What they decided.
    outcome: PassportOutcome,
    /// One expert, by role id, never by name.
    first_expert: String,
    /// The other expert, by role id.
    second_expert: String,
    /// The birth date, unless the outcome is `GEEN_ZEVMB`. It is checked; only the year is kept.
    birth_date: Option<Date>,
    /// The postcode where the person lives, unless the outcome is `GEEN_ZEVMB`. Only its four digits are kept.
    home_postcode: Option<String>,
    /// What care the family seeks.
    #[graphql(default)]
    care_forms: Vec<CareForm>,
    /// A key of your own choice: the same change sent again within 24 hours is answered as the first time, but for the
    /// code, which is shown once.
    idempotency_key: Option<String>,
}

/// The one re-assessment of a passport.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ReassessPassportInput {
    /// The number on the card.
    number: String,
    /// When the re-assessment was asked for.
    applied_on: Date,
    /// When the experts decided; on or after `appliedOn`, not after today.
    decided_on: Date,
    /// `ZEVMB` or `GEEN_ZEVMB`.
    outcome: PassportOutcome,
    /// One expert, by role id, never by name.
    first_expert: String,
    /// The other expert, by role id.
    second_expert: String,
    /// The `version` of the passport that you have seen; left out: any.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `IssuePassportInput`.
    idempotency_key: Option<String>,
}

/// A passport that ends.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct RevokePassportInput {
    /// The number on the card.
    number: String,
    /// Why: 1 to 200 characters, without anybody's name.
    reason: String,
    /// The `version` of the passport that you have seen; left out: any.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `IssuePassportInput`.
    idempotency_key: Option<String>,
}

/// A passport.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct CardInput {
    /// The number on the card.
    number: String,
    /// The `version` of the passport that you have seen; left out: any.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `IssuePassportInput`.
    idempotency_key: Option<String>,
}

impl IssuePassportInput {
    pub(in crate::graphql) fn read(self, view: &View) -> Result<(Issue, Option<IdempotencyKey>)> {
        let decision = decision(&self.decided_on, self.outcome, &self.first_expert, &self.second_expert)?;
        let person = if decision.outcome == vocabulary::PassportOutcome::GeenZevmb {
            None
        } else {
            let birth = self.birth_date.ok_or_else(|| needed("input.birthDate", "The birth date"))?;
            let postcode = self.home_postcode.ok_or_else(|| needed("input.homePostcode", "The postcode"))?;
            Some(Person {
                birth: birth.parse_as("input.birthDate")?,
                home_pc4: home(&postcode, view)?,
                care_forms: domain(Some(self.care_forms)),
            })
        };
        let issue = Issue { applied_on: self.applied_on.parse_as("input.appliedOn")?, decision, person };
        Ok((issue, idempotency_key(self.idempotency_key)?))
    }
}

impl ReassessPassportInput {
    pub(in crate::graphql) fn read(self) -> Result<(Reassess, Option<IdempotencyKey>)> {
        let asked = Reassess {
            number: self.number,
            applied_on: self.applied_on.parse_as("input.appliedOn")?,
            decision: decision(&self.decided_on, self.outcome, &self.first_expert, &self.second_expert)?,
            expected_version: self.expected_version,
        };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl RevokePassportInput {
    pub(in crate::graphql) fn read(self) -> Result<(Card, Option<IdempotencyKey>)> {
        let reason = text("input.reason", &self.reason)?;
        let card =
            Card { number: self.number, expected_version: self.expected_version, what: CardChange::Revoke(reason) };
        Ok((card, idempotency_key(self.idempotency_key)?))
    }
}

impl CardInput {
    pub(in crate::graphql) fn read(self, what: CardChange) -> Result<(Card, Option<IdempotencyKey>)> {
        let card = Card { number: self.number, expected_version: self.expected_version, what };
        Ok((card, idempotency_key(self.idempotency_key)?))
    }
}

fn decision(on: &Date, outcome: PassportOutcome, first: &str, second: &str) -> Result<Decision> {
    Ok(Decision {
        on: on.parse_as("input.decidedOn")?,
        outcome: outcome.into(),
        experts: [text("input.firstExpert", first)?, text("input.secondExpert", second)?],
    })
}

fn needed(argument: &str, what: &str) -> ApiError {
    ApiError::input(argument, format!("{what} is needed where a passport follows."))
}

fn home(postcode: &str, view: &View) -> Result<Pc4> {
    let wrong = |message: String| ApiError::input("input.homePostcode", message);
    let pc4: Pc4 = postcode.parse().map_err(|error| wrong(format!("{error}.")))?;
    if view.reference().postcodes.contains_key(&pc4) {
        Ok(pc4)
    } else {
        Err(wrong("There is no such postcode.".into()))
    }
}
