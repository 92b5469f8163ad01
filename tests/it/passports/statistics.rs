//! Passports as the jaarverslag counts them: on 31 December 2024 there were 420 issued in all = 61 vroeg + 36 for a fixed
//! term + 323 for life, and about 25% of applications had ended without.

use serde_json::json;

use super::{Keeper, text};
use crate::support::{databases::on_both_databases, service::Service};

/// Issues and assesses until the demo's own history has this much more of each.
async fn add(keeper: &Keeper<'_>, early: usize, fixed: usize, for_life: usize, without: usize) {
    let mut numbers = Vec::new();
    for (count, outcome, birth) in [
        (early, "VROEG_ZEVMB", "2025-05-04"),
        (fixed, "ZEVMB_MET_HERBEOORDELING", "2018-05-04"),
        (for_life, "ZEVMB", "2010-05-04"),
    ] {
        for _ in 0..count {
            let answer = keeper.issue(&json!({ "outcome": outcome, "birthDate": birth })).await;
            numbers.push(text(&answer, "/issuePassport/number"));
        }
    }
    for _ in 0..without {
        keeper
            .issue(&json!({ "outcome": "GEEN_ZEVMB", "birthDate": null, "homePostcode": null }))
            .await
            .data("/issuePassport");
    }
}

const QUESTION: &str =
    "query($on: Date!) { passportStatistics(on: $on) { issued vroeg fixedTerm forLife withoutPassport
    applicationsDecided } }";

on_both_databases! {
    async fn the_demo_ends_where_the_jaarverslag_does(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let counted = keeper.ask(QUESTION, json!({ "on": "2026-12-01" })).await.data("/passportStatistics");
        assert_eq!(
            (&counted["issued"], &counted["vroeg"], &counted["fixedTerm"], &counted["forLife"]),
            (&json!(420), &json!(61), &json!(36), &json!(323)),
            "{counted}"
        );
        let (without, decided) =
            (counted["withoutPassport"].as_f64().unwrap(), counted["applicationsDecided"].as_f64().unwrap());
        assert!((0.24..=0.26).contains(&(without / decided)), "{counted}");
        let before = keeper.ask(QUESTION, json!({ "on": "2000-01-01" })).await.data("/passportStatistics/issued");
        assert_eq!(before, 0);
        let later = keeper.ask(QUESTION, json!({ "on": "2026-12-02" })).await;
        assert_eq!((later.code(), later.argument()), (json!("BAD_USER_INPUT"), json!("on")));
    }

    async fn what_is_decided_counts_from_its_day_and_a_new_card_does_not(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let count = async |on: &str| keeper.ask(QUESTION, json!({ "on": on })).await.data("/passportStatistics");
        let before = count("2026-12-01").await;
        let start = count("2026-11-29").await;
        add(&keeper, 2, 1, 3, 1).await;
        let fixed = text(&keeper.issue(&json!({ "outcome": "ZEVMB_MET_HERBEOORDELING" })).await, "/issuePassport/number");
        let card = keeper.card("reissuePassport", json!({ "number": fixed })).await;
        let card = text(&card, "/reissuePassport/number");
        // Assessed again it is another passport, for life.
        keeper.reassess(&card, "ZEVMB").await.data("/reassessPassport/number");
        let after = count("2026-12-01").await;
        for (name, more) in
            [("vroeg", 2), ("fixedTerm", 2), ("forLife", 4), ("issued", 8), ("withoutPassport", 1), ("applicationsDecided", 8)]
        {
            let number = |counted: &serde_json::Value| counted[name].as_i64().unwrap();
            assert_eq!(number(&after) - number(&before), more, "{name}");
        }
        assert_eq!(count("2026-11-29").await, start, "what was decided on the 30th was not on the 29th");
    }
}
