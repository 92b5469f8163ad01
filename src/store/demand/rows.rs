//! Publications as rows: everything that a surface is made of, and the keys that nobody sees.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{demand_area, demand_cell, demand_count, demand_division, demand_home, demand_publication, demand_share};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder};
use serde_json::Value;

use super::super::{error::StoreError, insert::insert};
use crate::{
    care::{
        demand::{Division, DivisionArea, Home, Parameters, Publication, PublishedArea, Quarter, Said, Territory},
        postcode::Pc4,
        vocabulary::CareForm,
    },
    geo::Cell,
};

/// The territory of what is said of the country.
const COUNTRY: &str = "NL";

/// Writes a publication.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    publication: &Publication,
    now: DateTime<Utc>,
    author: &str,
) -> Result<(), StoreError> {
    let Quarter { year, quarter } = publication.quarter;
    if let Some(division) = &publication.division {
        write_division(tx, division, publication).await?;
    }
    let row = demand_publication::Model {
        year,
        quarter: quarter.into(),
        published_at: now,
        published_by: author.to_owned(),
        parameters: unread(serde_json::to_value(publication.parameters))?,
    };
    insert::<demand_publication::Entity>(tx, vec![row]).await?;
    let counts = publication.areas.iter().map(|(code, area)| {
        Ok(demand_count::Model {
            area_code: code.clone(),
            year,
            quarter: quarter.into(),
            families: number(area.families)?,
            noise_key: area.key.cast_signed(),
        })
    });
    insert::<demand_count::Entity>(tx, counts.collect::<Result<Vec<_>, StoreError>>()?).await
}

async fn write_division(
    tx: &DatabaseTransaction,
    division: &Division,
    publication: &Publication,
) -> Result<(), StoreError> {
    let year = division.year;
    let planned_for = number(division.planned_for)?;
    let row = demand_division::Model { year, planned_for, forms_key: publication.forms_key.cast_signed() };
    insert::<demand_division::Entity>(tx, vec![row]).await?;
    let mut area_of: BTreeMap<Cell, &String> = BTreeMap::new();
    let mut areas = Vec::new();
    for (code, area) in &division.areas {
        area_of.extend(area.cells.iter().map(|cell| (*cell, code)));
        areas.push(demand_area::Model { code: code.clone(), year, region_code: area.region.clone() });
    }
    insert::<demand_area::Entity>(tx, areas).await?;
    let cells = division.territory.cells.iter().map(|(cell, region)| demand_cell::Model {
        year,
        cell: cell.to_i64(),
        region_code: region.clone(),
        area_code: area_of.get(cell).map(|code| (*code).clone()),
    });
    insert::<demand_cell::Entity>(tx, cells.collect()).await?;
    let homes = division.territory.homes.iter().map(|(pc4, home)| {
        Ok(demand_home::Model {
            year,
            pc4: pc4.to_string(),
            cell: home.cell.to_i64(),
            within: home.within.to_i64(),
            inhabitants: number(home.inhabitants)?,
        })
    });
    insert::<demand_home::Entity>(tx, homes.collect::<Result<Vec<_>, StoreError>>()?).await?;
    let country = [(COUNTRY, &publication.country)].into_iter();
    let said = publication.regions.iter().map(|(code, said)| (code.as_str(), said)).chain(country);
    let shares = said.flat_map(|(territory, said)| {
        said.forms.iter().map(move |(form, percent)| demand_share::Model {
            year,
            territory: territory.to_owned(),
            care_form: *form,
            percent: percent.map(i32::from),
        })
    });
    insert::<demand_share::Entity>(tx, shares.collect()).await
}

/// A publication, and when it was made.
pub(super) struct Dated {
    pub(super) publication: Publication,
    pub(super) at: DateTime<Utc>,
}

/// Every publication, the oldest first.
pub(super) async fn read(db: &impl ConnectionTrait) -> Result<Vec<Dated>, StoreError> {
    let rows = demand_publication::Entity::find()
        .order_by_asc(demand_publication::Column::Year)
        .order_by_asc(demand_publication::Column::Quarter)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut divisions = divisions(db).await?;
    let mut shares = shares(db).await?;
    let mut counts: BTreeMap<(i32, i32), BTreeMap<String, PublishedArea>> = BTreeMap::new();
    for row in demand_count::Entity::find().all(db).await? {
        let area = PublishedArea { families: natural(row.families)?, key: row.noise_key.cast_unsigned() };
        counts.entry((row.year, row.quarter)).or_default().insert(row.area_code, area);
    }
    let mut of_year: Option<Year> = None;
    let mut publications = Vec::with_capacity(rows.len());
    for row in rows {
        let first = of_year.as_ref().is_none_or(|year| year.of != row.year);
        let mut division = None;
        if first {
            let (forms_key, made) = divisions.remove(&row.year).ok_or_else(|| corrupt("a year without a division"))?;
            of_year = Some(Year::of(forms_key, &made, shares.remove(&row.year).unwrap_or_default()));
            division = Some(made);
        }
        let year = of_year.as_ref().ok_or_else(|| corrupt("a publication without a year"))?;
        let areas = counts.remove(&(row.year, row.quarter)).unwrap_or_default();
        let quarter = u8::try_from(row.quarter).map_err(|_| corrupt("a quarter"))?;
        publications.push(Dated {
            at: row.published_at,
            publication: year.publication(Quarter { year: row.year, quarter }, division, areas, row.parameters)?,
        });
    }
    Ok(publications)
}

