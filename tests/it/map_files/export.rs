//! What goes out, and to whom.

use std::collections::{BTreeMap, HashMap};

use reqwest::{
    Method,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;
use zorgkaart::{auth::Subject, graphql::id::GlobalId};

use super::Files;
use crate::support::{databases::on_both_databases, service::Answer};

const SPOTS: [&str; 4] = ["waiting_list_length", "waiting_list_weeks", "waiting_list_at", "free_spots"];

type Row = HashMap<String, String>;

impl Files {
    async fn export(&self, query: &str, token: Option<&str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            headers.insert("authorization", HeaderValue::try_from(format!("Bearer {token}")).unwrap());
        }
        self.service.send(Method::GET, &format!("/v1/exports/places{query}"), headers, "").await
    }

    /// The rows by id.
    async fn rows(&self, token: Option<&str>) -> BTreeMap<String, Row> {
        let answer = self.export("?format=csv", token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let rows =
            csv::Reader::from_reader(answer.text.as_bytes()).deserialize().map(Result::unwrap).collect::<Vec<Row>>();
        rows.into_iter().map(|row| (row["id"].clone(), row)).collect()
    }

    async fn features(&self, token: Option<&str>) -> BTreeMap<String, Value> {
        let answer = self.export("?format=geojson", token).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.headers["content-type"]),
            (200, &HeaderValue::from_static("application/geo+json"))
        );
        let whole = answer.json();
        assert_eq!(whole["type"], "FeatureCollection");
        let all = whole["features"].as_array().unwrap();
        all.iter().map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())).collect()
    }
}

on_both_databases! {
    async fn each_sees_in_a_file_what_they_see_in_the_api(db: TestDatabase) {
        let files = Files::of(db).await;
        let service = &files.service;
        let view = files.view();
        let all: Vec<_> = view.providers_by_name().flat_map(|(_, id)| view.places_of(*id)).collect();
        let owner_of = |id: &str| {
            let Some(GlobalId::Place(id)) = GlobalId::parse(id) else { panic!("{id}") };
            view.seen_place(view.place(id).unwrap()).unwrap().provider_id()
        };
        let home = all.iter().find_map(|place| {
            let hidden = view.seen_location(*place)?.precision().code() == "AREA";
            hidden.then(|| view.seen_place(*place).unwrap().provider_id())
        });
        let owner = home.unwrap();
        let open = [
            ("nobody", None),
            ("a holder whose passport has ended", Some(service.holder("DEMO-0002").await)),
        ];
        let staff = service.token(&Subject::Provider(owner));
        let closed = [
            ("a holder", Some(service.holder("DEMO-0001").await)),
            ("staff", Some(staff)),
            ("a zorgkantoor", Some(service.token(&Subject::Zorgkantoor(vec!["ZK23".into()])))),
            ("the kenniscentrum", Some(service.token(&Subject::Kenniscentrum))),
        ];
        let sees_spots = |who: &str| closed.iter().any(|(one, _)| *one == who);
        for (who, token) in open.iter().chain(&closed) {
            let (rows, features) = (files.rows(token.as_deref()).await, files.features(token.as_deref()).await);
            assert_eq!((rows.len(), features.len()), (all.len(), all.len()), "{who}");
            let mut hidden = 0;
            for (id, row) in &rows {
                let own = owner_of(id) == owner;
                let feature = &features[id];
                for column in SPOTS {
                    assert_eq!(row.contains_key(column), sees_spots(who), "{who}: {column}");
                }
                let mine = sees_spots(who) && (*who != "staff" || own);
                assert_eq!(feature["properties"].get("freeSpots").is_some(), mine, "{who}");
                if sees_spots(who) && !mine {
                    assert!(SPOTS.iter().all(|column| row[*column].is_empty()), "{who}: {row:?}");
                }
                // A home is shown as its PC4.
                let sees_home = *who == "the kenniscentrum" || *who == "staff" && own;
                if row["precision"] == "AREA" && !sees_home {
                    hidden += 1;
                    let area = &view.reference().postcodes[&row["postcode"].parse().unwrap()];
                    assert!(row["street"].is_empty() && row["house_number"].is_empty() && row["postcode"].len() == 4);
                    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([area.point.lng(), area.point.lat()]));
                    assert_eq!((&row["city"], &row["gemeente"]), (&area.place_name, &area.gemeente_code));
                } else {
                    let Some(GlobalId::Place(place)) = GlobalId::parse(id) else { panic!("{id}") };
                    let at = view.seen_location(view.place(place).unwrap()).unwrap();
                    assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([at.point().lng(), at.point().lat()]));
                    assert_eq!(row["street"], at.street().unwrap_or_default());
                }
                let coordinates = (row["lng"].parse::<f64>().unwrap(), row["lat"].parse::<f64>().unwrap());
                assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([coordinates.0, coordinates.1]));
                assert_eq!(feature["properties"]["careForm"], row["care_form"].as_str());
            }
            assert_eq!(hidden == 0, *who == "the kenniscentrum", "{who}");
            if sees_spots(who) {
                assert!(rows.values().any(|row| !row["free_spots"].is_empty()), "{who}");
            }
        }
        // Two files of each who is signed in.
        let records = "select count(*) from audit_event where event_type = 'export' and purpose = 'exportPlaces'";
        assert_eq!(files.count(records).await, 10);
    }

    async fn no_cell_of_it_begins_as_a_formula(db: TestDatabase) {
        let names = "update place set name = '=1+1' where id in (select id from place order by id limit 3)";
        let database = sea_orm::Database::connect(&db.url).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&database, names).await.unwrap();
        let files = Files::of(db).await;
        let token = files.service.token(&Subject::Kenniscentrum);
        let rows = files.rows(Some(&token)).await;
        assert_eq!(rows.values().filter(|row| row["name"] == "'=1+1").count(), 3);
        for cell in rows.values().flat_map(|row| row.values()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused() {
    let files = Files::of(crate::support::databases::TestDatabase::sqlite().await).await;
    for query in ["", "?format=xml", "?format=csv&format=csv", "?all=1", "?format=CSV"] {
        let answer = files.export(query, None).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_REQUEST".into()), "{query}");
    }
    assert_eq!(files.export("?format=csv", Some("nonsense")).await.status, 401);
    let posted = files.service.send(Method::POST, "/v1/exports/places?format=csv", HeaderMap::new(), "").await;
    assert_eq!((posted.status.as_u16(), &posted.headers["allow"]), (405, &HeaderValue::from_static("GET")));
    let answer = files.export("?format=csv", None).await;
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-disposition").starts_with("attachment"));
}
