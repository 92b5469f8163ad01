//! `zorgkaart serve`: answer questions.

use std::net::SocketAddr;

use anyhow::Context;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::{output, seed::filling};
use crate::{
    app::{App, Listeners, Stop},
    auth::{Scope, Subject},
    care::calendar::dutch_date,
    clock::Clock,
    config::Config,
    http,
};

/// The first question of the README, for two nights from the first Saturday after ten days.
fn question(today: NaiveDate) -> String {
    let arrive = today.iter_days().skip(10).find(|date| date.weekday() == Weekday::Sat).unwrap_or(today);
    let depart = arrive.iter_days().nth(2).unwrap_or(arrive);
    include_str!("question.graphql")
        .replace("2026-12-12", &arrive.to_string())
        .replace("2026-12-14", &depart.to_string())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Answers questions until it is told to stop (Ctrl-C or SIGTERM); what has begun is finished.
#[derive(Args)]
#[command(after_help = "Examples:
  zorgkaart serve --demo
  zorgkaart serve --demo --demo-date 2026-12-01
  zorgkaart serve --listen 0.0.0.0:8080 --database-url postgres://zorgkaart@db.example/zorgkaart")]
pub(super) struct Options {
    #[command(flatten)]
    pub(super) demo: super::DemoOptions,
    #[command(flatten)]
    pub(super) serving: Serving,
}

/// How to serve.
#[derive(Args, Clone, Default, Serialize)]
pub(super) struct Serving {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "ZORGKAART_LISTEN", value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Where to show metrics, at /metrics; an address of the operator's own network [default: nowhere]
    #[arg(long, env = "ZORGKAART_METRICS_LISTEN", value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics_listen: Option<SocketAddr>,
    /// How long an answer may take, in seconds [default: 10]
    #[arg(long, env = "ZORGKAART_ANSWER_SECONDS", value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_seconds: Option<u64>,
    /// How long requests are still taken after SIGTERM, in seconds, so that a load balancer sees that this replica is no
    /// longer ready [default: 5]
    #[arg(long, env = "ZORGKAART_DRAIN_SECONDS", value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    drain_seconds: Option<u64>,
}

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let (listen, metrics_listen) = (config.listen, config.metrics_listen);
    output::note("Opening the database and building the map...");
    let demo = config.demo;
    let filling = filling(&config);
    let app = App::start(config, filling, Clock::System).await?;
    // Last, so that whoever connects is answered.
    let listener = http::listen(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
    output::note(&format!("{} places on the map. GraphiQL: http://{address}/", app.store.state().places));
    let metrics = match metrics_listen {
        Some(listen) => Some(http::listen(listen).with_context(|| format!("cannot listen on {listen}"))?),
        None => None,
    };
    if let Some(metrics) = &metrics {
        output::note(&format!("Metrics: http://{}/metrics", metrics.local_addr()?));
    }
    let token = if demo { introduce(&app).await? } else { None };
    paste(&app, address, token);
    app.serve(Listeners { main: listener, metrics }, stop()).await?;
    Ok(())
}

/// Prints a token per role, in a demo only: its people do not exist. Answers that of the passport holder.
async fn introduce(app: &App) -> anyhow::Result<Option<String>> {
    let view = app.store.view(Scope::anonymous(), app.clock.now());
    let provider = view.providers_by_name().next().map(|(_, id)| *id);
    let holder = app.store.database().passport_by_number("DEMO-0001").await?;
    let subjects = [
        ("kenniscentrum", Some(Subject::Kenniscentrum)),
        ("zorgkantoor ZK23", Some(Subject::Zorgkantoor(vec!["ZK23".into()]))),
        ("provider", provider.map(Subject::Provider)),
        ("passport holder DEMO-0001", holder.map(Subject::PassportHolder)),
    ];
    output::note("\nTokens of the demo, good for an hour (header `Authorization: Bearer ...`):");
    let mut token = None;
    for (name, subject) in subjects {
        let Some(subject) = subject else { continue };
        let issued = app.authority.issue(&subject, app.clock.now(), TimeDelta::hours(1), Uuid::now_v7())?;
        output::note(&format!("  {name}:\n    {issued}"));
        token = Some(issued);
    }
    Ok(token)
}

/// Prints a question to paste: what a passport holder would ask, or what anybody may.
fn paste(app: &App, address: SocketAddr, token: Option<String>) {
    let (query, header) = match token {
        Some(token) => (question(dutch_date(app.clock.now())), format!("\n  -H 'authorization: Bearer {token}' \\")),
        None => (
            r#"{ placesNear(near: { postcode: "3511" }, first: 3) { edges { distanceKm node { name } } } }"#.to_owned(),
            String::new(),
        ),
    };
    let body = serde_json::json!({ "query": query });
    output::note(&format!(
        "\nA question to paste:\n\ncurl -s http://{address}/graphql -H 'content-type: application/json' \\{header}\n  \
         -d '{body}'\n"
    ));
}

/// Waits until the process is told to stop: by somebody at a terminal (Ctrl-C), or by whoever runs it (SIGTERM).
async fn stop() -> Stop {
    let interrupted = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    let stop = tokio::select! {
        () = interrupted => Stop::Now,
        () = terminated => Stop::Drain,
    };
    output::note("Stopping: what has begun is finished.");
    stop
}
