//! What is wrong with a file: each mistake by line, column and reason, all in one report, and nothing of the file in it.

use serde_json::{Value, json};

use super::{Bulk, counts, mistakes};
use crate::support::databases::{TestDatabase, on_both_databases};

const HEAD: &str = "id,external_id,name,organisation,organisation_kind,provider,place,email,phone,work_postcode,gemeenten,\
                    regions,expertise,status,consent_on,consent_source,version\n";

const DATE: &str = "a date is written as 2026-12-01";
const ADDRESS: &str = "this is a mail address";
const BY_HAND: &str = "this entry is withdrawn";

/// A row that is good but for one column, or several.
fn row(external_id: &str, changes: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, &str)> = HEAD.trim_end().split(',').map(|name| (name, "")).collect();
    let own = [
        ("external_id", external_id),
        ("name", "Demo Geheim"),
        ("organisation", "Demo Geheimhuis"),
        ("organisation_kind", "OVERIG"),
    ];
    for (name, value) in own.iter().chain(changes) {
        cells.iter_mut().find(|(column, _)| column == name).unwrap().1 = value;
    }
    format!("{}\n", cells.iter().map(|(_, cell)| *cell).collect::<Vec<_>>().join(","))
}

on_both_databases! {
    async fn every_mistake_is_reported_where_it_is(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        // An entry in each status.
        let published = [("status", "PUBLISHED"), ("consent_on", "2026-11-01"), ("consent_source", "formulier")];
        let setting = [row("P-1", &published), row("P-2", &published), row("D-1", &[])].concat();
        bulk.import("", &format!("{HEAD}{setting}")).await;
        bulk.import("", &format!("{HEAD}{}", row("P-2", &[("status", "WITHDRAWN")]))).await;
        let export = bulk.export().await;
        let id_of = |external_id: &str| {
            let line = export.lines().find(|line| line.contains(&format!(",{external_id},"))).unwrap();
            line.split(',').next().unwrap().to_owned()
        };
        let (first, draft) = (id_of("P-1"), id_of("D-1"));
        let nobody = format!("contact_{}", "0".repeat(32));
        let nowhere = [format!("provider_{}", "0".repeat(32)), format!("place_{}", "0".repeat(32))];
        let long = "x".repeat(201);
        let huge = "x".repeat(10_001);

        let cases: Vec<(String, &[(&str, &str)])> = vec![
            (row("A-1", &[("name", "")]), &[("name", "this cannot be left empty")]),
            (row("A-2", &[("name", &long)]), &[("name", "one line of at most 200")]),
            (row("A-3", &[("name", &huge)]), &[("name", "at most 10000 characters")]),
            (row("A-4", &[("name", "\"Demo\nGeheim\"")]), &[("name", "a cell is one line")]),
            (row("A-5", &[("name", "Demo\0Geheim")]), &[("name", "one line")]),
            (row("A-6", &[("name", "Demo\u{202e}Geheim")]), &[("name", "one line")]),
            (row("A-7", &[("organisation_kind", "KERK")]), &[("organisation_kind", "no kind of organisation")]),
            (row("A-8", &[("email", "geheim@"), ("phone", "geheim")]), &[("email", ADDRESS), ("phone", "5 to 15 digits")]),
            (row("A-9", &[("work_postcode", "0999")]), &[("work_postcode", "four digits")]),
            (row("B-1", &[("gemeenten", "GM0344; GM9999")]), &[("gemeenten", "2 in the list: there is no gemeente")]),
            (row("B-2", &[("regions", "ZK23;;")]), &[("regions", "1 in the list: there is no zorgkantoorregio")]),
            (row("B-3", &[("expertise", &format!("tillen;{}", &huge[..101]))]), &[("expertise", "2 in the list")]),
            (row("B-4", &[("status", "draft")]), &[("status", "DRAFT, PUBLISHED or WITHDRAWN")]),
            (row("B-5", &[("consent_on", "1-12-2026")]), &[("consent_on", DATE)]),
            (row("B-6", &[("consent_on", "2026-02-30")]), &[("consent_on", DATE)]),
            (row("B-7", &[("version", "one")]), &[("version", "a whole number")]),
            (row("B-8", &[("provider", "provider_1")]), &[("provider", "not the id of a provider")]),
            (row("B-9", &[("provider", &nowhere[0])]), &[("provider", "no such provider")]),
            (row("C-1", &[("place", &nowhere[1])]), &[("place", "no such place")]),
            (row("C-2", &[("status", "WITHDRAWN")]), &[("status", "a draft or published")]),
            (row("C-3", &[("status", "PUBLISHED")]), &[("consent_on", "publishing needs")]),
            (row("C-4", &[("consent_on", "2026-11-01")]), &[("consent_source", "needs both")]),
            (row("C-5", &[("consent_source", "formulier")]), &[("consent_on", "needs both")]),
            (
                row("C-6", &[("consent_on", "2026-11-01"), ("consent_source", "formulier")]),
                &[("consent_on", "give the status PUBLISHED")],
            ),
            (
                row("C-7", &[("status", "PUBLISHED"), ("consent_on", "2026-12-02"), ("consent_source", "mail")]),
                &[("consent_on", "up to today")],
            ),
            (row("C-8", &[("version", "1")]), &[("version", "has changed since")]),
            (row("C 9", &[]), &[("external_id", "visible ASCII")]),
            (row("", &[]), &[("-", "needs an id or an external_id")]),
            (row("", &[("id", &nobody)]), &[("id", "no entry with this id")]),
            (row("", &[("id", "geheim")]), &[("id", "not the id of a contact")]),
            (row("P-1", &[("id", &draft)]), &[("external_id", "another entry has this")]),
            (row("P-1", &[("id", &first), ("status", "DRAFT")]), &[("id", "an earlier row")]),
            (row("P-2", &[("name", "Demo Anders")]), &[("-", BY_HAND)]),
            (row("P-2", &[("status", "PUBLISHED")]), &[("external_id", "an earlier row")]),
            (row("E-1", &[]), &[]),
            (row("E-1", &[]), &[("external_id", "an earlier row")]),
            ("Demo Geheim\n".into(), &[("-", "not as many cells")]),
            (format!("{}{}", row("E-2", &[]).trim_end(), ",\n"), &[("-", "not as many cells")]),
        ];
        let mut file = HEAD.to_owned();
        let mut expected = Vec::new();
        for (row, wrong) in &cases {
            let line = 1 + file.matches('\n').count();
            expected.extend(wrong.iter().map(|(column, reason)| (line as u64, (*column).to_owned(), *reason)));
            file.push_str(row);
        }
        let before = bulk.state().await;
        let answer = bulk.send("", file.clone()).await;
        let report = answer.json();
        let found = mistakes(&report);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for ((line, column, reason), found) in expected.iter().zip(&found) {
            assert!((line, column) == (&found.0, &found.1) && found.2.contains(reason), "{found:?}: {reason}");
        }
        let bad = cases.iter().filter(|(_, wrong)| !wrong.is_empty()).count();
        assert_eq!(counts(&report), json!([cases.len(), 1, 0, 0, bad]));
        for word in ["eheim", "xxxx", "KERK", "GM9999", "C 9", "E-1"] {
            assert!(!answer.text.contains(word), "{word} is repeated");
        }
        assert_eq!(bulk.state().await, before, "all or nothing");
        let dry = bulk.send("?dryRun=true", file.clone()).await;
        assert_eq!((dry.status.as_u16(), mistakes(&dry.json())), (200, found.clone()));

        let partial = bulk.send("?partial=true", file).await;
        assert_eq!(partial.status, 200);
        assert_eq!((&partial.json()["applied"], mistakes(&partial.json())), (&json!(true), found));
        assert_eq!(bulk.state().await, [before[0] + 1, before[1] + 1, before[2] + 1], "the good ones alone");
    }

    async fn one_who_was_later_is_not_overwritten(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        bulk.import("", &format!("{HEAD}{}", row("V-1", &[]))).await;
        let at = |version: &str, name: &str| format!("{HEAD}{}", row("V-1", &[("version", version), ("name", name)]));
        assert_eq!(bulk.import("", &at("1", "Demo Nieuw")).await, json!([1, 0, 1, 0, 0]));
        let found = bulk.mistakes(at("1", "Demo Ander")).await;
        assert_eq!((found[0].0, found[0].1.as_str()), (2, "version"));
        assert!(found[0].2.contains("has changed since"));
        // What changes nothing needs no version, so the same file twice is one file.
        assert_eq!(bulk.import("", &at("1", "Demo Nieuw")).await, json!([1, 0, 0, 1, 0]));
    }

    async fn an_external_id_is_given_up_and_taken_in_two_files(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        bulk.import("", &format!("{HEAD}{}{}", row("X-1", &[]), row("X-2", &[]))).await;
        let export = bulk.export().await;
        let line = export.lines().find(|line| line.contains(",X-1,")).unwrap();
        let id = line.split(',').next().unwrap();
        let renamed = row("X-3", &[("id", id)]);
        let found = bulk.mistakes(format!("{HEAD}{renamed}{}", row("X-1", &[]))).await;
        assert_eq!((found.len(), found[0].0, found[0].1.as_str()), (1, 3, "external_id"));
        assert_eq!(bulk.import("", &format!("{HEAD}{renamed}")).await, json!([1, 0, 1, 0, 0]));
        assert_eq!(bulk.import("", &format!("{HEAD}{}", row("X-1", &[]))).await, json!([1, 1, 0, 0, 0]));
    }
}

