//! The keys of an issuer of others: where they come from, and when.

use std::fs;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Login, config};
use crate::support::{
    databases::TestDatabase,
    issuer::{Issuer, SigningKey},
    service::Service,
};

#[tokio::test]
async fn keys_are_replaced_without_a_restart() {
    let login = Login::new().await;
    assert_eq!((login.issuer.discovered(), login.issuer.fetched()), (1, 1), "at the start");
    let old = login.token(json!({}));
    login.accepts(&old, "KENNISCENTRUM", "the first key").await;
    assert_eq!(login.issuer.fetched(), 1, "a key that is known is not fetched");

    // First both, then the new one alone, as issuers do it: this service saw the last of it.
    let new = SigningKey::ec("second");
    login.issuer.publishes(&[&login.key, &new]);
    login.issuer.publishes(&[&new]);
    login.accepts(&old, "KENNISCENTRUM", "nobody has looked yet").await;
    login.accepts(&login.token_of(&new, json!({})), "KENNISCENTRUM", "the new key").await;
    assert_eq!((login.issuer.discovered(), login.issuer.fetched()), (2, 2));
    login.refuses(&old, "the old key is gone").await;
    login.accepts(&login.token_of(&new, json!({})), "KENNISCENTRUM", "the new key again").await;
    assert_eq!(login.issuer.fetched(), 2);
}

#[tokio::test]
async fn both_keys_are_good_while_both_are_published() {
    let login = Login::new().await;
    let new = SigningKey::rsa("second");
    login.issuer.publishes(&[&login.key, &new]);
    for _ in 0..2 {
        login.accepts(&login.token_of(&new, json!({})), "KENNISCENTRUM", "the new key").await;
        login.accepts(&login.token(json!({})), "KENNISCENTRUM", "the old key").await;
    }
    // A key that keeps its name and is another is another.
    assert_eq!(login.issuer.fetched(), 2);
    let same_name = SigningKey::rsa("second");
    login.refuses(&login.token_of(&same_name, json!({})), "another key of the same name").await;
}

#[tokio::test]
async fn names_that_somebody_invents_fetch_once() {
    let login = Login::new().await;
    let invented: Vec<SigningKey> = (0..40).map(|n| SigningKey::ed(&format!("invented-{n}"))).collect();
    let tokens: Vec<String> = invented.iter().map(|key| login.token_of(key, json!({}))).collect();
    for answer in futures::future::join_all(tokens.iter().map(|token| login.ask(token))).await {
        super::assert_refused(&answer, "at the same time");
    }
    for token in &tokens {
        login.refuses(token, "one after the other").await;
    }
    assert_eq!((login.issuer.discovered(), login.issuer.fetched()), (2, 2));
    // Until the minute is over a new key has to wait, and the known ones are not harmed.
    login.issuer.publishes(&[&login.key, &invented[0]]);
    login.refuses(&tokens[0], "too early").await;
    login.accepts(&login.token(json!({})), "KENNISCENTRUM", "known").await;
    assert_eq!(login.issuer.fetched(), 2);
}

#[tokio::test]
async fn nonsense_fetches_nothing() {
    let login = Login::new().await;
    let unknown = SigningKey::ed("unknown");
    for change in
        [json!({"typ": "JWT"}), json!({"alg": "HS256"}), json!({"alg": "none"}), json!({"crit": []}), json!({"kid": 5})]
    {
        let mut header = unknown.header();
        header.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        login.refuses(&unknown.sign(&header.to_string(), &login.claims(json!({}))), &change.to_string()).await;
    }
    login.refuses(&login.token_of(&unknown, json!({"iss": "https://other.example"})), "nobody's").await;
    login.refuses(&login.token_of(&unknown, json!({"pad": "x".repeat(4_000)})), "long").await;
    assert_eq!(login.issuer.fetched(), 1);
}

