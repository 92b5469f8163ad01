//! Nulls where something failed, as the specification has it (section 6.4.4, "Handling Execution Errors").
//!
//! The engine leaves a field that failed out of its object, whether the field may be null or not. Here such a field is
//! null; where it may not be null, the object that it belongs to is, and so on upwards.

use std::{
    collections::HashSet,
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::{
    QueryPathNode, Response, ServerError, ServerResult, Value, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo},
};

/// Puts nulls where something failed.
pub(super) struct Nulls;

impl ExtensionFactory for Nulls {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Request::default())
    }
}

/// What failed in the answer to one request.
#[derive(Default)]
struct Request {
    failures: Mutex<Failures>,
    /// Whether any object is broken: most answers never look further.
    any_broken: AtomicBool,
}

#[derive(Default)]
struct Failures {
    errors: Vec<ServerError>,
    /// The paths of objects and lists with a null inside that may not be one.
    broken: HashSet<String>,
}

impl Request {
    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn break_at(&self, node: Option<&QueryPathNode<'_>>) {
        self.failures().broken.insert(path(node));
        self.any_broken.store(true, Ordering::Release);
    }

    fn is_broken(&self, node: Option<&QueryPathNode<'_>>) -> bool {
        self.any_broken.load(Ordering::Acquire) && self.failures().broken.contains(&path(node))
    }
}

/// The path of a node as a text; that of the whole answer is empty.
fn path(node: Option<&QueryPathNode<'_>>) -> String {
    node.map_or_else(String::new, ToString::to_string)
}

#[async_trait::async_trait]
impl Extension for Request {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        response.errors.append(&mut mem::take(&mut self.failures().errors));
        if self.is_broken(None) {
            response.data = Value::Null;
        }
        response
    }

    /// Called for every field and every item of a list, those inside before those around.
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (node, nullable) = (info.path_node, !info.return_type.ends_with('!'));
        let failed = match next.run(ctx, info).await {
            Ok(value) if !self.is_broken(Some(node)) => return Ok(value),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        self.failures().errors.extend(failed);
        if !nullable {
            self.break_at(node.parent);
        }
        Ok(Some(Value::Null))
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{EmptyMutation, EmptySubscription, Error, Object, Schema, SimpleObject, value};

    use super::*;

    struct Query;

    #[derive(SimpleObject)]
    struct Item {
        name: String,
        inner: Inner,
        maybe: Option<Inner>,
    }

    struct Inner(bool);

    #[Object]
    impl Inner {
        async fn must(&self) -> Result<i32, Error> {
            if self.0 { Ok(1) } else { Err(Error::new("must")) }
        }

        async fn may(&self) -> Result<Option<i32>, Error> {
            if self.0 { Ok(Some(1)) } else { Err(Error::new("may")) }
        }
    }

    fn items() -> Vec<Item> {
        let item = |well| Item { name: "n".into(), inner: Inner(well), maybe: Some(Inner(well)) };
        vec![item(true), item(false)]
    }

    #[Object]
    impl Query {
        async fn one(&self) -> i32 {
            1
        }

        async fn may(&self) -> Result<Option<i32>, Error> {
            Err(Error::new("may"))
        }

        async fn must(&self) -> Result<i32, Error> {
            Err(Error::new("must"))
        }

        async fn all(&self) -> Option<Vec<Item>> {
            Some(items())
        }

        async fn some(&self) -> Option<Vec<Option<Item>>> {
            Some(items().into_iter().map(Some).collect())
        }

        async fn always(&self) -> Vec<Item> {
            items()
        }
    }

    async fn answer(query: &str) -> (Value, usize) {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).extension(Nulls).finish();
        let response = schema.execute(query).await;
        assert!(response.errors.iter().all(|error| !error.path.is_empty()), "{:?}", response.errors);
        (response.data, response.errors.len())
    }

    #[tokio::test]
    async fn what_failed_is_null_where_it_may_be_and_else_what_it_belongs_to_is() {
        for (query, data, errors) in [
            ("{ one may }", value!({"one": 1, "may": null}), 1),
            ("{ may }", value!({"may": null}), 1),
            ("{ a: may b: may }", value!({"a": null, "b": null}), 2),
            ("{ one must }", Value::Null, 1),
            ("{ may must }", Value::Null, 2),
            ("{ all { inner { may } } }", value!({"all": [{"inner": {"may": 1}}, {"inner": {"may": null}}]}), 1),
            ("{ one all { inner { must } } }", value!({"one": 1, "all": null}), 1),
            ("{ all { maybe { must } } }", value!({"all": [{"maybe": {"must": 1}}, {"maybe": null}]}), 1),
            ("{ some { name inner { must } } }", value!({"some": [{"name": "n", "inner": {"must": 1}}, null]}), 1),
            ("{ one always { inner { must } } }", Value::Null, 1),
            (
                "{ one always { name maybe { must may } } }",
                value!({"one": 1, "always": [{"name": "n", "maybe": {"must": 1, "may": 1}}, {"name": "n", "maybe": null}]}),
                2,
            ),
            ("{ ...F } fragment F on Query { one x: must @include(if: true) }", Value::Null, 1),
        ] {
            assert_eq!(answer(query).await, (data, errors), "{query}");
        }
    }
}
