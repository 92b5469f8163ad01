//! Who sees what: every field of the schema, by every way, as everybody, against one table.
//!
//! Nothing here names the fields: they and the ways to them come from the introspection of the running service, so a
//! new field is asked without anybody thinking of it, and fails until `table.csv` says what it shows to whom.

mod contacts;
mod paths;
mod schema;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use zorgkaart::{auth::Subject, geo::Cell, graphql::attempts::SignInLimits};

pub(crate) use paths::{Path, paths};
pub(crate) use schema::Schema;
pub(crate) use table::Situation;

use crate::support::{
    databases::{Engine, on_both_databases},
    known::{Address, Known, KnownPlaces, add_fresh_contacts},
    service::{Answer, Service},
};
use table::{Outcome, Row, Table, line, table};

/// How many questions are under way at a time: few, since each may write the audit trail many times, one after the other, and
/// nobody waits long for a turn.
pub(crate) const AT_ONCE: usize = 2;

/// How many fields of `Query` and `Mutation`, or at the end of a long way, are asked in one question.
const FEW: usize = 8;
/// After how many steps a way is long.
const LONG: usize = 5;

/// A literal for each field of a filter, of the place that is asked about.
const LITERALS: &[(&str, &str)] = &[
    ("PlaceFilter.age", "10"),
    ("PlaceFilter.careCapabilities", "[SONDEVOEDING]"),
    ("PlaceFilter.careForms", "[LOGEREN]"),
    ("PlaceFilter.challengingBehaviourExcluded", "true"),
    ("PlaceFilter.dagdelen", "{ from: \"2026-12-01\", to: \"2026-12-31\", weekdays: [MONDAY], slots: [MORNING] }"),
    ("PlaceFilter.facilities", "[TILLIFT]"),
    ("PlaceFilter.freeOn", "\"2026-12-12\""),
    ("PlaceFilter.freshness", "[FRESH]"),
    ("PlaceFilter.homogeneity", "[HOMOGENEOUS_ZEVMB]"),
    ("PlaceFilter.includeUnknown", "true"),
    ("PlaceFilter.kwaliteitseisen", "[\"3.b\"]"),
    ("PlaceFilter.leveringsvormen", "[PGB]"),
    ("PlaceFilter.provider", "\"$provider\""),
    ("PlaceFilter.region", "\"ZK23\""),
    ("PlaceFilter.stay", "{ arrive: \"2026-12-12\", depart: \"2026-12-14\" }"),
    ("PlaceFilter.staySeries", "{ from: \"2026-12-01\", to: \"2027-06-30\", weekday: FRIDAY }"),
    ("PlaceFilter.vervoerFrom", "\"$dagbesteding\""),
    ("PlaceFilter.vervoerTo", "{ postcode: \"3511\" }"),
    ("ContactFilter.expertise", "[\"sondevoeding\"]"),
    ("ContactFilter.gemeente", "\"GM0344\""),
    ("ContactFilter.organisationKinds", "[ZORGAANBIEDER]"),
    ("ContactFilter.provider", "\"$provider\""),
    ("ContactFilter.region", "\"ZK23\""),
    ("ContactFilter.text", "\"demo\""),
];

