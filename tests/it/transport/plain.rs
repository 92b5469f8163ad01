//! What is in memory is answered on the spot: as the engine answers it.

use serde_json::{Value, json};

use crate::support::{databases::on_both_databases, service::Service};

/// Asks for the three places that are nearest; `edge` and `node` are what is asked of each.
fn nearest(edge: &str, node: &str, fragments: &str) -> String {
    format!(
        "query {{ placesNear(near: {{ postcode: \"3511\" }}, first: 3) {{ edges {{ {edge} node {{ {node} }} }} \
         pageInfo {{ endCursor }} }} }} {fragments}"
    )
}

/// What lies in memory, all of its fields but those for the kenniscentrum alone; `%` stands in every object.
const FIELDS: [&str; 7] = [
    "placesNear(near: { postcode: \"3511\" }, first: 20, wishes: [{ code: \"3.b\" }]) { %
       edges { % cursor distanceKm vervoerReachesYou wishScore node { %
         id name careForm version capacity phone email minAge maxAge leveringsvormen freshness phoneFirst confirmedAt
         nextStay waitingList { % length expectedWeeks updatedAt }
         availability(from: \"2026-12-01\", to: \"2026-12-03\") { % date slot free statedAt } } }
       pageInfo { % hasNextPage hasPreviousPage startCursor endCursor } }",
    "placesNear(near: { postcode: \"3511\" }, first: 20) { % edges { % node { %
       vervoer { % radiusKm postcodes gemeenten { % code name } area trips { % from pickUp { % weekdays from to } }
         bagsAndAids powerSockets nurseAboard wheelchairs oxygen medicineFridge airConditioning paidBy } } } }",
    "placesNear(near: { postcode: \"3511\" }, first: 20) { % edges { % node { %
       kwaliteitseisen { % kwaliteitseis { % code title theme } status source explanation confirmedByParents
         disputedByParents assessedAt } } } }",
    "placesNear(near: { postcode: \"3511\" }, first: 20) { % edges { % node { %
       provider { % id name phone email website kvkNumber agbCode fieldlab version }
       location { % id version street houseNumber postcode city precision gemeente { % code name } point { % lat lng }
         region { % code name concessionHolder } facilities { % facility present } }
       group { % id version name homogeneity size staffPerTen nurses challengingBehaviourExcluded
         careCapabilities { % capability offered } } } } }",
    "placeClusters(bounds: { south: 50, west: 3, north: 54, east: 8 }, resolution: 4) { % cell lat lng }",
    "placeClusters(bounds: { south: 50, west: 3, north: 54, east: 8 }, resolution: 4) { % count nearestPlace }",
    "contacts(near: { postcode: \"3511\" }, first: 20) { % edges { % cursor distanceKm node { %
       id name function organisation organisationKind email phone workPostcode workCity expertise status version verifiedAt
       dueOn gemeenten { % code name } regions { % code name } } } pageInfo { % hasNextPage } }",
];

on_both_databases! {
    async fn every_field_is_written_as_the_engine_answers_it(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = service.holder("DEMO-0001").await;
        for fields in FIELDS {
            let asked = async |object| {
                let question = format!("{{ {} }}", fields.replace('%', object));
                service.ask(Some(&token), &question).await
            };
            let plain = asked("__typename").await;
            assert!(plain.json().get("errors").is_none(), "{}", plain.text);
            // A field twice is for the engine.
            assert_eq!(asked("__typename __typename").await.text, plain.text);
        }
    }

    async fn however_it_is_asked_the_answer_is_the_same(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = service.holder("DEMO-0001").await;
        let ask = async |question: String| service.ask(Some(&token), &question).await;
        let (edge, place) = ("__typename cursor distanceKm", "__typename id title: name group { size } location { city point { lat } }");
        let plain = ask(nearest(edge, place, "")).await;
        assert_eq!(plain.data("/placesNear/edges").as_array().unwrap().len(), 3);
        assert_eq!(plain.data("/placesNear/edges/0/node/__typename"), "Place");
        // Fragments of the type itself.
        let inline = "... on Place { __typename id ... { title: name } } ...Rest";
        let spread = "fragment Rest on Place { group { size } location { city point { lat } } }";
        assert_eq!(ask(nearest(edge, inline, spread)).await.text, plain.text);
        // What only the engine answers: a field twice, an interface.
        let twice = ask(nearest(&format!("{edge} {edge}"), &format!("{place} {place}"), "")).await;
        assert_eq!(twice.text, plain.text);
        let interface = format!("__typename ... on Node {{ id }} {}", place.trim_start_matches("__typename id"));
        assert_eq!(ask(nearest(edge, &interface, "")).await.text, plain.text);
    }

    async fn errors_come_once_whether_a_field_waits_or_not(db: TestDatabase) {
        let service = Service::start(db).await;
        let token = service.holder("DEMO-0001").await;
        let wrong = "id vervoerFrom(dagbesteding: \"x\")";
        let at_once = service.ask(Some(&token), &nearest("", wrong, "")).await.json();
        // Contacts are read from the database.
        let waiting = service.ask(Some(&token), &nearest("", &format!("{wrong} contacts {{ id }}"), "")).await.json();
        for answer in [&at_once, &waiting] {
            let mut paths: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
            paths.sort_by_key(ToString::to_string);
            let expected = [0, 1, 2].map(|at| json!(["placesNear", "edges", at, "node", "vervoerFrom"]));
            assert_eq!(paths, expected.iter().collect::<Vec<_>>(), "{answer:#}");
        }
        for at in 0..3 {
            let node = |answer: &Value| answer["data"]["placesNear"]["edges"][at]["node"].clone();
            assert_eq!(node(&at_once)["vervoerFrom"], Value::Null);
            assert_eq!(node(&at_once)["id"], node(&waiting)["id"]);
            assert!(node(&waiting)["contacts"].is_array(), "{waiting:#}");
        }
    }
}
