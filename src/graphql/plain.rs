//! Objects whose fields are ready when they are asked: answered one after the other, on the spot, as JSON.
//!
//! The engine answers the fields of an object side by side: a box, a task and a turn in a queue for each, as it has to where
//! fields wait for a database, and puts them in a tree of values that is written later. What is in memory waits for nothing, and then
//! that is most of what an answer takes (`docs/performance.md`). Here such an object is asked once and written at once; its fields
//! stand in the order of the question. Where a field does wait, as contacts do, which are read for many places together, where one
//! fails, or where it is not plain what is asked, the engine answers as ever. The answer is the same.
//!
//! What turned out not to be plain is asked again, by the engine, and from then on nothing else of the request is tried here:
//! nobody makes the service do all of a question more than twice.

use std::{
    borrow::Cow,
    pin::pin,
    sync::{
        PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{self, Poll, Waker},
};

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::{Field, Selection, SelectionSet},
    registry::Registry,
};
use futures::future;

use super::json;

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
        match at_once(ctx, async |fields, json| object(&self.0, ctx, fields, json).await, &T::type_name()) {
            AtOnce::Answer(json) => Ok(Value::Binary(json.into())),
            AtOnce::Engine => Box::pin(self.0.resolve(ctx, field)).await,
            AtOnce::GivenUp => future::pending().await,
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
        let all = async |fields: &[&Positioned<Field>], json: &mut Vec<u8>| {
            json.push(b'[');
            for (at, item) in self.0.iter().enumerate() {
                json::comma(at, json);
                object(item, ctx, fields, json).await;
            }
            json.push(b']');
        };
        match at_once(ctx, all, &T::type_name()) {
            AtOnce::Answer(json) => Ok(Value::Binary(json.into())),
            AtOnce::Engine => Box::pin(self.0.resolve(ctx, field)).await,
            AtOnce::GivenUp => future::pending().await,
        }
    }
}

