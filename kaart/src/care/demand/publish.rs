//! The publication of a quarter.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    Quarter,
    forms::Counted,
    gate::{self, Refusal},
    noise::{EPSILON_COUNTRY_FORMS, EPSILON_FAMILIES, EPSILON_REGION_FORMS, LEAST_K, ROUNDING, noise, shown},
    partition::{PLAN_STEP, Plan, divide},
    publication::{Division, DivisionArea, Parameters, Publication, PublishedArea, Said, Territory, current},
    territory::AREA_RESOLUTION,
};
use crate::{
    care::{postcode::Pc4, reference::Reference, vocabulary::CareForm},
    geo::Cell,
};

/// A family with an active passport; a passport counts as a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Where it lives.
    pub home: Pc4,
    /// The care forms that it seeks.
    pub forms: BTreeSet<CareForm>,
    /// The stored key of its passport: random, secret, the same for as long as there is the passport.
    pub key: u64,
}

/// Why nothing is published.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PublishError {
    /// k can be raised only.
    #[error("k is at least {LEAST_K}")]
    K,
    /// There is no such quarter.
    #[error("a quarter is 1, 2, 3 or 4")]
    Quarter,
    /// What is published is not published again, nor an earlier quarter after it.
    #[error("quarter {} of {} is published; only a later one can be", .0.quarter, .0.year)]
    NotLater(Quarter),
    /// The gate found what it must not find, and suppressing regions does not help.
    #[error("the publish gate refuses: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
}

/// Makes the publication of `quarter` from the `families` with an active passport. `earlier` are all publications before it, the
/// oldest first. `keys` gives random keys; each is asked for once.
///
/// At a year's first publication the territory is divided, and `k` and the shares of care forms are set for the year.
/// Afterwards only the families of the areas are counted, in the postcodes of that division. To what was shown of an area before, each quarter adds noise of its own: the families
/// plus the noise of all keys of the area in the year. So the step from a quarter to the next has noise that no other step has.
///
/// # Errors
/// When `k` is under [`LEAST_K`], the quarter does not come after those published, or the gate refuses.
pub fn publish(
    quarter: Quarter,
    k: u32,
    families: &[Family],
    reference: &Reference,
    earlier: &[Publication],
    keys: &mut dyn FnMut() -> u64,
) -> Result<Publication, PublishError> {
    if k < LEAST_K {
        return Err(PublishError::K);
    }
    if !(1..=4).contains(&quarter.quarter) {
        return Err(PublishError::Quarter);
    }
    if let Some(last) = earlier.last().filter(|last| last.quarter >= quarter) {
        return Err(PublishError::NotLater(last.quarter));
    }
    let candidate = match current(earlier) {
        Some((division, of_the_year)) if division.year == quarter.year => {
            later(quarter, families, division, of_the_year, keys)
        }
        _ => first(quarter, k, families, reference, earlier, keys)?,
    };
    let refused = gate::sums(&candidate, earlier);
    if refused.is_empty() { Ok(candidate) } else { Err(PublishError::Refused(refused)) }
}

/// The year's first publication.
fn first(
    quarter: Quarter,
    k: u32,
    families: &[Family],
    reference: &Reference,
    earlier: &[Publication],
    keys: &mut dyn FnMut() -> u64,
) -> Result<Publication, PublishError> {
    let divisions: Vec<&Division> = earlier.iter().filter_map(|publication| publication.division.as_ref()).collect();
    let territory = divisions
        .last()
        .map_or_else(|| Territory::of(reference), |last| Territory::on_the_ground_of(reference, &last.territory));
    let counts = count(families, &territory);
    let everybody: u64 = counts.values().sum();
    let planned_for = u32::try_from(everybody - everybody % PLAN_STEP).unwrap_or(u32::MAX);
    let division = divide(Plan { year: quarter.year, k, planned_for }, &territory, &counts, &divisions);
    let division = passed(division, k, &counts, &divisions)?;

    let areas = areas(&division, &counts, &[], k, keys);
    let mut regions = sums(&division.territory, &division.areas, &areas);
    let mut country = whole(&regions);
    let forms_key = keys();
    let mut of_region: BTreeMap<&str, Vec<&Family>> = BTreeMap::new();
    for family in families {
        if let Some(region) = territory.cell_of(family.home).and_then(|cell| territory.cells.get(&cell)) {
            of_region.entry(region).or_default().push(family);
        }
    }
    // Only families that are counted: those of suppressed regions are in no denominator.
    of_region.retain(|region, _| regions.get(*region).is_some_and(|said| said.families.is_some()));
    for (region, own) in &of_region {
        if let Some(said) = regions.get_mut(*region) {
            let region = Some(*region);
            let counted = Counted { forms_key, year: quarter.year, region, epsilon: EPSILON_REGION_FORMS, k };
            said.forms = counted.shares(&own.iter().copied(), said.families.unwrap_or_default());
        }
    }
    let counted = Counted { forms_key, year: quarter.year, region: None, epsilon: EPSILON_COUNTRY_FORMS, k };
    country.forms = counted.shares(&of_region.values().flatten().copied(), country.families.unwrap_or_default());
    Ok(Publication { quarter, parameters: parameters(k), division: Some(division), forms_key, areas, regions, country })
}

