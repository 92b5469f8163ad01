//! Fields that repeat a response key of their own selection set.
//!
//! The engine resolves each of them again, and compares each with the first when it checks that they can be merged.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

use super::limits::{Limit, Limits};
use super::refusal::Refusal;

/// Refuses a document that has a selection set with too many.
///
/// Walks the document with its fragments expanded: only for documents whose size is already known to be within bounds.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    for set in operations.chain(fragments) {
        Refusal::over(Limit::Duplicates, limits, worst(document, set))?;
    }
    Ok(())
}

/// The number of repeated fields in `set` or in one below it, whichever has most.
fn worst(document: &ExecutableDocument, set: &SelectionSet) -> u64 {
    let mut fields = Vec::new();
    collect(document, set, &mut fields);
    let mut keys = HashSet::new();
    let mut repeated: u64 = 0;
    let mut below: u64 = 0;
    for field in fields {
        if !keys.insert(field.response_key().node.as_str()) {
            repeated += 1;
        }
        below = below.max(worst(document, &field.selection_set.node));
    }
    repeated.max(below)
}

fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, fields: &mut Vec<&'a Field>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(&field.node),
            Selection::InlineFragment(inline) => {
                collect(document, &inline.node.selection_set.node, fields);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}
