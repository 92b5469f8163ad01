//! Every way from `Query` and `Mutation` to an object of a type, found in the schema itself.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::NaiveDate;
use serde_json::Value;

use zorgkaart::{
    care::id::{CareGroupId, ContactId, LocationId, PlaceId, ProposalId, ReviewId},
    graphql::id::GlobalId,
};

use super::schema::{Field, Schema};
use crate::support::known::{
    FRESH, FRESH_CONTACTS, FRESH_OBJECTS, FRESH_REVIEWS, FULL, Known, SUGGESTION, fresh_id, fresh_object,
};

/// How to ask a field that has arguments, of the place that everything is asked about.
const ARGUMENTS: &[(&str, &str)] = &[
    ("Query.node Place", "(id: \"$place\")"),
    ("Query.node Provider", "(id: \"$provider\")"),
    ("Query.node Contact", "(id: \"$contact\")"),
    ("Query.node", "(id: \"$place\")"),
    ("Query.place", "(id: \"$place\")"),
    ("Query.provider", "(id: \"$provider\")"),
    ("Query.providers", "(nameContains: \"$name\", first: 3)"),
    (
        "Query.placesNear",
        "(near: { postcode: \"$pc4\" }, filter: { provider: \"$provider\" }, wishes: [{ code: \"3.b\" }], first: 3)",
    ),
    (
        "Query.placeClusters",
        "(bounds: { south: 50, west: 3, north: 54, east: 8 }, resolution: 5, filter: { provider: \"$provider\" })",
    ),
    ("Query.contacts", "(near: { postcode: \"$pc4\" }, filter: { provider: \"$provider\" }, first: 5)"),
    ("Query.region", "(code: \"ZK23\")"),
    (
        "Mutation.setAvailability",
        "(input: { place: \"$place\", periods: [{ slot: NIGHT, from: \"$date\", to: \"$date\", free: $free }] })",
    ),
    ("Mutation.confirmPlaces", "(input: { place: \"$place\" })"),
    ("Mutation.setWaitingList", "(input: { place: \"$place\", length: 3, expectedWeeks: 26 })"),
    ("Mutation.setCapacity", "(input: { place: \"$place\", capacity: 20 })"),
    (
        "Mutation.setVervoer",
        "(input: { place: \"$place\", vervoer: [{ radiusKm: 10, postcodes: [\"$pc4\"], gemeenten: [\"$gemeente\"], area: \
         \"{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[[[5,52],[5.1,52],[5.1,52.1],[5,52]]]}\", trips: [{ from: HOME, \
         pickUp: [{ weekdays: [FRIDAY], from: \"15:00\", to: \"18:00\" }] }, { from: DAGBESTEDING }], bagsAndAids: true, \
         powerSockets: true, nurseAboard: true, wheelchairs: 2, oxygen: true, medicineFridge: true, airConditioning: true, \
         paidBy: \"ouders\" }] })",
    ),
    ("Query.passport", "(number: \"$full\")"),
    ("Query.auditTrail", "(subject: \"DEMO-0001\", from: \"2026-12-01\", to: \"2026-12-01\")"),
    ("Query.passportStatistics", "(on: \"2026-12-01\")"),
    (
        "Mutation.issuePassport",
        "(input: { appliedOn: \"2026-11-01\", decidedOn: \"2026-11-02\", outcome: ZEVMB, firstExpert: \"a\", \
         secondExpert: \"b\", birthDate: \"2015-01-01\", homePostcode: \"3511\" })",
    ),
    (
        "Mutation.reassessPassport",
        "(input: { number: \"$fresh\", appliedOn: \"2026-11-01\", decidedOn: \"2026-11-02\", outcome: ZEVMB, \
         firstExpert: \"a\", secondExpert: \"b\" })",
    ),
    ("Mutation.revokePassport", "(input: { number: \"$fresh\", reason: \"a test\" })"),
    ("Mutation.reissuePassport", "(input: { number: \"$fresh\" })"),
    ("Mutation.handOverPassport", "(input: { number: \"$fresh\" })"),
    ("Mutation.renewActivationCode", "(input: { number: \"$fresh\" })"),
    ("Mutation.activatePassport", "(number: \"FRESH-0\", code: \"00000-00000\")"),
    ("Mutation.refreshToken", "(refreshToken: \"nonsense\")"),
    ("Mutation.signOut", "(session: \"session_00000000000000000000000000000000\")"),
    ("Query.staleQueue", "(provider: \"$provider\", first: 5)"),
    ("Query.contactsDue", "(first: 5)"),
    ("Query.contactHistory", "(contact: \"$contact\")"),
    ("Query.contactVersion", "(contact: \"$contact\", version: 1)"),
    ("Query.contactProposals", "(first: 5)"),
    (
        "Mutation.addContact",
        "(input: { set: { name: \"Demo Nieuw\", organisation: \"Demo\", organisationKind: OVERIG } })",
    ),
    ("Mutation.editContact", "(input: { contact: \"$one\", expectedVersion: 2, set: { phone: \"088 0000008\" } })"),
    (
        "Mutation.publishContact",
        "(input: { contact: \"$one\", expectedVersion: 2, consentOn: \"2026-12-01\", consentSource: \"formulier\" })",
    ),
    ("Mutation.withdrawContact", "(input: { contact: \"$one\", expectedVersion: 2, reason: OTHER })"),
    ("Mutation.undoContact", "(input: { contact: \"$one\", expectedVersion: 2 })"),
    (
        "Mutation.confirmContacts",
        "(input: { contacts: [{ contact: \"$one\", version: 2 }, { contact: \"$contact\", version: 0 }] })",
    ),
    (
        "Mutation.mergeContacts",
        "(input: { keep: { contact: \"$one\", version: 2 }, other: { contact: \"$one\", version: 2 } })",
    ),
    ("Mutation.keepContactsApart", "(input: { first: \"$one\", second: \"$one\" })"),
    ("Mutation.proposeContact", "(input: { set: { name: \"Demo Nieuw\", organisation: \"Demo\" }, note: \"Demo\" })"),
    ("Mutation.decideContactProposal", "(input: { proposal: \"$proposal\", accept: false, reason: \"Demo\" })"),
    ("Mutation.saveSearch", "(input: { near: { postcode: \"3511\" } })"),
    ("Mutation.deleteSearch", "(search: \"search_00000000000000000000000000000000\")"),
    ("Query.reviewQueue", "(first: 5)"),
    ("Query.placeHistory", "(place: \"$place\", first: 5)"),
    ("Query.placeAsOf", "(place: \"$place\", on: \"2026-12-01\")"),
    (
        "Mutation.addLocation",
        "(input: { provider: \"$provider\", set: { postcode: \"3511\", city: \"Demo\", precision: EXACT } })",
    ),
    (
        "Mutation.addCareGroup",
        "(input: { location: \"$building\", set: { name: \"Demo\", homogeneity: HETEROGENEOUS, size: 4 } })",
    ),
    ("Mutation.addPlace", "(input: { careGroup: \"$group\", set: { name: \"Demo\", careForm: WONEN, capacity: 4 } })"),
    ("Mutation.editProvider", "(input: { provider: \"$provider\", set: { phone: \"088 $count\" } })"),
    (
        "Mutation.editLocation",
        "(input: { location: \"$building\", expectedVersion: 1, set: { city: \"Demo\", facilities: [{ facility: TUIN, \
         present: true }] } })",
    ),
    (
        "Mutation.editCareGroup",
        "(input: { careGroup: \"$group\", expectedVersion: 1, set: { homogeneity: HOMOGENEOUS_ZEVMB, size: 5 } })",
    ),
    (
        "Mutation.editPlace",
        "(input: { place: \"$shown\", expectedVersion: 1, set: { careForm: LOGEREN, name: \"Demo\" } })",
    ),
    ("Mutation.withdrawPlace", "(input: { place: \"$shown\", expectedVersion: 1 })"),
    ("Mutation.restorePlace", "(input: { place: \"$gone\", expectedVersion: 1 })"),
    (
        "Mutation.decideReview",
        "(input: { review: \"$review\", expectedVersion: 1, decision: ASK_BACK, reason: \"Demo\" })",
    ),
    (
        "Mutation.answerReview",
        "(input: { review: \"$review\", expectedVersion: 1, set: { location: { street: \"Demo\" } } })",
    ),
    ("Mutation.takeBackReview", "(input: { review: \"$review\", expectedVersion: 1 })"),
    ("Query.gapAnalysis", "(input: { careForm: LOGEREN, source: ESTIMATE })"),
    ("Query.gapFiles", "(input: { careForm: LOGEREN, source: ESTIMATE })"),
    ("Query.homogeneityTradeOff", "(input: { careForm: LOGEREN, source: ESTIMATE })"),
    (
        "Query.scenario",
        "(input: { careForm: LOGEREN, source: ESTIMATE }, changes: [{ add: { at: { lat: 52.1, lng: 5.1 }, spots: 4 } }])",
    ),
    ("Query.siteSuggestion", "(id: \"$suggestion\")"),
    ("Query.rawDemand", "(region: \"$region\")"),
    ("GapAnalysis.areas", "(region: \"$region\")"),
    ("GapAnalysis.cells", "(region: \"$region\")"),
    ("Mutation.publishDemand", "(input: {})"),
    (
        "Mutation.suggestSites",
        "(input: { gap: { careForm: LOGEREN, source: ESTIMATE }, region: \"$region\", n: 1, size: 4 })",
    ),
    ("Mutation.stateClaim", "(input: { place: \"$place\", code: \"3.b\", status: MET })"),
    ("Mutation.voiceClaim", "(input: { place: \"$place\", code: \"1.a\", source: PROVIDER, voice: CONFIRM })"),
    ("Provider.places", "(first: 3)"),
    ("Place.availability", "(from: \"2026-12-01\", to: \"2027-01-31\")"),
    ("Place.staySeries", "(series: { from: \"2026-12-01\", to: \"2027-06-30\", weekday: FRIDAY, spots: 100 })"),
    (
        "Place.dagdelen",
        "(dagdelen: { from: \"2026-12-01\", to: \"2026-12-31\", weekdays: [MONDAY], slots: [MORNING] })",
    ),
    ("Place.vervoerFrom", "(dagbesteding: \"$dagbesteding\")"),
    ("Location.cell", "(resolution: 15)"),
];

