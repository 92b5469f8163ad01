//! Claims of provider and kenniscentrum side by side, and what parents say of them.

use serde_json::{Value, json};

use super::Team;
use crate::support::{databases::on_both_databases, service::Service};

async fn claims(team: &Team, code: &str) -> Vec<Value> {
    let question = format!(
        "{{ place(id: {}) {{ kwaliteitseisen {{ kwaliteitseis {{ code }} source status explanation confirmedByParents \
         disputedByParents }} }} }}",
        team.place["id"]
    );
    let all = team.service.ask(None, &question).await.data("/place/kwaliteitseisen");
    all.as_array().unwrap().iter().filter(|claim| claim["kwaliteitseis"]["code"] == code).cloned().collect()
}

async fn state(team: &Team, token: &str, status: &str) -> Value {
    let input = json!({ "place": team.place["id"], "code": "8", "status": status, "explanation": "Demo" });
    team.send(token, "stateClaim", "version", input).await.data("/stateClaim/version")
}

on_both_databases! {
    async fn claims_stand_side_by_side(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let of = async |source: &str| claims(&team, "8").await.into_iter().find(|claim| claim["source"] == source);
        let parents = of("PARENTS").await;
        state(&team, &team.staff, "MET").await;
        state(&team, &team.centre, "NOT_MET").await;
        assert_eq!(of("PROVIDER").await.unwrap()["status"], "MET");
        assert_eq!(of("KENNISCENTRUM").await.unwrap()["status"], "NOT_MET");
        state(&team, &team.staff, "PARTLY_MET").await;
        assert_eq!(of("PROVIDER").await.unwrap()["status"], "PARTLY_MET");
        assert_eq!(of("KENNISCENTRUM").await.unwrap()["status"], "NOT_MET");
        assert_eq!(of("PARENTS").await, parents);
        let wrong = json!({ "place": team.place["id"], "code": "9.z", "status": "MET" });
        assert_eq!(team.send(&team.staff, "stateClaim", "version", wrong).await.argument(), "input.code");
    }

    async fn parents_are_counted_once_each_from_three_on(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        state(&team, &team.staff, "MET").await;
        let voice = async |number: &str, voice: &str| {
            let token = team.service.holder(number).await;
            let input = json!({ "place": team.place["id"], "code": "8", "source": "PROVIDER", "voice": voice });
            team.send(&token, "voiceClaim", "version", input).await.data("/voiceClaim/version")
        };
        // Three of those whose passport is valid.
        let mut valid = Vec::new();
        for number in (1..60).map(|number| format!("DEMO-{number:04}")) {
            let token = team.service.holder(&number).await;
            let seen = team.service.ask(Some(&token), "{ viewer { passport { status } } }").await;
            if seen.json()["data"]["viewer"]["passport"]["status"] == "ACTIVE" {
                valid.push(number);
            }
        }
        let [one, two, three, ..] = valid.as_slice() else { panic!("{valid:?}") };
        let shown = async || {
            // Where a passport changes hands the map is read whole, for which its answer does not wait forever.
            team.service.store.catch_up().await.unwrap();
            let claim = claims(&team, "8").await.into_iter().find(|claim| claim["source"] == "PROVIDER").unwrap();
            [claim["confirmedByParents"].clone(), claim["disputedByParents"].clone()]
        };
        for number in [one, two, one] {
            voice(number, "CONFIRM").await;
        }
        assert_eq!(shown().await, [Value::Null, Value::Null], "two are too few");
        voice(three, "CONFIRM").await;
        assert_eq!(shown().await, [json!(3), Value::Null]);
        voice(three, "DISPUTE").await;
        assert_eq!(shown().await, [Value::Null, Value::Null], "changed");
        voice(three, "CONFIRM").await;
        voice(one, "NONE").await;
        assert_eq!(shown().await, [Value::Null, Value::Null], "taken away");
        voice(one, "CONFIRM").await;
        // Of another claim they have said nothing.
        state(&team, &team.staff, "NOT_MET").await;
        assert_eq!(shown().await, [Value::Null, Value::Null]);
        state(&team, &team.staff, "MET").await;
        assert_eq!(shown().await, [json!(3), Value::Null]);
        let none = json!({ "place": team.place["id"], "code": "8", "source": "KENNISCENTRUM", "voice": "CONFIRM" });
        let token = team.service.holder("DEMO-0001").await;
        let answer = team.send(&token, "voiceClaim", "version", none.clone()).await;
        if claims(&team, "8").await.iter().all(|claim| claim["source"] != "KENNISCENTRUM") {
            assert_eq!(answer.argument(), "input.source");
        }
        for token in [&team.staff, &team.centre] {
            assert_eq!(team.send(token, "voiceClaim", "version", none.clone()).await.code(), "FORBIDDEN");
        }
        // No history names who it was.
        let question = format!("{{ placeHistory(place: {}, first: 100) {{ edges {{ node {{ field role }} }} }} }}", team.place["id"]);
        let history = team.service.ask(Some(&team.staff), &question).await;
        assert!(!history.text.contains("PASSPORT_HOLDER"), "{}", history.text);

        // A new card has the same voice; another representative has said nothing yet.
        let card = async |mutation: &str, number: &str| {
            let change = format!("mutation {{ {mutation}(input: {{ number: \"{number}\" }}) {{ number }} }}");
            let number = team.service.ask(Some(&team.centre), &change).await.data(&format!("/{mutation}/number"));
            number.as_str().unwrap().to_owned()
        };
        let new = card("reissuePassport", one).await;
        voice(&new, "CONFIRM").await;
        assert_eq!(shown().await, [json!(3), Value::Null]);
        voice(&new, "DISPUTE").await;
        assert_eq!(shown().await, [Value::Null, Value::Null]);
        voice(&new, "CONFIRM").await;
        let handed = card("handOverPassport", two).await;
        assert_eq!(shown().await, [Value::Null, Value::Null]);
        voice(&handed, "CONFIRM").await;
        assert_eq!(shown().await, [json!(3), Value::Null]);
    }
}