/// The division without the regions of which the gate refuses something.
fn passed(
    mut division: Division,
    k: u32,
    counts: &BTreeMap<Cell, u64>,
    earlier: &[&Division],
) -> Result<Division, PublishError> {
    let refused = gate::division(&division, k, counts, earlier);
    division.areas.retain(|_, area| !refused.iter().any(|refusal| refusal.region.as_ref() == Some(&area.region)));
    let refused = gate::division(&division, k, counts, earlier);
    if refused.is_empty() { Ok(division) } else { Err(PublishError::Refused(refused)) }
}

/// A later publication of a year.
fn later(
    quarter: Quarter,
    families: &[Family],
    division: &Division,
    of_the_year: &[Publication],
    keys: &mut dyn FnMut() -> u64,
) -> Publication {
    let first = of_the_year.first();
    let parameters = first.map_or_else(|| parameters(LEAST_K), |first| first.parameters);
    let areas = areas(division, &count(families, &division.territory), of_the_year, parameters.k, keys);
    let mut regions = sums(&division.territory, &division.areas, &areas);
    for (code, said) in &mut regions {
        said.forms =
            first.and_then(|first| first.regions.get(code)).map(|first| first.forms.clone()).unwrap_or_default();
    }
    let mut country = whole(&regions);
    country.forms = first.map(|first| first.country.forms.clone()).unwrap_or_default();
    let forms_key = first.map(|first| first.forms_key).unwrap_or_default();
    Publication { quarter, parameters, division: None, forms_key, areas, regions, country }
}

fn parameters(k: u32) -> Parameters {
    Parameters {
        method: 1,
        k,
        rounding: ROUNDING,
        epsilon_families: EPSILON_FAMILIES,
        epsilon_region_forms: EPSILON_REGION_FORMS,
        epsilon_country_forms: EPSILON_COUNTRY_FORMS,
        resolution: AREA_RESOLUTION,
    }
}

/// The families of each cell.
fn count(families: &[Family], territory: &Territory) -> BTreeMap<Cell, u64> {
    let mut counts = BTreeMap::new();
    for cell in families.iter().filter_map(|family| territory.cell_of(family.home)) {
        *counts.entry(cell).or_default() += 1;
    }
    counts
}

/// What is shown of the areas, with a new key for each.
fn areas(
    division: &Division,
    counts: &BTreeMap<Cell, u64>,
    of_the_year: &[Publication],
    k: u32,
    keys: &mut dyn FnMut() -> u64,
) -> BTreeMap<String, PublishedArea> {
    let show = |(code, area): (&String, &DivisionArea)| {
        let key = keys();
        let before = of_the_year.iter().filter_map(|publication| publication.areas.get(code)).map(|area| area.key);
        let noise: i64 = before.chain([key]).map(|key| noise(key, EPSILON_FAMILIES)).sum();
        let families: u64 = area.cells.iter().filter_map(|cell| counts.get(cell)).sum();
        let families = shown(noise.saturating_add_unsigned(families), k);
        (code.clone(), PublishedArea { families, key })
    };
    division.areas.iter().map(show).collect()
}

/// The regions: the sums of their areas.
fn sums(
    territory: &Territory,
    division: &BTreeMap<String, DivisionArea>,
    areas: &BTreeMap<String, PublishedArea>,
) -> BTreeMap<String, Said> {
    let nothing = CareForm::ALL.iter().map(|form| (*form, None)).collect::<BTreeMap<_, _>>();
    let mut regions: BTreeMap<String, Said> = territory
        .regions()
        .into_keys()
        .map(|code| (code.to_owned(), Said { families: None, forms: nothing.clone() }))
        .collect();
    for (code, published) in areas {
        if let Some(said) = division.get(code).and_then(|area| regions.get_mut(&area.region)) {
            *said.families.get_or_insert_default() += published.families;
        }
    }
    regions
}

/// The country: the sum of its regions.
fn whole(regions: &BTreeMap<String, Said>) -> Said {
    let families = regions.values().filter_map(|said| said.families).reduce(|sum, families| sum + families);
    Said { families, forms: CareForm::ALL.iter().map(|form| (*form, None)).collect() }
}
