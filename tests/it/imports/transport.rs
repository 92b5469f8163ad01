//! Who may send and fetch files, of what type, how large and how slowly.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use zorgkaart::{auth::Subject, config::Config, http::ImportLimits};

use super::{Bulk, EXPORT, IMPORT, headers};
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    raw::Connection,
    service::Service,
};

const FILE: &str = "external_id,name,organisation,organisation_kind\nN-1,Demo Een,Demo Huis,OVERIG\n";

on_both_databases! {
    async fn files_are_for_the_kenniscentrum(db: TestDatabase) {
        let bulk = Bulk::of(db).await;
        let before = bulk.state().await;
        let service = &bulk.service;
        let staff = service.token(&Subject::Provider(service.first_provider().await));
        let others = [
            (None, 401, "UNAUTHENTICATED"),
            (Some("nonsense".to_owned()), 401, "UNAUTHENTICATED"),
            (Some(service.holder("DEMO-0001").await), 403, "FORBIDDEN"),
            (Some(service.holder("DEMO-0002").await), 403, "FORBIDDEN"),
            (Some(staff), 403, "FORBIDDEN"),
            (Some(service.token(&Subject::Zorgkantoor(vec!["ZK23".into()]))), 403, "FORBIDDEN"),
        ];
        for (token, status, code) in &others {
            let csv = headers(&[("content-type", "text/csv")], token.as_deref());
            let import = service.send(Method::POST, IMPORT, csv, FILE).await;
            let export = service.send(Method::GET, EXPORT, headers(&[], token.as_deref()), "").await;
            for answer in [import, export] {
                assert_eq!((answer.status.as_u16(), answer.code()), (*status, json!(code)), "{}", answer.text);
                assert_eq!(answer.headers.contains_key("www-authenticate"), *status == 401);
                assert!(!answer.text.contains("contact_"));
            }
        }
        assert_eq!(bulk.state().await, before);
        let denied = "select count(*) from audit_event where event_type = 'denied' and purpose =";
        for purpose in ["importContacts", "exportContacts"] {
            assert_eq!(bulk.count(&format!("{denied} '{purpose}'")).await, 4, "{purpose}");
        }
        assert_eq!(bulk.count("select count(*) from audit_event where event_type <> 'denied'").await, 0);
    }
}

#[tokio::test]
async fn only_plain_csv_in_utf_8_is_taken_and_only_by_its_method() {
    let bulk = Bulk::of(TestDatabase::sqlite().await).await;
    let ask = async |method, path: &str, own: &[(&'static str, &str)]| {
        bulk.service.send(method, path, headers(own, Some(&bulk.token)), FILE).await
    };
    for own in [
        &[][..],
        &[("content-type", "application/json")],
        &[("content-type", "text/plain")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "text/csv; charset=iso-8859-1")],
        &[("content-type", "text/csv"), ("content-encoding", "gzip")],
    ] {
        let answer = ask(Method::POST, IMPORT, own).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (415, json!("BAD_REQUEST")), "{own:?}");
    }
    let csv = [("content-type", "text/csv; charset=\"UTF-8\"; header=present")];
    for (method, path, allowed) in [
        (Method::GET, IMPORT, "POST"),
        (Method::PUT, IMPORT, "POST"),
        (Method::DELETE, IMPORT, "POST"),
        (Method::POST, EXPORT, "GET"),
        (Method::DELETE, EXPORT, "GET"),
    ] {
        let answer = ask(method.clone(), path, &csv).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (405, json!("BAD_REQUEST")), "{method} {path}");
        assert_eq!(answer.headers["allow"], allowed);
    }
    for query in ["dryrun=true", "dryRun", "dryRun=1", "partial=True", "dryRun=true&dryRun=true", "file=x", "%ff=%00"] {
        let answer = ask(Method::POST, &format!("{IMPORT}?{query}"), &csv).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, json!("BAD_REQUEST")), "{query}");
    }
    let answer = bulk.service.send(Method::GET, &format!("{EXPORT}?all=1"), headers(&[], Some(&bulk.token)), "").await;
    assert_eq!(answer.status, 400);
    let answer = ask(Method::POST, &format!("{IMPORT}?dryRun=false&partial=false"), &csv).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["created"]), (200, &json!(1)), "{}", answer.text);
}

/// A service that takes small files, and waits for a second.
async fn small() -> (Service, String) {
    assert_eq!(Config::default().imports.bytes, 256 * 1024 * 1024);
    let service = Service::start_with(TestDatabase::sqlite().await, |config| {
        config.imports = ImportLimits { bytes: 1_000 };
        config.body.within = Duration::from_secs(1);
    })
    .await;
    let token = service.token(&Subject::Kenniscentrum);
    let head =
        format!("POST {IMPORT} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nAuthorization: Bearer {token}\r\n");
    (service, head)
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_kept() {
    let (service, head) = small().await;
    let mut announced = Connection::open(&service.url).await;
    announced.send(format!("{head}Content-Length: 1001\r\n\r\n")).await;
    let mut unannounced = Connection::open(&service.url).await;
    unannounced.send(format!("{head}Transfer-Encoding: chunked\r\n\r\n")).await;
    for _ in 0..11 {
        // The service may have closed already.
        let _ = unannounced.writer.write_all(format!("64\r\n{}\r\n", "x".repeat(100)).as_bytes()).await;
    }
    for mut connection in [announced, unannounced] {
        let reply = connection.reply().await.unwrap();
        assert_eq!(
            (reply.status, reply.code(), reply.header("connection")),
            (413, json!("BAD_REQUEST"), Some("close"))
        );
        connection.closed().await;
    }
    let exact = format!("{FILE}{}", "\n".repeat(1_000 - FILE.len()));
    let token = service.token(&Subject::Kenniscentrum);
    let csv = headers(&[("content-type", "text/csv")], Some(&token));
    assert_eq!(service.send(Method::POST, IMPORT, csv, exact).await.status, 200);
}

#[tokio::test]
async fn a_file_that_makes_no_progress_is_cut_and_one_that_does_is_not() {
    let (service, head) = small().await;
    let started = Instant::now();
    let mut silent = Connection::open(&service.url).await;
    silent.send(format!("{head}Content-Length: 1000\r\n\r\n{FILE}")).await;
    let mut slow = Connection::open(&service.url).await;
    slow.send(format!("{head}Content-Length: {}\r\n\r\n", FILE.len())).await;
    // Longer than the second in all, and never silent for so long.
    let mut drops = tokio::time::interval(Duration::from_millis(1_500) / u32::try_from(FILE.len()).unwrap());
    for byte in FILE.bytes() {
        drops.tick().await;
        slow.send([byte]).await;
    }
    let reply = silent.reply().await.unwrap();
    assert_eq!((reply.status, reply.code(), reply.header("connection")), (408, json!("BAD_REQUEST"), Some("close")));
    silent.closed().await;
    assert!(started.elapsed() >= Duration::from_secs(1));
    // The report comes in chunks; its status says enough.
    slow.send("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert_eq!(slow.reply().await.unwrap().status, 200);
    // Who goes away in the middle harms nobody, and leaves nothing.
    let mut gone = Connection::open(&service.url).await;
    gone.send(format!("{head}Content-Length: 1000\r\n\r\n{FILE}")).await;
    drop(gone);
    assert_eq!(service.get("/health/live").await.status, 200);
}
