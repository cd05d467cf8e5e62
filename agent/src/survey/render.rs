//! A survey in words, and its unknown words as rows of a mapping file.
//!
//! Promises: the rows can be appended to the mapping file as they are; a row gets a code only when hardly anything else can be meant,
//! and otherwise waits for one.

use std::fmt::Write as _;

use super::{Survey, Word};
use crate::config::MapKind;
use crate::map::{Form, Origin};
use schemas::language::Language;

/// The survey as a table for people. The kinds are named as in `[map.KIND]`.
#[must_use]
pub fn table(survey: &Survey, language: Language) -> String {
    let mut text = String::new();
    for kind in &survey.kinds {
        writeln!(text, "{}", kind.kind).ok();
        let width = kind.words.iter().map(|word| word.local_value.chars().count()).max().unwrap_or_default();
        for word in &kind.words {
            writeln!(text, "{:>9}  {:<width$}  {}", word.count, word.local_value, meaning(word, language)).ok();
        }
        let hidden = language.pick(
            "kan vara personnummer och visas inte; se efter att frågan namnger rätt kolumn",
            "could be identity numbers and are not shown; see whether the query names the right column",
        );
        let beyond = language.pick(
            "till med ytterligare ord; se efter att frågan namnger rätt kolumn",
            "more with further words; see whether the query names the right column",
        );
        for (n, what) in [(kind.hidden, hidden), (kind.beyond, beyond)] {
            if n > 0 {
                writeln!(text, "{n:>9}  {what}").ok();
            }
        }
    }
    text + &summary(survey.unknown, language)
}

fn summary(unknown: usize, language: Language) -> String {
    let suggest = "`registry-agent map suggest`";
    match unknown {
        0 => language.pick("varje ord har sin kod\n", "every word has its code\n").to_owned(),
        1 => language.pick(
            format!("1 ord saknar kod; {suggest} visar en rad att lägga i filen som [map] file nämner\n"),
            format!("1 word has no code; {suggest} prints a row for the file that [map] file names\n"),
        ),
        n => language.pick(
            format!("{n} ord saknar kod; {suggest} visar rader att lägga i filen som [map] file nämner\n"),
            format!("{n} words have no code; {suggest} prints rows for the file that [map] file names\n"),
        ),
    }
}

fn meaning(word: &Word, language: Language) -> String {
    match (&word.code, word.origin) {
        (Some(code), Origin::Code) => format!("{code} ({})", language.pick("kod", "code")),
        (Some(code), Origin::Alias) => format!("{code} (alias)"),
        (Some(code), _) => format!("{code} ({})", language.pick("översatt", "mapping")),
        (None, _) => {
            let unknown = language.pick("okänt", "unknown");
            match word.nearest.join(", ") {
                none if none.is_empty() => unknown.to_owned(),
                nearest => format!("{unknown}; {}: {nearest}", language.pick("närmast", "nearest")),
            }
        }
    }
}

/// The unknown words as rows to append to a mapping file of this form, with the nearest codes in a column that is not read.
#[must_use]
pub fn suggestions(survey: &Survey, form: &Form) -> String {
    let rows: Vec<(MapKind, &Word, String)> = survey
        .kinds
        .iter()
        .flat_map(|kind| kind.words.iter().map(|word| (kind.kind, word, word.nearest.join(" | "))))
        .filter(|(_, word, _)| word.code.is_none())
        .collect();
    form.appended(rows.iter().map(|(kind, word, candidates)| {
        [kind.word(), word.local_value.as_str(), word.sure.as_deref().unwrap_or_default(), candidates.as_str()]
    }))
}
