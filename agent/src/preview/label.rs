//! What the fields of a record are called in plain words.
//!
//! Promises: every field that travels has its words in both languages; values that are codes of the record itself (status, sex, why a
//! treatment is taken back) have theirs, all others are shown as they travel.

use schemas::record::Timepoint;
use serde_json::Value;

use schemas::language::Language;

/// Field, Swedish, English, in the order in which they are shown.
pub(super) const FIELDS: [(&str, &str, &str); 22] = [
    ("pseudonym", "Person (pseudonym)", "Person (pseudonym)"),
    ("sex", "Kön", "Sex"),
    ("birth_year", "Födelseår", "Year of birth"),
    ("programme", "Program", "Programme"),
    ("programme_version", "Programversion", "Programme version"),
    ("unit", "Enhet", "Unit"),
    ("unit_end", "Överlämnad till enhet", "Handed over to unit"),
    ("referred_on", "Remiss eller egen begäran", "Referral or own request"),
    ("assessed_on", "Bedömning", "Assessment"),
    ("started_on", "Start", "Start"),
    ("ended_on", "Slut", "End"),
    ("status", "Avslut", "Ended"),
    ("end_reason", "Orsak till avslut", "Reason for the end"),
    ("diagnoses", "Diagnoser", "Diagnoses"),
    ("modules_total", "Moduler i programmet", "Modules in the programme"),
    ("modules_completed", "Moduler genomförda", "Modules completed"),
    ("therapist_minutes", "Behandlartid, minuter", "Therapist time, minutes"),
    ("messages", "Meddelanden", "Messages"),
    ("sick_leave_before", "Sjukskrivning före, procent", "Sick leave before, per cent"),
    ("sick_leave_after", "Sjukskrivning efter, procent", "Sick leave after, per cent"),
    ("measurements", "Skattningar", "Self-ratings"),
    ("reason", "Återtas därför att", "Taken back because"),
];

/// The words for a field; for one answer, named by instrument and timepoint, the timepoint in words.
pub(super) fn field(name: &str, language: Language) -> String {
    if let Some((_, sv, en)) = FIELDS.iter().find(|(field, ..)| *field == name) {
        return language.pick(*sv, *en).to_owned();
    }
    match name.rsplit_once(' ') {
        Some((instrument, point)) => format!("{instrument} {}", timepoint(point, language)),
        None => name.to_owned(),
    }
}

/// Whether a field of a record has words.
pub(crate) fn has_words(name: &str) -> bool {
    FIELDS.iter().any(|(field, ..)| *field == name)
}

/// The words for a value of a field.
pub(super) fn value(name: &str, value: &Value, language: Language) -> String {
    match (name, value) {
        (_, Value::Null) => language.pick("saknas", "none").to_owned(),
        ("status" | "sex" | "reason", Value::String(code)) => {
            let word = CODES.iter().find(|(known, ..)| known == code);
            word.map_or_else(|| code.clone(), |(_, sv, en)| language.pick(*sv, *en).to_owned())
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Array(several)) => {
            several.iter().map(|one| self::value("", one, language)).collect::<Vec<_>>().join(" ")
        }
        (_, Value::Number(number)) => decimal(&number.to_string(), language),
        // An answer in a difference: its score and its day.
        (_, Value::Object(answer)) => {
            let part = |name: &str| answer.get(name).map(|part| self::value(name, part, language)).unwrap_or_default();
            format!("{} ({})", part("score"), part("answered_on"))
        }
        (_, Value::Bool(_)) => value.to_string(),
    }
}

/// A planned time of measurement in words.
pub(super) fn timepoint(code: &str, language: Language) -> String {
    match code.parse() {
        Ok(Timepoint::Screening) => "screening".to_owned(),
        Ok(Timepoint::Pre) => language.pick("före", "before").to_owned(),
        Ok(Timepoint::Weekly(week)) => format!("{} {week}", language.pick("vecka", "week")),
        Ok(Timepoint::Post) => language.pick("efter", "after").to_owned(),
        Ok(Timepoint::FollowupMonths(months)) => {
            language.pick(format!("uppföljning {months} mån"), format!("follow-up {months} months"))
        }
        Err(_) => code.to_owned(),
    }
}

const CODES: [(&str, &str, &str); 8] = [
    ("completed", "genomförd", "completed"),
    ("discontinued", "avbruten", "discontinued"),
    ("F", "kvinna", "woman"),
    ("M", "man", "man"),
    ("reopened", "behandlingen pågår igen", "the treatment goes on again"),
    ("test_patient", "testpatient", "test patient"),
    ("protected_identity", "skyddad identitet", "protected identity"),
    ("support_programme", "stödprogram", "support programme"),
];

/// A number as the language writes it.
fn decimal(number: &str, language: Language) -> String {
    // JSON writes a whole score as 7 or as 7.0; people write 7.
    let number = number.strip_suffix(".0").unwrap_or(number);
    language.pick(number.replace('.', ","), number.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_that_travels_with_a_treatment_has_its_words() {
        let schema: Value = serde_json::from_str(include_str!("../../../schemas/json/record.json")).unwrap();
        for kind in ["Treatment", "Retraction"] {
            let properties = schema["$defs"][kind]["properties"].as_object().unwrap();
            assert!(!properties.is_empty());
            for name in properties.keys() {
                assert!(FIELDS.iter().any(|(field, ..)| field == name), "{name} of a {kind} has no words");
            }
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let sv = |name: &str, it: Value| value(name, &it, Language::Sv);
        assert_eq!(sv("status", json!("discontinued")), "avbruten");
        assert_eq!(sv("programme", json!("M")), "M");
        assert_eq!(sv("messages", json!(12)), "12");
        assert_eq!(sv("score", json!(12.5)), "12,5");
        assert_eq!(sv("diagnoses", json!(["F32.1", "F41"])), "F32.1 F41");
        assert_eq!(sv("PHQ-9 post", json!({ "answered_on": "2024-01-11", "score": 5.0 })), "5 (2024-01-11)");
        assert_eq!(value("score", &json!(12.5), Language::En), "12.5");
        assert_eq!(field("PHQ-9 followup-6m", Language::Sv), "PHQ-9 uppföljning 6 mån");
        assert_eq!(field("PHQ-9 weekly-3", Language::En), "PHQ-9 week 3");
    }
}
