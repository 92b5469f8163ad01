//! Whatever is done to the trail shows.

use std::process::Command;

use zorgkaart::{
    auth::Subject,
    store::{Database, DatabaseUrl, Fault},
};

use super::Trail;
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    program::program,
};

/// A trail of twelve records, and the database under it.
async fn twelve(db: TestDatabase) -> (Trail, Database) {
    let url = DatabaseUrl::parse(&db.url).unwrap();
    let trail = Trail::of(db).await;
    let holder = trail.service.holder("DEMO-0001").await;
    for _ in 0..12 {
        trail.service.ask(Some(&holder), "{ contacts(first: 2) { edges { cursor } } }").await.data("/contacts/edges");
    }
    (trail, Database::connect(&url, 2).await.unwrap())
}

on_both_databases! {
    async fn a_whole_trail_is_whole(db: TestDatabase) {
        let (trail, database) = twelve(db).await;
        let mut heard = Vec::new();
        let verdict = database.verify_trail(None, |records| heard.push(records)).await.unwrap();
        assert_eq!((verdict.records, verdict.begins_after, verdict.faults.as_slice()), (12, 0, &[][..]));
        assert_eq!(heard.last(), Some(&12));
        let end = database.trail_head().await.unwrap();
        assert_eq!(verdict.last, end);
        assert_eq!(database.verify_trail(Some(end), |_| {}).await.unwrap().faults, []);
        drop(trail);
    }

    async fn whatever_is_changed_shows(db: TestDatabase) {
        let (trail, database) = twelve(db).await;
        let text = |column: &str| format!("update audit_event set {column} = 'x' where seq = 5");
        let mut changes: Vec<String> =
            ["actor", "actor_role", "purpose", "replica", "token_hash", "client", "address", "document_hash", "request_id"]
                .map(text)
                .to_vec();
        changes.push("update audit_event set result_count = 1 where seq = 5".into());
        changes.push("update audit_event set objects = '[]' where seq = 5".into());
        changes.push("update audit_event set event_type = 'export' where seq = 5".into());
        changes.push("update audit_event set occurred_at = '2026-12-01T11:00:00Z' where seq = 5".into());
        trail.change("create table kept as select * from audit_event").await;
        for change in changes {
            trail.change(&change).await;
            let faults = database.verify_trail(None, |_| {}).await.unwrap().faults;
            assert_eq!(faults, [Fault::Changed { seq: 5 }], "{change}");
            trail.change("delete from audit_event where seq = 5").await;
            let gap = database.verify_trail(None, |_| {}).await.unwrap().faults;
            assert_eq!(gap, [Fault::Gap { from: 5, to: 5 }]);
            trail.change("insert into audit_event select * from kept where seq = 5").await;
        }
        assert_eq!(database.verify_trail(None, |_| {}).await.unwrap().faults, []);
        // Somebody who knows how, and puts the hash right: the next one tells.
        trail.change("update audit_event set prev_hash = replace(prev_hash, substr(prev_hash, 1, 4), 'ffff') where seq = 9").await;
        let faults = database.verify_trail(None, |_| {}).await.unwrap().faults;
        assert_eq!(faults, [Fault::Broken { seq: 9 }, Fault::Changed { seq: 9 }]);
    }

    async fn an_end_that_is_cut_off_shows_by_the_signed_head(db: TestDatabase) {
        let (trail, database) = twelve(db).await;
        let authority = &trail.service.authority;
        let signed = authority.sign_head(database.trail_head().await.unwrap(), trail.service.clock.now()).unwrap();
        let head = authority.read_head(&signed).unwrap();
        assert_eq!((head.seq, head.at), (12, trail.service.clock.now().timestamp()));
        trail.change("delete from audit_event where seq > 10").await;
        let faults = database.verify_trail(None, |_| {}).await.unwrap().faults;
        assert_eq!(faults, [Fault::Head { last: 10, head: 12 }]);
        // The head put right: only what was kept elsewhere tells.
        trail.change("update audit_head set seq = 10, hash = (select hash from audit_event where seq = 10)").await;
        assert_eq!(database.verify_trail(None, |_| {}).await.unwrap().faults, []);
        let kept = Some((head.seq, head.hash.clone()));
        let faults = database.verify_trail(kept.clone(), |_| {}).await.unwrap().faults;
        assert_eq!(faults, [Fault::SignedHead { seq: 12 }]);
        // And written on: others in their place.
        trail.change("delete from audit_object where seq > 10").await;
        let holder = trail.service.holder("DEMO-0001").await;
        for _ in 0..2 {
            trail.service.ask(Some(&holder), "{ contacts(first: 1) { edges { cursor } } }").await.data("/contacts/edges");
        }
        assert_eq!(database.verify_trail(None, |_| {}).await.unwrap().faults, []);
        let faults = database.verify_trail(kept, |_| {}).await.unwrap().faults;
        assert_eq!(faults, [Fault::SignedHead { seq: 12 }]);
        // What is signed is nothing else, and nothing else is a head.
        let token = trail.service.token(&Subject::Kenniscentrum);
        assert!(authority.read_head(&token).is_err());
        assert!(authority.verify(&signed, trail.service.clock.now()).is_err());
        let (message, signature) = signed.rsplit_once('.').unwrap();
        assert!(authority.read_head(&format!("{message}x.{signature}")).is_err());
    }

    async fn what_was_kept_long_enough_is_removed_and_the_rest_is_whole(db: TestDatabase) {
        let (trail, database) = twelve(db).await;
        let five_years: chrono::DateTime<chrono::Utc> = "2031-12-31T12:00:00Z".parse().unwrap();
        let (removed, before) = database.cut_trail(five_years).await.unwrap();
        assert_eq!((removed, before.to_rfc3339()), (0, "2026-12-01T00:00:00+00:00".into()), "its month is still kept");
        assert_eq!(database.verify_trail(None, |_| {}).await.unwrap().records, 12);
        let later = "2032-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(database.cut_trail(later).await.unwrap().0, 12);
        let verdict = database.verify_trail(None, |_| {}).await.unwrap();
        assert_eq!((verdict.records, verdict.begins_after, verdict.faults.as_slice()), (0, 12, &[][..]));
        let holder = trail.service.holder("DEMO-0001").await;
        trail.service.ask(Some(&holder), "{ contacts(first: 1) { edges { cursor } } }").await.data("/contacts/edges");
        let verdict = database.verify_trail(None, |_| {}).await.unwrap();
        assert_eq!((verdict.records, verdict.last.0, verdict.faults.as_slice()), (1, 13, &[][..]));
        trail.change("update audit_event set actor = 'x'").await;
        assert_eq!(database.verify_trail(None, |_| {}).await.unwrap().faults, [Fault::Changed { seq: 13 }]);
    }
}

