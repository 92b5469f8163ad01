//! What is asked of places.

use async_graphql::{ID, InputObject, InputType, Value};

use super::{
    super::{
        enums::{CareCapability, CareForm, Facility, Freshness, Homogeneity, Leveringsvorm, domain},
        error::{ApiError, Result},
        id,
        scalars::Date,
    },
    NearInput, dagbesteding, kwaliteitseis, region,
    saved_search::coarse,
    stay::{DagdelenInput, StayInput, StaySeriesInput},
};
use crate::{care::filter::Filter, store::View};

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
    /// Logeren: all of these stays that return are free, in one of the ways to spread them; `Place.staySeries` says how much of
    /// it others can do. Not for everybody: see `Place.availability`.
    stay_series: Option<StaySeriesInput>,
    /// Dagbesteding: these half days are free. Not for everybody: see `Place.availability`.
    dagdelen: Option<DagdelenInput>,
    /// Wonen and deeltijdwonen: a spot is free on this date. Not for everybody: see `Place.availability`.
    free_on: Option<Date>,
    /// The place's own vervoer reaches this point: it fetches people at home here.
    vervoer_to: Option<NearInput>,
    /// The place's own vervoer fetches people at this dagbesteding: the id of a place of care form `DAGBESTEDING`.
    vervoer_from: Option<ID>,
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
            stay_series: self.stay_series.map(|series| series.read("filter.staySeries", today)).transpose()?,
            dagdelen: self.dagdelen.map(|dagdelen| dagdelen.read("filter.dagdelen", today)).transpose()?,
            free_on: self.free_on.map(|date| date.askable("filter.freeOn", today)).transpose()?,
            vervoer_to: self.vervoer_to.map(|to| to.destination("filter.vervoerTo", view)).transpose()?,
            vervoer_from: self.vervoer_from.map(|id| dagbesteding("filter.vervoerFrom", &id, view)).transpose()?,
            freshness: domain(self.freshness),
            region: self.region.map(|code| region("filter.region", code, reference)).transpose()?,
            provider: self.provider.map(|id| id::provider("filter.provider", &id)).transpose()?,
            include_unknown: self.include_unknown,
        })
    }

    /// The filter, and itself as JSON, as both may be kept: of where somebody is only the PC4.
    pub(super) fn kept(mut self, view: &View) -> Result<(Filter, serde_json::Value)> {
        let mut filter = self.clone().read(view)?;
        if let Some(exact) = filter.vervoer_to {
            let to = coarse("filter.vervoerTo", &exact, view)?;
            self.vervoer_to = to.pc4.map(|pc4| NearInput::Postcode(pc4.to_string()));
            filter.vervoer_to = Some(to);
        }
        let asked = match self.to_value() {
            Value::Object(fields) => fields.into_iter().filter(|(_, value)| *value != Value::Null).collect(),
            _ => return Err(ApiError::internal("a filter that is no object")),
        };
        let asked = Value::Object(asked).into_json();
        Ok((filter, asked.map_err(|_| ApiError::internal("a filter that is no JSON"))?))
    }
}

fn age(age: i32) -> Result<i32> {
    if (0..=120).contains(&age) {
        Ok(age)
    } else {
        Err(ApiError::input("filter.age", format!("An age is from 0 to 120 years; it was {age}.")))
    }
}
