//! An installation with one thing spoilt, what is run in it, and what must come of it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use end_to_end::folder::copy;
use end_to_end::hunt::Hunt;
use end_to_end::process::{Ended, run};

/// One fault and what it leads to.
pub(super) struct Case {
    /// What is wrong.
    pub(super) what: &'static str,
    /// Makes it wrong.
    pub(super) spoil: fn(&Place),
    /// The command.
    pub(super) arguments: &'static [&'static str],
    /// Its exit code.
    pub(super) exit: i32,
    /// What its one sentence must hold.
    pub(super) words: &'static [&'static str],
}

/// The folder of one case.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// The configuration's name in it.
    pub(super) config: &'static str,
    /// A folder with what cases take: other authorities, other senders' certificates.
    pub(super) others: PathBuf,
}

impl Place {
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Puts other text into the configuration.
    pub(super) fn configure(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(self.config)).unwrap();
        assert!(text.contains(from), "{} holds {from}", self.config);
        std::fs::write(self.path(self.config), text.replacen(from, to, 1)).unwrap();
    }

    /// Puts a line at the end of the configuration.
    pub(super) fn append(&self, line: &str) {
        let text = std::fs::read_to_string(self.path(self.config)).unwrap();
        std::fs::write(self.path(self.config), format!("{text}\n{line}\n")).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).unwrap();
    }

    pub(super) fn chmod(&self, name: &str, mode: u32) {
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Takes another installation's file in place of the own one.
    pub(super) fn take(&self, other: &str, name: &str) {
        std::fs::copy(self.others.join(other).join(name), self.path(name)).unwrap();
    }
}

/// Runs each case in a copy of a good folder; fails when all have run. Gives what was said, to be frozen.
pub(super) fn run_all(program: &str, cases: &[Case], good: &Place, hunt: &Hunt) -> String {
    let mut faults = Vec::new();
    let mut told = String::new();
    for case in cases {
        let copies = tempfile::tempdir().unwrap();
        let place = Place { folder: copies.path().join("copy"), others: good.others.clone(), ..*good };
        copy(&good.folder, &place.folder).unwrap();
        (case.spoil)(&place);
        let ended = run(program, Some(&place.path(place.config)), case.arguments).unwrap();
        println!("{} -> {} {}", case.what, ended.code, ended.stderr.trim_end());
        faults.extend(judge(program, case, &ended, hunt));
        told += &said(case, &ended).replace(&place.folder.display().to_string(), "[folder]");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let around = good.folder.parent().unwrap_or(&good.folder);
    told.replace(&around.display().to_string(), "[around]")
}

/// A case with its sentence and exit code, to be frozen.
pub(super) fn said(case: &Case, ended: &Ended) -> String {
    format!("{} -> {}\n  {}\n", case.what, ended.code, sentences(ended).join("\n  "))
}

/// Log lines are JSON where no terminal is; a sentence is not.
fn sentences(ended: &Ended) -> Vec<&str> {
    ended.stderr.lines().filter(|line| !line.starts_with('{')).collect()
}

/// What is not as it should be.
pub(super) fn judge(program: &str, case: &Case, ended: &Ended, hunt: &Hunt) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |text: String| faults.push(format!("{}: {text}", case.what));
    if ended.code != case.exit {
        fault(format!("exit code {} instead of {}: {}{}", ended.code, case.exit, ended.stdout, ended.stderr));
    }
    let sentences = sentences(ended);
    match sentences[..] {
        [sentence] => {
            let spoken = sentence.strip_prefix(program).is_some_and(|rest| rest.starts_with(": "));
            let missing: Vec<_> = case.words.iter().filter(|word| !sentence.contains(**word)).collect();
            if !spoken || !missing.is_empty() {
                fault(format!("`{sentence}` lacks {missing:?}"));
            }
        }
        _ => fault(format!("{} sentences on standard error: {sentences:?}", sentences.len())),
    }
    let said = format!("{}{}", ended.stdout, ended.stderr);
    for word in ["panicked", "backtrace", "RUST_BACKTRACE", ".rs:", "defect of this program"] {
        if said.contains(word) {
            fault(format!("it says `{word}`: {said}"));
        }
    }
    for hit in hunt.bytes("output", said.as_bytes()) {
        fault(hit.to_string());
    }
    faults
}
