//! From passport to token, and back out.

use std::sync::Arc;

use futures::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{Keeper, text};
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    service::{Answer, Service},
};

const ACTIVATE: &str = "mutation($number: String!, $code: String!) { activatePassport(number: $number, code: $code) {
    accessToken accessExpiresAt refreshToken refreshExpiresAt session } }";
const REFRESH: &str =
    "mutation($token: String!) { refreshToken(refreshToken: $token) { accessToken refreshToken session } }";
const WHO: &str = "{ viewer { role passport { status } sessions { id current client } } }";

async fn activate(service: &Service, number: &str, code: &str) -> Answer {
    service.ask_with(None, ACTIVATE, json!({ "number": number, "code": code })).await
}

async fn refresh(service: &Service, token: &str) -> Answer {
    service.ask_with(None, REFRESH, json!({ "token": token })).await
}

/// A new passport and its code.
async fn issued(keeper: &Keeper<'_>) -> (String, String) {
    let answer = keeper.issue(&json!({})).await;
    (text(&answer, "/issuePassport/number"), text(&answer, "/issuePassport/activation/code"))
}

/// The one answer to what is not good.
fn refused(answer: &Answer) {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let body = answer.json();
    let error = &body["errors"][0];
    assert_eq!(error["extensions"], json!({ "code": "UNAUTHENTICATED" }), "{body:#}");
    assert!(error["message"].as_str().unwrap().starts_with("This does not sign you in"), "{body:#}");
}

