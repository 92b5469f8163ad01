//! Publishing demand: once a quarter, for good, by the API and the command line.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::{
    command_line::{demo, fails, run},
    support::{databases::on_both_databases, program::program, service::Service},
};

const PUBLISH: &str = "mutation($input: PublishDemandInput!) { publishDemand(input: $input) { refused publication { quarter
    publishedAt k families coverage parameters regions { region { code } suppressed families careForms { careForm share } } } } }";

on_both_databases! {
    async fn what_was_published_stays(db: TestDatabase) {
        let url = db.url.clone();
        let service = Service::start(db).await;
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let list = "{ demandPublications { quarter publishedAt k families coverage parameters regions { region { code }
            suppressed families careForms { careForm share } } } }";
        let held = service.ask(Some(&kenniscentrum), list).await.data("/demandPublications");
        assert_eq!((held.as_array().unwrap().len(), &held[0]["quarter"]), (1, &json!("2026-Q4")));
        // The demo has published this quarter: a second time, of whatever families, answers the same.
        let again = service.ask_with(Some(&kenniscentrum), PUBLISH, json!({ "input": { "k": 20 } })).await;
        assert_eq!(again.data("/publishDemand/publication"), held[0]);
        let shown = held[0]["regions"].as_array().unwrap();
        assert_eq!(shown.len(), 31);
        assert!(shown.iter().any(|one| one["suppressed"] == true) && shown.iter().any(|one| one["suppressed"] == false));
        for region in shown.iter().filter(|one| one["suppressed"] == true) {
            assert_eq!(region["families"], Value::Null);
            assert!(region["careForms"].as_array().unwrap().iter().all(|form| form["share"].is_null()));
        }
        let connection = sea_orm::Database::connect(&url).await.unwrap();
        for change in [
            "UPDATE demand_count SET families = families + 5",
            "DELETE FROM demand_count",
            "DELETE FROM demand_publication",
            "UPDATE demand_cell SET area_code = NULL",
            "DELETE FROM demand_home",
            "UPDATE demand_share SET percent = 100",
            "UPDATE demand_division SET planned_for = 0",
        ] {
            let refused = connection.execute_unprepared(change).await.unwrap_err().to_string();
            assert!(refused.contains("what was published does not change"), "{change}: {refused}");
        }
        assert_eq!(service.ask(Some(&kenniscentrum), list).await.data("/demandPublications"), held);
    }

    async fn keys_are_shown_to_nobody(db: TestDatabase) {
        let service = Service::start(db).await;
        let schema = service.ask(None, "{ __schema { types { name fields { name } inputFields { name } } } }").await;
        for word in ["noise", "formsKey", "plannedFor"] {
            assert!(!schema.text.contains(word), "{word}");
        }
    }
}

#[test]
fn the_command_line_publishes_and_writes_the_analysis() {
    let data_dir = demo();
    let said = run(program(data_dir.path()).args(["demand", "publish"]));
    assert!(said.success && said.stdout.contains("2026-Q4"), "{} {}", said.stdout, said.stderr);
    let export = |format: &str, more: &[&str]| {
        let input = r#"{"careForm":"LOGEREN","source":"ESTIMATE"}"#;
        let said =
            run(program(data_dir.path()).args(["export", "gap", "--input", input, "--format", format]).args(more));
        assert!(said.success, "{}", said.stderr);
        said.stdout
    };
    let table = export("csv", &[]);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(table.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().filter(|row| row.iter().any(|cell| cell == "REGION")).count(), 31);
    assert!(export("svg", &["--region", "ZK23"]).contains("</svg>"));
    let features: Value = serde_json::from_str(&export("geojson", &[])).unwrap();
    assert!(features["features"].as_array().unwrap().len() > 3_000);
    for (arguments, words) in [
        (&["export", "gap", "--input", "{}", "--format", "csv"][..], &["input"][..]),
        (
            &["export", "gap", "--input", r#"{"careForm":"LOGEREN","catchmentKm":0}"#, "--format", "csv"],
            &["catchmentKm"],
        ),
        (
            &["export", "gap", "--input", r#"{"careForm":"LOGEREN"}"#, "--region", "ZK99", "--format", "csv"],
            &["region"],
        ),
    ] {
        fails(program(data_dir.path()).args(arguments), words);
    }
    let empty = tempfile::tempdir().unwrap();
    fails(program(empty.path()).args(["demand", "publish", "--k", "9"]), &["k is at least 10"]);
    let input = r#"{"careForm":"LOGEREN"}"#;
    fails(program(empty.path()).args(["export", "gap", "--input", input, "--format", "csv"]), &["demand publish"]);
    // Without passports every region is suppressed, and says no more than that.
    let said = run(program(empty.path()).args(["demand", "publish"]));
    assert!(said.success && said.stdout.contains("0 areas"), "{} {}", said.stdout, said.stderr);
}
