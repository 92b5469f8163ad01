//! `PostgreSQL` for tests: a throw-away server, and a fresh copy of a migrated database per test.
//!
//! The server is started by the first test that asks and is shared by the whole test process.
//! `ZORGKAART_TEST_POSTGRES=<url of a maintenance database>` names a running server to use instead,
//! which is what a runner with a process per test wants. Without a server to start, tests are
//! skipped; `REQUIRE_PG=1` turns that into a failure.

use std::env;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write as _};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::{fs, thread};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

const GUARDIAN: &str = include_str!("postgres_guardian.sh");

/// A database of one test, dropped with this value.
pub(crate) struct PostgresDatabase {
    pub(crate) url: String,
    name: String,
    maintenance_url: String,
}

/// A new database with everything that `migrate` makes, or `None` where there is no
/// `PostgreSQL`.
///
/// `migrate` runs once per server and test binary: every call has to pass the same one.
pub(crate) async fn create_database<M>(migrate: M) -> Option<PostgresDatabase>
where
    M: AsyncFnOnce(String),
{
    Some(template(migrate).await?.copy().await)
}

async fn template<M>(migrate: M) -> Option<&'static Template>
where
    M: AsyncFnOnce(String),
{
    // A failure is kept too: hundreds of tests that each retry a broken server would take minutes.
    static TEMPLATE: OnceCell<Result<Option<Template>, String>> = OnceCell::const_new();

    let template = TEMPLATE.get_or_init(|| Template::prepare(migrate)).await;
    template.as_ref().unwrap_or_else(|error| panic!("no PostgreSQL for tests: {error}")).as_ref()
}

/// A new database with nothing in it, or `None` where there is no `PostgreSQL`.
pub(crate) async fn create_empty_database<M>(migrate: M) -> Option<PostgresDatabase>
where
    M: AsyncFnOnce(String),
{
    Some(template(migrate).await?.copy_of("template0").await)
}

/// A migrated database that nobody is connected to, so that the server can copy it.
struct Template {
    name: String,
    maintenance_url: String,
    _server: Option<Server>,
}

impl Template {
    async fn prepare<M>(migrate: M) -> Result<Option<Self>, String>
    where
        M: AsyncFnOnce(String),
    {
        let (maintenance_url, server) = match env::var("ZORGKAART_TEST_POSTGRES") {
            Ok(url) => (url, None),
            Err(_) => match find_server(GUARDIAN) {
                Ok(command) => {
                    let server = tokio::task::spawn_blocking(|| Server::start(command))
                        .await
                        .map_err(|error| error.to_string())??;
                    (server.maintenance_url(), Some(server))
                }
                Err(reason) => {
                    skip(reason);
                    return Ok(None);
                }
            },
        };
        let template = Self {
            name: format!("zorgkaart_template_{:016x}", fingerprint_of_this_binary()),
            maintenance_url,
            _server: server,
        };
        let built = template.build(migrate).await;
        built.map_err(|error| format!("template database: {error}"))?;
        Ok(Some(template))
    }

    /// Migrates the template, unless another process with the same binary has done so.
    async fn build<M>(&self, migrate: M) -> Result<(), DbErr>
    where
        M: AsyncFnOnce(String),
    {
        let name = &self.name;
        let maintenance = connect(&self.maintenance_url).await?;
        // One session holds the lock until it closes; "zorg" in ASCII.
        execute(&maintenance, "SELECT pg_advisory_lock(2054124135)").await?;
        let known = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        let known = Statement::from_string(DbBackend::Postgres, known);
        if maintenance.query_one_raw(known).await?.is_none() {
            // Only a finished template gets the name that others look for.
            let draft = format!("{name}_draft");
            let drop = format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)");
            execute(&maintenance, &drop).await?;
            let create = format!("CREATE DATABASE {draft} TEMPLATE template0");
            execute(&maintenance, &create).await?;
            migrate(with_database(&self.maintenance_url, &draft)).await;
            let rename = format!("ALTER DATABASE {draft} RENAME TO {name}");
            execute(&maintenance, &rename).await?;
        }
        maintenance.close().await
    }

    async fn copy(&self) -> PostgresDatabase {
        self.copy_of(&self.name).await
    }

    async fn copy_of(&self, template: &str) -> PostgresDatabase {
        let name = format!("zorgkaart_test_{}", Uuid::now_v7().simple());
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        execute_once(&self.maintenance_url, &create)
            .await
            .unwrap_or_else(|error| panic!("no PostgreSQL database for this test: {error}"));
        PostgresDatabase {
            url: with_database(&self.maintenance_url, &name),
            name,
            maintenance_url: self.maintenance_url.clone(),
        }
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let url = &self.maintenance_url;
        // `drop` cannot await on the runtime that it is called from. A database that stays behind
        // is worth no second panic during an unwinding test.
        thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.map(|runtime| runtime.block_on(execute_once(url, &drop)))
            });
        });
    }
}

/// A server that runs until this value is dropped or the process ends, in whichever way.
struct Server {
    directory: String,
    _keep_alive: ChildStdin,
}

