//! Health: whether the process lives, and whether it should get requests.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::Service;
use crate::store::MOST_LAG;

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// The map is built and not behind, the clock can be believed, and the process is not about to stop; else 503, saying
/// which is not so. The database is not asked: whoever follows it does so all the time on a connection of its own, and this
/// must not wait behind the requests, or a replica with much to do would get none.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, Json<Value>) {
    let clock = service.believes_clock();
    let state = service.store.state();
    let ready = service.is_fit(&state);
    let word = |holds: bool| if holds { "ok" } else { "failed" };
    let body = json!({
        "status": if service.is_stopping() { "stopping" } else if ready { "ready" } else { "not ready" },
        "places": state.places,
        "lag_seconds": state.lag.as_secs_f64(),
        "map": word(state.lag <= MOST_LAG),
        "clock": word(clock),
    });
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body))
}
