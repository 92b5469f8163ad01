//! `graphql-transport-ws`: who may connect, what is closed with which code, and that the limits hold there too.

use serde_json::json;
use tokio_tungstenite::tungstenite::http::StatusCode;
use zorgkaart::auth::Subject;

use super::{Logeerplek, TOLD, listening, saved};
use crate::{
    authorization::Situation,
    support::{
        databases::{TestDatabase, on_both_databases},
        known::KnownPlaces,
        raw::Connection,
        service::Service,
        socket::{Heard, Socket},
    },
};

const ROLE: &str = "{ viewer { role } }";

#[tokio::test]
async fn questions_and_changes_are_answered_too() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let mut nobody = Socket::connect(&service, None).await;
    nobody.subscribe("1", ROLE, json!({})).await;
    assert_eq!(nobody.payload("1", "next").await, json!({ "data": { "viewer": { "role": "ANONYMOUS" } } }));
    assert_eq!(nobody.hear().await, Heard::Message(json!({ "id": "1", "type": "complete" })));
    // The id is free again.
    nobody.subscribe("1", "query($code: String!) { region(code: $code) { code } }", json!({ "code": "ZK23" })).await;
    assert_eq!(nobody.payload("1", "next").await["data"]["region"]["code"], "ZK23");
    assert_eq!(nobody.hear().await, Heard::Message(json!({ "id": "1", "type": "complete" })));
    let plek = Logeerplek::of(&service).await;
    let mut staff = Socket::connect(&service, Some(&plek.staff)).await;
    let change = format!("mutation {{ confirmPlaces(input: {{ place: \"{}\" }}) {{ places {{ id }} }} }}", plek.id);
    staff.subscribe("change", &change, json!({})).await;
    assert_eq!(staff.payload("change", "next").await["data"]["confirmPlaces"]["places"][0]["id"], plek.id.as_str());
    staff.send(&json!({ "type": "ping" })).await;
    assert_eq!(staff.hear().await, Heard::Message(json!({ "id": "change", "type": "complete" })));
    assert_eq!(staff.hear().await, Heard::Message(json!({ "type": "pong" })));
}

#[tokio::test]
async fn what_is_refused_over_http_is_refused_here() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let mut socket = Socket::connect(&service, None).await;
    let bomb = format!("{{ placesNear(near: {}1{}) {{ edges {{ cursor }} }} }}", "[".repeat(2_000), "]".repeat(2_000));
    let aliases: Vec<String> = (0..31).map(|number| format!("a{number}: viewer {{ role }}")).collect();
    for (number, (query, code)) in [
        (bomb, "QUERY_TOO_COMPLEX"),
        (format!("{{ {} }}", aliases.join(" ")), "QUERY_TOO_COMPLEX"),
        ("{ viewer { role ".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { nothing } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { a: placesOpened { cursor } b: placesOpened { cursor } }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id = number.to_string();
        socket.subscribe(&id, &query, json!({})).await;
        assert_eq!(socket.payload(&id, "error").await[0]["extensions"]["code"], code, "{query}");
    }
    socket.subscribe("after", ROLE, json!({})).await;
    assert_eq!(socket.payload("after", "next").await["data"]["viewer"]["role"], "ANONYMOUS");
    // Over HTTP there are no subscriptions.
    let answer = service.ask(None, "subscription { placesOpened { cursor } }").await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, json!("BAD_REQUEST")));
}

#[tokio::test]
async fn what_is_no_protocol_is_closed_with_its_code() {
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.sockets.init_seconds = 1).await;
    let mut late = Socket::silent(&service).await;
    let mut early = Socket::silent(&service).await;
    early.subscribe("1", ROLE, json!({})).await;
    assert_eq!(early.closed().await, 4401);
    for text in ["", "nonsense", "[]", "{}", r#"{"type":"other"}"#, r#"{"type":"subscribe","id":1}"#] {
        let mut socket = Socket::connect(&service, None).await;
        socket.send_text(text).await;
        assert_eq!(socket.closed().await, 4400, "{text}");
    }
    for payload in [json!([]), json!({}), json!({ "query": 1 }), json!({ "query": "{ a }", "variables": [] })] {
        let mut socket = Socket::connect(&service, None).await;
        socket.send(&json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
        assert_eq!(socket.closed().await, 4400, "{payload}");
    }
    let mut twice = Socket::connect(&service, None).await;
    twice.send(&json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, 4429);
    let token = service.holder("DEMO-0001").await;
    let mut same = listening(&service, &token, None).await;
    same.subscribe("told", TOLD, json!({})).await;
    assert_eq!(same.closed().await, 4409);
    let mut many = Socket::connect(&service, Some(&token)).await;
    for number in 0..=20 {
        many.subscribe(&number.to_string(), TOLD, json!({})).await;
    }
    assert_eq!(many.closed().await, 4429);
    let mut large = Socket::connect(&service, None).await;
    large.send_text("x".repeat(70_000)).await;
    assert!(matches!(large.hear().await, Heard::Closed(..) | Heard::Gone));
    assert_eq!(late.closed().await, 4408);
}

