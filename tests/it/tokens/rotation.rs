//! Keys that rotate: the new one signs once it has been handed round, the old one verifies until its tokens are gone.

use std::{fs, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::JwkSet;
use serde_json::Value;
use uuid::{NoContext, Timestamp, Uuid};
use zorgkaart::auth::{Authority, Keys, Subject};

use crate::support::{databases::TestDatabase, service::Service};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
}

fn authority(directory: &std::path::Path) -> Authority {
    Authority::new(Keys::load(directory).unwrap(), "zorgkaart".into(), "zorgkaart".into())
}

fn token(authority: &Authority, now: DateTime<Utc>) -> (String, String) {
    let token = authority.issue(&Subject::Kenniscentrum, now, TimeDelta::hours(1), Uuid::now_v7()).unwrap();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    (header["kid"].as_str().unwrap().to_owned(), token)
}

#[test]
fn a_new_key_signs_after_ten_minutes_and_an_old_one_verifies_until_its_tokens_are_gone() {
    let data_dir = tempfile::tempdir().unwrap();
    let directory = data_dir.path().join("keys");
    let seconds = u64::try_from(at(-1000).timestamp()).unwrap();
    Keys::ensure(&directory, || Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0))).unwrap();
    let (first, old_token) = token(&authority(&directory), at(0));

    let rotated = Keys::rotate(&directory, at(0)).unwrap();
    assert_eq!((rotated.signs_from, rotated.removed.len()), (at(10), 0));
    let both = authority(&directory);
    assert_eq!(token(&both, at(9)).0, first, "replicas that do not have the new key yet would refuse its tokens");
    let (second, new_token) = token(&both, at(10));
    assert_eq!(second, rotated.made);
    assert!(both.verify(&old_token, at(30)).is_ok() && both.verify(&new_token, at(30)).is_ok());

    // Too early to remove the first: a token of the tenth minute may live an hour.
    let again = Keys::rotate(&directory, at(70)).unwrap();
    assert_eq!(again.removed.len(), 0);
    let later = Keys::rotate(&directory, at(131)).unwrap();
    assert_eq!(later.removed, [first]);
    let left = authority(&directory);
    assert!(left.verify(&old_token, at(30)).is_err());
    assert!(left.verify(&new_token, at(30)).is_ok());
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 3);
}

/// The service takes keys as they come and go, and shows the public ones to whoever verifies its tokens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_service_has_a_new_key_without_a_restart() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let published = async || -> JwkSet {
        let answer = service.get("/.well-known/jwks.json").await;
        assert_eq!(answer.status, 200);
        assert!(!answer.text.contains("\"d\""), "a private key");
        serde_json::from_str(&answer.text).unwrap()
    };
    assert_eq!(published().await.keys.len(), 1);
    let token = service.token(&Subject::Kenniscentrum);
    let rotated = Keys::rotate(&service.data_dir.path().join("keys"), service.clock.now()).unwrap();
    let both = async { while published().await.keys.len() < 2 {} };
    tokio::time::timeout(Duration::from_secs(30), both).await.unwrap();
    assert_eq!(service.ask(Some(&token), "{ viewer { role } }").await.data("/viewer/role"), "KENNISCENTRUM");

    // Somebody else's reader verifies our token by what is published.
    let set = published().await;
    assert!(set.find(&rotated.made).is_some());
    let header = jsonwebtoken::decode_header(&token).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(set.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut checks = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    checks.set_audience(&["zorgkaart"]);
    // The clock of the demo stands.
    checks.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &checks).unwrap().claims;
    assert_eq!(claims["role"], "KENNISCENTRUM");
}
