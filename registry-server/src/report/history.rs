//! What changed in the definitions of reports, version by version.
//!
//! Promises: a report whose version is raised without a word here fails a test; a report without a line is as it was first defined.
//! To raise a version: a line in `CHANGES`.

use schemas::language::Language;

use super::{Definition, Text};

/// One version of a report's definition after the first.
#[derive(Debug)]
pub struct Change {
    /// The report.
    pub report: &'static str,
    /// The version that it came with.
    pub version: u32,
    /// The day from which reports follow it, `YYYY-MM-DD`.
    pub since: &'static str,
    /// What became otherwise, in one sentence.
    pub what: Text,
}

/// Every change, the oldest first.
pub const CHANGES: &[Change] = &[];

/// The history of a report's definition, a sentence a version, the newest first.
#[must_use]
pub fn history(definition: &Definition) -> Vec<Text> {
    told((definition.name, definition.version), CHANGES)
}

fn told((report, version): (&str, u32), changes: &[Change]) -> Vec<Text> {
    let own = changes.iter().rev().filter(|change| change.report == report && change.version <= version);
    let later = own.map(|Change { version, since, what, .. }| {
        let of = |text: &str| format!("Version {version}, {since}: {text}");
        Text::made(of(what.pick(Language::Sv)), of(what.pick(Language::En)))
    });
    let first = if version == 1 {
        Text::fixed(
            "Version 1: oförändrad sedan rapporten infördes.",
            "Version 1: unchanged since the report was introduced.",
        )
    } else {
        Text::fixed("Version 1: den första.", "Version 1: the first.")
    };
    later.chain([first]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ALL;

    /// Versions after the first of which nothing is told.
    fn untold((report, version): (&str, u32), changes: &[Change]) -> Vec<u32> {
        let is_told = |version: &u32| changes.iter().any(|one| one.report == report && one.version == *version);
        (2..=version).filter(|version| !is_told(version)).collect()
    }

    #[test]
    fn every_version_of_a_definition_after_the_first_says_since_when_and_what_changed() {
        for definition in ALL {
            assert_eq!(untold((definition.name, definition.version), CHANGES), [0; 0], "{}", definition.name);
        }
        let what = Text::fixed("en kolumn till", "one more column");
        let changes = [Change { report: "groups", version: 2, since: "2027-01-01", what }];
        assert_eq!((untold(("groups", 3), &changes), untold(("groups", 2), &changes)), (vec![3], Vec::new()));
        let english: Vec<String> =
            told(("groups", 2), &changes).iter().map(|text| text.pick(Language::En).to_owned()).collect();
        assert_eq!(english, ["Version 2, 2027-01-01: one more column", "Version 1: the first."]);
        assert_eq!(history(ALL[0]).len(), 1);
    }
}
