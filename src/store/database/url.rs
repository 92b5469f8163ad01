//! Where a database is.

use std::{fmt, path::Path, str::FromStr};

use sea_orm::sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};

/// Where a database is. It may hold a password, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes a URL of `SQLite` or PostgreSQL.
    ///
    /// # Errors
    /// Says what a URL looks like when it is neither.
    pub fn parse(url: &str) -> Result<Self, String> {
        // What the parsers themselves say repeats the URL, and it may hold a password.
        let readable = if url.starts_with("sqlite:") {
            SqliteConnectOptions::from_str(url).is_ok()
        } else {
            ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
                && PgConnectOptions::from_str(url).is_ok()
        };
        if readable {
            Ok(Self(url.into()))
        } else {
            Err("the database URL begins with sqlite: or postgres://, \
                 such as sqlite:data/zorgkaart.db or postgres://user:password@host/zorgkaart"
                .into())
        }
    }

    /// The same database, which must be there.
    #[must_use]
    pub fn existing(self) -> Self {
        Self(self.0.replace("mode=rwc", "mode=rw"))
    }

    /// An `SQLite` database in a file, made when it is not there.
    pub fn sqlite_file(path: &Path) -> Self {
        Self(format!("sqlite:{}?mode=rwc", path.display()))
    }

    /// Whether it is of PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        !self.0.starts_with("sqlite:")
    }

    /// Whether it is gone with its last connection.
    pub(super) fn is_in_memory(&self) -> bool {
        !self.is_postgres() && (self.0.contains(":memory:") || self.0.contains("mode=memory"))
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.split(':').next().unwrap_or_default())
    }
}
