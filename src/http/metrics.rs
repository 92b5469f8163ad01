//! Metrics, in the `OpenMetrics` text format, on a listener of their own. Labels come from closed lists: nothing that a
//! client chooses is one.

use std::{fmt, sync::atomic::AtomicU64, time::Duration};

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::graphql::Outcome;
use crate::store::StoreState;

/// The upper bounds of the latency histogram, in seconds: from an answer out of memory to one that waited for everything.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    /// The root field that was asked; `several`; `none` where nothing was asked that there is.
    operation: String,
    /// The code of the first error, or `OK`.
    code: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Operation {
    operation: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Limit {
    limit: String,
}

type Decimal = Gauge<f64, AtomicU64>;

/// What is counted and measured.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Operation, Histogram, fn() -> Histogram>,
    limits: Family<Limit, Counter>,
    places: Gauge,
    overlay: Gauge,
    index: Gauge,
    lag: Decimal,
    age: Decimal,
    loads: Gauge,
    open: Gauge,
    idle: Gauge,
    most: Gauge,
    ready: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

fn latency() -> Histogram {
    Histogram::new(BUCKETS)
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("zorgkaart");
        let requests = Family::default();
        registry.register(
            "requests",
            "Questions and changes answered, by root field and code of the first error",
            requests.clone(),
        );
        let seconds = Family::new_with_constructor(latency as fn() -> Histogram);
        registry.register_with_unit("request_duration", "How long answers took", Unit::Seconds, seconds.clone());
        let limits = Family::default();
        registry.register("limits_hit", "Requests refused because they were larger than a limit", limits.clone());
        let mut gauge = |name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let places = gauge("map_places", "Places on the map");
        let overlay = gauge("map_overlay_places", "Places that lie over the large snapshot");
        let index = gauge("index_bytes", "Memory of the index");
        let loads = gauge("map_loads", "How often the whole map was read from the database");
        let open = gauge("database_connections_open", "Open database connections");
        let idle = gauge("database_connections_idle", "Database connections that wait for work");
        let most = gauge("database_connections_most", "How many database connections there may be");
        let ready = gauge("ready", "1 where this replica should get requests, else 0");
        let lag = Decimal::default();
        let help = "How long ago the map was known to be what the database says";
        registry.register_with_unit("feed_lag", help, Unit::Seconds, lag.clone());
        let age = Decimal::default();
        registry.register_with_unit("index_age", "How long ago the large index was made", Unit::Seconds, age.clone());
        Self { registry, requests, seconds, limits, places, overlay, index, lag, age, loads, open, idle, most, ready }
    }

    /// Counts an answer.
    pub(super) fn answered(&self, outcome: &Outcome, took: Duration) {
        let operation = outcome.operation.as_str().to_owned();
        self.seconds.get_or_create(&Operation { operation: operation.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { operation, code: outcome.code_text() }).inc();
        if let Some(limit) = &outcome.limit {
            self.limits.get_or_create(&Limit { limit: limit.clone() }).inc();
        }
    }

    /// The text of all metrics at this moment.
    pub(super) fn text(&self, state: &StoreState, ready: bool) -> Response {
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.places.set(number(state.places));
        self.overlay.set(number(state.overlay_places));
        self.index.set(number(state.index_bytes));
        self.lag.set(state.lag.as_secs_f64());
        self.age.set(state.index_age.as_secs_f64());
        self.loads.set(i64::try_from(state.loads).unwrap_or(i64::MAX));
        self.open.set(state.pool.open.into());
        self.idle.set(state.pool.idle.into());
        self.most.set(state.pool.most.into());
        self.ready.set(ready.into());
        let mut text = String::new();
        match encode(&mut text, &self.registry) {
            Ok(()) => ([(CONTENT_TYPE, OPENMETRICS)], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}
