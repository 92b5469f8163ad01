//! Care that returns: who can do all of it, and how much of it others can.

use serde_json::{Value, json};
use zorgkaart::care::vocabulary::CareForm;

use super::Own;
use crate::support::{databases::on_both_databases, service::Service};

on_both_databases! {
    async fn one_weekend_in_four_is_found_whatever_the_week(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        let holder = service.holder("DEMO-0001").await;
        own.set(&service, &own.nights("2027-01-01", "2027-06-30", 0)).await.data("/setAvailability/version");
        // From 15 January on, one weekend in four.
        let weekends = ["2027-01-15", "2027-02-12", "2027-03-12", "2027-04-09", "2027-05-07", "2027-06-04"];
        for friday in weekends {
            let saturday = format!("{}{:02}", &friday[..8], friday[8..].parse::<u32>().unwrap() + 1);
            own.set(&service, &own.nights(friday, &saturday, 1)).await.data("/setAvailability/version");
        }
        let ask = async |changes: Value| {
            let mut series = json!({ "from": "2027-01-01", "to": "2027-06-30", "weekday": "FRIDAY" });
            series.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let query = "query($id: ID!, $series: StaySeriesInput!, $filter: PlaceFilter!) {
                place(id: $id) { staySeries(series: $series) { coverage first missing { date slot } } }
                placesNear(near: { postcode: \"3511\" }, filter: $filter, first: 100) { edges { node { id } } } }";
            let filter = json!({ "staySeries": series });
            let variables = json!({ "id": own.id, "series": series, "filter": filter });
            let answer = service.ask_with(Some(&holder), query, variables).await.data("");
            let found = answer["placesNear"].to_string().contains(&own.id);
            (answer["place"]["staySeries"].clone(), found)
        };
        let (fit, found) = ask(json!({})).await;
        assert_eq!(fit, json!({ "coverage": 1.0, "first": "2027-01-15", "missing": [] }));
        assert!(found);
        // Three nights are too many, and so are two spots.
        let (fit, found) = ask(json!({ "nights": 3 })).await;
        assert_eq!((&fit["coverage"], found), (&json!(0.0), false));
        assert!(!ask(json!({ "spots": 2 })).await.1);
        // One in two weeks is half done.
        let (fit, found) = ask(json!({ "everyWeeks": 2 })).await;
        assert!((0.4..=0.6).contains(&fit["coverage"].as_f64().unwrap()), "{fit}");
        assert_eq!((&fit["first"], found), (&json!("2027-01-01"), false));
        assert!(fit["missing"].as_array().unwrap().contains(&json!({ "date": "2027-01-01", "slot": "NIGHT" })));
        // The next weekend, and not just the next night.
        let query = format!("{{ place(id: \"{}\") {{
            any: nextStay(nights: 1, from: \"2027-01-01\")
            weekend: nextStay(nights: 2, from: \"2027-01-16\", weekday: FRIDAY)
            saturday: nextStay(nights: 1, from: \"2027-01-01\", weekday: SATURDAY) }} }}", own.id);
        let next = service.ask(Some(&holder), &query).await.data("/place");
        assert_eq!(next, json!({ "any": "2027-01-15", "weekend": "2027-02-12", "saturday": "2027-01-16" }));
    }

    async fn every_tuesday_and_thursday_morning(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Dagbesteding).await;
        let holder = service.holder("DEMO-0001").await;
        let period = |weekdays: Value, free: i32| json!({ "from": "2027-01-01", "to": "2027-03-31", "weekdays": weekdays, "free": free });
        let periods = json!([period(json!(["TUESDAY", "THURSDAY"]), 1), period(json!(["MONDAY", "WEDNESDAY", "FRIDAY"]), 0)]);
        own.set(&service, &json!({ "place": own.id, "periods": periods })).await.data("/setAvailability/version");
        let query = "query($id: ID!, $dagdelen: DagdelenInput!) { place(id: $id) { dagdelen(dagdelen: $dagdelen) {
            coverage first missing { date slot } } } }";
        let ask = async |weekdays: Value| {
            let dagdelen = json!({ "from": "2027-01-01", "to": "2027-03-31", "weekdays": weekdays, "slots": ["MORNING"] });
            service.ask_with(Some(&holder), query, json!({ "id": own.id, "dagdelen": dagdelen })).await.data("/place/dagdelen")
        };
        let fit = ask(json!(["TUESDAY", "THURSDAY"])).await;
        assert_eq!(fit, json!({ "coverage": 1.0, "first": "2027-01-05", "missing": [] }));
        let fit = ask(json!(["TUESDAY", "FRIDAY"])).await;
        assert_eq!(fit["coverage"], 0.5);
        assert_eq!(fit["missing"][0], json!({ "date": "2027-01-01", "slot": "MORNING" }));
        // It is another question at a logeerplek.
        let stay = Own::of(&service, CareForm::Logeren).await;
        let dagdelen = json!({ "from": "2027-01-01", "to": "2027-03-31", "weekdays": ["TUESDAY"], "slots": ["MORNING"] });
        let answer = service.ask_with(Some(&holder), query, json!({ "id": stay.id, "dagdelen": dagdelen })).await;
        assert_eq!(answer.data("/place/dagdelen"), Value::Null);
    }

    async fn what_is_wrong_with_a_series_is_named(db: TestDatabase) {
        let service = Service::start(db).await;
        let own = Own::of(&service, CareForm::Logeren).await;
        for (changes, field) in [
            (json!({ "from": "2026-11-30" }), "from"),
            (json!({ "from": "soon" }), "from"),
            (json!({ "to": "2026-12-31" }), "to"),
            (json!({ "to": "2028-01-06" }), "to"),
            (json!({ "to": "2027-01-02" }), "to"),
            (json!({ "nights": 0 }), "nights"),
            (json!({ "nights": 61 }), "nights"),
            (json!({ "everyWeeks": 0 }), "everyWeeks"),
            (json!({ "everyWeeks": 27 }), "everyWeeks"),
            (json!({ "nights": 8, "everyWeeks": 1 }), "everyWeeks"),
            (json!({ "spots": 0 }), "spots"),
        ] {
            let mut series = json!({ "from": "2027-01-01", "to": "2027-06-30", "weekday": "FRIDAY" });
            series.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let query = "query($id: ID!, $series: StaySeriesInput!) { place(id: $id) { staySeries(series: $series) { coverage } } }";
            let answer = service.ask_with(Some(&own.token), query, json!({ "id": own.id, "series": series })).await;
            assert_eq!((answer.code(), answer.argument()), (json!("BAD_USER_INPUT"), json!(format!("series.{field}"))), "{changes}");
            let query = "query($series: StaySeriesInput!) { placesNear(near: { postcode: \"3511\" }, filter: { staySeries: $series }) {
                edges { cursor } } }";
            let answer = service.ask_with(Some(&own.token), query, json!({ "series": series })).await;
            assert_eq!(answer.argument(), format!("filter.staySeries.{field}"), "{changes}");
        }
    }
}
