//! Things that come late or not at all, and ways to ask for them.

use async_graphql::parser::parse_query;
use async_graphql::{EmptyMutation, EmptySubscription, Interface, Object, Request, Response, Schema, Variables};
use serde_json::json;

use super::super::Types;

type Failing<T> = async_graphql::Result<T>;

pub(super) struct Query;
pub(super) struct Thing(i32);
pub(super) struct Other(i32);

#[derive(Interface)]
#[graphql(field(name = "id", ty = "i32"))]
pub(super) enum Any {
    Thing(Thing),
    Other(Other),
}

/// Lets whatever else is asked end before.
async fn wait(rounds: i32) {
    for _ in 0..rounds {
        tokio::task::yield_now().await;
    }
}

fn items(n: i32) -> std::ops::Range<i32> {
    3 * n..3 * n + 3
}

fn any(n: i32) -> Any {
    if n % 2 == 0 { Any::Thing(Thing(n)) } else { Any::Other(Other(n)) }
}

#[Object]
impl Query {
    async fn hard(&self) -> Thing {
        wait(3).await;
        Thing(0)
    }

    async fn soft(&self) -> Option<Thing> {
        Some(Thing(1))
    }

    async fn list(&self) -> Vec<Thing> {
        items(0).map(Thing).collect()
    }

    async fn any(&self) -> Option<Any> {
        Some(any(1))
    }
}

#[Object]
impl Thing {
    async fn id(&self) -> i32 {
        self.0
    }

    async fn late(&self) -> String {
        wait(3 - self.0 % 3).await;
        format!("late {}", self.0)
    }

    async fn odd_fails(&self) -> Failing<i32> {
        wait(self.0 % 3).await;
        if self.0 % 2 == 0 { Ok(self.0) } else { Err("odd".into()) }
    }

    async fn hard_fails(&self) -> Failing<i32> {
        Err("hard".into())
    }

    async fn soft_fails(&self) -> Failing<Option<i32>> {
        wait(1).await;
        Err("soft".into())
    }

    async fn none(&self) -> Option<Thing> {
        None
    }

    async fn hard(&self) -> Thing {
        wait(2).await;
        Thing(self.0 + 2)
    }

    async fn soft(&self) -> Option<Thing> {
        wait(1).await;
        Some(Thing(self.0 + 1))
    }

    async fn list(&self) -> Vec<Thing> {
        items(self.0).map(Thing).collect()
    }

    async fn soft_list(&self) -> Option<Vec<Thing>> {
        wait(1).await;
        Some(items(self.0).map(Thing).collect())
    }

    async fn holes(&self) -> Vec<Option<Thing>> {
        items(self.0).map(|n| (n % 3 != 1).then_some(Thing(n))).collect()
    }

    async fn numbers(&self) -> Option<Vec<Failing<i32>>> {
        Some(items(self.0).map(|n| if n % 5 == 0 { Err("five".into()) } else { Ok(n) }).collect())
    }

    async fn any(&self) -> Any {
        any(self.0 + 1)
    }

    async fn anys(&self) -> Option<Vec<Any>> {
        Some(items(self.0).map(any).collect())
    }
}

#[Object]
impl Other {
    async fn id(&self) -> i32 {
        wait(1).await;
        self.0
    }

    async fn tag(&self) -> String {
        format!("tag {}", self.0)
    }

    async fn hard_fails(&self) -> Failing<i32> {
        Err("hard".into())
    }

    async fn soft(&self) -> Option<Thing> {
        Some(Thing(self.0 + 1))
    }
}

/// The answer to `query`, with `$yes` true, in its form or as the engine gave it.
pub(super) async fn answer(query: &str, in_form: bool) -> Response {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let types = Types::of(&schema.sdl());
    let variables = Variables::from_json(json!({ "yes": true }));
    let mut document = parse_query(query).unwrap();
    let plan = types.plan(&mut document, None, &variables);
    let mut request = Request::new(query).variables(variables);
    if in_form {
        request.set_parsed_query(document);
    }
    let mut response = schema.execute(request).await;
    if in_form {
        plan.shape(&mut response);
    }
    response
}

/// The data of the answer, as it is written.
pub(super) async fn data(query: &str) -> String {
    serde_json::to_string(&answer(query, true).await.data).unwrap()
}
