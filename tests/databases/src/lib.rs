//! Real database servers for tests, the demo and benchmarks: each starts on first use and ends with the process that started it.
//!
//! Promises: a server listens on a free port of 127.0.0.1 and on a Unix socket, keeps its data in a folder of its own and forces it to
//! the disk; whatever ends the owning process ends the server and removes the folder; a missing program is an error that names its
//! Debian package. Must not know: the register's tables, the agents' sources.

/// Under which account a server runs.
mod account;
/// A server's life: folder, port, start, stop.
mod engine;
/// A child process that ends with this process.
mod guard;
/// MariaDB.
mod mariadb;
/// PostgreSQL.
mod postgres;
/// Where the servers' programs lie.
mod programs;

pub use engine::Stop;
pub use mariadb::MariaDb;
pub use postgres::Postgres;
pub use programs::{PROGRAMS, Program, find};
