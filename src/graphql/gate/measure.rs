//! The size of a document with its fragments put in the place of their spreads.
//!
//! Every fragment is measured once per operation and its measure added wherever it is spread, so a document in which
//! thirty fragments each spread the next twice is measured in thirty steps, though it stands for a thousand million fields.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use super::cost::{Arguments, multiplier};
use super::limits::{Limit, Limits};
use super::refusal::{Refusal, short};

/// Directives that a document may use, and that the engine applies.
const DIRECTIVES: [&str; 2] = ["skip", "include"];

/// How large a part of a document is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measure {
    /// Fields inside each other.
    pub(super) depth: u64,
    /// Selection sets inside each other, those of fragments included.
    pub(super) levels: u64,
    /// Fields with an alias.
    pub(super) aliases: u64,
    /// Uses of a directive.
    pub(super) directives: u64,
    /// Fields, spreads and inline fragments: the steps of whoever walks the document.
    pub(super) selections: u64,
    /// Values in arguments.
    pub(super) values: u64,
    /// Estimated number of answered fields.
    pub(super) cost: u64,
}

impl Measure {
    /// Both, beside each other.
    fn and(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            selections: self.selections.saturating_add(other.selections),
            values: self.values.saturating_add(other.values),
            cost: self.cost.saturating_add(other.cost),
        }
    }

    /// Refuses what exceeds a limit.
    pub(super) fn check(&self, limits: &Limits) -> Result<(), Refusal> {
        Refusal::over(Limit::Nesting, limits, self.levels)?;
        Refusal::over(Limit::Depth, limits, self.depth)?;
        Refusal::over(Limit::Aliases, limits, self.aliases)?;
        Refusal::over(Limit::Directives, limits, self.directives)?;
        // Spreads cost nothing to answer, yet validation walks through each of them.
        Refusal::over(Limit::Cost, limits, self.cost.max(self.selections))?;
        Refusal::over(Limit::Values, limits, self.values)
    }
}

/// Measures one operation, or fragments on their own.
pub(super) struct Meter<'a> {
    document: &'a ExecutableDocument,
    arguments: Arguments<'a>,
    limits: &'a Limits,
    measured: HashMap<&'a str, Measure>,
    open: HashSet<&'a str>,
    weights: HashMap<&'a str, u64>,
    /// The first unknown directive: told only when no limit is exceeded.
    pub(super) unknown_directive: Option<Refusal>,
}

impl<'a> Meter<'a> {
    /// A meter for what uses `arguments`.
    pub(super) fn new(document: &'a ExecutableDocument, arguments: Arguments<'a>, limits: &'a Limits) -> Self {
        Self {
            document,
            arguments,
            limits,
            measured: HashMap::new(),
            open: HashSet::new(),
            weights: HashMap::new(),
            unknown_directive: None,
        }
    }

