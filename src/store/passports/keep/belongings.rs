//! What holders of a passport have left, and what becomes of it when the passport changes.

use entity::{claim_voice, saved_search};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

use super::super::super::{error::StoreError, feed::Change};
use crate::care::{id::PassportId, vocabulary::ChangeKind};

/// Saved searches and voices go on with the passport that follows: it is of the same person and the same representative.
pub(super) async fn hand_on(tx: &DatabaseTransaction, from: PassportId, to: PassportId) -> Result<(), StoreError> {
    saved_search::Entity::update_many()
        .col_expr(saved_search::Column::PassportId, Expr::value(to))
        .filter(saved_search::Column::PassportId.eq(from))
        .exec(tx)
        .await?;
    claim_voice::Entity::update_many()
        .col_expr(claim_voice::Column::PassportId, Expr::value(to))
        .filter(claim_voice::Column::PassportId.eq(from))
        .exec(tx)
        .await?;
    Ok(())
}

/// What one representative waited for and said is not the next one's; what is to be read again because of it.
pub(super) async fn forget(tx: &DatabaseTransaction, passport: PassportId) -> Result<Option<Change>, StoreError> {
    saved_search::Entity::delete_many().filter(saved_search::Column::PassportId.eq(passport)).exec(tx).await?;
    let voices =
        claim_voice::Entity::delete_many().filter(claim_voice::Column::PassportId.eq(passport)).exec(tx).await?;
    // Voices may be at places of many providers; it is rare.
    let everything = Change { kind: ChangeKind::Map, id: String::new(), provider: None };
    Ok((voices.rows_affected > 0).then_some(everything))
}
