//! The regions' endpoints over real TLS: every row of the contract's table of answers.

mod audit;
mod batch;
mod codelists;
mod crowd;
mod delivery;
mod handshake;
mod pressure;
mod several;
mod withdrawals;
mod world;
