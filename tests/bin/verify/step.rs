//! The steps, in the order in which they run: what is quick and fails often comes first.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::command::Run;
use crate::report::{Strictness, Verdict};
use crate::{demo, tools, units};

/// One thing that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// What the tests need is there, or is installed.
    Tools,
    /// rustfmt.
    Format,
    /// Clippy.
    Lint,
    /// The programs that the journeys run.
    Build,
    /// All tests.
    Test,
    /// rustdoc.
    Docs,
    /// The demo, untouched and tampered with.
    Demo,
    /// The systemd units.
    Units,
}

/// Where the steps run.
pub(crate) struct Surroundings {
    /// The workspace.
    pub(crate) root: PathBuf,
    /// The cargo that runs this program.
    pub(crate) cargo: PathBuf,
    /// Where the built programs lie, this one among them.
    pub(crate) programs: PathBuf,
    /// What a missing tool leads to.
    pub(crate) strictness: Strictness,
}

impl Surroundings {
    /// Where this program runs.
    pub(crate) fn find() -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let programs = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
        Self {
            root: package.parent().unwrap_or(package).to_owned(),
            cargo: std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from),
            programs: programs.unwrap_or_default(),
            strictness: Strictness::of(std::env::var("CI").ok().as_deref()),
        }
    }

    /// A cargo command in the workspace.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Run {
        Run::new(&self.cargo, &self.root, arguments)
    }
}

impl Step {
    /// The word for `--only`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Format => "format",
            Self::Lint => "lint",
            Self::Build => "build",
            Self::Test => "test",
            Self::Docs => "docs",
            Self::Demo => "demo",
            Self::Units => "units",
        }
    }

    /// What the step checks.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::Tools => "the programs that the tests start are there, or are installed",
            Self::Format => "every file is as rustfmt writes it",
            Self::Lint => "clippy pedantic finds nothing",
            Self::Build => "the programs build",
            Self::Test => "unit, property, contract and journey tests, house rules and generated files",
            Self::Docs => "the documentation builds without a warning",
            Self::Demo => "the demo holds, and notices a tampered score and a tampered row",
            Self::Units => "systemd understands the units",
        }
    }

    /// Runs the step.
    pub(crate) fn run(self, surroundings: &Surroundings) -> Verdict {
        let cargo = |arguments: &[&str]| surroundings.cargo(arguments);
        match self {
            Self::Tools => tools::provide(surroundings),
            Self::Format => cargo(&["fmt", "--all", "--check"]).passes(),
            Self::Lint => {
                cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]).passes()
            }
            Self::Build => cargo(&["build", "--workspace", "--bins", "--locked"]).passes(),
            Self::Test => cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]).passes(),
            Self::Docs => {
                cargo(&["doc", "--workspace", "--no-deps", "--locked"]).with("RUSTDOCFLAGS", "-D warnings").passes()
            }
            Self::Demo => demo::check(surroundings),
            Self::Units => units::check(surroundings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_chosen_by_its_own_name() {
        for step in Step::value_variants() {
            assert_eq!(Step::from_str(step.name(), false), Ok(*step));
        }
        assert!(Step::from_str("nothing", false).is_err());
    }
}
