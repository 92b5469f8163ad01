//! A `PostgreSQL` cluster that one test has for itself, so that it can stop, crash and copy it.
//!
//! Slower than the shared server of `postgres`, which most tests want. It is there as long as its
//! [`Cluster`], and gone however the test process ends.

mod tls;

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command};
use std::sync::{Arc, Mutex};
use std::{env, fs, io};

use super::postgres::{find_binaries, find_server, percent_encode, skip};
pub(crate) use tls::Tls;

const GUARDIAN: &str = include_str!("cluster_guardian.sh");

/// Dutch text order where the server knows ICU, as on the shared server.
const INITIALISE: &str = "initialise --locale=C --locale-provider=icu --icu-locale=nl || initialise --locale=C";

/// What every cluster has. Unlike the shared server it keeps what it has confirmed when it
/// crashes, though not when the machine does.
const SETTINGS: [(&str, &str); 8] = [
    ("fsync", "off"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "off"),
    ("max_connections", "300"),
    ("wal_level", "replica"),
    ("max_wal_senders", "5"),
    ("wal_keep_size", "256MB"), // a standby that was away for a while finds what it missed
    ("wal_retrieve_retry_interval", "100ms"), // and comes back soon
];

/// The port of a cluster without TLS; it only names the socket.
const PORT: u16 = 5432;

/// What a test wants of its cluster.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// Further settings of the server: a name and a value each.
    pub(crate) options: Vec<(&'static str, &'static str)>,
    /// Whether it listens on TCP as well, for TLS only.
    pub(crate) tls: bool,
}

/// A cluster. Its server runs, unless the test has stopped it.
pub(crate) struct Cluster {
    directory: PathBuf,
    port: u16,
    settings: Settings,
    tls: Option<Tls>,
    guardian: Arc<Mutex<Guardian>>,
}

impl Cluster {
    /// A new cluster, or `None` where there is no `PostgreSQL`.
    pub(crate) async fn start() -> Option<Self> {
        Self::start_with(Settings::default()).await
    }

    /// A new cluster with these settings, or `None` where there is no `PostgreSQL`.
    pub(crate) async fn start_with(settings: Settings) -> Option<Self> {
        match find_server(GUARDIAN) {
            Ok(guardian) => Some(Self::make(guardian, INITIALISE.to_owned(), settings).await),
            Err(reason) => {
                skip(reason);
                None
            }
        }
    }

    /// A hot standby of this cluster, which follows it.
    ///
    /// The standby has the same settings, but no TLS.
    pub(crate) async fn standby(&self) -> Self {
        let guardian = find_server(GUARDIAN).expect("there is one server already");
        let primary = self.directory.to_str().expect("mktemp makes plain names");
        let port = self.port;
        let copy = format!(
            "pg_basebackup --pgdata=\"$data\" --write-recovery-conf --checkpoint=fast --no-sync --wal-method=stream \
             --host='{primary}' --port={port} --username=postgres"
        );
        let settings = Settings { tls: false, ..self.settings.clone() };
        let standby = Self::make(guardian, copy, settings).await;
        standby.wait_until("EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')").await;
        standby
    }

    /// Waits until this standby shows everything that is committed on `primary` now.
    pub(crate) async fn caught_up_with(&self, primary: &Self) {
        let position = primary.sql("postgres", "SELECT pg_current_wal_lsn()").await;
        self.wait_until(&format!("pg_last_wal_replay_lsn() >= '{}'", position.trim())).await;
    }

    /// Fills a data directory with a command and starts a server on it.
    async fn make(mut guardian: Command, fill: String, settings: Settings) -> Self {
        without_postgres_variables(&mut guardian);
        let made = blocking(move || {
            let (mut guardian, directory) = Guardian::summon(guardian)?;
            guardian.run(&fill)?;
            Ok((guardian, directory))
        });
        let (guardian, directory) = made.await;
        let tls = settings.tls.then(|| Tls::prepare(&directory).expect("files for TLS"));
        let port = tls.as_ref().map_or(PORT, |tls| tls.port);
        let cluster = Self { directory, port, settings, tls, guardian: Arc::new(Mutex::new(guardian)) };
        cluster.write_settings().expect("the configuration is a file of the server");
        cluster.start_again().await;
        cluster
    }

    /// Appends the settings to the configuration, where the last one counts.
    fn write_settings(&self) -> io::Result<()> {
        let socket = self.directory.to_string_lossy();
        let port = self.port.to_string();
        let place = [("unix_socket_directories", &*socket), ("port", &port), ("listen_addresses", ""), ("ssl", "off")];
        let tls = self.tls.iter().flat_map(|_| tls::SETTINGS);
        let own = self.settings.options.iter().copied();
        // Opened and not replaced: it has to stay a file of the server's user.
        let mut configuration =
            fs::OpenOptions::new().append(true).open(self.directory.join("data/postgresql.conf"))?;
        for (name, value) in SETTINGS.into_iter().chain(place).chain(tls).chain(own) {
            writeln!(configuration, "{name} = '{}'", value.replace('\'', "''"))?;
        }
        Ok(())
    }

    /// The URL of a database, through the Unix socket.
    pub(crate) fn url(&self, database: &str) -> String {
        let socket = percent_encode(&self.directory);
        format!("postgres://postgres@localhost:{}/{database}?host={socket}", self.port)
    }

