//! What the database says of those who come with a token.

use entity::{passport, provider};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Store, error::StoreError};
use crate::care::{
    id::{PassportId, ProviderId},
    passport::Passport,
};

impl Store {
    /// A passport, for the check at every request, which is no audited read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passport(&self, id: PassportId) -> Result<Option<Passport>, StoreError> {
        Ok(passport::Entity::find_by_id(id).one(&self.db).await?.map(Passport::from))
    }

    /// The id of the passport with a number: for the command line, which makes tokens.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passport_by_number(&self, number: &str) -> Result<Option<PassportId>, StoreError> {
        let row = passport::Entity::find().filter(passport::Column::Number.eq(number)).one(&self.db).await?;
        Ok(row.map(|row| row.id))
    }

    /// Whether a provider exists and was not withdrawn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_provider(&self, id: ProviderId) -> Result<bool, StoreError> {
        let count =
            provider::Entity::find_by_id(id).filter(provider::Column::WithdrawnAt.is_null()).count(&self.db).await?;
        Ok(count > 0)
    }

    /// Whether every one of these region codes exists.
    pub fn has_regions(&self, codes: &[String]) -> bool {
        let snapshot = self.snapshot.load();
        codes.iter().all(|code| snapshot.reference.regions.contains_key(code))
    }
}
