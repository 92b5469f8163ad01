//! What waits for the kenniscentrum, and what becomes of it.

use serde_json::{Value, json};

use super::{REVIEW, Team};
use crate::support::{databases::on_both_databases, service::Service};

/// A change of the street, which waits.
async fn proposed(team: &Team, street: &str) -> Value {
    let input = json!({ "location": team.place["location"]["id"], "set": { "street": street } });
    team.changed("editLocation", input).await["review"].clone()
}

on_both_databases! {
    async fn a_change_is_approved_once(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let review = proposed(&team, "Demonieuwstraat").await;
        let was = &team.place["location"]["street"];
        assert_eq!(review["fields"], json!([{ "field": "STREET", "from": was, "to": "Demonieuwstraat", "changedSince": false }]));
        assert_eq!(team.seen().await, team.place, "nothing is live yet");
        assert_eq!(team.queue(&team.centre, "status: WAITING").await, team.queue(&team.staff, "first: 5").await);
        let regions = team.service.ask(None, "{ regions { code } }").await.data("/regions");
        let mut shown = 0;
        for region in regions.as_array().unwrap() {
            shown += team.queue(&team.centre, &format!("region: {}", region["code"])).await.len();
        }
        assert_eq!(shown, 1, "it lies in one region");
        // Two at once: one decides.
        let (one, two) = tokio::join!(team.decide(&review, "APPROVE"), team.decide(&review, "REJECT"));
        let (done, late) = if one.json().get("errors").is_none() { (one, two) } else { (two, one) };
        done.data("/decideReview/review/id");
        assert_eq!((late.code(), late.argument()), (json!("BAD_USER_INPUT"), json!("input.review")), "{}", late.text);
    }

    async fn a_rejected_change_loses_nothing(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let review = proposed(&team, "Demonieuwstraat").await;
        let without = json!({ "review": review["id"], "expectedVersion": 1, "decision": "REJECT" });
        let refused = team.send(&team.centre, "decideReview", "review { id }", without).await;
        assert_eq!(refused.argument(), "input.reason");
        let rejected = team.decide(&review, "REJECT").await.data("/decideReview/review");
        assert_eq!((&rejected["status"], &rejected["reason"]), (&json!("REJECTED"), &json!("Demo: nagebeld")));
        assert_eq!(team.seen().await, team.place);
        assert_eq!(team.queue(&team.staff, "status: REJECTED").await, std::slice::from_ref(&rejected));
        assert_eq!(rejected["fields"][0]["to"], "Demonieuwstraat");
        let own = json!({ "review": review["id"], "expectedVersion": 2, "decision": "APPROVE" });
        assert_eq!(team.send(&team.staff, "decideReview", "review { id }", own).await.code(), "FORBIDDEN");
    }

    async fn what_is_asked_back_is_answered_or_taken_back(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let review = proposed(&team, "Demonieuwstraat").await;
        let asked = team.decide(&review, "ASK_BACK").await.data("/decideReview/review");
        assert_eq!(asked["status"], "ASKED_BACK");
        assert_eq!(team.decide(&asked, "ASK_BACK").await.argument(), "input.review", "once");
        let answer = async |version: &Value, set: Value| {
            let input = json!({ "review": review["id"], "expectedVersion": version, "set": set, "note": "Demo: zo dan" });
            team.send(&team.staff, "answerReview", &format!("review {{ {REVIEW} }}"), input).await
        };
        let live = answer(&asked["version"], json!({ "location": { "facilities": [{ "facility": "TUIN", "present": true }] } }));
        assert_eq!(live.await.argument(), "input.set.location.facilities", "that waits for nobody");
        let foreign = answer(&asked["version"], json!({ "place": { "careForm": "WONEN" } })).await;
        assert_eq!(foreign.argument(), "input.set.place.careForm");
        let again = answer(&asked["version"], json!({ "location": { "houseNumber": "12 bis" } })).await;
        let again = again.data("/answerReview/review");
        assert_eq!((&again["status"], &again["note"], &again["version"]), (&json!("WAITING"), &json!("Demo: zo dan"), &json!(3)));
        assert_eq!(again["fields"].as_array().unwrap().len(), 2, "what was proposed stays");
        // What somebody has not seen is not decided.
        assert_eq!(team.decide(&asked, "APPROVE").await.code(), "CONFLICT");
        team.decide(&again, "APPROVE").await.data("/decideReview/review/id");
        let now = team.seen().await;
        assert_eq!((&now["location"]["street"], &now["location"]["houseNumber"]), (&json!("Demonieuwstraat"), &json!("12 bis")));
        let other = proposed(&team, "Demoweg").await;
        let input = json!({ "review": other["id"], "expectedVersion": 1 });
        let back = team.send(&team.staff, "takeBackReview", "review { status fields { to } }", input).await;
        assert_eq!(back.data("/takeBackReview/review"), json!({ "status": "TAKEN_BACK", "fields": [{ "to": "Demoweg" }] }));
        assert_eq!(team.decide(&other, "APPROVE").await.argument(), "input.review");
        assert_eq!(team.seen().await["location"]["street"], "Demonieuwstraat");
    }

    async fn what_has_changed_in_between_is_not_overwritten(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let (street, city) = (proposed(&team, "Demonieuwstraat").await, {
            let input = json!({ "location": team.place["location"]["id"], "set": { "city": "Demodorp" } });
            team.changed("editLocation", input).await["review"].clone()
        });
        let input = json!({ "location": team.place["location"]["id"], "set": { "street": "Demokade" } });
        team.change(&team.centre, "editLocation", input).await.data("/editLocation/id");
        let late = team.decide(&street, "APPROVE").await;
        assert_eq!(late.code(), "CONFLICT");
        assert!(late.text.contains("STREET"), "{}", late.text);
        let shown = team.queue(&team.centre, "status: WAITING, first: 1").await;
        assert_eq!(shown[0]["version"], 1, "nothing was decided");
        assert_eq!(shown[0]["fields"], json!([{ "field": "STREET", "from": "Demokade", "to": "Demonieuwstraat", "changedSince": true }]));
        // Another field does not stand in the way.
        team.decide(&city, "APPROVE").await.data("/decideReview/review/id");
        let now = team.seen().await;
        assert_eq!((&now["location"]["street"], &now["location"]["city"]), (&json!("Demokade"), &json!("Demodorp")));
        // Answered, it is against what is live now.
        let asked = team.decide(&street, "ASK_BACK").await.data("/decideReview/review");
        let input = json!({ "review": street["id"], "expectedVersion": asked["version"], "set": { "location": {} } });
        let again = team.send(&team.staff, "answerReview", &format!("review {{ {REVIEW} }}"), input).await;
        let again = again.data("/answerReview/review");
        assert_eq!(again["fields"][0]["changedSince"], false);
        team.decide(&again, "APPROVE").await.data("/decideReview/review/id");
        assert_eq!(team.seen().await["location"]["street"], "Demonieuwstraat");
    }

    async fn what_is_new_waits_as_a_whole_and_in_its_order(db: TestDatabase) {
        let team = Team::on(Service::start(db).await).await;
        let set = json!({ "street": "Demopad", "houseNumber": "1", "postcode": "3511 ab", "city": "Utrecht", "precision": "EXACT",
            "facilities": [{ "facility": "TUIN", "present": true }] });
        let location = team.changed("addLocation", json!({ "set": set })).await;
        assert_eq!((&location["version"], &location["live"]), (&Value::Null, &json!([])));
        let postcode = json!({ "field": "POSTCODE", "from": null, "to": "3511AB", "changedSince": false });
        assert!(location["review"]["fields"].as_array().unwrap().contains(&postcode), "{location}");
        let set = json!({ "name": "Demogroep Nieuw", "homogeneity": "HOMOGENEOUS_ZEVMB", "size": 6 });
        let group = team.changed("addCareGroup", json!({ "location": location["id"], "set": set })).await;
        let set = json!({ "name": "Demoplek Nieuw", "careForm": "LOGEREN", "capacity": 2, "leveringsvormen": ["PGB", "ZIN"] });
        let place = team.changed("addPlace", json!({ "careGroup": group["id"], "set": set })).await;
        assert_eq!(team.decide(&place["review"], "APPROVE").await.argument(), "input.review", "its group comes first");
        for one in [&location, &group, &place] {
            team.decide(&one["review"], "APPROVE").await.data("/decideReview/review/id");
        }
        let question = format!(
            "{{ place(id: {}) {{ name leveringsvormen version provider {{ id }} group {{ id size }} location {{ id postcode \
             gemeente {{ code }} facilities {{ facility present }} }} }} }}",
            place["id"]
        );
        let now = team.service.ask(Some(&team.staff), &question).await.data("/place");
        assert_eq!((&now["name"], &now["version"]), (&json!("Demoplek Nieuw"), &json!(1)));
        assert_eq!(now["leveringsvormen"], json!(["ZIN", "PGB"]));
        assert_eq!((&now["group"]["id"], &now["location"]["id"]), (&group["id"], &location["id"]));
        assert_eq!(now["location"]["gemeente"]["code"], "GM0344", "that of its postcode");
        assert_eq!(now["location"]["facilities"], json!([{ "facility": "TUIN", "present": true }]));
        assert_eq!(team.queue(&team.centre, "region: \"ZK23\", status: ACCEPTED").await.len(), 3);
    }
}