#[tokio::test]
async fn an_issuer_that_is_away_keeps_nobody_from_starting() {
    let key = SigningKey::ed("a");
    let issuer = Issuer::start(&[&key]).await;
    issuer.answers(StatusCode::SERVICE_UNAVAILABLE, String::new());
    // The other ones do not even take connections, and do not exist.
    let configured = vec![
        config(&issuer.url, &json!({})),
        config("http://127.0.0.1:1", &json!({})),
        config("https://login.invalid", &json!({})),
        config("of-a-file", &json!({"keys": {"file": "/nowhere/jwks.json"}})),
    ];
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.issuers = configured).await;
    let login = Login { service, issuer, key };
    for away in ["http://127.0.0.1:1", "https://login.invalid", "of-a-file"] {
        login.refuses(&login.token(json!({ "iss": away })), away).await;
    }
    assert_eq!(login.service.ask(None, super::WHO).await.data("/viewer/role"), "ANONYMOUS");
    login.issuer.publishes(&[&login.key]);
    login.accepts(&login.token(json!({})), "KENNISCENTRUM", "back").await;
    assert_eq!(login.issuer.fetched(), 2);
}

#[tokio::test]
async fn keys_come_from_an_address_or_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("jwks.json");
    let (first, second) = (SigningKey::ec("a"), SigningKey::ec("b"));
    fs::write(&file, json!({"keys": [first.jwk()]}).to_string()).unwrap();
    let login = Login::with(first, json!({"keys": {"file": file}})).await;
    login.accepts(&login.token(json!({})), "KENNISCENTRUM", "of the file").await;
    // The same rule: read again when a key is missed.
    fs::write(&file, json!({"keys": [second.jwk()]}).to_string()).unwrap();
    login.accepts(&login.token_of(&second, json!({})), "KENNISCENTRUM", "of the new file").await;
    login.refuses(&login.token(json!({})), "no longer in the file").await;
    assert_eq!((login.issuer.discovered(), login.issuer.fetched()), (0, 0));

    let elsewhere = Issuer::start(&[&second]).await;
    let login = Login::with(second, json!({"keys": {"url": elsewhere.keys_url()}})).await;
    login.accepts(&login.token(json!({})), "KENNISCENTRUM", "of the address").await;
    assert_eq!((login.issuer.discovered(), login.issuer.fetched(), elsewhere.fetched()), (0, 0, 1));
}

#[tokio::test]
async fn an_issuer_speaks_for_itself() {
    for (changed, why) in [
        (json!({"issuer": "https://other.example"}), "another issuer"),
        (json!({"issuer": null}), "no issuer"),
        (json!({"jwks_uri": null}), "no keys"),
        (json!({"jwks_uri": "http://login.example/jwks.json"}), "keys over plain HTTP"),
        (json!({"jwks_uri": "file:///etc/passwd"}), "keys in a file"),
    ] {
        let login = Login::new().await;
        let unseen = SigningKey::ed("unseen");
        login.issuer.publishes(&[&login.key, &unseen]);
        let good = json!({"issuer": login.issuer.url, "jwks_uri": login.issuer.keys_url()});
        login.issuer.says(&super::merged(&good, &changed));
        login.refuses(&login.token_of(&unseen, json!({})), why).await;
        assert_eq!((login.issuer.discovered(), login.issuer.fetched()), (2, 1), "{why}");
        login.accepts(&login.token(json!({})), "KENNISCENTRUM", "what was known stays").await;
    }
}

#[tokio::test]
async fn keys_that_cannot_be_read_leave_those_that_were() {
    let keys = |keys: Vec<Value>| json!({ "keys": keys });
    for what in ["redirect", "error", "html", "huge", "weak"] {
        let login = Login::new().await;
        let unseen = SigningKey::ed("unseen");
        let elsewhere = Issuer::start(&[&unseen]).await;
        let both = keys(vec![login.key.jwk(), unseen.jwk()]).to_string();
        match what {
            "redirect" => login.issuer.redirects(&elsewhere.keys_url()),
            "error" => login.issuer.answers(StatusCode::INTERNAL_SERVER_ERROR, both),
            "html" => login.issuer.answers(StatusCode::OK, "<html>".into()),
            "huge" => login.issuer.answers(StatusCode::OK, both + &" ".repeat(256 * 1024)),
            _ => {
                let mut symmetric = unseen.jwk();
                symmetric["kty"] = json!("oct");
                symmetric["k"] = symmetric["x"].clone();
                login.issuer.answers(StatusCode::OK, keys(vec![login.key.jwk(), symmetric]).to_string());
            }
        }
        login.refuses(&login.token_of(&unseen, json!({})), what).await;
        assert_eq!((login.issuer.fetched(), elsewhere.fetched()), (2, 0), "{what}");
        login.accepts(&login.token(json!({})), "KENNISCENTRUM", what).await;
    }
}