    /// Measures fragment `name`; an unknown one is for validation to refuse.
    pub(super) fn fragment(&mut self, name: &'a Name, level: u64) -> Result<Measure, Refusal> {
        if let Some(measure) = self.measured.get(name.as_str()) {
            return Ok(*measure);
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Measure::default());
        };
        if !self.open.insert(name) {
            return Err(Refusal::Invalid {
                message: format!("Fragment \"{}\" spreads itself; a fragment must end somewhere.", short(name)),
                at: Some(fragment.pos),
            });
        }
        let own = self.directives(&fragment.node.directives);
        let measure = own.and(self.set(&fragment.node.selection_set.node, level)?);
        self.open.remove(name.as_str());
        self.measured.insert(name, measure);
        Ok(measure)
    }

    /// Measures a selection set that stands inside `level - 1` others.
    ///
    /// # Errors
    /// Refuses more levels than the limit at once, so that this descends no deeper than that.
    pub(super) fn set(&mut self, set: &'a SelectionSet, level: u64) -> Result<Measure, Refusal> {
        if set.items.is_empty() {
            return Ok(Measure::default());
        }
        Refusal::over(Limit::Nesting, self.limits, level)?;
        let mut measure = Measure::default();
        for selection in &set.items {
            measure = measure.and(self.selection(&selection.node, level + 1)?);
        }
        measure.levels += 1;
        Ok(measure)
    }

    fn selection(&mut self, selection: &'a Selection, level: u64) -> Result<Measure, Refusal> {
        let mut measure = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, level)?,
            Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, level)?,
        };
        measure.selections = measure.selections.saturating_add(1);
        Ok(measure.and(self.directives(selection.directives())))
    }

    fn field(&mut self, field: &'a Field, level: u64) -> Result<Measure, Refusal> {
        let mut measure = self.set(&field.selection_set.node, level)?;
        measure.depth += 1;
        measure.aliases = measure.aliases.saturating_add(u64::from(field.alias.is_some()));
        measure.values = measure.values.saturating_add(self.weigh_all(&field.arguments));
        // Most hold nothing that there could be more of.
        if measure.cost > 0 {
            measure.cost = measure.cost.saturating_mul(multiplier(field, &self.arguments, self.limits.page));
        }
        measure.cost = measure.cost.saturating_add(1);
        Ok(measure)
    }

    /// Measures directives where they are used.
    pub(super) fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Measure {
        let mut measure = Measure::default();
        for directive in directives {
            measure.directives = measure.directives.saturating_add(1);
            measure.values = measure.values.saturating_add(self.weigh_all(&directive.node.arguments));
            let name = directive.node.name.node.as_str();
            if !DIRECTIVES.contains(&name) && self.unknown_directive.is_none() {
                self.unknown_directive = Some(Refusal::Invalid {
                    message: format!("Unknown directive \"@{}\"; @skip and @include are known.", short(name)),
                    at: Some(directive.pos),
                });
            }
        }
        measure
    }

    fn weigh_all(&mut self, arguments: &'a [(Positioned<Name>, Positioned<Literal>)]) -> u64 {
        arguments.iter().map(|(_, value)| self.weigh(&value.node)).fold(0, u64::saturating_add)
    }

    fn weigh(&mut self, value: &'a Literal) -> u64 {
        match value {
            Literal::Variable(name) => {
                if let Some(weight) = self.weights.get(name.as_str()) {
                    return *weight;
                }
                let weight = self.arguments.variable(name).map_or(1, weight);
                self.weights.insert(name, weight);
                weight
            }
            Literal::List(items) => items.iter().map(|item| self.weigh(item)).fold(1, u64::saturating_add),
            Literal::Object(fields) => fields.values().map(|field| self.weigh(field)).fold(1, u64::saturating_add),
            Literal::String(text) => weight_of_text(text),
            _ => 1,
        }
    }
}

/// How many values a variable's value holds.
fn weight(value: &Value) -> u64 {
    match value {
        Value::List(items) => items.iter().map(weight).fold(1, u64::saturating_add),
        Value::Object(fields) => fields.values().map(weight).fold(1, u64::saturating_add),
        Value::String(text) => weight_of_text(text),
        _ => 1,
    }
}

fn weight_of_text(text: &str) -> u64 {
    1 + u64::try_from(text.len() / 64).unwrap_or(u64::MAX - 1)
}

/// Refuses `document` when one of its operations or fragments exceeds a limit, or uses a directive that does not exist.
pub(super) fn check(document: &ExecutableDocument, variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    let mut unknown_directive = None;
    let mut selections: u64 = 0;
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        let arguments = Arguments { variables, definitions: &operation.variable_definitions };
        let mut meter = Meter::new(document, arguments, limits);
        let mut measure = meter.set(&operation.selection_set.node, 1)?.and(meter.directives(&operation.directives));
        for definition in &operation.variable_definitions {
            measure = measure.and(meter.directives(&definition.node.directives));
        }
        measure.check(limits)?;
        selections = selections.saturating_add(measure.selections);
        unknown_directive = unknown_directive.or(meter.unknown_directive);
    }
    // Validation walks every operation, not only the one that is answered.
    Refusal::over(Limit::Cost, limits, selections)?;
    // And every fragment, spread or not.
    let mut meter = Meter::new(document, Arguments { variables, definitions: &[] }, limits);
    for name in document.fragments.keys() {
        meter.fragment(name, 1)?.check(limits)?;
    }
    unknown_directive.or(meter.unknown_directive).map_or(Ok(()), Err)
}