on_both_databases! {
    async fn every_field_shows_everybody_what_the_table_says(db: TestDatabase) {
        let engine = db.engine;
        let known = KnownPlaces::prepare(&db).await;
        add_fresh_contacts(&db, &known).await;
        let service = started(db).await;
        let schema = Schema::of(&service).await;
        let table = table();
        let ways = paths(&schema);
        for about in [&known.home, &known.open] {
            stated(&service, about).await;
        }
        let unreachable: Vec<_> = schema.objects().map(|(of, _)| of).filter(|of| !ways.contains_key(*of)).collect();
        assert!(unreachable.is_empty(), "no way from Query or Mutation leads to {unreachable:?}: say how to reach them");

        let mut asked = Vec::new();
        for about in [&known.home, &known.open] {
            for (situation, _) in Situation::ALL {
                let token = situation.token(&service, &known, about).await;
                for (of, ways) in &ways {
                    // What is secret is the home, and the ways to it are the same whatever the database: of the place in the open,
                    // and on the second database, one way to every field is enough.
                    let in_the_open = about.address.city == about.area.city;
                    let few = if in_the_open || engine == Engine::Postgres { 1 } else { ways.len() };
                    for way in ways.iter().take(few) {
                        // Where there are many fields, or a long way to them: of errors no more is told than 4 KB.
                        let at_once = if way.0.is_empty() || way.0.len() > LONG { FEW } else { usize::MAX };
                        for fields in schema.fields(of).chunks(at_once) {
                            asked.push(Asked { about, situation, token: token.clone(), of, way, fields });
                        }
                    }
                }
            }
        }
        // Changes one at a time: who waits for one that takes long (demand is published) is told to come back.
        let (changes, queries): (Vec<_>, Vec<_>) = asked.into_iter().partition(Asked::is_change);
        let queries = stream::iter(queries).map(|asked| answered(&service, &schema, asked)).buffered(AT_ONCE);
        let changes = stream::iter(changes).then(|asked| answered(&service, &schema, asked));
        let mut answers = std::pin::pin!(queries.chain(changes));

        let mut wrong = Complaints::new(&table);
        while let Some((asked, answer)) = answers.next().await {
            if asked.is_of_home() && !asked.situation.sees_home() {
                let leaks = secrets(asked.about).into_iter().filter(|secret| answer.text.contains(secret.as_str()));
                wrong.other.extend(leaks.map(|leak| format!("{asked} shows {leak}")));
            }
            assert_eq!(answer.status, 200, "{asked}: {}", answer.text);
            let body = answer.json();
            for field in asked.fields {
                let name = format!("{}.{}", asked.of, field.name);
                wrong.check(&asked, &name, outcome(&asked, &field.name, &body));
            }
        }
        let fields: BTreeSet<String> = schema
            .objects()
            .chain(schema.filters())
            .flat_map(|(of, one)| one.fields.iter().map(move |field| format!("{of}.{}", field.name)))
            .collect();
        wrong.other.extend(
            table.keys().filter(|row| !fields.contains(*row)).map(|row| format!("table.csv has {row}, the schema has not")),
        );
        let blind = table.iter().filter(|(_, row)| row.values().all(|outcome| *outcome == Outcome::Null));
        wrong.other.extend(blind.map(|(field, _)| format!("{field} is null for everybody, which shows nothing")));
        wrong.raise();
    }

    async fn every_filter_field_shows_everybody_what_the_table_says(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let service = started(db).await;
        let schema = Schema::of(&service).await;
        let table = table();
        let about = &known.home;
        let mut wrong = Complaints::new(&table);
        for (situation, name) in Situation::ALL {
            let token = situation.token(&service, &known, about).await;
            for (filter, one) in schema.filters() {
                for field in &one.fields {
                    let row = format!("{filter}.{}", field.name);
                    let Some((_, literal)) = LITERALS.iter().find(|(of, _)| *of == row) else {
                        panic!("say in LITERALS how to ask {row}");
                    };
                    let of_provider = ("provider", "\"$provider\"");
                    let asked = [(field.name.as_str(), *literal), of_provider];
                    let asked = if field.name == "provider" { &asked[..1] } else { &asked };
                    let answered = filtered(&schema, filter, asked, about, &service, token.as_deref()).await;
                    wrong.check_row(name, situation, &row, answered);
                    // Without its own provider a provider may not use what it may use with it.
                    let alone = filtered(&schema, filter, &asked[..1], about, &service, token.as_deref()).await;
                    let protected = table.get(&row).is_some_and(|row| row[&Situation::ProviderOther].is_denied());
                    let expected = match situation {
                        Situation::ProviderOwn | Situation::ProviderOther if protected => Outcome::Forbidden,
                        _ => answered,
                    };
                    if alone != expected {
                        wrong.other.push(format!("{name}: {row} without `provider` gives {alone}, not {expected}"));
                    }
                }
            }
        }
        wrong.raise();
    }
}