/// The nights that are changed, all of which [`super::stated`] has said to be free.
pub(super) const FIRST_NIGHT: NaiveDate = NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
pub(super) const NIGHTS: u32 = 300;
static FRESH_TAKEN: AtomicU32 = AtomicU32::new(0);
static CONTACTS_TAKEN: AtomicU32 = AtomicU32::new(0);
static PROPOSALS_TAKEN: AtomicU32 = AtomicU32::new(0);
static COUNTED: AtomicU32 = AtomicU32::new(0);

/// A way round: places of providers of places, which no way without a repetition has.
const ROUND: &[(&str, &str)] = &[
    ("Query", "placesNear"),
    ("PlaceNearConnection", "edges"),
    ("PlaceNearEdge", "node"),
    ("Place", "provider"),
    ("Provider", "places"),
    ("PlaceConnection", "edges"),
    ("PlaceEdge", "node"),
];

/// A field on the way, and the type of the object that it answers.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) parent: String,
    pub(super) field: String,
    arguments: String,
    /// The type of what is answered, where the field is of an interface or a union.
    narrowed: Option<String>,
    to: String,
}

/// A way from `Query` to objects of a type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path(pub(super) Vec<Step>);

/// Every way to every object type.
pub(crate) fn paths(schema: &Schema) -> BTreeMap<String, Vec<Path>> {
    let mut found = BTreeMap::new();
    for root in [&schema.query, &schema.mutation] {
        walk(schema, root, &Path::default(), &mut vec![root.clone()], &mut found);
    }
    let mut round = Path::default();
    for (parent, field) in ROUND {
        let field = schema.fields(parent).iter().find(|one| one.name == *field).unwrap();
        round.0.push(step(schema, parent, field, &field.of));
    }
    let mut seen = ROUND.iter().map(|(parent, _)| (*parent).to_owned()).collect();
    walk(schema, "Place", &round, &mut seen, &mut found);
    found
}

