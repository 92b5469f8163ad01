//! Issuing, assessing again, revoking, replacing and handing over.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use zorgkaart::auth::Subject;

use super::{ISSUE, Keeper, text};
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn a_passport_is_issued_as_the_experts_decided(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        for (outcome, birth, until) in [
            ("ZEVMB", "2018-05-04", Value::Null),
            ("ZEVMB_MET_HERBEOORDELING", "2018-05-04", json!("2028-11-30")),
            ("VROEG_ZEVMB", "2025-05-04", json!("2028-11-30")),
            // Two years old today is two, and the day before it was not.
            ("ZEVMB_MET_HERBEOORDELING", "2024-12-01", json!("2028-11-30")),
            ("VROEG_ZEVMB", "2024-12-02", json!("2028-11-30")),
        ] {
            let answer = keeper.issue(&json!({ "outcome": outcome, "birthDate": birth })).await;
            let number = text(&answer, "/issuePassport/number");
            assert!(number.starts_with("ZP-"), "{number}");
            assert_eq!(text(&answer, "/issuePassport/activation/code").len(), 11);
            assert_eq!(answer.data("/issuePassport/activation/expiresAt"), "2026-12-31T12:00:00Z");
            let expected = json!({
                "number": number, "outcome": outcome, "status": "ACTIVE", "validFrom": "2026-12-01", "validUntil": until,
                "homePostcode": "3511", "birthYear": birth[..4].parse::<i32>().unwrap(), "careForms": ["LOGEREN", "WONEN"],
                "revokedReason": null, "replaces": null, "reissue": false, "version": 1,
            });
            assert_eq!(keeper.record(&number).await, expected);
        }
    }

    async fn what_the_rules_forbid_is_not_issued(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let rows = async |table: &str| -> i64 {
            let sql = format!("select count(*) from {table}");
            let statement = Statement::from_string(connection.get_database_backend(), sql);
            connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
        };
        let before = (rows("passport").await, rows("passport_application").await);
        for (changes, argument) in [
            (json!({ "outcome": "VROEG_ZEVMB" }), "input.outcome"),
            (json!({ "outcome": "VROEG_ZEVMB", "birthDate": "2024-12-01" }), "input.outcome"),
            (json!({ "outcome": "ZEVMB_MET_HERBEOORDELING", "birthDate": "2024-12-02" }), "input.outcome"),
            (json!({ "secondExpert": "expert-01" }), "input.secondExpert"),
            (json!({ "secondExpert": " expert-01 " }), "input.secondExpert"),
            (json!({ "secondExpert": "" }), "input.secondExpert"),
            (json!({ "firstExpert": "x".repeat(201) }), "input.firstExpert"),
            (json!({ "decidedOn": "2026-12-02" }), "input.decidedOn"),
            (json!({ "decidedOn": "2026-09-30" }), "input.decidedOn"),
            (json!({ "decidedOn": "soon" }), "input.decidedOn"),
            (json!({ "birthDate": "2026-12-02" }), "input.birthDate"),
            (json!({ "birthDate": "1900-01-01" }), "input.birthDate"),
            (json!({ "birthDate": null }), "input.birthDate"),
            (json!({ "homePostcode": null }), "input.homePostcode"),
            (json!({ "homePostcode": "0000" }), "input.homePostcode"),
            (json!({ "homePostcode": "1003" }), "input.homePostcode"),
        ] {
            let answer = keeper.issue(&changes).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
        }
        assert_eq!((rows("passport").await, rows("passport_application").await), before);
        // A decision without a passport is kept as one.
        let answer = keeper.issue(&json!({ "outcome": "GEEN_ZEVMB", "birthDate": null, "homePostcode": null })).await;
        assert_eq!(answer.data("/issuePassport"), json!({ "number": null, "activation": null }));
        assert_eq!((rows("passport").await, rows("passport_application").await), (before.0, before.1 + 1));
    }

    async fn a_passport_of_a_fixed_term_is_assessed_again_once(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let issue = async |outcome: &str, birth: &str| {
            text(&keeper.issue(&json!({ "outcome": outcome, "birthDate": birth })).await, "/issuePassport/number")
        };
        let refused = async |number: &str, outcome: &str, argument: &str| {
            let answer = keeper.reassess(number, outcome).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(argument)), "{}", answer.text);
        };
        let early = issue("VROEG_ZEVMB", "2025-05-04").await;
        refused(&early, "VROEG_ZEVMB", "input.outcome").await;
        refused(&early, "ZEVMB_MET_HERBEOORDELING", "input.outcome").await;
        let answer = keeper.reassess(&early, "ZEVMB").await;
        let next = text(&answer, "/reassessPassport/number");
        assert_eq!(text(&answer, "/reassessPassport/activation/code").len(), 11);
        let record = keeper.record(&next).await;
        assert_eq!(record["validFrom"], "2028-12-01", "without a gap, and never two at once");
        assert_eq!((&record["validUntil"], &record["outcome"]), (&Value::Null, &json!("ZEVMB")));
        assert_eq!((&record["replaces"], &record["reissue"]), (&json!(early), &json!(false)));
        assert_eq!((&record["birthYear"], &record["homePostcode"]), (&json!(2025), &json!("3511")));
        assert_eq!(keeper.record(&early).await["status"], "ACTIVE");
        refused(&early, "ZEVMB", "input.number").await;
        refused(&next, "ZEVMB", "input.number").await;

        // Another card is no other passport.
        let fixed = issue("ZEVMB_MET_HERBEOORDELING", "2018-05-04").await;
        keeper.reassess(&fixed, "ZEVMB").await.data("/reassessPassport/number");
        let answer = keeper.card("reissuePassport", json!({ "number": fixed })).await;
        refused(&text(&answer, "/reissuePassport/number"), "ZEVMB", "input.number").await;

        let other = issue("ZEVMB_MET_HERBEOORDELING", "2018-05-04").await;
        let answer = keeper.reassess(&other, "GEEN_ZEVMB").await;
        assert_eq!(answer.data("/reassessPassport"), json!({ "number": null, "activation": null }));
        assert_eq!(keeper.record(&other).await["status"], "REVOKED");
        refused(&other, "ZEVMB", "input.number").await;
        refused("ZP-0000", "ZEVMB", "input.number").await;
    }

    async fn a_lost_card_is_dead_and_its_follower_is_valid_as_long(db: TestDatabase) {
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let fixed = json!({ "outcome": "ZEVMB_MET_HERBEOORDELING" });
        let lost = text(&keeper.issue(&fixed).await, "/issuePassport/number");
        let answer = keeper.card("reissuePassport", json!({ "number": lost, "expectedVersion": 1 })).await;
        let number = text(&answer, "/reissuePassport/number");
        assert_ne!(number, lost);
        let (old, new) = (keeper.record(&lost).await, keeper.record(&number).await);
        assert_eq!((&old["status"], &old["version"]), (&json!("REVOKED"), &json!(2)));
        assert_eq!(old["revokedReason"], "Pas als verloren gemeld");
        assert_eq!((&new["status"], &new["reissue"], &new["replaces"]), (&json!("ACTIVE"), &json!(true), &json!(lost)));
        assert_eq!((&new["validUntil"], &new["careForms"]), (&json!("2028-11-30"), &json!(["LOGEREN", "WONEN"])));
        let again = keeper.card("reissuePassport", json!({ "number": lost })).await;
        assert_eq!((again.code(), again.argument()), (json!("BAD_USER_INPUT"), json!("input.number")));
        let stale = keeper.card("revokePassport", json!({ "number": number, "reason": "x", "expectedVersion": 9 })).await;
        assert_eq!(stale.code(), "CONFLICT");
        assert_eq!(stale.json()["errors"][0]["extensions"]["version"], 1);
        let reason = json!({ "number": number, "reason": "Op verzoek\u{202e} van de ouders" });
        assert_eq!(keeper.card("revokePassport", reason).await.argument(), "input.reason");
        let reason = json!({ "number": number, "reason": "  Op verzoek van de ouders " });
        keeper.card("revokePassport", reason).await.data("/revokePassport/number");
        assert_eq!(keeper.record(&number).await["revokedReason"], "Op verzoek van de ouders");
        for mutation in ["handOverPassport", "renewActivationCode", "reissuePassport"] {
            assert_eq!(keeper.card(mutation, json!({ "number": number })).await.argument(), "input.number", "{mutation}");
        }
    }

    async fn a_change_sent_again_issues_once_and_shows_the_code_once(db: TestDatabase) {
        let connection = sea_orm::Database::connect(&db.url).await.unwrap();
        let service = Service::start(db).await;
        let keeper = Keeper::of(&service);
        let key = json!({ "idempotencyKey": "issue-1" });
        let first = keeper.issue(&key).await;
        let (number, code) = (text(&first, "/issuePassport/number"), text(&first, "/issuePassport/activation/code"));
        let again = keeper.issue(&key).await;
        assert_eq!(again.data("/issuePassport"), json!({ "number": number, "activation": null }));
        // The code is nowhere in the database, nor is the birth date.
        for (table, columns) in [
            ("idempotency_key", "cast(response as text) || body_hash"),
            ("passport_activation", "code_hash"),
            ("audit_event", "cast(objects as text) || purpose"),
            ("passport", "number || home_pc4 || updated_by"),
        ] {
            let sql = format!("select {columns} from {table}");
            let statement = Statement::from_string(connection.get_database_backend(), sql);
            for row in connection.query_all_raw(statement).await.unwrap() {
                let held: String = row.try_get_by_index(0).unwrap();
                for secret in [code.as_str(), &code.replace('-', ""), "2018-05-04"] {
                    assert!(!held.contains(secret), "{table} holds {secret}");
                }
            }
        }
    }

    async fn only_the_kenniscentrum_keeps_passports(db: TestDatabase) {
        let service = Service::start(db).await;
        let provider = service.first_provider().await;
        for (token, code) in [
            (None, "UNAUTHENTICATED"),
            (Some(service.holder("DEMO-0001").await), "FORBIDDEN"),
            (Some(service.token(&Subject::Provider(provider))), "FORBIDDEN"),
            (Some(service.token(&Subject::Zorgkantoor(vec!["ZK23".into()]))), "FORBIDDEN"),
        ] {
            let input = json!({ "appliedOn": "2026-10-01", "decidedOn": "2026-11-01", "outcome": "GEEN_ZEVMB",
                "firstExpert": "expert-01", "secondExpert": "expert-02" });
            let answer = service.ask_with(token.as_deref(), ISSUE, json!({ "input": input })).await;
            assert_eq!(answer.code(), code, "{}", answer.text);
            for query in ["{ passport(number: \"DEMO-0001\") { number } }", "{ passportStatistics(on: \"2026-12-01\") { issued } }"] {
                assert_eq!(service.ask(token.as_deref(), query).await.code(), code);
            }
        }
    }
}
