//! What is asked of the index.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use kaart::care::{
    availability::Stay,
    filter::{Filter, Moment},
    freshness::FreshnessRule,
    plan::Search,
    vervoer::Destination,
    vocabulary::{CareForm, Homogeneity},
};

use crate::{PAGE, data::START};

pub(crate) fn moment() -> Moment {
    Moment { now: START.and_time(NaiveTime::MIN).and_utc(), freshness: FreshnessRule::default() }
}

/// The first and last night of the stay that is asked for.
pub(crate) fn nights() -> (NaiveDate, NaiveDate) {
    (START + TimeDelta::days(11), START + TimeDelta::days(12))
}

pub(crate) fn search(kind: usize, home: &Destination) -> Search {
    let mut filter = Filter::default();
    if kind >= 1 {
        filter.care_forms = vec![CareForm::Logeren];
        filter.homogeneity = vec![Homogeneity::HomogeneousZevmb];
    }
    if kind >= 2 {
        let (arrive, last) = nights();
        filter.stay = Some(Stay { arrive, depart: last + TimeDelta::days(1), spots: 1 });
    }
    if kind >= 3 {
        filter.vervoer_to = Some(home.clone());
    }
    Search { near: home.clone(), radius_km: None, filter, wishes: Vec::new(), after: None, limit: PAGE }
}
