//! Free spots from a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use chrono::NaiveDate;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::Value;
use zorgkaart::graphql::id::GlobalId;

use super::{ALL, DRY, Files, PARTIAL};
use crate::support::databases::{TestDatabase, on_both_databases};

const HEAD: &str = "provider,place,slot,from,to,free\n";
const PURPOSE: &str = "importAvailability";

/// A place of the demo.
struct Spot {
    id: String,
    provider: String,
    capacity: i64,
}

impl Files {
    /// The places with a care form and room for two, nearest to Utrecht first.
    async fn spots(&self, care_form: &str) -> Vec<Spot> {
        let question = format!(
            "{{ placesNear(near: {{ postcode: \"3511\" }}, filter: {{ careForms: [{care_form}] }}, first: 50) {{ edges {{ node {{
             id capacity provider {{ id }} }} }} }} }}",
        );
        let edges = self.service.ask(None, &question).await.data("/placesNear/edges");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let spot = |edge: &Value| Spot {
            id: text(&edge["node"]["id"]),
            provider: text(&edge["node"]["provider"]["id"]),
            capacity: edge["node"]["capacity"].as_i64().unwrap(),
        };
        edges.as_array().unwrap().iter().map(spot).filter(|spot| spot.capacity > 2).collect()
    }

    /// What is stated of the days of a place: date and slot with the number that is free.
    fn stated(&self, spot: &Spot) -> BTreeMap<(String, &'static str), i32> {
        let Some(GlobalId::Place(id)) = GlobalId::parse(&spot.id) else { panic!("{}", spot.id) };
        let view = self.view();
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = view.availability(view.place(id).unwrap(), date("2026-12-01"), date("2028-01-31")).unwrap();
        days.into_iter().map(|day| ((day.date.to_string(), day.slot.code()), day.free)).collect()
    }
}

on_both_databases! {
    async fn a_file_states_once(db: TestDatabase) {
        let files = Files::of(db).await;
        let nights = &files.spots("LOGEREN").await[0];
        let days = &files.spots("DAGBESTEDING").await[0];
        let before = (files.stated(nights), files.stated(days));
        let file = format!(
            "{HEAD},{night},NIGHT,2027-06-01,2027-06-03,2\r\n{provider},{night},,2027-06-04,2027-06-04,0\r\n\
             ,{day},,2027-06-01,2027-06-01,1\r\n,{day},AFTERNOON,2027-06-02,2027-06-02,'1\r\n",
            night = nights.id, provider = nights.provider, day = days.id,
        ).replace("'1", "1");
        let dry = files.availability(&file, DRY).await;
        assert!(!dry.applied && dry.mistakes.is_empty(), "{:?}", dry.mistakes);
        assert_eq!((files.stated(nights), files.stated(days)), before);
        assert_eq!(files.told(PURPOSE).await, (1, 1));
        let came = files.availability(format!("\u{feff}{file}"), ALL).await;
        assert_eq!((came.applied, came.counts), (true, dry.counts));
        let mut expected = before;
        for (date, free) in [("2027-06-01", 2), ("2027-06-02", 2), ("2027-06-03", 2), ("2027-06-04", 0)] {
            expected.0.insert((date.to_owned(), "NIGHT"), free);
        }
        for (date, slot) in [("2027-06-01", "MORNING"), ("2027-06-01", "AFTERNOON"), ("2027-06-02", "AFTERNOON")] {
            expected.1.insert((date.to_owned(), slot), 1);
        }
        assert_eq!((files.stated(nights), files.stated(days)), expected);
        let versions = "select cast(sum(version) as bigint) from place";
        let (told, sum) = (files.told(PURPOSE).await, files.count(versions).await);
        assert_eq!(told.1, 2);
        // A second time it changes nothing.
        let again = files.availability(&file, ALL).await;
        assert_eq!((again.applied, again.counts), (true, [4, 0, 0, 4, 0]));
        assert_eq!((files.told(PURPOSE).await, files.count(versions).await), ((told.0, told.1 + 1), sum));
    }

    async fn what_is_wrong_is_said_by_row_and_column(db: TestDatabase) {
        let files = Files::of(db).await;
        let spots = files.spots("LOGEREN").await;
        let (one, other) = (&spots[0], &spots[1]);
        let stranger = spots.iter().find(|spot| spot.provider != one.provider).unwrap();
        let nobody = format!("place_{}", "0".repeat(32));
        let cases: Vec<(String, &[(&str, &str)])> = vec![
            (format!(",{},NIGHT,2027-03-01,2027-03-05,1", one.id), &[]),
            (format!(",{},NIGHT,2027-03-05,2027-03-06,2", one.id), &[("from", "line 2 is about some of the same dates")]),
            (format!(",{},,2026-11-30,2026-12-02,1", one.id), &[("from", "in the past")]),
            (format!(",{},,2027-04-01,2028-06-01,1", one.id), &[("to", "too far ahead")]),
            (format!(",{},,2027-04-03,2027-04-01,1", one.id), &[("to", "on or after")]),
            (format!(",{},MORNING,2027-04-01,2027-04-01,1", one.id), &[("slot", "LOGEREN has no MORNING")]),
            (format!(",{},night,2027-04-01,2027-04-01,1", one.id), &[("slot", "NIGHT, MORNING")]),
            (format!(",{},,2027-04-01,2027-04-01,{}", one.id, one.capacity + 1), &[("free", "spots, so from 0 to")]),
            (format!(",{},,2027-04-01,2027-04-01,-1", one.id), &[("free", "spots, so from 0 to")]),
            (format!(",{},,1-4-2027,2027-02-30,=1+1", one.id), &[("from", "written as 2026-12-01"), ("to", "written as"), ("free", "in digits")]),
            (format!(",{nobody},,2027-04-01,2027-04-01,1"), &[("place", "no such place")]),
            (",HUIS-1,,2027-04-01,2027-04-01,1".into(), &[("place", "no such place")]),
            (format!("P-1,{},,2027-04-01,2027-04-01,1", one.id), &[("provider", "no such provider")]),
            (format!("{},{},,2027-04-01,2027-04-01,1", stranger.provider, one.id), &[("provider", "not one of this provider")]),
            (format!(",{},,2027-04-01,2027-04-01,1", one.provider), &[("place", "neither an id")]),
            (format!(",{},NIGHT,2027-03-01,2027-03-05,1", other.id), &[]),
            (",,,2027-04-01,2027-04-01,1".into(), &[("place", "cannot be left empty")]),
            ("a,b".into(), &[("-", "not as many cells")]),
        ];
        let mut file = HEAD.to_owned();
        let mut expected = Vec::new();
        for (line, (row, wrong)) in (2..).zip(&cases) {
            writeln!(file, "{row}").unwrap();
            expected.extend(wrong.iter().map(|(column, reason)| (line, *column, *reason)));
        }
        let before = (files.stated(one), files.stated(other));
        for options in [ALL, DRY] {
            let came = files.availability(&file, options).await;
            came.has(&expected);
            assert!(!came.applied);
            assert_eq!((files.stated(one), files.stated(other)), before, "all or nothing");
        }
        let came = files.availability(&file, PARTIAL).await;
        came.has(&expected);
        assert!(came.applied);
        for spot in [one, other] {
            let stated = files.stated(spot);
            assert_eq!(stated[&("2027-03-01".to_owned(), "NIGHT")], 1);
            assert_ne!(stated.get(&("2027-03-06".to_owned(), "NIGHT")), Some(&2), "the bad row of line 3");
        }
    }
}

