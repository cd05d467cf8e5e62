//! The regions' endpoints over real TLS: every row of the contract's table of answers; and the people's listener beside them.

mod audit;
mod batch;
mod codelists;
mod crowd;
mod delivery;
mod handshake;
mod people;
mod pressure;
mod several;
mod withdrawals;
mod world;
