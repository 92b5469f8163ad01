//! Writing contacts, passports and applications of the demo.

use chrono::{NaiveDate, NaiveTime};
use entity::{
    contact, contact_expertise, contact_gemeente, contact_region, passport, passport_application, passport_care_form,
};
use sea_orm::DatabaseTransaction;

use super::{
    super::error::StoreError,
    batch::{AUTHOR, insert},
};
use crate::care::{
    contact::Contact,
    passport::{Application, IssuedPassport},
};

pub(super) async fn contacts(
    tx: &DatabaseTransaction,
    contacts: Vec<Contact>,
    on: NaiveDate,
) -> Result<(), StoreError> {
    let (mut rows, mut expertise, mut gemeenten, mut regions) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for contact in contacts {
        let contact_id = contact.id;
        let (consent_on, consent_source) = contact.consent.map(|consent| (consent.on, consent.source)).unzip();
        rows.push(contact::Model {
            id: contact_id,
            name: contact.name,
            function: contact.function,
            organisation: contact.organisation,
            organisation_kind: contact.organisation_kind,
            provider_id: contact.provider_id,
            location_id: contact.location_id,
            email: contact.email,
            phone: contact.phone,
            work_pc4: contact.work_pc4.map(|pc4| pc4.to_string()),
            work_city: contact.work_city,
            status: contact.status,
            consent_on,
            consent_source,
            verified_at: contact.verified_at,
            version: contact.version,
            updated_at: on.and_time(NaiveTime::MIN).and_utc(),
            updated_by: AUTHOR.into(),
        });
        let known = contact.expertise.into_iter();
        expertise.extend(known.map(|expertise| contact_expertise::Model { contact_id, expertise }));
        let codes = contact.gemeenten.into_iter();
        gemeenten.extend(codes.map(|gemeente_code| contact_gemeente::Model { contact_id, gemeente_code }));
        let codes = contact.regions.into_iter();
        regions.extend(codes.map(|region_code| contact_region::Model { contact_id, region_code }));
    }
    insert::<contact::Entity>(tx, rows).await?;
    insert::<contact_expertise::Entity>(tx, expertise).await?;
    insert::<contact_gemeente::Entity>(tx, gemeenten).await?;
    insert::<contact_region::Entity>(tx, regions).await
}

pub(super) async fn passports(
    tx: &DatabaseTransaction,
    passports: Vec<IssuedPassport>,
    on: NaiveDate,
) -> Result<(), StoreError> {
    let (mut rows, mut care_forms) = (Vec::new(), Vec::new());
    for issued in passports {
        let passport_id = issued.passport.id;
        rows.push(passport::Model {
            id: passport_id,
            number: issued.number,
            outcome: issued.passport.outcome,
            valid_from: issued.passport.valid_from,
            valid_until: issued.passport.valid_until,
            home_pc4: issued.home_pc4.to_string(),
            birth_year: issued.birth_year,
            revoked_at: issued.passport.revoked_at,
            revoked_reason: issued.revoked_reason,
            replaces_id: issued.replaces,
            reissue: issued.reissue,
            version: 1,
            updated_at: on.and_time(NaiveTime::MIN).and_utc(),
            updated_by: AUTHOR.into(),
        });
        let sought = issued.care_forms.into_iter();
        care_forms.extend(sought.map(|care_form| passport_care_form::Model { passport_id, care_form }));
    }
    insert::<passport::Entity>(tx, rows).await?;
    insert::<passport_care_form::Entity>(tx, care_forms).await
}

pub(super) async fn applications(tx: &DatabaseTransaction, applications: Vec<Application>) -> Result<(), StoreError> {
    let rows = applications.into_iter().map(|application| {
        let (decided_on, outcome, experts) = match application.decision {
            Some(decision) => (Some(decision.on), Some(decision.outcome), decision.experts.map(Some)),
            None => (None, None, [None, None]),
        };
        let [first_expert, second_expert] = experts;
        passport_application::Model {
            id: application.id,
            applied_on: application.applied_on,
            decided_on,
            outcome,
            passport_id: application.passport,
            reassessment: application.reassessment,
            first_expert,
            second_expert,
        }
    });
    insert::<passport_application::Entity>(tx, rows.collect()).await
}
