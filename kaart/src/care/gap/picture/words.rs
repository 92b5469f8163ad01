//! What the picture says, in Dutch: it goes into reports as it is.

use chrono::{Datelike, NaiveDate};

use crate::care::{
    demand::{DemandSource, FAMILIES_IN_THE_COUNTRY},
    gap::{Gap, RegionGap, Totals},
    vocabulary::CareForm,
};

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// Whose data the land and the people are (seed/README.md, "Attribution").
pub(super) const ATTRIBUTION: &str = "Postcodes, plaatsen en inwoners: © GeoNames (geonames.org) en CBS, CC BY 4.0, bewerkt. \
                                      Zeshoeken: H3. Projectie: stereografisch rond Amersfoort.";

/// What is said where something is suppressed; that there are none at all looks the same.
pub(super) const UNKNOWN: &str = "niet bekend: te weinig gezinnen om te tonen";
/// Land without a score: the inhabitants of a postcode are counted where its middle is.
pub(super) const EMPTY: &str = "geen midden van een postcode: geen inwoners geteld";
/// What is said where regions have one colour.
pub(super) const COARSE: &str = "Een regio met één kleur toont het gemiddelde van die regio";

/// What is drawn; `region`: of which region, none: of the country.
pub(super) fn title(gap: &Gap, region: Option<&RegionGap>) -> String {
    let form = match gap.care_form {
        CareForm::Logeren => "Logeren",
        CareForm::Wonen => "Wonen",
        CareForm::Deeltijdwonen => "Deeltijdwonen",
        CareForm::Dagbesteding => "Dagbesteding",
    };
    let of = region.map(|region| format!(", {}", region.name)).unwrap_or_default();
    format!("{form}{of}: plekken per gezin binnen {} km", number(gap.catchment_km))
}

/// Where the numbers come from.
pub(super) fn source(gap: &Gap) -> String {
    match gap.source {
        DemandSource::Passports => {
            let quarter = gap.quarter.map(|one| {
                let (year, quarter) = (one.year, one.quarter);
                format!(" van het {quarter}e kwartaal van {year} ({year}-K{quarter})")
            });
            format!(
                "Bron: gepubliceerde ZEVMB-paspoorten{}. Zij dekken {} van alle gezinnen.",
                quarter.unwrap_or_default(),
                percent(gap.coverage)
            )
        }
        DemandSource::Estimate => format!(
            "SCHATTING: {} gezinnen, over het land verdeeld zoals de inwoners. Dit is geen telling.",
            number(FAMILIES_IN_THE_COUNTRY)
        ),
    }
}

/// What cannot be seen in the numbers.
pub(super) fn caution(gap: &Gap) -> String {
    let each = match gap.source {
        DemandSource::Passports => "De gezinnen van een gebied zijn naar inwoners over de zeshoeken verdeeld: ",
        DemandSource::Estimate => "De gezinnen zijn naar inwoners over de zeshoeken verdeeld: ",
    };
    format!(
        "{each}een zeshoek (ongeveer 5 km²) is berekend, niet geteld. Plekken per gezin: de plekken binnen {} km, gedeeld met \
         alle gezinnen die daar ook op rekenen, ook uit andere regio's.",
        number(gap.catchment_km)
    )
}

/// What was found, line by line.
pub(super) fn figures(totals: &Totals) -> Vec<(&'static str, String)> {
    let km = |way: Option<f64>| way.map_or("–".to_owned(), |way| format!("{} km", number(way.round())));
    vec![
        ("Gezinnen die dit zoeken (berekend)", number(totals.demand.round())),
        ("Plekken te weinig (berekend)", number(totals.unmet.round())),
        ("Gezinnen zonder plek binnen bereik", percent(totals.without)),
        ("Helft van de gezinnen: plek binnen", km(totals.nearest_median_km)),
        ("Negen van de tien: plek binnen", km(totals.nearest_p90_km)),
    ]
}

/// A day.
pub(super) fn day(day: NaiveDate) -> String {
    let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{} {month} {}", day.day(), day.year())
}

/// A part of 1 as whole per cents.
pub(super) fn percent(part: f64) -> String {
    match part * 100.0 {
        little if little > 0.0 && little < 1.0 => "minder dan 1%".to_owned(),
        nearly if nearly > 99.0 && nearly < 100.0 => "meer dan 99%".to_owned(),
        all => format!("{all:.0}%"),
    }
}

/// A number with three digits or so, as the Dutch write it: `1.250`, `0,25`.
pub(super) fn number(number: f64) -> String {
    let decimals = match number.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        0.1.. => 3,
        _ => 4,
    };
    let text = format!("{number:.decimals$}");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    match part.trim_end_matches('0') {
        "" => grouped,
        part => format!("{grouped},{part}"),
    }
}
