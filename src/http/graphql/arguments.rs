//! Where the arguments of a document are.

use std::collections::HashMap;

use async_graphql::parser::{
    parse_query,
    types::{Directive, Selection, SelectionSet},
};
use async_graphql::{Name, Pos, Positioned};
use async_graphql_value::Value as Literal;

/// An argument in a document.
pub(super) struct Argument {
    /// Its name.
    pub(super) name: String,
    /// A variable is in its value.
    pub(super) varies: bool,
}

/// The arguments of a document by where their name and their value begin: the engine's errors give one or the other.
pub(super) struct Arguments(HashMap<(usize, usize), Argument>);

impl Arguments {
    /// The arguments of a document that has passed the gate.
    pub(super) fn of(query: &str) -> Self {
        let mut arguments = Self(HashMap::new());
        if let Ok(document) = parse_query(query) {
            for (_, operation) in document.operations.iter() {
                arguments.add_directives(&operation.node.directives);
                arguments.add_set(&operation.node.selection_set.node);
            }
            for fragment in document.fragments.values() {
                arguments.add_directives(&fragment.node.directives);
                arguments.add_set(&fragment.node.selection_set.node);
            }
        }
        arguments
    }

    /// The argument whose name or value begins there.
    pub(super) fn at(&self, at: Pos) -> Option<&Argument> {
        self.0.get(&(at.line, at.column))
    }

    fn add_set(&mut self, set: &SelectionSet) {
        for selection in &set.items {
            self.add_directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) => {
                    self.add(&field.node.arguments);
                    self.add_set(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => self.add_set(&inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn add_directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            self.add(&directive.node.arguments);
        }
    }

    fn add(&mut self, arguments: &[(Positioned<Name>, Positioned<Literal>)]) {
        for (name, value) in arguments {
            for at in [name.pos, value.pos] {
                let argument = Argument { name: name.node.to_string(), varies: varies(&value.node) };
                self.0.insert((at.line, at.column), argument);
            }
        }
    }
}

/// Whether a variable is in a value.
pub(super) fn varies(value: &Literal) -> bool {
    match value {
        Literal::Variable(_) => true,
        Literal::List(items) => items.iter().any(varies),
        Literal::Object(fields) => fields.values().any(varies),
        _ => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;

    #[test]
    fn an_argument_is_found_by_its_name_and_by_its_value() {
        let arguments = Arguments::of("query($v: Int) { a(b: [$v]) ...F }\nfragment F on Q { c @skip(if: true) }");
        for (line, column, name, varies) in [(1, 20, "b", true), (1, 23, "b", true), (2, 27, "if", false)] {
            let argument = arguments.at(Pos { line, column }).unwrap();
            assert_eq!((argument.name.as_str(), argument.varies), (name, varies));
        }
        assert!(arguments.at(Pos { line: 1, column: 18 }).is_none());
        assert!(Arguments::of("{").0.is_empty());
    }
}
