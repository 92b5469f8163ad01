//! Dates, stays and half days.

use serde_json::{Value, json};

use super::{Asked, Bad, By, bad};

const CALENDAR: &str = "year first, such as 2026-12-31";
/// 400 days after the demo's date.
const LAST: &str = "2028-01-05";

/// What is no date, whatever it is for.
fn no_dates(argument: &'static str) -> Vec<Bad> {
    let wrong = |text: &str, says| bad(By::Field, "Date!", json!(text), argument, says);
    let mut values: Vec<Bad> = [
        "",
        "2026-02-30",
        "2026-13-01",
        "2026-00-10",
        "10000-01-01",
        "+12026-01-01",
        "-0001-01-01",
        "2026-1-1",
        "26-12-2026",
        "12/26/2026",
        "20261226",
        "2026-12-26T00:00:00Z",
        "2026-W52-1",
        "tomorrow",
        " 2026-12-26",
        "2026-12-26\u{0}",
        "２０２６-12-26",
        "2026-12-2\u{202e}",
        "2027-02-29",
    ]
    .into_iter()
    .map(|text| wrong(text, CALENDAR))
    .collect();
    values.push(wrong("2026-11-30", "the first date that can be asked about is today, 2026-12-01"));
    values.push(wrong("0000-01-01", "in the past"));
    values.push(wrong("2028-01-06", "the last date that can be asked about is 2028-01-05, 400 days from today"));
    values.push(wrong("9999-12-31", "too far ahead"));
    values.push(bad(By::Type, "Date!", json!(20_261_226), argument, "Date"));
    values
}

#[tokio::test]
async fn a_date_is_a_day_from_today_to_400_days_ahead() {
    let asked = Asked::sqlite().await;
    let place = &asked.place;
    asked
        .refuses(
            &format!("place(id: \"{place}\") {{ availability(from: $v, to: \"{LAST}\") {{ date }} }}"),
            &no_dates("from"),
        )
        .await;
    asked.refuses(&format!("place(id: \"{place}\") {{ nextStay(from: $v) }}"), &no_dates("from")).await;
    let near = "near: {postcode: \"3511\"}";
    asked
        .refuses(
            &format!("placesNear({near}, filter: {{freeOn: $v}}) {{ edges {{ cursor }} }}"),
            &no_dates("filter.freeOn"),
        )
        .await;
    let stay =
        format!("placesNear({near}, filter: {{stay: {{arrive: $v, depart: \"{LAST}\"}}}}) {{ edges {{ cursor }} }}");
    asked.refuses(&stay, &no_dates("filter.stay.arrive")).await;
    // The first and the last day themselves can be asked about.
    for date in ["2026-12-01", LAST] {
        let query =
            format!("{{ place(id: \"{place}\") {{ availability(from: \"{date}\", to: \"{date}\") {{ date }} }} }}");
        asked.ask(&query, json!({})).await.data("/place/availability");
    }
}

#[tokio::test]
async fn a_period_ends_after_it_begins() {
    let asked = Asked::sqlite().await;
    let place = &asked.place;
    let to = |text: &str, says| bad(By::Field, "Date!", json!(text), "to", says);
    let availability = format!("place(id: \"{place}\") {{ availability(from: \"2026-12-12\", to: $v) {{ date }} }}");
    let values = [
        to("2026-12-11", "2026-12-11 must come on or after 2026-12-12"),
        to("2026-11-30", "must come on or after 2026-12-12"),
        to("2028-01-06", LAST),
        to("2026-02-30", CALENDAR),
    ];
    asked.refuses(&availability, &values).await;

    let stay = |value: Value, argument, says| bad(By::Field, "StayInput!", value, argument, says);
    let dates = |arrive: &str, depart: &str| json!({"arrive": arrive, "depart": depart});
    let values = [
        stay(dates("2026-12-14", "2026-12-12"), "filter.stay.depart", "2026-12-12 must come after 2026-12-14"),
        stay(dates("2026-12-12", "2026-12-12"), "filter.stay.depart", "must come after 2026-12-12"),
        stay(dates("2026-12-12", "2028-01-06"), "filter.stay.depart", LAST),
        stay(dates("2026-12-12", "2026-02-30"), "filter.stay.depart", CALENDAR),
        stay(dates("2026-11-28", "2026-12-03"), "filter.stay.arrive", "in the past"),
        stay(json!({"arrive": "2026-12-12", "depart": "2026-12-14", "spots": 0}), "filter.stay.spots", "from 1 to 100"),
        stay(
            json!({"arrive": "2026-12-12", "depart": "2026-12-14", "spots": -1}),
            "filter.stay.spots",
            "from 1 to 100",
        ),
        stay(
            json!({"arrive": "2026-12-12", "depart": "2026-12-14", "spots": 101}),
            "filter.stay.spots",
            "from 1 to 100",
        ),
        bad(By::Type, "StayInput!", json!({"arrive": "2026-12-12"}), "filter.stay", ""),
        bad(By::Type, "StayInput!", json!({"arrive": "2026-12-12", "depart": null}), "filter.stay.depart", ""),
    ];
    let field = "placesNear(near: {postcode: \"3511\"}, filter: {stay: $v}) { edges { cursor } }";
    asked.refuses(field, &values).await;
}

