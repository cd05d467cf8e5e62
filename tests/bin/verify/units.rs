//! The systemd units: systemd reads them and has nothing to say.
//!
//! Promises: the programs that they start are looked for where they were built, because nothing is installed here.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::command::Run;
use crate::report::Verdict;
use crate::step::Surroundings;
use crate::tools;

/// Where a package puts the programs.
const INSTALLED: &str = "=/usr/bin/registry-";

/// A unit that systemd must not let pass in silence; otherwise its silence about the others would mean nothing.
const FAULTY: &str = "[Service]\nExecStart=/bin/true\nNoSuchKey=yes\n";

/// Lets systemd read every unit.
pub(crate) fn check(surroundings: &Surroundings) -> Verdict {
    let Some(analyze) = tools::find("systemd-analyze") else {
        return Verdict::NotChecked("systemd-analyze is missing; run as root `apt-get install systemd`".into());
    };
    let faulty = folder_with([("faulty.service".into(), FAULTY.into())]);
    let real = units(surroundings).and_then(folder_with);
    match (faulty, real) {
        (Ok(faulty), Ok(real)) => match read_by_systemd(&analyze, faulty.path()) {
            Verdict::Passed => Verdict::Failed("systemd-analyze did not notice a faulty unit".into()),
            _ => read_by_systemd(&analyze, real.path()),
        },
        (Err(error), _) | (_, Err(error)) => Verdict::Failed(format!("the units could not be copied: {error}")),
    }
}

/// The units by file name, starting what was built.
fn units(surroundings: &Surroundings) -> std::io::Result<Vec<(OsString, String)>> {
    let mut units = Vec::new();
    for entry in fs::read_dir(surroundings.root.join("systemd"))? {
        let entry = entry?;
        let unit = started_where_built(&fs::read_to_string(entry.path())?, &surroundings.programs);
        units.push((entry.file_name(), unit));
    }
    Ok(units)
}

fn folder_with(units: impl IntoIterator<Item = (OsString, String)>) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for (name, text) in units {
        fs::write(folder.path().join(name), text)?;
    }
    Ok(folder)
}

fn started_where_built(unit: &str, programs: &Path) -> String {
    unit.replace(INSTALLED, &format!("={}/registry-", programs.display()))
}

fn read_by_systemd(analyze: &Path, folder: &Path) -> Verdict {
    let mut arguments = vec!["verify".into(), "--man=no".into()];
    match fs::read_dir(folder) {
        Ok(entries) => arguments.extend(entries.flatten().map(|entry| entry.path().into_os_string())),
        Err(error) => return Verdict::Failed(format!("the units could not be listed: {error}")),
    }
    // systemd ends with 0 after an unknown key, so that only silence is consent.
    match Run::new(analyze, folder, &arguments).quietly() {
        Ok((out, err)) if out.trim().is_empty() && err.trim().is_empty() => Verdict::Passed,
        Ok((out, err)) => Verdict::Failed(format!("systemd says: {}{}", out.trim(), err.trim())),
        Err(failure) => Verdict::Failed(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_starts_the_program_that_was_built() {
        let unit = "[Service]\nExecStart=/usr/bin/registry-agent once\nExecStartPre=/usr/bin/test -e x\n";
        let placed = started_where_built(unit, Path::new("built"));
        assert_eq!(placed, "[Service]\nExecStart=built/registry-agent once\nExecStartPre=/usr/bin/test -e x\n");
    }
}