/// What the publications of one year share.
struct Year {
    of: i32,
    forms_key: u64,
    region_of: BTreeMap<String, String>,
    /// The care forms of each territory.
    forms: BTreeMap<String, BTreeMap<CareForm, Option<u8>>>,
}

impl Year {
    fn of(forms_key: u64, division: &Division, forms: BTreeMap<String, BTreeMap<CareForm, Option<u8>>>) -> Self {
        let region_of = division.areas.iter().map(|(code, area)| (code.clone(), area.region.clone())).collect();
        Self { of: division.year, forms_key, region_of, forms }
    }

    fn publication(
        &self,
        quarter: Quarter,
        division: Option<Division>,
        areas: BTreeMap<String, PublishedArea>,
        parameters: Value,
    ) -> Result<Publication, StoreError> {
        let mut regions: BTreeMap<String, Said> = self
            .forms
            .iter()
            .filter(|(territory, _)| *territory != COUNTRY)
            .map(|(code, forms)| (code.clone(), Said { families: None, forms: forms.clone() }))
            .collect();
        let mut all: Option<u32> = None;
        for (code, area) in &areas {
            let region = self.region_of.get(code).and_then(|region| regions.get_mut(region));
            let said = region.ok_or_else(|| corrupt("an area without a region"))?;
            for sum in [&mut said.families, &mut all] {
                *sum = Some(sum.unwrap_or(0) + area.families);
            }
        }
        let country = Said { families: all, forms: self.forms.get(COUNTRY).cloned().unwrap_or_default() };
        let parameters: Parameters = unread(serde_json::from_value(parameters))?;
        Ok(Publication { quarter, parameters, division, forms_key: self.forms_key, areas, regions, country })
    }
}

async fn divisions(db: &impl ConnectionTrait) -> Result<BTreeMap<i32, (u64, Division)>, StoreError> {
    let mut divisions = BTreeMap::new();
    for row in demand_division::Entity::find().all(db).await? {
        let division = Division {
            year: row.year,
            planned_for: natural(row.planned_for)?,
            territory: Territory::default(),
            areas: BTreeMap::new(),
        };
        divisions.insert(row.year, (row.forms_key.cast_unsigned(), division));
    }
    let missing = || corrupt("a row of a year without a division");
    for row in demand_area::Entity::find().all(db).await? {
        let (_, division) = divisions.get_mut(&row.year).ok_or_else(missing)?;
        division.areas.insert(row.code, DivisionArea { region: row.region_code, cells: Vec::new() });
    }
    for row in demand_cell::Entity::find().order_by_asc(demand_cell::Column::Cell).all(db).await? {
        let (_, division) = divisions.get_mut(&row.year).ok_or_else(missing)?;
        let cell = cell(row.cell)?;
        if let Some(code) = row.area_code {
            division.areas.get_mut(&code).ok_or_else(|| corrupt("a cell of no area"))?.cells.push(cell);
        }
        division.territory.cells.insert(cell, row.region_code);
    }
    for row in demand_home::Entity::find().all(db).await? {
        let (_, division) = divisions.get_mut(&row.year).ok_or_else(missing)?;
        let pc4: Pc4 = row.pc4.parse().map_err(|_| corrupt("a postcode"))?;
        let inhabitants = natural(row.inhabitants)?;
        division.territory.homes.insert(pc4, Home { cell: cell(row.cell)?, within: cell(row.within)?, inhabitants });
    }
    Ok(divisions)
}

type Shares = BTreeMap<i32, BTreeMap<String, BTreeMap<CareForm, Option<u8>>>>;

async fn shares(db: &impl ConnectionTrait) -> Result<Shares, StoreError> {
    let mut shares = Shares::new();
    for row in demand_share::Entity::find().all(db).await? {
        let percent = row.percent.map(u8::try_from).transpose().map_err(|_| corrupt("a share"))?;
        shares.entry(row.year).or_default().entry(row.territory).or_default().insert(row.care_form, percent);
    }
    Ok(shares)
}

/// The quarters that are published, the oldest first.
pub(super) async fn quarters(db: &impl ConnectionTrait) -> Result<BTreeSet<(Quarter, DateTime<Utc>)>, StoreError> {
    let rows = demand_publication::Entity::find().all(db).await?;
    let read = |row: demand_publication::Model| {
        let quarter = u8::try_from(row.quarter).map_err(|_| corrupt("a quarter"))?;
        Ok((Quarter { year: row.year, quarter }, row.published_at))
    };
    rows.into_iter().map(read).collect()
}

fn cell(number: i64) -> Result<Cell, StoreError> {
    Cell::from_i64(number).ok_or_else(|| corrupt("an H3 cell"))
}

fn number(count: u32) -> Result<i32, StoreError> {
    i32::try_from(count).map_err(|_| corrupt("a count"))
}

fn natural(count: i32) -> Result<u32, StoreError> {
    u32::try_from(count).map_err(|_| corrupt("a count"))
}

fn corrupt(what: &str) -> StoreError {
    StoreError::Corrupt(format!("demand as published: {what}"))
}

fn unread<T>(read: Result<T, serde_json::Error>) -> Result<T, StoreError> {
    read.map_err(|error| StoreError::Corrupt(error.to_string()))
}
