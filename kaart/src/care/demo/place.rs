//! One care form that a group offers, with all that its provider states of it.

use chrono::{DateTime, Utc};

use super::{
    World, availability,
    building::Use,
    claims,
    dice::Dice,
    vervoer,
    words::{phone, slug},
};
use crate::care::{
    id::PlaceId,
    place::{CareGroup, Place, Provider, WaitingList},
    reference::Postcode,
    vocabulary::{CareForm, Leveringsvorm, ProviderKind},
};

/// What a place hangs on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) provider: &'a Provider,
    pub(super) group: &'a CareGroup,
    pub(super) area: &'a Postcode,
}

/// The youngest and the greatest age.
type Ages = (Option<i32>, Option<i32>);
const AGES: &[(u32, Ages)] = &[
    (45, (None, None)),
    (15, (Some(0), Some(17))),
    (10, (Some(4), Some(18))),
    (10, (Some(18), None)),
    (8, (Some(2), None)),
    (7, (None, Some(12))),
    (5, (Some(12), Some(30))),
];

/// When places were confirmed, in days before the start. At noon of the start date up to 13 is fresh, up to 44 aging,
/// and the rest stale.
const CONFIRMED: &[(u32, Option<(i64, i64)>)] =
    &[(52, Some((1, 13))), (24, Some((15, 44))), (17, Some((46, 300))), (7, None)];

pub(super) fn place(world: &World<'_>, dice: &mut Dice, site: &Site<'_>, one: Use) -> Place {
    let care_form = one.care_form;
    let (min_age, max_age) = dice.weighted(AGES);
    let capacity = capacity(dice, site.group, care_form);
    let confirmed_at = dice.weighted(CONFIRMED).map(|(first, last)| dice.before(world.midnight, first..=last));
    let vervoer = vervoer::vervoer(world, dice, site.area);
    let claims = claims::claims(world, dice, site.group, vervoer.as_deref());
    Place {
        id: PlaceId(dice.id()),
        care_group_id: site.group.id,
        name: name(site, care_form).into(),
        care_form,
        version: 1,
        capacity,
        phone: dice.known(30, phone),
        email: dice.known(30, |_| format!("{}@{}.example", slug(word(care_form)), slug(&site.provider.name))),
        min_age,
        max_age,
        leveringsvormen: leveringsvormen(dice, site.provider.kind, care_form),
        waiting_list: waiting_list(dice, care_form, world.midnight),
        vervoer,
        claims,
        confirmed_at,
        availability: availability::runs(world, dice.fork(), one, capacity, confirmed_at),
    }
}

fn word(care_form: CareForm) -> &'static str {
    match care_form {
        CareForm::Logeren => "logeren",
        CareForm::Wonen => "wonen",
        CareForm::Deeltijdwonen => "deeltijdwonen",
        CareForm::Dagbesteding => "dagbesteding",
    }
}

/// `Demo Wilgenhof: logeren (Demogroep Zon)`.
fn name(site: &Site<'_>, care_form: CareForm) -> String {
    format!("{}: {} ({})", site.provider.name, word(care_form), site.group.name)
}

fn capacity(dice: &mut Dice, group: &CareGroup, care_form: CareForm) -> i32 {
    match care_form {
        CareForm::Wonen | CareForm::Dagbesteding => group.size,
        CareForm::Logeren | CareForm::Deeltijdwonen => dice.between(1..=group.size.min(6)),
    }
}

fn leveringsvormen(dice: &mut Dice, kind: ProviderKind, care_form: CareForm) -> Option<Vec<Leveringsvorm>> {
    let percent = |form| match (form, kind, care_form) {
        // A zzp'er is paid from a pgb; an institution delivers in natura.
        (Leveringsvorm::Pgb, ProviderKind::Zzp, _) | (Leveringsvorm::Zin, ProviderKind::Instelling, _) => 100,
        (Leveringsvorm::Zin, ProviderKind::Zzp, _) => 10,
        (Leveringsvorm::Dtv, _, CareForm::Deeltijdwonen) | (Leveringsvorm::Zin, ..) => 80,
        (Leveringsvorm::Pgb, ..) => 60,
        (Leveringsvorm::Mpt, ..) => 40,
        (Leveringsvorm::Dtv | Leveringsvorm::Vpt, ..) => 15,
    };
    let forms = Leveringsvorm::ALL.iter().copied().filter(|form| dice.chance(percent(*form))).collect::<Vec<_>>();
    // A place that states none is one that states nothing.
    dice.known(87, |_| forms).filter(|forms| !forms.is_empty())
}

fn waiting_list(dice: &mut Dice, care_form: CareForm, midnight: DateTime<Utc>) -> Option<WaitingList> {
    let residence = matches!(care_form, CareForm::Wonen | CareForm::Deeltijdwonen);
    dice.known(if residence { 70 } else { 30 }, |dice| WaitingList {
        length: dice.known(85, |dice| dice.between(0..=15)),
        expected_weeks: dice.known(65, |dice| dice.between(2..=104)),
        updated_at: dice.before(midnight, 1..=200),
    })
}
