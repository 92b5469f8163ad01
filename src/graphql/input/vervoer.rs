//! What a provider states of the vervoer of a place, and which dagbesteding is meant.

use async_graphql::{ID, InputObject};
use uuid::Uuid;

use super::{
    super::{
        enums::{TripFrom, Weekday, domain},
        error::{ApiError, Result},
        id,
        scalars::{GeoJson, TimeOfDay},
    },
    idempotency_key, text,
};
use crate::{
    care::{
        id::VervoerId,
        postcode::Pc4,
        reference::Reference,
        vervoer::{Destination, PickUp, Trip, Vervoer},
    },
    store::{IdempotencyKey, SetVervoer, View},
};

/// How many arrangements a place may have.
const MOST_ARRANGEMENTS: usize = 10;
/// How many postcodes or gemeenten one may name.
const MOST_NAMED: usize = 1_000;
/// How many pick-up windows a trip may have.
const MOST_WINDOWS: usize = 20;
/// How many wheelchairs fit in anything.
const MOST_WHEELCHAIRS: i32 = 60;

/// All vervoer of a place.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct SetVervoerInput {
    /// The place: your own, unless you are the kenniscentrum.
    place: ID,
    /// Its arrangements, at most 10, in the place of all that it had; empty: there is no vervoer.
    vervoer: Vec<VervoerInput>,
    /// The `version` of the place that you have seen, as in `SetAvailabilityInput`.
    expected_version: Option<i32>,
    /// A key of your own choice, as in `SetAvailabilityInput`.
    idempotency_key: Option<String>,
}

/// One arrangement of a place's own vervoer. The ways to state its reach add up. What is left out is not known.
///
/// Everybody reads it: do not draw or measure it so that it gives away a home.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct VervoerInput {
    /// It reaches everything within so many km of the place's public point: more than 0, at most 200.
    radius_km: Option<f64>,
    /// It reaches these PC4, such as `3511`: at most 1,000.
    postcodes: Option<Vec<String>>,
    /// It reaches these gemeenten, by code, such as `GM0344`.
    gemeenten: Option<Vec<String>>,
    /// It reaches this area: a `Polygon` or `MultiPolygon` in or near the Netherlands, of at most 2,000 points and 6,000 km²,
    /// that does not cross itself.
    area: Option<GeoJson>,
    /// The trips that it makes, each once. Left out: not stated; then it fetches people at home.
    trips: Option<Vec<VervoerTripInput>>,
    /// Whether bags and aids come along.
    bags_and_aids: Option<bool>,
    /// Whether there are power sockets.
    power_sockets: Option<bool>,
    /// Whether a nurse is aboard.
    nurse_aboard: Option<bool>,
    /// How many wheelchairs fit: 0 to 60.
    wheelchairs: Option<i32>,
    /// Whether oxygen bottles can be taken.
    oxygen: Option<bool>,
    /// Whether there is a fridge for medication.
    medicine_fridge: Option<bool>,
    /// Whether there is air conditioning.
    air_conditioning: Option<bool>,
    /// Who pays, in 1 to 200 characters.
    paid_by: Option<String>,
}

/// A trip to the place that vervoer makes.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct VervoerTripInput {
    /// Where people are fetched.
    from: TripFrom,
    /// When they are: at most 20; left out or empty: not stated.
    #[graphql(default)]
    pick_up: Vec<PickUpWindowInput>,
}

/// When people are fetched.
#[derive(InputObject, Clone, Debug)]
pub(in crate::graphql) struct PickUpWindowInput {
    /// On these days of the week.
    weekdays: Vec<Weekday>,
    /// From this time on.
    from: TimeOfDay,
    /// Until this time, later on the same day.
    to: TimeOfDay,
}

/// A place of dagbesteding, as somewhere to be fetched.
pub(in crate::graphql) fn dagbesteding(argument: &str, id: &ID, view: &View) -> Result<Destination> {
    view.dagbesteding(id::place(argument, id)?).ok_or_else(|| {
        ApiError::input(argument, "There is no place of care form DAGBESTEDING with this id; `placesNear` finds them.")
    })
}

impl SetVervoerInput {
    pub(in crate::graphql) fn read(self, reference: &Reference) -> Result<(SetVervoer, Option<IdempotencyKey>)> {
        let place = id::place("input.place", &self.place)?;
        at_most(MOST_ARRANGEMENTS, "input.vervoer", self.vervoer.len())?;
        let vervoer = self.vervoer.into_iter().enumerate().map(|(at, one)| one.read(at, reference));
        let asked =
            SetVervoer { place, vervoer: vervoer.collect::<Result<_>>()?, expected_version: self.expected_version };
        Ok((asked, idempotency_key(self.idempotency_key)?))
    }
}

