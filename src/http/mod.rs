//! HTTP: the routes, and what stands before the questions.

mod access;
mod authentication;
mod fetch;
mod files;
pub mod graphql;
mod health;
mod load;
mod metrics;
pub mod refusal;
mod serve;
mod socket;

pub use fetch::HttpFetch;
pub use files::ImportLimits;
pub use load::LoadLimits;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_graphql::http::GraphiQLSource;
use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header::CACHE_CONTROL},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use crate::{
    auth::{Authority, Issuers},
    clock::{Clock, HighWater},
    graphql::{
        Schema, SigningIn,
        attempts::{Attempts, SignInLimits},
        error::{Code, OUR_MISTAKE},
        gate::Limits,
        prepare, schema, sdl, trusting_schema,
    },
    store::{Access, MOST_LAG, SharedStore, StoreState, View},
};
use files::Imports;
use graphql::{BodyLimits, Engine, MediaType, Outcome, Persisted};
use load::Load;
use metrics::Metrics;
use refusal::Refused;
pub use serve::{listen, serve};
pub use socket::SocketLimits;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// What may be asked, and how long it may take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The largest GraphQL document that is answered.
    pub limits: Limits,
    /// The largest body that is read, and how long it may take to come; its head as long again.
    pub body: BodyLimits,
    /// How large a file may be that is imported.
    pub imports: ImportLimits,
    /// What connections that stay may do.
    pub sockets: SocketLimits,
    /// How long an answer may take.
    pub deadline: Duration,
    /// How long an access token of a passport holder lives.
    pub access_token: Duration,
    /// How often somebody may try to sign in.
    pub sign_in: SignInLimits,
    /// How much is taken on.
    pub load: LoadLimits,
    /// Documents that may be asked by their hash.
    pub persisted: Arc<Persisted>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            body: BodyLimits::default(),
            imports: ImportLimits::default(),
            sockets: SocketLimits::default(),
            deadline: Duration::from_secs(10),
            access_token: Duration::from_mins(15),
            sign_in: SignInLimits::default(),
            load: LoadLimits::default(),
            persisted: Arc::default(),
        }
    }
}

/// What the routes share.
pub struct Service {
    engine: Engine<Schema>,
    store: SharedStore,
    authority: Arc<Authority>,
    signing_in: Arc<SigningIn>,
    issuers: Arc<Issuers>,
    clock: Clock,
    high_water: Option<HighWater>,
    imports: Imports,
    sockets: SocketLimits,
    /// Room for connections that stay.
    seats: Arc<Semaphore>,
    load: Load,
    metrics: Metrics,
    stopping: AtomicBool,
}

impl Service {
    /// Answers from `store` to holders of tokens of `authority`.
    pub fn new(
        store: SharedStore,
        authority: Arc<Authority>,
        clock: Clock,
        high_water: Option<HighWater>,
        settings: Settings,
    ) -> Self {
        let Settings { limits, body, imports, sockets, deadline, access_token, sign_in, load, persisted } = settings;
        let imports = Imports::new(imports, body.within);
        let signing_in =
            SigningIn { authority: Arc::clone(&authority), lifetime: access_token, attempts: Attempts::new(sign_in) };
        let engine =
            Engine::new((schema(), trusting_schema()), &sdl(), limits, body, deadline).with_persisted(persisted);
        let (metrics, stopping) = (Metrics::new(), AtomicBool::new(false));
        let signing_in = Arc::new(signing_in);
        let issuers = Arc::default();
        let seats = Arc::new(Semaphore::new(sockets.connections.min(Semaphore::MAX_PERMITS)));
        Self {
            engine,
            store,
            authority,
            signing_in,
            issuers,
            clock,
            high_water,
            imports,
            sockets,
            seats,
            load: Load::new(&load),
            metrics,
            stopping,
        }
    }

    /// Takes tokens of `issuers` too.
    #[must_use]
    pub fn with_issuers(mut self, issuers: Arc<Issuers>) -> Self {
        self.issuers = issuers;
        self
    }

