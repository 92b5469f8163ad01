//! The same questions have the same answers, byte for byte, on both databases, and however they are paged.

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::{
    databases::{TestDatabase, on_both_databases},
    service::Service,
};

const QUESTION: &str = r#"query ($near: NearInput!, $radius: Float, $filter: PlaceFilter, $wishes: [WishInput!], $first: Int!, $after: String) {
  placesNear(near: $near, radiusKm: $radius, filter: $filter, wishes: $wishes, first: $first, after: $after) {
    edges {
      cursor distanceKm vervoerReachesYou wishScore
      node {
        id name careForm capacity phone email minAge maxAge leveringsvormen nextStay freshness confirmedAt
        waitingList { length expectedWeeks updatedAt }
        availability(from: "2026-12-11", to: "2026-12-13") { date slot free statedAt }
        group { homogeneity size staffPerTen nurses challengingBehaviourExcluded careCapabilities { capability offered } }
        location { street houseNumber postcode city precision cell gemeente { code name } region { code name }
          point { lat lng } facilities { facility present } }
        provider { id name website kvkNumber agbCode fieldlab }
        vervoer { radiusKm postcodes gemeenten { name } paidBy wheelchairs }
        kwaliteitseisen { status source assessedAt kwaliteitseis { code } }
      }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"#;

/// Less of each place, so that a page of a hundred stays within the limits.
const BRIEF: &str = r"query ($near: NearInput!, $radius: Float, $filter: PlaceFilter, $wishes: [WishInput!], $first: Int!, $after: String) {
  placesNear(near: $near, radiusKm: $radius, filter: $filter, wishes: $wishes, first: $first, after: $after) {
    edges { cursor distanceKm vervoerReachesYou wishScore node { id name nextStay location { city } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}";

fn questions() -> Vec<Value> {
    let nears = [
        json!({ "postcode": "3511" }),
        json!({ "postcode": "9711 AB" }),
        json!({ "point": { "lat": 50.85, "lng": 5.69 } }),
        json!({ "cell": "871969231ffffff" }),
    ];
    let filters = [
        json!({}),
        json!({ "careForms": ["LOGEREN", "WONEN"], "homogeneity": ["HOMOGENEOUS_ZEVMB"] }),
        json!({ "stay": { "arrive": "2026-12-12", "depart": "2026-12-14" } }),
        json!({ "stay": { "arrive": "2026-12-12", "depart": "2026-12-19", "spots": 2 }, "includeUnknown": true }),
        json!({ "dagdelen": { "from": "2026-12-07", "to": "2027-01-15", "weekdays": ["TUESDAY", "THURSDAY"], "slots": ["MORNING"] } }),
        json!({ "freeOn": "2027-03-01", "leveringsvormen": ["PGB", "ZIN"] }),
        json!({ "kwaliteitseisen": ["3.b"], "facilities": ["TILLIFT"], "careCapabilities": ["SONDEVOEDING"], "includeUnknown": true }),
        json!({ "vervoerTo": { "postcode": "3511" }, "age": 12, "freshness": ["FRESH", "AGING"] }),
        json!({ "region": "ZK23", "challengingBehaviourExcluded": true }),
    ];
    let wishes = json!([{ "code": "3.b", "weight": 3 }, { "code": "5.a" }]);
    let all = nears.iter().flat_map(|near| filters.iter().map(move |filter| (near, filter)));
    all.enumerate()
        .map(|(number, (near, filter))| {
            let radius = [Value::Null, json!(40), json!(200)][number % 3].clone();
            json!({ "near": near, "radius": radius, "filter": filter, "wishes": wishes, "first": 20 })
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_give_the_same_bytes() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let (sqlite, postgres) = (Service::start(TestDatabase::sqlite().await).await, Service::start(postgres).await);
    for variables in questions() {
        let mut answers = Vec::new();
        for service in [&sqlite, &postgres] {
            let holder = service.holder("DEMO-0001").await;
            let answer = service.ask_with(Some(&holder), QUESTION, variables.clone()).await;
            assert_eq!(answer.json().get("errors"), None, "{variables}: {}", answer.text);
            answers.push(answer.text);
        }
        assert_eq!(answers[0], answers[1], "{variables}");
    }
    let contacts = r#"{ contacts(near: { postcode: "3511" }, first: 100) {
        edges { cursor distanceKm node { id name function organisation organisationKind email phone workPostcode workCity
          gemeenten { code } expertise regions { code } status version verifiedAt } } pageInfo { hasNextPage } } }"#;
    let everything =
        async |service: &Service| service.ask(Some(&service.token(&Subject::Kenniscentrum)), contacts).await.text;
    assert_eq!(everything(&sqlite).await, everything(&postgres).await);
}

on_both_databases! {
    async fn paging_equals_the_unpaged_answer(db: TestDatabase) {
        let service = Service::start(db).await;
        let holder = service.holder("DEMO-0001").await;
        for mut variables in questions().into_iter().step_by(5) {
            variables["first"] = json!(100);
            let whole = service.ask_with(Some(&holder), BRIEF, variables.clone()).await.data("/placesNear/edges");
            let whole = whole.as_array().unwrap();
            variables["first"] = json!(7);
            let mut paged = Vec::new();
            while paged.len() < whole.len() {
                let page = service.ask_with(Some(&holder), BRIEF, variables.clone()).await.data("/placesNear");
                let edges = page["edges"].as_array().unwrap();
                assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!paged.is_empty()));
                assert_eq!(page["pageInfo"]["endCursor"], edges.last().map_or(Value::Null, |edge| edge["cursor"].clone()));
                paged.extend(edges.iter().cloned());
                let more = page["pageInfo"]["hasNextPage"].as_bool().unwrap();
                assert!(more || paged.len() == whole.len(), "{variables}");
                variables["after"] = page["pageInfo"]["endCursor"].clone();
            }
            paged.truncate(whole.len());
            assert_eq!(&paged, whole, "{variables}");
        }
    }

    async fn paging_contacts_and_providers_equals_the_unpaged_answer(db: TestDatabase) {
        let service = Service::start(db).await;
        let curator = service.token(&Subject::Kenniscentrum);
        let contacts = r#"query ($first: Int!, $after: String) {
            all: contacts(near: { postcode: "8011" }, first: $first, after: $after) {
              edges { cursor distanceKm node { id } } pageInfo { hasNextPage endCursor } } }"#;
        let providers = r#"query ($first: Int!, $after: String) {
            all: providers(first: $first, after: $after, nameContains: "DEMO") {
              edges { cursor node { id name } } pageInfo { hasNextPage endCursor } } }"#;
        for (question, least) in [(contacts, 120), (providers, 80)] {
            let read = async |first: usize| {
                let (mut edges, mut after) = (Vec::new(), Value::Null);
                loop {
                    let variables = json!({ "first": first, "after": after });
                    let page = service.ask_with(Some(&curator), question, variables).await.data("/all");
                    edges.extend(page["edges"].as_array().unwrap().clone());
                    if page["pageInfo"]["hasNextPage"] == json!(false) {
                        break edges;
                    }
                    after = page["pageInfo"]["endCursor"].clone();
                }
            };
            let (by_hundred, by_nine) = (read(100).await, read(9).await);
            assert!(by_hundred.len() >= least, "{}", by_hundred.len());
            assert_eq!(by_hundred, by_nine);
        }
    }
}
