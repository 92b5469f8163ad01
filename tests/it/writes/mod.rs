//! Changes: what they change, who may make them, and that each happens wholly, once, and is seen.

mod idempotency;
mod rules;
mod seen;
mod series;
mod statements;
mod together;
mod vervoer;

pub(crate) use rules::count;
use serde_json::{Value, json};
use zorgkaart::{
    auth::Subject,
    care::{
        id::{PlaceId, ProviderId},
        vocabulary::CareForm,
    },
    graphql::id::GlobalId,
};

use crate::support::service::{Answer, Service};

const CHANGE: &str = "mutation($input: SetAvailabilityInput!) { setAvailability(input: $input) {
    version changed { slot from to before free } place { id version } } }";

/// A place of the demo, with whoever may change it.
struct Own {
    id: String,
    place: PlaceId,
    provider: ProviderId,
    capacity: i64,
    token: String,
}

impl Own {
    /// The first place of the demo with a care form and room for more than one.
    async fn of(service: &Service, care_form: CareForm) -> Self {
        let question = format!(
            "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ careForms: [{}] }}, first: 50) {{ edges {{ node {{
             id capacity provider {{ id }} }} }} }} }}",
            care_form.code()
        );
        let edges = service.ask(None, &question).await.data("/placesNear/edges");
        let found = edges.as_array().unwrap().iter().find(|edge| edge["node"]["capacity"].as_i64() > Some(2)).unwrap();
        let id = found["node"]["id"].as_str().unwrap().to_owned();
        let (Some(GlobalId::Place(place)), Some(GlobalId::Provider(provider))) =
            (GlobalId::parse(&id), GlobalId::parse(found["node"]["provider"]["id"].as_str().unwrap()))
        else {
            panic!("{found}");
        };
        let token = service.token(&Subject::Provider(provider));
        Self { id, place, provider, capacity: found["node"]["capacity"].as_i64().unwrap(), token }
    }

    /// What a change of one period sends.
    fn nights(&self, from: &str, to: &str, free: i64) -> Value {
        json!({ "place": self.id, "periods": [{ "slot": "NIGHT", "from": from, "to": to, "free": free }] })
    }

    /// Sends a change as its provider.
    async fn set(&self, service: &Service, input: &Value) -> Answer {
        service.ask_with(Some(&self.token), CHANGE, json!({ "input": input })).await
    }

    /// The version, as anybody reads it.
    async fn version(&self, service: &Service) -> i64 {
        let question = format!("{{ place(id: \"{}\") {{ version }} }}", self.id);
        service.ask(None, &question).await.data("/place/version").as_i64().unwrap()
    }

    /// What is stated of the nights from one date to another: date and number.
    async fn free(&self, service: &Service, from: &str, to: &str) -> Vec<(String, i64)> {
        let question = format!(
            "{{ place(id: \"{}\") {{ availability(from: \"{from}\", to: \"{to}\") {{ date free }} }} }}",
            self.id
        );
        let days = service.ask(Some(&self.token), &question).await.data("/place/availability");
        let day = |day: &Value| (day["date"].as_str().unwrap().to_owned(), day["free"].as_i64().unwrap());
        days.as_array().unwrap().iter().map(day).collect()
    }
}
