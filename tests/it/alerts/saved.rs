//! Saving searches: what is kept, whose they are, how many there may be.

use std::sync::Arc;

use entity::opening;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Database, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use zorgkaart::{auth::Subject, store::StoreError};

use super::{Logeerplek, alerts, save, saved};
use crate::support::{
    databases::{TestDatabase, on_both_databases},
    service::Service,
};

const DELETE: &str = "mutation($search: ID!) { deleteSearch(search: $search) { searches { id } } }";
const SAVED: &str = "{ savedSearches { id postcode radiusKm filter } }";

fn anything() -> Value {
    json!({ "near": { "postcode": "3511 AB" } })
}

on_both_databases! {
    async fn of_where_somebody_is_only_the_pc4_is_kept(db: TestDatabase) {
        let service = Service::start(db).await;
        let parent = service.holder("DEMO-0001").await;
        let home = json!({ "point": { "lat": 52.09123, "lng": 5.12345 } });
        let input = json!({
            "near": home, "radiusKm": 12.5,
            "filter": { "careForms": ["LOGEREN"], "vervoerTo": home, "age": 9, "stay": { "arrive": "2026-12-11", "depart": "2026-12-13" } },
        });
        let answer = save(&service, &parent, &input).await;
        let search = answer.data("/saveSearch/searches/0");
        assert!(!answer.text.contains("52.09123") && !answer.text.contains("5.12345"), "{}", answer.text);
        let postcode = search["postcode"].as_str().unwrap();
        assert_eq!(search["radiusKm"], json!(12.5));
        let filter = json!({
            "careForms": ["LOGEREN"], "age": 9, "stay": { "arrive": "2026-12-11", "depart": "2026-12-13", "spots": 1 },
            "vervoerTo": { "postcode": postcode }, "includeUnknown": false,
        });
        assert_eq!(search["filter"], filter);
        // What is kept can be asked.
        let near = "query($filter: PlaceFilter) { placesNear(near: { postcode: \"3511\" }, filter: $filter, first: 1) { pageInfo { hasNextPage } } }";
        service.ask_with(Some(&parent), near, json!({ "filter": filter })).await.data("/placesNear");
        assert_eq!(service.ask(Some(&parent), SAVED).await.data("/savedSearches/0/filter"), filter);
        // Nobody else has it.
        let other = service.holder("DEMO-0004").await;
        assert_eq!(service.ask(Some(&other), SAVED).await.data("/savedSearches"), json!([]));
        let theirs = service.ask_with(Some(&other), DELETE, json!({ "search": search["id"] })).await;
        assert_eq!(theirs.data("/deleteSearch/searches"), json!([]));
        assert_eq!(service.ask(Some(&parent), SAVED).await.data("/savedSearches/0/id"), search["id"]);
        let gone = service.ask_with(Some(&parent), DELETE, json!({ "search": search["id"] })).await;
        assert_eq!(gone.data("/deleteSearch/searches"), json!([]));
    }

    async fn twenty_are_the_most_however_many_come_at_once(db: TestDatabase) {
        let service = Service::start(db).await;
        let parent = service.holder("DEMO-0001").await;
        let anything = anything();
        let answers = join_all((0..24).map(|_| save(&service, &parent, &anything))).await;
        // Who had to wait too long may try again; nobody gets in as the twenty-first.
        let refused = answers.iter().filter(|answer| answer.code() == "BAD_USER_INPUT").count();
        let mut held = service.ask(Some(&parent), SAVED).await.data("/savedSearches").as_array().unwrap().len();
        assert!(held <= 20 && (refused == 0 || held == 20), "{held} are saved, {refused} refused");
        while held < 20 {
            save(&service, &parent, &anything).await;
            held += 1;
        }
        let more = save(&service, &parent, &anything).await;
        assert_eq!((more.code(), more.argument()), (json!("BAD_USER_INPUT"), json!("input")));
        assert_eq!(service.ask(Some(&parent), SAVED).await.data("/savedSearches").as_array().unwrap().len(), 20);
    }

    async fn searches_go_on_with_a_new_card_and_end_with_another_representative(db: TestDatabase) {
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        let keeper = service.token(&Subject::Kenniscentrum);
        let parent = service.holder("DEMO-0001").await;
        let search = saved(&service, &parent, &plek.search()).await;
        let told = async |token: &str, count: usize| while alerts(&service, token, None).await.len() < count {};
        plek.set(&service, 1).await;
        told(&parent, 1).await;
        let reissue = "mutation { reissuePassport(input: { number: \"DEMO-0001\" }) { number } }";
        let number = service.ask(Some(&keeper), reissue).await.data("/reissuePassport/number");
        let again = service.holder(number.as_str().unwrap()).await;
        assert_eq!(service.ask(Some(&again), SAVED).await.data("/savedSearches/0/id"), search);
        // What was told goes along, and what opens from now on is told to the new card.
        plek.set(&service, 0).await;
        plek.set(&service, 1).await;
        told(&again, 2).await;
        let hand_over = format!("mutation {{ handOverPassport(input: {{ number: {number} }}) {{ number }} }}");
        service.ask(Some(&keeper), &hand_over).await.data("/handOverPassport/number");
        assert_eq!(service.ask(Some(&again), SAVED).await.data("/savedSearches"), json!([]));
    }

    async fn what_becomes_fresh_is_told(db: TestDatabase) {
        let rows = Database::connect(&db.url).await.unwrap();
        let sql = "update place set confirmed_at = null";
        rows.execute_unprepared(sql).await.unwrap();
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        plek.set(&service, 1).await;
        let parent = service.holder("DEMO-0001").await;
        let mut search = plek.search();
        search["filter"]["freshness"] = json!(["FRESH"]);
        let search = saved(&service, &parent, &search).await;
        let confirm = format!("mutation {{ confirmPlaces(input: {{ place: \"{}\" }}) {{ places {{ id }} }} }}", plek.id);
        service.ask(Some(&plek.staff), &confirm).await.data("/confirmPlaces/places");
        let told = loop {
            let told = alerts(&service, &parent, None).await;
            if !told.is_empty() {
                break told;
            }
        };
        assert_eq!(told.into_iter().map(|(of, ..)| of).collect::<Vec<_>>(), [search]);
    }

    async fn without_dates_any_new_room_is_told_and_with_dates_all_of_them(db: TestDatabase) {
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        let parent = service.holder("DEMO-0001").await;
        let any = json!({ "near": { "postcode": plek.postcode }, "radiusKm": 5, "filter": { "careForms": ["LOGEREN"] } });
        let any = saved(&service, &parent, &any).await;
        let mut both = plek.search();
        both["filter"]["stay"]["spots"] = json!(2);
        let both = saved(&service, &parent, &both).await;
        let mut never = plek.search();
        never["filter"]["careForms"] = json!(["WONEN"]);
        saved(&service, &parent, &never).await;
        let told = async |count: usize| loop {
            let told = alerts(&service, &parent, None).await;
            if told.len() >= count {
                break told.into_iter().map(|(search, ..)| search).collect::<Vec<_>>();
            }
        };
        // One spot: room for whoever asks for any; two: for whoever needs two, and no new date for the other.
        plek.set(&service, 1).await;
        assert_eq!(told(1).await, std::slice::from_ref(&any));
        plek.set(&service, 2).await;
        assert_eq!(told(2).await, [any, both]);
    }

    async fn what_comes_to_fit_is_told(db: TestDatabase) {
        let rows = Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let plek = Logeerplek::of(&service).await;
        plek.set(&service, 1).await;
        let keeper = service.token(&Subject::Kenniscentrum);
        let parent = service.holder("DEMO-0001").await;
        let change = async |mutation: String, set: Value| {
            let answer = service.ask_with(Some(&keeper), &mutation, json!({ "set": set })).await;
            assert_eq!(answer.json().get("errors"), None, "{}", answer.text);
            // Changes that are matched together are one: here each is told by itself.
            while opening::Entity::find().count(&rows).await.unwrap() > 0 {
                // The service does, too; where both do at once, one of them is sent away.
                let matched = service.store.match_openings().await;
                assert!(matches!(matched, Ok(()) | Err(StoreError::Unavailable(_))), "{matched:?}");
            }
        };
        let told = async |count: usize| loop {
            let told = alerts(&service, &parent, None).await;
            if told.len() >= count {
                break told.into_iter().map(|(search, ..)| search).collect::<Vec<_>>();
            }
        };
        let vervoer = format!(
            "mutation($set: [VervoerInput!]!) {{ setVervoer(input: {{ place: \"{}\", vervoer: $set }}) {{ version }} }}",
            plek.id
        );
        change(vervoer.clone(), json!([])).await;

        // A group of another composition.
        let question = format!("{{ place(id: \"{}\") {{ group {{ id homogeneity }} }} }}", plek.id);
        let group = service.ask(Some(&keeper), &question).await.data("/place/group");
        let wanted = if group["homogeneity"] == "HETEROGENEOUS" { "HOMOGENEOUS_ZEVMB" } else { "HETEROGENEOUS" };
        let mut search = plek.search();
        search["filter"]["homogeneity"] = json!([wanted]);
        let fitting = saved(&service, &parent, &search).await;
        let edit = format!(
            "mutation($set: CareGroupFieldsInput!) {{ editCareGroup(input: {{ careGroup: {}, set: $set }}) {{ version }} }}",
            group["id"]
        );
        change(edit, json!({ "homogeneity": wanted })).await;
        assert_eq!(told(1).await, std::slice::from_ref(&fitting));

        // Vervoer that reaches, by radius and by area.
        let mut search = plek.search();
        search["filter"]["vervoerTo"] = json!({ "postcode": plek.postcode });
        let fetched = saved(&service, &parent, &search).await;
        change(vervoer.clone(), json!([{ "radiusKm": 50 }])).await;
        assert_eq!(told(2).await.last(), Some(&fetched));
        let area = r#"{"type":"Polygon","coordinates":[[[4.9,51.9],[5.4,51.9],[5.4,52.3],[4.9,52.3],[4.9,51.9]]]}"#;
        change(vervoer.clone(), json!([])).await;
        change(vervoer.clone(), json!([{ "area": area }])).await;
        assert_eq!(told(3).await.last(), Some(&fetched));

        // A place that comes back.
        for mutation in ["withdrawPlace", "restorePlace"] {
            let shown = format!("mutation {{ {mutation}(input: {{ place: \"{}\" }}) {{ version }} }}", plek.id);
            change(shown, Value::Null).await;
        }
        let mut last = told(5).await.split_off(3);
        last.sort_by_key(ToString::to_string);
        let mut both = vec![fitting, fetched];
        both.sort_by_key(ToString::to_string);
        assert_eq!(last, both);
    }
}

