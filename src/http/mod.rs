//! HTTP: the routes, and what stands before the questions.

mod access;
mod authentication;
pub mod graphql;
mod health;
pub mod refusal;

use std::sync::Arc;

use async_graphql::http::GraphiQLSource;
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::{Html, Response},
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use crate::{
    auth::Authority,
    clock::{Clock, HighWater},
    graphql::{
        Schema,
        error::{Code, OUR_MISTAKE},
        gate::Limits,
        prepare, schema, sdl,
    },
    store::SharedStore,
};
use graphql::{BodyLimits, Engine, MediaType};
use refusal::Refused;
use uuid::Uuid;

/// What the routes share.
pub struct Service {
    engine: Engine<Schema>,
    store: SharedStore,
    authority: Arc<Authority>,
    clock: Clock,
    high_water: Option<HighWater>,
}

impl Service {
    /// Answers from `store` to holders of tokens of `authority`.
    pub fn new(
        store: SharedStore,
        authority: Arc<Authority>,
        clock: Clock,
        high_water: Option<HighWater>,
        limits: Limits,
    ) -> Self {
        let engine = Engine::new(schema(), &sdl(), limits, BodyLimits::default());
        Self { engine, store, authority, clock, high_water }
    }

    /// The same, reading bodies within other limits than the default ones.
    #[must_use]
    pub fn with_body_limits(self, body: BodyLimits) -> Self {
        Self { engine: self.engine.with_body_limits(body), ..self }
    }

    /// Whether the clock has not gone back.
    fn believes_clock(&self) -> bool {
        self.high_water.as_ref().is_none_or(|mark| mark.believes(self.clock.now()))
    }
}

/// The routes.
pub fn router(service: Service) -> Router {
    Router::new()
        .route("/graphql", any(answer))
        .route("/", get(graphiql))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .with_state(Arc::new(service))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(PropagateRequestIdLayer::x_request_id())
        // The path and the status, never the query string or a header.
        .layer(TraceLayer::new_for_http().make_span_with(access::span))
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let media = match graphql::preflight(&service.engine, &parts) {
        Ok(media) => media,
        Err(response) => return response,
    };
    let scope = match authentication::scope(&service, &parts.headers).await {
        Ok(scope) => scope,
        Err(refused) => return refused.respond(media),
    };
    let view = service.store.view(scope, service.clock.now());
    let access = access::access(&parts);
    let store = Arc::clone(&service.store);
    let engine = &service.engine;
    graphql::serve(engine, media, body, move |request| {
        let access = access.of_document(&request.query, request.operation_name.as_deref());
        prepare(request, view, store, access, engine.limits())
    })
    .await
}

async fn graphiql() -> Html<String> {
    Html(GraphiQLSource::build().endpoint("/graphql").title("zorgkaart").finish())
}

fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let incident = Uuid::now_v7().to_string();
    tracing::error!(%incident, "a request ended in a panic");
    Refused::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, OUR_MISTAKE)
        .with_extension("incident", incident)
        .respond(MediaType::Json)
}
