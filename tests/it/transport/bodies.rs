//! Heads and bodies: how large, how slow, of what.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt;
use zorgkaart::config::Config;

use super::{QUESTION, headers, post, refused, still_answers};
use crate::support::{
    databases::TestDatabase,
    raw::{Connection, head},
    service::Service,
};

const TEN_MEGABYTES: usize = 10 * 1024 * 1024;

#[tokio::test]
async fn a_body_of_10_mb_is_not_read() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    // Announced: refused before any of it is sent.
    let mut connection = Connection::open(&service.url).await;
    let started = Instant::now();
    connection.send(head(&[&format!("Content-Length: {TEN_MEGABYTES}")])).await;
    let reply = connection.reply().await.unwrap();
    assert_eq!((reply.status, reply.code(), reply.header("connection")), (413, json!("BAD_REQUEST"), Some("close")));
    assert!(started.elapsed() < Duration::from_secs(1));
    connection.closed().await;

    // In chunks that announce nothing: refused at the limit, while the rest is on its way.
    let mut connection = Connection::open(&service.url).await;
    connection.send(head(&["Transfer-Encoding: chunked"])).await;
    let Connection { writer, .. } = &mut connection;
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    for _ in 0..TEN_MEGABYTES / 0x1000 {
        // The service closes while this writes.
        if writer.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let reply = connection.reply().await.unwrap();
    assert_eq!((reply.status, reply.code(), reply.header("connection")), (413, json!("BAD_REQUEST"), Some("close")));
    still_answers(&service).await;

    // The limit itself is read, and one byte more is not.
    let exact = format!("{QUESTION}{}", " ".repeat(65_536 - QUESTION.len()));
    assert_eq!(post(&service, exact.clone()).await.data("/viewer/role"), "ANONYMOUS");
    refused(&post(&service, format!("{exact} ")).await, 413, "BAD_REQUEST", "one byte too many");
}

#[tokio::test]
async fn a_length_that_lies_or_is_none_is_refused() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for lines in [
        &["Content-Length: -1"][..],
        &["Content-Length: 99999999999999999999999999"],
        &["Content-Length: 10", "Content-Length: 20"],
        &["Content-Length: ten"],
        &["Transfer-Encoding: gzip"],
    ] {
        let mut connection = Connection::open(&service.url).await;
        connection.send(head(lines)).await;
        let reply = connection.reply().await.unwrap();
        assert_eq!(reply.status, 400, "{lines:?}");
        connection.closed().await;
    }
    // Whoever goes away in the middle harms nobody.
    let mut connection = Connection::open(&service.url).await;
    connection.send(head(&["Content-Length: 100"])).await;
    connection.send("{\"query\":").await;
    drop(connection);
    still_answers(&service).await;
}

#[tokio::test]
async fn a_body_that_drips_is_cut() {
    assert_eq!(Config::default().body.within, Duration::from_secs(15));
    let within = Duration::from_secs(1);
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.body.within = within).await;
    let mut dripping = Connection::open(&service.url).await;
    let mut waiting = Connection::open(&service.url).await;
    let started = Instant::now();
    dripping.send(head(&["Content-Length: 60000"])).await;
    waiting.send(head(&["Content-Length: 60000"])).await;
    let Connection { writer, .. } = &mut dripping;
    let mut drops = tokio::time::interval(Duration::from_millis(20));
    // Each drop is well within the time, all of them are not: the service closes.
    while writer.write_all(b" ").await.is_ok() && started.elapsed() < 10 * within {
        drops.tick().await;
    }
    assert!((within..5 * within).contains(&started.elapsed()), "{:?}", started.elapsed());
    for connection in [&mut dripping, &mut waiting] {
        let reply = connection.reply().await.unwrap();
        assert_eq!(
            (reply.status, reply.code(), reply.header("connection")),
            (408, json!("BAD_REQUEST"), Some("close"))
        );
        connection.closed().await;
    }
    still_answers(&service).await;
}

#[tokio::test]
async fn a_head_that_drips_a_silent_and_an_idle_connection_are_cut() {
    let within = Duration::from_secs(1);
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.body.within = within).await;
    let mut dripping = Connection::open(&service.url).await;
    let mut silent = Connection::open(&service.url).await;
    let mut idle = Connection::open(&service.url).await;
    let started = Instant::now();
    idle.send("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(idle.reply().await.unwrap().status, 200);
    dripping.send("POST /graphql HTTP/1.1\r\nX: ").await;
    let mut drops = tokio::time::interval(Duration::from_millis(20));
    while dripping.writer.write_all(b"x").await.is_ok() && started.elapsed() < 10 * within {
        drops.tick().await;
    }
    silent.closed().await;
    idle.closed().await;
    assert!((within..5 * within).contains(&started.elapsed()), "{:?}", started.elapsed());
    still_answers(&service).await;
}

#[tokio::test]
async fn only_plain_json_in_utf_8_is_read() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    for (content_type, body) in [
        ("text/plain", QUESTION),
        ("application/x-www-form-urlencoded", "query=%7Bviewer%7Brole%7D%7D"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}\r\n--x--",
        ),
        ("application/graphql", "{ viewer { role } }"),
        ("application/json; charset=utf-16", QUESTION),
        ("application/json-patch+json", QUESTION),
        ("", QUESTION),
    ] {
        let answer = service.post(headers(&[("content-type", content_type)]), body).await;
        refused(&answer, 415, "BAD_REQUEST", content_type);
    }
    refused(&service.post(headers(&[]), QUESTION).await, 415, "BAD_REQUEST", "no type");
    for encoding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
        let lines = [("content-type", "application/json"), ("content-encoding", encoding)];
        refused(&service.post(headers(&lines), QUESTION).await, 415, "BAD_REQUEST", encoding);
    }
    for content_type in ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=\"UTF-8\""] {
        let answer = service.post(headers(&[("content-type", content_type)]), QUESTION).await;
        assert_eq!(answer.data("/viewer/role"), "ANONYMOUS");
    }
}
