//! The claims: all of them, of their types, once, within their times, and of one role.

use serde_json::{Value, json};

use super::{Forge, encoded};
use crate::support::databases::on_both_databases;

#[tokio::test]
async fn every_claim_is_there_and_of_its_type() {
    let forge = Forge::sqlite().await;
    for claim in ["iss", "aud", "exp", "nbf", "iat", "sub", "jti", "client_id", "role"] {
        forge.refuses(&forge.token(&forge.with(json!({ claim: null }))), claim).await;
        let own = &forge.claims[claim];
        let wrong = [json!(true), json!([own]), json!({"a": own}), json!(""), json!(-1), json!(1.5)];
        for value in wrong.into_iter().chain([if own.is_string() { json!(1) } else { json!(own.to_string()) }]) {
            // An empty text is no wrong type, and what we do not use may be empty.
            if !(value == "" && (claim == "jti" || claim == "client_id")) {
                forge.refuses(&forge.token(&forge.with(json!({ claim: value }))), &format!("{claim} {value}")).await;
            }
        }
        let text = forge.with(json!({})).replace(&format!("\"{claim}\":{own}"), &format!("\"{claim}\":null"));
        forge.refuses(&forge.token(&text), &format!("{claim} null")).await;
    }
    for (claim, value) in [
        ("iss", "other"),
        ("iss", "Zorgkaart"),
        ("iss", "zorgkaart "),
        ("aud", "other"),
        ("aud", "zorgkaart,other"),
        ("sub", "kenniscentrum2"),
        ("sub", "Kenniscentrum"),
        ("sub", "passport:0"),
    ] {
        forge.refuses(&forge.token(&forge.with(json!({ claim: value }))), &format!("{claim} {value}")).await;
    }
    for audiences in [json!(["zorgkaart"]), json!(["other", "zorgkaart"]), json!([])] {
        forge.refuses(&forge.token(&forge.with(json!({"aud": audiences, "iss": audiences}))), "several").await;
        forge.refuses(&forge.token(&forge.with(json!({ "aud": audiences }))), "several").await;
    }
    forge
        .accepts(&forge.token(&forge.with(json!({"scope": "x", "nonce": [1], "email": null}))), "KENNISCENTRUM", "more")
        .await;
}

#[tokio::test]
async fn a_token_lives_from_its_beginning_to_its_end() {
    let forge = Forge::sqlite().await;
    let now = forge.now;
    let times = |iat: i64, nbf: i64, exp: i64| forge.token(&forge.with(json!({"iat": iat, "nbf": nbf, "exp": exp})));
    for (iat, nbf, exp, why) in [
        (now, now, now + 1, "a second"),
        (now, now, now + 3_600, "an hour"),
        (now - 3_600, now - 3_600, now, "an hour until now"),
        (now - 60, now - 60, now - 4, "ended within the leeway"),
        (now + 5, now, now + 60, "issued within the leeway"),
        (now, now + 5, now + 60, "begins within the leeway"),
        (now, 0, now + 60, "long begun"),
    ] {
        forge.accepts(&times(iat, nbf, exp), "KENNISCENTRUM", why).await;
    }
    for (iat, nbf, exp, why) in [
        (now - 60, now - 60, now - 5, "ended beyond the leeway"),
        (now - 60, now - 60, now - 6, "ended by a second more"),
        (now - 3_000, now - 3_000, now - 1_000, "long ended"),
        (now + 6, now, now + 60, "issued in the future"),
        (now, now + 6, now + 60, "begins in the future"),
        (now, now, now + 3_601, "a second more than an hour"),
        (now - 10, now, now + 3_591, "a second more than an hour, begun"),
        (0, 0, now + 60, "issued in 1970"),
        (now, now, (now + 60) * 1_000, "milliseconds"),
        (now * 1_000, now * 1_000, now * 1_000 + 60, "all in milliseconds"),
        (now, now, i64::MAX, "the end of time"),
        (now + 4, now, now + 3, "ends before it begins"),
        (now, now, 0, "ended in 1970"),
    ] {
        forge.refuses(&times(iat, nbf, exp), why).await;
    }
    for exp in
        [json!(u64::MAX), json!(u64::MAX - 4), json!(1e300), json!(now + 60).as_f64().map(|n| json!(n + 0.5)).unwrap()]
    {
        forge.refuses(&forge.token(&forge.with(json!({ "exp": exp }))), &exp.to_string()).await;
        forge.refuses(&forge.token(&forge.with(json!({"iat": exp, "exp": exp}))), &exp.to_string()).await;
    }
    let huge = forge
        .with(json!({}))
        .replace(&format!("\"exp\":{}", forge.claims["exp"]), "\"exp\":99999999999999999999999999");
    forge.refuses(&forge.token(&huge), "beyond 64 bits").await;
}

#[tokio::test]
async fn a_claim_is_made_once() {
    let forge = Forge::sqlite().await;
    let good = forge.with(json!({}));
    for (claim, value) in forge.claims.as_object().unwrap() {
        let before = good.replacen('{', &format!("{{\"{claim}\":{value},"), 1);
        forge.refuses(&forge.token(&before), claim).await;
        let escaped = good.replacen('{', &format!("{{\"\\u00{:02x}{}\":{value},", claim.as_bytes()[0], &claim[1..]), 1);
        forge.refuses(&forge.token(&escaped), claim).await;
    }
    for payload in
        ["", "{}", "[]", "null", "\"x\"", &format!("{good}{good}"), &format!("[{good}]"), &good[..good.len() - 1]]
    {
        forge.refuses(&forge.token(payload), payload).await;
    }
    // A claim that is not ours is not looked at, however deep.
    let nested = good.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(1_000), "]".repeat(1_000)), 1);
    forge.accepts(&forge.token(&nested), "KENNISCENTRUM", "nested").await;
}

