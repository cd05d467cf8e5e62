//! The promises, each as a journey through both programs as they are built and run.

#![expect(
    clippy::unwrap_used,
    reason = "a journey ends where a step fails; the lint's own exception does not reach helper functions"
)]

mod access;
mod accounting;
mod alarms;
mod analysis;
mod attack;
mod bad_input;
mod clock;
mod codelists;
mod copies;
mod crash;
mod cuts;
mod daemon;
mod delivery;
mod desk;
mod engines;
mod erasure;
mod extracts;
mod faults;
mod identity;
mod key_reset;
mod limits;
mod network;
mod numbers;
mod offline;
mod openapi;
mod outage;
mod people;
mod persons;
mod printed;
mod provider;
mod reconcile;
mod release;
mod requests;
mod tidy;
mod walk;
mod withdrawal;
mod witness;
mod year;
