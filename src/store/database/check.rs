//! Looking at a database before it is used: what is wrong is said once, at the start, and in words that help.

use std::{fmt, io, time::Duration};

use sea_orm::{DbErr, RuntimeErr};
use sqlx::{Connection, Error, Executor, PgConnection, Row, postgres::PgConnectOptions, postgres::PgSslMode};
use tokio::time::timeout;

use super::{
    DatabaseUrl,
    options::{self, Purpose},
};
use crate::store::error::StoreError;

/// How long the first connection may take.
const FIRST: Duration = Duration::from_secs(5);
/// The oldest PostgreSQL that is supported, as `server_version_num` says it.
const OLDEST: i32 = 150_000;

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StartCheck {
    /// `server_version_num`.
    version: i32,
    /// Whether it only follows another.
    recovering: bool,
    synchronous_commit: String,
    fsync: String,
}

impl StartCheck {
    /// What stands in the way of using such a server, in words for the operator.
    ///
    /// # Errors
    /// The first thing that does.
    fn verdict(&self) -> Result<(), String> {
        if self.version < OLDEST {
            return Err(format!(
                "the PostgreSQL server is of version {}; version {} or newer is needed",
                self.version / 10_000,
                OLDEST / 10_000
            ));
        }
        if self.recovering {
            return Err("the PostgreSQL server is a standby that takes no writes; name the primary in \
                 database_url (a standby may be named in database_read_url)"
                .into());
        }
        if self.synchronous_commit == "off" {
            return Err("synchronous_commit is off on this PostgreSQL server, so that a write that was acknowledged \
                 could be lost; set it on, for example with `alter database ... set synchronous_commit = on`"
                .into());
        }
        Ok(())
    }
}

/// Looks at the database at `url`; one of `SQLite` has nothing to look at.
pub(super) async fn check(url: &DatabaseUrl) -> Result<(), StoreError> {
    let Some(options) = options::postgres(url, Purpose::Maintenance) else { return Ok(()) };
    let found = match timeout(FIRST, look(&options)).await {
        Ok(found) => found.map_err(|error| StoreError::Start(describe(&error, &options)))?,
        Err(_) => {
            return Err(StoreError::Start(format!(
                "the PostgreSQL server at {} does not answer within {} s",
                address(&options),
                FIRST.as_secs()
            )));
        }
    };
    found.verdict().map_err(StoreError::Start)?;
    if found.fsync == "off" {
        tracing::warn!("fsync is off on this PostgreSQL server: a power cut can lose everything; for tests only");
    }
    if options.get_socket().is_none()
        && !is_local(options.get_host())
        && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
    {
        tracing::warn!(
            "the connection to PostgreSQL is not safe from others on the network; add \
             ?sslmode=verify-full&sslrootcert=FILE to database_url"
        );
    }
    Ok(())
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.starts_with('/') || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

async fn look(options: &PgConnectOptions) -> Result<StartCheck, Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    let row = connection
        .fetch_one(
            "select current_setting('server_version_num')::int, pg_is_in_recovery(), \
             current_setting('synchronous_commit'), current_setting('fsync')",
        )
        .await?;
    let found = StartCheck {
        version: row.try_get(0)?,
        recovering: row.try_get(1)?,
        synchronous_commit: row.try_get(2)?,
        fsync: row.try_get(3)?,
    };
    connection.close().await?;
    Ok(found)
}

fn address(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}

/// What the first connection came to, without the password.
fn describe(error: &Error, options: &PgConnectOptions) -> String {
    let (at, user) = (address(options), options.get_username());
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    match (error, code.as_ref()) {
        (_, "28P01" | "28000") => {
            format!("the PostgreSQL server at {at} refuses user {user}: check user, password and pg_hba.conf")
        }
        (_, "3D000") => {
            let name = options.get_database().unwrap_or(user);
            format!("there is no database {name} on the PostgreSQL server at {at}; make it with createdb")
        }
        (_, "53300") => format!("the PostgreSQL server at {at} has no connection left (max_connections)"),
        (_, "57P03") => format!("the PostgreSQL server at {at} is starting up or shutting down; try again"),
        (Error::Tls(reason), _) => untrusted(&at, reason),
        // A certificate that does not hold comes as data that are no good.
        (Error::Io(reason), _) if reason.kind() == io::ErrorKind::InvalidData => untrusted(&at, reason),
        (Error::Io(reason), _) => {
            format!(
                "the PostgreSQL server at {at} cannot be reached: {reason}; check the host and port of database_url"
            )
        }
        _ => format!("the PostgreSQL server at {at} cannot be used: {error}"),
    }
}

fn untrusted(at: &str, reason: &dyn fmt::Display) -> String {
    format!("the PostgreSQL server at {at} cannot be trusted or offers no TLS: {reason}; check sslmode and sslrootcert")
}

/// A failed migration, in words for the operator where they help.
pub(super) fn explained(error: DbErr) -> StoreError {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = &error else {
        return error.into();
    };
    match inner.as_database_error().filter(|error| error.code().as_deref() == Some("42501")) {
        Some(denied) => StoreError::Start(format!(
            "the database user may not do what migrating needs ({}); grant it create on the schema, or run \
             `zorgkaart migrate` as a user that may",
            denied.message()
        )),
        None => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::StartCheck;

    fn server() -> StartCheck {
        StartCheck { version: 150_018, recovering: false, synchronous_commit: "on".into(), fsync: "on".into() }
    }

    #[test]
    fn a_server_that_keeps_its_promises_is_taken() {
        for synchronous_commit in ["on", "local", "remote_write", "remote_apply"] {
            let server = StartCheck { synchronous_commit: synchronous_commit.into(), ..server() };
            assert_eq!(server.verdict(), Ok(()));
        }
    }

    #[test]
    fn one_that_does_not_is_refused_with_what_would_be_right() {
        let refused = [
            (StartCheck { version: 140_012, ..server() }, "of version 14; version 15 or newer"),
            (StartCheck { recovering: true, ..server() }, "name the primary"),
            (StartCheck { synchronous_commit: "off".into(), ..server() }, "set it on"),
        ];
        for (server, words) in refused {
            let said = server.verdict().err().unwrap_or_default();
            assert!(said.contains(words), "{said}");
        }
    }
}
