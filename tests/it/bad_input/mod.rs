//! Bad input, over HTTP: each is refused by its name, in few words, and harms nobody.

mod bounds;
mod cursors;
mod dates;
mod filters;
mod near;
mod texts;

use serde_json::{Value, json};

use crate::support::{
    databases::TestDatabase,
    service::{Answer, Service},
};
use zorgkaart::auth::Subject;

/// Text that would tell a client how the service is made.
const INNER_WORDS: [&str; 9] =
    ["src/", ".rs", "::", "sqlx", "sea_orm", "async_graphql", "panicked", "SELECT", "occurred while parsing"];

/// What refuses a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Its type: a literal is not valid, a variable is bad input, and nothing is executed.
    Type,
    /// Its type as well, but the engine's validation lets it pass (a scalar for an object, a number beyond 32 bits): it
    /// is refused by the field, and named by the argument that it is a part of.
    Engine,
    /// The field that takes it: a literal and a variable are the same.
    Field,
}

/// A value that is refused, wherever it stands.
struct Bad {
    /// The type of the value.
    kind: &'static str,
    value: Value,
    by: By,
    argument: &'static str,
    /// A part of the message that says what would be right.
    says: &'static str,
}

fn bad(by: By, kind: &'static str, value: Value, argument: &'static str, says: &'static str) -> Bad {
    Bad { kind, value, by, argument, says }
}

/// A service and somebody who may ask everything of it.
struct Asked {
    service: Service,
    token: String,
    place: String,
    provider: String,
}

impl Asked {
    async fn on(db: TestDatabase) -> Self {
        let service = Service::start(db).await;
        let token = service.token(&Subject::Kenniscentrum);
        let answer = service
            .ask(None, "{ providers(first: 1) { edges { node { id places(first: 1) { edges { node { id } } } } } } }")
            .await;
        let text = |pointer: &str| answer.data(pointer).as_str().unwrap().to_owned();
        let (provider, place) =
            (text("/providers/edges/0/node/id"), text("/providers/edges/0/node/places/edges/0/node/id"));
        Self { service, token, place, provider }
    }

    async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.service.ask_with(Some(&self.token), query, variables).await
    }

    /// Asks `field`, which takes a value as `$v`, every value as a literal and as a variable.
    async fn refuses(&self, field: &str, values: &[Bad]) {
        for bad in values {
            let query = format!("{{ {} }}", field.replace("$v", &literal(&bad.value)));
            let answer = self.ask(&query, json!({})).await;
            match bad.by {
                By::Type => check(&answer, 400, "GRAPHQL_VALIDATION_FAILED", None, "", &query),
                By::Engine | By::Field => check(&answer, 200, "BAD_USER_INPUT", Some(bad.argument), bad.says, &query),
            }
            let query = format!("query($v: {}) {{ {field} }}", bad.kind);
            let status = if bad.by == By::Type { 400 } else { 200 };
            let answer = self.ask(&query, json!({ "v": bad.value })).await;
            let asked = format!("{query} {}", bad.value);
            check(&answer, status, "BAD_USER_INPUT", Some(bad.argument), bad.says, &asked);
        }
        self.still_answers().await;
    }

    /// Whoever asks next gets an answer.
    async fn still_answers(&self) {
        let answer =
            self.ask("{ placesNear(near: {postcode: \"3511\"}, first: 1) { edges { cursor } } }", json!({})).await;
        assert_eq!(answer.data("/placesNear/edges").as_array().unwrap().len(), 1);
    }
}

/// A refusal is of its status, code and argument, says what would be right, is short and keeps the inside inside.
fn check(answer: &Answer, status: u16, code: &str, argument: Option<&str>, says: &str, asked: &str) {
    let text = &answer.text;
    assert_eq!((answer.status.as_u16(), answer.code()), (status, json!(code)), "{asked}\n{text}");
    if let Some(argument) = argument {
        assert_eq!(answer.argument(), argument, "{asked}\n{text}");
    }
    let body = answer.json();
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(says), "{asked}\n{text}");
    assert!(message.len() > 20 && message.ends_with('.'), "{asked}\n{text}");
    assert!(text.len() <= 4_096, "{} bytes: {asked}", text.len());
    for word in INNER_WORDS {
        assert!(!text.contains(word), "{word}: {asked}\n{text}");
    }
    // Data that were asked are null, or nothing was executed.
    assert!(body["data"].as_object().is_none_or(|data| data.values().all(hides)), "{asked}\n{text}");
}

/// Whether an answer holds nothing but nulls.
fn hides(value: &Value) -> bool {
    value.is_null() || value.as_object().is_some_and(|fields| fields.values().all(hides))
}

/// A value as GraphQL writes it; a text of capitals is the name of an enumeration's value.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) if text.len() > 3 && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') => {
            text.clone()
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", literal(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
