//! Cursors: of this question, and as they were given.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Asked, By, bad, check};

const NEAR: &str = "placesNear(near: {postcode: \"3511\"}, first: 2";
const EDITED: &str = "take `endCursor` of an answer as it is";
const OTHER: &str = "keep all arguments but `first` and `after` as they were";

async fn cursor(asked: &Asked, field: &str) -> String {
    let answer = asked.ask(&format!("{{ page: {field}) {{ pageInfo {{ endCursor }} }} }}"), json!({})).await;
    answer.data("/page/pageInfo/endCursor").as_str().unwrap().to_owned()
}

async fn after(asked: &Asked, field: &str, cursor: &str, says: &str) {
    let query = format!("query($v: String) {{ {field}, after: $v) {{ edges {{ cursor }} }} }}");
    let answer = asked.ask(&query, json!({ "v": cursor })).await;
    check(&answer, 200, "BAD_USER_INPUT", Some("after"), says, &format!("{query} {cursor:.200}"));
}

#[tokio::test]
async fn a_cursor_belongs_to_its_question() {
    let asked = Asked::sqlite().await;
    let places = format!("provider(id: \"{}\") {{ places(first: 2", asked.provider);
    let questions = [
        NEAR.to_owned(),
        "placesNear(near: {postcode: \"3512\"}, first: 2".into(),
        "placesNear(near: {point: {lat: 52.1, lng: 5.1}}, first: 2".into(),
        "placesNear(near: {postcode: \"3511\"}, radiusKm: 100, first: 2".into(),
        "placesNear(near: {postcode: \"3511\"}, filter: {careForms: [LOGEREN]}, first: 2".into(),
        "placesNear(near: {postcode: \"3511\"}, filter: {includeUnknown: true}, first: 2".into(),
        "placesNear(near: {postcode: \"3511\"}, wishes: [{code: \"3.b\"}], first: 2".into(),
        "providers(first: 2".into(),
        "providers(nameContains: \"demo\", first: 2".into(),
        "contacts(first: 2".into(),
        "contacts(near: {postcode: \"3511\"}, first: 2".into(),
        "contacts(filter: {organisationKinds: [GEMEENTE]}, first: 2".into(),
    ];
    let mut cursors = Vec::new();
    for question in &questions {
        cursors.push(cursor(&asked, question).await);
    }
    for (asked_with, cursor) in cursors.iter().enumerate() {
        for (asked_for, question) in questions.iter().enumerate() {
            if asked_with != asked_for {
                after(&asked, question, cursor, OTHER).await;
            }
        }
        let query = format!("{{ {places}, after: \"{cursor}\") {{ edges {{ cursor }} }} }} }}");
        check(&asked.ask(&query, json!({})).await, 200, "BAD_USER_INPUT", Some("after"), OTHER, &query);
    }
    // The size of the page and the spelling of the question do not matter.
    let query = format!(
        "query($n: Int) {{ placesNear(first: $n, near: {{postcode: \"3511 ab\"}}, after: \"{}\") {{ edges {{ cursor }} }} }}",
        cursors[0]
    );
    assert_eq!(asked.ask(&query, json!({"n": 5})).await.data("/placesNear/edges").as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_cursor_is_taken_as_it_was_given() {
    let asked = Asked::sqlite().await;
    for question in [NEAR, "providers(first: 2", "contacts(first: 2"] {
        let cursor = cursor(&asked, question).await;
        let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for at in 0..bytes.len() {
            let mut edited = bytes.clone();
            edited[at] ^= 1 << (at % 8);
            after(&asked, question, &URL_SAFE_NO_PAD.encode(edited), EDITED).await;
        }
        for at in 0..cursor.len() {
            let mut edited = cursor.clone().into_bytes();
            edited[at] = if edited[at] == b'A' { b'B' } else { b'A' };
            after(&asked, question, &String::from_utf8(edited).unwrap(), EDITED).await;
        }
        for edited in [
            String::new(),
            " ".into(),
            "null".into(),
            "\u{0}".into(),
            "\u{202e}".into(),
            format!("{cursor}="),
            format!("{cursor}A"),
            format!(" {cursor}"),
            cursor[1..].into(),
            cursor[..cursor.len() - 1].into(),
            cursor.repeat(2),
            "A".repeat(60_000),
        ] {
            after(&asked, question, &edited, EDITED).await;
        }
        let kinds = [json!(1), json!([]), json!({})].map(|value| bad(By::Type, "String", value, "after", "String"));
        asked.refuses(&format!("{question}, after: $v) {{ edges {{ cursor }} }}"), &kinds).await;
    }
    asked.still_answers().await;
}

/// The check of a cursor is no secret: whoever makes one up can start elsewhere in an open answer, and no more.
#[tokio::test]
async fn a_cursor_that_is_made_up_harms_nobody() {
    let asked = Asked::sqlite().await;
    let sign = |mut body: Vec<u8>| {
        let check = crc32fast::hash(&body);
        body.extend_from_slice(&check.to_be_bytes());
        URL_SAFE_NO_PAD.encode(body)
    };
    for question in [NEAR, "contacts(first: 2", "contacts(near: {postcode: \"3511\"}, first: 2"] {
        let own = URL_SAFE_NO_PAD.decode(cursor(&asked, question).await).unwrap()[..8].to_vec();
        for key in [vec![], vec![0; 23], vec![0; 25], vec![0xff; 1_000]] {
            after(&asked, question, &sign([own.clone(), key].concat()), EDITED).await;
        }
        for distance in [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -0.0, f64::MAX] {
            for id in [0, u128::MAX] {
                let key = [distance.to_bits().to_be_bytes().as_slice(), u128::to_be_bytes(id).as_slice()].concat();
                let query = format!("query($v: String) {{ page: {question}, after: $v) {{ edges {{ cursor }} }} }}");
                let answer = asked.ask(&query, json!({"v": sign([own.clone(), key].concat())})).await;
                assert_eq!(answer.status, 200, "{distance} {id}: {}", answer.text);
                assert_eq!(answer.json()["errors"], Value::Null, "{distance} {id}: {}", answer.text);
            }
        }
    }
    let own = URL_SAFE_NO_PAD.decode(cursor(&asked, "providers(first: 2").await).unwrap()[..8].to_vec();
    for key in [vec![], vec![0], vec![0xff; 1_000]] {
        let query = "query($v: String) { providers(first: 2, after: $v) { edges { cursor } } }";
        asked.ask(query, json!({"v": sign([own.clone(), key].concat())})).await.data("/providers/edges");
    }
    asked.still_answers().await;
}
