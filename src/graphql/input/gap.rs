//! What is asked of the gap analysis.

use async_graphql::{ID, InputObject, InputType, OneofObject, Value};

use super::{
    super::{
        enums::{CareForm, CatchmentMethod, DemandSource, DistanceDecay},
        error::{ApiError, Result},
        id,
        scalars::{Date, out_of_range},
    },
    NearInput, PlaceFilter,
    near::PointInput,
    region, sentence,
};
use crate::{
    care::{
        calendar::DateError,
        demand::Quarter,
        gap::{
            catchment::{Catchment, Decay, MOST_KM, Method},
            question::{Question, default_catchment_km, default_spots_per_family},
            scenario::{Change, MOST_CHANGES, ScenarioError},
            supply::{Supply, SupplyKind},
        },
    },
    geo::Point,
    store::View,
};

/// The most spots of a group that somebody thinks of.
const MOST_SPOTS: i32 = 1_000;
/// How far a point may be from the point of the nearest postcode to count as land, km.
const LAND_KM: f64 = 5.0;

/// What the gap analysis is asked. Each answer is computed from demand as published (or estimated) and from what the map says of
/// places, and from nothing else.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct GapInput {
    /// For which care form.
    care_form: CareForm,
    /// Whose demand.
    #[graphql(default_with = "DemandSource::Passports")]
    source: DemandSource,
    /// The quarter of the publication, such as `2026-Q4`; left out: the last. Only with `PASSPORTS`.
    quarter: Option<String>,
    /// How far families go, km: more than 0 and at most 150; left out: 30 for logeren, 15 for dagbesteding, 40 for wonen and
    /// deeltijdwonen.
    catchment_km: Option<f64>,
    /// How distance weighs.
    #[graphql(default_with = "DistanceDecay::None")]
    decay: DistanceDecay,
    /// With `GAUSSIAN`: b in exp(-d²/2b²), km, more than 0 and at most 150; left out: a third of the catchment.
    bandwidth_km: Option<f64>,
    /// Which method.
    #[graphql(default_with = "CatchmentMethod::TwoStep")]
    method: CatchmentMethod,
    /// Count free spots of a period instead of all spots; a day of which nothing is stated counts as full.
    free: Option<FreePeriodInput>,
    /// Which places count, without `careForms`: only homogeneous groups with waking night care, say. Left out: all of the care
    /// form.
    filter: Option<PlaceFilter>,
    /// Spots that one family needs: more than 0 and at most 10; left out: 0.25 for logeren (a weekend a month, so that four
    /// families share one), 0.5 for deeltijdwonen, 1 for the others. These are assumptions.
    spots_per_family: Option<f64>,
}

/// A period whose free spots count, on the mean of its days.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct FreePeriodInput {
    /// The first date; not before today.
    from: Date,
    /// The last date; at most 400 days from today.
    to: Date,
}

/// A change of places that somebody thinks of: exactly one field.
#[derive(OneofObject, Clone, Debug)]
pub(in crate::graphql) enum ScenarioChangeInput {
    /// A new place.
    Add(NewPlaceInput),
    /// A place goes somewhere else.
    Move(MovePlaceInput),
    /// A place closes: its id.
    Close(ID),
    /// A place gets another number of spots.
    Resize(ResizePlaceInput),
}

/// A place that somebody thinks of.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct NewPlaceInput {
    /// Where: on land in the Netherlands.
    at: PointInput,
    /// How many spots: 1 to 1,000.
    spots: i32,
}

/// A place that goes somewhere else.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct MovePlaceInput {
    /// The id of the place.
    place: ID,
    /// Where to: on land in the Netherlands.
    to: PointInput,
}

/// A place that gets another number of spots.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct ResizePlaceInput {
    /// The id of the place.
    place: ID,
    /// How many spots then: 1 to 1,000.
    spots: i32,
}

impl GapInput {
    /// The question; `at` names the argument.
    pub(in crate::graphql) fn read(self, at: &str, view: &View) -> Result<Question> {
        let argument = |field: &str| format!("{at}.{field}");
        let care_form = self.care_form.into();
        let source = self.source.into();
        let quarter = self.quarter.map(|text| quarter(&argument("quarter"), &text)).transpose()?;
        if quarter.is_some() && self.source == DemandSource::Estimate {
            return Err(ApiError::input(
                argument("quarter"),
                "An estimate has no quarter; leave it out, or ask PASSPORTS.",
            ));
        }
        let km = self.catchment_km.unwrap_or(default_catchment_km(care_form));
        let km = distance(&argument("catchmentKm"), km)?;
        let bandwidth = self.bandwidth_km.map(|b| distance(&argument("bandwidthKm"), b)).transpose()?;
        let decay = match (self.decay, bandwidth) {
            (DistanceDecay::Gaussian, bandwidth) => Decay::Gaussian { bandwidth_km: bandwidth.unwrap_or(km / 3.0) },
            (_, Some(_)) => {
                return Err(ApiError::input(argument("bandwidthKm"), "Only GAUSSIAN has a bandwidth; leave it out."));
            }
            (DistanceDecay::None, None) => Decay::None,
            (DistanceDecay::Step, None) => Decay::Step,
        };
        let method = match self.method {
            CatchmentMethod::TwoStep => Method::TwoStep,
            CatchmentMethod::ThreeStep => Method::ThreeStep,
        };
        let supply = match self.free {
            None => SupplyKind::Capacity,
            Some(FreePeriodInput { from, to }) => {
                let first = from.askable(&argument("free.from"), view.today())?;
                let last = to.askable(&argument("free.to"), view.today())?;
                if last < first {
                    let error = DateError::Reversed { later: last, earlier: first, or_same: true };
                    return Err(out_of_range(&argument("free.to"), error));
                }
                SupplyKind::Free { from: first, to: last }
            }
        };
        let filter = self.filter.unwrap_or_default().read(view)?;
        if !filter.care_forms.is_empty() {
            return Err(ApiError::input("filter.careForms", "The care form is said by `careForm`; leave it out here."));
        }
        let spots_per_family = self.spots_per_family.unwrap_or(default_spots_per_family(care_form));
        if !(spots_per_family > 0.0 && spots_per_family <= 10.0) {
            return Err(ApiError::input(
                argument("spotsPerFamily"),
                format!("Spots per family are more than 0 and at most 10; it was {spots_per_family}."),
            ));
        }
        let catchment = Catchment::new(km, decay, method);
        let catchment = catchment.map_err(|error| ApiError::input(argument("catchmentKm"), sentence(&error)))?;
        Ok(Question { care_form, source, quarter, catchment, supply, filter, spots_per_family })
    }

