//! A day in the life: a parent waits, a provider opens a weekend, the parent is told, phones, the provider closes it.

use serde_json::json;

use super::{Logeerplek, TOLD, WEEKEND, alerts, saved};
use crate::support::{databases::on_both_databases, service::Service, socket::Socket};

on_both_databases! {
    async fn a_day_in_the_life(db: TestDatabase) {
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        let parent = service.holder("DEMO-0001").await;
        let search = saved(&service, &parent, &plek.search()).await;
        let found = async || {
            let question = format!(
                "{{ placesNear(near: {{ postcode: \"{}\" }}, radiusKm: 5, filter: {{ careForms: [LOGEREN], stay: {{ \
                 arrive: \"2027-03-05\", depart: \"2027-03-07\" }} }}) {{ edges {{ node {{ id }} }} }} }}",
                plek.postcode
            );
            let edges = service.ask(Some(&parent), &question).await.data("/placesNear/edges");
            edges.as_array().unwrap().iter().any(|edge| edge["node"]["id"] == plek.id.as_str())
        };
        assert!(!found().await);
        assert_eq!(alerts(&service, &parent, None).await, []);

        let mut phone = Socket::connect(&service, Some(&parent)).await;
        // From the beginning, so that it does not matter whether the subscription or the change comes first.
        phone.subscribe("told", TOLD, json!({})).await;
        plek.set(&service, 1).await;
        let told = phone.payload("told", "next").await;
        let edge = &told["data"]["placesOpened"];
        assert_eq!(edge["node"]["search"]["id"], search, "{told:#}");
        assert_eq!(edge["node"]["place"]["id"], plek.id.as_str());
        let nights = WEEKEND.map(|date| json!({ "date": date, "free": 1 }));
        assert_eq!(edge["node"]["place"]["availability"], json!(nights), "as it is now, not as it was");
        assert!(found().await);
        // They have phoned.
        plek.set(&service, 0).await;
        assert!(!found().await);
        let cursor = edge["cursor"].as_str().unwrap();
        assert_eq!(alerts(&service, &parent, None).await, [(search, json!(plek.id), cursor.to_owned())]);
        assert_eq!(alerts(&service, &parent, Some(cursor)).await, []);
    }
}
