//! The gap analysis as a zorgkantoor and the kenniscentrum meet it: what adds up, who sees what, what is refused, and what stays.

use reqwest::{
    Method,
    header::{HeaderMap, HeaderValue},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{
    databases::on_both_databases,
    service::{Answer, Service},
};

const TOTALS: &str = "demand score position unmetPlaces withoutShare nearestMedianKm nearestP90Km gini";

/// Asks the analysis for everything that anybody may see of it.
async fn analyse(service: &Service, token: &str, input: Value) -> Answer {
    let query = format!(
        "query($input: GapInput!) {{ gapAnalysis(input: $input) {{ careForm source estimate quarter publishedAt coverage note
         catchmentKm spotsPerFamily country {{ {TOTALS} }} regions {{ region {{ code }} suppressed families places spots
         totals {{ {TOTALS} }} }} }} }}"
    );
    service.ask_with(Some(token), &query, json!({ "input": input })).await
}

async fn detail(service: &Service, token: &str, input: Value, region: &str) -> Answer {
    let query = format!(
        "query($input: GapInput!, $region: String!) {{ gapAnalysis(input: $input) {{ areas(region: $region) {{ code cells
         families totals {{ {TOTALS} }} }} cells(region: $region) {{ cell area demand reachable score position unmetPlaces
         nearestKm }} }} }}"
    );
    service.ask_with(Some(token), &query, json!({ "input": input, "region": region })).await
}

fn zorgkantoor(service: &Service, region: &str) -> String {
    service.token(&Subject::Zorgkantoor(vec![region.to_owned()]))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

fn sum<'a>(values: impl IntoIterator<Item = &'a Value>) -> f64 {
    values.into_iter().filter_map(Value::as_f64).sum()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// The purposes of what the audit trail has.
async fn recorded(url: &str) -> Vec<String> {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    let statement = Statement::from_string(connection.get_database_backend(), "select purpose from audit_event");
    let rows = connection.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get("", "purpose").unwrap()).collect()
}

/// A file of the analysis.
async fn file(service: &Service, token: Option<&str>, path: &str) -> Answer {
    let mut headers = HeaderMap::new();
    if let Some(token) = token {
        headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
    }
    service.send(Method::GET, path, headers, "").await
}