#[tokio::test]
async fn a_header_that_is_not_right_is_explained() {
    let bulk = Bulk::of(TestDatabase::sqlite().await).await;
    let needed = ["name", "organisation", "organisation_kind"];
    let head = "external_id,name,organisation,organisation_kind";
    for (file, expected) in [
        (String::new(), vec![("-", "the file is empty")]),
        ("\r\n\n".into(), vec![("-", "the file is empty")]),
        ("\u{feff}".into(), vec![("-", "the file is empty")]),
        (head.replace(',', ";"), vec![("-", "commas")]),
        ("id\n".into(), needed.map(|name| (name, "missing")).into()),
        ("name,organisation,organisation_kind\n".into(), vec![("-", "one of the columns id and external_id")]),
        (format!("{head},Geheim\n"), vec![("-", "column 5 is not known; known are id, external_id, name")]),
        (format!("{head},name\n"), vec![("name", "twice")]),
        (format!("{head},NAME\n"), vec![("-", "column 5 is not known")]),
        (format!("{head},\"\n"), vec![("-", "a cell is one line")]),
        (head.replace(',', ",,,,,,,,,,,,,,,,,,,,,,"), vec![("-", "not as many cells")]),
    ] {
        let answer = bulk.send("?partial=true", file.clone()).await;
        assert_eq!(answer.status, 422, "{file}");
        assert_eq!(counts(&answer.json()), json!([0, 0, 0, 0, 0]));
        let found = mistakes(&answer.json());
        assert_eq!(found.len(), expected.len(), "{file}: {found:?}");
        for ((column, reason), found) in expected.iter().zip(&found) {
            assert!(found.1 == *column && found.2.contains(reason), "{file}: {found:?}");
        }
        assert!(!answer.text.contains("Geheim"));
    }
    let answer = bulk.send("", format!("\u{feff}{head}\r\n")).await;
    assert_eq!((answer.status.as_u16(), counts(&answer.json())), (200, json!([0, 0, 0, 0, 0])));
}