on_both_databases! {
    async fn a_code_signs_in_once(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let (number, code) = issued(&keeper).await;
        // As a person would type it.
        let signed = activate(&service, &number, &code.to_lowercase().replace('-', " ")).await;
        let access = text(&signed, "/activatePassport/accessToken");
        assert_eq!(signed.data("/activatePassport/accessExpiresAt"), "2026-12-01T12:15:00Z");
        let session = signed.data("/activatePassport/session");
        let who = service.ask(Some(&access), WHO).await.data("/viewer");
        assert_eq!((&who["role"], &who["passport"]["status"]), (&json!("PASSPORT_HOLDER"), &json!("ACTIVE")));
        assert_eq!(who["sessions"], json!([{ "id": session, "current": true, "client": null }]));
        service.ask(Some(&access), "{ contacts(first: 1) { edges { cursor } } }").await.data("/contacts/edges");
        refused(&activate(&service, &number, &code).await);
    }

    async fn unknown_and_wrong_and_expired_are_one_answer(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let (number, code) = issued(&keeper).await;
        let wrong = activate(&service, &number, "00000-00000").await;
        let unknown = activate(&service, "ZP-00000-00000", &code).await;
        let demo = activate(&service, "DEMO-0001", &code).await;
        let long = activate(&service, &"9".repeat(5_000), &code).await;
        for answer in [&unknown, &demo, &long] {
            refused(answer);
            assert_eq!(answer.text, wrong.text);
        }
        let late = "update passport_activation set expires_at = '2026-12-01T11:59:59Z'";
        connection.execute_unprepared(late).await.unwrap();
        assert_eq!(activate(&service, &number, &code).await.text, wrong.text);
        let other = keeper.card("renewActivationCode", json!({ "number": number })).await;
        let renewed = text(&other, "/renewActivationCode/activation/code");
        refused(&activate(&service, &number, &code).await);
        text(&activate(&service, &number, &renewed).await, "/activatePassport/accessToken");
    }

    async fn a_code_stands_five_tries(db: TestDatabase) {
        // Two replicas, so that neither's own counting is what stops.
        let db = Arc::new(db);
        let (one, other) = (Service::start(Arc::clone(&db)).await, Service::start(db).await);
        let keeper = Keeper::of(&one);
        let (number, code) = issued(&keeper).await;
        for service in [&one, &other, &one, &other, &one] {
            refused(&activate(service, &number, "00000-00000").await);
        }
        refused(&activate(&other, &number, &code).await);
    }

    async fn many_who_type_the_code_at_once_get_one_session(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let (number, code) = issued(&keeper).await;
        let answers = join_all((0..5).map(|_| activate(&service, &number, &code))).await;
        let signed = answers.iter().filter(|answer| answer.json()["errors"].is_null()).count();
        assert_eq!(signed, 1);
    }

    async fn a_session_goes_on_and_a_stolen_token_ends_it(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let (number, code) = issued(&keeper).await;
        let signed = activate(&service, &number, &code).await;
        let first = text(&signed, "/activatePassport/refreshToken");
        let next = refresh(&service, &first).await;
        let (access, second) = (text(&next, "/refreshToken/accessToken"), text(&next, "/refreshToken/refreshToken"));
        assert_eq!(next.data("/refreshToken/session"), signed.data("/activatePassport/session"));
        assert_ne!(first, second);
        assert_eq!(service.ask(Some(&access), WHO).await.data("/viewer/role"), "PASSPORT_HOLDER");
        // Somebody else has the first one: the whole session ends, with all its tokens.
        refused(&refresh(&service, &first).await);
        refused(&refresh(&service, &second).await);
        for access in [&access, &text(&signed, "/activatePassport/accessToken")] {
            assert_eq!(service.ask(Some(access), WHO).await.status.as_u16(), 401);
        }
        for nonsense in ["", ".", "x.y", &format!("{}.x", "0".repeat(32)), &"9".repeat(10_000)] {
            refused(&refresh(&service, nonsense).await);
        }
        // An access token is none to refresh with, and the other way round.
        refused(&refresh(&service, &access).await);
        assert_eq!(service.ask(Some(&second), WHO).await.status.as_u16(), 401);
    }

    async fn signing_out_is_at_once_on_every_replica(db: TestDatabase) {
        let db = Arc::new(db);
        let (one, other) = (Service::start(Arc::clone(&db)).await, Service::start_with(db, |_| {}).await);
        let keys = one.data_dir.path().join("keys");
        let keeper = Keeper::of(&one);
        let (number, code) = issued(&keeper).await;
        let here = text(&activate(&one, &number, &code).await, "/activatePassport/accessToken");
        let renewed = keeper.card("renewActivationCode", json!({ "number": number })).await;
        let code = text(&renewed, "/renewActivationCode/activation/code");
        let phone = activate(&one, &number, &code).await;
        let (there, session) =
            (text(&phone, "/activatePassport/accessToken"), text(&phone, "/activatePassport/session"));
        let sessions = one.ask(Some(&here), WHO).await.data("/viewer/sessions");
        assert_eq!(sessions.as_array().unwrap().len(), 2);
        let out = format!("mutation {{ signOut(session: \"{session}\") {{ session }} }}");
        assert_eq!(one.ask(Some(&here), &out).await.data("/signOut/session"), session);
        assert_eq!(one.ask(Some(&there), WHO).await.status.as_u16(), 401);
        refused(&refresh(&other, &text(&phone, "/activatePassport/refreshToken")).await);
        assert!(keys.exists());
        // Somebody else's session is none of mine.
        let (number, code) = issued(&keeper).await;
        let stranger = activate(&one, &number, &code).await;
        let session = text(&stranger, "/activatePassport/session");
        let out = format!("mutation {{ signOut(session: \"{session}\") {{ session }} }}");
        one.ask(Some(&here), &out).await;
        let access = text(&stranger, "/activatePassport/accessToken");
        assert_eq!(one.ask(Some(&access), WHO).await.data("/viewer/role"), "PASSPORT_HOLDER");
        // And the one that asks, last.
        one.ask(Some(&here), "mutation { signOut { session } }").await.data("/signOut/session");
        assert_eq!(one.ask(Some(&here), WHO).await.status.as_u16(), 401);
    }

    async fn a_passport_that_ends_takes_its_sessions_along(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        for (mutation, more) in
            [("revokePassport", json!({ "reason": "a test" })), ("reissuePassport", json!({})), ("handOverPassport", json!({}))]
        {
            let (number, code) = issued(&keeper).await;
            let signed = activate(&service, &number, &code).await;
            let access = text(&signed, "/activatePassport/accessToken");
            let renewed = keeper.card("renewActivationCode", json!({ "number": number })).await;
            let unused = text(&renewed, "/renewActivationCode/activation/code");
            let mut input = json!({ "number": number });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let done = keeper.card(mutation, input).await;
            done.data(&format!("/{mutation}/number"));
            assert_eq!(service.ask(Some(&access), WHO).await.status.as_u16(), 401, "{mutation}");
            refused(&refresh(&service, &text(&signed, "/activatePassport/refreshToken")).await);
            refused(&activate(&service, &number, &unused).await);
            if mutation == "handOverPassport" {
                let code = text(&done, "/handOverPassport/activation/code");
                text(&activate(&service, &number, &code).await, "/activatePassport/accessToken");
            }
        }
    }

    async fn who_tries_leaves_a_record(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let (number, code) = issued(&keeper).await;
        refused(&activate(&service, &number, "00000-00000").await);
        refused(&activate(&service, "ZP-00000-00000", &code).await);
        let signed = activate(&service, &number, &code).await;
        refused(&refresh(&service, "0".repeat(32).as_str()).await);
        service.ask(Some(&text(&signed, "/activatePassport/accessToken")), WHO).await.data("/viewer/passport/status");
        let sql = "select event_type || ' ' || outcome || ' ' || purpose || ' ' || coalesce(reason_code, '-') \
             from audit_event order by seq";
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        assert_eq!(
            rows,
            [
                "create success issuePassport -",
                "login failure activatePassport wrong code",
                "login failure activatePassport wrong code",
                "login success activatePassport -",
                "read success passport -",
            ]
        );
    }
}

/// Too many tries for one number are told to wait, whatever is typed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_tries_are_told_to_wait() {
    let service = Service::start(TestDatabase::sqlite().await).await;
    let mut last = Value::Null;
    for _ in 0..8 {
        let answer = activate(&service, "ZP-00000-00000", "00000-00000").await;
        if answer.status.as_u16() == 429 {
            let wait: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=60).contains(&wait));
            last = answer.code();
            break;
        }
        refused(&answer);
    }
    assert_eq!(last, "RATE_LIMITED");
}
