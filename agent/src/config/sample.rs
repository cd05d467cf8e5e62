//! The commented configuration that `config init` writes.

/// A complete `agent.toml` to begin from.
pub const SAMPLE: &str = include_str!("agent.sample.toml");
