//! Structured messages on standard output, for whatever collects a container's log.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

use crate::config::LogFormat;

/// Logs from now on. Libraries are heard from `warn` upwards alone: below that they speak of their
/// own insides.
pub fn start(level: LevelFilter, format: LogFormat) {
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("backend", level);
    let layer = fmt::layer().with_target(false);
    let subscriber = registry().with(targets);
    match format {
        LogFormat::Json => subscriber.with(layer.json().flatten_event(true)).init(),
        LogFormat::Text => subscriber.with(layer.with_ansi(false)).init(),
    }
}
