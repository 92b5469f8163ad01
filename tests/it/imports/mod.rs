//! The contactenbestand in bulk: what a file does, what is wrong with it, and what goes out.

mod any_bytes;
mod command_line;
mod export;
mod many;
mod mistakes;
mod rows;
mod transport;

use reqwest::{
    Method,
    header::{HeaderMap, HeaderValue},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{
    databases::TestDatabase,
    service::{Answer, Service},
};

const IMPORT: &str = "/v1/imports/contacts";
const EXPORT: &str = "/v1/exports/contacts";

/// A service, and somebody of the kenniscentrum with files.
struct Bulk {
    service: Service,
    database: DatabaseConnection,
    token: String,
}

impl Bulk {
    async fn of(db: TestDatabase) -> Self {
        let database = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let token = service.token(&Subject::Kenniscentrum);
        Self { service, database, token }
    }

    /// Sends a file.
    async fn send(&self, query: &str, file: impl Into<reqwest::Body>) -> Answer {
        let headers = headers(&[("content-type", "text/csv")], Some(&self.token));
        self.service.send(Method::POST, &format!("{IMPORT}{query}"), headers, file).await
    }

    /// Sends a file that is taken, and reads the report without its constant parts.
    async fn import(&self, query: &str, file: &str) -> Value {
        let answer = self.send(query, file.to_owned()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        counts(&answer.json())
    }

    /// Sends a file of which nothing is taken, and reads its mistakes: line, column, reason.
    async fn mistakes(&self, file: impl Into<reqwest::Body>) -> Vec<(u64, String, String)> {
        let answer = self.send("", file).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["applied"]), (422, &json!(false)), "{}", answer.text);
        mistakes(&answer.json())
    }

    async fn export(&self) -> String {
        let answer = self.service.send(Method::GET, EXPORT, headers(&[], Some(&self.token)), "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text
    }

    /// The numbers that statements count.
    async fn count(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.database.get_database_backend(), sql);
        self.database.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// How many entries, changes, and the sum of all versions.
    async fn state(&self) -> [i64; 3] {
        [
            self.count("select count(*) from contact").await,
            self.count("select count(*) from contact_change").await,
            self.count("select cast(sum(version) as bigint) from contact").await,
        ]
    }
}

fn headers(own: &[(&'static str, &str)], token: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in own {
        headers.insert(*name, HeaderValue::try_from(*value).unwrap());
    }
    if let Some(token) = token {
        headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
    }
    headers
}

/// Rows, new, changed, unchanged, bad.
fn counts(report: &Value) -> Value {
    json!(["rows", "created", "updated", "unchanged", "bad"].map(|name| report[name].clone()))
}

fn mistakes(report: &Value) -> Vec<(u64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |one: &Value| (one["line"].as_u64().unwrap(), text(&one["column"]), text(&one["reason"]));
    report["errors"].as_array().unwrap().iter().map(one).collect()
}
