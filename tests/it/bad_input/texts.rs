//! Texts of any length and of any character.

use serde_json::{Value, json};

use super::{Asked, By, bad, check};
use crate::support::databases::on_both_databases;

/// Characters that end a text, turn it round, hide in it or are two.
const ODD: [&str; 9] =
    ["\u{0}", "\u{1b}[31m", "\u{202e}gnp.exe", "\u{2066}", "\u{feff}", "\u{200b}", "\r\n", "%'\"\\;--", "👩‍👩‍👦"];

on_both_databases! {
    async fn odd_characters_are_characters(db: TestDatabase) {
        let asked = Asked::on(db).await;
        for odd in ODD {
            let text = json!({"v": odd});
            let answer = asked.ask("query($v: String) { providers(nameContains: $v) { edges { cursor } } }", text.clone()).await;
            assert_eq!(answer.data("/providers/edges"), json!([]), "{odd:?}");
            let answer = asked.ask("query($v: String!) { region(code: $v) { name } }", text.clone()).await;
            assert_eq!(answer.data("/region"), Value::Null, "{odd:?}");
        }
        asked.still_answers().await;
    }
}

on_both_databases! {
    async fn an_expertise_is_a_word(db: TestDatabase) {
        let asked = Asked::on(db).await;
        let word = |word: &str| {
            bad(By::Field, "[String!]", json!(["sondevoeding", word]), "filter.expertise.1", "such as sondevoeding")
        };
        let values = ["", "\u{0}", "sonde\u{0}voeding", "\r\n", "\u{202e}", "\u{feff}", &"x".repeat(101)].map(word);
        asked.refuses("contacts(filter: {expertise: $v}) { edges { cursor } }", &values).await;
        for text in ["%", "'", "\\", "\"; --", "sondevoedin_", "👩👦"] {
            let query = "query($v: [String!]) { contacts(filter: {expertise: $v}) { edges { cursor } } }";
            let answer = asked.ask(query, json!({ "v": [text] })).await;
            assert_eq!(answer.data("/contacts/edges"), json!([]), "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_name_is_looked_for_by_at_most_100_characters() {
    let asked = Asked::sqlite().await;
    let long = |text: String| bad(By::Field, "String", json!(text), "nameContains", "at most 100 characters");
    let values =
        ["x".repeat(10_000), "x".repeat(101), "é".repeat(101), "e\u{301}".repeat(5_000), "\u{0}".repeat(5_000)];
    asked.refuses("providers(nameContains: $v) { edges { cursor } }", &values.map(long)).await;
    // One character that becomes eighteen when it is folded.
    let query = "query($v: String) { providers(nameContains: $v) { edges { cursor } } }";
    assert_eq!(asked.ask(query, json!({"v": "\u{fdfa}".repeat(100)})).await.data("/providers/edges"), json!([]));
}

#[tokio::test]
async fn what_is_repeated_to_the_sender_is_short_and_plain() {
    let asked = Asked::sqlite().await;
    let query = "query($v: CareForm!) { placesNear(near: {postcode: \"3511\"}, filter: {careForms: [$v]}) { edges { cursor } } }";
    for odd in ODD.map(|odd| format!("{odd}{}", "x".repeat(20_000))) {
        let answer = asked.ask(query, json!({ "v": odd })).await;
        check(&answer, 400, "BAD_USER_INPUT", Some("filter.careForms.0"), "CareForm", &format!("{odd:.40}"));
        let odd: Vec<char> =
            answer.text.chars().filter(|c| c.is_control() || ('\u{2000}'..'\u{2070}').contains(c)).collect();
        assert!(odd.iter().all(|c| *c == '…'), "{odd:?}: {}", answer.text);
    }
    for operation in ["\u{202e}", "\u{0}", &"x".repeat(60_000)] {
        let body = json!({"query": "{ viewer { role } }", "operationName": operation});
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("content-type", reqwest::header::HeaderValue::from_static("application/json"));
        let answer = asked.service.post(headers, body.to_string()).await;
        check(&answer, 400, "BAD_REQUEST", None, "operation", "operationName");
        assert!(!answer.text.contains('\u{202e}'), "{}", answer.text);
    }
}
