//! Tokens of an issuer of others, over HTTP, with a small issuer of our own.

mod claims;
mod keys;
mod roles;
mod signatures;

use std::sync::Arc;

use serde_json::{Value, json};
use zorgkaart::{auth::IssuerConfig, config::Config};

use super::{assert_refused, merged};
use crate::support::{
    databases::TestDatabase,
    issuer::{Issuer, SigningKey},
    service::{Answer, Service},
};

const WHO: &str = "{ viewer { role provider { id } regions { code } } }";

/// A service that takes tokens of an issuer, and a key of that issuer.
struct Login {
    service: Service,
    issuer: Issuer,
    key: SigningKey,
}

/// The configuration of an issuer with `changes`.
fn config(issuer: &str, changes: &Value) -> IssuerConfig {
    let base = json!({
        "issuer": issuer, "audience": "the-map", "algorithms": ["RS256", "ES256", "EdDSA"],
        "roles": {"staff": "PROVIDER", "office": "ZORGKANTOOR", "centre": "KENNISCENTRUM"},
    });
    serde_json::from_value(merged(&base, changes)).unwrap()
}

impl Login {
    /// With a key, and with changes to the configuration of its issuer.
    async fn with(key: SigningKey, changes: Value) -> Self {
        Self::on(TestDatabase::sqlite().await, key, changes).await
    }

    async fn on(database: impl Into<Arc<TestDatabase>>, key: SigningKey, changes: Value) -> Self {
        let issuer = Issuer::start(&[&key]).await;
        let configured = config(&issuer.url, &changes);
        let service = Service::start_with(database, |config: &mut Config| config.issuers = vec![configured]).await;
        Self { service, issuer, key }
    }

    async fn new() -> Self {
        Self::with(SigningKey::ed("first"), json!({})).await
    }

    /// The claims of a good token of the kenniscentrum with `changes`: null takes a claim out.
    #[expect(clippy::needless_pass_by_value, reason = "changes are written where they are made")]
    fn claims(&self, changes: Value) -> String {
        let now = self.service.clock.now().timestamp();
        let base = json!({
            "iss": self.issuer.url, "aud": "the-map", "sub": "j.jansen@example.org",
            "iat": now, "nbf": now, "exp": now + 600, "role": "centre",
        });
        merged(&base, &changes).to_string()
    }

    /// A good token with changes to its claims.
    fn token(&self, changes: Value) -> String {
        self.token_of(&self.key, changes)
    }

    /// The same, by another key.
    fn token_of(&self, key: &SigningKey, changes: Value) -> String {
        key.sign(&key.header().to_string(), &self.claims(changes))
    }

    async fn ask(&self, token: &str) -> Answer {
        self.service.ask(Some(token), WHO).await
    }

    async fn refuses(&self, token: &str, why: &str) {
        assert_refused(&self.ask(token).await, why);
    }

    async fn accepts(&self, token: &str, role: &str, why: &str) {
        let answer = self.ask(token).await;
        assert_eq!(answer.status, 200, "{why}: {}", answer.text);
        assert_eq!(answer.data("/viewer/role"), role, "{why}");
    }
}
