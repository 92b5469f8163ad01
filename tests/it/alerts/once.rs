//! Each opening is told once, over replicas and restarts.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::{Logeerplek, alerts, listening, save, saved};
use crate::support::{databases::on_both_databases, service::Service, socket::Socket};

const ROUNDS: usize = 5;

/// Search and cursor of what comes, up to the alert of `last`.
async fn until(socket: &mut Socket, last: &Value) -> Vec<(Value, String)> {
    let mut heard = Vec::new();
    loop {
        let edge = socket.payload("told", "next").await["data"]["placesOpened"].clone();
        let search = edge["node"]["search"]["id"].clone();
        if search == *last {
            return heard;
        }
        heard.push((search, edge["cursor"].as_str().unwrap().to_owned()));
    }
}

/// What was told once there are so many.
async fn told(service: &Service, token: &str, count: usize) -> Vec<(Value, Value, String)> {
    loop {
        let told = alerts(service, token, None).await;
        if told.len() >= count {
            return told;
        }
    }
}

on_both_databases! {
    async fn over_replicas_each_opening_is_told_once_to_all_who_listen(db: TestDatabase) {
        let db = Arc::new(db);
        let (one, other) = (Service::start(Arc::clone(&db)).await, Service::start(db).await);
        let mut plek = Logeerplek::of(&one).await;
        let parents = [one.holder("DEMO-0001").await, other.holder("DEMO-0001").await];
        let mut searches = Vec::new();
        for _ in 0..3 {
            searches.push(saved(&one, &parents[0], &plek.search()).await);
        }
        let neighbour = one.holder("DEMO-0004").await;
        saved(&one, &neighbour, &plek.search()).await;
        let mut here = listening(&one, &parents[0], None).await;
        let mut there = listening(&other, &parents[1], None).await;
        plek.staff = one.token(&Subject::Kenniscentrum);
        let staff_there = other.token(&Subject::Kenniscentrum);
        for round in 0..ROUNDS {
            plek.set(&one, 1).await;
            told(&other, &parents[1], 3 * (round + 1)).await;
            // Closed by somebody else, at the other replica.
            let own = std::mem::replace(&mut plek.staff, staff_there.clone());
            plek.set(&other, 0).await;
            plek.staff = own;
        }
        // What comes last, so that it is known that nothing more does.
        let mut at_last = plek.search();
        at_last["filter"]["stay"]["depart"] = json!("2027-03-06");
        let last = saved(&one, &parents[0], &at_last).await;
        plek.set(&one, 1).await;
        let all = told(&one, &parents[0], 3 * ROUNDS + 4).await;
        let count = |search: &Value| all.iter().filter(|(of, ..)| of == search).count();
        let counts: Vec<usize> = searches.iter().chain([&last]).map(count).collect();
        assert_eq!(counts, [ROUNDS + 1, ROUNDS + 1, ROUNDS + 1, 1]);
        let (here, there) = (until(&mut here, &last).await, until(&mut there, &last).await);
        assert_eq!(here, there);
        let expected: Vec<(Value, String)> = all.iter().map(|(search, _, cursor)| (search.clone(), cursor.clone())).collect();
        assert_eq!(here, expected[..here.len()]);
        assert_eq!(told(&one, &neighbour, ROUNDS + 1).await.len(), ROUNDS + 1);
    }

    async fn what_opened_while_nobody_matched_is_told_after_the_start_once(db: TestDatabase) {
        let db = Arc::new(db);
        let service = Service::start(Arc::clone(&db)).await;
        let plek = Logeerplek::of(&service).await;
        let parent = service.holder("DEMO-0001").await;
        let search = saved(&service, &parent, &plek.search()).await;
        plek.set(&service, 1).await;
        // Matched by this one before it stopped, or by the next: once in any case.
        drop(service);
        let again = Service::start(Arc::clone(&db)).await;
        let parent = again.holder("DEMO-0001").await;
        let first = told(&again, &parent, 1).await;
        assert_eq!(first.iter().map(|(of, ..)| of).collect::<Vec<_>>(), [&search]);
        drop(again);
        let third = Service::start(db).await;
        let parent = third.holder("DEMO-0001").await;
        let mut after = listening(&third, &parent, Some(&first[0].2)).await;
        let plek = Logeerplek { staff: third.token(&Subject::Kenniscentrum), ..plek };
        plek.set(&third, 0).await;
        plek.set(&third, 1).await;
        let next = after.payload("told", "next").await["data"]["placesOpened"].clone();
        assert_ne!(next["cursor"], first[0].2.as_str(), "the first is not told again");
        assert_eq!(told(&third, &parent, 2).await.len(), 2);
    }

    async fn who_has_no_valid_passport_is_told_nothing(db: TestDatabase) {
        let rows = Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        let (parent, other) = (service.holder("DEMO-0001").await, service.holder("DEMO-0004").await);
        saved(&service, &parent, &plek.search()).await;
        saved(&service, &other, &plek.search()).await;
        let keeper = service.token(&Subject::Kenniscentrum);
        let revoke = "mutation { revokePassport(input: { number: \"DEMO-0001\", reason: \"Demo\" }) { number } }";
        service.ask(Some(&keeper), revoke).await.data("/revokePassport/number");
        plek.set(&service, 1).await;
        assert_eq!(told(&service, &other, 1).await.len(), 1);
        let count = Statement::from_string(rows.get_database_backend(), "select count(*) from alert");
        let count: i64 = rows.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(count, 1);
        assert_eq!(save(&service, &parent, &plek.search()).await.code(), "FORBIDDEN");
    }
}
