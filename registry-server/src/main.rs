//! The binary: the operating system's clock, randomness, arguments and environment, handed to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    registry_server::cli::main(std::env::args_os().collect(), std::env::vars().collect())
}
