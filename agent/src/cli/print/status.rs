//! The state of an installation, in words for a terminal.
//!
//! Promises: every fault and warning of the document is told; moments are in the region's own time; apart from sentences of faults, which
//! are in English everywhere, all of it is in one language.

use std::fmt::Write as _;

use super::{local, once};
use crate::status::{Status, Vanished};
use schemas::language::Language;

/// What a line is about, and what it says.
type Line = (&'static str, String);

/// The whole state.
pub(super) fn text(status: &Status, language: Language) -> String {
    let mut lines = installation(status, language);
    lines.extend(runs(status, language));
    lines.extend(ahead(status, language));
    lines.extend(code_lists(status, language));
    lines.extend(at_register(status, language));
    lines.push(outbox(status, language));
    lines.extend(status.notes.iter().map(|note| (language.pick("att se till", "note"), note.clone())));
    let mut text = String::new();
    for (name, value) in lines {
        writeln!(text, "{name:<14} {value}").ok();
    }
    text
}

fn installation(status: &Status, language: Language) -> Vec<Line> {
    let verdict = match status.verdict {
        "fault" => language.pick("fel", "fault"),
        "warning" => language.pick("varning", "warning"),
        other => other,
    };
    let days = |days: i64| language.pick(format!("{days} dagar kvar"), format!("{days} days left"));
    vec![
        (language.pick("omdöme", "verdict"), verdict.into()),
        (
            language.pick("avsändare", "sender"),
            format!("{} ({}), registry-agent {}", status.sender, status.environment, status.version),
        ),
        (
            language.pick("nyckel", "key"),
            status.key_id.clone().unwrap_or_else(|| language.pick("ingen", "none").into()),
        ),
        (
            language.pick("certifikat", "certificate"),
            status.certificate_days.map_or_else(|| language.pick("inget", "none").into(), days),
        ),
    ]
}

/// The newest run and what it counted, what ended a newer one, and since when the register is silent.
fn runs(status: &Status, language: Language) -> Vec<Line> {
    let zone = &status.timezone;
    let name = language.pick("senast körd", "last run");
    let mut lines = Vec::new();
    match &status.last_run {
        Some(run) => {
            let end = match run.finished_at {
                Some(_) => language.pick("klar", "finished"),
                None => language.pick("inte klar", "not finished"),
            };
            lines.push((name, format!("{}, {end}", local(&run.started_at, zone))));
            let counts = once::counts(&run.tally, language);
            lines.extend(counts.into_iter().map(|count| ("", format!("{} {}", count.n, count.words))));
        }
        None => lines.push((name, language.pick("aldrig", "never").into())),
    }
    if let Some(failure) = &status.last_failure {
        let (name, ended, again) =
            language.pick(("senaste felet", "slutkod", "nytt försök"), ("last failure", "exit code", "tried again"));
        let retry = failure.retry_at.as_ref().map_or_else(String::new, |at| format!(", {again} {}", local(at, zone)));
        lines.push((name, format!("{}, {ended} {}{retry}", local(&failure.at, zone), failure.exit)));
        lines.push(("", failure.sentence.clone()));
    }
    let silent = status.register.silent_since.as_ref().map(|since| silent(status, since, language));
    lines.extend(silent.map(|told| (language.pick("registret", "register"), told)));
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

/// The next run, and a silence in force.
fn ahead(status: &Status, language: Language) -> Vec<Line> {
    let next = status.next_run.as_deref().map(|next| local(next, &status.timezone));
    let next = next.unwrap_or_else(|| language.pick("ingen", "none").into());
    let mut lines = vec![(language.pick("nästa körning", "next run"), next)];
    lines.extend(status.paused.as_ref().map(|pause| {
        let (name, until, untold) = language.pick(
            ("paus", "till", "; registret vet det inte än"),
            ("paused", "until", "; the register does not know yet"),
        );
        (name, format!("{until} {} ({}){}", pause.until, pause.reason, if pause.told { "" } else { untold }))
    }));
    lines
}

fn code_lists(status: &Status, language: Language) -> Vec<Line> {
    let lists = &status.codelists;
    let (name, since, and) = language.pick(("kodlistor", "sedan", "och egna"), ("code lists", "since", "and local"));
    let from = match lists.from {
        "built-in" => language.pick("inbyggda", "built-in"),
        _ => language.pick("registrets", lists.from),
    };
    let since = lists.since.as_ref().map(|at| format!(" {since} {}", local(at, &status.timezone)));
    let more = if lists.local.is_empty() { String::new() } else { format!(", {and} {}", lists.local.join(", ")) };
    let hash = lists.hash.get(..16).unwrap_or_default();
    let mut lines = vec![(name, format!("{from}{}, {hash}{more}", since.unwrap_or_default()))];
    lines.extend(lists.changes(language).into_iter().map(|change| ("", change)));
    lines
}

/// What the register holds, how it compares, and where everything went.
fn at_register(status: &Status, language: Language) -> Vec<Line> {
    let n = status.at_register;
    let held = language.pick(format!("{n} behandlingar"), format!("{n} treatments"));
    let mut lines = vec![(language.pick("hos registret", "at register"), held)];
    if let Some(compared) = &status.compared {
        let (name, same, differ) =
            language.pick(("jämfört", "ingenting skiljer", "skiljer"), ("compared", "nothing differs", "differ"));
        let told = match compared.differences() {
            0 => same.to_owned(),
            n => format!("{n} {differ}"),
        };
        lines.push((name, format!("{}, {told}", local(&compared.at.to_string(), &status.timezone))));
    }
    for account in &status.accounting {
        for (place, told) in account.text(language).lines().enumerate() {
            let name = language.pick("redovisning", "accounting");
            lines.push((if place == 0 { name } else { "" }, told.to_owned()));
        }
    }
    let Vanished { waiting, retract, keep } = &status.vanished;
    if waiting + retract + keep > 0 {
        lines.push((
            language.pick("försvunna", "vanished"),
            language.pick(
                format!("{waiting} väntar på beslut, {retract} återtas, {keep} behålls hos registret"),
                format!("{waiting} wait for a decision, {retract} are taken back, {keep} are kept at the register"),
            ),
        ));
    }
    lines
}

fn outbox(status: &Status, language: Language) -> Line {
    let (batches, records) = (status.outbox.batches, status.outbox.records);
    let told = language
        .pick(format!("{batches} leveranser, {records} poster"), format!("{batches} batches, {records} records"));
    let oldest = status.outbox.oldest.as_ref().map(|since| local(since, &status.timezone));
    let oldest =
        oldest.map(|since| language.pick(format!(", den äldsta sedan {since}"), format!(", the oldest since {since}")));
    (language.pick("utkorg", "outbox"), told + &oldest.unwrap_or_default())
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
        for (language, expected) in [
            (
                Language::En,
                "last run       never\nlast failure   2024-06-01 12:00 +02:00, exit code 69, tried again 2024-06-01 12:05 +02:00\n",
            ),
            (
                Language::Sv,
                "senast körd    aldrig\nsenaste felet  2024-06-01 12:00 +02:00, slutkod 69, nytt försök 2024-06-01 12:05 +02:00\n",
            ),
        ] {
            let mut status = crate::status::status(&region.setup.config, now, language).await.unwrap();
            if let Some(failure) = &mut status.last_failure {
                failure.retry_at = Some("2024-06-01T10:05:00Z".into());
            }
            let text = text(&status, language);
            assert!(text.contains(expected), "{text}");
            assert!(text.contains("\n               the register does not answer\n"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_state_is_told_in_one_language() {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[]).await;
        region.treatment("M-2", 2, &[("unit_id", "VC Norr")]).await;
        region.answer("M-1", "pre", "99", &[]).await;
        let mut outbox = region.outbox().await;
        region.cycle(&mut outbox).await;
        let said = async |language| {
            let status = crate::status::status(&region.setup.config, NOW.parse().unwrap(), language).await.unwrap();
            let text = text(&status, language);
            text.lines().map(|line| line.chars().skip(15).collect()).collect::<Vec<String>>()
        };
        let (swedish, english) = (said(Language::Sv).await, said(Language::En).await);
        assert_eq!(swedish.len(), english.len(), "{swedish:?}");
        // Sender and version, the key's id, the next run, and the sentence of a fault.
        let same: Vec<&String> = swedish.iter().zip(&english).filter(|(sv, en)| sv == en).map(|(sv, _)| sv).collect();
        assert!(same.len() == 4 && same[3].starts_with("[server] cert"), "{same:?}");
    }
}
