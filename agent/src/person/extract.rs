//! A register extract in Swedish, as it is handed to the person.

use std::fmt::Write as _;

use schemas::withdrawal::{ExtractedDocument, PersonExtract};
use serde_json::Value;

use crate::preview;
use schemas::language::Language;

/// The extract in words.
#[must_use]
pub fn text(extract: &PersonExtract) -> String {
    if extract.documents.is_empty() {
        return format!("Registret har inga uppgifter om personen från denna vårdgivare.\n{}", withdrawn(extract));
    }
    let mut text = format!(
        "Registret har uppgifter om {} från denna vårdgivare.\n{}",
        counted(extract.documents.len(), "behandling", "behandlingar"),
        withdrawn(extract)
    );
    for (number, document) in (1..).zip(&extract.documents) {
        one(&mut text, number, document);
    }
    text.push_str(
        "\nI registret står varken namn eller personnummer, utan en pseudonym som bara vårdgivaren kan koppla till personen.\n",
    );
    text
}

fn withdrawn(extract: &PersonExtract) -> &'static str {
    if extract.withdrawn > 0 { "Personen har motsatt sig att vara med, och det som fanns är raderat.\n" } else { "" }
}

fn one(text: &mut String, number: usize, document: &ExtractedDocument) {
    let ExtractedDocument { first_received, replaced, content, .. } = document;
    writeln!(text, "\nBehandling {number}").ok();
    let fields = preview::fields(content, Language::Sv);
    let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, value) in fields {
        writeln!(text, "  {name:width$}  {value}").ok();
    }
    for (name, value) in unnamed(content) {
        writeln!(text, "  {name:width$}  {value}").ok();
    }
    if let Some(first) = first_received {
        writeln!(text, "  Kom till registret {}", day(first)).ok();
    }
    for version in replaced {
        writeln!(text, "  Rättades {}", day(&version.replaced_at)).ok();
    }
}

/// Fields that a later register may have and this agent has no words for: nothing of an extract is left out.
fn unnamed(content: &Value) -> impl Iterator<Item = (&String, String)> {
    let fields = content.as_object().into_iter().flatten();
    fields.filter(|(name, _)| !preview::has_words(name)).map(|(name, value)| (name, value.to_string()))
}

fn counted(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {several}") }
}

fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use schemas::withdrawal::{EXTRACT_SCHEMA, ReplacedVersion};
    use serde_json::json;

    use super::*;

    fn extract(documents: Vec<ExtractedDocument>, withdrawn: u32) -> PersonExtract {
        PersonExtract { schema: EXTRACT_SCHEMA.into(), found: 1, withdrawn, documents }
    }

    #[test]
    fn everything_that_is_held_is_told_in_swedish() {
        let version = schemas::id::Version { generation: 1, counter: 1 };
        let content = json!({
            "programme": "depressionshjalpen", "started_on": "2024-01-10", "status": "completed", "new_field": 7,
            "measurements": [{ "instrument": "PHQ-9", "timepoint": "pre", "answered_on": "2024-01-11", "score": 14.0 }],
        });
        let document = ExtractedDocument {
            key: format!("rec1.12.{}", "k".repeat(43)).parse().unwrap(),
            version,
            first_received: Some("2024-04-01T02:15:00Z".into()),
            replaced: vec![ReplacedVersion { version, replaced_at: "2024-05-01T02:15:00Z".into() }],
            content,
        };
        let told = text(&extract(vec![document], 0));
        for words in [
            "1 behandling",
            "depressionshjalpen",
            "Start",
            "2024-01-10",
            "genomförd",
            "PHQ-9 före",
            "14 (2024-01-11)",
            "new_field",
            "7",
            "Kom till registret 2024-04-01",
            "Rättades 2024-05-01",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }

    #[test]
    fn of_a_person_who_left_it_is_told_that_everything_is_erased() {
        assert!(text(&extract(vec![], 1)).contains("raderat"));
        assert!(!text(&extract(vec![], 0)).contains("raderat"));
    }
}
