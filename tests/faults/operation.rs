//! What an operator sees and does: metrics, logs, traces, deadlines, stopping.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::channel,
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use serde_json::{Value, json};
use zorgkaart::graphql::id::GlobalId;

use crate::{
    alone,
    replica::{Realm, Replica, logeerplekken, night, serve},
    support::{
        databases::{TestDatabase, fill},
        program::{Server, program},
    },
};

/// A data directory with the demo.
async fn demo(realm: &Realm) -> tempfile::TempDir {
    let data_dir = realm.data_dir();
    fill(format!("sqlite:{}?mode=rwc", data_dir.path().join("zorgkaart.db").display())).await;
    data_dir
}

/// The value of a metric; none: there is no such line.
fn metric(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_count_by_closed_lists_on_a_listener_of_their_own() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let mut command = serve(data_dir.path(), None);
    command.args(["--metrics-listen", "127.0.0.1:0"]);
    let mut server = Server::start(&mut command);
    let url = server.line("Metrics: ").split("Metrics: ").nth(1).unwrap().to_owned();
    let (replica, token) = (Replica::of(server, data_dir), realm.kenniscentrum());
    let server = &replica.server;

    let near = "query Geheim { placesNear(near: { postcode: \"3511\" }) { edges { node { name } } } }";
    server.ask(None, near).await;
    server.ask(None, near).await;
    server.ask(None, "{ placesNear(near: { postcode: \"0000\" }) { edges { node { name } } } }").await;
    server.ask(None, "{ contacts { edges { node { name } } } }").await;
    server.ask(None, "{ viewer { role } regions { code } }").await;
    server.ask(None, "{ geheim }").await;
    server.ask(None, "{ __geheim }").await;
    server.ask(None, "{ viewer {").await;
    server.ask(Some("geheim"), "{ viewer { role } }").await;
    let many: Vec<String> = (0..40).map(|n| format!("geheim{n}: regions {{ code }}")).collect();
    server.ask(None, &format!("{{ {} }}", many.join(" "))).await;
    assert!(replica.set(&token, &logeerplekken()[0], &night(3), 1).await.version.is_some());

    let (status, text) = server.get(&url).await;
    assert_eq!(status, 200);
    let requests = |operation: &str, code: &str| {
        metric(&text, &format!("zorgkaart_requests_total{{operation=\"{operation}\",code=\"{code}\"}}"))
    };
    assert_eq!(requests("placesNear", "OK"), Some(2.0), "{text}");
    assert_eq!(requests("placesNear", "BAD_USER_INPUT"), Some(1.0));
    assert_eq!(requests("contacts", "UNAUTHENTICATED"), Some(1.0));
    assert_eq!(requests("several", "OK"), Some(1.0));
    assert_eq!(requests("none", "GRAPHQL_VALIDATION_FAILED"), Some(2.0), "what has no such name, however it begins");
    assert_eq!(requests("none", "GRAPHQL_PARSE_FAILED"), Some(1.0));
    assert_eq!(requests("none", "UNAUTHENTICATED"), Some(1.0));
    assert_eq!(requests("none", "QUERY_TOO_COMPLEX"), Some(1.0));
    assert_eq!(requests("setAvailability", "OK"), Some(1.0));
    assert_eq!(metric(&text, "zorgkaart_limits_hit_total{limit=\"aliases\"}"), Some(1.0));
    let seconds = "zorgkaart_request_duration_seconds";
    assert_eq!(metric(&text, &format!("{seconds}_count{{operation=\"placesNear\"}}")), Some(3.0));
    assert_eq!(
        metric(&text, &format!("{seconds}_bucket{{le=\"+Inf\",operation=\"placesNear\"}}")),
        Some(3.0),
        "{text}"
    );
    assert_eq!(metric(&text, "zorgkaart_map_places"), Some(500.0));
    assert_eq!(metric(&text, "zorgkaart_map_overlay_places"), Some(0.0), "nights are set where the place lies");
    assert!(metric(&text, "zorgkaart_index_bytes") > Some(10_000.0));
    assert!(metric(&text, "zorgkaart_feed_lag_seconds") < Some(5.0));
    assert!(metric(&text, "zorgkaart_index_age_seconds") > Some(0.0));
    assert_eq!(metric(&text, "zorgkaart_map_loads"), Some(1.0));
    assert_eq!(metric(&text, "zorgkaart_database_connections_most"), Some(8.0));
    assert!(metric(&text, "zorgkaart_database_connections_open") >= Some(1.0));
    assert_eq!(metric(&text, "zorgkaart_ready"), Some(1.0));
    assert!(text.ends_with("# EOF\n"));
    // Nothing that a client chose, and nothing about anybody.
    assert!(!text.to_lowercase().contains("geheim") && !text.contains("3511"), "{text}");
    assert_eq!(server.get(&format!("{}/metrics", server.url)).await.0, 404, "not where everybody asks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_per_answer_with_the_id_of_the_request_and_nothing_about_anybody() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let mut command = serve(data_dir.path(), None);
    command.env("RUST_LOG", "info");
    let mut server = Server::start(&mut command);
    let token = realm.kenniscentrum();
    let question = "query Geheim { placesNear(near: { postcode: \"3512\" }) { edges { node { name } } } }";
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .bearer_auth(&token)
        .header("x-request-id", "request-4711")
        .json(&json!({ "query": question }));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "request-4711");
    let line = server.line("\"answered\"");
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["operation"], "placesNear", "{line}");
    assert_eq!((&line["code"], &line["status"]), (&json!("OK"), &json!(200)));
    assert!(line["milliseconds"].as_f64().unwrap() > 0.0);
    assert_eq!(line["span"]["id"], "request-4711");
    let said = server.all_said();
    for secret in ["3512", "Geheim", token.as_str()] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traces_go_where_they_are_configured() {
    let _alone = alone().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (sender, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            loop {
                let text = String::from_utf8_lossy(&bytes).to_lowercase();
                let length: Option<usize> =
                    text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
                let head = text.find("\r\n\r\n").map(|at| at + 4);
                if let (Some(head), Some(length)) = (head, length)
                    && bytes.len() >= head + length
                {
                    break;
                }
                let read = stream.read(&mut chunk).unwrap();
                bytes.extend_from_slice(&chunk[..read]);
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if sender.send(bytes).is_err() {
                return;
            }
        }
    });
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let mut command = serve(data_dir.path(), None);
    command.args(["--otlp-endpoint", &endpoint, "--replica", "replica-of-a-test"]);
    let mut server = Server::start(&mut command);
    server.ask(Some(&realm.kenniscentrum()), "query Geheim { contacts(first: 1) { edges { node { id } } } }").await;
    server.signal("-INT");
    assert!(server.child.wait().unwrap().success());
    let mut all = String::new();
    while let Ok(bytes) = received.try_recv() {
        all += &String::from_utf8_lossy(&bytes);
    }
    assert!(all.starts_with("POST /v1/traces "), "{all}");
    for word in ["zorgkaart", "replica-of-a-test", "request", "store.contacts", "/graphql"] {
        assert!(all.contains(word), "no {word} in {all}");
    }
    assert!(!all.contains("Geheim"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_is_told_to_stop_is_no_longer_ready_and_goes_on_for_a_while() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let mut command = program(data_dir.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--drain-seconds", "3"]);
    let mut server = Server::start(&mut command);
    server.until_ready().await;
    // Browsers open connections before they need them: one that says nothing must not keep the service from stopping.
    let _silent = std::net::TcpStream::connect(server.url.strip_prefix("http://").unwrap()).unwrap();
    let began = Instant::now();
    server.signal("-TERM");
    let stopping = loop {
        let (status, readiness) = server.readiness().await;
        if status == 503 {
            break readiness;
        }
    };
    assert_eq!(stopping["status"], "stopping");
    // Questions that come all the same are answered, on new connections too.
    let client = reqwest::Client::new();
    let question = json!({ "query": "{ viewer { role } }" });
    let response = client.post(format!("{}/graphql", server.url)).json(&question).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert!(began.elapsed() < Duration::from_secs(3), "the machine is too slow for this test");
    assert!(server.child.wait().unwrap().success());
    assert!((Duration::from_secs(3)..Duration::from_secs(12)).contains(&began.elapsed()), "{:?}", began.elapsed());
}

/// What takes longer than an answer may is stopped, and nothing of it is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_has_a_deadline() {
    let _alone = alone().await;
    let Some(db) = TestDatabase::postgres().await else { return };
    let realm = Realm::new();
    let data_dir = realm.data_dir();
    std::fs::write(data_dir.path().join("zorgkaart.toml"), "[database]\nseconds = 30\n").unwrap();
    let mut command = serve(data_dir.path(), Some(&db.url));
    command.env("ZORGKAART_CONFIG", data_dir.path().join("zorgkaart.toml")).args(["--answer-seconds", "1"]);
    let (replica, token) = (Replica::of(Server::start(&mut command), data_dir), realm.kenniscentrum());
    let place = &logeerplekken()[0];
    let Some(GlobalId::Place(id)) = GlobalId::parse(place) else { panic!() };
    let outside = Database::connect(&db.url).await.unwrap();
    let held = outside.begin().await.unwrap();
    held.execute_unprepared(&format!("select 1 from place where id = '{}' for update", id.0)).await.unwrap();
    let began = Instant::now();
    let written = replica.set(&token, place, &night(3), 1).await;
    assert_eq!(written.status, 503, "{written:?}");
    assert_eq!(written.body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert!(written.body["errors"][0]["message"].as_str().unwrap().contains("took too long"));
    assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&began.elapsed()), "{:?}", began.elapsed());
    held.rollback().await.unwrap();
    assert_eq!(replica.set(&token, place, &night(3), 1).await.version, Some(2), "the one before left nothing");
}

