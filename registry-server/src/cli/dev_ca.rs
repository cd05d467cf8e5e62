//! `dev-ca init` and `dev-ca issue`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use schemas::exit::Exit;
use schemas::id::SenderCode;

use super::Call;
use crate::dev_ca::{self, Init, Issue};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an authority, the server's certificate, the receipt key and the pepper
    Init {
        /// Folder to write in
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
        /// A name or address of the server besides localhost and 127.0.0.1
        #[arg(long, value_name = "NAME")]
        host: Vec<String>,
        /// What the certificates are for
        #[arg(long, value_enum, default_value_t = Stage::Test)]
        environment: Stage,
        /// Also write a configuration that uses them, for a pilot on this machine
        #[arg(long, value_name = "FILE")]
        config_out: Option<PathBuf>,
    },
    /// Make a sender's certificate and key
    Issue {
        /// The sender: a county code, or P01 to P99
        code: SenderCode,
        /// Folder of the authority
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
        /// Folder to write in
        #[arg(long, value_name = "OUT")]
        out: PathBuf,
        /// Days that the certificate holds; negative for one that has ended
        #[arg(long, value_name = "N", default_value_t = 90, allow_negative_numbers = true)]
        days: i64,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Stage {
    Test,
    Production,
}

/// Runs it.
pub(super) fn run(command: &Command, call: &Call) -> Result<Exit, Failure> {
    match command {
        Command::Init { dir, host, environment, config_out } => {
            let environment = match environment {
                Stage::Test => "test",
                Stage::Production => "production",
            };
            let config_out = config_out.as_deref();
            dev_ca::init(&Init { dir, hosts: host, environment, config_out }, &call.environment)?;
            println!("authority, server certificate and keys for {environment} are in {}", dir.display());
            if let Some(file) = config_out {
                println!("the configuration is {}; look at it, then run `check`", file.display());
            }
        }
        Command::Issue { code, dir, out, days } => {
            dev_ca::issue(&Issue { dir, out, sender: code, days: *days }, &call.environment)?;
            println!(
                "certificate and key of sender {code} are in {}; enrol it with `region add {code}`",
                out.display()
            );
        }
    }
    Ok(Exit::Done)
}
