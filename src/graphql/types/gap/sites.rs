//! Where new groups would help most.

use async_graphql::SimpleObject;

use crate::{
    care::gap::proposal::Goal,
    graphql::{
        enums::{JobState, SiteObjective},
        id::{GlobalId, NodeId},
        scalars::{H3Cell, Instant},
        types::Region,
    },
    store::{self, View},
};

/// A proposal where new groups would help most: worked on, or answered.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SiteSuggestion {
    /// Its id.
    id: NodeId,
    /// How far it is.
    state: JobState,
    /// How much of it is done, 0 to 1.
    progress: f64,
    /// When it was asked for.
    asked_at: Instant,
    /// When it was answered; null: not yet.
    ended_at: Option<Instant>,
    /// The region in which the groups would be.
    region: Option<Region>,
    /// What they should do for families.
    objective: SiteObjective,
    /// The answer; null: not yet.
    answer: Option<SuggestedSites>,
}

/// Where new groups would help most, and how good that is proven to be.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SuggestedSites {
    /// What is to be said with every number of this answer.
    note: String,
    /// Families that are unmet, within reach of any spot in the region where a group could be.
    unmet_families: f64,
    /// The spots, the one that helps most first.
    sites: Vec<SuggestedSite>,
    /// What all of them do together: with `MOST_FAMILIES`, families served; with `SHORTEST_WAY`, km by which the way of an unmet
    /// family becomes shorter, on the mean.
    value: f64,
    /// Whether nothing better exists: all was looked at, or the bound is reached.
    optimal: bool,
    /// No choice of so many spots does more than this: proven.
    bound: f64,
    /// How far the best choice can be above `value` at most, as a share of the bound, 0 to 1; 0 where `optimal`.
    gap: f64,
}

/// A spot for a new group: the centre of an H3 cell of resolution 7 in which people live.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SuggestedSite {
    /// The cell.
    cell: H3Cell,
    /// Its centre, degrees north.
    lat: f64,
    /// Its centre, degrees east.
    lng: f64,
    /// What this spot adds to those before it, in the unit of `value`.
    gain: f64,
}

/// What asking for a proposal leads to.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SuggestSitesPayload {
    /// The proposal. Short work is done already; otherwise ask `siteSuggestion` until it is.
    pub(in crate::graphql) suggestion: SiteSuggestion,
}

impl SiteSuggestion {
    pub(in crate::graphql) fn of(view: &View, one: store::SiteSuggestion) -> Self {
        Self {
            id: GlobalId::Suggestion(one.id).into(),
            state: one.state.into(),
            progress: one.progress,
            asked_at: one.asked_at.into(),
            ended_at: one.ended_at.map(Into::into),
            region: Region::of(view, &one.asked.region),
            objective: match one.asked.goal {
                Goal::MostFamilies => SiteObjective::MostFamilies,
                Goal::ShortestWay => SiteObjective::ShortestWay,
            },
            answer: one.answer.map(SuggestedSites::of),
        }
    }
}

impl SuggestedSites {
    fn of(answer: store::SiteAnswer) -> Self {
        Self {
            note: answer.note,
            unmet_families: answer.unmet_families,
            sites: answer
                .sites
                .into_iter()
                .map(|site| {
                    let centre = site.cell.centre();
                    SuggestedSite { cell: site.cell.into(), lat: centre.lat(), lng: centre.lng(), gain: site.gain }
                })
                .collect(),
            value: answer.value,
            optimal: answer.optimal,
            bound: answer.bound,
            gap: answer.gap,
        }
    }
}
