//! What the database says of those who come with a token.

use entity::{passport, provider, zorgkantoor_region};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter};

use super::{Database, Store, error::StoreError};
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

    /// Whether a provider exists and was not withdrawn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_provider(&self, id: ProviderId) -> Result<bool, StoreError> {
        has_provider(&self.db, id).await
    }

    /// Whether every one of these region codes exists.
    pub fn has_regions(&self, codes: &[String]) -> bool {
        let snapshot = self.snapshot.load();
        codes.iter().all(|code| snapshot.reference.regions.contains_key(code))
    }

    /// The database behind it, for the command line.
    pub fn database(&self) -> Database {
        Database(self.db.clone())
    }
}

impl Database {
    /// The id of the passport with a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passport_by_number(&self, number: &str) -> Result<Option<PassportId>, StoreError> {
        let row = passport::Entity::find().filter(passport::Column::Number.eq(number)).one(&self.0).await?;
        Ok(row.map(|row| row.id))
    }

    /// Whether a provider exists and was not withdrawn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_provider(&self, id: ProviderId) -> Result<bool, StoreError> {
        has_provider(&self.0, id).await
    }

    /// Whether a region exists.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_region(&self, code: &str) -> Result<bool, StoreError> {
        Ok(zorgkantoor_region::Entity::find_by_id(code).count(&self.0).await? > 0)
    }
}

async fn has_provider(db: &DatabaseConnection, id: ProviderId) -> Result<bool, StoreError> {
    let found = provider::Entity::find_by_id(id).filter(provider::Column::WithdrawnAt.is_null()).count(db).await?;
    Ok(found > 0)
}