/// Goes on from `path`, to each type at most once.
fn walk(schema: &Schema, at: &str, path: &Path, seen: &mut Vec<String>, found: &mut BTreeMap<String, Vec<Path>>) {
    found.entry(at.to_owned()).or_default().push(path.clone());
    for field in schema.fields(at) {
        for to in schema.answers(&field.of) {
            if !seen.iter().any(|one| one == to) {
                seen.push(to.to_owned());
                let mut longer = path.clone();
                longer.0.push(step(schema, at, field, to));
                walk(schema, to, &longer, seen, found);
                seen.pop();
            }
        }
    }
}

fn step(schema: &Schema, parent: &str, field: &Field, to: &str) -> Step {
    let narrowed = schema.is_abstract(&field.of).then(|| to.to_owned());
    Step {
        parent: parent.to_owned(),
        field: field.name.clone(),
        arguments: arguments(parent, field, narrowed.as_deref()).to_owned(),
        narrowed,
        to: to.to_owned(),
    }
}

/// The arguments of a field.
fn arguments(parent: &str, field: &Field, narrowed: Option<&str>) -> &'static str {
    let plain = format!("{parent}.{}", field.name);
    let key = narrowed.map_or_else(|| plain.clone(), |to| format!("{plain} {to}"));
    let known = ARGUMENTS.iter().find(|(of, _)| *of == key);
    assert!(known.is_some() || !field.has_required_argument(), "say in ARGUMENTS how to ask {key}: it has arguments");
    known.map_or("", |(_, text)| text)
}

