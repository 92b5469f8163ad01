//! Runs of the gap analysis: who may, on what demand and supply, and the record that each leaves.

mod export;
mod suggest;
mod suggested;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub use export::GapFormat;
pub use suggest::{SuggestError, SuggestSites};
pub use suggested::{SiteAnswer, SitePick, SiteSuggestion};

use super::{
    Store, View,
    audit::{Access, Event, Reading},
    blocking,
    demand::Published,
    error::StoreError,
};
use crate::{
    auth::Denied,
    care::{
        demand::{DemandSource, Quarter},
        gap::{
            Gap, Totals,
            question::Question,
            scenario::{Change, Scenario, ScenarioError},
            supply::{self, Supply},
            trade_off::{self, GROUPS, Line},
        },
    },
};

/// Earlier publications that a trend goes back over, at most: three years.
const MOST_QUARTERS: usize = 12;

/// What somebody asks, and as what the audit trail knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct GapAsked {
    /// The question.
    pub question: Question,
    /// What it is for, such as `gapAnalysis`.
    pub purpose: &'static str,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysed {
    /// The analysis.
    pub gap: Gap,
    /// When its demand was published; none: an estimate.
    pub published_at: Option<DateTime<Utc>>,
}

/// What was found with the demand of one publication.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Its quarter.
    pub quarter: Quarter,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Families of the region or the country; none: suppressed.
    pub families: Option<f64>,
    /// What they find; none: suppressed.
    pub totals: Option<Totals>,
}

/// Why there is no analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapRefusal {
    /// The requester may not.
    Denied(Denied),
    /// Nothing is published: for that quarter, or at all.
    NotPublished(Option<Quarter>),
}