    /// What is asked, as JSON, for links to files of the same answer.
    pub(in crate::graphql) fn json(&self) -> Result<String> {
        let value = without_nulls(self.to_value()).into_json();
        let value = value.map_err(|_| ApiError::internal("an input that is no JSON"))?;
        Ok(value.to_string())
    }

    /// Reads what [`json`](Self::json) wrote, or somebody in its place.
    pub(in crate::graphql) fn from_json(text: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        Self::parse(Some(Value::from_json(value).ok()?)).ok()
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .filter(|(_, value)| *value != Value::Null)
                .map(|(name, value)| (name, without_nulls(value)))
                .collect(),
        ),
        value => value,
    }
}

/// Checks a distance in km; what is no number is refused too.
fn distance(argument: &str, km: f64) -> Result<f64> {
    if km > 0.0 && km <= MOST_KM {
        Ok(km)
    } else {
        Err(ApiError::input(argument, format!("This is more than 0 and at most {MOST_KM} km; it was {km}.")))
    }
}

fn quarter(argument: &str, text: &str) -> Result<Quarter> {
    text.parse()
        .map_err(|_| ApiError::input(argument, "A quarter looks like 2026-Q4; `demandPublications` lists them."))
}

/// Reads the changes of a scenario.
pub(in crate::graphql) fn changes(asked: Vec<ScenarioChangeInput>, view: &View) -> Result<Vec<Change>> {
    if asked.is_empty() || asked.len() > MOST_CHANGES {
        return Err(ApiError::input(
            "changes",
            format!("Name 1 to {MOST_CHANGES} changes; there were {}.", asked.len()),
        ));
    }
    asked.into_iter().enumerate().map(|(at, change)| change.read(&format!("changes.{at}"), view)).collect()
}

impl ScenarioChangeInput {
    fn read(self, at: &str, view: &View) -> Result<Change> {
        Ok(match self {
            Self::Add(NewPlaceInput { at: point, spots }) => {
                let (point, region) = on_land(&format!("{at}.add.at"), &point, view)?;
                let spots = number_of_spots(&format!("{at}.add.spots"), spots)?;
                Change::Add(Supply { place: None, point, region, spots })
            }
            Self::Move(MovePlaceInput { place, to }) => {
                let (point, region) = on_land(&format!("{at}.move.to"), &to, view)?;
                Change::Move { place: id::place(&format!("{at}.move.place"), &place)?, point, region }
            }
            Self::Close(place) => Change::Close(id::place(&format!("{at}.close"), &place)?),
            Self::Resize(ResizePlaceInput { place, spots }) => Change::Resize {
                place: id::place(&format!("{at}.resize.place"), &place)?,
                spots: number_of_spots(&format!("{at}.resize.spots"), spots)?,
            },
        })
    }
}

fn number_of_spots(argument: &str, spots: i32) -> Result<f64> {
    if (1..=MOST_SPOTS).contains(&spots) {
        Ok(f64::from(spots))
    } else {
        Err(ApiError::input(argument, format!("Spots are from 1 to {MOST_SPOTS}; it was {spots}.")))
    }
}

/// A point where a group could be, and the region there.
fn on_land(argument: &str, point: &PointInput, view: &View) -> Result<(Point, String)> {
    let near = NearInput::Point(point.clone()).destination(argument, view)?;
    let land = view.region_at(near.point, LAND_KM);
    let region = land.ok_or_else(|| {
        ApiError::input(argument, format!("This is in the sea or abroad: no Dutch postcode is within {LAND_KM} km."))
    })?;
    Ok((near.point, region))
}

/// What is wrong with a scenario.
pub(in crate::graphql) fn scenario_error(error: ScenarioError) -> ApiError {
    let (ScenarioError::NotCounted(at) | ScenarioError::Twice(at)) = error;
    ApiError::input(format!("changes.{at}"), sentence(&error))
}

/// The question that is written in `input`, as JSON of the API's `GapInput`, and the region that it is about.
///
/// # Errors
/// When it is none; the error names the argument and says what would be right.
pub fn gap_question(input: &str, region: Option<String>, view: &View) -> Result<(Question, Option<String>)> {
    let input = GapInput::from_json(input).ok_or_else(|| {
        ApiError::input(
            "input",
            "This is no `GapInput` as JSON, such as {\"careForm\":\"LOGEREN\",\"source\":\"ESTIMATE\"}.",
        )
    })?;
    Ok((input.read("input", view)?, region.map(|code| gap_region("region", code, view)).transpose()?))
}

/// Checks the code of a region.
pub(in crate::graphql) fn gap_region(argument: &str, code: String, view: &View) -> Result<String> {
    region(argument, code, view.reference())
}
