//! Writing contacts, passports and applications of the demo.

use chrono::{NaiveDate, NaiveTime};
use entity::{passport, passport_application, passport_care_form};
use sea_orm::DatabaseTransaction;

use super::{
    super::{contacts::NewContacts, error::StoreError, insert::insert},
    batch::AUTHOR,
};
use crate::care::{
    contact::Contact,
    passport::{Application, IssuedPassport},
    vocabulary::ContactAction,
};

pub(super) async fn contacts(
    tx: &DatabaseTransaction,
    contacts: Vec<Contact>,
    on: NaiveDate,
) -> Result<(), StoreError> {
    let at = on.and_time(NaiveTime::MIN).and_utc();
    let mut rows = NewContacts::default();
    for contact in contacts {
        rows.add(&contact, ContactAction::Create, at, AUTHOR)?;
    }
    rows.write(tx).await
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
