//! What is asked of places.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;

use super::{
    super::{
        enums::{CareCapability, CareForm, Facility, Freshness, Homogeneity, Leveringsvorm, Slot, Weekday, domain},
        error::{ApiError, Result},
        id,
        scalars::{Date, out_of_range},
    },
    NearInput, kwaliteitseis, region, spots,
};
use crate::{
    care::{
        availability::{Dagdelen, Stay},
        calendar::DateError,
        filter::Filter,
    },
    store::View,
};

/// What is asked of places. Lists are OR within unless said otherwise, fields are AND between; an empty list asks for
/// nothing. A place whose value is unknown does not match, unless `includeUnknown`.
#[derive(InputObject, Clone, Debug, Default)]
pub(in crate::graphql) struct PlaceFilter {
    /// Any of these care forms.
    care_forms: Option<Vec<CareForm>>,
    /// Any of these group compositions.
    homogeneity: Option<Vec<Homogeneity>>,
    /// Any of these leveringsvormen.
    leveringsvormen: Option<Vec<Leveringsvorm>>,
    /// Codes such as `3.b`; all must be `MET`, by the kenniscentrum's claim if there is one, else the provider's.
    kwaliteitseisen: Option<Vec<String>>,
    /// All must be present at the location.
    facilities: Option<Vec<Facility>>,
    /// All must be offered by the group.
    care_capabilities: Option<Vec<CareCapability>>,
    /// Whether clients with challenging behaviour are excluded from the group.
    challenging_behaviour_excluded: Option<bool>,
    /// An age in whole years, 0 to 120, that the place takes.
    age: Option<i32>,
    /// Logeren: these nights are free. Not for everybody: see `Place.availability`.
    stay: Option<StayInput>,
    /// Dagbesteding: these half days are free. Not for everybody: see `Place.availability`.
    dagdelen: Option<DagdelenInput>,
    /// Wonen and deeltijdwonen: a spot is free on this date. Not for everybody: see `Place.availability`.
    free_on: Option<Date>,
    /// The place's own vervoer reaches this point.
    vervoer_to: Option<NearInput>,
    /// Any of these.
    freshness: Option<Vec<Freshness>>,
    /// The zorgkantoorregio that the place lies in: its code, such as `ZK23`.
    region: Option<String>,
    /// The provider that the place is of.
    provider: Option<ID>,
    /// Whether places that may match, as far as anybody has stated, are answered too.
    #[graphql(default)]
    include_unknown: bool,
}

/// A stay: every night from `arrive` up to, not including, `depart` has at least `spots` free.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct StayInput {
    /// The first night; not before today.
    arrive: Date,
    /// The morning after the last night; at most 400 days from today.
    depart: Date,
    /// How many spots are needed: 1 to 100.
    #[graphql(default = 1)]
    spots: i32,
}

/// Half days that return: each of these weekdays and half days is free in every week of the period.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct DagdelenInput {
    /// The first date of the period; not before today.
    from: Date,
    /// The last date of the period; at most 400 days from today.
    to: Date,
    /// On which days of the week: at least one.
    weekdays: Vec<Weekday>,
    /// Which half days: `MORNING`, `AFTERNOON` or both.
    slots: Vec<Slot>,
    /// How many spots are needed: 1 to 100.
    #[graphql(default = 1)]
    spots: i32,
}

impl PlaceFilter {
    pub(in crate::graphql) fn read(self, view: &View) -> Result<Filter> {
        let (reference, today) = (view.reference(), view.today());
        let mut kwaliteitseisen = Vec::new();
        for (at, code) in self.kwaliteitseisen.unwrap_or_default().into_iter().enumerate() {
            let code = kwaliteitseis(&format!("filter.kwaliteitseisen.{at}"), code, reference)?;
            if !kwaliteitseisen.contains(&code) {
                kwaliteitseisen.push(code);
            }
        }
        Ok(Filter {
            care_forms: domain(self.care_forms),
            homogeneity: domain(self.homogeneity),
            leveringsvormen: domain(self.leveringsvormen),
            kwaliteitseisen,
            facilities: domain(self.facilities),
            care_capabilities: domain(self.care_capabilities),
            challenging_behaviour_excluded: self.challenging_behaviour_excluded,
            age: self.age.map(age).transpose()?,
            stay: self.stay.map(|stay| stay.read(today)).transpose()?,
            dagdelen: self.dagdelen.map(|dagdelen| dagdelen.read(today)).transpose()?,
            free_on: self.free_on.map(|date| date.askable("filter.freeOn", today)).transpose()?,
            vervoer_to: self.vervoer_to.map(|to| to.destination("filter.vervoerTo", view)).transpose()?,
            freshness: domain(self.freshness),
            region: self.region.map(|code| region("filter.region", code, reference)).transpose()?,
            provider: self.provider.map(|id| id::provider("filter.provider", &id)).transpose()?,
            include_unknown: self.include_unknown,
        })
    }
}

impl StayInput {
    fn read(self, today: NaiveDate) -> Result<Stay> {
        let arrive = self.arrive.askable("filter.stay.arrive", today)?;
        let depart = self.depart.parse_as("filter.stay.depart")?;
        if depart <= arrive {
            let error = DateError::Reversed { later: depart, earlier: arrive, or_same: false };
            return Err(out_of_range("filter.stay.depart", error));
        }
        let depart = self.depart.askable("filter.stay.depart", today)?;
        Ok(Stay { arrive, depart, spots: spots("filter.stay.spots", self.spots)? })
    }
}

impl DagdelenInput {
    fn read(self, today: NaiveDate) -> Result<Dagdelen> {
        let from = self.from.askable("filter.dagdelen.from", today)?;
        let to = self.to.parse_as("filter.dagdelen.to")?;
        if to < from {
            let error = DateError::Reversed { later: to, earlier: from, or_same: true };
            return Err(out_of_range("filter.dagdelen.to", error));
        }
        let to = self.to.askable("filter.dagdelen.to", today)?;
        if self.weekdays.is_empty() {
            return Err(ApiError::input("filter.dagdelen.weekdays", "Name at least one day of the week."));
        }
        if self.slots.is_empty() || self.slots.iter().any(|slot| !matches!(slot, Slot::Morning | Slot::Afternoon)) {
            return Err(ApiError::input("filter.dagdelen.slots", "Name MORNING, AFTERNOON or both."));
        }
        let dagdelen = Dagdelen {
            from,
            to,
            weekdays: domain(Some(self.weekdays)),
            slots: domain(Some(self.slots)),
            spots: spots("filter.dagdelen.spots", self.spots)?,
        };
        if dagdelen.days().next().is_none() {
            return Err(ApiError::input(
                "filter.dagdelen.weekdays",
                "None of these days of the week falls in the period from `from` to `to`.",
            ));
        }
        Ok(dagdelen)
    }
}

fn age(age: i32) -> Result<i32> {
    if (0..=120).contains(&age) {
        Ok(age)
    } else {
        Err(ApiError::input("filter.age", format!("An age is from 0 to 120 years; it was {age}.")))
    }
}
