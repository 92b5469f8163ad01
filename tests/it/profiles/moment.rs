//! What a place stated on a day is what was written down on that day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeZone, Utc};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use zorgkaart::care::{
    availability::{
        Run,
        stated::{Change, changes},
    },
    profile::{
        Difference,
        moment::{Moment, availability},
    },
    vocabulary::{ClaimSource, MapField, MapObject, Slot},
};

/// Something that happens to a place.
#[derive(Clone, Debug)]
enum Step {
    Field(MapObject, MapField, Option<i32>),
    Claim(&'static str, ClaimSource, i32),
    Free {
        from: u64,
        length: u64,
        free: i32,
    },
    /// Nothing more on this day.
    Night,
}

fn step() -> impl Strategy<Value = Step> {
    let object = select(vec![MapObject::Place, MapObject::CareGroup]);
    let field = select(vec![MapField::Name, MapField::Size, MapField::WaitingList]);
    prop_oneof![
        (object, field, any::<Option<u8>>()).prop_map(|(object, field, value)| Step::Field(
            object,
            field,
            value.map(Into::into)
        )),
        (select(vec!["1.a", "8"]), select(ClaimSource::ALL.to_vec()), 0..3)
            .prop_map(|(code, source, n)| Step::Claim(code, source, n)),
        (0..40_u64, 0..12_u64, 0..3).prop_map(|(from, length, free)| Step::Free { from, length, free }),
        Just(Step::Night),
    ]
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2028, 2, 1).unwrap().checked_add_days(Days::new(number)).unwrap()
}

/// Makes a step, and says what the history keeps of it.
fn make(now: &mut Moment, step: &Step) -> Option<(MapObject, Difference)> {
    match step {
        Step::Field(object, field, value) => {
            let from = now.values.get(&(*object, *field)).cloned().unwrap_or_default();
            let to = json!(value);
            now.set(*object, *field, to.clone());
            Some((*object, Difference { field: *field, from, to }))
        }
        Step::Claim(code, source, number) => {
            let to = json!({ "code": code, "source": source, "status": number });
            let from = now.claims.insert(((*code).to_owned(), *source), to.clone()).unwrap_or(Value::Null);
            Some((MapObject::Place, Difference { field: MapField::Claim, from, to }))
        }
        Step::Free { from, length, free } => {
            let run = |from, to, free| Run { slot: Slot::Night, from, to, free, stated_at: Utc.timestamp_nanos(0) };
            let held: Vec<Run> = now.free.iter().map(|((_, date), free)| run(*date, *date, *free)).collect();
            let changed: Vec<Change> = changes(&held, &run(day(*from), day(from + length), *free));
            now.free.extend((*from..=from + length).map(|number| ((Slot::Night, day(number)), *free)));
            availability(&changed).map(|difference| (MapObject::Place, difference))
        }
        Step::Night => None,
    }
}

proptest! {
    #[test]
    fn taking_back_leads_to_every_day_before(steps in vec(step(), 0..60)) {
        let (mut now, mut snapshots, mut history) = (Moment::default(), BTreeMap::new(), Vec::new());
        let mut today = 0;
        for step in &steps {
            if matches!(step, Step::Night) {
                snapshots.insert(today, now.clone());
                today += 1;
            }
            history.extend(make(&mut now, step).map(|(object, one)| (today, object, one)));
        }
        snapshots.insert(today, now.clone());
        for (day, snapshot) in snapshots {
            let mut then = now.clone();
            for (_, object, one) in history.iter().rev().filter(|(on, ..)| *on > day) {
                then.take_back(*object, one);
            }
            prop_assert_eq!(&then, &snapshot, "day {}", day);
        }
    }
}
