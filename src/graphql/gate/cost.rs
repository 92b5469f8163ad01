//! The estimated cost of a field: how many fields its answer holds.
//!
//! A field costs 1 plus its multiplier times the cost of its selection. The multiplier is how many results the field is
//! assumed to give, and this file is the one place that says so. It does not know the schema: a name stands for every
//! field of that name, and whatever the table does not name gives one.

use async_graphql::parser::types::{Field, VariableDefinition};
use async_graphql::{Positioned, Value, Variables};
use async_graphql_value::Value as Literal;
use chrono::NaiveDate;

use crate::{care::calendar::HORIZON_DAYS, geo::index::MOST_CLUSTERS};

/// How many results a field gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Results {
    /// As many as its argument `first` asks for.
    Page,
    /// One for each day from `from` to `to`, both included.
    Days,
    /// A list that the question cannot make longer.
    List(u64),
}

/// Fields that give more than one result. The lists' sizes are those of the reference data, or what one place has.
const RESULTS: [(&str, Results); 48] = [
    ("alerts", Results::Page),
    ("savedSearches", Results::List(20)),
    ("searches", Results::List(20)),
    ("placesNear", Results::Page),
    ("placeClusters", Results::List(MOST_CLUSTERS as u64)),
    ("providers", Results::Page),
    ("places", Results::Page),
    ("contacts", Results::Page),
    ("contactsDue", Results::Page),
    ("contactHistory", Results::Page),
    ("contactDuplicates", Results::Page),
    ("contactProposals", Results::Page),
    ("reviewQueue", Results::Page),
    ("placeHistory", Results::Page),
    ("staleQueue", Results::Page),
    ("availability", Results::Days),
    ("regions", Results::List(31)),
    ("gemeenten", Results::List(12)),
    ("kwaliteitseisen", Results::List(18)),
    ("vervoer", Results::List(2)),
    ("trips", Results::List(2)),
    ("pickUp", Results::List(2)),
    ("facilities", Results::List(9)),
    ("careCapabilities", Results::List(7)),
    ("passportAgreements", Results::List(6)),
    ("auditTrail", Results::Page),
    ("missing", Results::List(100)),
    ("fields", Results::List(4)),
    ("agreeing", Results::List(3)),
    ("stated", Results::List(30)),
    ("claims", Results::List(36)),
    ("freeSpots", Results::List(100)),
    // Of these a run costs what many fields do, whatever it answers.
    ("gapAnalysis", Results::List(2)),
    ("homogeneityTradeOff", Results::List(3)),
    ("scenario", Results::List(2)),
    ("suggestSites", Results::List(20)),
    ("trend", Results::List(12)),
    ("areas", Results::List(20)),
    ("cells", Results::List(150)),
    ("lines", Results::List(3)),
    ("curve", Results::List(15)),
    ("homogeneity", Results::List(3)),
    ("sites", Results::List(20)),
    ("demandPublications", Results::List(12)),
    ("publishDemand", Results::List(2)),
    ("rawDemand", Results::List(50)),
    ("careForms", Results::List(4)),
    ("refused", Results::List(31)),
];

/// The page without `first`, as the schema's defaults have it.
const DEFAULT_PAGE: u64 = 20;

/// The longest period of `availability`, today and the last date included; also what an unreadable one costs.
const MOST_DAYS: u64 = HORIZON_DAYS + 1;

/// The values of arguments in one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arguments<'a> {
    /// The variables that came with the request.
    pub(super) variables: &'a Variables,
    /// The operation's declarations, for their defaults.
    pub(super) definitions: &'a [Positioned<VariableDefinition>],
}

/// The value of an argument.
enum Given<'a> {
    Number(i64),
    Text(&'a str),
    /// A value, but of no type that costs anything.
    Other,
    /// No value: the field's own default counts.
    Nothing,
}

impl<'a> Arguments<'a> {
    /// The value of variable `name`, if it has one.
    pub(super) fn variable(&self, name: &str) -> Option<&'a Value> {
        self.variables.get(name).or_else(|| {
            let definition = self.definitions.iter().find(|definition| definition.node.name.node == name)?;
            definition.node.default_value.as_ref().map(|default| &default.node)
        })
    }

    fn given(&self, field: &'a Field, argument: &str) -> Given<'a> {
        match field.get_argument(argument).map(|value| &value.node) {
            None => Given::Nothing,
            Some(Literal::Variable(name)) => match self.variable(name) {
                None => Given::Nothing,
                Some(Value::Number(number)) => number.as_i64().map_or(Given::Other, Given::Number),
                Some(Value::String(text)) => Given::Text(text),
                Some(_) => Given::Other,
            },
            Some(Literal::Number(number)) => number.as_i64().map_or(Given::Other, Given::Number),
            Some(Literal::String(text)) => Given::Text(text),
            Some(_) => Given::Other,
        }
    }
}

