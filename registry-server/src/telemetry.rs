//! Logs: to standard error, as lines for a person or as JSON for a collector.
//!
//! Promises: standard output stays free for what a command answers; a panic is one log line with its place, without its text.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// What is logged unless something else is asked for. What the database library says of a lost connection is said again by whoever needed
/// the connection, with what to do.
const USUAL: &str = "info,sqlx=error";

/// Starts logging at `filter` (the form of `RUST_LOG`); when there is none, everything from information up, but of the database library
/// only errors.
pub fn start(filter: Option<&str>) {
    let filter = filter.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new(USUAL));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = if std::io::stderr().is_terminal() { logs.try_init() } else { logs.json().try_init() };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a defect of this program; report the place");
    }));
}
