//! Passports, and what the database says of those who come with a token.

mod keep;
mod record;
mod sign_in;
mod standing;

use entity::{passport, provider, zorgkantoor_region};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

pub use keep::{Card, CardChange, Code, Issue, KeepError, Kept, Person, Reassess};
pub use record::PassportRecord;
pub use sign_in::{Session, SignedIn};
pub(super) use standing::Remembered;

use super::{Database, Store, error::StoreError};
use crate::care::id::{PassportId, ProviderId};

impl Store {
    /// Whether every one of these region codes exists.
    pub fn has_regions(&self, codes: &[String]) -> bool {
        let map = self.map.load();
        codes.iter().all(|code| map.ground().reference.regions.contains_key(code))
    }
}

impl Database {
    /// The id of the passport with a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passport_by_number(&self, number: &str) -> Result<Option<PassportId>, StoreError> {
        let row = passport::Entity::find().filter(passport::Column::Number.eq(number)).one(&*self.connection()).await?;
        Ok(row.map(|row| row.id))
    }

    /// Whether a provider exists and was not withdrawn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_provider(&self, id: ProviderId) -> Result<bool, StoreError> {
        let found = provider::Entity::find_by_id(id)
            .filter(provider::Column::WithdrawnAt.is_null())
            .count(&*self.connection())
            .await?;
        Ok(found > 0)
    }

    /// Whether a region exists.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_region(&self, code: &str) -> Result<bool, StoreError> {
        Ok(zorgkantoor_region::Entity::find_by_id(code).count(&*self.connection()).await? > 0)
    }
}