    /// The Unix socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.directory.join(format!(".s.PGSQL.{}", self.port))
    }

    /// What a client needs for TLS; only there if [`Settings::tls`] asked for it.
    pub(crate) fn tls(&self) -> &Tls {
        self.tls.as_ref().expect("a cluster without TLS")
    }

    /// Stops the server, which ends all sessions properly.
    pub(crate) async fn stop(&self) {
        self.command("pg_ctl stop --silent --wait --mode=fast -D \"$data\"").await;
    }

    /// Stops the server as a crash would: it ends at once, and has to recover when it starts.
    pub(crate) async fn crash(&self) {
        self.command("pg_ctl stop --silent --wait --mode=immediate -D \"$data\"").await;
    }

    /// Starts the stopped server and waits until it accepts connections.
    pub(crate) async fn start_again(&self) {
        let start = "pg_ctl start --silent --wait -D \"$data\" -l \"$directory/log\" \
                     || { status=$?; cat \"$directory/log\"; exit $status; }";
        self.command(start).await;
    }

    /// Makes a standby a server of its own, which takes writes.
    pub(crate) async fn promote(&self) {
        self.sql("postgres", "SELECT pg_promote()").await;
    }

    /// Asks `user` for a password from now on.
    pub(crate) async fn ask_for_password(&self, user: &str) {
        let access = self.directory.join("data/pg_hba.conf");
        let others = fs::read_to_string(&access).expect("the server has such a file");
        // Overwritten and not replaced: it has to stay a file of the server's user.
        fs::write(access, format!("local all {user} scram-sha-256\n{others}")).expect("it can be written");
        self.sql("postgres", "SELECT pg_reload_conf()").await;
    }

    /// Makes an empty database.
    pub(crate) async fn create_database(&self, name: &str) {
        self.sql("postgres", &format!("CREATE DATABASE \"{name}\" TEMPLATE template0")).await;
    }

    /// Runs SQL and returns its rows as text, one a line, with `|` between columns.
    pub(crate) async fn sql(&self, database: &str, sql: &str) -> String {
        let options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
        let mut command = self.client("psql", database);
        command.args(options).arg("--command").arg(sql);
        run(command).await
    }

    /// Writes a database to a file, in the custom format.
    pub(crate) async fn dump(&self, database: &str, file: &Path) {
        let mut command = self.client("pg_dump", database);
        command.arg("--format=custom").arg("--file").arg(file);
        run(command).await;
    }

    /// Reads such a file into a database that is there and empty.
    pub(crate) async fn restore(&self, database: &str, file: &Path) {
        let mut command = self.client("pg_restore", database);
        command.arg("--exit-on-error").arg(file);
        run(command).await;
    }

    /// Has the server wait, so that nothing here has to ask again and again.
    async fn wait_until(&self, condition: &str) {
        let wait = format!(
            "SET statement_timeout = '60s'; \
             DO $$ BEGIN WHILE NOT COALESCE({condition}, FALSE) LOOP PERFORM pg_sleep(0.01); END LOOP; END $$"
        );
        self.sql("postgres", &wait).await;
    }

    /// A client program that connects to a database, run by our own user, whose files it uses.
    fn client(&self, program: &str, database: &str) -> Command {
        let beside = find_binaries().map(|binaries| binaries.join(program)).filter(|path| path.is_file());
        let mut command = Command::new(beside.unwrap_or_else(|| program.into()));
        without_postgres_variables(&mut command);
        let port = self.port.to_string();
        command.arg("--host").arg(&self.directory).args(["--port", &port, "--username=postgres", "--dbname", database]);
        command
    }

    /// Has the guardian run a command.
    async fn command(&self, command: &'static str) {
        let guardian = Arc::clone(&self.guardian);
        blocking(move || guardian.lock().expect("no earlier command has panicked").run(command)).await;
    }
}

/// The shell that keeps a cluster. Closing its input, as dropping it does, ends both.
struct Guardian {
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Guardian {
    /// Starts a guardian and waits for its directory.
    fn summon(mut command: Command) -> Result<(Self, PathBuf), String> {
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let commands = child.stdin.take().ok_or("no pipe to the guardian")?;
        let answers = child.stdout.take().ok_or("no pipe from the guardian")?;
        let mut guardian = Self { commands, answers: BufReader::new(answers) };
        let directory = guardian.answer("ready ")?;
        Ok((guardian, directory.into()))
    }

    /// Runs a command to its end.
    fn run(&mut self, command: &str) -> Result<(), String> {
        writeln!(self.commands, "{command}").map_err(|error| error.to_string())?;
        let mut said = String::new();
        match self.answer_after("guardian: done ", &mut said)?.as_str() {
            "0" => Ok(()),
            status => Err(format!("`{command}` ended with {status}: {said}")),
        }
    }

    /// The rest of the first line that starts so.
    fn answer(&mut self, start: &str) -> Result<String, String> {
        self.answer_after(start, &mut String::new())
    }

    /// The same, with the lines before it.
    fn answer_after(&mut self, start: &str, before: &mut String) -> Result<String, String> {
        loop {
            let mut line = String::new();
            let length = self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
            if length == 0 {
                return Err(format!("the guardian is gone: {before}"));
            }
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.trim_end().to_owned());
            }
            *before += &line;
        }
    }
}

/// What the environment says about `PostgreSQL` is meant for other servers.
fn without_postgres_variables(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
}

/// Runs a program and returns what it printed.
async fn run(mut command: Command) -> String {
    blocking(move || {
        let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let complaints = String::from_utf8_lossy(&output.stderr);
        if output.status.success() { Ok(printed) } else { Err(format!("{command:?}: {complaints}")) }
    })
    .await
}

/// Does what blocks away from the runtime. It goes on when nobody waits for it any longer, so a
/// timeout never leaves half an answer of a guardian.
async fn blocking<T, F>(work: F) -> T
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, String> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await.expect("the work does not panic");
    done.unwrap_or_else(|error| panic!("PostgreSQL for a test: {error}"))
}
