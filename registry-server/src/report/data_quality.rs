//! Report `data-quality`: what each sender's fields hold (valid, other, default, invalid, missing), and what the rules hold back.
//!
//! Promises: the column `region` is the sender, which has to mend it; of a field that the agent may have filled in, the share of defaults
//! is undefined, as is the share of wrong values that agents leave out. Rows of level `field`, then of level `rule`.

/// How the values of each field are judged.
mod field;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use schemas::record::{Counted, Run, Term};
use schemas::rule::Rule;

use super::figure::{Figure, share, share_columns};
use super::months::{Whereabouts, first_day, whereabouts};
use super::spot::Spot;
use super::{Definition, ParameterError, ReportData, Table, Text, notes};
use crate::aggregate::crossing::Crossing;
use crate::aggregate::plan::Plan;
use crate::aggregate::sieve::Sieve;
use crate::aggregate::structure::Structure;
use crate::fact::{DetailFact, Part, RunFact, UnitFact};
use crate::indicator::completeness::Completeness;
use crate::report::parameters::Parameters;
use field::{FIELDS, Field, Known, Value};

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "data-quality",
    version: 1,
    meaning: Text::fixed(
        "Hur väl varje fält är ifyllt hos varje avsändare, och hur många behandlingar och svar som reglerna håller kvar eller avvisar.",
        "How well each sender fills in each field, and how many treatments and answers the rules hold back or reject.",
    ),
    needs: &[Part::Details, Part::Runs],
    on_screen: &[
        "valid_p",
        "other_n",
        "invalid_n",
        "missing_p",
        "held",
        "rejected",
        "answers_held",
        "answers_rejected",
    ],
    build,
};

const KEYS: [&str; 4] = ["period", "level", "region", "item"];
const SHARES: [&str; 5] = ["valid", "other", "default", "invalid", "missing"];
const COUNTS: [&str; 4] = ["held", "rejected", "answers_held", "answers_rejected"];

/// How many accepted treatments have `other`, and how many nothing, by field.
type Values = [(u64, u64); FIELDS.len()];

/// What is known of one sender in one period.
#[derive(Debug, Default)]
struct Quality {
    /// Treatments in the register.
    accepted: u64,
    /// Those of senders that have not told a reading of everything.
    untold: u64,
    fields: Values,
    /// By the rule's id.
    rules: BTreeMap<String, Kept>,
}

/// What one rule has kept out of the register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Kept {
    held: u64,
    rejected: u64,
    answers_held: u64,
    answers_rejected: u64,
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let mut senders: Crossing<Quality> = Crossing::default();
    treatments(data, &plan, &mut senders);
    let divided = kept_back(data, &plan, &mut senders);
    let mut rows = Vec::new();
    for (labels, quality) in senders.rows() {
        for (place, field) in FIELDS.iter().enumerate() {
            rows.push(field_row(labels, (field, quality.fields[place]), quality));
        }
        rows.extend(quality.rules.iter().map(|(rule, kept)| rule_row(labels, rule, *kept)));
    }
    let mut columns: Vec<String> = KEYS.map(str::to_owned).to_vec();
    columns.extend(SHARES.iter().flat_map(|name| share_columns(name)));
    columns.extend(COUNTS.map(str::to_owned));
    Ok(Table { columns, keys: KEYS.len(), rows, notes: words(&divided) })
}

