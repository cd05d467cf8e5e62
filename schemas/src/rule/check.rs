//! The rules on records: functions from a record to what it breaks.
//!
//! Promises: no finding means that both ends accept the record; findings come in the order of the fields.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Finding, Rule};
use crate::codelist::{CodeLists, Instrument, ProgrammeKind};
use crate::id::{HsaId, SenderCode};
use crate::record::{Activity, Answer, Measurement, Retraction, Run, Treatment, UNKNOWN, Unit};

/// What the rules need to know besides the record.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The code lists in force.
    pub lists: &'a CodeLists,
    /// Today in Sweden; later dates are in the future.
    pub today: Date,
    /// Who sends.
    pub sender: &'a SenderCode,
}

/// The day that it is in Sweden at a moment; later dates are in the future.
#[must_use]
pub fn today(now: Timestamp) -> Date {
    // A host without a zone database is at most two hours off, around midnight.
    let sweden = TimeZone::get("Europe/Stockholm").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(1)));
    now.to_zoned(sweden).date()
}

/// Everything that a treatment with its measurements breaks.
#[must_use]
pub fn check_treatment(treatment: &Treatment, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |broken: bool, rule, field| {
        if broken {
            findings.push(Finding::new(rule, field));
        }
    };
    let t = treatment;
    find(
        !context.sender.is_private() && context.lists.region(context.sender.as_str()).is_none(),
        Rule::SenderUnknown,
        "sender",
    );
    match context.lists.programme(&t.programme) {
        None => find(true, Rule::ProgrammeUnknown, "programme"),
        Some(programme) => {
            find(!programme.is_in_use_on(t.started_on), Rule::ProgrammeNotInUse, "programme");
            find(programme.kind == ProgrammeKind::Support, Rule::ProgrammeSupport, "programme");
        }
    }
    find(!is_unit(&t.unit), Rule::UnitForm, "unit_id");
    find(t.unit_end.as_deref().is_some_and(|unit| !is_unit(unit)), Rule::UnitEndForm, "unit_id_end");
    let unknown_reason = t.end_reason.as_deref().is_some_and(|code| context.lists.end_reason(code).is_none());
    find(unknown_reason, Rule::EndReasonUnknown, "end_reason");
    for (date, field) in [(t.started_on, "started_on"), (t.ended_on, "ended_on")] {
        if let Some(rule) = date_out_of_range(date, context.today) {
            find(true, rule, field);
        }
    }
    find(t.ended_on < t.started_on, Rule::DatesReversed, "ended_on");
    for (date, field) in [(t.referred_on, "referred_on"), (t.assessed_on, "assessed_on")] {
        find(date.is_some_and(|d| date_out_of_range(d, context.today).is_some()), Rule::OptionalDate, field);
    }
    find(t.birth_year.is_some_and(|year| !is_birth_year(year, t.started_on)), Rule::OptionalNumber, "birth_year");
    find(t.diagnoses.iter().any(|code| !is_diagnosis(code)), Rule::DiagnosisForm, "diagnosis");
    find(t.programme_version.as_deref().is_some_and(|v| !is_version(v)), Rule::OptionalNumber, "programme_version");
    for (per_cent, field) in [(t.sick_leave_before, "sick_leave_before"), (t.sick_leave_after, "sick_leave_after")] {
        find(per_cent.is_some_and(|p| !is_sick_leave(p)), Rule::OptionalNumber, field);
    }
    let ordered = t.measurements.is_sorted_by(|a, b| (&a.instrument, a.timepoint) < (&b.instrument, b.timepoint));
    find(!ordered, Rule::AnswersRepeated, "measurements");
    findings.extend(t.measurements.iter().flat_map(|m| check_measurement(m, context)));
    findings
}

/// Everything that one answer breaks.
#[must_use]
pub fn check_measurement(measurement: &Measurement, context: &Context<'_>) -> Vec<Finding> {
    check_answer(context.lists.instrument(&measurement.instrument), &measurement.answer(), context.today)
}

