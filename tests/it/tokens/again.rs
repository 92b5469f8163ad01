//! A token that was good before: its signature is not checked again, everything else is.

use chrono::TimeDelta;
use uuid::Uuid;
use zorgkaart::{
    auth::{Authority, BadToken, Keys, Subject},
    clock::Clock,
};

use crate::support::databases::DEMO_DATE;

fn keys() -> impl Fn() -> Keys {
    let directory = tempfile::tempdir().unwrap();
    Keys::ensure(&directory.path().join("keys"), Uuid::now_v7).unwrap();
    move || Keys::load(&directory.path().join("keys")).unwrap()
}

#[test]
fn what_was_good_is_looked_at_again() {
    let (own, other) = (keys(), keys());
    let authority = Authority::new(own(), "zorgkaart".into(), "zorgkaart".into());
    let now = Clock::standing_on(DEMO_DATE).now();
    let issue =
        |minutes| authority.issue(&Subject::Kenniscentrum, now, TimeDelta::minutes(minutes), Uuid::now_v7()).unwrap();
    let (token, short) = (issue(60), issue(1));
    for token in [&token, &short] {
        assert!(authority.verify(token, now).is_ok());
        let again = authority.verify(token, now).unwrap();
        assert_eq!(*again.subject(), Subject::Kenniscentrum);
    }

    // It ends, and has not begun before.
    let later = now + TimeDelta::minutes(10);
    assert!(authority.verify(&token, later).is_ok());
    assert_eq!(authority.verify(&short, later).unwrap_err(), BadToken);
    assert_eq!(authority.verify(&token, now - TimeDelta::minutes(1)).unwrap_err(), BadToken);

    // Another text is another token: its header, its claims and its signature.
    for at in [5, token.find('.').unwrap() + 5, token.rfind('.').unwrap() + 5] {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(authority.verify(&String::from_utf8(bytes).unwrap(), now).unwrap_err(), BadToken);
    }

    // It goes with its key, and comes back with it.
    authority.use_keys(other());
    assert_eq!(authority.verify(&token, now).unwrap_err(), BadToken);
    authority.use_keys(own());
    assert!(authority.verify(&token, now).is_ok());
}
