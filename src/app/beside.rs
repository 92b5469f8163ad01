//! What runs beside the service: keys that come and go, the head of the audit trail that is kept elsewhere, and contacts
//! that are erased.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use crate::{
    auth::{Authority, Keys},
    clock::Clock,
    private,
    store::{Erased, SharedStore},
};

/// The file in the data directory that holds the signed head of the audit trail.
pub const HEAD_FILE: &str = "audit-head.jws";
/// How often it is written.
const HEAD_EVERY: Duration = Duration::from_mins(1);
/// How often contacts are looked for that were withdrawn long enough ago.
const ERASE_EVERY: Duration = Duration::from_hours(24);
/// How soon after it failed.
const ERASE_AGAIN: Duration = Duration::from_mins(10);
/// How often the directory of the keys is looked at.
const KEY_WATCH: Duration = Duration::from_secs(1);
/// Takes the keys anew when their directory changes: `zorgkaart keys rotate` needs no restart.
pub(super) async fn watch_keys(directory: PathBuf, authority: Arc<Authority>) {
    let mut seen = None;
    loop {
        let names = listed(&directory);
        if names != seen && names.is_some() {
            match Keys::load(&directory) {
                Ok(keys) => authority.use_keys(keys),
                Err(error) => tracing::warn!(%error, "the keys cannot be read; those before are kept"),
            }
            seen = names;
        }
        tokio::time::sleep(KEY_WATCH).await;
    }
}

/// Keeps the signed head of the audit trail outside the database, where whoever cuts the trail does not reach it.
pub(super) async fn keep_heads(file: PathBuf, store: SharedStore, authority: Arc<Authority>, clock: Clock) {
    let mut kept = 0;
    loop {
        tokio::time::sleep(HEAD_EVERY).await;
        let Ok(head) = store.database().trail_head().await else { continue };
        let seq = head.0;
        if seq <= kept {
            continue;
        }
        // A process that died while it wrote left half of one.
        let _ = std::fs::remove_file(file.with_extension("new"));
        let written = authority
            .sign_head(head, clock.now())
            .map_err(io::Error::other)
            .and_then(|signed| private::create_file(&file, signed.as_bytes()));
        match written {
            Ok(()) => kept = seq,
            Err(error) => tracing::warn!(%error, "the signed head of the audit trail cannot be kept"),
        }
    }
}

/// Erases contacts that were withdrawn more than `days` ago: nobody has to remember to do it.
pub(super) async fn erase_contacts(store: SharedStore, days: u32) {
    loop {
        let wait = match store.erase_contacts(days).await {
            Ok(Erased { contacts, proposals }) => {
                if contacts + proposals > 0 {
                    tracing::info!(contacts, proposals, "erased");
                }
                ERASE_EVERY
            }
            Err(error) => {
                tracing::warn!(%error, "contacts could not be erased; tried again in ten minutes");
                ERASE_AGAIN
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// The names in a directory, in order.
fn listed(directory: &Path) -> Option<Vec<OsString>> {
    let mut names: Vec<OsString> =
        std::fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    Some(names)
}
