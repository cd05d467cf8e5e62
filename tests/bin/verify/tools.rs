//! What the steps start besides cargo, and how it is got: components of the toolchain from rustup, programs from Debian when this is
//! root on a machine with apt.

use std::path::{Path, PathBuf};

use crate::command::Run;
use crate::report::Verdict;
use crate::step::Surroundings;

/// A program and the Debian package that brings it. A house rule compares the list with what the tests start.
struct Tool {
    program: &'static str,
    package: &'static str,
}

const TOOLS: [Tool; 17] = [
    Tool { program: "aiosmtpd", package: "python3-aiosmtpd" },
    Tool { program: "chromium", package: "chromium" },
    Tool { program: "curl", package: "curl" },
    Tool { program: "initdb", package: "postgresql" },
    Tool { program: "mariadb", package: "mariadb-client" },
    Tool { program: "mariadb-install-db", package: "mariadb-server" },
    Tool { program: "mariadbd", package: "mariadb-server" },
    Tool { program: "node", package: "nodejs" },
    Tool { program: "npm", package: "npm" },
    Tool { program: "postgres", package: "postgresql" },
    Tool { program: "psql", package: "postgresql-client" },
    Tool { program: "python3", package: "python3-venv" },
    Tool { program: "sleep", package: "coreutils" },
    Tool { program: "sqlite3", package: "sqlite3" },
    Tool { program: "strace", package: "strace" },
    Tool { program: "systemd-analyze", package: "systemd" },
    Tool { program: "unshare", package: "util-linux" },
];

/// Components of the Rust toolchain, by the cargo command that each brings.
const COMPONENTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

/// Installs what is missing and may be installed; tells what could not be got.
pub(crate) fn provide(surroundings: &Surroundings) -> Verdict {
    let mut sentences = Vec::new();
    for (command, component) in COMPONENTS {
        if !has_component(surroundings, command) {
            add_component(surroundings, component);
        }
        if !has_component(surroundings, command) {
            sentences.push(format!("{component} is missing; run `rustup component add {component}`"));
        }
    }
    let missing: Vec<&Tool> = TOOLS.iter().filter(|tool| find(tool.program).is_none()).collect();
    if !missing.is_empty() {
        install(surroundings, &missing);
    }
    let lacking: Vec<&Tool> = missing.into_iter().filter(|tool| find(tool.program).is_none()).collect();
    if !lacking.is_empty() {
        let programs: Vec<&str> = lacking.iter().map(|tool| tool.program).collect();
        let packages: Vec<&str> = lacking.iter().map(|tool| tool.package).collect();
        let (programs, packages) = (programs.join(", "), packages.join(" "));
        sentences.push(format!("{programs} could not be got here; run `apt-get install {packages}` as root"));
    }
    if sentences.is_empty() { Verdict::Passed } else { Verdict::NotChecked(sentences.join("; ")) }
}

/// Where a program lies on the search path, or where Debian keeps the databases' servers off it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    databases::find(program)
}

fn has_component(surroundings: &Surroundings, command: &str) -> bool {
    surroundings.cargo(&[command, "--version"]).quietly().is_ok()
}

fn add_component(surroundings: &Surroundings, component: &str) {
    if let Some(rustup) = find("rustup") {
        Run::new(&rustup, &surroundings.root, &["component", "add", component]).passes();
    }
}

fn install(surroundings: &Surroundings, tools: &[&Tool]) {
    let Some(apt) = find("apt-get").filter(|_| is_root(surroundings)) else { return };
    let apt = |arguments: &[&str]| {
        Run::new(&apt, &surroundings.root, arguments).with("DEBIAN_FRONTEND", "noninteractive").passes()
    };
    apt(&["update", "--quiet"]);
    for tool in tools {
        apt(&["install", "--quiet", "--yes", "--no-install-recommends", tool.package]);
    }
}

fn is_root(surroundings: &Surroundings) -> bool {
    let told = Run::new(Path::new("id"), &surroundings.root, &["-u"]).quietly();
    told.is_ok_and(|(out, _)| out.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_the_databases_is_on_the_list_with_its_package() {
        for wanted in databases::PROGRAMS {
            let listed = TOOLS.iter().any(|tool| (tool.program, tool.package) == (wanted.name, wanted.package));
            assert!(listed, "{wanted:?}");
        }
    }

    #[test]
    fn a_program_is_found_on_the_search_path_only_when_it_is_there() {
        assert!(find("sh").is_some_and(|path| path.is_absolute()));
        assert_eq!(find("no-such-program"), None);
    }
}
