//! Health: whether the process lives, and whether it should get requests.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use super::Service;

/// The process answers.
pub(super) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// The map is built, the database answers and the clock can be believed; else 503, saying which is not so.
pub(super) async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, Json<Value>) {
    let database = service.store.ping().await.is_ok();
    let clock = service.believes_clock();
    let ready = database && clock;
    let word = |holds: bool| if holds { "ok" } else { "failed" };
    let body = json!({
        "status": if ready { "ready" } else { "not ready" },
        "places": service.store.place_count(),
        "database": word(database),
        "clock": word(clock),
    });
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body))
}