/// The id by which an object of a type is told from others in a list.
fn id_of(of: &str, about: &Known) -> Option<String> {
    match of {
        "Place" => Some(about.place_id()),
        "Provider" => Some(about.provider_id()),
        "Contact" => Some(about.contact_id()),
        _ => None,
    }
}

/// A question with another thing each time in the places of `mark`: what is done to one is done.
fn fresh(question: &str, mark: &str, taken: &AtomicU32, all: u32, name: impl Fn(u32) -> String) -> String {
    let parts = question.split(mark).map(str::to_owned);
    parts
        .reduce(|text, rest| format!("{text}{}{rest}", name(taken.fetch_add(1, Ordering::Relaxed) % all)))
        .unwrap_or_default()
}

impl Path {
    /// The question for all fields of the objects at the end of this way.
    pub(crate) fn question(&self, schema: &Schema, of: &str, about: &Known) -> String {
        self.question_for(schema, of, schema.fields(of), about)
    }

    /// The question for some fields of the objects at the end of this way.
    pub(super) fn question_for(&self, schema: &Schema, of: &str, fields: &[Field], about: &Known) -> String {
        let fields = fields.iter().map(|field| {
            let narrowed = schema.answers(&field.of);
            let arguments = arguments(of, field, None);
            let selection = match field.of.as_str() {
                _ if narrowed.is_empty() => "",
                "GeoPoint" => "{ lat lng }",
                "Gemeente" | "Region" => "{ code }",
                "Place" | "Provider" | "Contact" | "Node" => "{ id }",
                _ => "{ __typename }",
            };
            format!("{}{arguments} {selection}", field.name)
        });
        let mut question = format!("{{ {} }}", fields.collect::<Vec<_>>().join(" "));
        for step in self.0.iter().rev() {
            let id = if id_of(&step.to, about).is_some() { "pickedId: id" } else { "" };
            question = match &step.narrowed {
                Some(to) => {
                    format!("{{ {}{} {{ ... on {to} {{ {id} ...{question} }} }} }}", step.field, step.arguments)
                }
                None => format!("{{ {}{} {{ {id} ...{question} }} }}", step.field, step.arguments),
            };
        }
        let mut number = 0;
        if self.0.first().map_or(of, |step| step.parent.as_str()) == schema.mutation {
            question = format!("mutation {question}");
        }
        // Another night each time, so that every change changes something.
        if question.contains("$date") {
            number = about.changes.fetch_add(1, Ordering::Relaxed);
        }
        let date = FIRST_NIGHT.iter_days().nth((number % NIGHTS) as usize).unwrap();
        let free = if (number / NIGHTS).is_multiple_of(2) { "0" } else { "1" };
        let contact = |id| GlobalId::Contact(ContactId(id)).to_string();
        let question = fresh(&question, "$one", &CONTACTS_TAKEN, FRESH_CONTACTS, |n| contact(fresh_id(n)));
        let proposal = |id| GlobalId::Proposal(ProposalId(id)).to_string();
        let question = fresh(&question, "$proposal", &PROPOSALS_TAKEN, FRESH_CONTACTS, |n| proposal(fresh_id(n)));
        let question = fresh(&question, "$fresh", &FRESH_TAKEN, FRESH, |n| format!("FRESH-{n}"));
        let home = about.address.city != about.area.city;
        let first = if home { 0 } else { FRESH_OBJECTS };
        let own = |n: u32, of: u32| fresh_object(first + n + of * 2 * FRESH_OBJECTS);
        let [buildings, groups, places, gone, reviews] = about.used.as_ref();
        let building = |n| GlobalId::Location(LocationId(own(n, 0))).to_string();
        let question = fresh(&question, "$building", buildings, FRESH_OBJECTS, building);
        let group = |n| GlobalId::CareGroup(CareGroupId(own(n, 0))).to_string();
        let question = fresh(&question, "$group", groups, FRESH_OBJECTS, group);
        let place = |n, of| GlobalId::Place(PlaceId(own(n, of))).to_string();
        let question = fresh(&question, "$shown", places, FRESH_OBJECTS, |n| place(n, 0));
        let question = fresh(&question, "$gone", gone, FRESH_OBJECTS, |n| place(n, 1));
        let review = |n| GlobalId::Review(ReviewId(own(n, 0))).to_string();
        let question = fresh(&question, "$review", reviews, FRESH_REVIEWS, review);
        let question = fresh(&question, "$count", &COUNTED, u32::MAX, |n| format!("{:07}", n + 1));
        question
            .replace("$suggestion", &GlobalId::Suggestion(SUGGESTION).to_string())
            .replace("$region", &about.area.region)
            .replace("$place", &about.place_id())
            .replace("$provider", &about.provider_id())
            .replace("$contact", &about.contact_id())
            .replace("$name", &about.provider_name)
            .replace("$pc4", &about.area.postcode)
            .replace("$gemeente", &about.area.gemeente)
            .replace("$dagbesteding", &about.dagbesteding_id())
            .replace("$date", &date.to_string())
            .replace("$free", free)
            .replace("$full", FULL)
    }

