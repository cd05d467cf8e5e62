//! The binary: the operating system's clock, randomness, arguments and environment, handed to the library.

use std::process::ExitCode;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

fn main() -> ExitCode {
    keep_memory_private();
    registry_server::cli::main(std::env::args_os().collect(), std::env::vars().collect())
}

/// The pepper and the receipt key are in memory: no core dump, and no look inside by another process of the same account. A system that
/// refuses has refused to protect, not to run.
fn keep_memory_private() {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).ok();
    set_dumpable_behavior(DumpableBehavior::NotDumpable).ok();
}
