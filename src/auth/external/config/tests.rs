//! Issuers that are acceptable, and those that are not.

use serde_json::{Value, json};

use super::*;

fn with(changes: &Value) -> Value {
    let mut config = json!({"issuer": "https://login.example", "audience": "zorgkaart", "algorithms": ["RS256"],
        "roles": {"k": "KENNISCENTRUM"}});
    for (name, value) in changes.as_object().unwrap() {
        config[name] = value.clone();
    }
    config
}

fn wrong(changes: &Value) -> Option<String> {
    let config = serde_json::from_value(with(changes)).unwrap();
    check(&[config], "zorgkaart").err().map(|error| error.to_string())
}

#[test]
fn what_is_left_out_has_a_default() {
    let config: IssuerConfig = serde_json::from_value(with(&json!({}))).unwrap();
    assert_eq!((config.keys, config.token_type.as_str(), config.require_nbf), (KeySource::Discovery, "at+jwt", true));
    let claims = [config.role_claim, config.provider_claim, config.regions_claim];
    assert_eq!(claims, ["role", "provider", "regions"]);
}

#[test]
fn what_is_right_is_taken() {
    for changes in [
        json!({}),
        json!({"keys": "discovery"}),
        json!({"keys": {"url": "https://login.example/jwks?tenant=1"}}),
        json!({"keys": {"url": "http://127.0.0.1:8081/jwks"}}),
        json!({"keys": {"url": "http://[::1]/jwks"}}),
        json!({"keys": {"file": "jwks.json"}, "issuer": "urn:zorgkantoor"}),
        json!({"issuer": "http://localhost:8081/realms/zorg/"}),
        json!({"algorithms": ["RS256", "ES256", "EdDSA"], "type": "JWT"}),
        json!({"roles": {"p": "PROVIDER", "q": "PROVIDER", "z": "ZORGKANTOOR"}}),
    ] {
        assert_eq!(wrong(&changes), None, "{changes}");
    }
    let discovered = |issuer: &str| discovery_address(issuer).unwrap().to_string();
    let expected = "https://login.example/.well-known/openid-configuration";
    assert_eq!(
        (discovered("https://login.example").as_str(), discovered("https://login.example/").as_str()),
        (expected, expected)
    );
    assert_eq!(discovered("https://x.example/a/b"), "https://x.example/a/b/.well-known/openid-configuration");
}

#[test]
fn what_is_wrong_is_named() {
    for (changes, words) in [
        (json!({"roles": {"h": "PASSPORT_HOLDER"}}), &["roles", "\"h\"", "PASSPORT_HOLDER never", "login.example"][..]),
        (json!({"roles": {"k": "KENNISCENTRUM", "a": "ANONYMOUS"}}), &["roles", "\"a\"", "ANONYMOUS never"]),
        (json!({"roles": {}}), &["roles", "at least one"]),
        (json!({"roles": {"": "PROVIDER"}}), &["roles", "not empty"]),
        (json!({"algorithms": []}), &["algorithms", "RS256, ES256 and EdDSA"]),
        (json!({"audience": ""}), &["audience"]),
        (json!({"type": "at+jwt "}), &["type", "without spaces"]),
        (json!({"issuer": ""}), &["issuer"]),
        (json!({"issuer": "https://a.example\nx"}), &["issuer"]),
        (json!({"issuer": "zorgkaart"}), &["\"zorgkaart\"", "inside the program"]),
        (json!({"issuer": "login"}), &["keys", "discovery", "\"login\"", "https://"]),
        (json!({"issuer": "http://login.example"}), &["keys", "not safe", "https://"]),
        (json!({"issuer": "https://login.example?x=1"}), &["keys", "query"]),
        (json!({"keys": {"url": "http://login.example/jwks"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "http://127.0.0.1.example/jwks"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "http://localhost.example/jwks"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "http://10.0.0.1/jwks"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "file:///etc/passwd"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "ftp://127.0.0.1/x"}}), &["keys", "not safe"]),
        (json!({"keys": {"url": "https://user:secret@login.example/"}}), &["keys", "without a user"]),
        (json!({"keys": {"file": ""}}), &["keys", "file"]),
        (json!({"providers": []}), &["providers", "at least one"]),
        (json!({"regions": []}), &["regions", "at least one"]),
        (json!({"providers": ["place_1"]}), &["providers", "\"place_1\"", "not the id"]),
        (json!({"role_claim": ""}), &["role_claim"]),
        (json!({"role_claim": "sub"}), &["role_claim", "none of iss, sub"]),
        (json!({"regions_claim": "provider"}), &["regions_claim", "provider_claim"]),
    ] {
        let said = wrong(&changes).unwrap_or_default();
        assert!(words.iter().all(|word| said.contains(word)), "{changes}: {said}");
    }
    let twice: Vec<IssuerConfig> = serde_json::from_value(json!([with(&json!({})), with(&json!({}))])).unwrap();
    assert!(check(&twice, "zorgkaart").unwrap_err().to_string().contains("twice"));
}

#[test]
fn symmetric_algorithms_do_not_exist() {
    for algorithm in ["HS256", "HS512", "none", "PS256", "RS512", "ES384", "eddsa"] {
        let read = serde_json::from_value::<IssuerConfig>(with(&json!({ "algorithms": [algorithm] })));
        let said = read.unwrap_err().to_string();
        assert!(said.contains(algorithm) && said.contains("`RS256`, `ES256`, `EdDSA`"), "{said}");
    }
    assert!(serde_json::from_value::<IssuerConfig>(with(&json!({"secret": "x"}))).is_err());
}
