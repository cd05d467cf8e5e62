//! What the journeys and the demo are made of: invented regions, certificates, proxies, faults, hunts and running programs.
//!
//! Promises: everything invented follows from a seed; nothing outlives the value that started it. It must not know what a journey proves.

/// Invented regions as databases, with planted faults.
pub mod platform;
/// The built programs, run as an operator runs them.
pub mod process;
/// A throw-away authority.
pub mod pki;
/// One region's folder: configuration, keys, certificate.
pub mod site;
/// A register and some regions, put together.
pub mod world;
/// Copies of folders.
pub mod folder;
/// Waits for futures from any code.
pub mod blocking;
/// A table of scores in long form, delivered through the whole path.
pub mod long_form;
/// The active set of a register, for comparison.
pub mod active;
/// Searches bytes, folders and processes for identity numbers.
pub mod hunt;
/// A proxy that hears the agent and the register in clear.
pub mod wire;
/// A TCP proxy that cuts, resets, delays or swallows.
pub mod fault;
/// Programs killed or failed at their system calls.
pub mod crash;
/// A forward proxy at the edge of a region's network.
pub mod proxy;
/// Packages from npm.
pub mod npm;
/// The archive of an extract.
pub mod archive;
/// People who sign in.
pub mod people;
/// The pages that they read.
pub mod pages;
/// Invented persons, for tables that leave the register.
pub mod crowd;
/// Somebody who attacks those tables.
pub mod attack;