impl Server {
    fn start(mut guardian: Command) -> Result<Self, String> {
        let mut child = guardian.spawn().map_err(|error| error.to_string())?;
        let keep_alive = child.stdin.take().ok_or("no pipe to the guardian")?;
        let output = child.stdout.take().ok_or("no pipe from the guardian")?;

        let mut complaints = String::new();
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| error.to_string())?;
            if let Some(directory) = line.strip_prefix("ready ") {
                return Ok(Self { directory: directory.to_owned(), _keep_alive: keep_alive });
            }
            complaints += &line;
            complaints += "\n";
        }
        Err(complaints)
    }

    fn maintenance_url(&self) -> String {
        let socket = percent_encode(&self.directory);
        // The port is part of the socket's file name; unsaid, it would be taken from PGPORT.
        format!("postgres://postgres@localhost:5432/postgres?host={socket}")
    }
}

/// The command that starts a server, or why there is none.
pub(crate) fn find_server(script: &str) -> Result<Command, &'static str> {
    let binaries = find_binaries().ok_or("no server binaries found")?;
    let mut guardian = Command::new("sh");
    guardian
        .args(["-c", script, "postgres_guardian"])
        .arg(binaries)
        .current_dir("/") // ours may be closed to the user `postgres`
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null()) // an inherited one would keep `cargo test | less` waiting
        .process_group(0); // Ctrl-C is for the tests; the guardian then finds its pipe closed
    if is_root() {
        let (user, group) = find_user("postgres").ok_or("root may not run a server, and no user postgres")?;
        guardian.uid(user).gid(group);
    }
    Ok(guardian)
}

pub(crate) fn find_binaries() -> Option<PathBuf> {
    let has_server = |directory: &PathBuf| {
        let has = |name| directory.join(name).is_file();
        directory.is_absolute() && has("initdb") && has("pg_ctl") && has("postgres")
    };
    let on_path = env::var_os("PATH").and_then(|path| env::split_paths(&path).find(|directory| has_server(directory)));
    on_path.or_else(|| {
        // Debian keeps them off the PATH, by version.
        fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .filter_map(|entry| {
                let version = entry.ok()?.path();
                let number: u32 = version.file_name()?.to_str()?.parse().ok()?;
                Some((number, version.join("bin")))
            })
            .filter(|(_, directory)| has_server(directory))
            .max()
            .map(|(_, directory)| directory)
    })
}

/// The standard library does not tell who we are, but a new file does.
fn is_root() -> bool {
    let owner = tempfile::tempfile().and_then(|file| file.metadata());
    owner.is_ok_and(|metadata| metadata.uid() == 0)
}

fn find_user(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let found = fields.next()? == name;
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        found.then_some((user, group))
    })
}

pub(crate) fn skip(reason: &str) {
    assert!(env::var("REQUIRE_PG").as_deref() != Ok("1"), "PostgreSQL is required: {reason}");
    // Not `eprintln!`: the test harness would swallow it, as the tests that it concerns pass.
    let _ = writeln!(io::stderr(), "SKIPPED on PostgreSQL: {reason}");
}

/// Tells the templates of two builds apart on a server that outlives both.
fn fingerprint_of_this_binary() -> u64 {
    let mut hasher = DefaultHasher::new();
    let binary = env::current_exe().expect("this process has a binary");
    let metadata = binary.metadata().expect("the binary is a file");
    (binary, metadata.len(), metadata.modified().ok()).hash(&mut hasher);
    hasher.finish()
}

/// One connection, so that all statements run in one session.
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

async fn execute(connection: &DatabaseConnection, sql: &str) -> Result<(), DbErr> {
    connection.execute_unprepared(sql).await.map(drop)
}

async fn execute_once(url: &str, sql: &str) -> Result<(), DbErr> {
    let connection = connect(url).await?;
    execute(&connection, sql).await?;
    connection.close().await
}

/// The URL with another database in it; credentials and parameters stay.
fn with_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let authority = address.find("://").map_or(0, |scheme| scheme + 3);
    let server = address[authority..].find('/').map_or(address, |slash| &address[..authority + slash]);
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{server}/{name}{mark}{parameters}")
}

/// A path as a part of a URL; slashes stay.
pub(crate) fn percent_encode(path: impl AsRef<Path>) -> String {
    let bytes = path.as_ref().as_os_str().as_encoded_bytes();
    bytes.iter().fold(String::new(), |mut url, &byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                url.push(char::from(byte));
            }
            _ => write!(url, "%{byte:02X}").expect("a string takes every write"),
        }
        url
    })
}

#[test]
fn another_database_of_the_same_server() {
    let cases = [
        ("postgres://u:p@h:1/main?a=b", "postgres://u:p@h:1/x?a=b"),
        ("postgres://h/main", "postgres://h/x"),
        ("postgres://h", "postgres://h/x"),
        ("postgres:///main?host=/tmp/a", "postgres:///x?host=/tmp/a"),
    ];
    for (url, expected) in cases {
        assert_eq!(with_database(url, "x"), expected);
    }
}

#[test]
fn a_path_in_a_url() {
    assert_eq!(percent_encode("/tmp/a b?&%"), "/tmp/a%20b%3F%26%25");
}