    /// Says that the process is about to stop, so that it gets no new requests.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Room for connections.
    pub fn connections(&self) -> Arc<Semaphore> {
        self.load.seats()
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Whether this replica, in `state`, should get requests.
    fn is_fit(&self, state: &StoreState) -> bool {
        !self.is_stopping() && self.believes_clock() && state.lag <= MOST_LAG
    }

    /// Gives a question, of a document with this SHA-256, what its resolvers need.
    fn prepare(
        &self,
        request: async_graphql::Request,
        hash: &Arc<str>,
        view: View,
        access: Access,
    ) -> async_graphql::Request {
        let (store, signing_in) = (Arc::clone(&self.store), Arc::clone(&self.signing_in));
        let access = access.of_document(hash, request.operation_name.as_deref());
        prepare(request, view, store, access, self.engine.limits(), signing_in)
    }

    /// Counts what was answered and says so in the log; over a WebSocket there is no status.
    fn answered(&self, outcome: &Outcome, took: Duration, status: Option<StatusCode>) {
        self.metrics.answered(outcome, took);
        tracing::info!(
            operation = outcome.operation.as_str(),
            code = outcome.code_text(),
            status = status.map(|status| status.as_u16()),
            milliseconds = took.as_secs_f64() * 1e3,
            "answered"
        );
    }

    /// Whether the clock has not gone back.
    fn believes_clock(&self) -> bool {
        self.high_water.as_ref().is_none_or(|mark| mark.believes(self.clock.now()))
    }
}

/// The routes.
pub fn router(service: Arc<Service>) -> Router {
    let work = Router::new()
        .route("/graphql", any(answer))
        .route("/v1/imports/contacts", any(files::import))
        .route("/v1/exports/contacts", any(files::export))
        .route("/v1/exports/places", any(files::places))
        .route("/v1/exports/gap", any(files::gap))
        .layer(from_fn_with_state(Arc::clone(&service), admitted));
    Router::new()
        .merge(work)
        .route("/", get(graphiql))
        .route("/.well-known/jwks.json", get(public_keys))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .with_state(service)
        // Together, the outermost first: each call of `layer` boxes what every request passes through.
        .layer((
            SetRequestIdLayer::x_request_id(MakeRequestUuid),
            // The path and the status, never the query string or a header. Handlers log what they answer, and who is one too
            // many is counted: a line for each would be work when there is too much of it.
            TraceLayer::new_for_http().make_span_with(access::span).on_failure(()),
            PropagateRequestIdLayer::x_request_id(),
            CatchPanicLayer::custom(panicked),
        ))
}

/// The routes of those who watch; they are for the operator's network alone.
pub fn metrics_router(service: Arc<Service>) -> Router {
    Router::new().route("/metrics", get(measure)).with_state(service)
}

async fn measure(State(service): State<Arc<Service>>) -> Response {
    let state = service.store.state();
    service.metrics.text(&state, service.is_fit(&state))
}

/// Lets in what can be done. A WebSocket is let in as a request; it has seats of its own.
async fn admitted(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let counted = peer.map_or(Ok(()), |address| service.load.rates().from(address));
    let turn = match counted {
        Ok(()) => service.load.turn().await,
        Err(refused) => Err(refused),
    };
    match turn {
        Ok(_turn) => next.run(request).await,
        Err(refused) => {
            let media = MediaType::accepted(request.headers()).unwrap_or(MediaType::Json);
            let response = refused.respond(media);
            service.metrics.answered(&Outcome::of(&response), Duration::ZERO);
            response
        }
    }
}

/// Answers, counts and says so in the log.
async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let began = Instant::now();
    let response = answer_uncounted(&service, request).await;
    service.answered(&Outcome::of(&response), began.elapsed(), Some(response.status()));
    response
}

async fn answer_uncounted(service: &Arc<Service>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if socket::is_upgrade(&parts) {
        return Box::pin(socket::upgrade(Arc::clone(service), parts)).await;
    }
    let media = match graphql::preflight(&service.engine, &parts) {
        Ok(media) => media,
        Err(response) => return response,
    };
    let scope = match authentication::scope(service, &parts.headers).await {
        Ok(scope) => scope,
        Err(refused) => return refused.respond(media),
    };
    let view = service.store.view(scope, service.clock.now());
    let access = access::access(&parts);
    graphql::serve(&service.engine, media, body, move |request, hash| service.prepare(request, hash, view, access))
        .await
}

/// The public keys of the embedded issuer (RFC 7517).
async fn public_keys(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let caching = [(CACHE_CONTROL, "public, max-age=60")];
    (caching, axum::Json(service.authority.public_keys()))
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
