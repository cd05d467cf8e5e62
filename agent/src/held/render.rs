//! What stays, in words for a terminal.

use std::fmt::Write as _;

use super::{Cause, Held};
use crate::outbox::HeldOne;
use schemas::language::Language;
use schemas::rule::Rule;

/// The causes, then what the register rejects.
#[must_use]
pub fn text(held: &Held, language: Language) -> String {
    let mut text = String::new();
    let several = held.causes.iter().any(|cause| cause.source != held.causes[0].source);
    for cause in &held.causes {
        let source = if several { format!(" [{}]", cause.source) } else { String::new() };
        writeln!(text, "{}{source}", heading(cause, language)).ok();
        writeln!(text, "         {}: {}", cause.rule, language.pick(cause.sv, cause.en)).ok();
        if !cause.nearest.is_empty() {
            let nearest = cause.nearest.join(", ");
            writeln!(text, "         {}: {nearest}", language.pick("närmast", "nearest")).ok();
        }
        writeln!(text, "         {}", ids(cause, language)).ok();
    }
    for rejected in &held.rejected {
        text.push_str(&refused(rejected.treatment.as_deref().unwrap_or(&rejected.key), &rejected.rule, language));
    }
    if held.causes.is_empty() && held.rejected.is_empty() {
        text.push_str(language.pick("ingenting hålls kvar\n", "nothing is held\n"));
    }
    text
}

/// A treatment that the register rejects, by a rule.
#[must_use]
pub fn refused(treatment: &str, rule: &str, language: Language) -> String {
    let said = language.pick("registret avvisar", "the register rejects");
    let words = Rule::by_id(rule).map(Rule::describe).map_or("", |rule| language.pick(rule.sv, rule.en));
    format!("{said} {treatment}\n         {rule}: {words}\n")
}

/// Held rows one by one.
#[must_use]
pub fn rows(ones: &[HeldOne], language: Language) -> String {
    let mut text = String::new();
    for one in ones {
        let words = Rule::by_id(&one.rule).map(Rule::describe);
        let words = words.map_or("", |rule| language.pick(rule.sv, rule.en));
        let word = if one.word.is_empty() { String::new() } else { format!(" \"{}\"", one.word) };
        writeln!(
            text,
            "{} {} ({}{word})\n         {}: {words}",
            scope(&one.scope, language),
            one.local_id,
            one.field,
            one.rule
        )
        .ok();
    }
    text
}

fn heading(cause: &Cause, language: Language) -> String {
    let word = cause.word.as_ref().map(|word| format!(" \"{word}\"")).unwrap_or_default();
    format!("{:>7}  {}, {}{word}", cause.n, scope(&cause.scope, language), cause.field)
}

fn scope(scope: &str, language: Language) -> &'static str {
    match scope {
        "answer" => language.pick("skattning", "self-rating"),
        "unit" => language.pick("enhet", "unit"),
        _ => language.pick("behandling", "treatment"),
    }
}

/// The ids, each with the version of it that stands at the register.
fn ids(cause: &Cause, language: Language) -> String {
    let more = cause.n - i64::try_from(cause.treatments.len()).unwrap_or(cause.n);
    let told = |id: &String| match cause.standing.iter().find(|one| one.treatment == *id) {
        Some(one) => format!(
            "{id} ({} {})",
            language.pick("hos registret står version", "at the register stands version"),
            one.version
        ),
        None => id.clone(),
    };
    let ids = cause.treatments.iter().map(told).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{ids} ...") } else { ids }
}
