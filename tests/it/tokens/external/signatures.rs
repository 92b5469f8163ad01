//! The header and the signature of a token of others: the algorithms, the type and the keys of that issuer.

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::{
    super::{encoded, key as own_key, merged},
    Login, config,
};
use crate::support::{
    databases::TestDatabase,
    issuer::{Issuer, SigningKey},
    service::Service,
};

/// A token whose header has changes: null takes a member out.
#[expect(clippy::needless_pass_by_value, reason = "changes are written where they are made")]
fn headed(login: &Login, key: &SigningKey, changes: Value) -> String {
    key.sign(&merged(&key.header(), &changes).to_string(), &login.claims(json!({})))
}

#[tokio::test]
async fn an_issuer_signs_with_the_algorithms_of_its_configuration() {
    let (rsa, ec, ed) = (SigningKey::rsa("rsa"), SigningKey::ec("ec"), SigningKey::ed("ed"));
    let login = Login::with(SigningKey::ec("only"), json!({"algorithms": ["ES256"]})).await;
    login.issuer.publishes(&[&rsa, &ec, &ed, &login.key]);
    login.accepts(&login.token_of(&ec, json!({})), "KENNISCENTRUM", "ES256").await;
    for key in [&rsa, &ed] {
        login.refuses(&login.token_of(key, json!({})), key.alg()).await;
    }
    // Another key's algorithm, and names of algorithms that are none.
    for alg in ["RS256", "EdDSA", "none", "None", "", "es256", "HS256", "ES384", "PS256"] {
        login.refuses(&headed(&login, &ec, json!({ "alg": alg })), alg).await;
        let unsigned = headed(&login, &ec, json!({ "alg": alg }));
        login.refuses(&unsigned[..=unsigned.rfind('.').unwrap()], alg).await;
    }
    for changes in [json!({"alg": null}), json!({"alg": ["ES256"]}), json!({"alg": 1})] {
        login.refuses(&headed(&login, &ec, changes), "no algorithm").await;
    }
}

#[tokio::test]
async fn a_public_key_is_no_secret() {
    for key in [SigningKey::rsa("a"), SigningKey::ec("a"), SigningKey::ed("a")] {
        let login = Login::with(key, json!({})).await;
        let public = login.key.public();
        let jwk = login.key.jwk();
        let known = [public.to_vec(), encoded(public).into_bytes(), jwk.to_string().into_bytes()];
        for (alg, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            for secret in &known {
                let header = json!({"typ": "at+jwt", "alg": alg, "kid": "a"}).to_string();
                let message = format!("{}.{}", encoded(header), encoded(login.claims(json!({}))));
                let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
                login.refuses(&format!("{message}.{}", encoded(tag)), alg).await;
            }
        }
        let token = login.token(json!({}));
        let message = &token[..token.rfind('.').unwrap()];
        for length in [0, 32, 64, 256] {
            login.refuses(&format!("{message}.{}", encoded(vec![0; length])), "zeros").await;
        }
    }
}

#[tokio::test]
async fn a_key_is_named_by_an_id_of_that_issuer() {
    let login = Login::new().await;
    for kid in [
        json!(null),
        json!(1),
        json!(["first"]),
        json!(""),
        json!("First"),
        json!("first\0"),
        json!("../first"),
        json!("./first"),
        json!("../../../../etc/passwd"),
        json!("/dev/null"),
        json!("' OR 1=1 --"),
        json!(login.issuer.keys_url()),
        json!("k".repeat(2_000)),
    ] {
        login.refuses(&headed(&login, &login.key, json!({ "kid": kid })), &kid.to_string()).await;
    }
}

#[tokio::test]
async fn a_key_that_a_token_brings_along_is_not_looked_at() {
    let login = Login::new().await;
    let foreign = SigningKey::ed("first");
    let theirs = Issuer::start(&[&foreign]).await;
    for brought in [
        json!({"jwk": foreign.jwk()}),
        json!({"jku": theirs.keys_url()}),
        json!({"x5u": theirs.keys_url()}),
        json!({"x5c": [encoded(foreign.public())]}),
    ] {
        login.accepts(&headed(&login, &login.key, brought.clone()), "KENNISCENTRUM", &brought.to_string()).await;
        login.refuses(&headed(&login, &foreign, brought.clone()), &brought.to_string()).await;
    }
    assert_eq!(theirs.fetched(), 0);
}

