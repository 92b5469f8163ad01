//! Objects whose fields are ready when they are asked: answered one after the other, on the spot.
//!
//! The engine answers the fields of an object side by side: a box, a task and a turn in a queue for each, as it has to where
//! fields wait for a database. What is in memory waits for nothing, and then that is most of what an answer takes
//! (`docs/performance.md`). Here such an object is asked once, without all that. Where a field does wait, as contacts do, which are
//! read for many places together, or where it is not plain what is asked, the engine answers as ever. The answer is the same.

use std::borrow::Cow;

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use futures::FutureExt;

/// An object that is in memory.
#[derive(Clone)]
pub(in crate::graphql) struct Plain<T>(pub(in crate::graphql) T);

/// A list of objects that are in memory.
pub(in crate::graphql) struct PlainList<T>(pub(in crate::graphql) Vec<T>);

impl<T: ContainerType> OutputType for Plain<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match at_once(ctx, async |fields| object(&self.0, ctx, fields).await, &T::type_name()) {
            Some(value) => Ok(value),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

impl<T: ContainerType> OutputType for PlainList<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let all = async |fields: &[&Positioned<Field>]| {
            let mut items = Vec::with_capacity(self.0.len());
            for (at, item) in self.0.iter().enumerate() {
                items.push(object(item, &ctx.with_index(at), fields).await);
            }
            Value::List(items)
        };
        match at_once(ctx, all, &T::type_name()) {
            Some(value) => Ok(value),
            None => self.0.resolve(ctx, field).await,
        }
    }
}

/// What `answer` gives to the fields that `ctx` asks of objects of the type `kind`; none: not at once.
fn at_once<'a>(
    ctx: &ContextSelectionSet<'a>,
    answer: impl AsyncFnOnce(&[&'a Positioned<Field>]) -> Value,
    kind: &str,
) -> Option<Value> {
    let mut fields = Vec::with_capacity(ctx.item.node.items.len());
    if !collect(&ctx.item.node, ctx, kind, &mut fields) {
        return None;
    }
    let errors = || ctx.query_env.errors.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let before = errors().len();
    let value = answer(&fields).now_or_never();
    if value.is_none() {
        // The engine finds them once more.
        errors().truncate(before);
    }
    value
}

/// Puts the fields of `set` into `fields`, each with its own key; false: there is more than that, or the type is not `kind` for
/// certain.
fn collect<'a>(
    set: &'a SelectionSet,
    ctx: &ContextSelectionSet<'a>,
    kind: &str,
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    set.items.iter().all(|selection| {
        let (on, set, directives) = match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                let simple =
                    field.node.directives.is_empty() && fields.iter().all(|one| one.node.response_key().node != *key);
                fields.push(field);
                return simple;
            }
            Selection::InlineFragment(inline) => {
                (inline.node.type_condition.as_ref(), &inline.node.selection_set, &inline.node.directives)
            }
            Selection::FragmentSpread(spread) => {
                let Some(fragment) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) else { return false };
                (Some(&fragment.node.type_condition), &fragment.node.selection_set, &spread.node.directives)
            }
        };
        let fits = on.is_none_or(|on| on.node.on.node == kind);
        fits && directives.is_empty() && collect(&set.node, ctx, kind, fields)
    })
}

/// What `object` answers to `fields`.
async fn object<'a, T: ContainerType>(
    object: &T,
    ctx: &ContextSelectionSet<'a>,
    fields: &[&'a Positioned<Field>],
) -> Value {
    let mut found = IndexMap::with_capacity(fields.len());
    for field in fields {
        let key = field.node.response_key().node.clone();
        if field.node.name.node == "__typename" {
            found.insert(key, Value::String(object.introspection_type_name().into_owned()));
            continue;
        }
        let ctx = ctx.with_field(field);
        match object.resolve_field(&ctx).await {
            Ok(value) => {
                found.insert(key, value.unwrap_or_default());
            }
            // Left out, as the engine does.
            Err(error) => ctx.add_error(error),
        }
    }
    if found.is_empty() { Value::Null } else { Value::Object(found) }
}