/// Everything that one answer breaks; `instrument` is what the lists say of its instrument.
#[must_use]
pub fn check_answer(instrument: Option<&Instrument>, answer: &Answer<'_>, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    match instrument {
        None => findings.push(Finding::new(Rule::InstrumentUnknown, "instrument")),
        Some(instrument) => {
            if !instrument.is_in_use_on(answer.answered_on) {
                findings.push(Finding::new(Rule::InstrumentNotInUse, "instrument"));
            }
            let score = answer.score;
            if !score.is_finite() || score < instrument.lowest || score > instrument.highest {
                findings.push(Finding::new(Rule::ScoreRange, "score"));
            } else if instrument.integer && score.fract() != 0.0 {
                findings.push(Finding::new(Rule::ScoreFraction, "score"));
            }
        }
    }
    if date_out_of_range(answer.answered_on, today).is_some() {
        findings.push(Finding::new(Rule::AnswerDateInvalid, "answered_on"));
    }
    findings
}

/// Everything that a unit's description breaks.
#[must_use]
pub fn check_unit(key: &HsaId, unit: &Unit, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if context.lists.region(&unit.county).is_none() {
        findings.push(Finding::new(Rule::CountyUnknown, "county"));
    }
    if unit.care_level.as_deref().is_some_and(|code| context.lists.care_level(code).is_none()) {
        findings.push(Finding::new(Rule::CareLevelUnknown, "care_level"));
    }
    if unit.successor_id.as_deref().is_some_and(|id| !is_unit(id) || id == key.as_str()) {
        findings.push(Finding::new(Rule::UnitForm, "successor_id"));
    }
    findings
}

/// Everything that a month's counts break.
#[must_use]
pub fn check_activity(activity: &Activity, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !is_month(&activity.month) {
        findings.push(Finding::new(Rule::MonthForm, "month"));
    }
    if !is_unit(&activity.unit) {
        findings.push(Finding::new(Rule::UnitForm, "unit_id"));
    }
    if context.lists.programme(&activity.programme).is_none() {
        findings.push(Finding::new(Rule::ProgrammeUnknown, "programme"));
    }
    let mut bands = context.lists.age_bands();
    if activity.age_group.as_deref().is_some_and(|code| !bands.any(|band| band.code == code)) {
        findings.push(Finding::new(Rule::CountGroup, "age_group"));
    }
    findings
}

/// Everything that an accounting line breaks.
#[must_use]
pub fn check_run(run: &Run) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |broken: bool, rule, field| {
        if broken {
            findings.push(Finding::new(rule, field));
        }
    };
    find(run.month != UNKNOWN && !is_month(&run.month), Rule::MonthForm, "month");
    find(run.unit != UNKNOWN && !is_unit(&run.unit), Rule::UnitForm, "unit_id");
    find(run.programme != UNKNOWN && !is_word(&run.programme), Rule::RecordShape, "programme");
    find(run.reasons.iter().any(|reason| !is_word(&reason.rule)), Rule::RecordShape, "reasons");
    find(run.difference() != 0, Rule::AccountingSum, "found");
    findings
}

/// Everything that a retraction breaks: nothing yet, each of its reasons is a value of its type.
#[must_use]
pub fn check_retraction(_: &Retraction) -> Vec<Finding> {
    Vec::new()
}

fn is_unit(text: &str) -> bool {
    text.parse::<HsaId>().is_ok()
}

/// The rule that a date breaks by being too early or too late: internet-delivered treatment began after 2000, and nothing has happened
/// later than today.
#[must_use]
pub fn date_out_of_range(date: Date, today: Date) -> Option<Rule> {
    if date > today {
        Some(Rule::DateFuture)
    } else if date.year() < 2000 {
        Some(Rule::DateEarly)
    } else {
        None
    }
}

fn is_birth_year(year: i16, started_on: Date) -> bool {
    (started_on.year() - 120..=started_on.year()).contains(&year)
}

