//! Objects whose fields are ready when they are asked: written one after the other, on the spot, as JSON.
//!
//! The engine answers the fields of an object side by side: a box, a task and a turn in a queue for each, as it has to where
//! fields wait for a database, and puts them in a tree of values that is written later. What is in memory waits for nothing, and then
//! that is most of what an answer takes (`docs/performance.md`). Here such an object, with all that lies in it, is written into
//! one buffer, its fields in the order of the question: those that are [ready](ready::Ready) without a word of the engine, those that take
//! arguments by its way to one field. Where a field does wait, as contacts do, which are read for many places together, where one
//! fails, or where it is not plain what is asked, the engine answers as ever. The answer is the same.
//!
//! What turned out not to be plain is asked again, by the engine, and from then on nothing else of the request is tried here:
//! nobody makes the service do all of a question more than twice.

pub(super) mod asked;
pub(super) mod ready;
#[cfg(test)]
mod tests;
pub(super) mod written;

use std::{
    borrow::Cow,
    sync::{
        PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field, registry::Registry,
};
use futures::future;

use super::json;
use ready::InMemory;
pub(super) use ready::in_memory;
use written::Written;
pub(super) use written::written_as_values;

/// An object that is in memory.
#[derive(Clone)]
pub(in crate::graphql) struct Plain<T>(pub(in crate::graphql) T);

/// A list of objects that are in memory.
pub(in crate::graphql) struct PlainList<T>(pub(in crate::graphql) Vec<T>);

/// What a request remembers of what was tried here.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// How many objects are being asked, one in the other.
    within: AtomicUsize,
    /// Something was not plain.
    in_vain: AtomicBool,
}

/// What came of trying.
enum AtOnce {
    /// JSON.
    Answer(Vec<u8>),
    /// This is for the engine.
    Engine,
    /// This is part of something that is tried, and not plain: that will be answered by the engine, and this with it.
    GivenUp,
}

impl<T> FromIterator<T> for PlainList<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T: InMemory> OutputType for Plain<T> {
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
        match at_once::<T>(ctx, self) {
            AtOnce::Answer(json) => Ok(json::written(json)),
            AtOnce::Engine => Box::pin(self.0.resolve(ctx, field)).await,
            AtOnce::GivenUp => future::pending().await,
        }
    }
}

impl<T: InMemory> OutputType for PlainList<T> {
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
        match at_once::<T>(ctx, self) {
            AtOnce::Answer(json) => Ok(json::written(json)),
            AtOnce::Engine => Box::pin(self.0.resolve(ctx, field)).await,
            AtOnce::GivenUp => future::pending().await,
        }
    }
}

/// What is written of `objects`, which are of the type `T`, as `ctx` asks.
// Inlined it would put what it needs into the frames of all fields of objects.
#[inline(never)]
fn at_once<T: InMemory>(ctx: &ContextSelectionSet<'_>, objects: &impl Written) -> AtOnce {
    let Some(tried) = ctx.data_opt::<Tried>().filter(|tried| !tried.in_vain.load(Ordering::Relaxed)) else {
        return AtOnce::Engine;
    };
    let outside = tried.within.load(Ordering::Relaxed);
    let given_up = || if outside > 0 { AtOnce::GivenUp } else { AtOnce::Engine };
    let mut keys = Vec::with_capacity(KEYS);
    let Some(asked) = asked::of::<T>(&ctx.item.node, &ctx.query_env.fragments, &mut keys) else { return given_up() };
    let Some(any) = asked.first().map(|one| ctx.with_field(one.field)) else { return given_up() };
    let errors = || ctx.query_env.errors.lock().unwrap_or_else(PoisonError::into_inner);
    let before = errors().len();
    tried.within.store(outside + 1, Ordering::Relaxed);
    let mut page = Page { ctx, any: &any, keys, json: json::buffer(ROOM) };
    let done = objects.write(&asked, &mut page);
    tried.within.store(outside, Ordering::Relaxed);
    if done && errors().len() == before {
        if page.json.len() < ROOM / 2 {
            // An answer may hold many small ones.
            page.json.shrink_to(page.json.len() + json::ROOM_BEHIND);
        }
        return AtOnce::Answer(page.json);
    }
    if outside == 0 {
        // The engine finds them once more.
        errors().truncate(before);
        tried.in_vain.store(true, Ordering::Relaxed);
    }
    given_up()
}

/// Bytes that a page of places takes.
const ROOM: usize = 12 * 1024;
/// Bytes that the keys in it take.
const KEYS: usize = 512;

/// What is being written.
pub(super) struct Page<'c> {
    /// Where the outermost of the objects is asked.
    ctx: &'c ContextSelectionSet<'c>,
    /// Any field there: resolvers that take no arguments get a context all the same.
    pub(super) any: &'c Context<'c>,
    /// The keys of all that is asked.
    keys: Vec<u8>,
    pub(super) json: Vec<u8>,
}
