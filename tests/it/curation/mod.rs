//! Keeping the contactenbestand: by the kenniscentrum, with what providers propose.

mod due;
mod duplicates;
mod history;
mod life;
mod person;
mod proposals;
mod rules;
mod together;

use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use crate::support::service::{Answer, Service};

/// What a test looks at of an entry.
const ENTRY: &str = "id version status name function organisation organisationKind email phone workPostcode workCity \
    expertise verifiedAt dueOn gemeenten { code } regions { code } curation { externalId provider place consentOn \
    consentSource withdrawnOn withdrawalReason mergedInto }";

/// Somebody who keeps the contactenbestand, or proposes.
struct Curator<'a> {
    service: &'a Service,
    token: String,
}

impl<'a> Curator<'a> {
    fn of(service: &'a Service) -> Self {
        Self { service, token: service.token(&Subject::Kenniscentrum) }
    }

    async fn ask(&self, query: &str, variables: Value) -> Answer {
        self.service.ask_with(Some(&self.token), query, variables).await
    }

    /// Sends a mutation with its `input`.
    async fn change(&self, mutation: &str, input: Value) -> Answer {
        let mut letters = mutation.chars();
        let kind: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let query = format!(
            "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ version contact {{ {ENTRY} }} }} }}"
        );
        self.ask(&query, json!({ "input": input })).await
    }

    /// Makes an entry.
    async fn add(&self, changes: Value) -> Value {
        let mut set = json!({
            "name": "Demo Álida de Wit", "function": "verpleegkundige", "organisation": "Demo Ziekenhuis Noord",
            "organisationKind": "ZIEKENHUIS", "email": "alida@noord.example", "phone": "030 123 45 67",
            "workPostcode": "3511 AB", "workCity": "Utrecht", "gemeenten": ["GM0344"], "regions": ["ZK23"],
            "expertise": ["sondevoeding", "epilepsie"],
        });
        for (name, value) in changes.as_object().unwrap() {
            set[name] = value.clone();
        }
        self.change("addContact", json!({ "set": set })).await.data("/addContact/contact")
    }

    /// An entry as it is.
    async fn entry(&self, id: &Value) -> Value {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Contact {{ {ENTRY} }} }} }}");
        self.ask(&query, json!({ "id": id })).await.data("/node")
    }

    /// Publishes an entry as it is.
    async fn publish(&self, entry: &Value) -> Value {
        let input = json!({ "contact": entry["id"], "expectedVersion": entry["version"], "consentOn": "2026-11-01",
            "consentSource": "formulier" });
        self.change("publishContact", input).await.data("/publishContact/contact")
    }

    /// The changes of an entry, the latest first.
    async fn history(&self, id: &Value) -> Vec<Value> {
        let query = "query($id: ID!) { contactHistory(contact: $id, first: 100) { edges { node {
            contact version action role actor at fields { field from to } } } } }";
        let edges = self.ask(query, json!({ "id": id })).await.data("/contactHistory/edges");
        edges.as_array().unwrap().iter().map(|edge| edge["node"].clone()).collect()
    }
}

/// The ids that somebody finds with a text.
async fn found(service: &Service, token: &str, text: &str) -> Vec<Value> {
    let query = "query($text: String!) { contacts(filter: { text: $text }, first: 100) { edges { node { id } } } }";
    let edges = service.ask_with(Some(token), query, json!({ "text": text })).await.data("/contacts/edges");
    edges.as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()).collect()
}
