//! Starting: the one way, for the program and for the tests.

mod beside;
mod runtime;

use std::{
    fs::File,
    future::{Future, IntoFuture},
    io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::NaiveDate;
use thiserror::Error;
use tokio::{net::TcpListener, sync::oneshot};
use uuid::Uuid;

pub use beside::HEAD_FILE;
use beside::{erase_contacts, keep_heads, watch_keys};
pub use runtime::runtime;

use crate::{
    auth::{Authority, Fetch, Issuers, KeyError, Keys},
    care::calendar::dutch_date,
    clock::{Clock, HighWater},
    config::{Config, ConfigError},
    http::{
        self,
        graphql::{Persisted, PersistedError},
    },
    private,
    store::{Database, Dataset, SeedError, SharedStore, Store, StoreError},
};

/// How long requests that have begun may take once the service is told to stop.
const PATIENCE: Duration = Duration::from_secs(20);

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

/// How to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// At once: nobody else sends requests here.
    Now,
    /// Not ready first, and only then, once whoever sends requests here has seen it.
    Drain,
}

/// Where a service listens.
#[derive(Debug)]
pub struct Listeners {
    /// For questions.
    pub main: TcpListener,
    /// For metrics.
    pub metrics: Option<TcpListener>,
}

/// A started service.
pub struct App {
    /// The database and the map.
    pub store: SharedStore,
    /// Issues and verifies tokens.
    pub authority: Arc<Authority>,
    /// The issuers of others, for staff.
    issuers: Arc<Issuers>,
    /// The clock: the system's, or that of the demo.
    pub clock: Clock,
    persisted: Arc<Persisted>,
    config: Config,
}

/// Why the service does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be used.
    #[error("the data directory {path} cannot be used: {source}")]
    DataDir {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The documents that may be asked by their hash cannot be used.
    #[error("the persisted documents {path} cannot be used: {source}")]
    Persisted {
        /// In which file.
        path: PathBuf,
        /// What is wrong with it.
        source: PersistedError,
    },
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

/// Opens the database of `config`, migrated and with reference data, and makes a first signing key if there is none.
///
/// # Errors
/// When the data directory cannot be used, or the database cannot be reached, migrated or filled.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    let _alone = alone(config).await?;
    Keys::ensure(&key_dir(config), Uuid::now_v7)?;
    let database = Database::connect(&config.main_database()?, config.database_connections).await?;
    database.migrate().await?;
    database.seed_reference().await?;
    Ok(database)
}

/// Makes the data directory and waits until no other process on it is starting: two first starts at once would each
/// make a key, and migrate the same `SQLite` file. The lock goes with the returned file.
async fn alone(config: &Config) -> Result<File, StartError> {
    let path = config.data_dir.clone();
    let lock = move || {
        private::create_dir(&path)?;
        let file = File::options().create(true).write(true).truncate(false).open(path.join("start.lock"))?;
        file.lock()?;
        Ok(file)
    };
    let failed = |source| StartError::DataDir { path: config.data_dir.clone(), source };
    tokio::task::spawn_blocking(lock).await.map_err(io::Error::other).flatten().map_err(failed)
}

/// The issuer of `config`, whose keys are there.
///
/// # Errors
/// When there are no keys yet, or they cannot be used.
pub fn authority(config: &Config) -> Result<Authority, StartError> {
    let keys = Keys::load(&key_dir(config))?;
    Ok(Authority::new(keys, config.issuer.clone(), config.audience.clone()))
}

/// The issuers of others in `config`, with their keys where these can be had.
async fn issuers(config: &Config) -> Result<Issuers, StartError> {
    let fetch: Arc<dyn Fetch> = Arc::new(http::HttpFetch);
    let issuers = Issuers::new(config.issuers.clone(), &config.issuer, &fetch).map_err(ConfigError::from)?;
    issuers.load(Instant::now()).await;
    Ok(issuers)
}

