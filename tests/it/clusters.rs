//! The map from afar, over HTTP.

use std::collections::BTreeMap;

use serde_json::Value;
use zorgkaart::{auth::Subject, geo::Cell};

use crate::support::{databases::on_both_databases, service::Service};

const COUNTRY: &str = "bounds: { south: 50, west: 3, north: 54, east: 8 }";

/// Every place that `filter` takes, in pages, by its cell.
async fn by_cell(service: &Service, token: Option<&str>, filter: &str, resolution: u8) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    let mut after = String::new();
    loop {
        let question = format!(
            "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ {filter} }}, first: 100 {after}) {{ edges {{ node {{ \
             location {{ cell(resolution: 15) }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let page = service.ask(token, &question).await.data("/placesNear");
        for edge in page["edges"].as_array().unwrap() {
            let cell: Cell = edge["node"]["location"]["cell"].as_str().unwrap().parse().unwrap();
            *counts.entry(cell.parent(resolution).unwrap().to_string()).or_insert(0) += 1;
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return counts;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
}

on_both_databases! {
    async fn what_is_counted_is_what_is_found(db: TestDatabase) {
        let service = Service::start(db).await;
        let parent = service.holder("DEMO-0001").await;
        let stay = "careForms: [LOGEREN], stay: { arrive: \"2026-12-12\", depart: \"2026-12-14\" }";
        for (token, filter) in [(None, ""), (None, "careForms: [WONEN], region: \"ZK23\""), (Some(parent.as_str()), stay)] {
            let question = format!(
                "{{ placeClusters({COUNTRY}, resolution: 5, filter: {{ {filter} }}) {{ cell count lat lng nearestPlace }} }}"
            );
            let clusters = service.ask(token, &question).await.data("/placeClusters");
            let counted: BTreeMap<String, i64> = (clusters.as_array().unwrap().iter())
                .map(|one| (one["cell"].as_str().unwrap().to_owned(), one["count"].as_i64().unwrap()))
                .collect();
            assert!(!counted.is_empty());
            assert_eq!(counted, by_cell(&service, token, filter, 5).await, "{filter}");
            // The nearest is in the cell.
            for one in clusters.as_array().unwrap().iter().take(3) {
                let place = format!("{{ place(id: {}) {{ location {{ cell(resolution: 15) }} }} }}", one["nearestPlace"]);
                let cell = service.ask(None, &place).await.data("/place/location/cell");
                let cell: Cell = cell.as_str().unwrap().parse().unwrap();
                assert_eq!(Value::from(cell.parent(5).unwrap().to_string()), one["cell"]);
            }
        }
    }

    /// What a filter counts tells as much as what it finds.
    async fn free_spots_are_counted_for_those_who_may_see_them(db: TestDatabase) {
        let service = Service::start(db).await;
        let question = |filter: &str| format!("{{ placeClusters({COUNTRY}, resolution: 4, filter: {{ {filter} }}) {{ count }} }}");
        let free = question("freeOn: \"2026-12-12\"");
        let provider = service.token(&Subject::Provider(service.first_provider().await));
        assert_eq!(service.ask(None, &free).await.code(), "UNAUTHENTICATED");
        assert_eq!(service.ask(Some(&provider), &free).await.code(), "FORBIDDEN");
        let parent = service.holder("DEMO-0001").await;
        service.ask(Some(&parent), &free).await.data("/placeClusters");
    }
}
