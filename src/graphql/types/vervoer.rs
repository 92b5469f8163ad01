//! The vervoer of a place.

use async_graphql::SimpleObject;

use super::region::Gemeente;
use crate::{
    care::vervoer,
    graphql::{
        enums::{TripFrom, Weekday},
        plain::{PlainList, in_memory},
        scalars::{GeoJson, TimeOfDay},
    },
    store::View,
};

/// One arrangement of a place's own vervoer. The ways to state its reach add up; null: not stated.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Vervoer {
    /// It reaches everything within so many km of the place's public point.
    radius_km: Option<f64>,
    /// It reaches these PC4.
    postcodes: Option<Vec<String>>,
    /// It reaches these gemeenten.
    gemeenten: Option<PlainList<Gemeente>>,
    /// It reaches this area: its outline, a polygon or several, made simpler by up to 22 m. A point is in it when its H3 cell of
    /// resolution 9 is, so within 0.3 km of the outline the answer can be either.
    area: Option<GeoJson>,
    /// The trips that it makes. Null: not stated; then it fetches people at home.
    trips: Option<PlainList<VervoerTrip>>,
    /// Whether bags and aids come along.
    bags_and_aids: Option<bool>,
    /// Whether there are power sockets.
    power_sockets: Option<bool>,
    /// Whether a nurse is aboard.
    nurse_aboard: Option<bool>,
    /// How many wheelchairs fit.
    wheelchairs: Option<i32>,
    /// Whether oxygen bottles can be taken.
    oxygen: Option<bool>,
    /// Whether there is a fridge for medication.
    medicine_fridge: Option<bool>,
    /// Whether there is air conditioning.
    air_conditioning: Option<bool>,
    /// Who pays, in words.
    paid_by: Option<String>,
}

in_memory!(struct Vervoer {
    radius_km, postcodes, gemeenten: Gemeente, area, trips: VervoerTrip, bags_and_aids, power_sockets, nurse_aboard,
    wheelchairs, oxygen, medicine_fridge, air_conditioning, paid_by
});

impl Vervoer {
    pub(super) fn of(view: &View, vervoer: &vervoer::Vervoer) -> Self {
        Self {
            radius_km: vervoer.radius_km,
            postcodes: vervoer.postcodes.as_ref().map(|list| list.iter().map(ToString::to_string).collect()),
            gemeenten: vervoer.gemeenten.as_ref().map(|codes| Gemeente::some(view, codes)),
            area: vervoer.area.as_ref().map(|area| GeoJson::new(area.outline())),
            trips: vervoer.trips.as_ref().map(|trips| trips.iter().map(Into::into).collect()),
            bags_and_aids: vervoer.bags_and_aids,
            power_sockets: vervoer.power_sockets,
            nurse_aboard: vervoer.nurse_aboard,
            wheelchairs: vervoer.wheelchairs,
            oxygen: vervoer.oxygen,
            medicine_fridge: vervoer.medicine_fridge,
            air_conditioning: vervoer.air_conditioning,
            paid_by: vervoer.paid_by.clone(),
        }
    }
}

/// A trip to the place that vervoer makes.
#[derive(SimpleObject)]
pub(in crate::graphql) struct VervoerTrip {
    /// Where people are fetched.
    from: TripFrom,
    /// When they are; empty: not stated.
    pick_up: PlainList<PickUpWindow>,
}

in_memory!(struct VervoerTrip { from, pick_up: PickUpWindow });

/// When people are fetched.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PickUpWindow {
    /// On these days of the week.
    weekdays: Vec<Weekday>,
    /// From this time on.
    from: TimeOfDay,
    /// Until this time.
    to: TimeOfDay,
}

in_memory!(struct PickUpWindow { weekdays, from, to });

impl From<&vervoer::Trip> for VervoerTrip {
    fn from(trip: &vervoer::Trip) -> Self {
        Self { from: trip.from.into(), pick_up: trip.pick_up.iter().map(Into::into).collect() }
    }
}

impl From<&vervoer::PickUp> for PickUpWindow {
    fn from(window: &vervoer::PickUp) -> Self {
        Self {
            weekdays: window.weekdays.iter().map(|day| (*day).into()).collect(),
            from: window.from.into(),
            to: window.to.into(),
        }
    }
}
