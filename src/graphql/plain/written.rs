//! What fields hold, as JSON: as the engine's values are written.

use arrayvec::ArrayString;

use super::{super::json, InMemory, Page, Plain, PlainList, asked::Asked, ready};

/// What can be written on the spot.
pub(in crate::graphql) trait Written {
    /// Writes it, and what is asked of the objects in it; false: something failed, or is not plain.
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool;
}

/// What serde writes as the engine does.
macro_rules! scalars {
    ($($scalar:ty),+) => {$(
        impl Written for $scalar {
            #[inline]
            fn write(&self, _: &[Asked<'_>], page: &mut Page<'_>) -> bool {
                json::scalar(self, &mut page.json);
                true
            }
        }
    )+};
}

scalars!(i32, u32, f64, bool);

impl Written for str {
    fn write(&self, _: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        json::text(self, &mut page.json);
        true
    }
}

impl Written for String {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        self.as_str().write(inside, page)
    }
}

/// Says that these are written as the values that the engine makes of them: scalars that are a text; names by `EnumType`; answers
/// that clients know as one of the scalars of GraphQL, by their `text`.
macro_rules! written_as_values {
    (enum $($name:ident),+ $(,)?) => {$(
        impl $crate::graphql::plain::written::Written for $name {
            fn write(&self, _: &[$crate::graphql::plain::asked::Asked<'_>], page: &mut $crate::graphql::plain::Page<'_>) -> bool {
                let item = <Self as async_graphql::resolver_utils::EnumType>::items().iter().find(|item| item.value == *self);
                item.is_some_and(|item| $crate::graphql::plain::written::Written::write(item.name, &[], page))
            }
        }
    )+};
    (text $($name:ident),+ $(,)?) => {$(
        $crate::graphql::plain::written_as_values!(@ $name, |one| one.0);
    )+};
    (answer $name:ident as $scalar:ty) => {
        impl async_graphql::OutputType for $name {
            fn type_name() -> std::borrow::Cow<'static, str> {
                <$scalar as async_graphql::OutputType>::type_name()
            }

            fn create_type_info(registry: &mut async_graphql::registry::Registry) -> String {
                <$scalar as async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                _: &async_graphql::ContextSelectionSet<'_>,
                _: &async_graphql::Positioned<async_graphql::parser::types::Field>,
            ) -> async_graphql::ServerResult<async_graphql::Value> {
                Ok(async_graphql::Value::String(self.text().to_string()))
            }
        }

        $crate::graphql::plain::written_as_values!(@ $name, |one| one.text());
    };
    (@ $name:ident, |$one:ident| $text:expr) => {
        impl $crate::graphql::plain::written::Written for $name {
            fn write(
                &self,
                inside: &[$crate::graphql::plain::asked::Asked<'_>],
                page: &mut $crate::graphql::plain::Page<'_>,
            ) -> bool {
                let $one = self;
                $crate::graphql::plain::written::Written::write(&$text, inside, page)
            }
        }
    };
}

pub(in crate::graphql) use written_as_values;

impl<const ROOM: usize> Written for ArrayString<ROOM> {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        self.as_str().write(inside, page)
    }
}

impl<T: Written + ?Sized> Written for &T {
    #[inline]
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        T::write(self, inside, page)
    }
}

impl<T: Written> Written for Option<T> {
    #[inline]
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        if let Some(value) = self {
            return value.write(inside, page);
        }
        page.json.extend_from_slice(b"null");
        true
    }
}

impl<T: Written> Written for [T] {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        list(self, page, |one, page| one.write(inside, page))
    }
}

impl<T: Written> Written for Vec<T> {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        self.as_slice().write(inside, page)
    }
}

impl<T: InMemory> Written for Plain<T> {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        ready::write(&self.0, inside, page)
    }
}

impl<T: InMemory> Written for PlainList<T> {
    fn write(&self, inside: &[Asked<'_>], page: &mut Page<'_>) -> bool {
        list(&self.0, page, |one, page| ready::write(one, inside, page))
    }
}

fn list<T>(items: &[T], page: &mut Page<'_>, write: impl Fn(&T, &mut Page<'_>) -> bool) -> bool {
    page.json.push(b'[');
    let done = items.iter().enumerate().all(|(at, item)| {
        json::comma(at, &mut page.json);
        write(item, page)
    });
    page.json.push(b']');
    done
}
