//! What is asked over HTTP.

use serde_json::json;
use zorgkaart::care::vervoer::Destination;

pub(crate) const QUESTION: &str = "query ($home: String!, $filter: PlaceFilter) {
  placesNear(near: { postcode: $home }, filter: $filter, first: 20) {
    edges { cursor distanceKm vervoerReachesYou node { id name careForm capacity freshness nextStay
      group { homogeneity size } location { city postcode point { lat lng } } provider { name } } }
    pageInfo { hasNextPage endCursor } } }";

/// What a list on a phone shows of each place.
pub(crate) const LIST: &str = "query ($home: String!, $filter: PlaceFilter) {
  placesNear(near: { postcode: $home }, filter: $filter, first: 20) {
    edges { distanceKm node { id name careForm freshness nextStay location { city } provider { name } } }
    pageInfo { hasNextPage endCursor } } }";

pub(crate) fn body(document: &str, kind: usize, home: &Destination) -> String {
    let home = home.pc4.unwrap().to_string();
    let mut filter = json!({});
    if kind >= 1 {
        filter["careForms"] = json!(["LOGEREN"]);
        filter["homogeneity"] = json!(["HOMOGENEOUS_ZEVMB"]);
    }
    if kind >= 2 {
        filter["stay"] = json!({ "arrive": "2026-12-12", "depart": "2026-12-14" });
    }
    if kind >= 3 {
        filter["vervoerTo"] = json!({ "postcode": home });
    }
    json!({ "query": document, "variables": { "home": home, "filter": filter } }).to_string()
}
