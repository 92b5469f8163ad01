//! Saved searches, and being told.

mod day;
mod once;
mod saved;
mod socket;

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, care::vocabulary::CareForm, graphql::id::GlobalId};

use crate::support::{
    service::{Answer, Service},
    socket::Socket,
};

const SAVE: &str = "mutation($input: SaveSearchInput!) { saveSearch(input: $input) { searches {
    id postcode radiusKm filter savedAt } } }";
const SET: &str = "mutation($input: SetAvailabilityInput!) { setAvailability(input: $input) { version } }";
const TOLD: &str = "subscription($since: String) { placesOpened(since: $since) { cursor node {
    search { id } place { id availability(from: \"2027-03-05\", to: \"2027-03-06\") { date free } } distanceKm openedAt } } }";
const ALERTS: &str =
    "query($since: String, $first: Int!) { alerts(since: $since, first: $first) { edges { cursor node {
    search { id } place { id } distanceKm } } pageInfo { hasNextPage endCursor } } }";

/// The weekend that everything is about.
const WEEKEND: [&str; 2] = ["2027-03-05", "2027-03-06"];

/// A logeerplek of the demo in Utrecht's surroundings, and whoever changes it.
struct Logeerplek {
    id: String,
    postcode: String,
    staff: String,
}

impl Logeerplek {
    async fn of(service: &Service) -> Self {
        let question =
            "{ placesNear(near: { postcode: \"3511\" }, filter: { careForms: [LOGEREN] }, first: 1) { edges {
            node { id provider { id } location { postcode } } } } }";
        let node = service.ask(None, question).await.data("/placesNear/edges/0/node");
        let id = node["id"].as_str().unwrap().to_owned();
        let Some(GlobalId::Provider(provider)) = GlobalId::parse(node["provider"]["id"].as_str().unwrap()) else {
            panic!("{node}");
        };
        let postcode = node["location"]["postcode"].as_str().unwrap()[..4].to_owned();
        let staff = service.token(&Subject::Provider(provider));
        let room = format!("mutation {{ setCapacity(input: {{ place: \"{id}\", capacity: 2 }}) {{ version }} }}");
        service.ask(Some(&staff), &room).await.data("/setCapacity/version");
        let own = Self { id, postcode, staff };
        own.set(service, 0).await;
        own
    }

    /// States how many spots are free in the weekend.
    async fn set(&self, service: &Service, free: i32) {
        let [from, to] = WEEKEND;
        let period = json!({ "slot": "NIGHT", "from": from, "to": to, "free": free });
        let input = json!({ "place": self.id, "periods": [period] });
        service.ask_with(Some(&self.staff), SET, json!({ "input": input })).await.data("/setAvailability/version");
    }

    /// A search for the weekend near by.
    fn search(&self) -> Value {
        json!({
            "near": { "postcode": self.postcode }, "radiusKm": 5,
            "filter": { "careForms": [CareForm::Logeren.code()], "stay": { "arrive": "2027-03-05", "depart": "2027-03-07" } },
        })
    }
}

async fn save(service: &Service, token: &str, input: &Value) -> Answer {
    service.ask_with(Some(token), SAVE, json!({ "input": input })).await
}

/// The id of a search that is saved last.
async fn saved(service: &Service, token: &str, input: &Value) -> Value {
    let searches = save(service, token, input).await.data("/saveSearch/searches");
    searches.as_array().unwrap().last().unwrap()["id"].clone()
}

/// What was told so far: search, place and cursor of each.
async fn alerts(service: &Service, token: &str, since: Option<&str>) -> Vec<(Value, Value, String)> {
    let answer = service.ask_with(Some(token), ALERTS, json!({ "since": since, "first": 100 })).await;
    let edges = answer.data("/alerts/edges");
    let one = |edge: &Value| {
        let node = &edge["node"];
        (node["search"]["id"].clone(), node["place"]["id"].clone(), edge["cursor"].as_str().unwrap().to_owned())
    };
    edges.as_array().unwrap().iter().map(one).collect()
}

/// Somebody who listens: from now on, or after a cursor.
async fn listening(service: &Service, token: &str, since: Option<&str>) -> Socket {
    let mut socket = Socket::connect(service, Some(token)).await;
    // Without a cursor it begins where it is asked, which must be before what comes next.
    let begin = match since {
        Some(cursor) => Some(cursor.to_owned()),
        None => alerts(service, token, None).await.pop().map(|(.., cursor)| cursor),
    };
    socket.subscribe("told", TOLD, json!({ "since": begin })).await;
    socket
}
