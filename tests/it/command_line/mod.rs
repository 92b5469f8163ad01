//! The program itself: what it prints, what it refuses, and how it starts and stops.

mod options;
mod serving;

use std::process::{Command, Output};

use crate::support::program::program;

/// What a command says and how it ends.
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Said {
        success: status.success(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// Runs what must fail: with these words on stderr, nothing on stdout, and nothing that only its makers understand.
pub(crate) fn fails(command: &mut Command, words: &[&str]) {
    let said = run(command);
    assert!(!said.success, "{command:?}: {}", said.stdout);
    assert_eq!(said.stdout, "", "{command:?}");
    for word in words {
        assert!(said.stderr.contains(word), "{word}: {command:?}: {}", said.stderr);
    }
    for word in
        ["panicked", "src/", ".rs:", "stack backtrace", "Error {", "Err(", "Some(", "DbErr", "SqlxError", "secret"]
    {
        assert!(!said.stderr.contains(word), "{word}: {command:?}: {}", said.stderr);
    }
    assert!(said.stderr.len() < 1_000, "{}", said.stderr);
    let repeated = said.stderr.split(": ").filter(|part| part.len() > 20).collect::<Vec<_>>();
    let once: std::collections::BTreeSet<_> = repeated.iter().collect();
    assert_eq!(repeated.len(), once.len(), "said twice: {}", said.stderr);
}

/// A data directory with the demo of the README.
pub(crate) fn demo() -> tempfile::TempDir {
    let data_dir = tempfile::tempdir().unwrap();
    let said = run(program(data_dir.path()).args(["seed", "--demo", "--demo-date", "2026-12-01"]));
    assert!(said.success, "{}", said.stderr);
    assert_eq!(said.stdout, "");
    data_dir
}
