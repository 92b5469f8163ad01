//! The contactenbestand is searched by what people type.

use geo::Distance;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zorgkaart::{
    auth::Subject,
    care::{reference::Postcode, shipped},
};

use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn the_nearest_come_first_by_work_address_or_by_where_they_work_for(db: TestDatabase) {
        let reference = shipped::reference().unwrap();
        let service = Service::start(db).await;
        let holder = service.holder("DEMO-0001").await;
        let asked = &reference.postcodes[&"3511".parse().unwrap()];
        // Karney's geodesic: not ours.
        let to = |postcode: &Postcode| {
            let point = |of: &Postcode| geo::Point::new(of.point.lng(), of.point.lat());
            geo::Geodesic.distance(point(asked), point(postcode)) / 1e3
        };
        let query = "query($after: String) { contacts(near: { postcode: \"3511\" }, first: 40, after: $after) {
            pageInfo { endCursor hasNextPage }
            edges { distanceKm node { id workPostcode gemeenten { code } regions { code } } } } }";
        let (mut edges, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = service.ask_with(Some(&holder), query, json!({ "after": after })).await.data("/contacts");
            edges.extend(page["edges"].as_array().unwrap().clone());
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let mut kinds = [0; 3];
        for edge in &edges {
            let node = &edge["node"];
            let codes = |list: &str| {
                let codes = node[list].as_array().unwrap().iter();
                codes.map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            };
            let (gemeenten, regions) = (codes("gemeenten"), codes("regions"));
            let expected = match node["workPostcode"].as_str() {
                Some(pc4) => Some(to(&reference.postcodes[&pc4.parse().unwrap()])),
                None => reference
                    .postcodes
                    .values()
                    .filter(|one| {
                        gemeenten.contains(&one.gemeente_code)
                            || regions.contains(&reference.gemeenten[&one.gemeente_code].region_code)
                    })
                    .map(to)
                    .min_by(f64::total_cmp),
            };
            kinds[if expected.is_none() { 2 } else { usize::from(node["workPostcode"].is_null()) }] += 1;
            match (expected, edge["distanceKm"].as_f64()) {
                (Some(expected), Some(km)) => assert!((km - expected).abs() <= 3e-6 * expected, "{km} {expected}: {node}"),
                (expected, km) => assert_eq!(expected, km, "{node}"),
            }
        }
        assert!(kinds.iter().all(|count| *count > 0), "by address, by area, by neither: {kinds:?}");
        let far = |edge: &Value| edge["distanceKm"].as_f64().unwrap_or(f64::INFINITY);
        assert!(edges.is_sorted_by(|a, b| far(a) <= far(b)));
    }

    async fn words_are_found_in_name_function_and_organisation(db: TestDatabase) {
        let database = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let holder = service.holder("DEMO-0001").await;
        let all = service.ask(Some(&holder), "{ contacts(first: 3) { edges { node { id } } } }").await;
        let id = |n: usize| all.data(&format!("/contacts/edges/{n}/node/id")).as_str().unwrap().replace("contact_", "");
        let as_kept = |id: &str| match database.get_database_backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{id}'"),
            _ => format!("'{id}'"),
        };
        for (n, name, function, organisation) in [
            (0, "Renée Ünal-Çelik", "'Fysiotherapeut'", "De Zeeuwse Kust"),
            (1, "RENE KUSTERS", "null", "Thús yn Fryslân"),
            (2, "Piet 100%_zeker", "'Arts \u{130}'", "O''Brien & Zn"),
        ] {
            let id = as_kept(&id(n));
            database
                .execute_unprepared(&format!(
                    "update contact set name = '{name}', function = {function}, organisation = '{organisation}' where id = {id}"
                ))
                .await
                .unwrap();
        }
        let found = async |token: &str, text: &str| {
            let query = "query($text: String) { contacts(filter: {text: $text}, first: 100) { edges { node { id } } } }";
            let answer = service.ask_with(Some(token), query, json!({ "text": text })).await.data("/contacts/edges");
            let ids = answer.as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned());
            let known = [id(0), id(1), id(2)].map(|id| format!("contact_{id}"));
            ids.map(|id| known.iter().position(|known| *known == id).map_or(9, |n| n)).collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("renee", vec![0]),
            ("RENÉE", vec![0]),
            ("rene", vec![0, 1]),
            ("kust rene", vec![0, 1]),
            ("  celik\tFYSIO ", vec![0]),
            ("thus fryslan", vec![1]),
            ("rene\u{301} kusters", vec![1]),
            ("100%_", vec![2]),
            ("o'brien", vec![2]),
            ("100%zeker", vec![]),
            ("renee fryslan", vec![]),
            ("fysiotherapeut kusters", vec![]),
        ] {
            assert_eq!(found(&holder, text).await, expected, "{text:?}");
        }
        // What is withdrawn is found by the kenniscentrum alone.
        database
            .execute_unprepared(&format!("update contact set status = 'WITHDRAWN' where id = {}", as_kept(&id(0))))
            .await
            .unwrap();
        assert_eq!(found(&holder, "renee").await, Vec::<usize>::new());
        assert_eq!(found(&service.token(&Subject::Kenniscentrum), "renee").await, vec![0]);
    }
}
