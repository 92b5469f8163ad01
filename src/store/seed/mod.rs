//! Filling a database: reference data, the demo, and large synthetic sets. Each is one transaction that happens once,
//! however many processes start at the same time.

mod batch;
mod people;

use chrono::{NaiveDate, NaiveTime};
use entity::provider;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use sea_orm::{DatabaseTransaction, EntityTrait, PaginatorTrait};
use thiserror::Error;

use super::{
    database::Database,
    dataset::{DEMO, DEMO_CLOCK, Dataset, REFERENCE, SYNTHETIC, claim},
    demand::publish_as,
    error::StoreError,
    feed::{self, Change},
    insert::insert,
    rows::postcode_row,
    write::WriteError,
};
use crate::care::{
    agreement::Agreement,
    demand::LEAST_K,
    demo,
    reference::Reference,
    shipped::{self, ShippedError},
    vocabulary::ChangeKind,
};
use batch::{AUTHOR, Batch};

/// The seed number of the demo: the same demo on every machine.
const DEMO_SEED: u64 = 1;

/// Why a database could not be filled.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A table that ships with the program cannot be read.
    #[error(transparent)]
    Shipped(#[from] ShippedError),
    /// There is one already.
    #[error("this database holds {0} already; use another database")]
    Present(&'static str),
}

impl From<sea_orm::DbErr> for SeedError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Database {
    /// Loads the reference data that ship with the program, if they are absent.
    ///
    /// # Errors
    /// When the database refuses; it is then as it was.
    pub async fn seed_reference(&self) -> Result<(), SeedError> {
        if Dataset::read(self).await?.reference {
            return Ok(());
        }
        let tx = self.begin().await?;
        if claim(&tx, REFERENCE, "").await? {
            write_reference(&tx, shipped::reference()?, shipped::agreements()?).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds the demo that begins on `start`, if it is absent; its clock then stands there when `clock_stands`.
    ///
    /// # Errors
    /// When the database refuses, or holds providers already; it is then as it was.
    pub async fn seed_demo(&self, start: NaiveDate, clock_stands: bool) -> Result<(), SeedError> {
        if Dataset::read(self).await?.demo.is_some() {
            return Ok(());
        }
        let tx = self.begin().await?;
        if claim(&tx, DEMO, &start.to_string()).await? {
            // A demo among real places would hand out tokens for them, and its clock would keep them alive.
            if provider::Entity::find().count(&tx).await? > 0 {
                return Err(SeedError::Present("providers that are not of a demo"));
            }
            if clock_stands {
                claim(&tx, DEMO_CLOCK, &start.to_string()).await?;
            }
            let demo = demo::demo(&shipped::reference()?, DEMO_SEED, start)?;
            let mut batch = Batch::new(start.and_time(NaiveTime::MIN).and_utc());
            for bundle in demo.bundles {
                batch.add(bundle);
            }
            batch.write(&tx).await?;
            people::contacts(&tx, demo.contacts, start).await?;
            people::passports(&tx, demo.passports, start).await?;
            people::applications(&tx, demo.applications).await?;
            demand(&tx, start).await?;
            announce(&tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds `places` synthetic places from `start` on; `progress` hears how many are written. A second time is
    /// refused.
    ///
    /// # Errors
    /// When the database holds synthetic places already, or refuses; it is then as it was.
    pub async fn seed_synthetic(
        &self,
        places: u64,
        start: NaiveDate,
        mut progress: impl FnMut(u64),
    ) -> Result<(), SeedError> {
        let tx = self.begin().await?;
        if !claim(&tx, SYNTHETIC, &places.to_string()).await? {
            return Err(SeedError::Present("synthetic places"));
        }
        let stated = start.and_time(NaiveTime::MIN).and_utc();
        let mut batch = Batch::new(stated);
        let mut written = 0;
        for bundle in demo::synthetic(&shipped::reference()?, DEMO_SEED + 1, start, places)? {
            written += bundle.places.len() as u64;
            batch.add(bundle);
            if batch.is_full() {
                std::mem::replace(&mut batch, Batch::new(stated)).write(&tx).await?;
                progress(written);
            }
        }
        batch.write(&tx).await?;
        announce(&tx).await?;
        progress(written);
        Ok(tx.commit().await?)
    }
}

/// Publishes the demand of the demo, with noise that is the same on every machine.
async fn demand(tx: &DatabaseTransaction, start: NaiveDate) -> Result<(), StoreError> {
    let mut stream = ChaCha8Rng::seed_from_u64(DEMO_SEED);
    let at = start.and_time(NaiveTime::MIN).and_utc();
    let published = publish_as(tx, LEAST_K, at, AUTHOR, &mut || Ok(stream.next_u64())).await;
    published.map(drop).map_err(|error| match error {
        WriteError::Store(error) => error,
        other => StoreError::Corrupt(format!("the demand of the demo could not be published: {other:?}")),
    })
}

/// Tells those who follow that there is another map.
async fn announce(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    let everything = Change { kind: ChangeKind::Map, id: String::new(), provider: None };
    feed::write(tx, &[everything]).await
}

async fn write_reference(
    tx: &DatabaseTransaction,
    reference: Reference,
    agreements: Vec<Agreement>,
) -> Result<(), StoreError> {
    use entity::{gemeente, kwaliteitseis, passport_agreement, postcode, zorgkantoor_region};
    let regions = reference.regions.into_values().map(|region| zorgkantoor_region::Model {
        code: region.code,
        name: region.name,
        concession_holder: region.concession_holder,
        valid_from: region.valid_from,
        valid_to: region.valid_to,
    });
    insert::<zorgkantoor_region::Entity>(tx, regions.collect()).await?;
    let gemeenten = reference.gemeenten.into_values().map(|gemeente| gemeente::Model {
        code: gemeente.code,
        name: gemeente.name,
        region_code: gemeente.region_code,
        valid_from: gemeente.valid_from,
        valid_to: gemeente.valid_to,
    });
    insert::<gemeente::Entity>(tx, gemeenten.collect()).await?;
    let postcodes = reference.postcodes.into_values().map(postcode_row);
    insert::<postcode::Entity>(tx, postcodes.collect()).await?;
    let kwaliteitseisen = reference.kwaliteitseisen.into_values().map(|eis| kwaliteitseis::Model {
        code: eis.code,
        title: eis.title,
        theme: eis.theme,
    });
    insert::<kwaliteitseis::Entity>(tx, kwaliteitseisen.collect()).await?;
    let agreements = agreements.into_iter().map(|agreement| passport_agreement::Model {
        code: agreement.code,
        title: agreement.title,
        organisation: agreement.organisation,
        description: agreement.description,
        since: agreement.since,
        kind: agreement.kind,
    });
    insert::<passport_agreement::Entity>(tx, agreements.collect()).await
}
