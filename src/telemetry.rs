//! Logs: structured, on stderr, without personal data.

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` says how much. In a terminal lines are for people, elsewhere JSON.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first.
    let _ = if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        lines.compact().try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
}
