//! The signing keys on the disk.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use serde_json::json;
use uuid::Uuid;
use zorgkaart::auth::{KeyError, Keys, Subject};

use super::Forge;
use crate::support::{databases::TestDatabase, service::Service};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn files(directory: &Path) -> Vec<PathBuf> {
    fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn open(directory: &Path) -> Result<(), KeyError> {
    Keys::ensure(directory, Uuid::now_v7)?;
    Keys::load(directory).map(drop)
}

#[test]
fn a_key_is_made_once_and_for_this_user_only() {
    let data_dir = tempfile::tempdir().unwrap();
    let directory = data_dir.path().join("keys");
    open(&directory).unwrap();
    let made = files(&directory);
    assert_eq!(made.len(), 1);
    assert_eq!((mode(&directory), mode(&made[0])), (0o700, 0o600));
    let bytes = fs::read(&made[0]).unwrap();
    open(&directory).unwrap();
    assert_eq!((files(&directory), fs::read(&made[0]).unwrap()), (made, bytes));
}

#[test]
fn a_key_that_others_can_read_is_not_used() {
    let data_dir = tempfile::tempdir().unwrap();
    let directory = data_dir.path().join("keys");
    open(&directory).unwrap();
    let file = &files(&directory)[0];
    for open_mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o666] {
        fs::set_permissions(file, fs::Permissions::from_mode(open_mode)).unwrap();
        let error = open(&directory).unwrap_err();
        assert!(matches!(error, KeyError::Exposed { .. }), "{open_mode:o}: {error}");
        let said = error.to_string();
        assert!(said.contains(file.to_str().unwrap()) && said.contains("0600"), "{said}");
    }
    fs::set_permissions(file, fs::Permissions::from_mode(0o400)).unwrap();
    open(&directory).unwrap();
}

#[test]
fn what_is_no_key_is_not_used() {
    let data_dir = tempfile::tempdir().unwrap();
    let directory = data_dir.path().join("keys");
    open(&directory).unwrap();
    let file = &files(&directory)[0];
    let key = fs::read(file).unwrap();
    for wrong in [&b""[..], b"x", &[0; 48], &key[..key.len() - 1], b"-----BEGIN PRIVATE KEY-----"] {
        fs::write(file, wrong).unwrap();
        let error = open(&directory).unwrap_err();
        assert!(matches!(error, KeyError::NotAKey { .. }), "{error}");
        assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
    }
    fs::write(file, key).unwrap();
    open(&directory).unwrap();
}

#[test]
fn many_that_start_at_once_all_start() {
    for _ in 0..20 {
        let data_dir = tempfile::tempdir().unwrap();
        let directory = data_dir.path().join("keys");
        std::thread::scope(|scope| {
            let starting: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&directory))).collect();
            for start in starting {
                start.join().unwrap().unwrap();
            }
        });
        open(&directory).unwrap();
        assert!(files(&directory).iter().all(|file| file.extension().is_some_and(|extension| extension == "der")));
    }
}

#[tokio::test]
async fn a_restart_keeps_the_key_and_another_service_has_another() {
    let first = Forge::sqlite().await;
    let token = first.service.token(&Subject::Kenniscentrum);
    let data_dir = first.service.data_dir.path().to_owned();
    let restarted = Service::start_with(TestDatabase::sqlite().await, |config| config.data_dir = data_dir).await;
    assert_eq!(restarted.ask(Some(&token), "{ viewer { role } }").await.data("/viewer/role"), "KENNISCENTRUM");
    let other = Service::start(TestDatabase::sqlite().await).await;
    let answer = other.ask(Some(&token), "{ viewer { role } }").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (401, json!("UNAUTHENTICATED")));
}