#[tokio::test]
async fn a_token_that_was_changed_is_refused() {
    let forge = Forge::sqlite().await;
    let token = forge.token(&forge.with(json!({})));
    let parts: Vec<&str> = token.split('.').collect();
    let elevated = forge.with(json!({"exp": forge.now + 3_000}));
    forge.refuses(&format!("{}.{}.{}", parts[0], encoded(elevated), parts[2]), "another payload").await;
    // Any character of any part.
    for at in (0..token.len()).step_by(3).chain(token.len() - 3..token.len()) {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        forge.refuses(&String::from_utf8(changed).unwrap(), &format!("character {at}")).await;
    }
    for changed in [
        format!("{token}="),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}A"),
        format!("{token}.{}", parts[2]),
        format!(" {token}"),
        format!("\"{token}\""),
        token.replace('.', ".."),
        token[..token.len() - 1].into(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        "..".into(),
        ".".into(),
        "x".into(),
        token.replace('_', "/").replace('-', "+") + "/",
        token.to_lowercase(),
    ] {
        forge.refuses(&changed, &changed).await;
    }
}

on_both_databases! {
    async fn a_role_comes_with_what_belongs_to_it_and_nothing_else(db: TestDatabase) {
        let forge = Forge::on(db).await;
        let passport = forge.service.store.database().passport_by_number("DEMO-0001").await.unwrap().unwrap().0;
        let provider = forge.service.ask(None, "{ providers(first: 1) { edges { node { id } } } }").await;
        let provider = provider.data("/providers/edges/0/node/id").as_str().unwrap().strip_prefix("provider_").unwrap().to_owned();
        let nobody = "01a22ee6b00076108d3c1550e8b71ef8";
        let simple = passport.simple().to_string();
        let zk = |regions: Value, sub: &str| json!({"role": "ZORGKANTOOR", "regions": regions, "sub": format!("zorgkantoor:{sub}")});
        let holder = |passport: &str| json!({"role": "PASSPORT_HOLDER", "passport": passport, "sub": format!("passport:{passport}")});
        let staff = |provider: &str| json!({"role": "PROVIDER", "provider": provider, "sub": format!("provider:{provider}")});
        let also = |mut claims: Value, name: &str, value: Value| {
            claims[name] = value;
            claims
        };
        for (claims, role) in [
            (holder(&simple), "PASSPORT_HOLDER"),
            (also(holder(&simple), "passport", json!(passport.hyphenated().to_string())), "PASSPORT_HOLDER"),
            (staff(&provider), "PROVIDER"),
            (zk(json!(["ZK23"]), "ZK23"), "ZORGKANTOOR"),
            (zk(json!(["ZK23", "ZK01"]), "ZK23+ZK01"), "ZORGKANTOOR"),
        ] {
            forge.accepts(&forge.token(&forge.with(claims.clone())), role, &claims.to_string()).await;
        }
        let many: Vec<String> = (0..32).map(|n| format!("ZK{n:02}")).collect();
        for claims in [
            // Roles that are none, or not for tokens.
            json!({"role": "ANONYMOUS"}), json!({"role": "ANONYMOUS", "sub": ""}), json!({"role": "ADMIN"}),
            json!({"role": "kenniscentrum"}), json!({"role": 4}), json!({"role": ["KENNISCENTRUM"]}),
            // A role without what belongs to it, or with another's.
            json!({"role": "PASSPORT_HOLDER"}), json!({"role": "PROVIDER"}), json!({"role": "ZORGKANTOOR"}),
            also(holder(&simple), "provider", json!(provider)), also(holder(&simple), "regions", json!(["ZK23"])),
            also(staff(&provider), "passport", json!(simple)), also(staff(&provider), "regions", json!([])),
            also(zk(json!(["ZK23"]), "ZK23"), "provider", json!(provider)),
            json!({"passport": simple}), json!({"provider": provider}), json!({"regions": ["ZK23"]}),
            also(holder(&simple), "role", json!("KENNISCENTRUM")), also(staff(&provider), "role", json!("PASSPORT_HOLDER")),
            // A subject that is another's.
            also(holder(&simple), "sub", json!("kenniscentrum")), also(holder(&simple), "sub", json!(format!("passport:{nobody}"))),
            also(holder(&simple), "sub", json!(format!("passport:{}", passport.hyphenated()))),
            also(staff(&provider), "sub", json!(format!("passport:{provider}"))),
            zk(json!(["ZK23", "ZK01"]), "ZK23"), zk(json!(["ZK23"]), "ZK23+ZK01"),
            // Who does not exist.
            holder(nobody), staff(nobody), holder(&provider), staff(&simple), zk(json!(["ZK99"]), "ZK99"),
            zk(json!(["ZK23", "ZK99"]), "ZK23+ZK99"), zk(json!([]), ""), zk(json!([""]), ""), zk(json!(["zk23"]), "zk23"),
            zk(json!("ZK23"), "ZK23"), zk(json!([23]), "23"), zk(json!(many), &many.join("+")),
            holder("x"), holder(""), staff("' OR 1=1 --"), also(holder(&simple), "passport", json!(1)),
        ] {
            forge.refuses(&forge.token(&forge.with(claims.clone())), &claims.to_string()).await;
        }
    }
}
