//! How passports change.

use chrono::Datelike;
use entity::passport;
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{
    super::{
        super::write::{Author, Done, Write, WriteError},
        record::object,
        standing::changed,
    },
    Card, CardChange, Failed, Issue, KeepError, Kept, Reassess,
    belongings::{forget, hand_on},
    rows::{
        care_forms, decided, end, follower, insert, new_code, number, refused, sign_out_all, taken, was_reassessed,
    },
};
use crate::auth::{Denied, Scope};
use crate::care::{
    calendar::dutch_date,
    id::PassportId,
    passport::{
        Passport,
        rules::{Followed, PassportError, check_age, check_decision, check_valid, last_day, reassess},
    },
    vocabulary::PassportOutcome,
};
use crate::store::rows::FromRow;

const LOST: &str = "Pas als verloren gemeld";
const ENDED: &str = "Herbeoordeling: geen ZEVMB";

impl Write for Issue {
    const NAME: &'static str = "issuePassport";
    type Answer = Kept;
    type Refusal = KeepError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.keep_passports()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        let today = dutch_date(by.now);
        check_decision(&self.decision, self.applied_on, today).map_err(refused)?;
        let outcome = self.decision.outcome;
        let issued = match &self.person {
            Some(person) if outcome != PassportOutcome::GeenZevmb => {
                check_age(outcome, person.birth, today).map_err(refused)?;
                let row = passport::Model {
                    id: PassportId(Uuid::now_v7()),
                    number: number()?,
                    outcome,
                    valid_from: today,
                    valid_until: last_day(outcome, today),
                    home_pc4: person.home_pc4.to_string(),
                    birth_year: person.birth.year(),
                    revoked_at: None,
                    revoked_reason: None,
                    replaces_id: None,
                    reissue: false,
                    version: 1,
                    updated_at: by.now,
                    updated_by: by.name.clone(),
                };
                insert(tx, row.clone(), &person.care_forms).await?;
                Some(row)
            }
            _ => None,
        };
        decided(tx, self.applied_on, &self.decision, issued.as_ref().map(|row| row.id), false).await?;
        let code = match &issued {
            Some(row) => Some(new_code(tx, row.id, by).await?),
            None => None,
        };
        let objects = issued.iter().map(|row| object(row.id)).collect();
        Ok(Done::created(Kept { number: issued.map(|row| row.number), code }, objects))
    }
}

impl Write for Reassess {
    const NAME: &'static str = "reassessPassport";
    type Answer = Kept;
    type Refusal = KeepError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.keep_passports()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        let today = dutch_date(by.now);
        let old = taken(tx, &self.number, self.expected_version, by).await?;
        check_decision(&self.decision, self.applied_on, today).map_err(refused)?;
        let again = was_reassessed(tx, &old).await?;
        let followed = reassess(&Passport::from_row(old.clone()), again, self.decision.outcome, today);
        decided(tx, self.applied_on, &self.decision, Some(old.id), true).await?;
        let mut objects = vec![object(old.id)];
        let changes = vec![changed(old.id)];
        let kept = match followed.map_err(|error| WriteError::Refused(error.into()))? {
            Followed::Ended => {
                end(tx, old, ENDED, by).await?;
                Kept { number: None, code: None }
            }
            Followed::ForLife(valid_from) => {
                let new = passport::Model {
                    outcome: PassportOutcome::Zevmb,
                    valid_from,
                    valid_until: None,
                    reissue: false,
                    ..follower(&old, by)?
                };
                let care_forms = care_forms(tx, old.id).await?;
                insert(tx, new.clone(), &care_forms).await?;
                hand_on(tx, old.id, new.id).await?;
                objects.push(object(new.id));
                Kept { code: Some(new_code(tx, new.id, by).await?), number: Some(new.number) }
            }
        };
        Ok(Done { changes, ..Done::updated(kept, objects) })
    }
}

impl Write for Card {
    const NAME: &'static str = "changePassport";
    type Answer = Kept;
    type Refusal = KeepError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.keep_passports()
    }

    async fn apply(&self, tx: &DatabaseTransaction, by: &Author<'_>) -> Result<Done<Kept>, Failed> {
        let row = taken(tx, &self.number, self.expected_version, by).await?;
        let id = row.id;
        let status = Passport::from_row(row.clone()).status(by.now);
        let (mut objects, mut changes) = (vec![object(id)], vec![changed(id)]);
        let kept = match &self.what {
            CardChange::Revoke(reason) => {
                if row.revoked_at.is_some() {
                    return Err(WriteError::Refused(PassportError::Revoked.into()));
                }
                end(tx, row, reason, by).await?;
                Kept { number: Some(self.number.clone()), code: None }
            }
            CardChange::Reissue => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                let new = passport::Model { valid_from: dutch_date(by.now), reissue: true, ..follower(&row, by)? };
                let care_forms = care_forms(tx, id).await?;
                end(tx, row, LOST, by).await?;
                insert(tx, new.clone(), &care_forms).await?;
                hand_on(tx, id, new.id).await?;
                objects.push(object(new.id));
                Kept { code: Some(new_code(tx, new.id, by).await?), number: Some(new.number) }
            }
            CardChange::HandOver => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                sign_out_all(tx, id, by).await?;
                changes.extend(forget(tx, id).await?);
                Kept { number: Some(row.number), code: Some(new_code(tx, id, by).await?) }
            }
            CardChange::NewCode => {
                check_valid(status).map_err(|error| WriteError::Refused(error.into()))?;
                Kept { number: Some(row.number), code: Some(new_code(tx, id, by).await?) }
            }
        };
        Ok(Done { changes, ..Done::updated(kept, objects) })
    }
}
