//! Passports: their life, and how their holders sign in.

mod life_cycle;
mod machine;
mod sign_in;
mod statistics;

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::service::{Answer, Service};

const ISSUE: &str = "mutation($input: IssuePassportInput!) { issuePassport(input: $input) {
    number activation { code expiresAt } } }";
const REASSESS: &str = "mutation($input: ReassessPassportInput!) { reassessPassport(input: $input) {
    number activation { code } } }";

/// The kenniscentrum at a service.
struct Keeper<'a> {
    service: &'a Service,
    token: String,
}

impl<'a> Keeper<'a> {
    fn of(service: &'a Service) -> Self {
        Self { service, token: service.token(&Subject::Kenniscentrum) }
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.service.ask_with(Some(&self.token), query, variables).await
    }

    /// Issues a passport: the number and the code.
    async fn issue(&self, changes: &Value) -> Answer {
        let mut input = json!({
            "appliedOn": "2026-10-01", "decidedOn": "2026-11-30", "outcome": "ZEVMB",
            "firstExpert": "expert-01", "secondExpert": "expert-02",
            "birthDate": "2018-05-04", "homePostcode": "3511 AB", "careForms": ["LOGEREN", "WONEN", "LOGEREN"],
        });
        for (name, value) in changes.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.ask(ISSUE, json!({ "input": input })).await
    }

    /// Does something with a card.
    async fn card(&self, mutation: &str, input: Value) -> Answer {
        let kind = if mutation == "revokePassport" { "RevokePassportInput" } else { "CardInput" };
        let code = if mutation == "revokePassport" { "" } else { "activation { code }" };
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ number {code} }} }}");
        self.ask(&query, json!({ "input": input })).await
    }

    async fn reassess(&self, number: &str, outcome: &str) -> Answer {
        let input = json!({
            "number": number, "appliedOn": "2026-10-01", "decidedOn": "2026-11-30", "outcome": outcome,
            "firstExpert": "expert-03", "secondExpert": "expert-04",
        });
        self.ask(REASSESS, json!({ "input": input })).await
    }

    /// All that is kept of a number.
    async fn record(&self, number: &str) -> Value {
        let query = "query($number: String!) { passport(number: $number) { number outcome status validFrom validUntil
            homePostcode birthYear careForms revokedReason replaces reissue version } }";
        self.ask(query, json!({ "number": number })).await.data("/passport")
    }
}

/// A text of an answer.
fn text(answer: &Answer, pointer: &str) -> String {
    answer.data(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer}: {}", answer.text)).to_owned()
}
