//! A passport with all that is kept of it, for the kenniscentrum.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{passport, passport_application, passport_care_form};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};

use super::super::{
    Store, View,
    audit::{Access, Event, Reading},
    error::StoreError,
    rows::FromRow,
};
use crate::{
    auth::Denied,
    care::{
        id::PassportId,
        passport::{IssuedPassport, Passport, statistics::Statistics},
        vocabulary::PassportOutcome,
    },
};
use serde_json::json;

/// A passport as the kenniscentrum keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct PassportRecord {
    /// What is kept.
    pub issued: IssuedPassport,
    /// The number of the passport that this one follows.
    pub replaces: Option<String>,
    /// Its version.
    pub version: i32,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl Store {
    /// The passport with a number, for the kenniscentrum; the read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be
    /// recorded.
    pub async fn passport_record(
        &self,
        view: &View,
        access: &Access,
        number: &str,
    ) -> Result<Result<Option<PassportRecord>, Denied>, StoreError> {
        if let Err(denied) = view.scope().keep_passports() {
            return Ok(Err(self.deny(view, access, "passport", denied).await));
        }
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let found = by_number(&reading.tx, number).await?;
            let record = match found {
                Some(row) => Some(record(&reading.tx, row).await?),
                None => None,
            };
            let objects = record.iter().map(|record| object(record.issued.passport.id)).collect();
            reading.end(&Event::read(view, access, &self.replica, "passport"), objects).await?;
            Ok::<_, StoreError>(record)
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }

    /// The holder's own passport; the read is recorded.
    ///
    /// # Errors
    /// When the database does not answer or the read cannot be recorded.
    pub async fn own_passport(&self, view: &View, access: &Access) -> Result<Option<Passport>, StoreError> {
        let Some(id) = view.scope().passport() else { return Ok(None) };
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let found = passport::Entity::find_by_id(id).one(&reading.tx).await?.map(Passport::from_row);
            reading.end(&Event::read(view, access, &self.replica, "passport"), vec![object(id)]).await?;
            Ok::<_, StoreError>(found)
        };
        let _turn = self.turn().await?;
        self.database.within(read).await
    }

    /// Passports as the jaarverslag counts them, up to and including a date.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer.
    pub async fn passport_statistics(
        &self,
        view: &View,
        on: NaiveDate,
    ) -> Result<Result<Statistics, Denied>, StoreError> {
        if let Err(denied) = view.scope().keep_passports() {
            return Ok(Err(denied));
        }
        let count = async {
            let rows: Vec<(Option<PassportOutcome>, bool)> = passport_application::Entity::find()
                .select_only()
                .column(passport_application::Column::Outcome)
                .column(passport_application::Column::Reassessment)
                .filter(passport_application::Column::DecidedOn.lte(on))
                .into_tuple()
                .all(&*self.database.connection())
                .await?;
            let decided = rows.into_iter().filter_map(|(outcome, reassessment)| Some((outcome?, reassessment)));
            Ok::<_, StoreError>(Statistics::of(decided))
        };
        self.database.within(count).await.map(Ok)
    }
}

/// A passport, as the audit trail names it.
pub(super) fn object(id: PassportId) -> serde_json::Value {
    json!({ "type": "passport", "id": id.0.simple().to_string() })
}

/// The row of a number.
pub(super) async fn by_number(
    connection: &impl ConnectionTrait,
    number: &str,
) -> Result<Option<passport::Model>, StoreError> {
    Ok(passport::Entity::find().filter(passport::Column::Number.eq(number)).one(connection).await?)
}

/// All that is kept of a row.
pub(super) async fn record(tx: &DatabaseTransaction, row: passport::Model) -> Result<PassportRecord, StoreError> {
    let care_forms =
        passport_care_form::Entity::find().filter(passport_care_form::Column::PassportId.eq(row.id)).all(tx).await?;
    let mut care_forms: Vec<_> = care_forms.into_iter().map(|row| row.care_form).collect();
    care_forms.sort_unstable();
    let replaces = match row.replaces_id {
        Some(id) => passport::Entity::find_by_id(id).one(tx).await?.map(|row| row.number),
        None => None,
    };
    let (version, updated_at) = (row.version, row.updated_at);
    let issued = IssuedPassport {
        number: row.number.clone(),
        home_pc4: super::super::rows::pc4(&row.home_pc4)?,
        birth_year: row.birth_year,
        care_forms,
        revoked_reason: row.revoked_reason.clone(),
        replaces: row.replaces_id,
        reissue: row.reissue,
        passport: Passport::from_row(row),
    };
    Ok(PassportRecord { issued, replaces, version, updated_at })
}
