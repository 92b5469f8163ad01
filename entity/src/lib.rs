//! The rows of the database, their ids and the closed vocabularies that they hold.
//!
//! No logic lives here. Rows (`provider::Model` and so on) are named by `store` only; the ids and the
//! vocabularies are shared by every layer, so that one word means one thing everywhere.

#![expect(
    missing_docs,
    reason = "sea-orm's derives generate undocumented items; the tables are described in ARCHITECTURE.md and their columns here where a name does not say it"
)]

pub mod id;
pub mod vocabulary;

pub mod alert;
pub mod alert_head;
pub mod audit_anchor;
pub mod audit_event;
pub mod audit_head;
pub mod audit_object;
pub mod availability;
pub mod care_group;
pub mod care_group_capability;
pub mod change;
pub mod claim_voice;
pub mod contact;
pub mod contact_apart;
pub mod contact_change;
pub mod contact_erasure;
pub mod contact_expertise;
pub mod contact_gemeente;
pub mod contact_proposal;
pub mod contact_region;
pub mod dataset;
pub mod demand_area;
pub mod demand_cell;
pub mod demand_count;
pub mod demand_division;
pub mod demand_home;
pub mod demand_publication;
pub mod demand_share;
pub mod external_id;
pub mod gemeente;
pub mod idempotency_key;
pub mod kwaliteitseis;
pub mod kwaliteitseis_claim;
pub mod location;
pub mod location_facility;
pub mod map_change;
pub mod opening;
pub mod passport;
pub mod passport_activation;
pub mod passport_agreement;
pub mod passport_application;
pub mod passport_care_form;
pub mod passport_key;
pub mod place;
pub mod place_leveringsvorm;
pub mod place_looks;
pub mod postcode;
pub mod provider;
pub mod review;
pub mod saved_search;
pub mod session;
pub mod site_suggestion;
pub mod vervoer;
pub mod vervoer_gemeente;
pub mod vervoer_postcode;
pub mod zorgkantoor_region;