#[tokio::test]
async fn what_cannot_be_saved_is_said() {
    let service = Arc::new(Service::start(TestDatabase::sqlite().await).await);
    let parent = service.holder("DEMO-0001").await;
    for (input, argument) in [
        (json!({ "near": { "postcode": "0999" } }), "input.near.postcode"),
        (json!({ "near": { "point": { "lat": 0, "lng": 0 } } }), "input.near.point"),
        (json!({ "near": { "postcode": "3511" }, "radiusKm": 0 }), "input.radiusKm"),
        (json!({ "near": { "postcode": "3511" }, "radiusKm": 201 }), "input.radiusKm"),
        (json!({ "near": { "postcode": "3511" }, "filter": { "age": 121 } }), "filter.age"),
        (json!({ "near": { "postcode": "3511" }, "filter": { "freeOn": "2029-01-01" } }), "filter.freeOn"),
        (json!({ "near": { "postcode": "3511" }, "idempotencyKey": "" }), "input.idempotencyKey"),
    ] {
        let answer = save(&service, &parent, &input).await;
        assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
    }
    for (query, argument) in [
        ("{ alerts(since: \"nonsense\") { edges { cursor } } }", "since"),
        ("{ alerts(first: 101) { edges { cursor } } }", "first"),
        ("mutation { deleteSearch(search: \"place_00000000000000000000000000000000\") { searches { id } } }", "search"),
    ] {
        let answer = service.ask(Some(&parent), query).await;
        assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
    }
    // Sent again, saved once.
    let input = json!({ "near": { "postcode": "3511" }, "idempotencyKey": "one" });
    for _ in 0..2 {
        let searches = save(&service, &parent, &input).await.data("/saveSearch/searches");
        assert_eq!(searches.as_array().unwrap().len(), 1);
    }
}