/// A service that answers the longest ways round too.
async fn started(db: crate::support::databases::TestDatabase) -> Service {
    Service::start_with(db, |config| {
        config.limits.cost = 10_000_000;
        config.sign_in = SignInLimits { per_network: 100_000, per_number: 100_000 };
    })
    .await
}

/// Says that all nights that will be changed are free.
async fn stated(service: &Service, about: &Known) {
    let last = paths::FIRST_NIGHT.iter_days().nth(paths::NIGHTS as usize).unwrap();
    let change = format!(
        "mutation {{ setAvailability(input: {{ place: \"{}\", periods: [{{ slot: NIGHT, from: \"{}\", to: \"{last}\", \
         free: 1 }}] }}) {{ version }} }}",
        about.place_id(),
        paths::FIRST_NIGHT,
    );
    let token = service.token(&Subject::Kenniscentrum);
    service.ask(Some(&token), &change).await.data("/setAvailability/version");
}

/// All fields of the objects at the end of a way, asked by somebody.
struct Asked<'a> {
    about: &'a Known,
    situation: Situation,
    token: Option<String>,
    of: &'a str,
    way: &'a Path,
    fields: &'a [schema::Field],
}

impl Asked<'_> {
    /// Whether this asks for a contact by its id.
    fn is_by_node(&self) -> bool {
        self.way.0.iter().any(paths::Step::is_node_of_contact)
    }

    /// Whether this changes something.
    fn is_change(&self) -> bool {
        self.way.0.first().map_or(self.of, |step| &step.parent) == "Mutation"
    }

    /// Whether this is about the home, and not about the place in the open.
    fn is_of_home(&self) -> bool {
        self.about.address.city != self.about.area.city
    }
}

impl std::fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {}, by {}", self.situation, self.of, self.way.words())
    }
}

impl Asked<'_> {
    fn question(&self, schema: &Schema) -> String {
        self.way.question_for(schema, self.of, self.fields, self.about)
    }
}

/// What is asked, with its answer.
async fn answered<'a>(service: &Service, schema: &Schema, asked: Asked<'a>) -> (Asked<'a>, Answer) {
    let answer = service.ask(asked.token.as_deref(), &asked.question(schema)).await;
    (asked, answer)
}

/// What somebody got of a field.
fn outcome(asked: &Asked<'_>, field: &str, body: &Value) -> Outcome {
    let objects = asked.way.objects(&body["data"], asked.about);
    let values: Vec<&Value> = objects.iter().map(|one| &one[field]).filter(|value| !value.is_null()).collect();
    let keys: Vec<&str> = asked.way.keys().chain([field]).collect();
    let errors: Vec<&Value> = body["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|error| {
            let at = error["path"].as_array().into_iter().flatten().filter_map(Value::as_str);
            at.zip(&keys).all(|(at, key)| at == *key)
        })
        .collect();
    if let Some(error) = errors.first() {
        assert!(values.is_empty(), "{asked}: an error and a value of {field}: {body:#}");
        let code = &error["extensions"]["code"];
        assert!(errors.iter().all(|one| one["extensions"]["code"] == *code), "{asked}: {body:#}");
        let has_ended = error["message"].as_str().unwrap().contains("has ended");
        return match code.as_str() {
            Some("UNAUTHENTICATED") => Outcome::Unauthenticated,
            Some("FORBIDDEN") if has_ended => Outcome::ForbiddenEnded,
            Some("FORBIDDEN") => Outcome::Forbidden,
            _ => panic!("{asked}: {field} fails: {error:#}"),
        };
    }
    if let Some((truth, mask)) = truth(asked, field) {
        return match values.as_slice() {
            _ if objects.is_empty() => Outcome::Null,
            [] if mask.is_null() => Outcome::Masked,
            values if !values.is_empty() && values.iter().all(|value| **value == truth) => Outcome::Value,
            values if values.iter().all(|value| **value == mask) => Outcome::Masked,
            values => panic!("{asked}: {field} is neither {truth} nor {mask}: {values:?}"),
        };
    }
    let other = match asked.of {
        "Viewer" => json!({ "id": asked.about.provider_id() }),
        _ => Value::Null,
    };
    match values.as_slice() {
        [] => Outcome::Null,
        values if values.iter().all(|value| value.as_array().is_some_and(Vec::is_empty)) => Outcome::Empty,
        [value] if field == "provider" && !other.is_null() && **value != other => Outcome::Other,
        _ => Outcome::Value,
    }
}