on_both_databases! {
    async fn parts_add_up_and_say_what_they_rest_on(db: TestDatabase) {
        let service = Service::start(db).await;
        let kenniscentrum = service.token(&Subject::Kenniscentrum);
        for source in ["PASSPORTS", "ESTIMATE"] {
            let input = json!({ "careForm": "LOGEREN", "source": source });
            let gap = analyse(&service, &kenniscentrum, input.clone()).await.data("/gapAnalysis");
            let passports = source == "PASSPORTS";
            assert_eq!(gap["estimate"], !passports);
            assert_eq!(gap["quarter"], if passports { json!("2026-Q4") } else { Value::Null });
            assert_eq!((number(&gap["catchmentKm"]), number(&gap["spotsPerFamily"])), (30.0, 0.25));
            let regions = gap["regions"].as_array().unwrap();
            assert_eq!(regions.len(), 31);
            for region in regions {
                assert_eq!(region["suppressed"], region["families"].is_null());
                assert_eq!(region["suppressed"], region["totals"].is_null());
            }
            assert!(close(sum(regions.iter().map(|one| &one["families"])) / 2_000.0, number(&gap["coverage"])));
            for what in ["demand", "unmetPlaces"] {
                let parts = sum(regions.iter().map(|one| &one["totals"][what]));
                assert!(close(parts, number(&gap["country"][what])), "{what}");
            }
            // Families without any place are a share of all of them, whatever is asked.
            assert!((0.0..=1.0).contains(&number(&gap["country"]["withoutShare"])));
            let shown = regions.iter().find(|one| one["suppressed"] == false).unwrap();
            let code = shown["region"]["code"].as_str().unwrap();
            let within = detail(&service, &zorgkantoor(&service, code), input, code).await.data("/gapAnalysis");
            let (areas, cells) = (within["areas"].as_array().unwrap(), within["cells"].as_array().unwrap());
            assert!(close(sum(areas.iter().map(|one| &one["families"])), number(&shown["families"])));
            for what in ["demand", "unmetPlaces"] {
                let of_cells = sum(cells.iter().map(|one| &one[what]));
                assert!(close(of_cells, number(&shown["totals"][what])), "{what}");
                assert!(close(sum(areas.iter().map(|one| &one["totals"][what])), of_cells), "{what}");
            }
            if passports {
                assert!(areas.iter().all(|one| number(&one["families"]) >= 10.0 && number(&one["families"]) % 5.0 == 0.0));
            }
        }
    }

    async fn a_zorgkantoor_sees_its_own_regions_in_detail_and_the_totals_of_all(db: TestDatabase) {
        let url = db.url.clone();
        let service = Service::start(db).await;
        let input = json!({ "careForm": "WONEN" });
        let all = analyse(&service, &service.token(&Subject::Kenniscentrum), input.clone()).await.data("/gapAnalysis");
        let own = zorgkantoor(&service, "ZK23");
        assert_eq!(analyse(&service, &own, input.clone()).await.data("/gapAnalysis"), all);
        detail(&service, &own, input.clone(), "ZK23").await.data("/gapAnalysis/cells/0");
        let other = detail(&service, &own, input.clone(), "ZK09").await;
        assert_eq!((other.code(), &other.json()["data"]["gapAnalysis"]["cells"]), (json!("FORBIDDEN"), &Value::Null));
        for token in [service.holder("DEMO-0001").await, service.token(&Subject::Provider(service.first_provider().await))] {
            assert_eq!(analyse(&service, &token, input.clone()).await.code(), "FORBIDDEN");
        }
        // Raw counts are for the kenniscentrum alone.
        let raw = "{ rawDemand(region: \"ZK23\") { cell region families careForms { careForm families } } }";
        assert_eq!(service.ask(Some(&own), raw).await.code(), "FORBIDDEN");
        let counted = service.ask(Some(&service.token(&Subject::Kenniscentrum)), raw).await.data("/rawDemand");
        assert!(!counted.as_array().unwrap().is_empty());
        let kept = recorded(&url).await;
        for purpose in ["gapAnalysis", "gapDetail", "rawDemand"] {
            assert!(kept.iter().any(|one| one == purpose), "{purpose}: {kept:?}");
        }
    }

    async fn what_cannot_be_asked_is_refused_by_name(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = zorgkantoor(&service, "ZK23");
        for (wrong, argument) in [
            (json!({ "catchmentKm": 0 }), "input.catchmentKm"),
            (json!({ "catchmentKm": -3.5 }), "input.catchmentKm"),
            (json!({ "catchmentKm": 150.01 }), "input.catchmentKm"),
            (json!({ "decay": "GAUSSIAN", "bandwidthKm": 0 }), "input.bandwidthKm"),
            (json!({ "bandwidthKm": 10 }), "input.bandwidthKm"),
            (json!({ "spotsPerFamily": 0 }), "input.spotsPerFamily"),
            (json!({ "quarter": "2026-5" }), "input.quarter"),
            (json!({ "quarter": "2019-Q1" }), "input.quarter"),
            (json!({ "quarter": "2026-Q4", "source": "ESTIMATE" }), "input.quarter"),
            (json!({ "free": { "from": "2026-12-10", "to": "2026-12-09" } }), "input.free.to"),
            (json!({ "free": { "from": "2026-11-30", "to": "2026-12-09" } }), "input.free.from"),
            (json!({ "filter": { "careForms": ["WONEN"] } }), "filter.careForms"),
            (json!({ "filter": { "region": "ZK99" } }), "filter.region"),
        ] {
            let mut input = json!({ "careForm": "LOGEREN" });
            input.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            let refused = analyse(&service, &token, input.clone()).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{input}");
        }
        // What is no number is none in JSON either.
        let body = r#"{"query":"query($km: Float) { gapAnalysis(input: { careForm: LOGEREN, catchmentKm: $km }) { note } }","variables":{"km":NaN}}"#;
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
        assert_eq!(service.post(headers, body).await.code(), "BAD_REQUEST");
        let unknown = detail(&service, &token, json!({ "careForm": "LOGEREN" }), "ZK99").await;
        assert_eq!((unknown.code(), unknown.argument()), (json!("BAD_USER_INPUT"), json!("region")));

        let scenario = "query($changes: [ScenarioChangeInput!]!) { scenario(input: { careForm: LOGEREN }, changes: $changes) {
            cellsReached } }";
        let place = "place_01a22ee6b00072bf9ddadd310bb2797c";
        let many: Vec<Value> = vec![json!({ "add": { "at": { "lat": 52.1, "lng": 5.1 }, "spots": 5 } }); 21];
        for (changes, argument) in [
            (json!([]), "changes"),
            (json!(many), "changes"),
            (json!([{ "add": { "at": { "lat": 53.6, "lng": 4.3 }, "spots": 5 } }]), "changes.0.add.at"),
            (json!([{ "add": { "at": { "lat": 1.0, "lng": 4.3 }, "spots": 5 } }]), "changes.0.add.at.point"),
            (json!([{ "add": { "at": { "lat": 52.1, "lng": 5.1 }, "spots": 0 } }]), "changes.0.add.spots"),
            (json!([{ "close": place }]), "changes.0"),
            (json!([{ "close": "nonsense" }]), "changes.0.close"),
        ] {
            let refused = service.ask_with(Some(&token), scenario, json!({ "changes": changes })).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{changes}");
        }

        let suggest = "mutation($input: SuggestSitesInput!) { suggestSites(input: $input) { suggestion { id } } }";
        let input = |n: i32, size: i32, region: &str| json!({ "input": { "gap": { "careForm": "LOGEREN" }, "n": n, "size": size,
            "region": region } });
        for (input, argument) in
            [(input(21, 6, "ZK23"), "input.n"), (input(0, 6, "ZK23"), "input.n"), (input(2, 0, "ZK23"), "input.size"),
             (input(2, 6, "ZK99"), "input.region")]
        {
            let refused = service.ask_with(Some(&token), suggest, input.clone()).await;
            assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{input}");
        }
        assert_eq!(service.ask_with(Some(&token), suggest, input(2, 6, "ZK09")).await.code(), "FORBIDDEN");
        let k = "mutation { publishDemand(input: { k: 9 }) { refused } }";
        let refused = service.ask(Some(&service.token(&Subject::Kenniscentrum)), k).await;
        assert_eq!((refused.code(), refused.argument()), (json!("BAD_USER_INPUT"), json!("input.k")));
        assert_eq!(service.ask(Some(&token), k).await.code(), "FORBIDDEN");
    }

    async fn a_scenario_says_what_is_before_and_after(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = zorgkantoor(&service, "ZK23");
        let input = json!({ "careForm": "LOGEREN", "source": "ESTIMATE", "decay": "STEP" });
        let query = "query($input: GapInput!, $changes: [ScenarioChangeInput!]!) { scenario(input: $input, changes: $changes) {
            cellsReached before { country { unmetPlaces } } after { country { unmetPlaces withoutShare } } } }";
        let ask = |changes: Value| service.ask_with(Some(&token), query, json!({ "input": input, "changes": changes }));
        let add = json!([{ "add": { "at": { "lat": 52.09, "lng": 5.12 }, "spots": 40 } }]);
        let more = ask(add).await.data("/scenario");
        let before = number(&more["before"]["country"]["unmetPlaces"]);
        let alone = analyse(&service, &token, input.clone()).await.data("/gapAnalysis/country/unmetPlaces");
        assert!(close(before, number(&alone)));
        let after = number(&more["after"]["country"]["unmetPlaces"]);
        assert!(after < before && before - after <= 40.0 + 1e-9, "{before} {after}");
        let cells = number(&more["cellsReached"]);
        assert!(cells > 10.0 && cells < 2_000.0, "{cells}");
        // What closes helps nobody.
        let places = "{ placesNear(near: { postcode: \"3511\" }, filter: { careForms: [LOGEREN] }, first: 2) { edges { node { id } } } }";
        let places = service.ask(None, places).await.data("/placesNear/edges");
        let id = |at: usize| places[at]["node"]["id"].clone();
        let less = ask(json!([{ "close": id(0) }, { "resize": { "place": id(1), "spots": 1 } }])).await.data("/scenario");
        assert!(number(&less["after"]["country"]["unmetPlaces"]) >= before);
        let twice = ask(json!([{ "close": id(0) }, { "resize": { "place": id(0), "spots": 1 } }])).await;
        assert_eq!((twice.code(), twice.argument()), (json!("BAD_USER_INPUT"), json!("changes.1")));
        let moved = json!([{ "move": { "place": id(0), "to": { "lat": 53.2, "lng": 6.56 } } }]);
        ask(moved).await.data("/scenario/after/country/unmetPlaces");
    }

    async fn the_trade_off_of_homogeneity_never_improves_with_fewer_groups(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = zorgkantoor(&service, "ZK23");
        let query = "query($region: String) { homogeneityTradeOff(input: { careForm: LOGEREN, source: ESTIMATE }, region: $region) {
            note lines { homogeneity places spots totals { withoutShare nearestMedianKm } curve { km share } } } }";
        for region in [Value::Null, json!("ZK09")] {
            let lines = service.ask_with(Some(&token), query, json!({ "region": region })).await;
            let lines = lines.data("/homogeneityTradeOff/lines");
            let lines = lines.as_array().unwrap();
            assert_eq!(lines.len(), 3);
            for pair in lines.windows(2) {
                assert!(number(&pair[0]["places"]) <= number(&pair[1]["places"]));
                assert!(number(&pair[0]["totals"]["withoutShare"]) >= number(&pair[1]["totals"]["withoutShare"]));
                let (fewer, more) = (pair[0]["curve"].as_array().unwrap(), pair[1]["curve"].as_array().unwrap());
                for (fewer, more) in fewer.iter().zip(more) {
                    assert!(number(&fewer["share"]) <= number(&more["share"]) + 1e-12);
                }
            }
            for line in lines {
                let curve = line["curve"].as_array().unwrap();
                assert!(curve.windows(2).all(|pair| number(&pair[0]["share"]) <= number(&pair[1]["share"])));
            }
        }
        let twice = "{ homogeneityTradeOff(input: { careForm: LOGEREN, filter: { homogeneity: [HETEROGENEOUS] } }) { note } }";
        assert_eq!(service.ask(Some(&token), twice).await.argument(), "filter.homogeneity");
    }

    async fn a_proposal_is_proven_kept_and_ones_own(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = zorgkantoor(&service, "ZK23");
        let query = "mutation($input: SuggestSitesInput!) { suggestSites(input: $input) { suggestion { id state } } }";
        let read = "query($id: ID!) { siteSuggestion(id: $id) { id state progress endedAt region { code } objective answer { note
            unmetFamilies value optimal bound gap sites { cell gain lat lng } } } }";
        for objective in ["MOST_FAMILIES", "SHORTEST_WAY"] {
            let input = json!({ "input": { "gap": { "careForm": "LOGEREN", "source": "ESTIMATE" }, "n": 3, "size": 4,
                "region": "ZK23", "objective": objective, "idempotencyKey": objective } });
            let asked = service.ask_with(Some(&token), query, input.clone()).await.data("/suggestSites/suggestion");
            let again = service.ask_with(Some(&token), query, input).await.data("/suggestSites/suggestion");
            assert_eq!(again["id"], asked["id"]);
            let done = loop {
                let one = service.ask_with(Some(&token), read, json!({ "id": asked["id"] })).await.data("/siteSuggestion");
                match one["state"].as_str().unwrap() {
                    "RUNNING" => tokio::task::yield_now().await,
                    _ => break one,
                }
            };
            assert_eq!((&done["state"], &done["region"]["code"]), (&json!("DONE"), &json!("ZK23")));
            let answer = &done["answer"];
            let sites = answer["sites"].as_array().unwrap();
            assert_eq!(sites.len(), 3);
            let value = number(&answer["value"]);
            assert!(close(sum(sites.iter().map(|one| &one["gain"])), value));
            assert!(number(&answer["bound"]) >= value - 1e-9);
            assert!(answer["optimal"] == true || number(&answer["gap"]) <= 0.37);
            if objective == "MOST_FAMILIES" {
                // Four families share a spot of logeren.
                assert!(value <= 3.0 * 4.0 / 0.25 + 1e-9 && value <= number(&answer["unmetFamilies"]) + 1e-9);
            }
            let id = json!({ "id": asked["id"] });
            let colleague = zorgkantoor(&service, "ZK09");
            assert_eq!(service.ask_with(Some(&colleague), read, id.clone()).await.data("/siteSuggestion"), Value::Null);
            let kenniscentrum = service.token(&Subject::Kenniscentrum);
            assert_eq!(service.ask_with(Some(&kenniscentrum), read, id).await.data("/siteSuggestion"), done);
        }
    }

    async fn files_hold_what_the_requester_may_see(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = zorgkantoor(&service, "ZK23");
        let asked = "input: { careForm: LOGEREN, source: ESTIMATE, filter: { homogeneity: [HOMOGENEOUS_ZEVMB] } }";
        let query = format!(
            "{{ files: gapFiles({asked}) {{ svg geojson csv }} regional: gapFiles({asked}, region: \"ZK23\") {{ svg geojson csv }} }}"
        );
        let files = service.ask(Some(&token), &query).await.data("");
        let other = format!("{{ gapFiles({asked}, region: \"ZK09\") {{ svg }} }}");
        assert_eq!(service.ask(Some(&token), &other).await.code(), "FORBIDDEN");
        for which in ["files", "regional"] {
            let path = |format: &str| files[which][format].as_str().unwrap().to_owned();
            let svg = file(&service, Some(&token), &path("svg")).await;
            assert_eq!((svg.status.as_u16(), svg.headers["content-type"].to_str().unwrap()), (200, "image/svg+xml"));
            assert!(svg.text.starts_with("<svg") || svg.text.starts_with("<?xml"), "{}", &svg.text[..80]);
            let geojson = file(&service, Some(&token), &path("geojson")).await.json();
            let features = geojson["features"].as_array().unwrap();
            assert!(features.iter().any(|one| one["properties"]["kind"] == "CELL"));
            let cells_elsewhere = features.iter().filter(|one| {
                let of = &one["properties"];
                of["region"] != "ZK23" && (of["kind"] == "CELL" || of["kind"] == "AREA")
            });
            assert_eq!(cells_elsewhere.count(), 0);
            let table = file(&service, Some(&token), &path("csv")).await;
            assert_eq!(table.status, 200);
            assert!(table.text.contains("ZK23"));
        }
        let svg = files["files"]["svg"].as_str().unwrap();
        let elsewhere = files["regional"]["svg"].as_str().unwrap().replace("ZK23", "ZK09");
        assert_eq!(file(&service, Some(&token), &elsewhere).await.status, 403);
        assert_eq!(file(&service, None, svg).await.status, 401);
        assert_eq!(file(&service, Some(&service.holder("DEMO-0001").await), svg).await.status, 403);
        for wrong in ["", "?format=svg", "?format=png&input={}", "?format=svg&input=nonsense", "?format=svg&input={}&input={}",
            "?format=svg&input=%7B%22careForm%22%3A%22LOGEREN%22%2C%22catchmentKm%22%3A0%7D"]
        {
            let refused = file(&service, Some(&token), &format!("/v1/exports/gap{wrong}")).await;
            assert_eq!(refused.status, 400, "{wrong}");
        }
    }
}