/// The same by the command line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_proves_the_trail() {
    let db = TestDatabase::sqlite().await;
    let url = db.url.clone();
    let (trail, _) = twelve(db).await;
    let data_dir = trail.service.data_dir.path().to_owned();
    let run = |arguments: &[&str]| {
        let mut command: Command = program(&data_dir);
        let output = command.env("DATABASE_URL", &url).args(arguments).output().unwrap();
        let (said, wrong) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        (output.status.success(), said, wrong)
    };
    let (whole, said, _) = run(&["audit", "verify"]);
    assert!(whole && said.contains("12 records after record 0 are whole; no signed head"), "{said}");
    let (_, head, _) = run(&["audit", "head"]);
    std::fs::write(data_dir.join("kept.jws"), &head).unwrap();
    let (whole, said, _) = run(&["audit", "verify", "--head", "kept.jws"]);
    assert!(whole && said.contains("compared with the signed head of record 12"), "{said}");
    trail.change("delete from audit_event where seq > 10").await;
    trail.change("update audit_head set seq = 10, hash = (select hash from audit_event where seq = 10)").await;
    let (whole, said, wrong) = run(&["audit", "verify", "--head", "kept.jws"]);
    assert!(!whole && said.contains("record 12 is not the one"), "{said}");
    assert!(wrong.contains("the audit trail is not whole"), "{wrong}");
    let (_, _, removed) = run(&["audit", "cut"]);
    assert!(removed.contains("Removed 0 records"), "{removed}");
}
