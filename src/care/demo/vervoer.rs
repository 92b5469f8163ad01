//! Vervoer of every kind: not known, none, and one or two arrangements that state their reach in every way.

use super::{Detail, World, dice::Dice};
use crate::care::{id::VervoerId, reference::Postcode, vervoer::Vervoer};

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
    Vervoer {
        id: VervoerId(dice.id()),
        radius_km: reach.radius.then(|| *dice.pick(RADII_KM)),
        // Around the point of the PC4 and not around the building: the lists must not give a home away.
        postcodes: reach.postcodes.then(|| {
            let mut postcodes: Vec<_> =
                world.land.around(area, dice.between(4..=40)).iter().map(|near| near.pc4).collect();
            postcodes.sort_unstable();
            postcodes
        }),
        gemeenten: reach.gemeenten.then(|| world.land.gemeenten_around(area, dice.between(10..=80))),
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
