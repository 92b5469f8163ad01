//! External ids: how other registers know what is on the map.

use std::collections::HashMap;

use entity::external_id::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Looking;
use crate::{care::vocabulary::MapObject, store::error::StoreError};

/// How many external ids a statement asks for.
const IDS: usize = 1_000;

/// What bears some external ids: by provider (nil for providers themselves) and external id.
pub(super) async fn find<'a>(
    looking: &Looking<'_>,
    kind: MapObject,
    external_ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Vec<(Uuid, Uuid)>>, StoreError> {
    let mut all: Vec<&str> = external_ids.collect();
    all.sort_unstable();
    all.dedup();
    let mut found: HashMap<String, Vec<(Uuid, Uuid)>> = HashMap::new();
    for some in all.chunks(IDS) {
        let named = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::ExternalId.is_in(some.iter().copied()));
        let rows = looking.database.within(async { Ok::<_, StoreError>(named.all(looking.tx).await?) }).await?;
        for row in rows {
            found.entry(row.external_id).or_default().push((row.provider_id, row.object_id));
        }
    }
    Ok(found)
}