/// Judges the fields of every treatment of the selection.
fn treatments<'a>(data: &'a ReportData, plan: &Plan, senders: &mut Crossing<Quality>) {
    let facts = &data.facts;
    let details: HashMap<i64, &DetailFact> = facts.details.iter().map(|detail| (detail.row, detail)).collect();
    let units: HashMap<(&str, &str), &UnitFact> =
        facts.units.iter().map(|unit| ((&*unit.sender, &*unit.unit), unit)).collect();
    let told: BTreeSet<&str> = facts.runs.iter().map(|run| &*run.sender).collect();
    let mut cells: HashMap<(i32, &'a str), (u64, Values)> = HashMap::new();
    let sieve = Sieve::new(facts, data.lists, plan);
    let kept = facts.treatments.iter().enumerate().filter(|(index, treatment)| sieve.takes(*index, treatment));
    for (_, treatment) in kept {
        let Some(period) = plan.period_of(plan.cohort.date(treatment)) else { continue };
        let (n, values) = cells.entry((period, &treatment.sender)).or_default();
        let known = Known {
            treatment,
            detail: details.get(&treatment.row).copied(),
            unit: units.get(&(&*treatment.sender, &*treatment.unit_start)).copied(),
        };
        *n += 1;
        for (field, (other, missing)) in FIELDS.iter().zip(values) {
            let value = (field.judge)(&known);
            *other += u64::from(value == Value::Other);
            *missing += u64::from(value == Value::Missing);
        }
    }
    for ((period, sender), (n, values)) in cells {
        let period = plan.period.label(period);
        senders.add(&[Some(&period), Some(sender)], |quality| {
            quality.accepted += n;
            quality.untold += if told.contains(sender) { 0 } else { n };
            for (sum, (other, missing)) in quality.fields.iter_mut().zip(&values) {
                *sum = (sum.0 + other, sum.1 + missing);
            }
        });
    }
}

/// Counts what the rules have kept back; answers the months that the selection divides.
fn kept_back(data: &ReportData, plan: &Plan, senders: &mut Crossing<Quality>) -> BTreeSet<Date> {
    let mut divided = BTreeSet::new();
    let structure = Structure::new(&data.facts, data.lists, plan);
    let is_kept = |fact: &&RunFact| {
        let spot = Spot::of(
            &structure.unit_place(&fact.sender, &fact.run.unit),
            Some(structure.programme_now(&fact.run.programme)),
        );
        plan.only.takes(|dimension| spot.label(dimension, data.lists))
    };
    for fact in data.facts.runs.iter().filter(is_kept) {
        let month = first_day(&fact.run.month);
        let period = match whereabouts(plan, month) {
            Whereabouts::In(label) => Some(label),
            Whereabouts::Total => None,
            Whereabouts::Divided => {
                divided.extend(month);
                continue;
            }
            Whereabouts::Outside => continue,
        };
        let kept = by_rule(&fact.run);
        if !kept.is_empty() {
            senders.add(&[period.as_deref(), Some(&fact.sender)], |quality| {
                for (rule, kept) in &kept {
                    quality.rules.entry((*rule).to_owned()).or_default().join(*kept);
                }
            });
        }
    }
    divided
}

/// A line's held and rejected, by rule.
fn by_rule(run: &Run) -> BTreeMap<&str, Kept> {
    let mut kept: BTreeMap<&str, Kept> = BTreeMap::new();
    for reason in &run.reasons {
        let n = reason.n;
        let one = match (reason.term, run.counted) {
            (Term::Held, Counted::Treatments) => Kept { held: n, ..Kept::default() },
            (Term::Rejected, Counted::Treatments) => Kept { rejected: n, ..Kept::default() },
            (Term::Held, Counted::Answers) => Kept { answers_held: n, ..Kept::default() },
            (Term::Rejected, Counted::Answers) => Kept { answers_rejected: n, ..Kept::default() },
            _ => continue,
        };
        kept.entry(&reason.rule).or_default().join(one);
    }
    kept
}

impl Kept {
    fn join(&mut self, other: Self) {
        self.held += other.held;
        self.rejected += other.rejected;
        self.answers_held += other.answers_held;
        self.answers_rejected += other.answers_rejected;
    }
}

fn keys(labels: &[Arc<str>], level: &str, item: &str) -> Vec<Figure> {
    vec![Figure::from(&labels[0]), Figure::text(level), Figure::from(&labels[1]), Figure::text(item)]
}

/// The five shares of a field, of the accepted treatments and those that were kept back because of it.
fn field_row(labels: &[Arc<str>], (field, (other, absent)): (&Field, (u64, u64)), quality: &Quality) -> Vec<Figure> {
    let sum = |rules: &[Rule]| -> u64 {
        let kept = rules.iter().filter_map(|rule| quality.rules.get(rule.id()));
        kept.map(|kept| kept.held + kept.rejected).sum()
    };
    let (wrong, held_absent) = (sum(field.invalid.unwrap_or_default()), sum(field.missing));
    let field_counts = Completeness { accepted: quality.accepted, other, absent, wrong, held_absent };
    let told = quality.untold == 0;
    let mut row = keys(labels, "field", field.name);
    row.extend(share(Some(field_counts.valid())));
    row.extend(share(Some(field_counts.other())));
    row.extend(share((!field.may_be_default).then(|| field_counts.filled_in())));
    row.extend(share((field.invalid.is_some() && told).then(|| field_counts.invalid())));
    row.extend(share((field.missing.is_empty() || told).then(|| field_counts.missing())));
    row.extend([const { Figure::Undefined }; COUNTS.len()]);
    row
}

fn rule_row(labels: &[Arc<str>], rule: &str, kept: Kept) -> Vec<Figure> {
    let Kept { held, rejected, answers_held, answers_rejected } = kept;
    let mut row = keys(labels, "rule", rule);
    row.extend([const { Figure::Undefined }; SHARES.len() * 5]);
    row.extend([held, rejected, answers_held, answers_rejected].map(Figure::Count));
    row
}

fn words(divided: &BTreeSet<Date>) -> Vec<Text> {
    let mut notes = vec![
        Text::fixed(
            "Raden gäller avsändaren. Andelarna är av behandlingar i registret och av dem som hålls kvar för fältets skull. Giltiga: \
             ett värde. Annat: kodlistans annat eller okänt. Felaktiga: kvarhållna eller avvisade för ett felaktigt värde. Saknas: inget \
             värde.",
            "A row is a sender. Shares are of the treatments in the register and of those held back because of the field: valid = a value, \
             other = the code list's other or unknown, default = filled in by the agent, invalid = held or rejected for a wrong value, \
             missing = no value.",
        ),
        Text::fixed(
            "En behandling som finns i registret och vars nyare version hålls kvar eller avvisas räknas två gånger: med värdet i den version \
             som finns, och som kvarhållen. Registret får veta hur många som hålls kvar för varje regel, inte vilka.",
            "A treatment that is in the register and whose newer version is held or rejected counts twice: with the value of the version \
             that is there, and as held. The register is told how many each rule holds, not which.",
        ),
        Text::fixed(
            "Kön och födelseår som källan saknar tas från identitetsnumret utan att registret får veta det, så antalet ifyllda är \
             tomt för dem. Ett felaktigt värde i ett valfritt fält utelämnas av agenten och räknas som saknat, så antalet felaktiga är tomt \
             för dem.",
            "A sex or birth year that the source lacks is taken from the identity number, of which the register is not told; default is \
             empty there. A wrong value of an optional field is left out by the agent and counts as missing; invalid is empty there.",
        ),
    ];
    if !divided.is_empty() {
        let months = divided.iter().map(|month| month.strftime("%Y-%m").to_string()).collect::<Vec<_>>().join(", ");
        notes.push(Text::made(
            format!("Urvalet delar dessa månader, så kvarhållna räknas inte i dem; välj hela månader: {months}."),
            format!(
                "The selection divides these months, so nothing held counts in them; choose whole months: {months}."
            ),
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::fact::{Facts, RunFact, TreatmentFact};
    use crate::report::tests::invented::{detail, facts, figures_of, report, treatment};

    fn run(counted: &str, month: &str, reasons: &[(&str, &str, u64)]) -> RunFact {
        let of = |term: &str| -> u64 { reasons.iter().filter(|(one, ..)| *one == term).map(|(.., n)| n).sum() };
        let named: Vec<_> =
            reasons.iter().map(|(term, rule, n)| json!({ "term": term, "rule": rule, "n": n })).collect();
        let line = json!({
            "cycle": 1, "reading": "full", "counted": counted, "month": month, "unit": "A", "programme": "depressionshjalpen",
            "found": of("held") + of("rejected"), "accepted": 0, "unchanged": 0, "rejected": of("rejected"), "held": of("held"),
            "excluded": 0, "pending": 0, "reasons": named,
        });
        RunFact { sender: Arc::from("12"), run: serde_json::from_value(line).unwrap() }
    }

    /// Four treatments of March 2024, of which one has an end reason that tells nothing and three have none.
    fn made(runs: Vec<RunFact>, choice: &[(&str, &str)]) -> crate::report::Report {
        let mut treatments: Vec<TreatmentFact> = (1..=4).map(|row| treatment(row, "12", "A")).collect();
        treatments[0].end_reason = Some(Arc::from("other"));
        let details = vec![DetailFact { referred_on: Some("2024-01-01".parse().unwrap()), ..detail(2) }];
        report(Facts { details, runs, ..facts(treatments) }, "data-quality", choice)
    }

    /// Valid, other, default, invalid, missing: the counts.
    fn counts(report: &crate::report::Report, item: &str) -> [Figure; 5] {
        let row = figures_of(report, &["ALL", "field", "12", item]);
        SHARES.map(|name| row[&format!("{name}_n")].clone())
    }

    const UNDEFINED: Figure = Figure::Undefined;
    const NONE: Figure = Figure::Count(0);

    #[test]
    fn the_worked_example_counts_each_value_once() {
        let held = [("held", "unit-form", 5), ("held", "unit-missing", 1), ("rejected", "unit-form", 2)];
        let made = made(vec![run("treatments", "2024-03", &held)], &[]);
        let n = Figure::Count;
        assert_eq!(counts(&made, "unit_id"), [n(4), NONE, NONE, n(7), n(1)]);
        assert_eq!(figures_of(&made, &["ALL", "field", "12", "unit_id"])["invalid_p"], Figure::Number(7.0 / 12.0));
        assert_eq!(counts(&made, "end_reason"), [NONE, n(1), NONE, UNDEFINED, n(3)]);
        assert_eq!(counts(&made, "referred_on"), [n(1), NONE, NONE, UNDEFINED, n(3)]);
        assert_eq!(counts(&made, "sex"), [n(4), NONE, UNDEFINED, UNDEFINED, NONE]);
    }

    #[test]
    fn what_a_rule_keeps_back_is_counted_by_treatments_and_answers() {
        let runs = vec![
            run("treatments", "2024-03", &[("held", "date-invalid", 2)]),
            run("treatments", "unknown", &[("held", "date-missing", 3)]),
            run("answers", "2024-03", &[("held", "score-range", 4), ("rejected", "score-range", 1)]),
        ];
        let made = made(runs, &[("period", "year")]);
        let kept = |period: &str, rule: &str| {
            let row = figures_of(&made, &[period, "rule", "12", rule]);
            COUNTS.map(|name| row[name].clone())
        };
        assert_eq!(kept("2024", "date-invalid"), [2, 0, 0, 0].map(Figure::Count));
        assert_eq!(kept("2024", "score-range"), [0, 0, 4, 1].map(Figure::Count));
        assert_eq!(kept("ALL", "date-missing"), [3, 0, 0, 0].map(Figure::Count), "no year is known of it");
        assert_eq!(counts(&made, "started_on, ended_on"), [4, 0, 0, 2, 3].map(Figure::Count));
    }

    #[test]
    fn a_treatment_that_is_there_and_whose_newer_version_is_held_counts_as_both_and_the_report_says_so() {
        // Four stand in the register; the source has five, and holds a new version of one of the four and one that never came.
        let made = made(vec![run("treatments", "2024-03", &[("held", "unit-form", 2)])], &[]);
        assert_eq!(counts(&made, "unit_id"), [Figure::Count(4), NONE, NONE, Figure::Count(2), NONE]);
        assert_eq!(figures_of(&made, &["ALL", "field", "12", "unit_id"])["invalid_d"], Figure::Count(6));
        let told = crate::report::tests::invented::told(&made);
        assert!(told.contains("whose newer version is held or rejected counts twice"), "{told}");
    }

    #[test]
    fn what_a_sender_has_not_told_is_not_zero() {
        let made = made(Vec::new(), &[]);
        assert_eq!(counts(&made, "unit_id"), [Figure::Count(4), NONE, NONE, UNDEFINED, UNDEFINED]);
        assert_eq!(counts(&made, "end_reason")[4], Figure::Count(3), "that is seen in the register itself");
    }
}
