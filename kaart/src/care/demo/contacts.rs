//! The contactenbestand: people at organisations of every kind.

use chrono::NaiveDate;

use super::{
    World,
    dice::Dice,
    words::{phone, slug},
};
use crate::care::{
    calendar::dutch_date,
    contact::{Consent, Contact, Withdrawal, rules::due_on},
    id::{ContactId, LocationId, ProviderId},
    place::{Bundle, Location, Provider},
    reference::Postcode,
    vocabulary::{ContactStatus, LocationPrecision, OrganisationKind, WithdrawalReason},
};

/// 39 and nine times 9 make 120.
const AT_PROVIDERS: usize = 39;
const AT_OTHERS: usize = 9;

const STATUSES: &[(u32, ContactStatus)] =
    &[(80, ContactStatus::Published), (12, ContactStatus::Draft), (8, ContactStatus::Withdrawn)];
const CONSENT_SOURCES: &[&str] = &["formulier", "e-mail", "telefoongesprek"];

/// Where a contact works.
struct Work<'a> {
    organisation: String,
    provider_id: Option<ProviderId>,
    location_id: Option<LocationId>,
    /// The work address; none where it may not be shown or is not known.
    address: Option<&'a Postcode>,
    /// Around which postcode the person works.
    around: Option<&'a Postcode>,
}

pub(super) fn contacts(world: &World<'_>, dice: &mut Dice, bundles: &[Bundle]) -> Vec<Contact> {
    let buildings: Vec<(&Provider, &Location)> =
        bundles.iter().flat_map(|one| one.locations.iter().map(|location| (&one.provider, location))).collect();
    let mut contacts = Vec::new();
    for kind in OrganisationKind::ALL {
        let count = if *kind == OrganisationKind::Zorgaanbieder { AT_PROVIDERS } else { AT_OTHERS };
        for _ in 0..count {
            let work = match kind {
                OrganisationKind::Zorgaanbieder => at_provider(world, dice, &buildings),
                _ => elsewhere(world, dice, *kind),
            };
            contacts.push(contact(world, dice, contacts.len(), *kind, work));
        }
    }
    contacts
}

fn at_provider<'a>(world: &World<'a>, dice: &mut Dice, buildings: &[(&Provider, &Location)]) -> Work<'a> {
    let (provider, location) = *dice.pick(buildings);
    let around = world.land.at(location.postcode.pc4());
    // A home must not be given away: neither the location nor its postcode.
    let public = location.precision == LocationPrecision::Exact;
    let linked = public && dice.chance(75);
    Work {
        organisation: provider.name.to_string(),
        provider_id: Some(provider.id),
        location_id: linked.then_some(location.id),
        address: around.filter(|_| public && (linked || dice.chance(70))),
        around,
    }
}

fn elsewhere<'a>(world: &World<'a>, dice: &mut Dice, kind: OrganisationKind) -> Work<'a> {
    let title = match kind {
        OrganisationKind::Zorgaanbieder => "Zorgaanbieder",
        OrganisationKind::Gemeente => "Gemeenteloket",
        OrganisationKind::Zorgkantoor => "Zorgkantoor",
        OrganisationKind::Zorgverzekeraar => "Zorgverzekeraar",
        OrganisationKind::Ziekenhuis => "Ziekenhuis",
        OrganisationKind::Hulpmiddelen => "Hulpmiddelen",
        OrganisationKind::Onderwijs => "Onderwijs",
        OrganisationKind::Clientondersteuning => "Cliëntondersteuning",
        OrganisationKind::Oudervereniging => "Oudervereniging",
        OrganisationKind::Overig => "Adviesgroep",
    };
    let around = Some(world.land.area(dice)).filter(|_| dice.chance(90));
    Work {
        organisation: format!("Demo {title} {}", dice.pick(&world.words.providers)),
        provider_id: None,
        location_id: None,
        address: around.filter(|_| dice.chance(95)),
        around,
    }
}

fn contact(world: &World<'_>, dice: &mut Dice, number: usize, kind: OrganisationKind, work: Work<'_>) -> Contact {
    let name = person(&world.words.people, number);
    let status = dice.weighted(STATUSES);
    let gemeenten = gemeenten(world, dice, work.around);
    let regions = regions(world, dice, &gemeenten);
    let functions = world.words.functions(kind);
    let expertise = dice.between(1..=4);
    let days_ago = dice.between(10..=900);
    let agreed_at = dice.before(world.midnight, days_ago..=days_ago);
    let today = dutch_date(world.midnight);
    let mut contact = Contact {
        id: ContactId(dice.id()),
        external_id: None,
        function: (!functions.is_empty()).then(|| (*dice.pick(&functions)).to_owned()),
        organisation_kind: kind,
        provider_id: work.provider_id,
        location_id: work.location_id,
        email: dice.known(90, |_| format!("{}@{}.example", slug(&name), slug(&work.organisation))),
        phone: dice.known(80, phone),
        work_pc4: work.address.map(|area| area.pc4),
        work_city: work.address.map(|area| area.place_name.clone()),
        gemeenten,
        expertise: dice.some_of(&world.words.expertise, expertise),
        regions,
        status,
        consent: consent(dice, status, agreed_at.date_naive()),
        version: 1,
        verified_at: match status {
            ContactStatus::Draft => None,
            // After the person agreed.
            _ => dice.known(90, |dice| dice.before(world.midnight, 1..=days_ago.min(300))),
        },
        due_on: today,
        withdrawal: (status == ContactStatus::Withdrawn)
            .then_some(Withdrawal { on: today, reason: WithdrawalReason::Other }),
        merged_into: None,
        organisation: work.organisation,
        name,
    };
    contact.due_on = contact.verified_at.map_or(today, |at| due_on(dutch_date(at)));
    contact
}

/// The gemeente of the work address, and those around it for some; none: the whole country.
fn gemeenten(world: &World<'_>, dice: &mut Dice, around: Option<&Postcode>) -> Vec<String> {
    match around {
        Some(area) if dice.chance(40) => world.land.gemeenten_around(area, dice.between(10..=40)),
        Some(area) => vec![area.gemeente_code.clone()],
        None => Vec::new(),
    }
}

fn regions(world: &World<'_>, dice: &mut Dice, gemeenten: &[String]) -> Vec<String> {
    if dice.chance(25) {
        return Vec::new();
    }
    let known = gemeenten.iter().filter_map(|code| world.land.reference.gemeenten.get(code));
    let mut regions: Vec<String> = known.map(|gemeente| gemeente.region_code.clone()).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

fn consent(dice: &mut Dice, status: ContactStatus, agreed_on: NaiveDate) -> Option<Consent> {
    let agreed = match status {
        ContactStatus::Published => true,
        ContactStatus::Draft => dice.chance(30),
        ContactStatus::Withdrawn => dice.chance(80),
    };
    agreed.then(|| Consent { on: agreed_on, source: (*dice.pick(CONSENT_SOURCES)).to_owned() })
}

/// A name of its own: once the words are used up they get an initial.
fn person(words: &[String], number: usize) -> String {
    let word = &words[number % words.len()];
    let initial = ('A'..='Z').cycle().nth(number / words.len()).filter(|_| number >= words.len());
    initial.map_or_else(|| format!("Demo {word}"), |initial| format!("Demo {initial}. {word}"))
}
