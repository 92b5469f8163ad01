//! Starting: the one way, for the program and for the tests.

use std::{future::Future, io, path::PathBuf, sync::Arc};

use chrono::NaiveDate;
use thiserror::Error;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    auth::{Authority, KeyError, Keys},
    care::calendar::dutch_date,
    clock::{Clock, HighWater},
    config::{Config, ConfigError},
    http,
    store::{Database, Dataset, SeedError, SharedStore, Store, StoreError},
};

/// What a database is filled with at the start, beyond reference data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filling {
    /// Nothing.
    #[default]
    None,
    /// The demo from today on.
    Demo,
    /// The demo from a date on, at which its clock stands.
    DemoOn(NaiveDate),
}

/// A started service.
pub struct App {
    /// The database and the map.
    pub store: SharedStore,
    /// Issues and verifies tokens.
    pub authority: Arc<Authority>,
    /// The clock: the system's, or that of the demo.
    pub clock: Clock,
    config: Config,
}

/// Why the service does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be made.
    #[error("the data directory {path} cannot be made: {source}")]
    DataDir {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database could not be filled.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The database holds the demo of another date.
    #[error("this database holds the demo of {held}, whose clock {}; use another --data-dir or database for {asked}",
        if *.stands { "stands there" } else { "runs" })]
    OtherDemo {
        /// The date that it began.
        held: NaiveDate,
        /// Whether its clock stands.
        stands: bool,
        /// The date that was asked for.
        asked: NaiveDate,
    },
}

/// Opens the database of `config`, migrated and with reference data.
///
/// # Errors
/// When it cannot be reached, migrated or filled.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    make_data_dir(config)?;
    let database = Database::connect(&config.database()?, config.database_connections).await?;
    database.migrate().await?;
    database.seed_reference().await?;
    Ok(database)
}

fn make_data_dir(config: &Config) -> Result<(), StartError> {
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|source| StartError::DataDir { path: config.data_dir.clone(), source })
}

/// The issuer of `config`, with a key made at first start.
///
/// # Errors
/// When the data directory or the keys in it cannot be used.
pub fn authority(config: &Config) -> Result<Authority, StartError> {
    make_data_dir(config)?;
    let keys = Keys::load_or_create(&config.data_dir.join("keys"), Uuid::now_v7)?;
    Ok(Authority::new(keys, config.issuer.clone(), config.audience.clone()))
}

/// Fills a database and says what its clock is: `wall`, unless it holds a demo whose clock stands.
///
/// # Errors
/// When the database refuses, or holds the demo of another date.
pub async fn fill(database: &Database, filling: Filling, wall: Clock) -> Result<Clock, StartError> {
    match filling {
        Filling::None => {}
        Filling::Demo => database.seed_demo(dutch_date(wall.now()), false).await?,
        Filling::DemoOn(date) => database.seed_demo(date, true).await?,
    }
    let dataset = Dataset::read(database).await?;
    if let (Filling::DemoOn(asked), Some(held)) = (filling, dataset.demo)
        && dataset.demo_clock != Some(asked)
    {
        return Err(StartError::OtherDemo { held, stands: dataset.demo_clock.is_some(), asked });
    }
    Ok(dataset.demo_clock.map_or(wall, Clock::standing_on))
}

impl App {
    /// Starts the service of `config`: database, keys, map.
    ///
    /// # Errors
    /// When any of them cannot be had; the message says which and why.
    pub async fn start(config: Config, filling: Filling, wall: Clock) -> Result<Self, StartError> {
        let authority = authority(&config)?;
        let database = open_database(&config).await?;
        let clock = fill(&database, filling, wall).await?;
        let store =
            Store::open(database.into_connection(), config.freshness, config.replica.clone(), clock.now()).await?;
        Ok(Self { store: Arc::new(store), authority: Arc::new(authority), clock, config })
    }

    /// The routes of the service.
    pub fn router(&self) -> axum::Router {
        // A clock that stands does not go back.
        let high_water = (self.clock == Clock::System).then(|| HighWater::open(&self.config.data_dir));
        let service = http::Service::new(
            Arc::clone(&self.store),
            Arc::clone(&self.authority),
            self.clock,
            high_water,
            self.config.limits.clone(),
        );
        http::router(service.with_body_limits(self.config.body))
    }

    /// Answers on `listener` until `shutdown`; requests that have begun are finished.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let service = self.router().into_make_service_with_connect_info::<std::net::SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(shutdown).await?;
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
        Ok(())
    }
}
