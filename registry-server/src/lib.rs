//! The national register: receives what the regions send, checks it again, stores it exactly once, and makes national figures of it.
//!
//! Promises: nothing is acknowledged before it is durable; a region reaches only its own records; no pseudonym of a region is kept.
//!
//! The modules in the order a batch meets them:

/// One batch from the wire into the register, step by step.
pub mod receive;
/// Who is at the other end.
pub mod authenticate;
/// Who may work now: rate, turn and room.
pub mod admission;
/// The body of a request: read, measured, unpacked.
pub mod body;
/// Whether a batch is what it says and its records keep the rules.
pub mod validate;
/// The register's own name for a person.
pub mod subject;
/// Requests for extracts: what they state, and how far they have come.
pub mod request;
/// What is kept, and how exactly once comes about.
pub mod store;
/// Leaving the register, and the bytes that go with it.
pub mod erase;
/// What a sender says became of everything that it found, beside what the register counts.
pub mod account;
/// What a sender has in the register, to be compared with what it sent.
pub mod digest;
/// The audit log: signed, and proved whole.
pub mod audit;
/// Which two scores a treatment contributes, worked out at ingest.
pub mod outcome;
/// The narrow facts that the store yields to the statistics.
pub mod fact;
/// Outside denominators as staff get them.
pub mod denominator;
/// Treatments that two senders may both have delivered, as counts.
pub mod duplicates;
/// The measures: meaning, formula, denominator and a worked example each.
pub mod indicator;
/// Groups: which treatments stand together in a row, and their totals.
pub mod aggregate;
/// One figure of a table.
pub mod figure;
/// Moments and days as people read them.
mod moment;
/// Marks that turn the direction of writing.
mod direction;
/// What others than the register's own staff may see.
pub mod disclose;
/// The reports: definitions, columns and rows, and their three forms.
pub mod report;
/// Tables for research and the public, from a frozen data set to files.
pub mod extract;
/// What reports are made of, from cells or from rows, kept while nothing changes.
pub mod reader;
/// The catalogue of what an extract can be made of.
pub mod catalogue;
/// Steps taken with requests for extracts, the same from pages and from the command line.
pub mod casework;
/// Tables of approved requests, built while the register runs.
pub mod jobs;
/// Work that comes again.
mod turn;
/// What is wrong with senders, and telling whom it concerns.
pub mod monitor;
/// The identity provider, asked who somebody is.
pub mod provider;
/// From what somebody types to a session, step by step.
pub mod sign_in;
/// Charts as SVG and PNG.
pub mod chart;
/// Every table and chart of a frozen data set as files.
pub mod yearbook;
/// The pages for people.
pub mod present;
/// The one place where an error becomes HTTP.
pub mod problem;
/// Everything that a request needs, put together once.
pub mod registry;
/// What was counted since the start.
pub mod metrics;
/// The listeners, and how they stop.
pub mod server;
/// Both listeners as one OpenAPI document, for the tests that keep the committed one current.
#[cfg(test)]
mod openapi;
/// The configuration file.
pub mod config;
/// A small authority for pilots and tests.
pub mod dev_ca;
/// The command line.
pub mod cli;
/// Logs.
pub mod telemetry;
/// Time and randomness, handed in.
pub mod environment;
/// How a command ends when it cannot go on.
pub mod failure;

pub use server::{Handle, serve};
