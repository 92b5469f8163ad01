//! Configuration: the command line over the environment over a TOML file over these defaults.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use chrono::NaiveDate;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    auth::{IssuerConfig, IssuerError, check_issuers},
    care::freshness::FreshnessRule,
    graphql::{attempts::SignInLimits, gate::Limits},
    http::{ImportLimits, LoadLimits, SocketLimits, graphql::BodyLimits},
    store::{DatabaseLimits, DatabaseUrl},
};

/// Everything that can be configured. A TOML file has the same names, see `zorgkaart.example.toml`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database; none: an `SQLite` file in the data directory.
    pub database_url: Option<String>,
    /// Where the `SQLite` database and the signing keys live.
    pub data_dir: PathBuf,
    /// A read replica of the database, where the whole map is read; none: where everything else is.
    pub database_read_url: Option<String>,
    /// How many database connections requests may use at most; two more follow the changes.
    pub database_connections: u32,
    /// How the service uses its database.
    pub database: DatabaseLimits,
    /// Where to show metrics; none: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// Where traces are sent (OTLP over HTTP); none: nowhere.
    pub otlp_endpoint: Option<String>,
    /// How long an answer may take, seconds.
    pub answer_seconds: u64,
    /// How long a process that is told to stop (SIGTERM) still takes requests, as not ready, seconds.
    pub drain_seconds: u64,
    /// Whether `serve` and `seed` add the demo.
    pub demo: bool,
    /// The date on which the demo begins, and at which its clock stands; none: today, and the clock runs.
    pub demo_date: Option<NaiveDate>,
    /// The issuer that tokens name.
    pub issuer: String,
    /// The audience that tokens name.
    pub audience: String,
    /// How long an access token of a passport holder lives, seconds: 60 to 3600.
    pub access_token_seconds: u64,
    /// How long contacts that were withdrawn are kept before they are erased, days.
    pub contact_retention_days: u32,
    /// The name under which the audit trail knows this process.
    pub replica: String,
    /// The issuers of others whose tokens are taken, for staff.
    pub issuers: Vec<IssuerConfig>,
    /// What fresh means.
    pub freshness: FreshnessRule,
    /// How often somebody may try to sign in.
    pub sign_in: SignInLimits,
    /// The largest GraphQL document that is answered.
    pub limits: Limits,
    /// A file of documents that clients may ask by their hash, see [`Persisted`](crate::http::graphql::Persisted); none: there
    /// are none.
    pub persisted_documents: Option<PathBuf>,
    /// The largest body that is read, and how long it may take to come; its head as long again.
    pub body: BodyLimits,
    /// How large a file may be that is imported over HTTP.
    pub imports: ImportLimits,
    /// What connections that stay may do.
    pub sockets: SocketLimits,
    /// How much is taken on.
    pub load: LoadLimits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            database_url: None,
            data_dir: PathBuf::from("data"),
            database_read_url: None,
            database_connections: 8,
            database: DatabaseLimits::default(),
            metrics_listen: None,
            otlp_endpoint: None,
            answer_seconds: 10,
            drain_seconds: 5,
            demo: false,
            demo_date: None,
            issuer: "zorgkaart".into(),
            audience: "zorgkaart".into(),
            access_token_seconds: 900,
            contact_retention_days: 365,
            replica: "zorgkaart".into(),
            issuers: Vec::new(),
            freshness: FreshnessRule::default(),
            sign_in: SignInLimits::default(),
            limits: Limits::default(),
            persisted_documents: None,
            body: BodyLimits::default(),
            imports: ImportLimits::default(),
            sockets: SocketLimits::default(),
            load: LoadLimits::default(),
        }
    }
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file or a value cannot be read.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(#[from] Box<figment::Error>),
    /// A value is not acceptable.
    #[error("{name}: {reason}")]
    Unacceptable {
        /// Which.
        name: &'static str,
        /// What would be right.
        reason: String,
    },
}

impl From<IssuerError> for ConfigError {
    fn from(error: IssuerError) -> Self {
        Self::Unacceptable { name: "issuers", reason: error.to_string() }
    }
}

impl Config {
    /// Reads the configuration: `given` (what the command line and the environment say) over `file` over defaults.
    ///
    /// # Errors
    /// When the file cannot be read or a value is not acceptable.
    pub fn read(given: &impl Serialize, file: Option<&std::path::Path>) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment.merge(Serialized::globals(given)).extract().map_err(Box::new)?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let unacceptable = |name, reason: &str| Err(ConfigError::Unacceptable { name, reason: reason.into() });
        if self.database_connections == 0 {
            return unacceptable("database_connections", "at least 1");
        }
        if self.database.seconds == 0 || self.answer_seconds == 0 {
            return unacceptable("database.seconds and answer_seconds", "at least 1");
        }
        if !(60..=3600).contains(&self.access_token_seconds) {
            return unacceptable("access_token_seconds", "from 60 to 3600");
        }
        if self.contact_retention_days == 0 {
            return unacceptable(
                "contact_retention_days",
                "at least 1: what is withdrawn by mistake can then be undone",
            );
        }
        if self.body.bytes == 0 || self.body.within.is_zero() {
            return unacceptable("body", "bytes and seconds are at least 1");
        }
        if self.imports.bytes == 0 {
            return unacceptable("imports", "bytes is at least 1");
        }
        let sockets = &self.sockets;
        if [sockets.init_seconds, sockets.slow_seconds, sockets.heartbeat_seconds].contains(&0) {
            return unacceptable("sockets", "init_seconds, slow_seconds and heartbeat_seconds are at least 1");
        }
        let load = &self.load;
        if load.at_once == 0 || load.connections == 0 || load.patience_milliseconds == 0 {
            return unacceptable("load", "at_once, patience_milliseconds and connections are at least 1");
        }
        if self.demo_date.is_some() && !self.demo {
            return unacceptable("demo_date", "needs the demo (--demo)");
        }
        if self.freshness.fresh_days > self.freshness.aging_days {
            return unacceptable("freshness", "fresh_days is at most aging_days");
        }
        check_issuers(&self.issuers, &self.issuer)?;
        self.read_database()?;
        self.main_database().map(|_| ())
    }

    /// The database.
    ///
    /// # Errors
    /// When its URL is neither of `SQLite` nor of PostgreSQL.
    pub fn main_database(&self) -> Result<DatabaseUrl, ConfigError> {
        match &self.database_url {
            Some(url) => {
                DatabaseUrl::parse(url).map_err(|reason| ConfigError::Unacceptable { name: "database_url", reason })
            }
            None => Ok(DatabaseUrl::sqlite_file(&self.data_dir.join("zorgkaart.db"))),
        }
    }

    /// The read replica.
    ///
    /// # Errors
    /// When its URL is not of PostgreSQL.
    pub fn read_database(&self) -> Result<Option<DatabaseUrl>, ConfigError> {
        let unacceptable = |reason| ConfigError::Unacceptable { name: "database_read_url", reason };
        let Some(url) = &self.database_read_url else { return Ok(None) };
        let url = DatabaseUrl::parse(url).map_err(unacceptable)?;
        if url.is_postgres() { Ok(Some(url)) } else { Err(unacceptable("a read replica is of PostgreSQL".into())) }
    }
}
