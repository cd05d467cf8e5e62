//! One command, shown before it runs, its output passed through.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::report::Verdict;

/// A command that is about to run.
pub(crate) struct Run {
    command: Command,
    shown: String,
}

/// What cargo tells a program that it runs; a cargo inside would take it for its user's wishes and build again.
const OF_THE_OUTER_CARGO: [&str; 2] = ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"];

impl Run {
    /// A program with arguments in a folder.
    pub(crate) fn new(program: &Path, folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if OF_THE_OUTER_CARGO.contains(&text.as_ref()) || text.starts_with("CARGO_PKG_") {
                command.env_remove(&name);
            }
        }
        let words = arguments.iter().map(|argument| argument.as_ref().to_string_lossy());
        let name = program.file_name().unwrap_or_default().to_string_lossy();
        let shown = std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ");
        Self { command, shown }
    }

    /// The same with a variable in its environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self.shown = format!("{name}=\"{value}\" {}", self.shown);
        self
    }

    /// Passed when the command ends with 0.
    pub(crate) fn passes(self) -> Verdict {
        self.ends_with(0)
    }

    /// Passed when the command ends with this code.
    pub(crate) fn ends_with(mut self, wanted: i32) -> Verdict {
        println!("$ {}", self.shown);
        match self.command.status() {
            Ok(status) if status.code() == Some(wanted) => Verdict::Passed,
            Ok(status) => Verdict::Failed(format!("`{}` ended with {status}, not with {wanted}", self.shown)),
            Err(error) => Verdict::Failed(format!("`{}` could not be started: {error}", self.shown)),
        }
    }

    /// Both outputs and whether the command ended with 0; nothing is shown.
    pub(crate) fn quietly(mut self) -> Result<(String, String), String> {
        let told = self.command.output().map_err(|error| format!("`{}` could not be started: {error}", self.shown))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&told.stdout), text(&told.stderr));
        if told.status.success() { Ok((out, err)) } else { Err(format!("`{}`: {}", self.shown, err.trim())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Run {
        Run::new(Path::new("sh"), Path::new("."), &["-c", script])
    }

    #[test]
    fn a_command_passes_with_the_wanted_code_only() {
        assert_eq!(shell("exit 0").passes(), Verdict::Passed);
        assert_eq!(shell("exit 1").ends_with(1), Verdict::Passed);
        for failed in [shell("exit 1").passes(), shell("exit 0").ends_with(1), shell("kill -9 $$").ends_with(1)] {
            assert!(matches!(failed, Verdict::Failed(_)), "{failed:?}");
        }
        let absent = Run::new(Path::new("no-such-program"), Path::new("."), &["x"]).passes();
        assert!(matches!(absent, Verdict::Failed(text) if text.contains("no-such-program x")));
    }
}