impl From<Denied> for GapRefusal {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// What a run gives: itself, or why not; an error of the store is neither.
type Ran<T> = Result<Result<T, GapRefusal>, StoreError>;

impl Store {
    /// Where families cannot reach a fitting place. Recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not or nothing is published; `Err(_)` when the database does not answer or the run
    /// cannot be recorded.
    pub async fn gap_analysis(&self, view: &View, access: &Access, asked: &GapAsked) -> Ran<Analysed> {
        let published = match self.demand_for(view, access, asked).await? {
            Ok(published) => published,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let published_at = published.at;
        let gap = self.analyse(view, asked, published).await?;
        self.record_run(view, access, asked, None).await?;
        Ok(Ok(Analysed { gap, published_at }))
    }

    /// What changes of places would change, with how many cells they reach. Recorded.
    ///
    /// # Errors
    /// As [`gap_analysis`](Self::gap_analysis), and when a change is of a place that does not count.
    pub async fn gap_scenario(
        &self,
        view: &View,
        access: &Access,
        asked: &GapAsked,
        changes: Vec<Change>,
    ) -> Ran<Result<(Analysed, Analysed, usize), ScenarioError>> {
        let published = match self.demand_for(view, access, asked).await? {
            Ok(published) => published,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let published_at = published.at;
        let (view_of, question) = (view.clone(), asked.question.clone());
        let scenario = blocking(move || {
            let supply = view_of.supply(&question);
            Scenario::of(&question, &published.surface, &view_of.reference().regions, &supply, &changes)
        });
        let scenario = match scenario.await? {
            Ok(scenario) => scenario,
            Err(error) => return Ok(Ok(Err(error))),
        };
        self.record_run(view, access, asked, None).await?;
        let analysed = |gap| Analysed { gap, published_at };
        Ok(Ok(Ok((analysed(scenario.before), analysed(scenario.after), scenario.recomputed))))
    }

    /// The trade-off of homogeneity over a region or the country, with what is to be said of it. Recorded.
    ///
    /// # Errors
    /// As [`gap_analysis`](Self::gap_analysis).
    pub async fn gap_trade_off(
        &self,
        view: &View,
        access: &Access,
        asked: &GapAsked,
        region: Option<String>,
    ) -> Ran<(String, Vec<Line>)> {
        let published = match self.demand_for(view, access, asked).await? {
            Ok(published) => published,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (view_of, question, object) = (view.clone(), asked.question.clone(), region.clone());
        let found = blocking(move || {
            let mut question = question;
            let regions = &view_of.reference().regions;
            let mut note = String::new();
            let lines = GROUPS.into_iter().map(|groups| {
                question.filter.homogeneity = groups.to_vec();
                let supply = view_of.supply(&question);
                let (line, said) =
                    trade_off::line(&question, &published.surface, regions, region.as_deref(), groups, &supply);
                note = said;
                line
            });
            let lines = lines.collect();
            (note, lines)
        });
        let found = found.await?;
        self.record_run(view, access, asked, object.as_deref()).await?;
        Ok(Ok(found))
    }

    /// The analysis with the demand of each publication up to the one that is asked about, the oldest first. Recorded.
    ///
    /// # Errors
    /// As [`gap_analysis`](Self::gap_analysis).
    pub async fn gap_trend(
        &self,
        view: &View,
        access: &Access,
        asked: &GapAsked,
        region: Option<&str>,
    ) -> Ran<Vec<Trend>> {
        if let Err(denied) = may_run(view, asked) {
            return Ok(Err(self.deny(view, access, "gapTrend", denied).await.into()));
        }
        let mut quarters = self.published_quarters().await?;
        quarters.retain(|(quarter, _)| asked.question.quarter.is_none_or(|last| *quarter <= last));
        let first = quarters.len().saturating_sub(MOST_QUARTERS);
        let mut trend = Vec::new();
        for (quarter, published_at) in quarters.split_off(first) {
            let Some(published) = self.published(Some(quarter)).await? else { continue };
            let gap = self.analyse(view, asked, published).await?;
            let (families, totals) = match region {
                None => (Some(gap.areas.iter().map(|area| area.families).sum()), Some(gap.country)),
                Some(code) => {
                    let found = gap.regions.into_iter().find(|one| one.code == code);
                    found.map_or((None, None), |one| (one.families, one.totals))
                }
            };
            trend.push(Trend { quarter, published_at, families, totals });
        }
        let asked = GapAsked { purpose: "gapTrend", ..asked.clone() };
        self.record_run(view, access, &asked, region).await?;
        Ok(Ok(trend))
    }

    /// Whether the requester may see the detail of a region; a refusal is recorded.
    ///
    /// # Errors
    /// When the requester may not.
    pub async fn gap_detail(&self, view: &View, access: &Access, region: &str) -> Result<(), Denied> {
        match view.scope().see_demand().and_then(|reach| reach.see_detail_of(region)) {
            Ok(()) => Ok(()),
            Err(denied) => Err(self.deny(view, access, "gapDetail", denied).await),
        }
    }

    /// The demand of a question, if the requester may ask it.
    async fn demand_for(&self, view: &View, access: &Access, asked: &GapAsked) -> Ran<Published> {
        if let Err(denied) = may_run(view, asked) {
            return Ok(Err(self.deny(view, access, asked.purpose, denied).await.into()));
        }
        let question = &asked.question;
        match question.source {
            DemandSource::Estimate => Ok(Ok(Published::estimated(self.inhabited(view).await?.estimate))),
            DemandSource::Passports => {
                let published = self.published(question.quarter).await?;
                Ok(published.ok_or(GapRefusal::NotPublished(question.quarter)))
            }
        }
    }

    async fn analyse(&self, view: &View, asked: &GapAsked, published: Published) -> Result<Gap, StoreError> {
        let (view, question) = (view.clone(), asked.question.clone());
        blocking(move || {
            let supply = view.supply(&question);
            Gap::of(&question, &published.surface, &view.reference().regions, &supply)
        })
        .await
    }

    /// Records a run.
    async fn record_run(
        &self,
        view: &View,
        access: &Access,
        asked: &GapAsked,
        region: Option<&str>,
    ) -> Result<(), StoreError> {
        let record = async {
            let reading = Reading::begin(&self.database).await?;
            let event = Event { kind: "search", ..Event::read(view, access, &self.replica, asked.purpose) };
            reading.end(&event, vec![object(&asked.question, region)]).await
        };
        let _turn = self.turn().await?;
        self.database.within(record).await
    }
}

/// Whether the requester may ask this at all.
fn may_run(view: &View, asked: &GapAsked) -> Result<(), Denied> {
    view.scope().see_demand()?;
    view.may_use(&asked.question)
}

/// A run, as the audit trail names it.
fn object(question: &Question, region: Option<&str>) -> Value {
    let source = match (question.source, question.quarter) {
        (DemandSource::Estimate, _) => "estimate".to_owned(),
        (DemandSource::Passports, None) => "last".to_owned(),
        (DemandSource::Passports, Some(quarter)) => quarter.to_string(),
    };
    let region = region.unwrap_or("country");
    json!({ "type": "demand", "id": format!("{}:{source}:{region}", question.care_form.code()) })
}

impl View {
    /// The places that count for a question, by id.
    pub(super) fn supply(&self, question: &Question) -> Vec<Supply> {
        supply::of(question, self.map(), self.moment())
    }

    /// Whether the requester may use what a question asks of places.
    fn may_use(&self, question: &Question) -> Result<(), Denied> {
        if question.asks_availability() {
            self.scope().filter_by_availability(question.filter.provider)?;
        }
        Ok(())
    }
}
