//! The command line.

mod audit;
mod backup;
mod contact;
mod demand;
mod digest;
mod export;
mod import;
mod keys;
mod output;
mod seed;
mod serve;
mod token;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, builder::BoolishValueParser};
use serde::Serialize;
use tokio::runtime::Builder;

use crate::{app, config::Config, graphql, telemetry};

/// The map of care places for people with ZEVMB in the Netherlands.
///
/// Every option can also be given in the environment, and in a TOML file with the same names (--config).
#[derive(Parser)]
#[command(
    name = "zorgkaart",
    version,
    propagate_version = true,
    after_help = "Examples:
  zorgkaart serve --demo
  zorgkaart token --role kenniscentrum
  zorgkaart --config zorgkaart.toml serve"
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Serialize)]
struct Common {
    /// A TOML file with options
    #[arg(long, global = true, env = "ZORGKAART_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// The database, such as `postgres://user:password@host/zorgkaart` [default: an SQLite file in the data directory]
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// Where the SQLite database and the signing keys live [default: data]
    #[arg(long, global = true, env = "ZORGKAART_DATA_DIR", value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// A read replica of a PostgreSQL database, where the whole map is read [default: the database]
    #[arg(long, global = true, env = "DATABASE_READ_URL", hide_env_values = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_read_url: Option<String>,
    /// How many database connections requests may use at most; two more follow the changes [default: 8]
    #[arg(long, global = true, env = "ZORGKAART_DATABASE_CONNECTIONS", value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_connections: Option<u32>,
    /// The issuer that tokens name [default: zorgkaart]
    #[arg(long, global = true, env = "ZORGKAART_ISSUER", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// The audience that tokens name [default: zorgkaart]
    #[arg(long, global = true, env = "ZORGKAART_AUDIENCE", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<String>,
    /// The name under which the audit trail knows this process [default: zorgkaart]
    #[arg(long, global = true, env = "ZORGKAART_REPLICA", value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    replica: Option<String>,
    /// Where traces are sent by OTLP over HTTP, such as `http://localhost:4318/v1/traces` [default: nowhere]
    #[arg(long, global = true, env = "ZORGKAART_OTLP_ENDPOINT", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    otlp_endpoint: Option<String>,
    /// Set by `serve`
    #[arg(skip)]
    #[serde(flatten)]
    serving: serve::Serving,
    /// Set by `serve` and `seed`
    #[arg(skip)]
    #[serde(flatten)]
    demo: DemoOptions,
}

/// Options of the commands that may add the demo.
#[derive(Args, Clone, Default, Serialize)]
struct DemoOptions {
    /// Add the demo if it is absent: plainly fictional providers, places, contacts and passports; `serve` prints tokens
    /// for it
    #[arg(long, env = "ZORGKAART_DEMO", value_parser = BoolishValueParser::new())]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    /// The date on which the demo begins, and at which its clock stands [default: today, and the clock runs]
    #[arg(long, env = "ZORGKAART_DEMO_DATE", value_name = "DATE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    demo_date: Option<NaiveDate>,
}

#[derive(Subcommand)]
enum Command {
    /// Answer questions: migrates the database, loads reference data if absent, listens
    Serve(serve::Options),
    /// Print an access token for somebody on the map
    Token(token::Options),
    /// Bring the database to this version and load reference data if absent
    #[command(after_help = "Examples:
  zorgkaart migrate
  zorgkaart migrate --database-url postgres://zorgkaart@db.example/zorgkaart")]
    Migrate,
    /// Fill the database: reference data, the demo, synthetic places
    Seed(seed::Options),
    /// Copy an SQLite database to a file, as of one moment, also while it is in use
    Backup(backup::Options),
    /// Take a file: the contactenbestand, providers, places, free spots, postcodes
    Import(import::Options),
    /// Write a file: the contactenbestand, the places of the map
    Export(export::Options),
    /// Write what a mailer tells each provider once a month
    Digest(digest::Options),
    /// Publish demand, as zorgkantoren may know it
    Demand(demand::Options),
    /// Prove and keep the audit trail
    Audit(audit::Options),
    /// Give a person in the contactenbestand what is held on them
    Contact(contact::Options),
    /// Rotate the keys that sign tokens
    Keys(keys::Options),
    /// Print the GraphQL schema
    #[command(after_help = "Examples:
  zorgkaart schema > schema.graphql")]
    Schema,
}

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = app::runtime(&mut Builder::new_multi_thread()).context("the system gives no threads");
    match runtime.and_then(|runtime| runtime.block_on(Box::pin(execute(cli)))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> anyhow::Result<()> {
    let mut common = cli.common;
    match &cli.command {
        Command::Serve(options) => {
            common.serving = options.serving.clone();
            common.demo = options.demo.clone();
        }
        Command::Seed(options) => common.demo = options.demo.clone(),
        Command::Token(_)
        | Command::Migrate
        | Command::Audit(_)
        | Command::Backup(_)
        | Command::Contact(_)
        | Command::Demand(_)
        | Command::Digest(_)
        | Command::Import(_)
        | Command::Export(_)
        | Command::Keys(_)
        | Command::Schema => {}
    }
    let config = Config::read(&common, common.config.as_deref())?;
    let telemetry = telemetry::start(config.otlp_endpoint.as_deref(), &config.replica)?;
    // Large, since it holds every command.
    let done = Box::pin(command(cli.command, config)).await;
    telemetry.finish();
    done
}

async fn command(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve(_) => serve::run(config).await,
        Command::Token(options) => token::run(&config, &options).await,
        Command::Migrate => {
            app::open_database(&config).await?.close().await?;
            output::note("The database is at this version, with reference data.");
            Ok(())
        }
        Command::Seed(options) => seed::run(&config, &options).await,
        Command::Backup(options) => backup::run(&config, &options).await,
        Command::Contact(options) => contact::run(&config, &options).await,
        Command::Import(options) => Box::pin(import::run(config, &options)).await,
        Command::Export(options) => Box::pin(export::run(config, &options)).await,
        Command::Demand(options) => Box::pin(demand::run(config, &options)).await,
        Command::Digest(options) => Box::pin(digest::run(config, &options)).await,
        Command::Audit(options) => audit::run(&config, &options).await,
        Command::Keys(options) => keys::run(&config, &options),
        Command::Schema => {
            output::result(graphql::sdl().trim_end());
            Ok(())
        }
    }
}
