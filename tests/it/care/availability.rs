//! Free spots, day by day.

use chrono::{Datelike, NaiveDate, Weekday};
use proptest::{prelude::*, sample::subsequence};
use zorgkaart::care::{
    availability::{Dagdelen, Run, Stay, days, has_room, next_stay, run_on, slots},
    calendar::dates,
    truth::Truth,
    vocabulary::{CareForm, Slot},
};

use super::{date, days_after, instant};

/// Runs begin on or after this date.
fn first() -> NaiveDate {
    date("2026-12-01")
}

/// A date up to a few weeks around the runs.
fn some_date() -> impl Strategy<Value = NaiveDate> {
    (0..60_u64).prop_map(|after| days_after(date("2026-11-25"), after))
}

/// Runs of one slot: with and without gaps between them, of one day and of many.
fn runs_of(slot: Slot) -> impl Strategy<Value = Vec<Run>> {
    prop::collection::vec((prop_oneof![2 => Just(0_u64), 1 => 1..4_u64], 1..8_u64, 0..4), 0..8).prop_map(
        move |gap_length_free| {
            let mut next = first();
            gap_length_free
                .into_iter()
                .map(|(gap, length, free)| {
                    let from = days_after(next, gap);
                    next = days_after(from, length);
                    let to = days_after(from, length - 1);
                    Run { slot, from, to, free, stated_at: instant("2026-11-20T12:00:00Z") }
                })
                .collect()
        },
    )
}

/// Runs of all slots, in the order of slot and date.
fn runs() -> impl Strategy<Value = Vec<Run>> {
    (runs_of(Slot::Night), runs_of(Slot::Morning), runs_of(Slot::Afternoon), runs_of(Slot::Residence))
        .prop_map(|(a, b, c, d)| [a, b, c, d].concat())
}

/// How many are free, by looking at every run; none: not stated.
fn free(runs: &[Run], slot: Slot, day: NaiveDate) -> Option<i32> {
    runs.iter().find(|run| run.slot == slot && run.from <= day && day <= run.to).map(|run| run.free)
}

/// Three-valued "all", by counting.
fn all(room: &[Option<bool>]) -> Truth {
    match (room.contains(&Some(false)), room.contains(&None)) {
        (true, _) => Truth::No,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::Yes,
    }
}

