//! The types that answers are made of.

mod alert;
mod audit;
mod availability;
mod change;
mod cluster;
mod contact;
mod curation;
mod gap;
mod kwaliteitseis;
mod location;
mod map_history;
mod node;
mod passport;
mod place;
mod places_near;
mod proposal;
mod provider;
mod region;
mod review;
mod session;
mod stale;
#[cfg(test)]
mod tests;
mod vervoer;
mod viewer;

pub(super) use alert::{
    AlertConnection, AlertEdge, SaveSearchPayload, SavedSearch, alert_after, alerts, saved_searches,
};
pub(super) use audit::{AuditEventConnection, audit_trail};
pub(super) use availability::{ConfirmPlacesPayload, PlacePayload, SetAvailabilityPayload};
pub(super) use cluster::PlaceCluster;
pub(super) use contact::{Contact, ContactConnection, contacts};
pub(super) use curation::{
    ConfirmContactsPayload, ContactDueConnection, ContactDuplicateConnection, ContactHistoryConnection, ContactPayload,
    KeepContactsApartPayload, contact_duplicates, contact_history, contacts_due,
};
pub(super) use gap::{
    DemandPublication, GapAnalysis, GapFiles, GapScenario, HomogeneityTradeOff, PublishDemandPayload, RawDemand,
    SiteSuggestion, SuggestSitesPayload, homogeneity_trade_off, scenario,
};
pub(super) use kwaliteitseis::Kwaliteitseis;
pub(super) use map_history::{PlaceAsOf, PlaceHistoryConnection, place_history};
pub(super) use node::Node;
pub(super) use passport::{
    PassportAgreement, PassportPayload, PassportRecord, PassportStatistics, RevokePassportPayload,
};
pub(super) use place::Place;
pub(super) use places_near::{Asked, PlaceNearConnection};
pub(super) use proposal::{ContactProposalConnection, ContactProposalPayload, contact_proposals};
pub(super) use provider::{Provider, ProviderConnection, providers};
pub(super) use region::Region;
pub(super) use review::{MapChangePayload, ReviewConnection, ReviewPayload, review_queue};
pub(super) use session::{SignIn, SignOutPayload};
pub(super) use stale::{StalePlaceConnection, stale_queue};
pub(super) use viewer::Viewer;
