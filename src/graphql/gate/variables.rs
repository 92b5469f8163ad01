//! The variables of the operation that is answered.

use std::collections::HashSet;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use super::limits::{Limit, Limits};
use super::refusal::{Refusal, short};

/// Refuses variables with too many lists and objects inside each other.
pub(super) fn check_nesting(variables: &Variables, limits: &Limits) -> Result<(), Refusal> {
    let deepest = variables.values().map(nesting).max().unwrap_or(0);
    Refusal::over(Limit::Nesting, limits, deepest)
}

fn nesting(value: &Value) -> u64 {
    match value {
        Value::List(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

/// The operation that `name` chooses.
fn chosen<'a>(
    operations: &'a mut DocumentOperations,
    name: Option<&str>,
) -> Result<&'a mut Positioned<OperationDefinition>, Refusal> {
    let refuse = |message: String| Refusal::Operation { message };
    match (operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(operation),
        (DocumentOperations::Single(_), Some(name)) => Err(refuse(format!(
            "The document has no operation named \"{}\"; its only one has no name, so leave operationName out.",
            short(name)
        ))),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name).ok_or_else(|| {
            refuse(format!("The document has no operation named \"{}\"; operationName must name one.", short(name)))
        }),
        (DocumentOperations::Multiple(operations), None) => {
            let several = operations.len() > 1;
            operations
                .values_mut()
                .next()
                .filter(|_| !several)
                .ok_or_else(|| refuse("The document has several operations; operationName must name one.".to_owned()))
        }
    }
}

/// Refuses an operation without the values that its variables must have, and takes variables without a value out of it.
///
/// An argument whose variable has no value counts as left out: its default applies. The engine gives it null instead,
/// and then refuses the null where the argument may not be one.
///
/// # Errors
/// Names the variable that must have a value, or says which operation there is.
pub fn settle(
    document: &mut ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
) -> Result<(), Refusal> {
    let operation = &mut chosen(&mut document.operations, operation_name)?.node;
    let mut left_out = HashSet::new();
    for definition in &operation.variable_definitions {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        let value = variables.get(name);
        let missing = value.is_none() && definition.node.default_value.is_none();
        if !kind.nullable && (missing || value == Some(&Value::Null)) {
            return Err(Refusal::Variable {
                name: name.to_string(),
                message: format!(
                    "Variable \"${}\" must have a value of type {}.",
                    short(name),
                    short(&kind.to_string())
                ),
                at: definition.pos,
            });
        }
        if missing {
            left_out.insert(name.clone());
        }
    }
    if left_out.is_empty() {
        return Ok(());
    }
    let mut pruning = Pruning { left_out, taken: HashSet::new(), spreads: Vec::new() };
    pruning.set(&mut operation.selection_set.node);
    let mut seen = HashSet::new();
    while let Some(name) = pruning.spreads.pop() {
        if seen.insert(name.clone())
            && let Some(fragment) = document.fragments.get_mut(&name)
        {
            pruning.set(&mut fragment.node.selection_set.node);
        }
    }
    // What is used nowhere any more must not be declared either. What never was used stays, for validation to refuse.
    operation.variable_definitions.retain(|definition| !pruning.taken.contains(&definition.node.name.node));
    Ok(())
}

struct Pruning {
    left_out: HashSet<Name>,
    taken: HashSet<Name>,
    spreads: Vec<Name>,
}

impl Pruning {
    fn set(&mut self, set: &mut SelectionSet) {
        for selection in &mut set.items {
            for directive in selection.node.directives_mut() {
                self.arguments(&mut directive.node.arguments);
            }
            match &mut selection.node {
                Selection::Field(field) => {
                    self.arguments(&mut field.node.arguments);
                    self.set(&mut field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => self.set(&mut inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    self.spreads.push(spread.node.fragment_name.node.clone());
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &mut Vec<(Positioned<Name>, Positioned<Literal>)>) {
        arguments.retain_mut(|(_, value)| self.keep(&mut value.node));
    }

    /// Whether `value` has a value once everything without one is out of it.
    fn keep(&mut self, value: &mut Literal) -> bool {
        match value {
            Literal::Variable(name) if self.left_out.contains(name) => {
                self.taken.insert(name.clone());
                false
            }
            Literal::List(items) => {
                for item in items {
                    if !self.keep(item) {
                        // A list keeps its length.
                        *item = Literal::Null;
                    }
                }
                true
            }
            Literal::Object(fields) => {
                fields.retain(|_, field| self.keep(field));
                true
            }
            _ => true,
        }
    }
}
