//! What is said of the kwaliteitseisen: by every source, and not at odds with what the place states elsewhere.

use super::{Detail, World, dice::Dice};
use crate::care::{
    place::{CareGroup, Claim, Voices},
    vervoer::Vervoer,
    vocabulary::{ClaimSource, ClaimStatus, Homogeneity},
};

const STATUSES: &[(u32, ClaimStatus)] =
    &[(50, ClaimStatus::Met), (25, ClaimStatus::PartlyMet), (15, ClaimStatus::NotMet), (10, ClaimStatus::Unknown)];

/// Who speaks of a kwaliteitseis that somebody speaks of.
const SOURCES: &[(u32, &[ClaimSource])] = &[
    (50, &[ClaimSource::Provider]),
    (18, &[ClaimSource::Provider, ClaimSource::Parents]),
    (12, &[ClaimSource::Provider, ClaimSource::Kenniscentrum]),
    (8, &[ClaimSource::Provider, ClaimSource::Parents, ClaimSource::Kenniscentrum]),
    (7, &[ClaimSource::Parents]),
    (5, &[ClaimSource::Kenniscentrum]),
];

/// The claims of a place, in the order of code and source.
pub(super) fn claims(world: &World<'_>, dice: &mut Dice, group: &CareGroup, vervoer: Option<&[Vervoer]>) -> Vec<Claim> {
    let codes: Vec<&String> = world.land.reference.kwaliteitseisen.keys().collect();
    let how_many = match world.detail {
        Detail::Full if dice.chance(8) => 0,
        Detail::Full => dice.between(4..=16),
        Detail::Compact => dice.between(0..=4),
    };
    let mut claims = Vec::new();
    for code in dice.some_of(&codes, how_many) {
        let sources = match world.detail {
            Detail::Full => dice.weighted(SOURCES),
            Detail::Compact => &[ClaimSource::Provider],
        };
        for source in sources {
            let shown = if *source == ClaimSource::Parents { None } else { follows(code, group, vervoer) };
            let status = shown.unwrap_or_else(|| dice.weighted(STATUSES));
            claims.push(Claim {
                code: code.clone(),
                source: *source,
                status,
                explanation: dice.known(30, |_| explanation(*source, status).to_owned()),
                assessed_at: dice.before(world.midnight, 1..=500),
                voices: Voices::default(),
            });
        }
    }
    claims
}

/// What follows from the place's own facts, where something does.
fn follows(code: &str, group: &CareGroup, vervoer: Option<&[Vervoer]>) -> Option<ClaimStatus> {
    match code {
        "2.a" => Some(match group.homogeneity {
            Homogeneity::HomogeneousZevmb => ClaimStatus::Met,
            Homogeneity::MixedEmbZevmb => ClaimStatus::PartlyMet,
            Homogeneity::Heterogeneous => ClaimStatus::NotMet,
        }),
        "3.b" => group.staff_per_ten.map(|staff| match staff {
            6.0.. => ClaimStatus::Met,
            5.0.. => ClaimStatus::PartlyMet,
            _ => ClaimStatus::NotMet,
        }),
        "7.a" => vervoer.map(|arrangements| {
            if arrangements.is_empty() {
                ClaimStatus::NotMet
            } else if arrangements.iter().any(|one| one.bags_and_aids == Some(true)) {
                ClaimStatus::Met
            } else {
                ClaimStatus::PartlyMet
            }
        }),
        _ => None,
    }
}

fn explanation(source: ClaimSource, status: ClaimStatus) -> &'static str {
    match (source, status) {
        (ClaimSource::Provider, ClaimStatus::Met) => "Demo: zo werken wij op alle dagen.",
        (ClaimSource::Provider, ClaimStatus::PartlyMet) => "Demo: doordeweeks wel, in het weekend niet altijd.",
        (ClaimSource::Provider, ClaimStatus::NotMet) => "Demo: dit lukt ons nu niet.",
        (ClaimSource::Provider, ClaimStatus::Unknown) => "Demo: dit zoeken wij nog uit.",
        (ClaimSource::Parents, ClaimStatus::Met) => "Demo: zo ervaren wij het als ouders ook.",
        (ClaimSource::Parents, ClaimStatus::PartlyMet) => "Demo: het hangt af van wie er werkt.",
        (ClaimSource::Parents, ClaimStatus::NotMet) => "Demo: dit hebben wij niet gezien.",
        (ClaimSource::Parents, ClaimStatus::Unknown) => "Demo: dit kunnen wij niet beoordelen.",
        (ClaimSource::Kenniscentrum, ClaimStatus::Met) => "Demo: gezien bij een bezoek.",
        (ClaimSource::Kenniscentrum, ClaimStatus::PartlyMet) => "Demo: bij een bezoek deels gezien.",
        (ClaimSource::Kenniscentrum, ClaimStatus::NotMet) => "Demo: bij een bezoek niet gezien.",
        (ClaimSource::Kenniscentrum, ClaimStatus::Unknown) => "Demo: nog niet beoordeeld.",
    }
}