#[tokio::test]
async fn a_quote_that_does_not_end_takes_no_row_with_it_unseen() {
    let bulk = Bulk::of(TestDatabase::sqlite().await).await;
    let head = "external_id,name,organisation,organisation_kind\n";
    let good = |n: u32| format!("Q-{n},Demo Een,Demo Huis,OVERIG\n");
    let file = format!("{head}{}Q-2,\"Demo Twee,Demo Huis,OVERIG\n{}{}", good(1), good(3), good(4));
    let answer = bulk.send("?partial=true", file).await;
    assert_eq!(counts(&answer.json()), json!([2, 1, 0, 0, 1]));
    assert_eq!((mistakes(&answer.json())[0].0, &mistakes(&answer.json())[0].1[..]), (3, "-"));
    let last = format!("{head}{}Q-5,Demo Vijf,Demo Huis,\"OVERIG\n{}", good(6), good(7));
    let found = bulk.mistakes(last).await;
    assert_eq!((found[0].0, found[0].1.as_str()), (3, "organisation_kind"));
    // One that goes on for megabytes is read past, not kept.
    let endless = format!("{head}{}Q-8,\"{}", good(9), good(10).repeat(100_000));
    let found = bulk.mistakes(endless).await;
    assert_eq!((found.len(), found[0].0), (1, 3));
    assert!(found[0].2.contains("at most 1048576 bytes"));
    // Bytes that are no text.
    let bytes = [head.as_bytes(), b"Q-1,Demo \xff,Demo Huis,OVERIG\n"].concat();
    let found = bulk.mistakes(bytes).await;
    assert_eq!((found[0].0, found[0].1.as_str()), (2, "name"));
    assert!(found[0].2.contains("UTF-8"));
    let answer: Value = bulk.send("", vec![0_u8; 4_000]).await.json();
    assert_eq!(answer["applied"], false);
}