/// A letter, two digits, then up to two more characters after an optional point, with an optional national letter: `F32`, `F41.1`,
/// `F43.8A`, `F41.9P`.
fn is_diagnosis(code: &str) -> bool {
    let code = code.replace('.', "");
    let bytes = code.as_bytes();
    (3..=6).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && bytes[3..].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Digits and points, too few of them to be an identity number.
fn is_version(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

fn is_sick_leave(per_cent: u8) -> bool {
    matches!(per_cent, 0 | 25 | 50 | 75 | 100)
}

/// A code or a rule's id.
fn is_word(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_month(text: &str) -> bool {
    text.len() == 7 && format!("{text}-01").parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::{Addition, ListName};
    use crate::record::{Sex, Status};
    use jiff::civil::date;

    fn good() -> Treatment {
        Treatment {
            pseudonym: format!("psn1.r12-g1.{}", "a".repeat(43)).parse().unwrap(),
            programme: "depressionshjalpen".into(),
            programme_version: Some("2.0".into()),
            unit: "SE9990120000-E002".into(),
            unit_end: None,
            status: Status::Completed,
            end_reason: None,
            referred_on: Some(date(2024, 1, 2)),
            assessed_on: None,
            started_on: date(2024, 2, 1),
            ended_on: date(2024, 4, 1),
            sex: Some(Sex::F),
            birth_year: Some(1980),
            diagnoses: vec!["F32.1".into(), "F43.8A".into()],
            modules_total: Some(8),
            modules_completed: Some(7),
            therapist_minutes: None,
            messages: None,
            sick_leave_before: Some(50),
            sick_leave_after: None,
            measurements: vec![answer("GAD-7", 8.0), answer("PHQ-9", 14.0)],
        }
    }

    fn answer(instrument: &str, score: f64) -> Measurement {
        let timepoint = "pre".parse().unwrap();
        Measurement { instrument: instrument.into(), timepoint, answered_on: date(2024, 2, 1), score }
    }

    /// Alters a good treatment and tells which rules it breaks at which fields.
    fn broken(alter: impl FnOnce(&mut Treatment)) -> Vec<(&'static str, &'static str)> {
        let mut treatment = good();
        alter(&mut treatment);
        let (lists, sender) = (CodeLists::builtin(), "12".parse().unwrap());
        let context = Context { lists: &lists, today: date(2024, 12, 31), sender: &sender };
        check_treatment(&treatment, &context).iter().map(|f| (f.rule.id(), f.field)).collect()
    }

    #[test]
    fn a_good_treatment_breaks_nothing() {
        assert_eq!(broken(|_| ()), []);
    }

    #[test]
    fn each_rule_is_broken_by_its_own_fault_alone() {
        assert_eq!(broken(|t| t.programme = "okänt".into()), [("programme-unknown", "programme")]);
        assert_eq!(broken(|t| t.programme = "sjukskrivningskollen".into()), [("programme-support", "programme")]);
        assert_eq!(broken(|t| t.unit = "VC Norr".into()), [("unit-form", "unit_id")]);
        assert_eq!(broken(|t| t.unit_end = Some("x".into())), [("unit-end-form", "unit_id_end")]);
        assert_eq!(broken(|t| t.end_reason = Some("x".into())), [("end-reason-unknown", "end_reason")]);
        assert_eq!(broken(|t| t.ended_on = date(2025, 1, 1)), [("date-future", "ended_on")]);
        assert_eq!(broken(|t| t.started_on = date(1999, 12, 31)), [("date-early", "started_on")]);
        assert_eq!(broken(|t| t.ended_on = date(2024, 1, 31)), [("dates-reversed", "ended_on")]);
        assert_eq!(broken(|t| t.assessed_on = Some(date(1899, 1, 1))), [("optional-date", "assessed_on")]);
        assert_eq!(broken(|t| t.birth_year = Some(2030)), [("optional-number", "birth_year")]);
        assert_eq!(broken(|t| t.diagnoses = vec!["nedstämd".into()]), [("diagnosis-form", "diagnosis")]);
        assert_eq!(broken(|t| t.sick_leave_after = Some(30)), [("optional-number", "sick_leave_after")]);
        assert_eq!(broken(|t| t.measurements.reverse()), [("answers-repeated", "measurements")]);
    }

    #[test]
    fn scores_outside_the_scale_and_fractions_on_whole_scales_are_found() {
        assert_eq!(broken(|t| t.measurements[1].score = 28.0), [("score-range", "score")]);
        assert_eq!(broken(|t| t.measurements[1].score = 1.5), [("score-fraction", "score")]);
        assert_eq!(broken(|t| t.measurements[1].score = f64::NAN), [("score-range", "score")]);
        assert_eq!(broken(|t| t.measurements[1].instrument = "X".into()), [("instrument-unknown", "instrument")]);
        assert_eq!(
            broken(|t| t.measurements[1].answered_on = date(2026, 1, 1)),
            [("answer-date-invalid", "answered_on")]
        );
        assert_eq!(broken(|t| t.measurements = vec![answer("EDE-Q", 2.833_333_333_333_333_5)]), []);
    }

    #[test]
    fn programme_and_instrument_are_judged_at_the_records_own_days() {
        let lists = CodeLists::builtin().with_additions(&[
            ended(ListName::Programmes, "code,name,kind,condition,valid_to\na,A,treatment,worry,2024-01-31\n"),
            ended(
                ListName::Instruments,
                "instrument,lowest,highest,integer,higher_is_better,valid_from\nX,0,9,true,false,2024-03-01\n",
            ),
        ]);
        let (lists, sender) = (lists.unwrap(), "12".parse().unwrap());
        let context = Context { lists: &lists, today: date(2024, 12, 31), sender: &sender };
        for (started_on, answered_on, broken) in [
            (date(2024, 1, 31), date(2024, 3, 1), vec![]),
            (date(2024, 2, 1), date(2024, 3, 1), vec![("programme-not-in-use", "programme")]),
            (date(2024, 1, 31), date(2024, 2, 29), vec![("instrument-not-in-use", "instrument")]),
        ] {
            let answer = Measurement { answered_on, ..answer("X", 4.0) };
            let treatment = Treatment { programme: "a".into(), started_on, measurements: vec![answer], ..good() };
            let found: Vec<_> = check_treatment(&treatment, &context).iter().map(|f| (f.rule.id(), f.field)).collect();
            assert_eq!(found, broken, "{started_on} {answered_on}");
        }
    }

    fn ended(list: ListName, text: &str) -> Addition {
        Addition { list, file: "local.csv".into(), text: text.into() }
    }

    #[test]
    fn an_accounting_line_of_no_form_or_that_does_not_add_up_is_found() {
        let good: Run = serde_json::from_value(serde_json::json!({
            "cycle": 3, "reading": "full", "counted": "treatments", "month": "2024-04", "unit": "SE9990120000-E002",
            "programme": "sovhjalpen", "found": 10, "accepted": 3, "unchanged": 3, "rejected": 1, "held": 1, "excluded": 1,
            "pending": 1, "reasons": [{"term": "held", "rule": "score-range", "n": 1}],
        }))
        .unwrap();
        let broken = |alter: fn(&mut Run)| {
            let mut run = good.clone();
            alter(&mut run);
            check_run(&run).iter().map(|f| (f.rule.id(), f.field)).collect::<Vec<_>>()
        };
        assert_eq!(broken(|_| ()), []);
        assert_eq!(broken(|r| (r.month, r.unit, r.programme) = [UNKNOWN; 3].map(str::to_owned).into()), []);
        assert_eq!(broken(|r| r.found = 11), [("accounting-sum", "found")]);
        assert_eq!(broken(|r| r.accepted = u64::MAX), [("accounting-sum", "found")]);
        assert_eq!(broken(|r| r.month = "2024-4".into()), [("month-form", "month")]);
        assert_eq!(broken(|r| r.unit = "VC Norr".into()), [("unit-form", "unit_id")]);
        assert_eq!(broken(|r| r.programme = "Okänt program".into()), [("record-shape", "programme")]);
        assert_eq!(broken(|r| r.reasons[0].rule = "Anna".into()), [("record-shape", "reasons")]);
    }
}