#[tokio::test]
async fn a_token_is_of_the_type_of_the_configuration_and_asks_for_nothing_more() {
    let login = Login::new().await;
    for crit in [json!([]), json!(["exp"]), json!("exp"), json!({}), json!(false)] {
        login.refuses(&headed(&login, &login.key, json!({ "crit": crit })), &crit.to_string()).await;
    }
    let null = login.key.header().to_string().replacen('{', "{\"crit\":null,", 1);
    login.refuses(&login.key.sign(&null, &login.claims(json!({}))), "crit null").await;
    for typ in [json!(null), json!("JWT"), json!("id+jwt"), json!(""), json!("at+jwt "), json!(1), json!(["at+jwt"])] {
        login.refuses(&headed(&login, &login.key, json!({ "typ": typ })), &typ.to_string()).await;
    }
    login.accepts(&headed(&login, &login.key, json!({"typ": "AT+JWT"})), "KENNISCENTRUM", "in capitals").await;
    let other = Login::with(SigningKey::ed("a"), json!({"type": "JWT"})).await;
    other.accepts(&headed(&other, &other.key, json!({"typ": "JWT"})), "KENNISCENTRUM", "as configured").await;
    other.refuses(&other.token(json!({})), "at+jwt is not configured").await;
}

#[tokio::test]
async fn no_issuer_signs_for_another() {
    let (one_key, other_key) = (SigningKey::ed("same"), SigningKey::ed("same"));
    let (one, other) = (Issuer::start(&[&one_key]).await, Issuer::start(&[&other_key]).await);
    let configured = vec![
        config(&one.url, &json!({})),
        config(&other.url, &json!({"audience": "other-map", "roles": {"office": "ZORGKANTOOR"}})),
    ];
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.issuers = configured).await;
    let (other_url, own) = (other.url.clone(), service.token(&Subject::Kenniscentrum));
    let (own_kid, own_pair) = own_key(service.data_dir.path());
    let login = Login { service, issuer: one, key: one_key };

    login.accepts(&login.token(json!({})), "KENNISCENTRUM", "one").await;
    let office = json!({"iss": other_url, "aud": "other-map", "role": "office", "regions": "ZK23"});
    login.accepts(&login.token_of(&other_key, office.clone()), "ZORGKANTOOR", "the other").await;
    login.accepts(&own, "KENNISCENTRUM", "our own").await;

    login.refuses(&login.token_of(&other_key, json!({})), "the other's key, one's name").await;
    login.refuses(&login.token(office.clone()), "one's key, the other's name").await;
    let greedy = merged(&office, &json!({"role": "centre", "regions": null}));
    login.refuses(&login.token_of(&other_key, greedy), "a role of one's list only").await;
    let strayed = merged(&office, &json!({"aud": "the-map"}));
    login.refuses(&login.token_of(&other_key, strayed), "one's audience").await;

    // Our own key signs for nobody else, and theirs not for us.
    let header = json!({"typ": "at+jwt", "alg": "EdDSA", "kid": own_kid}).to_string();
    let message = format!("{}.{}", encoded(header), encoded(login.claims(json!({}))));
    login.refuses(&format!("{message}.{}", encoded(own_pair.sign(message.as_bytes()))), "our key, their name").await;
    let as_ours = json!({"iss": "zorgkaart", "aud": "zorgkaart", "sub": "kenniscentrum", "role": "KENNISCENTRUM",
        "client_id": "zorgkaart", "jti": "x"});
    login.refuses(&login.token(as_ours.clone()), "their key, our name").await;
    let named =
        login.key.sign(&json!({"typ": "at+jwt", "alg": "EdDSA", "kid": own_kid}).to_string(), &login.claims(as_ours));
    login.refuses(&named, "their key, our names").await;
}
