//! The database: opening it, and the connections to it.

mod backup;
mod check;
mod migrate;
mod options;
mod url;

use std::{future::Future, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use tokio::time::timeout;

pub(super) use options::ACQUIRE;
pub use options::DatabaseLimits;
pub use url::DatabaseUrl;

use super::{
    error::StoreError,
    load::{self, Loaded},
};
use crate::care::snapshot::Records;
use options::Purpose;

/// How long old connections get to end what they have begun.
const FAREWELL: Duration = Duration::from_secs(5);

/// How long reading the whole map may take: a million places take a hundred seconds, and a network that swallows a
/// connection gives no error at all.
const WHOLE: Duration = Duration::from_mins(5);

/// Where the whole map is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// At the read replica; where there is none, or it does not answer, at the primary.
    ReadReplica,
    /// At the primary.
    Primary,
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Database(Arc<Pools>);

#[derive(Debug)]
struct Pools {
    url: DatabaseUrl,
    connections: u32,
    purpose: Purpose,
    main: ArcSwap<DatabaseConnection>,
    /// For following the change feed, which must not wait behind requests.
    feed: ArcSwap<DatabaseConnection>,
    /// Where the whole map is read, if not where everything else is.
    read_url: Option<DatabaseUrl>,
}

/// The state of the connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolState {
    /// How many connections are open.
    pub open: u32,
    /// How many of them wait for work.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

impl Database {
    /// Opens a database for migrating, filling and commands, with up to `connections` connections, at least two: a
    /// migration holds its lock on one of its own.
    ///
    /// # Errors
    /// When the database cannot be reached, or does not keep the promises that it must (SECURITY.md, "Faults and
    /// promises"); the message says what is wrong and what would be right.
    pub async fn connect(url: &DatabaseUrl, connections: u32) -> Result<Self, StoreError> {
        check::check(url).await?;
        Self::open(url.clone(), connections.max(2), Purpose::Maintenance, None).await
    }

    /// The same database for answering, within limits; the whole map is read at `read_url`, if there is one.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn for_service(
        &self,
        connections: u32,
        limits: DatabaseLimits,
        read_url: Option<DatabaseUrl>,
    ) -> Result<Self, StoreError> {
        // An SQLite database in memory is its connection.
        if self.0.url.is_in_memory() {
            return Ok(self.clone());
        }
        Self::open(self.0.url.clone(), connections, Purpose::Service(limits), read_url).await
    }

    async fn open(
        url: DatabaseUrl,
        connections: u32,
        purpose: Purpose,
        read_url: Option<DatabaseUrl>,
    ) -> Result<Self, StoreError> {
        let main = pool(&url, connections, purpose).await?;
        let feed = if url.is_in_memory() { main.clone() } else { pool(&url, 1, purpose).await? };
        Ok(Self(Arc::new(Pools {
            connections,
            purpose,
            main: ArcSwap::from_pointee(main),
            feed: ArcSwap::from_pointee(feed),
            read_url,
            url,
        })))
    }

    /// The connections.
    pub(super) fn connection(&self) -> Arc<DatabaseConnection> {
        self.0.main.load_full()
    }

    /// The connection for following the change feed.
    pub(super) fn feed_connection(&self) -> Arc<DatabaseConnection> {
        self.0.feed.load_full()
    }

    /// A connection of its own for reading much.
    pub(super) async fn loading_connection(&self) -> Result<DatabaseConnection, StoreError> {
        if self.0.url.is_in_memory() {
            return Ok(self.connection().as_ref().clone());
        }
        Ok(pool(&self.0.url, 1, Purpose::Loading).await?)
    }

    /// The whole map and the position that it stands for.
    pub(super) async fn load(&self, source: Source) -> Result<Loaded, StoreError> {
        if let (Source::ReadReplica, Some(url)) = (source, &self.0.read_url) {
            let replica = async { load::whole(&pool(url, 1, Purpose::Loading).await?).await };
            match timeout(WHOLE, replica).await.unwrap_or_else(|_| Err(StoreError::too_slow())) {
                Ok(loaded) => return Ok(loaded),
                Err(error) => tracing::warn!(%error, "the read replica does not give the map; the primary is asked"),
            }
        }
        let primary = async { load::whole(&self.loading_connection().await?).await };
        timeout(WHOLE, primary).await.unwrap_or_else(|_| Err(StoreError::too_slow()))
    }

    /// How a connection of its own is made, for listening; none for `SQLite`, which has nobody to listen to.
    pub(super) fn listening_options(&self) -> Option<sqlx::postgres::PgConnectOptions> {
        options::postgres(&self.0.url, Purpose::Loading)
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.connection().begin().await
    }

    /// Does `work`, within the time that the limits give. What takes longer ends with "try again", and the
    /// connections are replaced: a connection that a network swallowed gives no error at all.
    ///
    /// # Errors
    /// Those of `work`, and `Unavailable` when it took too long.
    pub(super) fn within<'a, T, E: From<StoreError>>(
        &'a self,
        work: impl Future<Output = Result<T, E>> + 'a,
    ) -> impl Future<Output = Result<T, E>> {
        // Boxed, since that is 13 KB: a request that could come here and mostly does not would move them about.
        Box::pin(async move {
            let Purpose::Service(limits) = self.0.purpose else { return work.await };
            let before = self.connection();
            if let Ok(done) = timeout(limits.patience(), work).await {
                return done;
            }
            self.replace(&self.0.main, &before, self.0.connections).await;
            Err(StoreError::too_slow().into())
        })
    }

    /// Replaces the connection that follows the feed, as it was taken: it does not answer.
    pub(super) async fn renew_feed(&self, old: &Arc<DatabaseConnection>) {
        self.replace(&self.0.feed, old, 1).await;
    }

    /// Replaces the connections of requests, as they were: the network may have swallowed them too.
    pub(super) async fn renew(&self, old: &Arc<DatabaseConnection>) {
        self.replace(&self.0.main, old, self.0.connections).await;
    }

    /// Replaces a pool, unless somebody has done so since `old` was taken from it.
    async fn replace(&self, place: &ArcSwap<DatabaseConnection>, old: &Arc<DatabaseConnection>, connections: u32) {
        if !self.0.url.is_postgres() {
            return;
        }
        // Made when they are needed, so this does not wait for the database.
        let Ok(new) = pool(&self.0.url, connections, self.0.purpose).await else { return };
        let seen = place.compare_and_swap(old, Arc::new(new));
        if Arc::ptr_eq(&seen, old) {
            tracing::warn!("the database does not answer; its connections are replaced");
            let old = DatabaseConnection::clone(old);
            tokio::spawn(async move { timeout(FAREWELL, old.close()).await });
        }
    }

    /// The state of the connections.
    pub fn pool_state(&self) -> PoolState {
        let connection = self.connection();
        let (open, idle) = if self.0.url.is_postgres() {
            let pool = connection.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = connection.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        };
        PoolState { open, idle: u32::try_from(idle).unwrap_or(u32::MAX), most: self.0.connections }
    }

    /// Everything that is on the map, as of one moment.
    ///
    /// # Errors
    /// When the database does not answer or holds what cannot be.
    pub async fn records(&self) -> Result<Records, StoreError> {
        Ok(self.load(Source::ReadReplica).await?.records)
    }

    /// Closes the connections.
    ///
    /// # Errors
    /// When the database does not let go, in good time.
    pub async fn close(&self) -> Result<(), StoreError> {
        let closing = async {
            self.feed_connection().as_ref().clone().close().await?;
            Ok(self.connection().as_ref().clone().close().await?)
        };
        timeout(FAREWELL, closing).await.unwrap_or_else(|_| Err(StoreError::too_slow()))
    }
}

async fn pool(url: &DatabaseUrl, connections: u32, purpose: Purpose) -> Result<DatabaseConnection, DbErr> {
    sea_orm::Database::connect(options::options(url, connections, purpose)).await
}