/// How many results `field` is assumed to give, with pages of at most `largest_page`.
pub(super) fn multiplier(field: &Field, arguments: &Arguments<'_>, largest_page: u64) -> u64 {
    let name = field.name.node.as_str();
    match RESULTS.iter().find(|(listed, _)| *listed == name).map(|(_, results)| *results) {
        None => 1,
        Some(Results::List(size)) => size,
        Some(Results::Page) => match arguments.given(field, "first") {
            Given::Nothing => DEFAULT_PAGE.min(largest_page),
            // Out of range is for the field to refuse; until then it costs what it could.
            Given::Number(first) => u64::try_from(first).unwrap_or(1).clamp(1, largest_page.max(1)),
            Given::Text(_) | Given::Other => largest_page,
        },
        Some(Results::Days) => {
            let day = |argument| match arguments.given(field, argument) {
                Given::Text(text) => text.parse::<NaiveDate>().ok(),
                _ => None,
            };
            match (day("from"), day("to")) {
                (Some(from), Some(to)) => u64::try_from((to - from).num_days() + 1).unwrap_or(0).clamp(1, MOST_DAYS),
                _ => MOST_DAYS,
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::{DocumentOperations, Selection};
    use serde_json::json;

    use super::*;

    fn of(source: &str, variables: serde_json::Value) -> u64 {
        let document = parse_query(source).unwrap();
        let DocumentOperations::Single(operation) = &document.operations else { unreachable!() };
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { unreachable!() };
        let variables = Variables::from_json(variables);
        let arguments = Arguments { variables: &variables, definitions: &operation.node.variable_definitions };
        multiplier(&field.node, &arguments, 100)
    }

    #[test]
    fn a_page_costs_what_it_asks_for_up_to_the_largest() {
        let none = || json!({});
        assert_eq!(of("{ placesNear(first: 7) { a } }", none()), 7);
        assert_eq!(of("{ placesNear { a } }", none()), 20);
        assert_eq!(of("{ placesNear(first: 1000000) { a } }", none()), 100);
        assert_eq!(of("{ placesNear(first: -3) { a } }", none()), 1);
        assert_eq!(of("{ placesNear(first: 99999999999999999999999) { a } }", none()), 100);
        assert_eq!(of("{ placesNear(first: \"7\") { a } }", none()), 100);
        assert_eq!(of("query ($n: Int) { contacts(first: $n) { a } }", json!({"n": 50})), 50);
        assert_eq!(of("query ($n: Int = 30) { contacts(first: $n) { a } }", none()), 30);
        assert_eq!(of("query ($n: Int = 30) { contacts(first: $n) { a } }", json!({"n": null})), 100);
        assert_eq!(of("query ($n: Int) { contacts(first: $n) { a } }", none()), 20);
    }

    #[test]
    fn availability_costs_its_days() {
        let dates = |from: &str, to: &str| json!({"from": from, "to": to});
        let source = "query ($from: Date!, $to: Date!) { availability(from: $from, to: $to) { date } }";
        assert_eq!(of(source, dates("2026-12-12", "2026-12-26")), 15);
        assert_eq!(of(source, dates("2026-12-12", "2026-12-12")), 1);
        assert_eq!(of(source, dates("2026-12-12", "2026-12-01")), 1);
        assert_eq!(of(source, dates("2026-12-12", "2099-12-12")), 401);
        assert_eq!(of(source, dates("-262143-01-01", "262142-12-31")), 401);
        assert_eq!(of(source, dates("2026-12-12", "soon")), 401);
        assert_eq!(of(source, json!({})), 401);
        assert_eq!(of("{ availability(from: \"2026-12-12\", to: \"2026-12-14\") { date } }", json!({})), 3);
    }

    #[test]
    fn lists_cost_their_size_and_everything_else_one() {
        assert_eq!(of("{ regions { code } }", json!({})), 31);
        assert_eq!(of("{ all: regions(first: 2) { code } }", json!({})), 31);
        assert_eq!(of("{ edges { node } }", json!({})), 1);
        assert_eq!(of("{ __schema { types } }", json!({})), 1);
    }
}
