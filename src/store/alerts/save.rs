//! Saving searches, and what becomes of them when a passport changes.

use entity::{passport, saved_search};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::{
    Store,
    error::StoreError,
    write::{Author, Done, Request, Write, WriteError},
};
use crate::{
    auth::{Denied, Scope},
    care::{
        alert::{MOST_SEARCHES, Watch},
        id::SavedSearchId,
    },
};

/// A search to be saved.
#[derive(Clone, Debug, Serialize)]
pub struct SaveSearch {
    /// What it waits for.
    pub watch: Watch,
    /// The filter as it was asked, in the terms of the API.
    pub asked: Value,
}

/// A saved search that is no longer wanted.
#[derive(Clone, Debug, Serialize)]
pub struct DeleteSearch(pub SavedSearchId);

/// The search that was saved or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchSaved {
    /// Its id.
    pub id: SavedSearchId,
}

/// Why a search is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// There are as many as there may be.
    TooMany,
}

impl Store {
    /// Saves a search.
    ///
    /// # Errors
    /// When the requester may not, or has saved as many as there may be.
    pub async fn save_search(
        &self,
        request: Request<'_>,
        asked: &SaveSearch,
    ) -> Result<SearchSaved, WriteError<SearchError>> {
        self.write(request, asked).await
    }

    /// Deletes a saved search of the requester, with its alerts; one that the requester has not is left alone.
    ///
    /// # Errors
    /// When the requester may not.
    pub async fn delete_search(
        &self,
        request: Request<'_>,
        asked: &DeleteSearch,
    ) -> Result<SearchSaved, WriteError<SearchError>> {
        self.write(request, asked).await
    }
}

impl Write for SaveSearch {
    const NAME: &'static str = "saveSearch";
    type Answer = SearchSaved;
    type Refusal = SearchError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.save_searches().map(drop)
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<SearchSaved>, WriteError<SearchError>> {
        let holder = by.scope.save_searches()?;
        // Held, so that two at once are counted one after the other.
        passport::Entity::update_many()
            .col_expr(passport::Column::Version, Expr::col(passport::Column::Version))
            .filter(passport::Column::Id.eq(holder))
            .exec(tx)
            .await?;
        let saved = saved_search::Entity::find().filter(saved_search::Column::PassportId.eq(holder)).count(tx).await?;
        if saved >= MOST_SEARCHES {
            return Err(WriteError::Refused(SearchError::TooMany));
        }
        let id = SavedSearchId(Uuid::now_v7());
        let watch = serde_json::to_value(&self.watch).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let row = saved_search::ActiveModel {
            seq: NotSet,
            id: Set(id),
            passport_id: Set(holder),
            radius_km: Set(self.watch.radius_km),
            asked: Set(self.asked.clone()),
            watch: Set(watch),
            saved_at: Set(by.now),
        };
        saved_search::Entity::insert(row).exec_without_returning(tx).await?;
        Ok(Done::created(SearchSaved { id }, vec![object(id)]))
    }
}

impl Write for DeleteSearch {
    const NAME: &'static str = "deleteSearch";
    type Answer = SearchSaved;
    type Refusal = SearchError;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.save_searches().map(drop)
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<SearchSaved>, WriteError<SearchError>> {
        let deleted = saved_search::Entity::delete_many()
            .filter(saved_search::Column::Id.eq(self.0))
            .filter(saved_search::Column::PassportId.eq(by.scope.save_searches()?))
            .exec(tx)
            .await?;
        let objects = if deleted.rows_affected == 0 { Vec::new() } else { vec![object(self.0)] };
        Ok(Done { kind: "delete", ..Done::updated(SearchSaved { id: self.0 }, objects) })
    }
}

/// A saved search, as the audit trail names it.
fn object(id: SavedSearchId) -> Value {
    json!({ "type": "savedSearch", "id": id.0.simple().to_string() })
}