/// What `answer` writes of the fields that `ctx` asks of objects of the type `kind`.
// Inlined it would put the frames of all kinds of objects into that of an object which holds them: 50 KB for each field.
#[inline(never)]
fn at_once<'a>(
    ctx: &ContextSelectionSet<'a>,
    answer: impl AsyncFnOnce(&[&'a Positioned<Field>], &mut Vec<u8>),
    kind: &str,
) -> AtOnce {
    let Some(tried) = ctx.data_opt::<Tried>().filter(|tried| !tried.in_vain.load(Ordering::Relaxed)) else {
        return AtOnce::Engine;
    };
    let outside = tried.within.load(Ordering::Relaxed);
    let mut fields = Vec::with_capacity(ctx.item.node.items.len());
    if !collect(&ctx.item.node, ctx, kind, &mut fields) {
        return if outside > 0 { AtOnce::GivenUp } else { AtOnce::Engine };
    }
    let errors = || ctx.query_env.errors.lock().unwrap_or_else(PoisonError::into_inner);
    let before = errors().len();
    tried.within.store(outside + 1, Ordering::Relaxed);
    let mut json = Vec::with_capacity(ROOM);
    let done = pin!(answer(&fields, &mut json)).poll(&mut task::Context::from_waker(Waker::noop()));
    tried.within.store(outside, Ordering::Relaxed);
    if done == Poll::Ready(()) && errors().len() == before {
        return AtOnce::Answer(json);
    }
    if outside > 0 {
        return AtOnce::GivenUp;
    }
    // The engine finds them once more.
    errors().truncate(before);
    tried.in_vain.store(true, Ordering::Relaxed);
    AtOnce::Engine
}

/// Bytes that a small object takes.
const ROOM: usize = 256;

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
                let simple = field.node.directives.is_empty()
                    && *key != json::TYPE_KEY
                    && fields.iter().all(|one| one.node.response_key().node != *key);
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

/// Writes what `object` answers to `fields`; never ends where that is not plain.
async fn object<'a, T: ContainerType>(
    object: &T,
    ctx: &ContextSelectionSet<'a>,
    fields: &[&'a Positioned<Field>],
    json: &mut Vec<u8>,
) {
    json.push(b'{');
    for (at, field) in fields.iter().enumerate() {
        json::key(at, &field.node.response_key().node, json);
        if field.node.name.node == "__typename" {
            json::scalar(&*object.introspection_type_name(), json);
            continue;
        }
        match object.resolve_field(&ctx.with_field(field)).await {
            Ok(Some(value)) if field.node.selection_set.node.items.is_empty() || is_written(&value) => {
                json::write(&value, json);
            }
            // It failed, or it holds objects that are not plain: they have not got their form yet.
            _ => future::pending().await,
        }
    }
    json.push(b'}');
}

/// Whether all objects in it are written.
fn is_written(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::List(items) => items.iter().all(is_written),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, atomic::AtomicU32};

    use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};

    use super::*;

    /// Counts how often it is asked.
    #[derive(Clone, Default)]
    struct Deep(Arc<AtomicU32>);
    struct Middle(Deep);
    struct Top(Deep);

    #[Object]
    impl Deep {
        async fn counted(&self) -> u32 {
            self.0.fetch_add(1, Ordering::Relaxed)
        }

        async fn waits(&self) -> bool {
            tokio::task::yield_now().await;
            true
        }

        async fn fails(&self) -> async_graphql::Result<Option<bool>> {
            Err("no".into())
        }
    }

    #[Object]
    impl Middle {
        async fn below(&self) -> Plain<Deep> {
            Plain(self.0.clone())
        }

        async fn all(&self) -> PlainList<Deep> {
            PlainList(vec![self.0.clone(), self.0.clone()])
        }
    }

    #[Object]
    impl Top {
        async fn below(&self) -> Plain<Middle> {
            Plain(Middle(self.0.clone()))
        }
    }

    /// The answer, the paths of its errors, and how often an object was asked to count.
    async fn answered(question: &str) -> (String, Vec<String>, u32) {
        let deep = Deep::default();
        let schema = Schema::new(Top(deep.clone()), EmptyMutation, EmptySubscription);
        let answer = schema.execute(Request::new(question).data(Tried::default())).await;
        let mut json = Vec::new();
        json::write(&answer.data, &mut json);
        let paths = answer.errors.iter().map(|error| format!("{:?}", error.path)).collect();
        (String::from_utf8_lossy(&json).into_owned(), paths, deep.0.load(Ordering::Relaxed))
    }

    async fn asked(question: &str) -> (String, u32) {
        let (answer, errors, times) = answered(question).await;
        assert!(errors.is_empty(), "{errors:?}");
        (answer, times)
    }

    #[tokio::test]
    async fn what_fails_or_is_not_plain_deep_inside_is_left_to_the_engine() {
        let (answer, errors, times) = answered("{ below { all { counted fails } } }").await;
        assert_eq!(answer, r#"{"below":{"all":[{"counted":1},{"counted":2}]}}"#, "as the engine has it");
        assert_eq!((errors.len(), times), (2, 3), "{errors:?}");
        assert!(errors[0].contains("Index(0)") && errors[1].contains("Index(1)"), "{errors:?}");
        let (answer, _) = asked("{ below { all { counted } below { one: counted one: counted } } }").await;
        assert_eq!(answer, r#"{"below":{"all":[{"counted":2},{"counted":3}],"below":{"one":4}}}"#);
    }

    #[tokio::test]
    async fn what_is_ready_is_asked_once_and_what_waits_twice_however_deep() {
        let ready = asked("{ below { below { counted } } }").await;
        assert_eq!(ready, (r#"{"below":{"below":{"counted":0}}}"#.to_owned(), 1));
        let (answer, times) = asked("{ below { below { counted waits } all { counted waits } } }").await;
        assert!(answer.contains(r#""waits":true"#), "{answer}");
        assert_eq!(times, 4, "three objects, and the first of them once in vain");
    }
}