    /// The objects that the question is about at the end of this way.
    pub(super) fn objects<'a>(&self, data: &'a Value, about: &Known) -> Vec<&'a Value> {
        let mut here = vec![data];
        for step in &self.0 {
            here = here.into_iter().map(|one| &one[step.field.as_str()]).collect();
            while here.iter().any(|one| one.is_array()) {
                here = here
                    .into_iter()
                    .flat_map(|one| one.as_array().map_or(vec![one], |all| all.iter().collect()))
                    .collect();
            }
            let id = id_of(&step.to, about).filter(|_| !step.is_of_another());
            here.retain(|one| !one.is_null() && id.as_ref().is_none_or(|id| one["pickedId"] == **id));
        }
        here.retain(|one| one.is_object());
        here
    }

    /// Whether this leads to something that was just made or ended: it states other fields than what the table is about.
    pub(super) fn is_of_something_new(&self) -> bool {
        let new = [
            "addContact",
            "withdrawContact",
            "proposeContact",
            "decideContactProposal",
            "addLocation",
            "addCareGroup",
            "addPlace",
            "editProvider",
            "editLocation",
            "editCareGroup",
            "editPlace",
            "withdrawPlace",
            "restorePlace",
            "decideReview",
            "answerReview",
            "takeBackReview",
            // Short work is done, long work is not.
            "suggestSites",
        ];
        self.0.first().is_some_and(|step| new.contains(&step.field.as_str()))
    }

    /// Whether this leads to places that wait to be confirmed, which another question may have done by now.
    pub(super) fn is_of_what_waits(&self) -> bool {
        self.0.first().is_some_and(|step| step.field == "staleQueue")
    }

    /// The response keys of this way.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|step| step.field.as_str())
    }

    /// The way in words.
    pub(super) fn words(&self) -> String {
        self.0.iter().map(|step| step.field.as_str()).collect::<Vec<_>>().join(" / ")
    }
}

impl Step {
    /// Whether this leads to a contact that is not the one that is asked about: one that was used up, or one of a pair.
    fn is_of_another(&self) -> bool {
        ["ContactPayload", "ContactDuplicate"].contains(&self.parent.as_str())
    }

    /// Whether this is `node` of the contactenbestand: null without error where it may not be seen.
    pub(super) fn is_node_of_contact(&self) -> bool {
        self.narrowed.as_deref() == Some("Contact")
    }
}