/// The documents that `config` lists.
fn persisted(config: &Config) -> Result<Persisted, StartError> {
    let Some(path) = &config.persisted_documents else { return Ok(Persisted::default()) };
    Persisted::read(path).map_err(|source| StartError::Persisted { path: path.clone(), source })
}

/// Where the keys are.
pub(crate) fn key_dir(config: &Config) -> PathBuf {
    config.data_dir.join("keys")
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
        let persisted = Arc::new(persisted(&config)?);
        let issuers = Arc::new(issuers(&config).await?);
        let database = open_database(&config).await?;
        let authority = authority(&config)?;
        let clock = fill(&database, filling, wall).await?;
        let database =
            database.for_service(config.database_connections, config.database, config.read_database()?).await?;
        let store = Store::open(database, config.freshness, config.replica.clone(), clock).await?;
        Ok(Self { store: Arc::new(store), authority: Arc::new(authority), issuers, clock, persisted, config })
    }

    /// What the routes share.
    pub fn service(&self) -> Arc<http::Service> {
        // A clock that stands does not go back.
        let high_water = (self.clock == Clock::System).then(|| HighWater::open(&self.config.data_dir));
        let settings = http::Settings {
            limits: self.config.limits.clone(),
            body: self.config.body,
            imports: self.config.imports,
            sockets: self.config.sockets.clone(),
            load: self.config.load.clone(),
            deadline: Duration::from_secs(self.config.answer_seconds),
            access_token: Duration::from_secs(self.config.access_token_seconds),
            sign_in: self.config.sign_in,
            persisted: Arc::clone(&self.persisted),
        };
        let (store, authority) = (Arc::clone(&self.store), Arc::clone(&self.authority));
        let service = http::Service::new(store, authority, self.clock, high_water, settings);
        Arc::new(service.with_issuers(Arc::clone(&self.issuers)))
    }

    /// Answers on the listeners until `shutdown`; requests that have begun are finished. Follows the changes of others in
    /// the meantime.
    ///
    /// # Errors
    /// When a listener fails.
    pub async fn serve(
        self,
        listeners: Listeners,
        shutdown: impl Future<Output = Stop> + Send + 'static,
    ) -> io::Result<()> {
        let service = self.service();
        let following = tokio::spawn(Arc::clone(&self.store).follow());
        let watching = tokio::spawn(watch_keys(key_dir(&self.config), Arc::clone(&self.authority)));
        let heads = tokio::spawn(keep_heads(
            self.config.data_dir.join(HEAD_FILE),
            Arc::clone(&self.store),
            Arc::clone(&self.authority),
            self.clock,
        ));
        let erasing = tokio::spawn(erase_contacts(Arc::clone(&self.store), self.config.contact_retention_days));
        let metrics = listeners.metrics.map(|listener| {
            tokio::spawn(axum::serve(listener, http::metrics_router(Arc::clone(&service))).into_future())
        });
        let router = http::router(Arc::clone(&service));
        let drain = Duration::from_secs(self.config.drain_seconds);
        let (told, stopping) = oneshot::channel();
        let seats = service.connections();
        let graceful = http::serve(listeners.main, router, self.config.body.within, seats, async move {
            let stop = shutdown.await;
            service.stop();
            if stop == Stop::Drain {
                // Whoever sends requests here has to see that this replica is no longer ready.
                tokio::time::sleep(drain).await;
            }
            let _ = told.send(());
        });
        // First softly, then hard: a client that never reads its answer must not keep the service from stopping.
        let hard = async {
            let _ = stopping.await;
            tokio::time::sleep(PATIENCE).await;
        };
        tokio::select! {
            () = graceful => {}
            () = hard => tracing::warn!("requests were cut: they did not end in time"),
        }
        following.abort();
        watching.abort();
        heads.abort();
        erasing.abort();
        if let Some(metrics) = metrics {
            metrics.abort();
        }
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
        Ok(())
    }
}
