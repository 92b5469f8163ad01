//! What the files say of a thing.

use serde::Serialize;

use crate::care::{
    demand::DemandSource,
    file::guarded,
    gap::{AreaGap, CellGap, Gap, RegionGap, Totals},
    vocabulary::CareForm,
};

/// The columns of the table:
///
/// - `kind`: `COUNTRY`, `REGION` or `AREA` (in a map also `CELL`); `code`: `NL`, or that of the region, the area or the cell;
///   `name`: of the region; `region`: the code of the region that it lies in;
/// - `families`: as published, of the country the sum of its regions; `suppressed`: whether they are not told (too few, or none);
/// - `demand`: families that seek the care form, modelled; `reachable`: spots within reach of a cell;
/// - `score`: spots per family within reach; empty for a cell that is not suppressed: nothing within reach; `position`: the share
///   of the country's demand that has a lower score, 0 to 1; `unmet`: spots that are missing, modelled;
/// - `without`: the share of families with nothing within reach, 0 to 1; `nearest_km`: the way from a cell to the nearest place, of
///   all else the way that half of the families do not exceed; `nearest_p90_km`: that nine of ten do not exceed; `gini`: how
///   unequally access is spread, 0 (all alike) to 1;
/// - `places`, `spots`: in the region itself;
/// - `care_form`, `source` (`PASSPORTS` or `ESTIMATE`), `quarter` (`2026-K4`), `catchment_km`, `spots_per_family`, `coverage` (the
///   share of all families that the demand covers, 0 to 1): of the whole analysis, in each row.
pub const NAMES: [&str; 23] = [
    "kind",
    "code",
    "name",
    "region",
    "families",
    "suppressed",
    "demand",
    "reachable",
    "score",
    "position",
    "unmet",
    "without",
    "nearest_km",
    "nearest_p90_km",
    "gini",
    "places",
    "spots",
    "care_form",
    "source",
    "quarter",
    "catchment_km",
    "spots_per_family",
    "coverage",
];

/// What holds for all.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    care_form: CareForm,
    source: &'static str,
    quarter: Option<String>,
    catchment_km: f64,
    spots_per_family: f64,
    coverage: f64,
}

impl About {
    /// What holds for all that was found.
    pub(super) fn of(gap: &Gap) -> Self {
        Self {
            care_form: gap.care_form,
            source: match gap.source {
                DemandSource::Passports => "PASSPORTS",
                DemandSource::Estimate => "ESTIMATE",
            },
            quarter: gap.quarter.map(|one| format!("{}-K{}", one.year, one.quarter)),
            catchment_km: rounded(gap.catchment_km),
            spots_per_family: rounded(gap.spots_per_family),
            coverage: rounded(gap.coverage),
        }
    }
}

/// What is said of a thing; see [`NAMES`].
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row<'a> {
    kind: &'static str,
    /// Its code.
    pub(super) code: String,
    name: Option<&'a str>,
    region: Option<&'a str>,
    families: Option<f64>,
    suppressed: bool,
    demand: Option<f64>,
    reachable: Option<f64>,
    score: Option<f64>,
    position: Option<f64>,
    unmet: Option<f64>,
    without: Option<f64>,
    nearest_km: Option<f64>,
    nearest_p90_km: Option<f64>,
    gini: Option<f64>,
    places: Option<usize>,
    spots: Option<f64>,
    #[serde(flatten)]
    about: &'a About,
}

impl<'a> Row<'a> {
    /// The country.
    pub(super) fn country(gap: &'a Gap, about: &'a About) -> Self {
        let known: Vec<f64> = gap.regions.iter().filter_map(|region| region.families).collect();
        Self {
            families: (!known.is_empty()).then(|| rounded(known.iter().sum())),
            places: Some(gap.regions.iter().map(|region| region.places).sum()),
            spots: Some(rounded(gap.regions.iter().map(|region| region.spots).sum())),
            ..Self::totals("COUNTRY", "NL", Some(&gap.country), about)
        }
    }

    /// A region.
    pub(super) fn region(region: &'a RegionGap, about: &'a About) -> Self {
        let known = region.totals.as_ref().filter(|_| region.families.is_some());
        Self {
            name: Some(&region.name),
            region: Some(&region.code),
            families: region.families.filter(|_| known.is_some()).map(rounded),
            places: Some(region.places),
            spots: Some(rounded(region.spots)),
            ..Self::totals("REGION", &region.code, known, about)
        }
    }

    /// An area.
    pub(super) fn area(area: &'a AreaGap, about: &'a About) -> Self {
        Self {
            region: Some(&area.region),
            families: Some(rounded(area.families)),
            ..Self::totals("AREA", &area.code, Some(&area.totals), about)
        }
    }

    /// A cell.
    pub(super) fn cell(cell: &'a CellGap, about: &'a About) -> Self {
        let known = |number: Option<f64>| number.filter(|_| cell.area.is_some()).map(rounded);
        Self {
            region: Some(&cell.region),
            suppressed: cell.area.is_none(),
            demand: known(cell.demand),
            reachable: Some(rounded(cell.reachable)),
            score: known(cell.score),
            position: known(Some(cell.position)),
            unmet: known(cell.unmet),
            nearest_km: cell.nearest_km.map(rounded),
            ..Self::totals("CELL", &cell.cell.to_string(), None, about)
        }
    }

    fn totals(kind: &'static str, code: &str, totals: Option<&Totals>, about: &'a About) -> Self {
        let number = |of: fn(&Totals) -> f64| totals.map(of).map(rounded);
        let maybe = |of: fn(&Totals) -> Option<f64>| totals.and_then(of).map(rounded);
        Self {
            kind,
            code: code.to_owned(),
            name: None,
            region: None,
            families: None,
            suppressed: totals.is_none(),
            demand: number(|totals| totals.demand),
            reachable: None,
            score: number(|totals| totals.score),
            position: number(|totals| totals.position),
            unmet: number(|totals| totals.unmet),
            without: number(|totals| totals.without),
            nearest_km: maybe(|totals| totals.nearest_median_km),
            nearest_p90_km: maybe(|totals| totals.nearest_p90_km),
            gini: maybe(|totals| totals.gini),
            places: None,
            spots: None,
            about,
        }
    }

    /// The cells of a row of the table, none of which a spreadsheet takes for a formula.
    pub(super) fn cells(&self) -> [String; NAMES.len()] {
        fn number<T: ToString>(value: Option<T>) -> String {
            value.map(|value| value.to_string()).unwrap_or_default()
        }
        let text = |text: Option<&str>| guarded(text.unwrap_or_default());
        [
            self.kind.to_owned(),
            text(Some(&self.code)),
            text(self.name),
            text(self.region),
            number(self.families),
            self.suppressed.to_string(),
            number(self.demand),
            number(self.reachable),
            number(self.score),
            number(self.position),
            number(self.unmet),
            number(self.without),
            number(self.nearest_km),
            number(self.nearest_p90_km),
            number(self.gini),
            number(self.places),
            number(self.spots),
            self.about.care_form.code().to_owned(),
            self.about.source.to_owned(),
            text(self.about.quarter.as_deref()),
            self.about.catchment_km.to_string(),
            self.about.spots_per_family.to_string(),
            self.about.coverage.to_string(),
        ]
    }
}

/// Six decimals; and no zero with a minus.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6 + 0.0
}
