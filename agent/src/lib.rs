//! The region's agent: reads ended treatments from the region's own systems, checks them, replaces every identity by a keyed hash,
//! queues them durably and delivers them to the national register.
//!
//! Promises: no identity number leaves this process or touches its disk; what is queued is delivered exactly once in effect; every
//! treatment found is sent, unchanged, held with a rule or excluded with a rule.
//!
//! The stages in the order a treatment passes them, down to [`cycle`], which calls them; behind it what is around a cycle: what people
//! see and decide, and when one runs.

/// What the administrator decides, from `agent.toml`.
pub mod config;
/// The code lists that the register handed out last.
pub mod codelists;
/// Everything that a cycle reads from files.
pub mod setup;
/// Where rows come from.
pub mod source;
/// Which rows are read: everything, or what changed.
pub mod extract;
/// Identity numbers, read into one form.
pub mod identity;
/// From local words to typed values, still identifiable; or the rules a row breaks.
pub mod map;
/// The only bridge from an identity to a pseudonym.
pub mod pseudonymise;
/// Bytes under a passphrase.
pub mod vault;
/// Who said no, and is left out.
pub mod objections;
/// Treatments joined with their answers to whole episodes, after pseudonymisation.
pub mod episode;
/// Monthly counts of started, ended and ongoing treatments.
pub mod activity;
/// The last look at what leaves: approved fields, and nobody's number in them.
pub mod guard;
/// Where everything that was found went.
pub mod account;
/// What becomes of rows that a reading has not met.
pub mod vanished;
/// What waits until a person lets it go.
pub mod release;
/// What waits to be delivered and what was: the agent's durable state.
pub mod outbox;
/// Delivery to the register; the only network code.
pub mod push;
/// The way of a person out.
pub mod withdraw;
/// Two numbers of one person.
pub mod merge;
/// Whether the register holds what was delivered.
pub mod reconcile;
/// Keys that were lost, and the whole set under new ones.
pub mod reset;
/// What the register holds of single persons.
pub mod person;
/// One full cycle, read as prose.
pub mod cycle;
/// A year of deliveries, for an inspector.
pub mod evidence;
/// Signing with the certificate's key.
pub mod attest;
/// Keys, list and state as a copy that lives elsewhere.
pub mod backup;
/// What a cycle would send, without sending it.
pub mod preview;
/// What the words of a source mean.
pub mod survey;
/// What stays in the region, and why.
pub mod held;
/// What a unit can still do for its own figures.
pub mod worklist;
/// When cycles run.
pub mod schedule;
/// A planned silence, and what the register is told of it.
pub mod pause;
/// Cycles by the plan, for as long as the process lives.
pub mod daemon;
/// What the register signed, checked without it.
pub mod receipt;
/// The state of an installation as its administrator sees it.
pub mod status;
/// Whether a configuration makes sense and its surroundings answer.
pub mod check;
/// The command line.
pub mod cli;
/// Logs for the operator.
pub mod telemetry;

#[cfg(test)]
mod tests;
