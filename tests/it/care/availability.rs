//! Free spots, day by day.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use proptest::{prelude::*, sample::subsequence};
use zorgkaart::care::{
    availability::{
        Dagdelen, Run, Stay, Wanted, days, has_room, next_stay, run_on,
        series::StaySeries,
        slots,
        stated::{Period, PeriodError, above, changes, stated},
    },
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

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn weekday() -> impl Strategy<Value = Weekday> {
    (0..7_usize).prop_map(|day| WEEK[day])
}

fn quotient(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
}

/// Three-valued "all", by counting.
fn all(room: &[Option<bool>]) -> Truth {
    match (room.contains(&Some(false)), room.contains(&None)) {
        (true, _) => Truth::No,
        (false, true) => Truth::Unknown,
        (false, false) => Truth::Yes,
    }
}

fn naive_next_stay(runs: &[Run], wanted: &Wanted, last: NaiveDate) -> Option<NaiveDate> {
    let Wanted { from, nights, weekday, spots } = *wanted;
    from.iter_days().take_while(|arrive| *arrive <= last).find(|arrive| {
        weekday.is_none_or(|weekday| arrive.weekday() == weekday)
            && (0..nights)
                .map(|night| days_after(*arrive, night))
                .all(|night| night <= last && free(runs, Slot::Night, night).is_some_and(|free| free >= spots))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_next_stay_is_the_first_that_a_calendar_shows(
        runs in runs(), from in some_date(), horizon in 0..50_u64, nights in 1..10_u64, spots in 1..4,
        weekday in prop::option::of(weekday()),
    ) {
        let last = days_after(from, horizon);
        let wanted = Wanted { from, nights, weekday, spots };
        prop_assert_eq!(next_stay(&runs, &wanted, last), naive_next_stay(&runs, &wanted, last));
    }

    #[test]
    fn a_series_is_done_as_far_as_a_calendar_shows(
        runs in runs(), from in some_date(), length in 0..80_u64, weekday in weekday(), weeks in 1..5_u64,
        nights in 1..8_u64, spots in 1..3,
    ) {
        let to = days_after(from, length);
        let series = StaySeries { from, to, weekday, nights, every_weeks: weeks, spots };
        let has_room = |night: NaiveDate| free(&runs, Slot::Night, night).map(|free| free >= spots);
        // Every date of the period on which a stay can begin, by the week that it is in.
        let mut ways: BTreeMap<u64, Vec<NaiveDate>> = BTreeMap::new();
        let arrivals = dates(from, to).filter(|day| day.weekday() == weekday);
        for (week, arrival) in (0..).zip(arrivals) {
            if days_after(arrival, nights) <= to {
                ways.entry(week % weeks).or_default().push(arrival);
            }
        }
        let stay = |arrival: NaiveDate| (0..nights).map(move |night| days_after(arrival, night));
        let whole = |arrivals: &[NaiveDate]| {
            arrivals.iter().filter(|arrival| stay(**arrival).all(|night| has_room(night) == Some(true))).count()
        };
        let share = |arrivals: &[NaiveDate]| quotient(whole(arrivals), arrivals.len());
        let best = ways.values().map(|arrivals| share(arrivals)).fold(None, |best: Option<f64>, one| {
            Some(best.map_or(one, |best| best.max(one)))
        });
        let fit = series.best(&runs);
        prop_assert_eq!(fit.as_ref().map(|fit| fit.coverage), best);
        if let Some(fit) = fit {
            // The earliest of the best ways, and what it lacks.
            let (_, arrivals) = ways.iter().find(|(_, arrivals)| share(arrivals).total_cmp(&fit.coverage).is_eq()).unwrap();
            prop_assert_eq!(fit.first, arrivals[0]);
            let missing: Vec<_> = arrivals
                .iter()
                .flat_map(|arrival| stay(*arrival))
                .filter(|night| has_room(*night) != Some(true))
                .map(|night| (night, Slot::Night))
                .collect();
            prop_assert_eq!(fit.missing, missing);
        }
        let all_of = |arrivals: &Vec<NaiveDate>| {
            all(&arrivals.iter().flat_map(|arrival| stay(*arrival)).map(has_room).collect::<Vec<_>>())
        };
        let truths: Vec<Truth> = ways.values().map(all_of).collect();
        let expected = if truths.contains(&Truth::Yes) {
            Truth::Yes
        } else if truths.contains(&Truth::Unknown) {
            Truth::Unknown
        } else {
            Truth::No
        };
        prop_assert_eq!(series.fits(&runs), expected);
    }

    #[test]
    fn half_days_are_done_as_far_as_a_calendar_shows(
        runs in runs(), from in some_date(), length in 0..40_u64, spots in 1..3,
        weekdays in subsequence(WEEK.to_vec(), 1..=7), slots in subsequence(vec![Slot::Morning, Slot::Afternoon], 1..=2),
    ) {
        let dagdelen = Dagdelen { from, to: days_after(from, length), weekdays: weekdays.clone(), slots: slots.clone(), spots };
        let asked: Vec<(NaiveDate, Slot)> = dates(from, days_after(from, length))
            .filter(|day| weekdays.contains(&day.weekday()))
            .flat_map(|day| slots.iter().map(move |slot| (day, *slot)))
            .collect();
        let missing: Vec<_> = asked
            .iter()
            .copied()
            .filter(|(day, slot)| free(&runs, *slot, *day).is_none_or(|free| free < spots))
            .collect();
        match dagdelen.fit(&runs) {
            None => prop_assert!(asked.is_empty()),
            Some(fit) => {
                let share = quotient(asked.len() - missing.len(), asked.len());
                prop_assert!((fit.coverage - share).abs() < 1e-12);
                prop_assert_eq!((fit.first, fit.missing), (asked[0].0, missing));
            }
        }
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
    let next = |runs: &[Run], from: &str, last, nights, spots| {
        next_stay(runs, &Wanted { from: date(from), nights, weekday: None, spots }, last)
    };
    assert_eq!(next(&touching, "2026-12-01", last, 5, 1), Some(date("2026-12-10")));
    assert_eq!(next(&touching, "2026-12-01", last, 2, 2), Some(date("2026-12-13")));
    assert_eq!(next(&parted, "2026-12-01", last, 3, 1), None);
    assert_eq!(next(&parted, "2026-12-11", last, 2, 1), Some(date("2026-12-13")));
    assert_eq!(next(&parted, "2026-12-01", date("2026-12-13"), 2, 2), None, "the last night is too late");
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

/// A run of nights within a few weeks of the runs.
fn run() -> impl Strategy<Value = Run> {
    (some_date(), 0..20_u64, 0..4).prop_map(|(from, length, free)| Run {
        slot: Slot::Night,
        from,
        to: days_after(from, length),
        free,
        stated_at: instant("2026-11-24T12:00:00Z"),
    })
}

/// What somebody may state, of any part of the day, with days of the week and exceptions.
fn period() -> impl Strategy<Value = Period> {
    let slot = prop::option::of(prop_oneof![Just(Slot::Morning), Just(Slot::Afternoon), Just(Slot::Night)]);
    let except = prop::collection::vec((some_date(), 0..9_u64), 0..3);
    (slot, some_date(), 0..40_u64, subsequence(WEEK.to_vec(), 0..=4), except, -1..5).prop_map(
        |(slot, from, length, weekdays, except, free)| Period {
            slot,
            from,
            to: days_after(from, length),
            weekdays,
            except: except.into_iter().map(|(from, length)| (from, days_after(from, length))).collect(),
            free,
        },
    )
}

/// What periods say of one part of one day of dagbesteding: the numbers of the periods that do.
fn speaking(periods: &[Period], slot: Slot, day: NaiveDate) -> Vec<usize> {
    let speaks = |period: &Period| {
        period.slot.is_none_or(|only| only == slot)
            && period.from <= day
            && day <= period.to
            && (period.weekdays.is_empty() || period.weekdays.contains(&day.weekday()))
            && period.except.iter().all(|(from, to)| day < *from || day > *to)
    };
    (0..periods.len()).filter(|at| speaks(&periods[*at])).collect()
}

proptest! {
    #[test]
    fn what_is_left_of_a_run_is_what_lies_outside(runs in runs_of(Slot::Night), cut in run()) {
        for run in runs {
            let left: Vec<NaiveDate> =
                run.outside(cut.from, cut.to).flat_map(|part| dates(part.from, part.to)).collect();
            let expected: Vec<NaiveDate> =
                dates(run.from, run.to).filter(|day| *day < cut.from || *day > cut.to).collect();
            prop_assert_eq!(left, expected);
            for part in run.outside(cut.from, cut.to) {
                prop_assert_eq!((part.free, part.slot, part.stated_at), (run.free, run.slot, run.stated_at));
            }
        }
    }

    #[test]
    fn changes_are_the_days_whose_number_is_another(runs in runs(), stated in run()) {
        let changes = changes(&runs, &stated);
        let listed: Vec<(NaiveDate, Option<i32>)> =
            changes.iter().flat_map(|one| dates(one.from, one.to).map(|day| (day, one.before))).collect();
        let expected: Vec<(NaiveDate, Option<i32>)> = dates(stated.from, stated.to)
            .map(|day| (day, free(&runs, stated.slot, day)))
            .filter(|(_, before)| *before != Some(stated.free))
            .collect();
        prop_assert_eq!(listed, expected);
        prop_assert!(changes.iter().all(|one| one.free == stated.free && one.slot == stated.slot));
        // As few as say it.
        let splits = changes.windows(2).all(|two| {
            two[0].before != two[1].before || days_after(two[0].to, 1) != two[1].from
        });
        prop_assert!(splits, "{:?}", changes);
    }

    #[test]
    fn periods_say_what_they_say_day_by_day(periods in prop::collection::vec(period(), 1..4)) {
        let runs = stated(&periods, CareForm::Dagbesteding, 3, instant("2026-11-24T12:00:00Z"));
        let days = || dates(date("2026-11-20"), date("2027-03-20"));
        let halves = [Slot::Morning, Slot::Afternoon];
        let wrong = |at: usize| {
            let period = &periods[at];
            let foreign = period.slot == Some(Slot::Night);
            let none = || !halves.iter().any(|slot| days().any(|day| speaking(&periods, *slot, day).contains(&at)));
            let twice = || halves.iter().any(|slot| days().any(|day| {
                let speaking = speaking(&periods, *slot, day);
                speaking.contains(&at) && speaking.iter().any(|other| *other < at)
            }));
            foreign || !(0..=3).contains(&period.free) || none() || twice()
        };
        match runs {
            Err((at, _)) => prop_assert!(wrong(at) && (0..at).all(|before| !wrong(before)), "{at}"),
            Ok(runs) => {
                prop_assert!((0..periods.len()).all(|at| !wrong(at)));
                for slot in halves {
                    for day in days() {
                        let said = speaking(&periods, slot, day).first().map(|at| periods[*at].free);
                        prop_assert_eq!(free(&runs, slot, day), said);
                    }
                }
                // In order, and as few as say it.
                prop_assert!(runs.windows(2).all(|two| (two[0].slot, two[0].to) < (two[1].slot, two[1].from)));
                let split = |two: &[Run]| {
                    (two[0].slot, two[0].free) == (two[1].slot, two[1].free) && days_after(two[0].to, 1) == two[1].from
                };
                prop_assert!(!runs.windows(2).any(split));
            }
        }
    }

    #[test]
    fn a_place_cannot_be_smaller_than_what_is_free_from_today_on(runs in runs(), capacity in 0..4, today in some_date()) {
        let above = above(&runs, capacity, today);
        let listed: Vec<_> = above.iter().flat_map(|run| dates(run.from, run.to).map(|day| (run.slot, day))).collect();
        let expected: Vec<_> = runs
            .iter()
            .flat_map(|run| dates(run.from, run.to).map(|day| (run.slot, day)))
            .filter(|(slot, day)| *day >= today && free(&runs, *slot, *day) > Some(capacity))
            .collect();
        prop_assert_eq!(listed, expected);
    }
}

#[test]
fn periods_are_checked_against_the_place_and_each_other() {
    let at = instant("2026-11-24T12:00:00Z");
    let night = |from: &str, to: &str, free| Period {
        slot: Some(Slot::Night),
        from: date(from),
        to: date(to),
        weekdays: Vec::new(),
        except: Vec::new(),
        free,
    };
    let logeren = |periods: &[Period]| stated(periods, CareForm::Logeren, 4, at).map(drop);
    assert_eq!(logeren(&[night("2026-12-01", "2026-12-03", 4), night("2026-12-04", "2026-12-04", 0)]), Ok(()));
    let over = logeren(&[night("2026-12-01", "2026-12-03", 4), night("2026-12-04", "2026-12-04", 5)]);
    assert_eq!(over, Err((1, PeriodError::Free { capacity: 4 })));
    let twice = [
        night("2026-12-01", "2026-12-03", 1),
        night("2026-12-08", "2026-12-09", 1),
        night("2026-12-03", "2026-12-05", 2),
    ];
    assert_eq!(logeren(&twice), Err((2, PeriodError::Overlap { other: 0 })));
    let monday = Period { weekdays: vec![Weekday::Mon], ..night("2026-12-01", "2026-12-04", 1) };
    assert_eq!(logeren(&[monday]), Err((0, PeriodError::Empty)), "a week without its Monday");
    let morning = Period { slot: Some(Slot::Morning), ..night("2026-12-01", "2026-12-03", 1) };
    let error = logeren(&[morning]).unwrap_err();
    assert_eq!(error, (0, PeriodError::Slot { slot: Slot::Morning, care_form: CareForm::Logeren }));
    assert_eq!(error.1.to_string(), "LOGEREN has no MORNING; it has NIGHT");
}