/// What a field that could give a home away says to those who may see it, and to all others.
fn truth(asked: &Asked<'_>, field: &str) -> Option<(Value, Value)> {
    let Known { address, area, kvk_number, website, .. } = asked.about;
    let of_both = |of: &dyn Fn(&Address) -> Value| Some((of(address), of(area)));
    let cell = |address: &Address| json!(Cell::at(address.point, 15).unwrap().to_string());
    match (asked.of, field) {
        ("Location", "street") => Some((json!(address.street), Value::Null)),
        ("Location", "houseNumber") => Some((json!(address.house_number), Value::Null)),
        ("Location", "postcode") => of_both(&|one| json!(one.postcode)),
        ("Location", "city") => of_both(&|one| json!(one.city)),
        ("Location", "gemeente") => of_both(&|one| json!({ "code": one.gemeente })),
        ("Location", "region") => of_both(&|one| json!({ "code": one.region })),
        ("Location", "point") => of_both(&|one| json!({ "lat": one.point.lat(), "lng": one.point.lng() })),
        ("Location", "cell") => of_both(&cell),
        ("GeoPoint", "lat") => of_both(&|one| json!(one.point.lat())),
        ("GeoPoint", "lng") => of_both(&|one| json!(one.point.lng())),
        ("Provider", "kvkNumber") => Some((json!(kvk_number), Value::Null)),
        ("Provider", "website") => Some((json!(website), Value::Null)),
        _ => None,
    }
}

/// Texts of a home that no answer to others holds, wherever in it.
fn secrets(home: &Known) -> Vec<String> {
    let Known { address, kvk_number, website, .. } = home;
    let point = [address.point.lat(), address.point.lng()].map(|degrees| degrees.to_string());
    let texts = [&address.street, &address.house_number, &address.postcode, &address.city, kvk_number, website];
    texts.into_iter().cloned().chain(point).collect()
}

/// Asks the field that takes a filter with these fields of it.
async fn filtered(
    schema: &Schema,
    filter: &str,
    fields: &[(&str, &str)],
    about: &Known,
    service: &Service,
    token: Option<&str>,
) -> Outcome {
    let takes = |field: &&schema::Field| field.arguments.iter().any(|(_, argument)| argument.of == filter);
    let asked_field = schema.fields(&schema.query).iter().find(takes).expect("a question with this filter");
    let argument = &asked_field.arguments.iter().find(|(_, argument)| argument.of == filter).unwrap().0;
    let near = asked_field.arguments.iter().any(|(name, _)| name == "near");
    let near = if near { "near: { postcode: \"3511\" }, " } else { "" };
    let fields: Vec<String> = fields.iter().map(|(field, literal)| format!("{field}: {literal}")).collect();
    let question =
        format!("{{ {}({near}{argument}: {{ {} }}) {{ __typename }} }}", asked_field.name, fields.join(", "));
    let question =
        question.replace("$provider", &about.provider_id()).replace("$dagbesteding", &about.dagbesteding_id());
    let way = Path::default();
    let asked = Asked { about, situation: Situation::Anonymous, token: None, of: "Query", way: &way, fields: &[] };
    outcome(&asked, &asked_field.name, &service.ask(token, &question).await.json())
}

/// What is not as the table says.
struct Complaints<'a> {
    table: &'a Table,
    /// What fields that have no row gave.
    missing: BTreeMap<String, Row>,
    other: Vec<String>,
}

