//! The README is true: its first question has the answer that it prints.

use crate::support::{databases::on_both_databases, service::Service};
use serde_json::Value;

const README: &str = include_str!("../../README.md");
const QUESTION: &str = include_str!("../../src/cli/question.graphql");

/// The first block of the README with this language.
fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let start = README.find(&fence).unwrap() + fence.len();
    &README[start..start + README[start..].find("```").unwrap()]
}

on_both_databases! {
    async fn the_first_question_has_the_answer_that_is_printed(db: TestDatabase) {
        let service = Service::start(db).await;
        let holder = service.holder("DEMO-0001").await;
        let answer = service.ask(Some(&holder), block("graphql")).await;
        let printed: Value = serde_json::from_str(block("json")).unwrap();
        assert_eq!(answer.json(), printed, "the README would have to print:\n{:#}", answer.json());
    }
}

#[test]
fn the_question_of_the_readme_is_the_one_that_serve_prints() {
    assert_eq!(block("graphql"), QUESTION);
}
