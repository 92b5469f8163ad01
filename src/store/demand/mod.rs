//! Demand: published once a quarter from the passports, and read as a surface that names no family (`care::demand`).

mod publish;
mod raw;
mod rows;

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::sync::Mutex;

pub(super) use publish::publish_as;
pub use publish::{DemandPublished, PublishDemand, PublishRefusal};
pub use raw::RawDemand;

use super::{
    Store, View,
    audit::{Access, Event, Reading},
    blocking,
    error::StoreError,
};
use crate::{
    auth::Denied,
    care::{
        demand::{self, FAMILIES_IN_THE_COUNTRY, Quarter, Surface, Territory},
        ground::Ground,
        vocabulary::CareForm,
    },
};

/// What was published for one quarter, as zorgkantoren may know it.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandPublication {
    /// The quarter.
    pub quarter: Quarter,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// The fewest families of an area when the areas of the year were made.
    pub k: u32,
    /// The parameters that it was made with.
    pub parameters: Value,
    /// Families in all areas.
    pub families: f64,
    /// The share of all families of the country that this is, 0 to 1.
    pub coverage: f64,
    /// What is said of the regions, by code.
    pub regions: Vec<RegionShares>,
}

/// What is said of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionShares {
    /// Its code.
    pub code: String,
    /// Families: the sum of its areas; none: suppressed.
    pub families: Option<f64>,
    /// The share of them that seeks each care form; none: too few to say.
    pub forms: Vec<(CareForm, Option<f64>)>,
}

/// Demand, and when it was published.
#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) surface: Arc<Surface>,
    /// None: an estimate.
    pub(super) at: Option<DateTime<Utc>>,
    parameters: Arc<Value>,
}

/// What is read once: a publication never changes, and what follows from inhabitants only with the ground of the map.
#[derive(Debug, Default)]
pub(super) struct KnownDemand {
    published: Mutex<BTreeMap<Quarter, Published>>,
    inhabited: Mutex<Option<(Weak<Ground>, Inhabited)>>,
}

/// What is known of inhabitants: where they live, and the estimate that follows.
#[derive(Clone, Debug)]
pub(super) struct Inhabited {
    pub(super) territory: Arc<Territory>,
    pub(super) estimate: Arc<Surface>,
}

impl Store {
    /// What was published, the last first. The read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not see it; `Err(_)` when the database does not answer or the read cannot be recorded.
    pub async fn demand_publications(
        &self,
        view: &View,
        access: &Access,
    ) -> Result<Result<Vec<DemandPublication>, Denied>, StoreError> {
        if let Err(denied) = view.scope().see_demand() {
            return Ok(Err(self.deny(view, access, "demandPublications", denied).await));
        }
        let mut shown = Vec::new();
        for (quarter, _) in self.published_quarters().await?.into_iter().rev() {
            shown.extend(self.published(Some(quarter)).await?.and_then(|one| publication(&one)));
        }
        let record = async {
            let reading = Reading::begin(&self.database).await?;
            reading.end(&Event::read(view, access, &self.replica, "demandPublications"), Vec::new()).await
        };
        let _turn = self.turn().await?;
        self.database.within(record).await?;
        Ok(Ok(shown))
    }

    /// The quarters that are published, the oldest first.
    pub(super) async fn published_quarters(&self) -> Result<Vec<(Quarter, DateTime<Utc>)>, StoreError> {
        let read = async { rows::quarters(&*self.database.connection()).await };
        Ok(self.database.within(read).await?.into_iter().collect())
    }

    /// The demand of a quarter, or the last that is published; none: nothing is.
    pub(super) async fn published(&self, quarter: Option<Quarter>) -> Result<Option<Published>, StoreError> {
        let quarter = match quarter {
            Some(quarter) => quarter,
            None => match self.published_quarters().await?.pop() {
                Some((last, _)) => last,
                None => return Ok(None),
            },
        };
        let mut known = self.demand.published.lock().await;
        if !known.contains_key(&quarter) {
            let read = async { rows::read(&*self.database.connection()).await };
            let all = self.database.within(read).await?;
            *known = blocking(move || surfaces(&all)).await??;
        }
        Ok(known.get(&quarter).cloned())
    }

    /// What is known of the inhabitants that the map has.
    pub(super) async fn inhabited(&self, view: &View) -> Result<Inhabited, StoreError> {
        let ground = Arc::clone(view.map().ground());
        let mut known = self.demand.inhabited.lock().await;
        if let Some((of, inhabited)) = &*known
            && of.upgrade().is_some_and(|of| Arc::ptr_eq(&of, &ground))
        {
            return Ok(inhabited.clone());
        }
        let of = Arc::downgrade(&ground);
        let inhabited = blocking(move || {
            let territory = Territory::of(&ground.reference);
            Inhabited { estimate: Arc::new(demand::estimate(&territory)), territory: Arc::new(territory) }
        });
        let inhabited = inhabited.await?;
        *known = Some((of, inhabited.clone()));
        Ok(inhabited)
    }
}

impl Published {
    /// An estimate.
    pub(super) fn estimated(surface: Arc<Surface>) -> Self {
        Self { surface, at: None, parameters: Arc::default() }
    }
}

/// The surface of every publication.
fn surfaces(all: &[rows::Dated]) -> Result<BTreeMap<Quarter, Published>, StoreError> {
    let mut division = None;
    let mut surfaces = BTreeMap::new();
    for rows::Dated { publication, at } in all {
        division = publication.division.as_ref().or(division);
        let division = division.ok_or_else(|| StoreError::Corrupt("a publication without a division".into()))?;
        let parameters = serde_json::to_value(publication.parameters);
        let parameters = parameters.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let surface = Arc::new(demand::surface(division, publication));
        surfaces.insert(publication.quarter, Published { surface, at: Some(*at), parameters: Arc::new(parameters) });
    }
    Ok(surfaces)
}

/// What zorgkantoren may know of a publication; none: it is an estimate.
fn publication(published: &Published) -> Option<DemandPublication> {
    let surface = &published.surface;
    let families: f64 = surface.areas.iter().map(|area| area.families).sum();
    let regions = surface.regions.iter().map(|(code, said)| RegionShares {
        code: code.clone(),
        families: said.families,
        forms: said.forms.iter().map(|(form, share)| (*form, *share)).collect(),
    });
    let k = published.parameters.get("k").and_then(Value::as_u64).and_then(|k| u32::try_from(k).ok());
    Some(DemandPublication {
        quarter: surface.quarter?,
        published_at: published.at?,
        k: k?,
        parameters: Value::clone(&published.parameters),
        families,
        coverage: families / FAMILIES_IN_THE_COUNTRY,
        regions: regions.collect(),
    })
}
