//! A survey in words, and its unknown words as rows of a mapping file.
//!
//! Promises: the rows can be appended to the mapping file as they are; a row gets a code only when hardly anything else can be meant,
//! and otherwise waits for one.

use std::fmt::Write as _;

use super::{Survey, Word};
use crate::map::Origin;

/// The survey as a table for people.
#[must_use]
pub fn table(survey: &Survey) -> String {
    let mut text = String::new();
    for kind in &survey.kinds {
        writeln!(text, "{}", kind.kind).ok();
        let width = kind.words.iter().map(|word| word.local_value.chars().count()).max().unwrap_or_default();
        for word in &kind.words {
            writeln!(text, "{:>9}  {:<width$}  {}", word.count, word.local_value, meaning(word)).ok();
        }
        for (n, what) in [
            (kind.hidden, "could be identity numbers and are not shown; see whether the query names the right column"),
            (kind.beyond, "more with further words; see whether the query names the right column"),
        ] {
            if n > 0 {
                writeln!(text, "{n:>9}  {what}").ok();
            }
        }
    }
    match survey.unknown {
        0 => text.push_str("every word has its code\n"),
        n => drop(writeln!(text, "{n} words have no code; `registry-agent map suggest` writes rows for [map] file")),
    }
    text
}

fn meaning(word: &Word) -> String {
    match (&word.code, word.origin) {
        (Some(code), Origin::Code) => format!("{code} (code)"),
        (Some(code), Origin::Alias) => format!("{code} (alias)"),
        (Some(code), _) => format!("{code} (mapping)"),
        (None, _) if word.nearest.is_empty() => "unknown".into(),
        (None, _) => format!("unknown; nearest: {}", word.nearest.join(", ")),
    }
}

/// The unknown words as rows of a mapping file, with the nearest codes in a column that is not read.
#[must_use]
pub fn suggestions(survey: &Survey) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let mut row = |cells: [&str; 4]| drop(writer.write_record(cells));
    row(["kind", "local_value", "code", "candidates"]);
    for kind in &survey.kinds {
        for word in kind.words.iter().filter(|word| word.code.is_none()) {
            let code = word.nearest.first().filter(|_| word.sure).map_or("", String::as_str);
            row([kind.kind.word(), &word.local_value, code, &word.nearest.join(" | ")]);
        }
    }
    String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()).into_owned()
}
