//! What `benches/instructions.py` counts of whole requests: from the router on, one after the other, of the same places in
//! every run.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot set up should stop")]

use std::{future::pending, sync::mpsc::channel, thread};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use zorgkaart::{app, http};

#[path = "places_near/data.rs"]
mod data;
#[path = "places_near/question.rs"]
mod question;
#[path = "places_near/service.rs"]
mod service;

use service::Answering;

const PLACES: u64 = 4_000;
/// How many requests are counted of a kind.
const REQUESTS: usize = 32;

fn main() {
    let records = data::records(PLACES);
    let origins = data::origins(&records.reference);
    // What the service does by itself is done on a thread of its own, and not counted.
    let (tell, told) = channel();
    thread::spawn(move || {
        runtime().block_on(async {
            tell.send(Answering::of(records).await).unwrap();
            pending::<()>().await;
        });
    });
    let Answering { service, token, directory } = told.recv().unwrap();
    let (router, runtime) = (http::router(service), runtime());
    for (document, kind) in [(question::QUESTION, 0), (question::QUESTION, 3), (question::LIST, 3)] {
        let mut requests = origins.iter().cycle().map(|home| {
            Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .body(Body::from(question::body(document, kind, home)))
                .unwrap()
        });
        // What is known after the first time is not counted.
        runtime.block_on(ask(&router, requests.by_ref().take(REQUESTS).collect()));
        let mut requests: Vec<_> = requests.take(REQUESTS).collect();
        counted(&mut || runtime.block_on(ask(&router, std::mem::take(&mut requests))));
    }
    drop(directory);
}

fn runtime() -> Runtime {
    app::runtime(&mut Builder::new_current_thread()).unwrap()
}

/// Only what happens in here is counted: `benches/instructions.py` names this function.
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
}

async fn ask(router: &Router, requests: Vec<Request<Body>>) {
    for request in requests {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(body.starts_with(b"{\"data\""), "{}", String::from_utf8_lossy(&body));
    }
}
