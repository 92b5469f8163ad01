//! Publishing demand: once a quarter, for good, by the API and the command line.

use std::sync::Arc;

use chrono::NaiveDate;
use reqwest::{
    Method,
    header::{HeaderMap, HeaderValue},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zorgkaart::{
    auth::{Scope, Subject},
    store::{Access, PublishDemand, Request},
};

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

    async fn each_quarter_is_its_own_and_earlier_ones_stay(db: TestDatabase) {
        let service = Service::start(db).await;
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        let old = "{ gapAnalysis(input: { careForm: LOGEREN, quarter: \"2026-Q4\" }) { quarter country { demand unmetPlaces }
            regions { families } } }";
        let before = service.ask(Some(&kenniscentrum), old).await.data("/gapAnalysis");
        for (date, quarter) in [("2027-01-04", "2027-Q1"), ("2027-04-02", "2027-Q2"), ("2027-06-30", "2027-Q2")] {
            let now = date.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
            let view = service.store.view(Scope::operator(), now);
            let access = Access::default();
            let request = Request { view: &view, access: &access, key: None };
            let done = service.store.publish_demand(request, &PublishDemand { k: None }).await.unwrap();
            assert_eq!((done.quarter.as_str(), done.refused.len()), (quarter, 0));
        }
        let publications = "{ demandPublications { quarter families regions { families careForms { share } } } }";
        let list = service.ask(Some(&kenniscentrum), publications).await.data("/demandPublications");
        let quarters: Vec<&str> = list.as_array().unwrap().iter().map(|one| one["quarter"].as_str().unwrap()).collect();
        assert_eq!(quarters, ["2027-Q2", "2027-Q1", "2026-Q4"]);
        let shares = |at: usize| -> Vec<Value> {
            list[at]["regions"].as_array().unwrap().iter().map(|one| one["careForms"].clone()).collect()
        };
        assert_eq!(shares(0), shares(1), "the shares of a year are counted once");
        let newest = "{ gapAnalysis(input: { careForm: LOGEREN }) { quarter country { demand } trend { quarter families totals {
            demand } } } }";
        let newest = service.ask(Some(&kenniscentrum), newest).await.data("/gapAnalysis");
        assert_eq!(newest["quarter"], "2027-Q2");
        let trend = newest["trend"].as_array().unwrap();
        let quarters: Vec<&str> = trend.iter().map(|one| one["quarter"].as_str().unwrap()).collect();
        assert_eq!(quarters, ["2026-Q4", "2027-Q1", "2027-Q2"]);
        assert_eq!(trend[2]["totals"]["demand"], newest["country"]["demand"]);
        for (one, published) in trend.iter().rev().zip(list.as_array().unwrap()) {
            assert_eq!(one["families"], published["families"]);
        }
        assert_eq!(service.ask(Some(&kenniscentrum), old).await.data("/gapAnalysis"), before);
    }

    // With what demand's own tests show of the surface (tests/it/demand), this is the attack on everything that can be asked: no
    // answer depends on a passport but through the surface.
    async fn nothing_but_what_is_published_reaches_whoever_holds_the_tokens_of_all_regions(db: TestDatabase) {
        let url = db.url.clone();
        let db = Arc::new(db);
        let before = everything(&Service::start(Arc::clone(&db)).await).await;
        let connection = sea_orm::Database::connect(&url).await.unwrap();
        for change in [
            "UPDATE passport SET home_pc4 = '9711' WHERE home_pc4 < '3000'",
            "DELETE FROM passport_care_form WHERE care_form = 'LOGEREN'",
            "UPDATE passport SET revoked_at = '2026-11-01 00:00:00+00:00', revoked_reason = 'Demo' \
             WHERE home_pc4 > '7000' AND revoked_at IS NULL",
        ] {
            assert!(connection.execute_unprepared(change).await.unwrap().rows_affected() > 10, "{change}");
        }
        // Another process, which has read nothing yet.
        let after = everything(&Service::start(db).await).await;
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
        }
    }

    async fn keys_are_shown_to_nobody(db: TestDatabase) {
        let service = Service::start(db).await;
        let schema = service.ask(None, "{ __schema { types { name fields { name } inputFields { name } } } }").await;
        for word in ["noise", "formsKey", "plannedFor"] {
            assert!(!schema.text.contains(word), "{word}");
        }
    }
}

/// All that the tokens of all regions together are answered, as text.
async fn everything(service: &Service) -> Vec<String> {
    let codes = service.ask(None, "{ regions { code } }").await.data("/regions");
    let codes: Vec<String> =
        codes.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    let token = service.token(&Subject::Zorgkantoor(codes.clone()));
    let totals = "demand score position unmetPlaces withoutShare nearestMedianKm nearestP90Km gini";
    let mut questions = vec![
        "{ demandPublications { quarter k families coverage parameters regions { suppressed families careForms { share } } } }"
            .to_owned(),
    ];
    let inputs = [
        "careForm: LOGEREN",
        "careForm: LOGEREN, decay: GAUSSIAN, catchmentKm: 0.5",
        "careForm: WONEN, method: THREE_STEP, catchmentKm: 150",
        "careForm: DAGBESTEDING, decay: STEP, free: { from: \"2026-12-01\", to: \"2026-12-31\" }",
        "careForm: DEELTIJDWONEN, filter: { homogeneity: [HOMOGENEOUS_ZEVMB], careCapabilities: [WAKENDE_NACHTZORG] }",
    ];
    for input in inputs {
        questions.push(format!(
            "{{ gapAnalysis(input: {{ {input} }}) {{ note coverage country {{ {totals} }} regions {{ suppressed families places \
             spots totals {{ {totals} }} }} trend {{ families totals {{ {totals} }} }} }} homogeneityTradeOff(input: {{ \
             careForm: LOGEREN }}) {{ lines {{ totals {{ {totals} }} curve {{ km share }} }} }} }}"
        ));
    }
    for (code, input) in codes.iter().zip(inputs.into_iter().cycle()) {
        questions.push(format!(
            "{{ gapAnalysis(input: {{ {input} }}) {{ areas(region: \"{code}\") {{ code cells families totals {{ {totals} }} }} \
             cells(region: \"{code}\") {{ cell area demand reachable score position unmetPlaces nearestKm }} \
             trend(region: \"{code}\") {{ families totals {{ {totals} }} }} }} }}"
        ));
        questions.push(format!(
            "{{ scenario(input: {{ {input} }}, changes: [{{ add: {{ at: {{ lat: 52.2, lng: 5.9 }}, spots: 9 }} }}]) {{ \
             cellsReached after {{ country {{ {totals} }} cells(region: \"{code}\") {{ demand score unmetPlaces }} }} }} }}"
        ));
    }
    let mut answers = Vec::new();
    for question in questions {
        let answer = service.ask(Some(&token), &question).await;
        assert_eq!(answer.json().get("errors"), None, "{question}: {}", answer.text);
        answers.push(answer.text);
    }
    for (code, format) in codes.iter().zip(["svg", "geojson", "csv"].into_iter().cycle()) {
        let path = format!("/v1/exports/gap?format={format}&region={code}&input=%7B%22careForm%22%3A%22LOGEREN%22%7D");
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
        let answer = service.send(Method::GET, &path, headers, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answers.push(answer.text);
    }
    answers
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
