//! Every field of the filter, each with care form and homogeneity: none may be slow.

use chrono::{TimeDelta, Weekday};
use kaart::care::{
    availability::{Dagdelen, Stay, series::StaySeries},
    filter::Filter,
    freshness::Freshness,
    ordinals::Ordinals,
    plan::Search,
    snapshot::Snapshot,
    vervoer::Destination,
    vocabulary::{CareCapability, CareForm, Facility, Leveringsvorm, Slot},
};

use crate::{
    data::START,
    figures::Figures,
    searches::{moment, search},
};

type Ask = fn(&mut Filter, &Destination);

const FILTERS: [(&str, Ask); 17] = [
    ("2 nights, 2 spots", |filter, _| filter.stay = Some(stay(2))),
    ("2 nights, 3 spots, vervoer", |filter, home| {
        filter.stay = Some(stay(3));
        filter.vervoer_to = Some(home.clone());
    }),
    ("2 nights, or not stated", |filter, _| {
        filter.stay = Some(stay(1));
        filter.include_unknown = true;
    }),
    ("2 nights, 2 spots, vervoer, or not stated", |filter, home| {
        filter.stay = Some(stay(2));
        filter.vervoer_to = Some(home.clone());
        filter.include_unknown = true;
    }),
    ("a weekend in four weeks for half a year", |filter, _| filter.stay_series = Some(series(1))),
    ("the same, 2 spots", |filter, _| filter.stay_series = Some(series(2))),
    ("dagbesteding: two days a week for two months", |filter, _| ask_dagdelen(filter, 1)),
    ("the same, 2 spots", |filter, _| ask_dagdelen(filter, 2)),
    ("wonen: free on a date", |filter, _| {
        filter.care_forms = vec![CareForm::Wonen];
        filter.free_on = Some(START);
    }),
    ("leveringsvorm, challenging behaviour excluded", |filter, _| {
        filter.leveringsvormen = vec![Leveringsvorm::Pgb];
        filter.challenging_behaviour_excluded = Some(true);
    }),
    ("2 facilities, 1 capability", |filter, _| {
        filter.facilities = Facility::ALL[..2].to_vec();
        filter.care_capabilities = CareCapability::ALL[..1].to_vec();
    }),
    ("a kwaliteitseis", |filter, _| filter.kwaliteitseisen = vec!["1.a".into()]),
    ("an age", |filter, _| filter.age = Some(10)),
    ("fresh", |filter, _| filter.freshness = vec![Freshness::Fresh]),
    ("vervoer from home", |filter, home| filter.vervoer_to = Some(home.clone())),
    ("vervoer from dagbesteding", |filter, home| filter.vervoer_from = Some(home.clone())),
    ("2 nights, an age, fresh, vervoer", |filter, home| {
        filter.stay = Some(stay(1));
        filter.age = Some(10);
        filter.freshness = vec![Freshness::Fresh];
        filter.vervoer_to = Some(home.clone());
    }),
];

pub(crate) fn measure(snapshot: &Snapshot, origins: &[Destination]) {
    println!("| care form, homogeneity and | found of 20 | µs: median (p99) |\n|---|---|---|");
    let replaced = Ordinals::default();
    for (name, ask) in FILTERS {
        let asked = origins.iter().map(|home| {
            let mut search = search(1, home);
            ask(&mut search.filter, home);
            search
        });
        let searches: Vec<Search> = asked.collect();
        let run = |search: &Search| search.run(snapshot, moment(), &replaced);
        let found = searches.iter().map(|search| run(search).len()).sum::<usize>() / searches.len();
        let took = Figures::of(&searches, 1, run);
        println!("| {name} | {found} | {:.1} ({:.0}) |", took.median(), took.p99());
    }
    println!();
}

fn stay(spots: i32) -> Stay {
    let arrive = START + TimeDelta::days(11);
    Stay { arrive, depart: arrive + TimeDelta::days(2), spots }
}

fn series(spots: i32) -> StaySeries {
    let to = START + TimeDelta::days(180);
    StaySeries { from: START, to, weekday: Weekday::Fri, nights: 2, every_weeks: 4, spots }
}

fn ask_dagdelen(filter: &mut Filter, spots: i32) {
    filter.care_forms = vec![CareForm::Dagbesteding];
    filter.dagdelen = Some(Dagdelen {
        from: START,
        to: START + TimeDelta::days(60),
        weekdays: vec![Weekday::Mon, Weekday::Tue],
        slots: vec![Slot::Morning, Slot::Afternoon],
        spots,
    });
}