impl VervoerInput {
    fn read(self, at: usize, reference: &Reference) -> Result<Vervoer> {
        let argument = |field: &str| format!("input.vervoer.{at}.{field}");
        let within = |field: &str, right: bool, message: &str| {
            if right { Ok(()) } else { Err(ApiError::input(argument(field), message)) }
        };
        let radius = self.radius_km.is_none_or(|radius| radius > 0.0 && radius <= 200.0);
        within("radiusKm", radius, "The radius is more than 0 and at most 200 km.")?;
        let wheelchairs = self.wheelchairs.is_none_or(|count| (0..=MOST_WHEELCHAIRS).contains(&count));
        within("wheelchairs", wheelchairs, "The number of wheelchairs is from 0 to 60.")?;
        Ok(Vervoer {
            // Every arrangement gets its own when it is written.
            id: VervoerId(Uuid::nil()),
            radius_km: self.radius_km,
            postcodes: named(&argument("postcodes"), self.postcodes, |argument, text| {
                let known = text.parse().ok().filter(|pc4: &Pc4| reference.postcodes.contains_key(pc4));
                known.ok_or_else(|| {
                    ApiError::input(argument, "This PC4 is not known; it has four digits, such as 3511.")
                })
            })?,
            gemeenten: named(&argument("gemeenten"), self.gemeenten, |argument, code| {
                let known = reference.gemeenten.contains_key(&code).then_some(code);
                known.ok_or_else(|| {
                    ApiError::input(
                        argument,
                        "There is no gemeente with this code; `regions` lists them, such as GM0344.",
                    )
                })
            })?,
            area: self.area.map(|area| area.parse_as(&argument("area"))).transpose()?,
            trips: self.trips.map(|trips| read_trips(&argument("trips"), trips)).transpose()?,
            bags_and_aids: self.bags_and_aids,
            power_sockets: self.power_sockets,
            nurse_aboard: self.nurse_aboard,
            wheelchairs: self.wheelchairs,
            oxygen: self.oxygen,
            medicine_fridge: self.medicine_fridge,
            air_conditioning: self.air_conditioning,
            paid_by: self.paid_by.map(|words| text(&argument("paidBy"), &words)).transpose()?,
        })
    }
}

/// Reads a list of names, in order and each once; an empty one states nothing.
fn named<T: Ord>(
    argument: &str,
    names: Option<Vec<String>>,
    read: impl Fn(String, String) -> Result<T>,
) -> Result<Option<Vec<T>>> {
    let names = names.unwrap_or_default();
    at_most(MOST_NAMED, argument, names.len())?;
    let read = names.into_iter().enumerate().map(|(number, name)| read(format!("{argument}.{number}"), name));
    let mut known = read.collect::<Result<Vec<T>>>()?;
    known.sort_unstable();
    known.dedup();
    Ok(Some(known).filter(|known| !known.is_empty()))
}

fn read_trips(argument: &str, trips: Vec<VervoerTripInput>) -> Result<Vec<Trip>> {
    let mut known: Vec<Trip> = Vec::new();
    for (at, trip) in trips.into_iter().enumerate() {
        let argument = format!("{argument}.{at}");
        let from = trip.from.into();
        if known.iter().any(|known| known.from == from) {
            return Err(ApiError::input(format!("{argument}.from"), "State each trip once, with all its windows."));
        }
        at_most(MOST_WINDOWS, &format!("{argument}.pickUp"), trip.pick_up.len())?;
        let windows = trip.pick_up.into_iter().enumerate();
        let pick_up = windows.map(|(number, window)| window.read(&format!("{argument}.pickUp.{number}")));
        known.push(Trip { from, pick_up: pick_up.collect::<Result<_>>()? });
    }
    if known.is_empty() {
        return Err(ApiError::input(argument, "Name the trips that it makes, or leave this out."));
    }
    known.sort_by_key(|trip| trip.from);
    Ok(known)
}

impl PickUpWindowInput {
    fn read(self, argument: &str) -> Result<PickUp> {
        let part = |field: &str| format!("{argument}.{field}");
        if self.weekdays.is_empty() {
            return Err(ApiError::input(part("weekdays"), "Name a day of the week or more."));
        }
        let (from, to) = (self.from.parse_as(&part("from"))?, self.to.parse_as(&part("to"))?);
        if to <= from {
            return Err(ApiError::input(part("to"), "A window ends later than it begins, on the same day."));
        }
        let mut weekdays: Vec<chrono::Weekday> = domain(Some(self.weekdays));
        weekdays.sort_unstable_by_key(chrono::Weekday::num_days_from_monday);
        Ok(PickUp { weekdays, from, to })
    }
}

fn at_most(most: usize, argument: &str, count: usize) -> Result<()> {
    if count <= most {
        Ok(())
    } else {
        Err(ApiError::input(argument, format!("State at most {most}; there were {count}.")))
    }
}
