//! Where the servers' programs lie: on the search path, or where Debian puts what it keeps off the path.

use std::path::{Path, PathBuf};

/// A program and the Debian package that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// The package.
    pub package: &'static str,
}

/// Every program that this package starts.
pub const PROGRAMS: [Program; 6] = [
    Program { name: "initdb", package: "postgresql" },
    Program { name: "postgres", package: "postgresql" },
    Program { name: "psql", package: "postgresql-client" },
    Program { name: "mariadb-install-db", package: "mariadb-server" },
    Program { name: "mariadbd", package: "mariadb-server" },
    Program { name: "mariadb", package: "mariadb-client" },
];

/// Where a program lies: on the search path, in `sbin` beside it, or in the `bin` of the newest installed PostgreSQL.
#[must_use]
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let beside = on_path.iter().filter_map(|folder| folder.parent()).flat_map(kept_off_the_path);
    let folders = on_path.iter().cloned().chain(beside);
    folders.map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// The place of one of [`PROGRAMS`], or a sentence that says how to get it.
pub(crate) fn need(name: &str) -> anyhow::Result<PathBuf> {
    let package = PROGRAMS.iter().find(|program| program.name == name).map_or(name, |program| program.package);
    find(name).ok_or_else(|| anyhow::anyhow!("the program {name} is missing; run `apt-get install {package}` as root"))
}

fn kept_off_the_path(prefix: &Path) -> Vec<PathBuf> {
    let versions = std::fs::read_dir(prefix.join("lib/postgresql")).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> =
        versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path()))).collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    let postgres = versions.into_iter().map(|(_, folder)| folder.join("bin"));
    std::iter::once(prefix.join("sbin")).chain(postgres).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_its_package() {
        assert!(find("sh").is_some_and(|path| path.is_absolute()));
        assert_eq!(find("no-such-program"), None);
        let sentence = need("no-such-program").unwrap_err().to_string();
        assert_eq!(sentence, "the program no-such-program is missing; run `apt-get install no-such-program` as root");
    }
}
