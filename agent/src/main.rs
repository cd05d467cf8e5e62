//! The agent as a program; everything is in the library.

fn main() -> std::process::ExitCode {
    agent::cli::run().into()
}
