//! Logs and traces: structured, without personal data.

use anyhow::Context;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Metadata;
use tracing_subscriber::{EnvFilter, Layer, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt};

/// What was started; traces that are still under way go out with [`finish`](Self::finish).
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts logging on stderr; `RUST_LOG` says how much. In a terminal lines are for people, elsewhere JSON. Spans of this
/// program go to `otlp_endpoint` as traces of `replica`, if there is one.
///
/// # Errors
/// When traces cannot be sent to such an endpoint.
pub fn start(otlp_endpoint: Option<&str>, replica: &str) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn,geo=error"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        lines.compact().boxed()
    } else {
        lines.json().flatten_event(true).boxed()
    };
    let provider = otlp_endpoint.map(|endpoint| traces(endpoint, replica)).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        let ours = |metadata: &Metadata<'_>| metadata.is_span() && metadata.target().starts_with("zorgkaart");
        tracing_opentelemetry::layer().with_tracer(provider.tracer("zorgkaart")).with_filter(filter_fn(ours))
    });
    // A second start in one process keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).with(spans).try_init();
    Ok(Telemetry(provider))
}

fn traces(endpoint: &str, replica: &str) -> anyhow::Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .build()
        .with_context(|| format!("traces cannot be sent to {endpoint}"))?;
    let resource = Resource::builder()
        .with_service_name("zorgkaart")
        .with_attribute(KeyValue::new("service.instance.id", replica.to_owned()))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Telemetry {
    /// Sends what is still under way.
    pub fn finish(self) {
        if let Some(Err(error)) = self.0.map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last traces could not be sent");
        }
    }
}
