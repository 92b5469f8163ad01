//! Tokens, over HTTP: whatever is wrong with one, the answer is the same, and its bearer is never taken for nobody.

mod again;
mod bearers;
mod claims;
mod external;
mod header;
mod keys;
mod passports;
mod rotation;

use std::{fs, path::Path};

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{
    databases::TestDatabase,
    service::{Answer, Service},
};

const WHO: &str = "{ viewer { role } }";

/// A service, its signing key, and the claims of a good token.
struct Forge {
    service: Service,
    pair: Ed25519KeyPair,
    kid: String,
    now: i64,
    /// The claims of the kenniscentrum's token.
    claims: Value,
}

fn key(data_dir: &Path) -> (String, Ed25519KeyPair) {
    let file = fs::read_dir(data_dir.join("keys")).unwrap().next().unwrap().unwrap().path();
    let pair = Ed25519KeyPair::from_pkcs8(&fs::read(&file).unwrap()).unwrap();
    (file.file_stem().unwrap().to_str().unwrap().to_owned(), pair)
}

fn encoded(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

impl Forge {
    async fn on(db: TestDatabase) -> Self {
        let service = Service::start(db).await;
        let (kid, pair) = key(service.data_dir.path());
        let now = service.clock.now().timestamp();
        let token = service.token(&Subject::Kenniscentrum);
        let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        Self { claims: serde_json::from_slice(&payload).unwrap(), service, pair, kid, now }
    }

    async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.kid})
    }

    /// The good claims with `changes`: null takes a claim out.
    #[expect(clippy::needless_pass_by_value, reason = "changes are written where they are made")]
    fn with(&self, changes: Value) -> String {
        merged(&self.claims, &changes).to_string()
    }

    /// The good header with `changes`: null takes a member out.
    #[expect(clippy::needless_pass_by_value, reason = "changes are written where they are made")]
    fn header_with(&self, changes: Value) -> String {
        merged(&self.header(), &changes).to_string()
    }

    /// A token that is signed as it should be, whatever it says.
    fn sign(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encoded(header), encoded(payload));
        format!("{message}.{}", encoded(self.pair.sign(message.as_bytes())))
    }

    /// A token with the good header.
    fn token(&self, payload: &str) -> String {
        self.sign(&self.header().to_string(), payload)
    }

    async fn ask(&self, lines: &[&[u8]]) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        for line in lines {
            headers.append("authorization", HeaderValue::from_bytes(line).unwrap());
        }
        self.service.post(headers, json!({ "query": WHO }).to_string()).await
    }

    /// The one answer to every bad token.
    async fn refuses_header(&self, lines: &[&[u8]], why: &str) {
        assert_refused(&self.ask(lines).await, why);
    }

    async fn refuses(&self, token: &str, why: &str) {
        self.refuses_header(&[format!("Bearer {token}").as_bytes()], why).await;
    }

    async fn accepts(&self, token: &str, role: &str, why: &str) {
        let answer = self.ask(&[format!("Bearer {token}").as_bytes()]).await;
        assert_eq!(answer.status, 200, "{why}: {}", answer.text);
        assert_eq!(answer.data("/viewer/role"), role, "{why}");
    }
}

/// The one answer to every bad token.
fn assert_refused(answer: &Answer, why: &str) {
    let body = r#"{"errors":[{"message":"The token is not valid. Send `Authorization: Bearer` with a valid access token, or no header at all.","extensions":{"code":"UNAUTHENTICATED"}}]}"#;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (401, body), "{why}");
    assert_eq!(answer.headers["www-authenticate"], r#"Bearer realm="zorgkaart", error="invalid_token""#, "{why}");
}

fn merged(object: &Value, changes: &Value) -> Value {
    let mut object = object.as_object().unwrap().clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            object.shift_remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    Value::Object(object)
}

#[tokio::test]
async fn a_token_made_by_hand_is_as_good_as_one_of_the_service() {
    let forge = Forge::sqlite().await;
    forge.accepts(&forge.token(&forge.with(json!({}))), "KENNISCENTRUM", "unchanged").await;
    forge.accepts(&forge.service.token(&Subject::Kenniscentrum), "KENNISCENTRUM", "of the service").await;
    assert_eq!(forge.ask(&[]).await.data("/viewer/role"), "ANONYMOUS");
}
