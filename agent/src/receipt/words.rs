//! What a receipt says, in words.

use schemas::audit::SignedCheckpoint;
use schemas::receipt::{Receipt, ReceiptBody, Verdict};
use schemas::withdrawal::{ErasureBody, ErasureReceipt};

use super::Document;
use schemas::language::Language;

/// Rejected lines that are named.
const SOME: usize = 20;

/// A receipt's content as lines of a name and what is said of it.
#[must_use]
pub fn lines(document: &Document, language: Language) -> Vec<(&'static str, String)> {
    match document {
        Document::Batch(Receipt { body, .. }) => batch(body, language),
        Document::Erasure(ErasureReceipt { body, .. }) => erasure(body, language),
    }
}

fn batch(body: &ReceiptBody, language: Language) -> Vec<(&'static str, String)> {
    let counts = [
        (Verdict::Accepted, language.pick("mottagna", "accepted")),
        (Verdict::Replaced, language.pick("ersatte en tidigare version", "replaced an earlier version")),
        (Verdict::Unchanged, language.pick("fanns redan", "stored already")),
        (Verdict::Stale, language.pick("äldre än den som fanns", "older than the stored one")),
        (Verdict::Rejected, language.pick("avvisade", "rejected")),
    ]
    .into_iter()
    .filter_map(|(verdict, word)| {
        let ranges = body.verdicts.iter().filter(|range| range.verdict == verdict);
        let count: u64 = ranges.map(|range| u64::from(range.to - range.from) + 1).sum();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counts: Vec<String> = counts.collect();
    let nothing = language.pick("inga", "none").to_owned();
    let mut lines = head(language, (&body.sender.to_string(), &body.environment), &body.received_at);
    lines.push((language.pick("leverans", "batch"), body.batch.to_string()));
    lines.push((language.pick("poster", "records"), if counts.is_empty() { nothing } else { counts.join(", ") }));
    for finding in body.findings.iter().take(SOME) {
        let line = language.pick("rad", "line");
        lines.push(("", format!("{line} {}: {} ({})", finding.line, finding.rule, finding.field)));
    }
    if body.findings.len() > SOME {
        lines.push(("", format!("… {}", body.findings.len() - SOME)));
    }
    lines.extend(log(language, body.leaf.as_deref(), body.checkpoint.as_deref()));
    lines
}

fn erasure(body: &ErasureBody, language: Language) -> Vec<(&'static str, String)> {
    let mut lines = head(language, (&body.sender.to_string(), &body.environment), &body.received_at);
    if let Some(case) = body.case {
        lines.push((language.pick("ärende", "case"), case.to_string()));
    }
    let (persons, found, treatments) = (body.persons, body.found, body.treatments);
    lines.push((
        language.pick("raderat", "erased"),
        language.pick(
            format!("{treatments} behandlingar; av {persons} begärda personer hade registret uppgifter om {found}"),
            format!("{treatments} treatments; of {persons} persons asked for, the register held something of {found}"),
        ),
    ));
    lines.push(("", language.pick(&body.text_sv, &body.text_en).clone()));
    lines.extend(log(language, body.leaf.as_deref(), body.checkpoint.as_deref()));
    lines
}

fn head(language: Language, (sender, environment): (&str, &str), at: &str) -> Vec<(&'static str, String)> {
    vec![
        (language.pick("avsändare", "sender"), format!("{sender} ({environment})")),
        (language.pick("kvitterat", "given"), at.to_owned()),
    ]
}

fn log(language: Language, leaf: Option<&str>, checkpoint: Option<&str>) -> Vec<(&'static str, String)> {
    let name = language.pick("granskningslogg", "audit log");
    let Some(leaf) = leaf else {
        let none = language.pick("registret förde ingen när kvittot gavs", "the register kept none when it gave this");
        return vec![(name, none.to_owned())];
    };
    let mut lines = vec![(name, language.pick(format!("post {leaf}"), format!("entry {leaf}")))];
    if let Some(SignedCheckpoint { body, .. }) = checkpoint.and_then(|text| text.parse().ok()) {
        let (size, at) = (body.size, body.at);
        lines.push((
            "",
            language.pick(format!("loggen hade {size} poster {at}"), format!("the log had {size} entries at {at}")),
        ));
    }
    lines
}