#[tokio::test]
async fn only_our_protocol_and_only_known_pages() {
    let page = "https://kaart.example";
    let service =
        Service::start_with(TestDatabase::sqlite().await, |config| config.sockets.origins = vec![page.into()]).await;
    let own = service.url.clone();
    let open = async |origin: &str| Socket::open(&service, "graphql-transport-ws", Some(origin)).await;
    assert!(open(page).await.is_ok());
    assert!(open(&own).await.is_ok());
    for foreign in ["https://other.example", "null", "https://kaart.example.evil.example", "http://kaart.example"] {
        assert_eq!(open(foreign).await.err(), Some(StatusCode::FORBIDDEN), "{foreign}");
    }
    // Who speaks another one is told so.
    let mut other = Connection::open(&service.url).await;
    let handshake = "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-ws\r\n\r\n";
    other.send(handshake).await;
    assert_eq!(other.reply().await.unwrap().status, 101);
    let frame = other.bytes(4).await;
    assert_eq!((frame[0], u16::from_be_bytes([frame[2], frame[3]])), (0x88, 4406), "a close frame with its code");
    let mut half = Connection::open(&service.url).await;
    half.send("GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n").await;
    assert_eq!(half.reply().await.unwrap().status, 400);
}

on_both_databases! {
    async fn a_token_that_ends_closes_what_is_open(db: TestDatabase) {
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        let mut bad = Socket::silent(&service).await;
        bad.send(&json!({ "type": "connection_init", "payload": { "Authorization": "Bearer nonsense" } })).await;
        assert_eq!(bad.closed().await, 4403);
        let mut wrong = Socket::silent(&service).await;
        wrong.send(&json!({ "type": "connection_init", "payload": { "Authorization": 1 } })).await;
        assert_eq!(wrong.closed().await, 4403);

        let parent = service.holder("DEMO-0001").await;
        saved(&service, &parent, &plek.search()).await;
        let mut socket = listening(&service, &parent, None).await;
        let keeper = service.token(&Subject::Kenniscentrum);
        let revoke = "mutation { revokePassport(input: { number: \"DEMO-0001\", reason: \"Demo\" }) { number } }";
        service.ask(Some(&keeper), revoke).await.data("/revokePassport/number");
        assert_eq!(socket.hear().await, Heard::Closed(4403, "Forbidden".into()));
    }

    async fn what_opens_is_told_to_holders_of_a_valid_passport_alone(db: TestDatabase) {
        let known = KnownPlaces::prepare(&db).await;
        let service = Service::start(db).await;
        for (situation, name) in Situation::ALL {
            let token = situation.token(&service, &known, &known.open).await;
            let mut socket = Socket::connect(&service, token.as_deref()).await;
            socket.subscribe("told", "subscription { placesOpened { cursor } }", json!({})).await;
            if situation == Situation::PassportHolder {
                // Nothing has opened: what is heard is the answer to the next question.
                socket.subscribe("next", ROLE, json!({})).await;
                socket.payload("next", "next").await;
                continue;
            }
            let errors = socket.payload("told", "error").await;
            let expected = if situation == Situation::Anonymous { "UNAUTHENTICATED" } else { "FORBIDDEN" };
            assert_eq!(errors[0]["extensions"]["code"], expected, "{name}: {errors:#}");
        }
    }
}

#[tokio::test]
async fn there_are_not_more_connections_than_there_may_be() {
    let service = Service::start_with(TestDatabase::sqlite().await, |config| config.sockets.connections = 1).await;
    let only = Socket::connect(&service, None).await;
    let other = Socket::open(&service, "graphql-transport-ws", None).await;
    assert_eq!(other.err(), Some(StatusCode::SERVICE_UNAVAILABLE));
    drop(only);
    // Once it is noticed that the first has gone there is room again.
    while Socket::open(&service, "graphql-transport-ws", None).await.is_err() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_cut_and_nobody_else_waits() {
    let service = Service::start_with(TestDatabase::sqlite().await, |config| {
        config.sockets.slow_seconds = 1;
        config.sockets.operations = 1_000_000;
    })
    .await;
    let mut slow = Socket::connect(&service, None).await;
    let mut quick = Socket::connect(&service, None).await;
    let much = "{ placesNear(near: { postcode: \"3511\" }, first: 100) { edges { cursor node { name capacity freshness } } } }";
    // Asks and never reads, until nothing more is taken.
    let mut number = 0_u64;
    let asked = |number: u64| json!({ "id": number.to_string(), "type": "subscribe", "payload": { "query": much } });
    while slow.can_send(&asked(number)).await {
        number += 1;
    }
    quick.subscribe("1", ROLE, json!({})).await;
    assert_eq!(quick.payload("1", "next").await["data"]["viewer"]["role"], "ANONYMOUS");
}