/// Another process fills the database in the meantime: the server sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_sees_what_another_process_writes_to_its_file() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let own = data_dir.path().to_owned();
    let server = Server::start(&mut serve(data_dir.path(), None));
    let replica = Replica::of(server, data_dir);
    let seeded = program(&own).args(["seed", "--synthetic", "300"]).output().unwrap();
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let began = Instant::now();
    while replica.server.readiness().await.1["places"] != 800 {
        assert!(began.elapsed() < Duration::from_secs(30));
    }
    // The second is for the timer; the rest for reading 800 places in a debug build.
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// Whatever is asked, and whatever goes wrong: what is known of anybody reaches no log, metric or error.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_anybody_reaches_a_log_a_metric_or_an_error() {
    let _alone = alone().await;
    let realm = Realm::new();
    let data_dir = demo(&realm).await;
    let url = format!("sqlite:{}", data_dir.path().join("zorgkaart.db").display());
    let database = Database::connect(&url).await.unwrap();
    let planted = "update contact set name = 'Geheimnaam', email = 'geheim@mail.example', phone = '088 4711', \
         function = 'Geheimfunctie', organisation = 'Geheimorganisatie'";
    database.execute_unprepared(planted).await.unwrap();
    let mut command = serve(data_dir.path(), None);
    command.args(["--metrics-listen", "127.0.0.1:0"]).env("RUST_LOG", "debug,zorgkaart=trace");
    let mut server = Server::start(&mut command);
    let metrics = server.line("Metrics: ").split("Metrics: ").nth(1).unwrap().to_owned();
    let token = realm.kenniscentrum();
    let ask = async |token: Option<&str>, query: &str| {
        let (_, body) = server.ask_with(token, query, &json!({})).await.unwrap();
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let mut errors = String::new();
    let mut secrets: Vec<String> =
        ["Geheimnaam", "geheim@mail", "088 4711", "Geheimfunctie", "Geheimorganisatie", "3512"]
            .map(str::to_owned)
            .to_vec();
    secrets.push(token.clone());

    let contacts =
        "{ contacts(near: { postcode: \"3512\" }) { edges { node { name email phone function organisation } } } }";
    assert!(ask(Some(&token), contacts).await.to_string().contains("Geheimnaam"));
    let issue = "mutation { issuePassport(input: { appliedOn: \"2026-11-01\", decidedOn: \"2026-11-02\", outcome: ZEVMB, \
         firstExpert: \"a\", secondExpert: \"b\", birthDate: \"2015-01-17\", homePostcode: \"3512\" }) { number \
         activation { code } } }";
    let issued = ask(Some(&token), issue).await["data"]["issuePassport"].clone();
    let (number, code) = (issued["number"].as_str().unwrap(), issued["activation"]["code"].as_str().unwrap());
    let wrong =
        format!("mutation {{ activatePassport(number: \"{number}\", code: \"11111-22222\") {{ accessToken }} }}");
    errors += &ask(None, &wrong).await["errors"].to_string();
    let right = format!(
        "mutation {{ activatePassport(number: \"{number}\", code: \"{code}\") {{ accessToken refreshToken }} }}"
    );
    let signed = ask(None, &right).await["data"]["activatePassport"].clone();
    let (access, refresh) = (signed["accessToken"].as_str().unwrap(), signed["refreshToken"].as_str().unwrap());
    ask(Some(access), "{ viewer { passport { status } passportEvents { kind } sessions { id } } }").await;
    let again = format!("mutation {{ refreshToken(refreshToken: \"{refresh}\") {{ accessToken }} }}");
    ask(None, &again).await;
    errors += &ask(None, &again).await["errors"].to_string();
    errors += &ask(Some(access), "{ viewer { role } }").await["errors"].to_string();
    secrets.extend([number, code, "11111-22222", "2015-01-17", access, refresh].map(str::to_owned));
    // What goes wrong inside.
    database
        .execute_unprepared("alter table audit_event rename to away; alter table contact rename to gone")
        .await
        .unwrap();
    errors += &ask(Some(&token), contacts).await["errors"].to_string();
    errors +=
        &ask(Some(&token), &format!("{{ passport(number: \"{number}\") {{ number }} }}")).await["errors"].to_string();
    errors += &ask(Some(&token), issue).await["errors"].to_string();

    let (_, measured) = server.get(&metrics).await;
    server.signal("-INT");
    assert!(server.child.wait().unwrap().success());
    server.line("Stopping");
    let said = server.all_said();
    assert!(said.contains("activatePassport") && said.len() > 10_000, "the log says too little to show anything");
    for secret in secrets {
        assert!(!said.contains(&secret), "the log holds {secret}: {}", around(&said, &secret));
        assert!(!measured.contains(&secret), "the metrics hold {secret}");
        assert!(!errors.contains(&secret), "an error holds {secret}: {errors}");
    }
}

/// A text with what stands around it.
fn around(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or_default();
    text.chars().skip(text[..at].chars().count().saturating_sub(300)).take(700).collect()
}
