//! The same by the command line.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::command_line::{demo, fails, run};
use crate::support::program::program;

const HEAD: &str = "external_id,name,organisation,organisation_kind,email\n";

#[test]
fn a_file_is_imported_and_exported() {
    let data_dir = demo();
    let said = |arguments: &[&str]| run(program(data_dir.path()).args(arguments));
    let file = data_dir.path().join("in.csv");
    fs::write(&file, format!("{HEAD}C-1,Demo Een,Demo Huis,OVERIG,\nC-2,Demo Twee,Demo Huis,OVERIG,geen\n")).unwrap();
    let bad = "line 3, column email: this is a mail address, such as naam@organisatie.example\n\
               2 rows: 1 new, 0 changed, 0 unchanged, 1 bad\n";
    for arguments in [&["import", "contacts", "in.csv"][..], &["import", "contacts", "in.csv", "--dry-run"]] {
        let refused = said(arguments);
        assert!(!refused.success);
        assert_eq!(refused.stdout, bad);
        assert!(refused.stderr.contains("nothing was imported, since there are bad rows"), "{}", refused.stderr);
    }
    let taken = said(&["import", "contacts", "in.csv", "--partial"]);
    assert!(taken.success, "{}", taken.stderr);
    assert_eq!(taken.stdout, bad);

    let export = said(&["export", "contacts"]);
    assert!(export.success, "{}", export.stderr);
    assert_eq!(export.stdout.lines().count(), 1 + 120 + 1);
    assert!(export.stdout.starts_with("id,external_id,name,") && export.stdout.contains(",C-1,Demo Een,"));
    let out = said(&["export", "contacts", "--output", "out.csv"]);
    assert!(out.success && out.stdout.is_empty(), "{}", out.stderr);
    let written = data_dir.path().join("out.csv");
    assert_eq!(fs::read_to_string(&written).unwrap(), export.stdout);
    assert_eq!(fs::metadata(&written).unwrap().permissions().mode() & 0o777, 0o600);
    fails(program(data_dir.path()).args(["export", "contacts", "--output", "out.csv"]), &["cannot write out.csv"]);
    let back = said(&["import", "contacts", "out.csv"]);
    assert!(back.success, "{}", back.stderr);
    assert_eq!(back.stdout, "121 rows: 0 new, 0 changed, 121 unchanged, 0 bad\n");

    // The trail names whoever runs the program.
    let verified = said(&["audit", "verify"]);
    assert!(verified.success, "{}", verified.stdout);
    let database = records(data_dir.path());
    assert_eq!(database, (6, 6));
}

/// How many records there are of the operator, and in all.
fn records(data_dir: &std::path::Path) -> (i64, i64) {
    use sea_orm::{ConnectionTrait, Database, Statement};
    let url = format!("sqlite://{}", data_dir.join("zorgkaart.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = Database::connect(url).await.unwrap();
        let mut counts = Vec::new();
        for rest in ["where actor = 'operator' and auth_method = 'local' and token_hash is null", ""] {
            let sql = format!("select count(*) from audit_event {rest}");
            let statement = Statement::from_string(database.get_database_backend(), sql);
            counts.push(database.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap());
        }
        (counts[0], counts[1])
    })
}

#[test]
fn what_cannot_be_imported_is_explained() {
    let data_dir = demo();
    let fails = |arguments: &[&str], words: &[&str]| fails(program(data_dir.path()).args(arguments), words);
    fails(&["import"], &["contacts"]);
    fails(&["import", "contacts"], &["FILE"]);
    fails(&["import", "contacts", "nowhere.csv"], &["cannot read nowhere.csv", "No such file"]);
    fails(&["import", "contacts", "."], &["cannot be read"]);
    fails(&["export", "contacts", "--output", "nowhere/out.csv"], &["cannot write nowhere/out.csv"]);
    for command in [&["import", "--help"][..], &["import", "contacts", "--help"], &["export", "--help"]] {
        assert!(run(program(data_dir.path()).args(command)).success);
    }
}