impl<'a> Complaints<'a> {
    const fn new(table: &'a Table) -> Self {
        Self { table, missing: BTreeMap::new(), other: Vec::new() }
    }

    /// Compares what a field gave with its row, and with the rows of the fields on the way to it.
    fn check(&mut self, asked: &Asked<'_>, field: &str, found: Outcome) {
        let Some(row) = self.table.get(field) else {
            let row = self.missing.entry(field.to_owned()).or_default();
            // Some ways lead nowhere; what the others give says most.
            row.entry(asked.situation).and_modify(|known| *known = found.max(*known)).or_insert(found);
            return;
        };
        let expected = match self.on_the_way(asked).unwrap_or(row[&asked.situation]) {
            Outcome::Masked if !asked.is_of_home() => Outcome::Value,
            Outcome::Value if field.ends_with("Cursor") && self.is_of_an_empty_page(asked) => Outcome::Null,
            // What may not be seen is not there, so `node` says nothing of it.
            denied if denied.is_denied() && !self.sees_contacts(asked.situation) && asked.is_by_node() => Outcome::Null,
            expected => expected,
        };
        let stated = |outcome: Outcome| [Outcome::Value, Outcome::Null, Outcome::Empty].contains(&outcome);
        if asked.way.is_of_something_new() && stated(expected) && stated(found) {
            return;
        }
        // An empty queue leads to nothing; that it may be asked at all has its own row.
        if asked.way.is_of_what_waits() && [Outcome::Null, Outcome::Empty].contains(&found) {
            return;
        }
        if found != expected {
            self.other.push(format!("{asked}: {field} gives {found}, not {expected}"));
        }
    }

    /// Whether somebody sees the contact that is asked about.
    fn sees_contacts(&self, situation: Situation) -> bool {
        self.table.get("Contact.id").is_some_and(|row| row[&situation] == Outcome::Value)
    }

    /// Whether this is the page info of a connection that is empty for this situation.
    fn is_of_an_empty_page(&self, asked: &Asked<'_>) -> bool {
        let connection = asked.way.0.last().filter(|_| asked.of == "PageInfo").map(|step| &step.parent);
        let edges = connection.and_then(|connection| self.table.get(&format!("{connection}.edges")));
        edges.is_some_and(|row| row[&asked.situation] == Outcome::Empty)
    }

    /// What stops somebody on the way: an error stays an error, and nothing leads to nothing.
    fn on_the_way(&self, asked: &Asked<'_>) -> Option<Outcome> {
        let rows = asked.way.0.iter().filter(|step| !step.is_node_of_contact());
        let rows = rows.filter_map(|step| self.table.get(&format!("{}.{}", step.parent, step.field)));
        rows.map(|row| row[&asked.situation]).find_map(|outcome| match outcome {
            Outcome::Value | Outcome::Masked => None,
            Outcome::Empty | Outcome::Null | Outcome::Other => Some(Outcome::Null),
            denied => Some(denied),
        })
    }

    /// Compares what a field gave with its row alone.
    fn check_row(&mut self, name: &str, situation: Situation, field: &str, found: Outcome) {
        match self.table.get(field).map(|row| row[&situation]) {
            None => {
                self.missing.entry(field.to_owned()).or_default().insert(situation, found);
            }
            Some(expected) if expected == found => {}
            Some(expected) => self.other.push(format!("{name}: {field} gives {found}, not {expected}")),
        }
    }

    fn raise(self) {
        let rows: Vec<String> = self.missing.iter().map(|(field, row)| line(field, row)).collect();
        assert!(
            rows.is_empty() && self.other.is_empty(),
            "tests/it/authorization/table.csv and the service disagree.\n\n{} fields have no row; decide who may see \
             them. As it is now:\n{}\n\n{} other:\n{}",
            rows.len(),
            rows.join("\n"),
            self.other.len(),
            self.other.iter().take(60).map(String::as_str).collect::<Vec<_>>().join("\n"),
        );
    }
}
