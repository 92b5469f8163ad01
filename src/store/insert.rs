//! Inserting many rows.

use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable};

use super::error::StoreError;

/// How many values a statement may hold: `SQLite` takes 32,766, PostgreSQL 65,535.
const MOST_VALUES: usize = 30_000;

/// Inserts rows, a statement at a time.
pub(super) async fn insert<E>(tx: &DatabaseTransaction, rows: Vec<E::Model>) -> Result<(), StoreError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let per_statement = MOST_VALUES / E::Column::iter().count().max(1);
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<E::ActiveModel> = rows.by_ref().take(per_statement).collect();
        E::insert_many(chunk).exec_without_returning(tx).await?;
    }
    Ok(())
}
