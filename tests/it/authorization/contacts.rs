//! The contactenbestand entry by entry, by every way: what somebody may not see is not there.

use std::collections::BTreeSet;

use serde_json::Value;
use zorgkaart::{
    care::{contact::Contact, vocabulary::ContactStatus},
    graphql::id::GlobalId,
};

use super::{AT_ONCE, Outcome, Situation, table};
use crate::support::{
    databases::on_both_databases,
    known::{Known, KnownPlaces},
    service::Service,
};

/// Whether somebody may see an entry (DESIGN, section 5).
fn may_see(situation: Situation, contact: &Contact, known: &KnownPlaces) -> bool {
    match situation {
        Situation::PassportHolder => contact.status == ContactStatus::Published,
        Situation::Kenniscentrum => true,
        Situation::ProviderOwn | Situation::ProviderOther => {
            let own = if situation == Situation::ProviderOwn { known.home.provider } else { known.stranger };
            contact.provider_id == Some(own) && contact.status != ContactStatus::Withdrawn
        }
        Situation::Anonymous
        | Situation::PassportExpired
        | Situation::PassportRevoked
        | Situation::Zorgkantoor
        | Situation::ZorgkantoorOther => false,
    }
}

on_both_databases! {
    async fn a_contact_that_may_not_be_seen_is_nowhere(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let service = Service::start(db).await;
        let table = table();
        let closed = &table["Query.contacts"];
        for (situation, name) in Situation::ALL {
            let token = situation.token(&service, &known, &known.home).await;
            let token = token.as_deref();
            let seen: BTreeSet<String> =
                known.contacts.iter().filter(|one| may_see(situation, one, &known)).map(id).collect();

            assert_eq!(by_node(&service, token, &known.contacts).await, seen, "{name}: node(id)");
            let denied = closed[&situation].is_denied();
            for filter in ["", "near: { postcode: \"3511\" },"] {
                match in_pages(&service, token, filter).await {
                    Ok(listed) => assert_eq!((listed, denied), (seen.clone(), false), "{name}: contacts({filter})"),
                    Err(code) => assert!(denied && seen.is_empty(), "{name}: contacts({filter}): {code}"),
                }
            }
            for at in [&known.home, &known.open] {
                let here: BTreeSet<String> = at.contacts.iter().map(|id| GlobalId::Contact(*id).to_string()).collect();
                match at_place(&service, token, at).await {
                    Ok(listed) => assert_eq!(listed, &seen & &here, "{name}: Place.contacts"),
                    Err(code) => assert!(denied, "{name}: Place.contacts: {code}"),
                }
            }
        }
        assert!(closed.values().any(|outcome| *outcome == Outcome::Value));
    }
}

fn id(contact: &Contact) -> String {
    GlobalId::Contact(contact.id).to_string()
}

/// Those whose `node` is not null; none is an error.
async fn by_node(service: &Service, token: Option<&str>, contacts: &[Contact]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for some in contacts.chunks(AT_ONCE) {
        let fields: Vec<String> =
            some.iter().enumerate().map(|(at, one)| format!("n{at}: node(id: \"{}\") {{ id }}", id(one))).collect();
        let nodes = service.ask(token, &format!("{{ {} }}", fields.join(" "))).await.data("");
        found.extend(nodes.as_object().unwrap().values().filter_map(|node| node["id"].as_str()).map(str::to_owned));
    }
    found
}

/// All pages of `contacts`, or the code of the error.
async fn in_pages(service: &Service, token: Option<&str>, filter: &str) -> Result<BTreeSet<String>, Value> {
    let mut found = BTreeSet::new();
    let mut after = String::new();
    loop {
        let question = format!(
            "{{ contacts({filter} first: 50 {after}) {{ edges {{ node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = service.ask(token, &question).await;
        if !answer.code().is_null() {
            assert_eq!(answer.json()["data"]["contacts"], Value::Null);
            return Err(answer.code());
        }
        let page = answer.data("/contacts");
        for edge in page["edges"].as_array().unwrap() {
            assert!(found.insert(edge["node"]["id"].as_str().unwrap().to_owned()), "listed twice: {edge}");
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return Ok(found);
        }
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
    }
}

/// `Place.contacts`, or the code of the error.
async fn at_place(service: &Service, token: Option<&str>, at: &Known) -> Result<BTreeSet<String>, Value> {
    let question = format!("{{ place(id: \"{}\") {{ contacts {{ id }} }} }}", at.place_id());
    let answer = service.ask(token, &question).await;
    if !answer.code().is_null() {
        assert_eq!(answer.json()["data"]["place"]["contacts"], Value::Null);
        return Err(answer.code());
    }
    let contacts = answer.data("/place/contacts");
    Ok(contacts.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect())
}
