//! The claims of a token of others: all of them, of their types, once, within their times.

use serde_json::json;

use super::{super::encoded, Login};
use crate::support::issuer::SigningKey;

#[tokio::test]
async fn every_claim_is_there_and_of_its_type() {
    let login = Login::new().await;
    for claim in ["iss", "aud", "sub", "iat", "nbf", "exp", "role"] {
        for value in [json!(null), json!(true), json!(-1), json!(1.5), json!({}), json!([]), json!([[]]), json!("")] {
            login.refuses(&login.token(json!({ claim: value })), &format!("{claim} {value}")).await;
        }
        let good: serde_json::Value = serde_json::from_str(&login.claims(json!({}))).unwrap();
        let null =
            login.claims(json!({})).replace(&format!("\"{claim}\":{}", good[claim]), &format!("\"{claim}\":null"));
        login.refuses(&login.key.sign(&login.key.header().to_string(), &null), claim).await;
    }
    let iss = &login.issuer.url;
    for changed in [
        json!({"aud": "zorgkaart"}),
        json!({"aud": "The-Map"}),
        json!({"aud": ["the-map", "other"]}),
        json!({"aud": ["the-map", "the-map"]}),
        json!({"iss": format!("{iss}/")}),
        json!({"iss": iss.to_uppercase()}),
        json!({"iss": [iss]}),
        json!({"iss": "zorgkaart", "aud": "zorgkaart"}),
        json!({"sub": 5}),
        json!({"sub": "x".repeat(256)}),
        json!({"sub": "a\nb"}),
    ] {
        login.refuses(&login.token(changed.clone()), &changed.to_string()).await;
    }
    login
        .accepts(&login.token(json!({"aud": ["the-map"], "scope": "x", "nonce": [{}]})), "KENNISCENTRUM", "more")
        .await;
}

#[tokio::test]
async fn a_token_lives_from_its_beginning_to_its_end() {
    let login = Login::new().await;
    let now = login.service.clock.now().timestamp();
    for (iat, nbf, exp) in [(now, now, now + 3_600), (now - 60, now - 60, now - 4), (now + 5, now + 5, now + 60)] {
        let token = login.token(json!({"iat": iat, "nbf": nbf, "exp": exp}));
        login.accepts(&token, "KENNISCENTRUM", &format!("{iat} {nbf} {exp}")).await;
    }
    for (iat, nbf, exp, why) in [
        (json!(now - 60), json!(now - 60), json!(now - 5), "ended"),
        (json!(now + 6), json!(now), json!(now + 60), "issued in the future"),
        (json!(now), json!(now + 6), json!(now + 60), "not begun"),
        (json!(now), json!(now), json!(now + 3_601), "too long"),
        (json!(now), json!(now), json!((now + 60) * 1_000), "milliseconds"),
        (json!(now), json!(now), json!(u64::MAX), "for ever"),
        (json!(u64::MAX), json!(now), json!(u64::MAX), "for ever, issued then"),
        (json!(now + 4), json!(now), json!(now + 3), "ends before it begins"),
    ] {
        login.refuses(&login.token(json!({"iat": iat, "nbf": nbf, "exp": exp})), why).await;
    }
    let lax = Login::with(SigningKey::ed("a"), json!({"require_nbf": false})).await;
    lax.accepts(&lax.token(json!({"nbf": null})), "KENNISCENTRUM", "no nbf").await;
    lax.refuses(&lax.token(json!({"nbf": now + 6})), "not begun").await;
    lax.refuses(&lax.token(json!({"nbf": "x"})), "no time").await;
}

#[tokio::test]
async fn nothing_is_said_twice() {
    let login = Login::new().await;
    let (header, payload) = (login.key.header().to_string(), login.claims(json!({})));
    let sign = |header: &str, payload: &str| login.key.sign(header, payload);
    for member in ["iss", "aud", "sub", "iat", "nbf", "exp", "role"] {
        let good: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let before = payload.replacen('{', &format!("{{\"{member}\":{},", good[member]), 1);
        login.refuses(&sign(&header, &before), member).await;
        let escaped = payload.replacen('{', &format!("{{\"\\u00{:02x}{}\":5,", member.as_bytes()[0], &member[1..]), 1);
        login.refuses(&sign(&header, &escaped), member).await;
    }
    for inside in [r#""x":{"a":1,"a":2},"#, r#""x":[[{"a":{"b":1,"b":1}}]],"#, r#""x":1,"x":1,"#] {
        login.refuses(&sign(&header, &payload.replacen('{', &format!("{{{inside}"), 1)), inside).await;
        login.refuses(&sign(&header.replacen('{', &format!("{{{inside}"), 1), &payload), inside).await;
    }
    for member in [r#""alg":"none""#, r#""alg":"EdDSA""#, r#""kid":"first""#, r#""typ":"JWT""#] {
        login.refuses(&sign(&header.replacen('{', &format!("{{{member},"), 1), &payload), member).await;
    }
    for wrong in ["", "{}", "[]", "null", &format!("{payload}{payload}"), &payload[1..]] {
        login.refuses(&sign(&header, wrong), wrong).await;
        login.refuses(&sign(wrong, &payload), wrong).await;
    }
}

#[tokio::test]
async fn a_token_is_at_most_4_kb_and_as_it_was_signed() {
    let login = Login::new().await;
    let padded = |bytes: usize| login.token(json!({ "pad": "x".repeat(bytes) }));
    let longest = (0..4_096).rev().map(padded).find(|token| token.len() <= 4_096).unwrap();
    assert!(longest.len() > 4_090);
    login.accepts(&longest, "KENNISCENTRUM", "4 KB").await;
    login.refuses(&(2_000..4_096).map(padded).find(|token| token.len() > 4_096).unwrap(), "more").await;

    let token = login.token(json!({}));
    let parts: Vec<&str> = token.split('.').collect();
    let elevated = encoded(login.claims(json!({"role": "office", "regions": "ZK23"})));
    login.refuses(&format!("{}.{elevated}.{}", parts[0], parts[2]), "another payload").await;
    for at in (0..token.len()).step_by(7).chain(token.len() - 3..token.len()) {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        login.refuses(&String::from_utf8(changed).unwrap(), &format!("character {at}")).await;
    }
    for changed in [
        format!("{token}="),
        format!("{token}."),
        format!(".{token}"),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        token[..token.len() - 1].into(),
    ] {
        login.refuses(&changed, &changed).await;
    }
}
