//! How the values of each field are judged: valid, other, default, invalid or missing.
//!
//! Promises: one line a field; what the register is not told is unknown, never a guess.
//! Must not know: senders, periods.

use schemas::rule::Rule;

use crate::fact::{DetailFact, TreatmentFact, UnitFact};

/// What a treatment in the register has in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// A value.
    Valid,
    /// The code list's `other` or `unknown`: a value that tells nothing more.
    Other,
    /// Nothing.
    Missing,
}

/// What is known of a treatment in the register.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    /// The treatment.
    pub(super) treatment: &'a TreatmentFact,
    /// Its further fields.
    pub(super) detail: Option<&'a DetailFact>,
    /// Its unit as the sender describes it.
    pub(super) unit: Option<&'a UnitFact>,
}

/// A field of a treatment.
pub(super) struct Field {
    /// Its name in the contract; start and end are judged together, because the rules on dates do not say which.
    pub(super) name: &'static str,
    /// The rules that hold or reject a treatment because the field is there and wrong; nothing where a wrong value is left out by the
    /// agent, which tells nobody.
    pub(super) invalid: Option<&'static [Rule]>,
    /// The rules that hold it because the field is absent.
    pub(super) missing: &'static [Rule],
    /// Whether the agent may have filled it in, which the register cannot tell.
    pub(super) may_be_default: bool,
    /// What a treatment in the register has.
    pub(super) judge: fn(&Known) -> Value,
}

const fn needed(name: &'static str, invalid: &'static [Rule], missing: &'static [Rule]) -> Field {
    Field { name, invalid: Some(invalid), missing, may_be_default: false, judge: |_| Value::Valid }
}

const fn optional(name: &'static str, judge: fn(&Known) -> Value) -> Field {
    Field { name, invalid: None, missing: &[], may_be_default: false, judge }
}

/// Every field.
pub(super) const FIELDS: [Field; 20] = [
    needed(
        "person_id",
        &[
            Rule::IdentityInvalid,
            Rule::IdentityLostZeros,
            Rule::IdentitySpreadsheet,
            Rule::IdentityTest,
            Rule::IdentityReserve,
            Rule::IdentitySystem,
        ],
        &[Rule::IdentityMissing],
    ),
    needed("unit_id", &[Rule::UnitForm, Rule::UnitUndescribed], &[Rule::UnitMissing]),
    needed("programme", &[Rule::ProgrammeUnknown, Rule::ProgrammeNotInUse], &[Rule::ProgrammeMissing]),
    needed("status", &[Rule::StatusUnknown], &[Rule::StatusMissing]),
    needed(
        "started_on, ended_on",
        &[Rule::DateInvalid, Rule::DatesReversed, Rule::DateFuture, Rule::DateEarly],
        &[Rule::DateMissing],
    ),
    optional("programme_version", |known| value(known.treatment.programme_version.as_ref())),
    optional("end_reason", |known| coded(known.treatment.end_reason.as_deref())),
    optional("referred_on", |known| detail(known, |detail| detail.referred_on.is_some())),
    optional("assessed_on", |known| detail(known, |detail| detail.assessed_on.is_some())),
    Field { may_be_default: true, ..optional("sex", |known| value(known.treatment.sex.as_ref())) },
    Field {
        invalid: Some(&[Rule::IdentityBirthYear]),
        may_be_default: true,
        ..optional("birth_year", |known| value(known.treatment.birth_year.as_ref()))
    },
    optional("diagnosis", |known| value(known.treatment.diagnosis.as_ref())),
    optional("modules_total", |known| detail(known, |detail| detail.modules_total.is_some())),
    optional("modules_completed", |known| detail(known, |detail| detail.modules_completed.is_some())),
    optional("therapist_minutes", |known| detail(known, |detail| detail.therapist_minutes.is_some())),
    optional("messages", |known| detail(known, |detail| detail.messages.is_some())),
    optional("sick_leave_before", |known| detail(known, |detail| detail.sick_leave_before.is_some())),
    optional("sick_leave_after", |known| detail(known, |detail| detail.sick_leave_after.is_some())),
    optional("care_level", |known| coded(known.unit.and_then(|unit| unit.care_level.as_deref()))),
    optional("ownership", |known| value(known.unit.and_then(|unit| unit.ownership.as_ref()))),
];

fn value<T: ?Sized>(value: Option<&T>) -> Value {
    if value.is_some() { Value::Valid } else { Value::Missing }
}

fn coded(code: Option<&str>) -> Value {
    match code {
        Some("other" | "unknown") => Value::Other,
        code => value(code),
    }
}

fn detail(known: &Known, has: impl Fn(&DetailFact) -> bool) -> Value {
    value(known.detail.filter(|detail| has(detail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_words() {
        let lists = schemas::codelist::CodeLists::builtin();
        for field in &FIELDS {
            assert!(crate::report::label::label("item", field.name, &lists).is_some(), "{}", field.name);
        }
        assert_eq!(crate::report::label::label("item", "unit-form", &lists), None, "a rule keeps its id");
    }

    #[test]
    fn every_rule_that_holds_a_whole_treatment_for_one_field_is_one_field_s() {
        use schemas::rule::{ALL, About, Effect};
        let not_of_a_field = [
            Rule::TreatmentIdMissing,
            Rule::TreatmentIdShared,
            Rule::SenderUnknown,
            Rule::ObjectionUnreadable,
            Rule::FlagUnreadable,
        ];
        let holds = |rule: &&Rule| (rule.describe().about, rule.effect()) == (About::Treatment, Effect::Hold);
        for rule in ALL.iter().filter(holds).filter(|rule| !not_of_a_field.contains(rule)) {
            let fields = FIELDS.iter().filter(|field| {
                field.invalid.is_some_and(|rules| rules.contains(rule)) || field.missing.contains(rule)
            });
            assert_eq!(fields.count(), 1, "{}", rule.id());
        }
    }
}
