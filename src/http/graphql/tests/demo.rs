//! A schema that fails in every way, behind the endpoint, and ways to ask it.
#![allow(clippy::unused_async, reason = "resolvers are asynchronous by contract")]

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{
    Enum, Error, ErrorExtensions as _, InputObject, InputValueError, InputValueResult, Object, OneofObject, Scalar,
    ScalarType, Schema, SimpleObject, Subscription, Value,
};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request as HttpRequest, header};
use axum::response::Response;
use axum::routing::any;
use futures::stream;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use super::super::{BodyLimits, Engine, preflight, serve};
use crate::graphql::{gate::Limits, trusting::Trusting};

pub(super) struct Query;
pub(super) struct Change;
pub(super) struct Ticks;

/// A scalar that explains what it wants.
struct Cell(String);

#[Scalar(name = "H3Cell")]
impl ScalarType for Cell {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if text.len() == 15 => Ok(Self(text)),
            Value::String(_) => Err(InputValueError::custom("a cell has 15 hexadecimal digits")),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[derive(Enum, Clone, Copy, PartialEq, Eq)]
enum CareForm {
    Logeren,
    Wonen,
}

#[derive(InputObject)]
struct PointInput {
    lat: f64,
    lng: f64,
}

#[derive(OneofObject)]
enum NearInput {
    Postcode(String),
    Point(PointInput),
    Cell(Cell),
}

#[derive(SimpleObject)]
struct Place {
    name: String,
    phone: Option<String>,
}

fn coded(code: &str) -> Error {
    Error::new("as said").extend_with(|_, extensions| extensions.set("code", code))
}

#[Object]
impl Query {
    async fn places_near(
        &self,
        near: NearInput,
        #[graphql(default = 20)] first: i32,
        care_form: Option<CareForm>,
    ) -> Option<Vec<Place>> {
        let name = match near {
            NearInput::Postcode(postcode) => postcode,
            NearInput::Point(point) => format!("{} {}", point.lat, point.lng),
            NearInput::Cell(cell) => cell.0,
        };
        let phone = care_form.map(|_| "030".to_owned());
        let many = usize::try_from(first).unwrap_or(0);
        Some((0..many).map(|_| Place { name: name.clone(), phone: phone.clone() }).collect())
    }

    async fn place(&self, id: async_graphql::ID) -> Option<Place> {
        Some(Place { name: id.to_string(), phone: None })
    }

    async fn fail(&self, code: String) -> async_graphql::Result<Option<i32>> {
        Err(coded(&code))
    }

    async fn must(&self) -> async_graphql::Result<i32> {
        Err(coded("CONFLICT"))
    }

    async fn leak(&self) -> async_graphql::Result<Option<i32>> {
        Err(Error::new("SELECT * FROM passport at src/store/passport.rs"))
    }

    async fn ten(&self, #[graphql(validator(maximum = 10))] at_most: i32) -> Option<i32> {
        Some(at_most)
    }

    async fn who(&self, context: &async_graphql::Context<'_>) -> String {
        context.data_opt::<&'static str>().copied().unwrap_or("nobody").to_owned()
    }
}

#[Object]
impl Change {
    async fn set(&self, to: i32) -> i32 {
        to
    }
}

#[Subscription]
impl Ticks {
    async fn tick(&self) -> impl futures::Stream<Item = i32> {
        stream::iter([1])
    }
}

pub(super) type Demo = Engine<Schema<Query, Change, Ticks>>;

async fn endpoint(State(engine): State<Arc<Demo>>, request: HttpRequest<Body>) -> Response {
    let (parts, body) = request.into_parts();
    match preflight(&engine, &parts) {
        Ok(media) => serve(&engine, media, body, |request, _| request.data("somebody")).await,
        Err(refused) => refused,
    }
}

pub(super) fn engine() -> Demo {
    let schema = Schema::new(Query, Change, Ticks);
    let trusting = Schema::build(Query, Change, Ticks).extension(Trusting).finish();
    let body = BodyLimits { within: Duration::from_millis(50), ..BodyLimits::default() };
    Engine::new((schema.clone(), trusting), &schema.sdl(), Limits::default(), body, Duration::from_mins(1))
}

pub(super) fn router() -> Router {
    Router::new().route("/graphql", any(endpoint)).with_state(Arc::new(engine()))
}

pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) text: String,
    pub(super) json: Json,
}

impl Answered {
    pub(super) fn code(&self) -> &str {
        self.json["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    pub(super) fn extension(&self, name: &str) -> &Json {
        &self.json["errors"][0]["extensions"][name]
    }

    pub(super) fn message(&self) -> &str {
        self.json["errors"][0]["message"].as_str().unwrap_or_default()
    }

    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(super) async fn call(request: HttpRequest<Body>) -> Answered {
    call_at(router(), request).await
}

pub(super) async fn call_at(router: Router, request: HttpRequest<Body>) -> Answered {
    let response = router.oneshot(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let json = serde_json::from_str(&text).unwrap();
    Answered { status, headers, text, json }
}

pub(super) fn post(accept: &str) -> axum::http::request::Builder {
    HttpRequest::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, accept)
}

pub(super) const MODERN: &str = "application/graphql-response+json";
pub(super) const LEGACY: &str = "application/json";

pub(super) async fn send(body: impl Into<Body>) -> Answered {
    call(post(MODERN).body(body.into()).unwrap()).await
}

pub(super) async fn ask_as(accept: &str, query: &str, variables: Json) -> Answered {
    call(post(accept).body(json!({ "query": query, "variables": variables }).to_string().into()).unwrap()).await
}

pub(super) async fn ask(query: &str, variables: Json) -> Answered {
    ask_as(MODERN, query, variables).await
}
