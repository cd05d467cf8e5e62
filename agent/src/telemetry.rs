//! Logs for the operator, on standard error.
//!
//! Promises: one line an event, readable alone and as fields; no persons. JSON when nobody sits in front of it.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Begins logging. `filter` is the value of `AGENT_LOG`, for example `debug` or `agent::push=debug`.
pub fn start(filter: Option<&str>) {
    // On a terminal the progress bar and the summary say what `info` would, in the same place.
    let usual = if std::io::stderr().is_terminal() { "warn" } else { "info" };
    let filter = filter.and_then(|text| text.parse::<EnvFilter>().ok()).unwrap_or_else(|| EnvFilter::new(usual));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in the same process is refused; a test that started one keeps its own.
    let started = if std::io::stderr().is_terminal() { logs.compact().try_init() } else { logs.json().try_init() };
    drop(started);
}
