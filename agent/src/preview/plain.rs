//! A preview in plain words, field by field.
//!
//! Promises: what is shown is the content that would travel and nothing else; the counts stand before the records.
//! Must not know: how a preview is made.

use std::fmt::Write as _;

use schemas::rule::Rule;
use serde_json::Value;

use super::label::{FIELDS, field, timepoint, value};
use super::{AskedFor, Preview, Shown};
use crate::vanished::because;
use schemas::language::Language;

/// The whole preview as text for a terminal.
#[must_use]
pub fn text(preview: &Preview, language: Language) -> String {
    let mut text = String::new();
    let mut line = |line: String| writeln!(text, "{line}").expect("writing to a text in memory cannot fail");
    line(format!("{} {}", language.pick("innehåll (SHA-256)", "payload (SHA-256)"), preview.payload_sha256));
    for sentence in preview.pending.iter().flat_map(|pending| pending.sentences(language)) {
        line(sentence);
    }
    for count in counts(preview, language) {
        line(format!("  {:>7} {}", count.n, count.name));
        for (n, rule, words) in count.reasons {
            line(format!("          {n:>7} {rule}: {words}"));
        }
    }
    for record in &preview.records {
        line(String::new());
        line(heading(record, language));
        let fields = fields(&record.content, language);
        let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        for (name, value) in fields {
            line(format!("  {name:<width$}  {value}"));
        }
        for (field, before, now) in changes(record, language) {
            line(format!("  {} {field}: {before} -> {now}", language.pick("ändrat", "changed")));
        }
    }
    if let Some(fate) = preview.asked_for.as_ref().and_then(|fate| asked_for(fate, language)) {
        line(String::new());
        line(fate);
    }
    let left = preview.to_show().saturating_sub(preview.records.len() as u64);
    if left > 0 && preview.asked_for.is_none() {
        line(String::new());
        line(language.pick(
            format!("{left} poster till; --limit bestämmer hur många som visas"),
            format!("{left} more records; --limit decides how many are shown"),
        ));
    }
    text
}

/// What becomes of the treatment that was asked for, where no record shows it.
fn asked_for(fate: &AskedFor, language: Language) -> Option<String> {
    let words = |rule: &String| {
        let described = Rule::by_id(rule).map(Rule::describe);
        format!("{rule}: {}", described.map_or("", |rule| language.pick(rule.sv, rule.en)))
    };
    Some(match fate {
        AskedFor::Sent => return None,
        AskedFor::Unknown => {
            language.pick("källan har ingen behandling med det id:t", "the source has no treatment of that id").into()
        }
        AskedFor::Unchanged => language
            .pick("behandlingen är oförändrad och skickas inte igen", "the treatment is unchanged and not sent again")
            .into(),
        AskedFor::Held(rules) => {
            let rules: Vec<String> = rules.iter().map(words).collect();
            format!("{}\n  {}", language.pick("behandlingen hålls kvar", "the treatment is held"), rules.join("\n  "))
        }
        AskedFor::Excluded(rule) => {
            format!(
                "{}\n  {}",
                language.pick("behandlingen ingår inte", "the treatment is not for the register"),
                words(rule)
            )
        }
    })
}

/// One count of a preview with the rules behind it.
pub(super) struct Count {
    /// What is counted.
    pub(super) name: &'static str,
    /// How many.
    pub(super) n: u64,
    /// How many by which rule, and the rule's words.
    pub(super) reasons: Vec<(u64, String, &'static str)>,
}

/// The counts in the order in which they are shown.
pub(super) fn counts(preview: &Preview, language: Language) -> Vec<Count> {
    let plain = [
        (language.pick("enheter med ny beskrivning", "units described anew"), preview.units),
        (language.pick("månadsantal, nya eller ändrade", "monthly counts, new or changed"), preview.monthly_counts),
        (language.pick("nya", "new"), preview.new),
        (language.pick("ändrade", "changed"), preview.changed),
        (language.pick("oförändrade, skickas inte", "unchanged, not sent"), preview.unchanged),
    ];
    let ruled = [
        (language.pick("återtas", "taken back"), &preview.retracted),
        (language.pick("hålls kvar", "held"), &preview.held),
        (language.pick("skattningar hålls kvar", "self-ratings held"), &preview.held_answers),
        (language.pick("ingår inte i registret", "not for the register"), &preview.excluded),
        (language.pick("valfria fält utelämnas", "optional fields left out"), &preview.warnings),
    ];
    let words = |rule: &str| because(rule, language);
    let plain = plain.into_iter().map(|(name, n)| Count { name, n, reasons: Vec::new() });
    let ruled = ruled.into_iter().map(|(name, rules)| Count {
        name,
        n: rules.values().sum(),
        reasons: rules.iter().map(|(rule, n)| (*n, rule.clone(), words(rule))).collect(),
    });
    plain.chain(ruled).collect()
}

/// What a record is, by the source's own id.
pub(super) fn heading(record: &Shown, language: Language) -> String {
    format!("{} {}", kind(record, language), record.treatment)
}

/// What becomes of a record.
pub(super) fn kind(record: &Shown, language: Language) -> &'static str {
    match (record.kind, record.change) {
        ("retraction", _) => language.pick("återtas:", "taken back:"),
        (_, "new") => language.pick("ny behandling:", "new treatment:"),
        _ => language.pick("ändrad behandling:", "changed treatment:"),
    }
}

/// The fields of a record in their order, each answer as one of them.
pub(crate) fn fields(content: &Value, language: Language) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (name, ..) in FIELDS {
        match content.get(name) {
            Some(Value::Array(answers)) if name == "measurements" => {
                fields.extend(answers.iter().map(|answer| self::answer(answer, language)));
            }
            Some(it) => fields.push((field(name, language), value(name, it, language))),
            None => (),
        }
    }
    fields
}

/// The fields of a record that changed, before and now.
pub(super) fn changes(record: &Shown, language: Language) -> Vec<(String, String, String)> {
    let told = |name: &str, it: &Option<Value>| value(name, it.as_ref().unwrap_or(&Value::Null), language);
    let changed = record.difference.iter();
    changed.map(|(name, it)| (field(name, language), told(name, &it.before), told(name, &it.now))).collect()
}

fn answer(answer: &Value, language: Language) -> (String, String) {
    let part = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} {}", part("instrument"), timepoint(part("timepoint"), language));
    (name, value("", answer, language))
}