/// Rows of two places, good and bad, against a calendar of which every day is written by hand.
#[test]
fn rows_do_what_a_naive_calendar_does() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (files, spots) = runtime.block_on(async {
        let files = Files::of(TestDatabase::sqlite().await).await;
        let mut spots = files.spots("LOGEREN").await;
        spots.truncate(2);
        (files, spots)
    });
    let first = NaiveDate::from_ymd_opt(2026, 11, 28).unwrap();
    let row = (0..2_usize, 0..30_u64, -2..6_i64, -1..6_i64);
    let mut runner = TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() });
    let asked = runner.run(&prop::collection::vec(row, 1..12), |rows| {
        let mut expected = [files.stated(&spots[0]), files.stated(&spots[1])];
        let mut said: [BTreeSet<String>; 2] = Default::default();
        let (mut file, mut bad) = (HEAD.to_owned(), 0);
        for (which, from, length, free) in rows {
            let spot = &spots[which];
            let from = first + chrono::Days::new(from);
            let to = from + chrono::TimeDelta::days(length);
            writeln!(file, ",{},NIGHT,{from},{to},{free}", spot.id).unwrap();
            let days: Vec<String> = from.iter_days().take_while(|day| *day <= to).map(|day| day.to_string()).collect();
            let today = "2026-12-01".to_owned();
            let right = !days.is_empty() && days[0] >= today && (0..=spot.capacity).contains(&free);
            if !right || days.iter().any(|day| said[which].contains(day)) {
                bad += 1;
                continue;
            }
            for day in days {
                said[which].insert(day.clone());
                expected[which].insert((day, "NIGHT"), i32::try_from(free).unwrap());
            }
        }
        let came = runtime.block_on(files.availability(&file, PARTIAL));
        prop_assert_eq!(came.counts[4], bad, "{:?}", came.mistakes);
        prop_assert_eq!([files.stated(&spots[0]), files.stated(&spots[1])], expected);
        Ok(())
    });
    asked.unwrap();
}