fn naive_next_stay(runs: &[Run], from: NaiveDate, last: NaiveDate, nights: u64, spots: i32) -> Option<NaiveDate> {
    from.iter_days().take_while(|arrive| *arrive <= last).find(|arrive| {
        (0..nights)
            .map(|night| days_after(*arrive, night))
            .all(|night| night <= last && free(runs, Slot::Night, night).is_some_and(|free| free >= spots))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_next_stay_is_the_first_that_a_calendar_shows(
        runs in runs(), from in some_date(), horizon in 0..50_u64, nights in 1..10_u64, spots in 1..4,
    ) {
        let last = days_after(from, horizon);
        prop_assert_eq!(
            next_stay(&runs, from, last, nights, spots),
            naive_next_stay(&runs, from, last, nights, spots)
        );
    }

    #[test]
    fn the_run_of_a_date_is_the_one_that_holds_it(runs in runs(), day in some_date(), spots in 0..4) {
        for slot in Slot::ALL {
            prop_assert_eq!(run_on(&runs, *slot, day).map(|run| run.free), free(&runs, *slot, day));
            let room = has_room(&runs, *slot, day, spots);
            prop_assert_eq!(room, all(&[free(&runs, *slot, day).map(|free| free >= spots)]));
        }
    }

    #[test]
    fn days_are_those_of_the_runs_in_the_order_of_date_and_slot(
        runs in runs(), from in some_date(), to in some_date(),
    ) {
        let mut expected = Vec::new();
        let mut day = from;
        while day <= to {
            for slot in [Slot::Night, Slot::Morning, Slot::Afternoon, Slot::Residence] {
                expected.extend(free(&runs, slot, day).map(|free| (day, slot, free)));
            }
            day = days_after(day, 1);
        }
        let found: Vec<_> = days(&runs, from, to).iter().map(|day| (day.date, day.slot, day.free)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_stay_fits_when_every_night_has_room(
        runs in runs(), arrive in some_date(), nights in 1..12_u64, spots in 1..4,
    ) {
        let stay = Stay { arrive, depart: days_after(arrive, nights), spots };
        let asked: Vec<NaiveDate> = (0..nights).map(|night| days_after(arrive, night)).collect();
        prop_assert_eq!(&stay.nights().collect::<Vec<_>>(), &asked);
        let room: Vec<_> = asked.iter().map(|night| free(&runs, Slot::Night, *night).map(|f| f >= spots)).collect();
        prop_assert_eq!(stay.fits(&runs), all(&room));
    }

    #[test]
    fn dagdelen_fit_when_every_half_day_has_room(
        runs in runs(),
        from in some_date(),
        length in 0..30_u64,
        weekdays in subsequence((0..7).map(|n| Weekday::try_from(n).unwrap()).collect::<Vec<_>>(), 1..=7).prop_shuffle(),
        slots in subsequence(vec![Slot::Morning, Slot::Afternoon], 1..=2).prop_shuffle(),
        spots in 1..4,
    ) {
        let to = days_after(from, length);
        let mut asked = Vec::new();
        let mut room = Vec::new();
        let mut day = from;
        while day <= to {
            if weekdays.iter().any(|weekday| *weekday == day.weekday()) {
                asked.push(day);
                room.extend(slots.iter().map(|slot| free(&runs, *slot, day).map(|free| free >= spots)));
            }
            day = days_after(day, 1);
        }
        let dagdelen = Dagdelen { from, to, weekdays, slots, spots };
        prop_assert_eq!(dagdelen.days().collect::<Vec<_>>(), asked);
        prop_assert_eq!(dagdelen.fits(&runs), all(&room));
    }
}

#[test]
fn a_stay_may_span_runs_that_touch_but_no_gap() {
    let run = |from: &str, to: &str, free| Run {
        slot: Slot::Night,
        from: date(from),
        to: date(to),
        free,
        stated_at: instant("2026-11-20T12:00:00Z"),
    };
    let touching = [run("2026-12-10", "2026-12-12", 1), run("2026-12-13", "2026-12-14", 2)];
    let parted = [run("2026-12-10", "2026-12-11", 1), run("2026-12-13", "2026-12-14", 2)];
    let last = date("2027-12-31");
    assert_eq!(next_stay(&touching, date("2026-12-01"), last, 5, 1), Some(date("2026-12-10")));
    assert_eq!(next_stay(&touching, date("2026-12-01"), last, 2, 2), Some(date("2026-12-13")));
    assert_eq!(next_stay(&parted, date("2026-12-01"), last, 3, 1), None);
    assert_eq!(next_stay(&parted, date("2026-12-11"), last, 2, 1), Some(date("2026-12-13")));
    assert_eq!(next_stay(&parted, date("2026-12-01"), date("2026-12-13"), 2, 2), None, "the last night is too late");
}

#[test]
fn each_care_form_has_its_slots() {
    assert_eq!(slots(CareForm::Logeren), [Slot::Night]);
    assert_eq!(slots(CareForm::Dagbesteding), [Slot::Morning, Slot::Afternoon]);
    assert_eq!(slots(CareForm::Wonen), [Slot::Residence]);
    assert_eq!(slots(CareForm::Deeltijdwonen), [Slot::Residence]);
}

#[test]
fn dates_are_both_included_and_none_when_reversed() {
    assert_eq!(dates(date("2028-02-28"), date("2028-03-01")).count(), 3, "a leap year");
    assert_eq!(dates(date("2026-12-02"), date("2026-12-01")).count(), 0);
}
