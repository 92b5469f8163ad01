//! Publishing the demand of a quarter.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{dataset, passport, passport_care_form, passport_key};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};
use serde::{Deserialize, Serialize};
use serde_json::json;
use thiserror::Error;

use super::{
    super::{
        Store,
        dataset::REFERENCE,
        error::StoreError,
        insert::insert,
        load,
        write::{Author, Done, Request, Write, WriteError},
    },
    rows::{self, Dated},
};
use crate::store::rows::FromRow;
use crate::{
    auth::{Denied, Scope},
    care::{
        calendar::dutch_date,
        demand::{Division, Family, LEAST_K, Publication, PublishError, Quarter, publish},
        id::PassportId,
        passport::{Passport, PassportStatus},
        vocabulary::CareForm,
    },
    secret,
};

/// How demand is published for the quarter of today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PublishDemand {
    /// The fewest families of an area; none: as few as may be. Within a year it is that of the year's first publication.
    pub k: Option<u32>,
}

/// What was published, now or before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandPublished {
    /// The quarter, such as `2026-Q4`.
    pub quarter: String,
    /// How many areas it has.
    pub areas: usize,
    /// The codes of the regions that the gate refused: suppressed for the year, whatever families live there.
    pub refused: Vec<String>,
}

/// Why nothing is published.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(transparent)]
pub struct PublishRefusal(#[from] pub PublishError);

impl Store {
    /// Publishes demand for the quarter of today, once: a second time answers what is published.
    ///
    /// # Errors
    /// When the requester may not, or the gate refuses.
    pub async fn publish_demand(
        &self,
        request: Request<'_>,
        asked: &PublishDemand,
    ) -> Result<DemandPublished, WriteError<PublishRefusal>> {
        self.write(request, asked).await
    }
}

impl Write for PublishDemand {
    const NAME: &'static str = "publishDemand";
    type Answer = DemandPublished;
    type Refusal = PublishRefusal;

    fn may(scope: &Scope) -> Result<(), Denied> {
        scope.keep_demand()
    }

    async fn apply(
        &self,
        tx: &DatabaseTransaction,
        by: &Author<'_>,
    ) -> Result<Done<DemandPublished>, WriteError<PublishRefusal>> {
        let (published, new) = publish_as(tx, self.k.unwrap_or(LEAST_K), by.now, &by.name, &mut secret::number).await?;
        let object = json!({ "type": "demandPublication", "id": published.quarter });
        Ok(if new { Done::created(published, vec![object]) } else { Done::updated(published, Vec::new()) })
    }
}

/// Publishes demand for the quarter of `now`, unless it is; whether it was not. `random` gives random numbers.
pub(in crate::store) async fn publish_as(
    tx: &DatabaseTransaction,
    k: u32,
    now: DateTime<Utc>,
    author: &str,
    random: &mut (dyn FnMut() -> Result<u64, secret::NoSecret> + Send),
) -> Result<(DemandPublished, bool), WriteError<PublishRefusal>> {
    // Held, so that two at once come one after the other.
    dataset::Entity::update_many()
        .col_expr(dataset::Column::Value, Expr::col(dataset::Column::Value))
        .filter(dataset::Column::Key.eq(REFERENCE))
        .exec(tx)
        .await?;
    let earlier = rows::read(tx).await?;
    let quarter = Quarter::of(dutch_date(now));
    if let Some(Dated { publication, .. }) = earlier.iter().find(|one| one.publication.quarter == quarter) {
        return Ok((published(publication, Vec::new()), false));
    }
    let families = families(tx, now, random).await?;
    let reference = load::reference(tx).await?;
    let earlier: Vec<Publication> = earlier.into_iter().map(|one| one.publication).collect();
    let mut failed = None;
    let mut keys = || {
        random().unwrap_or_else(|error| {
            failed = Some(error);
            0
        })
    };
    let made = publish(quarter, k, &families, &reference, &earlier, &mut keys);
    if failed.is_some() {
        return Err(no_numbers().into());
    }
    let made = made.map_err(|why| WriteError::Refused(why.into()))?;
    rows::write(tx, &made, now, author).await?;
    let refused = refused(&made, &families);
    Ok((published(&made, refused), true))
}

fn published(publication: &Publication, refused: Vec<String>) -> DemandPublished {
    DemandPublished { quarter: publication.quarter.to_string(), areas: publication.areas.len(), refused }
}

/// The regions of which the gate has refused the areas: k families live there, and still none is shown.
fn refused(made: &Publication, families: &[Family]) -> Vec<String> {
    let Some(Division { territory, areas, .. }) = &made.division else { return Vec::new() };
    let mut living: BTreeMap<&str, u32> = BTreeMap::new();
    for region in families.iter().filter_map(|one| territory.cells.get(&territory.cell_of(one.home)?)) {
        *living.entry(region).or_default() += 1;
    }
    let shown: BTreeSet<&str> = areas.values().map(|area| area.region.as_str()).collect();
    let hidden = living.into_iter().filter(|(code, count)| *count >= made.parameters.k && !shown.contains(code));
    hidden.map(|(code, _)| code.to_owned()).collect()
}

/// The families with a passport that is active at `now`, each with its key, which it gets where it has none.
async fn families(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    random: &mut (dyn FnMut() -> Result<u64, secret::NoSecret> + Send),
) -> Result<Vec<Family>, StoreError> {
    let rows = passport::Entity::find().all(tx).await?;
    let mut sought = care_forms(tx).await?;
    let keys = passport_key::Entity::find().all(tx).await?;
    let mut keys: BTreeMap<PassportId, i64> = keys.into_iter().map(|row| (row.passport_id, row.noise_key)).collect();
    let mut families = Vec::new();
    let mut new = Vec::new();
    for row in rows {
        let (id, home) = (row.id, row.home_pc4.parse());
        let home = home.map_err(|_| StoreError::Corrupt("a postcode of a passport".into()))?;
        if Passport::from_row(row).status(now) != PassportStatus::Active {
            continue;
        }
        let key = if let Some(key) = keys.remove(&id) {
            key.cast_unsigned()
        } else {
            let key = random().map_err(|_| no_numbers())?;
            new.push(passport_key::Model { passport_id: id, noise_key: key.cast_signed() });
            key
        };
        families.push(Family { home, forms: sought.remove(&id).unwrap_or_default(), key });
    }
    insert::<passport_key::Entity>(tx, new).await?;
    Ok(families)
}

/// The care forms that each passport holder seeks.
pub(super) async fn care_forms(
    tx: &DatabaseTransaction,
) -> Result<BTreeMap<PassportId, BTreeSet<CareForm>>, StoreError> {
    let mut sought: BTreeMap<PassportId, BTreeSet<CareForm>> = BTreeMap::new();
    for row in passport_care_form::Entity::find().all(tx).await? {
        sought.entry(row.passport_id).or_default().insert(row.care_form);
    }
    Ok(sought)
}

fn no_numbers() -> StoreError {
    StoreError::Corrupt("the system gives no random numbers".into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test should stop at once")]
mod tests {
    use super::*;
    use crate::care::shipped::reference;

    #[test]
    fn regions_that_the_gate_refused_are_named() {
        let family = |pc4: &str| Family { home: pc4.parse().unwrap(), forms: BTreeSet::new(), key: 1 };
        let families: Vec<Family> =
            ["3511"; 12].into_iter().chain(["9711"; 10]).chain(["6211"; 9]).map(family).collect();
        let quarter = Quarter { year: 2027, quarter: 1 };
        let mut keys = 0..;
        let mut key = || keys.next().unwrap_or_default();
        let mut made = publish(quarter, 10, &families, &reference().unwrap(), &[], &mut key).unwrap();
        assert_eq!(refused(&made, &families), Vec::<String>::new());
        // As the gate does it.
        let division = made.division.as_mut().unwrap();
        let gone = division.areas.values().map(|area| area.region.clone()).next().unwrap();
        division.areas.retain(|_, area| area.region != gone);
        assert_eq!(refused(&made, &families), [gone]);
    }
}
