//! Where places are missing: the answers of the gap analysis.

mod analysis;
mod demand;
mod files;
mod scenario;
mod sites;
mod trade_off;

pub(in crate::graphql) use analysis::GapAnalysis;
pub(in crate::graphql) use demand::{DemandPublication, PublishDemandPayload, RawDemand};
pub(in crate::graphql) use files::GapFiles;
pub(in crate::graphql) use scenario::{GapScenario, scenario};
pub(in crate::graphql) use sites::{SiteSuggestion, SuggestSitesPayload};
pub(in crate::graphql) use trade_off::{HomogeneityTradeOff, homogeneity_trade_off};
