//! Keeping the map: what providers change, what waits for the kenniscentrum, claims with what parents say, and history.

mod changes;
mod claims;
mod history;
mod moment;
mod reviews;

use serde_json::{Value, json};
use zorgkaart::{auth::Subject, care::id::ProviderId, graphql::id::GlobalId};

use crate::support::service::{Answer, Service};

/// What a test looks at of a place.
const PLACE: &str = "id version name careForm phone minAge maxAge leveringsvormen
    group { id version name homogeneity size staffPerTen nurses careCapabilities { capability offered } }
    location { id version street houseNumber postcode city gemeente { code } precision facilities { facility present } }";
/// What a test looks at of a review.
const REVIEW: &str = "id version provider object objectId parent status reason note decidedAt
    fields { field from to changedSince }";

/// A provider of the demo with a place, and the kenniscentrum.
struct Team {
    service: Service,
    provider: ProviderId,
    /// The token of the provider's staff.
    staff: String,
    /// The token of the kenniscentrum.
    centre: String,
    /// The place, as its provider sees it.
    place: Value,
}

impl Team {
    async fn on(service: Service) -> Self {
        let question =
            "{ placesNear(near: { postcode: \"3511\" }, filter: { careForms: [LOGEREN] }, first: 1) { edges { node {
             id provider { id } } } } }";
        let found = service.ask(None, question).await.data("/placesNear/edges/0/node");
        let Some(GlobalId::Provider(provider)) = GlobalId::parse(found["provider"]["id"].as_str().unwrap()) else {
            panic!("{found}");
        };
        let [staff, centre] = [Subject::Provider(provider), Subject::Kenniscentrum].map(|one| service.token(&one));
        let mut team = Self { service, provider, staff, centre, place: json!({ "id": found["id"] }) };
        team.place = team.seen().await;
        team
    }

    /// The place as its provider sees it now.
    async fn seen(&self) -> Value {
        let question = format!("{{ place(id: {}) {{ {PLACE} }} }}", self.place["id"]);
        self.service.ask(Some(&self.staff), &question).await.data("/place")
    }

    /// Sends a change with an input, and asks for `fields` of its answer.
    async fn send(&self, token: &str, change: &str, fields: &str, input: Value) -> Answer {
        let mut kind: String = change.chars().take(1).flat_map(char::to_uppercase).collect();
        kind.push_str(&change[1..]);
        if ["withdrawPlace", "restorePlace"].contains(&change) {
            kind = "ShowPlace".into();
        }
        let query = format!("mutation($input: {kind}Input!) {{ {change}(input: $input) {{ {fields} }} }}");
        self.service.ask_with(Some(token), &query, json!({ "input": input })).await
    }

    /// Sends a change of the map.
    async fn change(&self, token: &str, change: &str, input: Value) -> Answer {
        let fields = format!("object id version live waiting review {{ {REVIEW} }}");
        self.send(token, change, &fields, input).await
    }

    /// What a change of the map by the provider's staff answers.
    async fn changed(&self, change: &str, input: Value) -> Value {
        self.change(&self.staff, change, input).await.data(&format!("/{change}"))
    }

    /// Decides a review as the kenniscentrum.
    async fn decide(&self, review: &Value, decision: &str) -> Answer {
        let input = json!({ "review": review["id"], "expectedVersion": review["version"], "decision": decision,
            "reason": "Demo: nagebeld" });
        self.send(&self.centre, "decideReview", &format!("review {{ {REVIEW} }}"), input).await
    }

    /// The reviews that somebody sees.
    async fn queue(&self, token: &str, arguments: &str) -> Vec<Value> {
        let question = format!("{{ reviewQueue({arguments}) {{ edges {{ node {{ {REVIEW} }} }} }} }}");
        let edges = self.service.ask(Some(token), &question).await.data("/reviewQueue/edges");
        edges.as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
    }
}