#[tokio::test]
async fn half_days_are_of_a_weekday_in_the_period() {
    let asked = Asked::sqlite().await;
    let half_days = |from: &str, to: &str, weekdays: Value, slots: Value| json!({"from": from, "to": to, "weekdays": weekdays, "slots": slots});
    let wrong = |value: Value, argument, says| bad(By::Field, "DagdelenInput!", value, argument, says);
    let (from, to) = ("2026-12-07", "2026-12-31");
    let (mondays, mornings) = (|| json!(["MONDAY"]), || json!(["MORNING"]));
    let mut spots = half_days(from, to, mondays(), mornings());
    spots["spots"] = json!(0);
    let values = [
        wrong(half_days(from, to, json!([]), mornings()), "filter.dagdelen.weekdays", "at least one day"),
        wrong(half_days(from, to, mondays(), json!([])), "filter.dagdelen.slots", "MORNING, AFTERNOON or both"),
        wrong(half_days(from, to, mondays(), json!(["NIGHT"])), "filter.dagdelen.slots", "MORNING, AFTERNOON or both"),
        wrong(
            half_days(from, to, mondays(), json!(["MORNING", "RESIDENCE"])),
            "filter.dagdelen.slots",
            "MORNING, AFTERNOON or both",
        ),
        wrong(
            half_days("2026-12-08", "2026-12-13", mondays(), mornings()),
            "filter.dagdelen.weekdays",
            "None of these days of the week falls in the period",
        ),
        wrong(half_days(to, from, mondays(), mornings()), "filter.dagdelen.to", "on or after 2026-12-31"),
        wrong(half_days("2026-11-30", to, mondays(), mornings()), "filter.dagdelen.from", "in the past"),
        wrong(half_days(from, "2028-01-06", mondays(), mornings()), "filter.dagdelen.to", LAST),
        wrong(half_days(from, "soon", mondays(), mornings()), "filter.dagdelen.to", CALENDAR),
        wrong(spots, "filter.dagdelen.spots", "from 1 to 100"),
        bad(
            By::Type,
            "DagdelenInput!",
            half_days(from, to, json!(["FUNDAY"]), mornings()),
            "filter.dagdelen.weekdays.0",
            "",
        ),
        bad(By::Type, "DagdelenInput!", json!({"from": from, "to": to}), "filter.dagdelen", ""),
    ];
    let field = "placesNear(near: {postcode: \"3511\"}, filter: {dagdelen: $v}) { edges { cursor } }";
    asked.refuses(field, &values).await;
}

#[tokio::test]
async fn a_next_stay_is_of_1_to_60_nights() {
    let asked = Asked::sqlite().await;
    let field = |argument: &str| format!("place(id: \"{}\") {{ nextStay({argument}: $v) }}", asked.place);
    for (argument, says, most) in [("nights", "from 1 to 60", 60), ("spots", "from 1 to 100", 100)] {
        let wrong: Vec<Bad> = [0, -1, most + 1, i32::MAX, i32::MIN]
            .map(|number| bad(By::Field, "Int!", json!(number), argument, says))
            .into();
        asked.refuses(&field(argument), &wrong).await;
    }
    let kinds = [json!(1.5), json!("2"), json!(true)].map(|value| bad(By::Type, "Int!", value, "nights", "Int"));
    asked.refuses(&field("nights"), &kinds).await;
}
