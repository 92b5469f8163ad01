//! Demand as it is, for the kenniscentrum alone.

use std::collections::BTreeMap;

use entity::passport;
use sea_orm::EntityTrait;
use serde_json::json;

use super::{
    super::{
        Store, View,
        audit::{Access, Event, Reading},
        error::StoreError,
    },
    publish::care_forms,
};
use crate::store::rows::FromRow;
use crate::{
    auth::Denied,
    care::{
        passport::{Passport, PassportStatus},
        postcode::Pc4,
        vocabulary::CareForm,
    },
    geo::Cell,
};

/// Active passports in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct RawDemand {
    /// The cell, of resolution 6.
    pub cell: Cell,
    /// The code of its region.
    pub region: String,
    /// How many.
    pub families: u32,
    /// How many of them seek each care form.
    pub forms: BTreeMap<CareForm, u32>,
}

impl Store {
    /// The active passports of a region by cell, for the kenniscentrum. The read is recorded.
    ///
    /// # Errors
    /// `Ok(Err(_))` when the requester may not; `Err(_)` when the database does not answer or the read cannot be recorded.
    pub async fn raw_demand(
        &self,
        view: &View,
        access: &Access,
        region: &str,
    ) -> Result<Result<Vec<RawDemand>, Denied>, StoreError> {
        if let Err(denied) = view.scope().keep_demand() {
            return Ok(Err(self.deny(view, access, "rawDemand", denied).await));
        }
        let territory = self.inhabited(view).await?.territory;
        let read = async {
            let reading = Reading::begin(&self.database).await?;
            let mut sought = care_forms(&reading.tx).await?;
            let mut cells: BTreeMap<Cell, RawDemand> = BTreeMap::new();
            for row in passport::Entity::find().all(&reading.tx).await? {
                let (id, home) = (row.id, row.home_pc4.parse::<Pc4>());
                let home = home.map_err(|_| StoreError::Corrupt("a postcode of a passport".into()))?;
                let active = Passport::from_row(row).status(view.now()) == PassportStatus::Active;
                let Some(cell) = territory.cell_of(home).filter(|_| active) else { continue };
                if territory.cells.get(&cell).is_none_or(|code| code != region) {
                    continue;
                }
                let raw = cells.entry(cell).or_insert_with(|| RawDemand {
                    cell,
                    region: region.to_owned(),
                    families: 0,
                    forms: BTreeMap::new(),
                });
                raw.families += 1;
                for form in sought.remove(&id).unwrap_or_default() {
                    *raw.forms.entry(form).or_default() += 1;
                }
            }
            let object = json!({ "type": "rawDemand", "id": region });
            reading.end(&Event::read(view, access, &self.replica, "rawDemand"), vec![object]).await?;
            Ok::<_, StoreError>(cells.into_values().collect())
        };
        let _turn = self.turn().await?;
        self.database.within(read).await.map(Ok)
    }
}
