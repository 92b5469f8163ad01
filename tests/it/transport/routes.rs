//! The routes, and what every answer carries.

use std::time::Instant;

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};
use zorgkaart::{
    auth::Subject,
    store::{MOST_LAG, PoolState},
};

use super::{QUESTION, headers, still_answers};
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    raw::{Connection, head},
    service::Service,
};

#[tokio::test]
async fn a_question_is_posted() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let answer = service.get("/graphql?query=%7Bviewer%7Brole%7D%7D").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (405, json!("BAD_REQUEST")));
    assert_eq!(answer.headers["allow"], "POST");
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"] {
        let mut connection = Connection::open(&service.url).await;
        let head = head(&["Connection: close", "Content-Length: 0"]).replacen("POST", method, 1);
        connection.send(head).await;
        connection.closed().await;
        // HEAD has the length of a body that does not come.
        if method != "HEAD" {
            let reply = connection.reply().await.unwrap();
            assert_eq!((reply.status, reply.header("allow")), (405, Some("post")), "{method}");
        }
    }
    still_answers(&service).await;
}

on_both_databases! {
    async fn health_is_told(db: TestDatabase) {
        let service = Service::start(db).await;
        let live = service.get("/health/live").await;
        assert_eq!((live.status.as_u16(), live.json()), (200, json!({"status": "live"})));
        let ready = service.get("/health/ready").await;
        assert_eq!(ready.status, 200, "{}", ready.text);
        let body = ready.json();
        assert_eq!((&body["status"], &body["map"], &body["clock"]), (&json!("ready"), &json!("ok"), &json!("ok")));
        assert!(body["places"].as_u64() >= Some(500), "{body}");
        // Without its database the service lives, but is soon not ready; reads that need none go on.
        service.store.close().await.unwrap();
        let (closed, mut ready) = (Instant::now(), service.get("/health/ready").await);
        while ready.status == 200 {
            assert!(closed.elapsed() < 2 * MOST_LAG, "{}", ready.text);
            ready = service.get("/health/ready").await;
        }
        let body = ready.json();
        assert_eq!((ready.status.as_u16(), &body["status"], &body["map"]), (503, &json!("not ready"), &json!("failed")));
        assert!(body["lag_seconds"].as_f64() > Some(MOST_LAG.as_secs_f64()), "{body}");
        assert_eq!(service.get("/health/live").await.status, 200);
        let answer = service.ask(None, "{ placesNear(near: {postcode: \"3511\"}, first: 1) { edges { cursor } } }").await;
        assert_eq!(answer.data("/placesNear/edges").as_array().unwrap().len(), 1);
    }

    async fn a_service_whose_connections_are_all_in_use_stays_ready(db: TestDatabase) {
        let outside = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start_with(db, |config| {
            config.database_connections = 1;
            // Longer than anything here takes, so that nobody lets go in the meantime.
            (config.database.seconds, config.answer_seconds) = (600, 600);
        })
        .await;
        let held = outside.begin().await.unwrap();
        held.execute_unprepared("update audit_head set seq = seq").await.unwrap();
        let token = service.token(&Subject::Kenniscentrum);
        let waiting = service.ask(Some(&token), "{ contacts(first: 1) { edges { cursor } } }");
        let ready = async {
            while service.store.state().pool != (PoolState { open: 1, idle: 0, most: 1 }) {
                tokio::task::yield_now().await;
            }
            let ready = service.get("/health/ready").await;
            assert_eq!(service.store.state().pool.idle, 0);
            held.rollback().await.unwrap();
            ready
        };
        let (_, ready) = tokio::join!(waiting, ready);
        assert_eq!(ready.status, 200, "{}", ready.text);
    }
}

#[tokio::test]
async fn graphiql_is_at_the_root_and_nothing_is_elsewhere() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let page = service.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(page.text.to_lowercase().contains("graphiql") && page.text.contains("/graphql"), "{}", page.text);
    for path in
        ["/graphql/", "/admin", "/health", "/health/", "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.env", "//"]
    {
        let answer = service.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text.len() < 200, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_answer_carries_the_id_of_its_request() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for path in ["/", "/health/live", "/health/ready", "/graphql", "/nothing"] {
        let first = service.get(path).await.headers["x-request-id"].clone();
        let second = service.get(path).await.headers["x-request-id"].clone();
        assert_ne!(first, second, "{path}");
        assert!(first.to_str().unwrap().parse::<uuid::Uuid>().is_ok(), "{first:?}");
    }
    let lines = headers(&[("content-type", "application/json"), ("x-request-id", "of-the-client")]);
    assert_eq!(service.post(lines, QUESTION).await.headers["x-request-id"], "of-the-client");
}

#[tokio::test]
async fn a_head_that_is_no_http_or_too_large_is_refused() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let many: Vec<String> = (0..200).map(|n| format!("X-{n}: 1")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (bytes, statuses) in [
        ("\0\u{1}\u{2}\r\n\r\n".to_owned(), &[400][..]),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), &[400, 505]),
        (format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(100_000)), &[414, 431]),
        (head(&[&format!("X-Large: {}", "a".repeat(1024 * 1024))]), &[431]),
        (head(&many), &[431]),
    ] {
        let mut connection = Connection::open(&service.url).await;
        // The service may close before all is written.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut connection.writer, bytes.as_bytes()).await;
        if let Some(reply) = connection.reply().await {
            assert!(statuses.contains(&reply.status), "{bytes:.40}: {reply:?}");
            assert_eq!(reply.code(), Value::Null);
        }
        connection.closed().await;
    }
    still_answers(&service).await;
}
