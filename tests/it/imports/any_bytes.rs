//! Whatever the bytes: an answer, and numbers that add up.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::Value;

use super::Bulk;
use crate::support::databases::TestDatabase;

const HEAD: &str = "external_id,name,organisation,organisation_kind,expertise,status,version\n";

/// Bytes of any kind, and files that are nearly good.
fn files() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        Just(String::new()),
        Just("Demo".to_owned()),
        Just("OVERIG".to_owned()),
        Just("D-1".to_owned()),
        "[\"';=,\r\n a1\u{0}é]{0,8}",
        "\\PC{0,5}",
    ];
    let row = prop::collection::vec(cell, 6..9).prop_map(|cells| cells.join(","));
    let rows = prop::collection::vec(row, 0..8);
    let near = (rows, prop::bool::ANY).prop_map(|(rows, quoted)| {
        let end = if quoted { "\r\n" } else { "\n" };
        format!("{HEAD}{}", rows.join(end)).into_bytes()
    });
    let broken = (near, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3)).prop_map(
        |(mut file, changes)| {
            for (at, byte) in changes {
                let at = at.index(file.len());
                file[at] = byte;
            }
            file
        },
    );
    prop_oneof![1 => prop::collection::vec(any::<u8>(), 0..300), 4 => broken]
}

#[test]
fn whatever_comes_is_answered_and_adds_up() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bulk = runtime.block_on(async { Bulk::of(TestDatabase::sqlite().await).await });
    let mut runner = TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() });
    let asked = runner.run(&(files(), prop::sample::select(vec!["", "?partial=true"])), |(file, query)| {
        runtime.block_on(async {
            let looked = bulk.send("?dryRun=true", file.clone()).await;
            let done = bulk.send(query, file.clone()).await;
            let again = bulk.send(query, file).await;
            prop_assert_eq!(looked.status.as_u16(), 200, "{}", looked.text);
            for answer in [&looked, &done, &again] {
                prop_assert!([200, 422].contains(&answer.status.as_u16()), "{}", answer.text);
                let report = answer.json();
                let number = |name: &str| report[name].as_u64().unwrap();
                let parts = ["created", "updated", "unchanged", "bad"].map(number);
                prop_assert_eq!(number("rows"), parts.into_iter().sum::<u64>());
                let errors = report["errors"].as_array().unwrap();
                let lines: std::collections::BTreeSet<u64> =
                    errors.iter().map(|error| error["line"].as_u64().unwrap()).collect();
                let header = number("rows") == 0;
                prop_assert!(header || lines.len() as u64 == number("bad"), "{}", report);
            }
            // What was done is what was foreseen, and is done once.
            let of = |report: &Value, name: &str| report[name].clone();
            if done.status == 200 {
                let (looked, done, again) = (looked.json(), done.json(), again.json());
                for name in ["rows", "created", "updated", "unchanged", "bad", "errors"] {
                    prop_assert_eq!(of(&looked, name), of(&done, name));
                }
                if done["bad"] == 0 {
                    prop_assert_eq!((of(&again, "created"), of(&again, "updated")), (0.into(), 0.into()));
                }
            }
            Ok(())
        })
    });
    asked.unwrap();
}
