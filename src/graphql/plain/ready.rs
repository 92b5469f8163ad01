//! Objects that say which of their fields are ready.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use async_graphql::{ContainerType, Positioned, Value, parser::types::Field};

use super::{
    super::json,
    Page,
    asked::{Asked, FindOut, How},
};

/// An object that is in memory: see [`in_memory`].
pub(in crate::graphql) trait InMemory: ContainerType + Sized + 'static {
    /// The fields that wait for nothing, and take no arguments or need none.
    const READY: &'static [Ready<Self>];
}

/// A field that is given no arguments and waits for nothing.
pub(in crate::graphql) struct Ready<T> {
    /// Its resolver's name.
    pub(in crate::graphql) name: &'static str,
    /// Finds out what is asked of the objects in it; none: it holds no objects.
    pub(in crate::graphql) inside: Option<FindOut>,
    /// Writes it; false: it failed, or is not plain.
    pub(in crate::graphql) write: fn(&T, &[Asked<'_>], &mut Page<'_>) -> bool,
}

/// Says which fields of an object are ready, and what objects lie in them: of a `struct` its members, of an `impl` its resolvers,
/// with what arguments are where none is given.
macro_rules! in_memory {
    (struct $object:ident { $($field:ident $(: $inside:ty)?),+ $(,)? }) => {
        impl $crate::graphql::plain::ready::InMemory for $object {
            const READY: &'static [$crate::graphql::plain::ready::Ready<Self>] = &[$($crate::graphql::plain::ready::Ready {
                name: stringify!($field),
                inside: $crate::graphql::plain::in_memory!(@ $($inside)?),
                write: |object, inside, page| $crate::graphql::plain::written::Written::write(&object.$field, inside, page),
            }),+];
        }
    };
    (impl $object:ident { $($field:ident $(($($argument:expr),+))? $(: $inside:ty)?),+ $(,)? }) => {
        impl $crate::graphql::plain::ready::InMemory for $object {
            const READY: &'static [$crate::graphql::plain::ready::Ready<Self>] = &[$($crate::graphql::plain::ready::Ready {
                name: stringify!($field),
                inside: $crate::graphql::plain::in_memory!(@ $($inside)?),
                write: |object, inside, page| {
                    let answer = $crate::graphql::plain::ready::now(object.$field(page.any $($(, $argument)+)?));
                    answer.is_some_and(|value| $crate::graphql::plain::written::Written::write(&value, inside, page))
                },
            }),+];
        }
    };
    (@) => { None };
    (@ $inside:ty) => { Some($crate::graphql::plain::asked::of::<$inside>) };
}

pub(in crate::graphql) use in_memory;

/// What does not wait, if it did not fail.
#[inline]
pub(in crate::graphql) fn now<T, E>(answer: impl Future<Output = Result<T, E>>) -> Option<T> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(value)) => Some(value),
        _ => None,
    }
}

/// Writes what `object` answers; false: it failed, or is not plain.
pub(in crate::graphql) fn write<T: InMemory>(object: &T, asked: &[Asked<'_>], page: &mut Page<'_>) -> bool {
    page.json.push(b'{');
    let mut written = asked.iter().enumerate().map(|(at, one)| {
        let key = if at == 0 { one.key.start + 1..one.key.end } else { one.key.clone() };
        page.json.extend_from_slice(page.keys.get(key).unwrap_or_default());
        match one.how {
            How::Kind => {
                json::scalar(&*object.introspection_type_name(), &mut page.json);
                true
            }
            How::Ready(ready) => T::READY.get(ready).is_some_and(|ready| (ready.write)(object, &one.inside, page)),
            How::Engine => by_engine(object, one.field, page),
        }
    });
    let done = written.all(|written| written);
    page.json.push(b'}');
    done
}

/// Writes what the engine has from one field.
// Inlined it would put the frame of all fields of an object into that of an object which holds it.
#[inline(never)]
fn by_engine<T: InMemory>(object: &T, field: &Positioned<Field>, page: &mut Page<'_>) -> bool {
    match now(object.resolve_field(&page.ctx.with_field(field))) {
        Some(Some(value)) if field.node.selection_set.node.items.is_empty() || is_written(&value) => {
            json::write(&value, &mut page.json);
            true
        }
        // It failed, or it holds objects that are not plain: they have not got their form yet.
        _ => false,
    }
}

/// Whether all objects in it are written.
fn is_written(value: &Value) -> bool {
    match value {
        Value::Object(_) => false,
        Value::List(items) => items.iter().all(is_written),
        _ => true,
    }
}
