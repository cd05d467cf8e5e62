//! Why a queue waits, in words.

use serde::{Deserialize, Serialize};

use schemas::language::Language;

/// Names of one kind that are told one by one.
const TOLD: usize = 10;

/// Takes the name out of one kind of reason.
type Named = fn(&Because) -> Option<&String>;

/// One reason for which a queue waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// `hold = "always"`.
    Always,
    /// A field of a kind of record that was never released.
    Field(String),
    /// Words of the source or codes may mean something else than at the last release.
    Mapping,
    /// A unit of which nothing was ever released.
    Unit(String),
    /// A programme of which nothing was ever released.
    Programme(String),
    /// Unusually many or few records.
    Volume(Volume),
}

/// A number of records beside those of earlier runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Treatments and retractions now.
    pub records: u64,
    /// Fewest of the last runs.
    pub fewest: u64,
    /// Most of the last runs.
    pub most: u64,
}

/// A sentence for each kind of reason.
#[must_use]
pub fn sentences(because: &[Because], language: Language) -> Vec<String> {
    let mut told = Vec::new();
    if because.contains(&Because::Always) {
        told.push(language.pick("[release] hold är \"always\"", "[release] hold is \"always\"").to_owned());
    }
    let named: [(Named, &str, &str); 3] = [
        (|one| if let Because::Field(name) = one { Some(name) } else { None }, "nya fält", "new fields"),
        (|one| if let Because::Unit(name) = one { Some(name) } else { None }, "nya enheter", "new units"),
        (|one| if let Because::Programme(name) = one { Some(name) } else { None }, "nya program", "new programmes"),
    ];
    for (one, sv, en) in named {
        let words: Vec<&str> = because.iter().filter_map(one).map(String::as_str).collect();
        if !words.is_empty() {
            told.push(format!("{}: {}", language.pick(sv, en), list(&words, language)));
        }
    }
    if because.contains(&Because::Mapping) {
        let sv = "mappningen eller kodlistorna har ändrats sedan det förra godkännandet";
        told.push(language.pick(sv, "the mapping or the code lists changed since the last release").to_owned());
    }
    told.extend(because.iter().filter_map(|one| match one {
        Because::Volume(Volume { records, fewest, most }) => Some(language.pick(
            format!("ovanlig mängd: {records} poster, de senaste körningarna hade {fewest} till {most}"),
            format!("unusual volume: {records} records, the last runs had {fewest} to {most}"),
        )),
        _ => None,
    }));
    told
}

/// What is to be done with a queue that waits.
#[must_use]
pub fn waits(hash: &str, language: Language) -> String {
    language.pick(
        format!(
            "kön väntar på ett godkännande: `registry-agent preview --pending` visar den, `registry-agent release {hash}` skickar den"
        ),
        format!(
            "the queue waits for a release: `registry-agent preview --pending` shows it, `registry-agent release {hash}` sends it"
        ),
    )
}

fn list(names: &[&str], language: Language) -> String {
    let shown = names[..names.len().min(TOLD)].join(", ");
    match names.len().saturating_sub(TOLD) {
        0 => shown,
        left => language.pick(format!("{shown} och {left} till"), format!("{shown} and {left} more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_told_with_its_names() {
        let because = [
            Because::Unit("SE9990120000-E001".into()),
            Because::Field("treatment messages".into()),
            Because::Mapping,
            Because::Volume(Volume { records: 9, fewest: 1, most: 4 }),
        ];
        let told = sentences(&because, Language::En);
        assert_eq!(
            told,
            [
                "new fields: treatment messages",
                "new units: SE9990120000-E001",
                "the mapping or the code lists changed since the last release",
                "unusual volume: 9 records, the last runs had 1 to 4",
            ]
        );
        let many: Vec<Because> = (0..12).map(|n| Because::Programme(format!("p{n}"))).collect();
        assert!(sentences(&many, Language::Sv)[0].ends_with("p9 och 2 till"));
    }
}
