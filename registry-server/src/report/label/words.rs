//! What comparisons, conditions and fields are called.
//!
//! Promises: every condition of the built-in programmes has its words (a test says so); a site's own condition stands for itself.

use crate::outcome::Comparison;
use crate::report::Text;

/// Code, Swedish, English.
type Words = (&'static str, &'static str, &'static str);

const CONDITIONS: &[Words] = &[
    ("adhd", "adhd", "ADHD"),
    ("alcohol", "alkohol", "alcohol"),
    ("anxiety", "ångest", "anxiety"),
    ("autism", "autism", "autism"),
    ("bipolar", "bipolär sjukdom", "bipolar disorder"),
    ("cancer", "cancer", "cancer"),
    ("cannabis", "cannabis", "cannabis"),
    ("depression", "depression", "depression"),
    ("eating-disorder", "ätstörning", "eating disorder"),
    ("insomnia", "sömnsvårigheter", "insomnia"),
    ("other", "annat", "other"),
    ("pain", "smärta", "pain"),
    ("self-esteem", "självkänsla", "self-esteem"),
    ("social-anxiety", "social ångest", "social anxiety"),
    ("somatic", "kroppslig sjukdom", "somatic disease"),
    ("stress", "stress", "stress"),
    ("tinnitus", "tinnitus", "tinnitus"),
    ("tobacco", "tobak", "tobacco"),
    ("weight", "vikt", "weight"),
    ("worry", "oro", "worry"),
];

const FIELDS: &[Words] = &[
    ("person_id", "Identitetsnummer", "Identity number"),
    ("unit_id", "Enhet", "Unit"),
    ("programme", "Program", "Programme"),
    ("status", "Avslut", "Ended"),
    ("started_on, ended_on", "Start och slut", "Start and end"),
    ("programme_version", "Programversion", "Programme version"),
    ("end_reason", "Orsak till avslut", "Reason for the end"),
    ("referred_on", "Remiss eller egen begäran", "Referral or own request"),
    ("assessed_on", "Bedömning", "Assessment"),
    ("sex", "Kön", "Sex"),
    ("birth_year", "Födelseår", "Year of birth"),
    ("diagnosis", "Diagnos", "Diagnosis"),
    ("modules_total", "Moduler i programmet", "Modules in the programme"),
    ("modules_completed", "Moduler genomförda", "Modules completed"),
    ("therapist_minutes", "Behandlartid", "Therapist time"),
    ("messages", "Meddelanden", "Messages"),
    ("sick_leave_before", "Sjukskrivning före", "Sick leave before"),
    ("sick_leave_after", "Sjukskrivning efter", "Sick leave after"),
    ("care_level", "Vårdnivå", "Level of care"),
    ("ownership", "Driftsform", "Ownership"),
];

/// What a disorder or purpose of a programme is called.
pub(super) fn condition(code: &str) -> Option<Text> {
    of(CONDITIONS, code)
}

/// What a field of a treatment is called; nothing for a rule.
pub(super) fn field(name: &str) -> Option<Text> {
    of(FIELDS, name)
}

/// Which two scores are compared.
pub(in crate::report) fn comparison(comparison: Comparison) -> Text {
    match comparison {
        Comparison::Paired => Text::fixed("före och efter", "before and after"),
        Comparison::FirstLast => Text::fixed("första och sista", "first and last"),
        Comparison::Locf => Text::fixed("sista värdet förs fram", "last value carried forward"),
        Comparison::Followup(months) => {
            Text::made(format!("före och {months} mån. efter"), format!("before and {months} months after"))
        }
    }
}

fn of(words: &[Words], code: &str) -> Option<Text> {
    let (_, sv, en) = words.iter().find(|(known, ..)| *known == code)?;
    Some(Text::fixed(sv, en))
}

#[cfg(test)]
mod tests {
    use schemas::codelist::CodeLists;
    use schemas::language::Language::{En, Sv};

    use super::*;

    #[test]
    fn every_condition_of_a_programme_and_every_comparison_has_words_in_both_languages() {
        for programme in CodeLists::builtin().programmes() {
            assert!(condition(&programme.condition).is_some(), "{}", programme.condition);
        }
        assert_eq!(condition("of a site's own"), None);
        let told = |code: &str| {
            let text = comparison(code.parse().ok()?);
            Some([text.pick(Sv).to_owned(), text.pick(En).to_owned()])
        };
        let both = |sv: &str, en: &str| Some([sv.to_owned(), en.to_owned()]);
        assert_eq!(told("paired"), both("före och efter", "before and after"));
        assert_eq!(told("followup-6m"), both("före och 6 mån. efter", "before and 6 months after"));
        assert_eq!(told("unit-form"), None);
    }
}
