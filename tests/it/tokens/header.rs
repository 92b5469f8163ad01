//! The protected header and the signature: one algorithm, one type, our own keys.

use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use serde_json::json;

use super::{Forge, encoded};

#[tokio::test]
async fn a_token_is_signed_by_our_key_with_its_one_algorithm() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    let message = |header: &str| format!("{}.{}", encoded(header), encoded(&payload));
    for alg in ["none", "None", "NONE", "", "HS256", "RS256", "ES256", "PS256", "EDDSA", "eddsa", "Ed25519", "Ed448"] {
        let header = forge.header_with(json!({ "alg": alg }));
        forge.refuses(&format!("{}.", message(&header)), alg).await;
        forge.refuses(&message(&header), alg).await;
        forge.refuses(&forge.sign(&header, &payload), alg).await;
    }
    for alg in [json!(null), json!(1), json!(["EdDSA"]), json!({"EdDSA": 1})] {
        let header = if alg.is_null() {
            forge.header_with(json!({"alg": null}))
        } else {
            forge.header_with(json!({"alg": alg}))
        };
        forge.refuses(&forge.sign(&header, &payload), &header).await;
    }
    // The public key is known to all; as the secret of a symmetric algorithm it signs nothing.
    let public = forge.pair.public_key().as_ref();
    let spki = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], public].concat();
    for (alg, algorithm) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
        for secret in [public, &spki, encoded(public).as_bytes()] {
            let message = message(&forge.header_with(json!({ "alg": alg })));
            let tag = hmac::sign(&hmac::Key::new(algorithm, secret), message.as_bytes());
            forge.refuses(&format!("{message}.{}", encoded(tag)), alg).await;
        }
    }
    let foreign = Ed25519KeyPair::generate().unwrap();
    let message = message(&forge.header().to_string());
    forge
        .refuses(&format!("{message}.{}", encoded(foreign.sign(message.as_bytes()))), "a foreign key with our kid")
        .await;
    for (signature, why) in
        [(vec![0; 64], "zeros"), (vec![], "none"), (forge.pair.sign(b"x").as_ref().to_vec(), "of something else")]
    {
        forge.refuses(&format!("{message}.{}", encoded(signature)), why).await;
    }
}

#[tokio::test]
async fn a_key_is_named_by_an_id_of_ours() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    let kid = &forge.kid;
    let path = forge.service.data_dir.path().join("keys").join(format!("{kid}.der"));
    for other in [
        "unknown",
        "",
        "0",
        &kid.to_uppercase(),
        &format!(" {kid}"),
        &format!("{kid}\0"),
        &format!("{kid}.der"),
        &format!("./{kid}"),
        &format!("../keys/{kid}"),
        path.to_str().unwrap(),
        "/dev/null",
        "../../../../etc/passwd",
        "' OR 1=1 --",
        "http://127.0.0.1:1/key",
        &"k".repeat(2_000),
    ] {
        forge.refuses(&forge.sign(&forge.header_with(json!({ "kid": other })), &payload), other).await;
    }
    for other in [json!(1), json!([kid]), json!({"kid": kid})] {
        forge.refuses(&forge.sign(&forge.header_with(json!({ "kid": other })), &payload), "no text").await;
    }
    forge.refuses(&forge.sign(&forge.header_with(json!({"kid": null})), &payload), "no kid").await;
}

#[tokio::test]
async fn a_key_that_a_token_brings_along_is_not_looked_at() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    let foreign = Ed25519KeyPair::generate().unwrap();
    let x = encoded(foreign.public_key());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": forge.kid, "alg": "EdDSA", "use": "sig"});
    for brought in [
        json!({"jwk": jwk}),
        json!({"jku": "http://127.0.0.1:1/jwks.json"}),
        json!({"x5u": "file:///etc/passwd"}),
        json!({"x5c": ["MIIB"], "x5t": "x", "x5t#S256": 5}),
    ] {
        let header = forge.header_with(brought);
        // It changes nothing: ours is accepted, a foreign one is not.
        forge.accepts(&forge.sign(&header, &payload), "KENNISCENTRUM", &header).await;
        let message = format!("{}.{}", encoded(&header), encoded(&payload));
        forge.refuses(&format!("{message}.{}", encoded(foreign.sign(message.as_bytes()))), &header).await;
    }
}

#[tokio::test]
async fn what_must_be_understood_is_not_understood() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    for crit in ["[\"exp\"]", "[\"b64\"]", "[]", "\"exp\"", "null", "{}", "0", "false"] {
        let header = forge.header().to_string().replacen('{', &format!("{{\"crit\":{crit},"), 1);
        forge.refuses(&forge.sign(&header, &payload), &header).await;
    }
}

#[tokio::test]
async fn a_token_is_an_access_token() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    for typ in [json!("JWT"), json!("jwt"), json!("id+jwt"), json!(""), json!("at+jwt "), json!(1), json!(["at+jwt"])] {
        forge.refuses(&forge.sign(&forge.header_with(json!({ "typ": typ })), &payload), &typ.to_string()).await;
    }
    forge.refuses(&forge.sign(&forge.header_with(json!({"typ": null})), &payload), "no typ").await;
    let null = forge.header().to_string().replace("\"at+jwt\"", "null");
    forge.refuses(&forge.sign(&null, &payload), "typ null").await;
}

#[tokio::test]
async fn a_header_is_one_object_without_duplicates() {
    let forge = Forge::sqlite().await;
    let payload = forge.with(json!({}));
    let good = forge.header().to_string();
    for member in
        ["\"alg\":\"none\"", "\"alg\":\"EdDSA\"", "\"kid\":\"x\"", "\"typ\":\"JWT\"", "\"a\\u006cg\":\"EdDSA\""]
    {
        forge.refuses(&forge.sign(&good.replacen('{', &format!("{{{member},"), 1), &payload), member).await;
    }
    for header in [
        "",
        "{}",
        "[]",
        "null",
        "1",
        "\"EdDSA\"",
        &format!("[{good}]"),
        &format!("{good}{good}"),
        &format!("{good}\0"),
        &good[1..],
    ] {
        forge.refuses(&forge.sign(header, &payload), header).await;
    }
    let invalid = [good.as_bytes(), b"\xff"].concat();
    forge.refuses(&format!("{}.{}.{}", encoded(invalid), encoded(&payload), encoded([0; 64])), "no UTF-8").await;
}
