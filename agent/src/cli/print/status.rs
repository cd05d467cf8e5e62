//! The state of an installation, in words for a terminal.
//!
//! Promises: every fault and warning of the document is told; moments are in the region's own time.

use std::fmt::Write as _;

use super::{local, once};
use crate::status::{Status, Vanished};
use schemas::language::Language;

/// The whole state.
pub(super) fn text(status: &Status, language: Language) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: String| writeln!(lines, "{name:<14} {value}").ok();
    line("verdict", status.verdict.into());
    line("sender", format!("{} ({}), registry-agent {}", status.sender, status.environment, status.version));
    line("key", status.key_id.clone().unwrap_or_else(|| "none".into()));
    line("certificate", status.certificate_days.map_or("none".into(), |days| format!("{days} days left")));
    for (name, value) in runs(status, language) {
        line(name, value);
    }
    line("next run", status.next_run.as_deref().map_or("none".into(), |next| local(next, &status.timezone)));
    if let Some(pause) = &status.paused {
        let told = if pause.told { "" } else { "; the register does not know yet" };
        line("paused", format!("until {} ({}){told}", pause.until, pause.reason));
    }
    let lists = &status.codelists;
    let since =
        lists.since.as_ref().map_or_else(String::new, |since| format!(" since {}", local(since, &status.timezone)));
    let more = if lists.local.is_empty() { String::new() } else { format!(", and local {}", lists.local.join(", ")) };
    line("code lists", format!("{}{since}, {}{more}", lists.from, lists.hash.get(..16).unwrap_or_default()));
    for change in lists.changes() {
        line("", change);
    }
    line("at register", format!("{} treatments", status.at_register));
    if let Some(compared) = &status.compared {
        let (name, same, differ) =
            language.pick(("jämfört", "ingenting skiljer", "skiljer"), ("compared", "nothing differs", "differ"));
        let told = match compared.differences() {
            0 => same.to_owned(),
            n => format!("{n} {differ}"),
        };
        line(name, format!("{}, {told}", local(&compared.at.to_string(), &status.timezone)));
    }
    for account in &status.accounting {
        for (place, told) in account.text(language).lines().enumerate() {
            let name = language.pick("redovisning", "accounting");
            line(if place == 0 { name } else { "" }, told.to_owned());
        }
    }
    let Vanished { waiting, retract, keep } = &status.vanished;
    if waiting + retract + keep > 0 {
        line(
            language.pick("försvunna", "vanished"),
            language.pick(
                format!("{waiting} väntar på beslut, {retract} återtas, {keep} behålls hos registret"),
                format!("{waiting} wait for a decision, {retract} are taken back, {keep} are kept at the register"),
            ),
        );
    }
    let oldest = status
        .outbox
        .oldest
        .as_ref()
        .map_or_else(String::new, |since| format!(", the oldest since {}", local(since, &status.timezone)));
    line("outbox", format!("{} batches, {} records{oldest}", status.outbox.batches, status.outbox.records));
    for note in &status.notes {
        line("note", note.clone());
    }
    lines
}

/// Since when the register is silent, how often it was tried, and when it is tried next.
fn silent(status: &Status, since: &str, language: Language) -> String {
    let (since, n) = (local(since, &status.timezone), status.register.in_vain);
    let next = status.register.next_try.as_ref().map(|next| local(next, &status.timezone));
    let (sv, en) =
        (format!("tyst sedan {since}, {n} försök utan svar"), format!("silent since {since}, {n} runs in vain"));
    let next = next.map(|next| language.pick(format!(", nästa försök {next}"), format!(", tried next {next}")));
    language.pick(sv, en) + &next.unwrap_or_default()
}

/// The newest run and what it counted, what ended a newer one, and since when the register is silent.
fn runs(status: &Status, language: Language) -> Vec<(&'static str, String)> {
    let zone = &status.timezone;
    let mut lines = Vec::new();
    match &status.last_run {
        Some(run) => {
            let end = run.finished_at.as_deref().map_or("not finished", |_| "finished");
            lines.push(("last run", format!("{}, {end}", local(&run.started_at, zone))));
            let counts = once::counts(&run.tally, Language::En);
            lines.extend(counts.into_iter().map(|count| ("", format!("{} {}", count.n, count.words))));
        }
        None => lines.push(("last run", "never".into())),
    }
    if let Some(failure) = &status.last_failure {
        let (name, ended, again) =
            language.pick(("senaste felet", "slutkod", "nytt försök"), ("last failure", "exit code", "tried again"));
        let retry = failure.retry_at.as_ref().map_or_else(String::new, |at| format!(", {again} {}", local(at, zone)));
        lines.push((name, format!("{}, {ended} {}{retry}", local(&failure.at, zone), failure.exit)));
        lines.push(("", failure.sentence.clone()));
    }
    lines.extend(status.register.silent_since.as_ref().map(|since| ("register", silent(status, since, language))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::FailureNote;
    use crate::tests::{NOW, Region};

    #[tokio::test]
    async fn a_failure_stands_below_the_last_run_in_swedish_and_in_english() {
        let region = Region::new().await;
        let now = NOW.parse().unwrap();
        let note = FailureNote { at: now, exit: 69, sentence: "the register does not answer".into() };
        region.outbox().await.set_failure_note(Some(&note)).await.unwrap();
        let mut status = crate::status::status(&region.setup.config, now).await.unwrap();
        if let Some(failure) = &mut status.last_failure {
            failure.retry_at = Some("2024-06-01T10:05:00Z".into());
        }
        for (language, expected) in [
            (
                Language::En,
                "last failure   2024-06-01 12:00 +02:00, exit code 69, tried again 2024-06-01 12:05 +02:00\n",
            ),
            (Language::Sv, "senaste felet  2024-06-01 12:00 +02:00, slutkod 69, nytt försök 2024-06-01 12:05 +02:00\n"),
        ] {
            let text = text(&status, language);
            let (_, below) = text.split_once("last run       never\n").unwrap();
            assert!(below.starts_with(expected), "{text}");
            assert!(text.contains("\n               the register does not answer\n"), "{text}");
        }
    }
}
