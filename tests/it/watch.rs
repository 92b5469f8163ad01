//! The watch over the log of this whole test run (`tests/support/watch.rs`).

use std::{env, process::Command};

use reqwest::header::{HeaderMap, HeaderValue};
use zorgkaart::{
    auth::Subject,
    care::{demo::demo, passport::IssuedPassport, shipped::reference},
};

use crate::support::{
    databases::{DEMO_DATE, TestDatabase},
    service::Service,
    watch::given_away,
};

/// Set for the process that logs what it must not.
const LEAK: &str = "ZORGKAART_TEST_LEAK";
const LEAKING: &str = "watch::what_is_given_away_ends_the_process";

#[tokio::test]
async fn what_is_personal_or_secret_is_seen() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let line = |text: &str| format!(r#"{{"level":"INFO","message":"it is {text}, so","target":"zorgkaart::http"}}"#);
    let demo = demo(&reference().unwrap(), 1, DEMO_DATE).unwrap();
    let mut given = vec![
        service.token(&Subject::Kenniscentrum),
        format!("{}.{}", "0f".repeat(16), "a-_9".repeat(11).split_off(1)),
        "ZP-7K2QM-4XW9T".into(),
        "HD3R8-M1VZP".into(),
        "$argon2id$v=19$m=19456,t=2,p=1$AA$AA".into(),
        "mens@demo.example".into(),
    ];
    given.extend(demo.passports.into_iter().map(|IssuedPassport { number, .. }| number));
    for contact in demo.contacts {
        given.extend([Some(contact.name), contact.email].into_iter().flatten());
    }
    for text in given {
        assert!(given_away(line(&text).as_bytes()).is_some(), "{text}");
        // Wherever it stands in the line.
        assert!(given_away(text.as_bytes()).is_some(), "{text}");
    }
    // What is public is no secret, though people work there.
    for provider in demo.bundles.into_iter().map(|bundle| bundle.provider) {
        for text in [Some(provider.name.into()), provider.phone, provider.email].into_iter().flatten() {
            assert_eq!(given_away(line(&text).as_bytes()), None, "{text}");
        }
    }
    for text in [
        "the keys of an issuer were read",
        "answered in 1234.5 ms by 01a22ee6-b000-72bf-9ddadd310bb2797c",
        "2026-12-01T12:00:00.000000Z",
        "passport, contacts, activatePassport",
    ] {
        assert_eq!(given_away(line(text).as_bytes()), None, "{text}");
    }
}

/// Of a real service, over HTTP: a client may name its request, and the name is in the log.
#[tokio::test]
async fn what_is_given_away_ends_the_process() {
    if env::var_os(LEAK).is_none() {
        let mut leaking = Command::new(env::current_exe().unwrap());
        let output = leaking.args(["--exact", LEAKING]).env(LEAK, "1").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(101), "{said}");
        assert!(said.contains("THE LOG HOLDS a passport number of the demo: {"), "{said}");
        return;
    }
    let service = Service::start(TestDatabase::sqlite().await).await;
    let mut headers = HeaderMap::new();
    headers.insert("x-request-id", HeaderValue::from_static("DEMO-0001"));
    service.post(headers, "").await;
}
