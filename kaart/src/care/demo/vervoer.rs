//! Vervoer of every kind: not known, none, and one or two arrangements that state their reach in every way.

use chrono::{NaiveTime, Weekday};
use serde_json::json;

use super::{Detail, World, dice::Dice, land::beside};
use crate::{
    care::{
        id::VervoerId,
        reference::Postcode,
        vervoer::{PickUp, Trip, Vervoer},
        vocabulary::TripFrom,
    },
    geo::Area,
};

/// In which ways an arrangement states its reach.
#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    radius: bool,
    postcodes: bool,
    gemeenten: bool,
}

const NOT_STATED: Reach = Reach { radius: false, postcodes: false, gemeenten: false };
const RADIUS: Reach = Reach { radius: true, ..NOT_STATED };
const POSTCODES: Reach = Reach { postcodes: true, ..NOT_STATED };
const GEMEENTEN: Reach = Reach { gemeenten: true, ..NOT_STATED };
const RADIUS_AND_GEMEENTEN: Reach = Reach { radius: true, ..GEMEENTEN };
const POSTCODES_AND_GEMEENTEN: Reach = Reach { postcodes: true, ..GEMEENTEN };

type Kinds = &'static [(u32, Option<&'static [Reach]>)];
const FULL: Kinds = &[
    (16, None),
    (11, Some(&[])),
    (35, Some(&[RADIUS])),
    (9, Some(&[POSTCODES])),
    (9, Some(&[GEMEENTEN])),
    (6, Some(&[RADIUS_AND_GEMEENTEN])),
    (3, Some(&[POSTCODES_AND_GEMEENTEN])),
    (7, Some(&[RADIUS, POSTCODES])),
    (4, Some(&[NOT_STATED])),
];
// Lists of postcodes would be most of the rows of a large set.
const COMPACT: Kinds = &[(20, None), (15, Some(&[])), (60, Some(&[RADIUS])), (5, Some(&[NOT_STATED]))];

/// The trips of those that state them; most fetch people at home.
const TRIPS: &[(u32, &[TripFrom])] =
    &[(60, &[TripFrom::Home]), (35, &[TripFrom::Home, TripFrom::Dagbesteding]), (5, &[TripFrom::Dagbesteding])];
/// When people are fetched: days, and hours from and to.
const WINDOWS: &[(&[Weekday], u32, u32)] = &[
    (&[Weekday::Fri], 15, 18),
    (&[Weekday::Sun], 16, 19),
    (&[Weekday::Mon, Weekday::Tue, Weekday::Thu], 8, 10),
    (&[Weekday::Sat, Weekday::Sun], 10, 12),
];
/// The corners of an outline, in the order of the compass: parts of its size to the east and to the north.
const CORNERS: [(f64, f64); 8] =
    [(1.0, 0.0), (0.7, 0.7), (0.0, 1.0), (-0.7, 0.7), (-1.0, 0.0), (-0.7, -0.7), (0.0, -1.0), (0.7, -0.7)];

const RADII_KM: &[f64] = &[5.0, 7.5, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 75.0];
const PAID_BY: &[&str] = &["Wlz, zorg in natura", "pgb", "ouders", "gemeente", "zorgaanbieder"];

/// The vervoer of a place whose location is in `area`.
pub(super) fn vervoer(world: &World<'_>, dice: &mut Dice, area: &Postcode) -> Option<Vec<Vervoer>> {
    let kinds = if world.detail == Detail::Full { FULL } else { COMPACT };
    let arrangements = dice.weighted(kinds)?;
    Some(arrangements.iter().map(|reach| arrangement(world, dice, area, *reach)).collect())
}

fn arrangement(world: &World<'_>, dice: &mut Dice, area: &Postcode, reach: Reach) -> Vervoer {
    let aboard = |dice: &mut Dice, percent| dice.known(80, |dice| dice.chance(percent));
    let id = dice.id();
    let mut more = dice.about(id);
    let full = world.detail == Detail::Full;
    Vervoer {
        id: VervoerId(id),
        radius_km: reach.radius.then(|| *dice.pick(RADII_KM)),
        // Around the point of the PC4 and not around the building: the lists must not give a home away.
        postcodes: reach.postcodes.then(|| {
            let mut postcodes: Vec<_> =
                world.land.around(area, dice.between(4..=40)).iter().map(|near| near.pc4).collect();
            postcodes.sort_unstable();
            postcodes
        }),
        gemeenten: reach.gemeenten.then(|| world.land.gemeenten_around(area, dice.between(10..=80))),
        area: (full && !reach.radius && more.chance(20)).then(|| drawn(&mut more, area)).flatten(),
        trips: (full && more.chance(60)).then(|| trips(&mut more)),
        bags_and_aids: aboard(dice, 75),
        power_sockets: aboard(dice, 50),
        nurse_aboard: aboard(dice, 30),
        wheelchairs: dice.known(75, |dice| dice.between(0..=6)),
        oxygen: aboard(dice, 45),
        medicine_fridge: aboard(dice, 35),
        air_conditioning: aboard(dice, 65),
        paid_by: dice.known(80, |dice| (*dice.pick(PAID_BY)).to_owned()),
    }
}

/// An area around the point of a PC4, some kilometres wide, with a bend in every direction.
fn drawn(dice: &mut Dice, area: &Postcode) -> Option<Area> {
    let mut ring: Vec<[f64; 2]> = CORNERS
        .iter()
        .map(|(east, north)| {
            let km = dice.between(2.0..=7.0);
            let corner = beside(area.point, north * km, east * km);
            [corner.lng(), corner.lat()]
        })
        .collect();
    ring.push(ring[0]);
    Area::from_geojson(&json!({ "type": "Polygon", "coordinates": [ring] }).to_string()).ok()
}

fn trips(dice: &mut Dice) -> Vec<Trip> {
    let made = dice.weighted(TRIPS);
    made.iter().map(|from| Trip { from: *from, pick_up: windows(dice) }).collect()
}

fn windows(dice: &mut Dice) -> Vec<PickUp> {
    let count = dice.between(0..=2);
    let chosen = dice.some_of(WINDOWS, count).into_iter();
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    chosen
        .filter_map(|(weekdays, from, to)| Some(PickUp { weekdays: weekdays.into(), from: at(from)?, to: at(to)? }))
        .collect()
}
