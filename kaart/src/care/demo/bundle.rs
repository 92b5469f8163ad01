//! A provider with its buildings, their groups and what these offer.

use super::{
    World,
    building::{self, GroupPlan},
    dice::Dice,
    land::Land,
    place::{self, Site},
    words::{phone, slug},
};
use crate::care::{
    id::{CareGroupId, LocationId, ProviderId},
    place::{Bundle, CareGroup, Location, Provider},
    reference::Postcode,
    vocabulary::{CareCapability, Facility, Homogeneity, LocationPrecision, ProviderKind},
};

/// The second letters of a postcode; real postcodes have no others.
const LETTERS: &[u8] = b"ABDEGHJKLMNPRSTVWXZ";
const GROUP_WORDS: &[&str] = &["Zon", "Maan", "Ster", "Wolk", "Regenboog", "Duin", "Golf", "Schelp", "Veer", "Kiezel"];

/// How many providers have got a name and a number.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    providers: u64,
    of_kind: [u64; ProviderKind::ALL.len()],
}

impl Numbers {
    /// The next number of all, and the next of a kind, from 0.
    fn next(&mut self, kind: ProviderKind) -> (u64, u64) {
        let of_kind = &mut self.of_kind[kind as usize];
        *of_kind += 1;
        self.providers += 1;
        (self.providers - 1, *of_kind - 1)
    }
}

/// A provider with `places` places.
pub(super) fn bundle(
    world: &World<'_>,
    dice: &mut Dice,
    numbers: &mut Numbers,
    kind: ProviderKind,
    places: u64,
) -> Bundle {
    let base = world.land.area(dice);
    let provider = provider(world, dice, numbers, kind);
    let mut bundle = Bundle { provider, locations: Vec::new(), groups: Vec::new(), places: Vec::new() };
    let mut left = places;
    while left > 0 {
        let area = if bundle.locations.is_empty() { base } else { world.land.area_near(dice, base) };
        let location = location(world, dice, &bundle.provider, area);
        for (plan, word) in building::groups(dice, kind, left).iter().zip(GROUP_WORDS.iter().cycle()) {
            let group = care_group(dice, kind, &location, plan, word);
            for one in &plan.uses {
                let site = Site { provider: &bundle.provider, group: &group, area };
                bundle.places.push(place::place(world, dice, &site, *one));
                left = left.saturating_sub(1);
            }
            bundle.groups.push(group);
        }
        bundle.locations.push(location);
    }
    bundle
}

fn provider(world: &World<'_>, dice: &mut Dice, numbers: &mut Numbers, kind: ProviderKind) -> Provider {
    let (number, of_kind) = numbers.next(kind);
    let name = name(&world.words.providers, kind, of_kind);
    let host = format!("{}.example", slug(&name));
    Provider {
        id: ProviderId(dice.id()),
        kind,
        phone: dice.known(90, phone),
        email: dice.known(95, |_| format!("info@{host}")),
        website: dice.known(80, |_| format!("https://{host}")),
        kvk_number: dice.known(90, |_| format!("{:08}", number + 1)),
        agb_code: dice.known(75, |_| format!("00{:06}", (number + 1) % 1_000_000)),
        fieldlab: false,
        version: 1,
        name: name.into(),
    }
}

/// A name of its own: once the words are used up they get a number.
fn name(words: &[String], kind: ProviderKind, of_kind: u64) -> String {
    let title = match kind {
        ProviderKind::Instelling => "Demo Zorggroep",
        ProviderKind::Kleinschalig => "Demo",
        ProviderKind::Zzp => "Demo Gastgezin",
    };
    let round = of_kind / words.len() as u64;
    let word = usize::try_from(of_kind % words.len() as u64).map_or("", |at| words[at].as_str());
    if round == 0 { format!("{title} {word}") } else { format!("{title} {word} {}", round + 1) }
}

fn location(world: &World<'_>, dice: &mut Dice, provider: &Provider, area: &Postcode) -> Location {
    let home = provider.kind == ProviderKind::Zzp;
    Location {
        id: LocationId(dice.id()),
        provider_id: provider.id,
        street: Some(dice.pick(&world.words.streets).clone()),
        house_number: Some(dice.between(1..=199).to_string()),
        postcode: format!("{}D{}", area.pc4, char::from(*dice.pick(LETTERS)))
            .parse()
            .unwrap_or_else(|_| area.pc4.into()),
        city: area.place_name.as_str().into(),
        gemeente_code: area.gemeente_code.clone(),
        point: Land::point(dice, area),
        precision: if home { LocationPrecision::Area } else { LocationPrecision::Exact },
        facilities: dice.stated(Facility::ALL, 75, if home { 40 } else { 70 }),
        version: 1,
    }
}

fn care_group(dice: &mut Dice, kind: ProviderKind, location: &Location, plan: &GroupPlan, word: &str) -> CareGroup {
    let home = kind == ProviderKind::Zzp;
    // A homogeneous group needs 6 staff on 10 clients (AEF 3.b); not every one has them.
    let staff = match plan.homogeneity {
        Homogeneity::HomogeneousZevmb => dice.between(11..=15),
        Homogeneity::MixedEmbZevmb => dice.between(8..=13),
        Homogeneity::Heterogeneous => dice.between(5..=11),
    };
    CareGroup {
        id: CareGroupId(dice.id()),
        location_id: location.id,
        name: if home { "Demogastgezin".into() } else { format!("Demogroep {word}").into() },
        homogeneity: plan.homogeneity,
        size: if home { dice.between(1..=3) } else { dice.between(4..=10) },
        staff_per_ten: dice.known(75, |_| f64::from(staff) / 2.0),
        nurses: dice.known(75, |dice| if home { dice.between(0..=1) } else { dice.between(0..=4) }),
        challenging_behaviour_excluded: dice.known(80, |dice| dice.chance(70)),
        capabilities: dice.stated(CareCapability::ALL, 75, if home { 45 } else { 65 }),
        version: 1,
    }
}
