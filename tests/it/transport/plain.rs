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

on_both_databases! {
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
