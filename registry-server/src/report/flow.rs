//! Report `flow`: from the referral over assessment, start and completion to the answers after and at follow-up, per instrument.
//!
//! Promises: a row for every group and instrument that somebody answered; a treatment counts once in each stage that it reached, whatever
//! it lacks of the others; nothing is told of those who never started, because the register does not hold them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use schemas::record::Status;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::sum::{Count, Sums};
use crate::fact::{DetailFact, Facts, Part};
use crate::indicator::flow::Stages;
use crate::indicator::share::Share;
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "flow",
    version: 1,
    meaning: Text::fixed(
        "Hur långt behandlingarna kom: remiss, bedömning, start, fullföljd, skattning efter och uppföljning.",
        "How far treatments came: referral, assessment, start, completion, answer after and follow-up.",
    ),
    needs: &[Part::Outcomes, Part::Details],
    on_screen: &["n_started", "referral_known_p", "assessment_known_p", "completed_p", "after_p", "followed_p"],
    build,
};

/// A share's name, and the share.
type Stage = (&'static str, fn(Stages) -> Share);

/// The shares, in the order of the stages.
const SHARES: [Stage; 5] = [
    ("referral_known", Stages::referred),
    ("assessment_known", Stages::assessed),
    ("completed", Stages::completed),
    ("after", Stages::after),
    ("followed", Stages::followed),
];

/// Stages, and how many answered at any time.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    stages: Stages,
    answered: u64,
}

impl Count for Counted {
    fn add(&mut self, other: &Self) {
        let Stages { started, referred, assessed, completed, after, followed } = other.stages;
        let own = &mut self.stages;
        own.started += started;
        own.referred += referred;
        own.assessed += assessed;
        own.completed += completed;
        own.after += after;
        own.followed += followed;
        self.answered += other.answered;
    }
}

/// The treatments that were answered for with one instrument.
#[derive(Default)]
struct Answers {
    any: HashSet<i64>,
    after: HashSet<i64>,
    followed: HashSet<i64>,
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let details: HashMap<i64, &DetailFact> = data.facts.details.iter().map(|detail| (detail.row, detail)).collect();
    let known = |code: &str| data.thresholds.instrument(code).is_some() && parameters.wants(code);
    let mut rows = Vec::new();
    for (instrument, answers) in answers(&data.facts, known) {
        let sums = Sums::new(&data.facts, &grouping, |counted: &mut Counted, treatment| {
            let (row, detail) = (treatment.row, details.get(&treatment.row));
            let completed = treatment.status == Status::Completed;
            counted.add(&Counted {
                stages: Stages {
                    started: 1,
                    referred: u64::from(detail.is_some_and(|detail| detail.referred_on.is_some())),
                    assessed: u64::from(detail.is_some_and(|detail| detail.assessed_on.is_some())),
                    completed: u64::from(completed),
                    after: u64::from(completed && answers.after.contains(&row)),
                    followed: u64::from(completed && answers.followed.contains(&row)),
                },
                answered: u64::from(answers.any.contains(&row)),
            });
        });
        for group in &grouping.groups {
            let counted = sums.of(group);
            if counted.answered > 0 {
                let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
                row.extend([Figure::from(&instrument), Figure::Count(counted.stages.started)]);
                row.extend(SHARES.iter().flat_map(|(_, of)| share(Some(of(counted.stages)))));
                rows.push(row);
            }
        }
    }
    let mut columns = grouping_columns(parameters, &["instrument"]);
    let keys = columns.len();
    columns.push("n_started".to_owned());
    columns.extend(SHARES.iter().flat_map(|(name, _)| share_columns(name)));
    let notes = notes::selection(&plan, &grouping).into_iter().chain([words()]).collect();
    Ok(Table { columns, keys, rows, notes })
}

/// Who answered when, by instrument.
fn answers(facts: &Facts, wanted: impl Fn(&str) -> bool) -> BTreeMap<Arc<str>, Answers> {
    let mut answers: BTreeMap<Arc<str>, Answers> = BTreeMap::new();
    for outcome in facts.outcomes.iter().filter(|outcome| wanted(&outcome.instrument)) {
        let followed = matches!(outcome.comparison, Comparison::Followup(_));
        // The first score of a follow-up is that of the pair, told once.
        let tells = [
            (followed || outcome.comparison == Comparison::Paired, outcome.second),
            (outcome.comparison == Comparison::Paired, outcome.first),
        ];
        if !tells.iter().any(|(tells, score)| *tells && score.is_some()) {
            continue;
        }
        let known = answers.entry(Arc::clone(&outcome.instrument)).or_default();
        known.any.insert(outcome.row);
        if outcome.second.is_some() {
            let second = if followed { &mut known.followed } else { &mut known.after };
            second.insert(outcome.row);
        }
    }
    answers
}

fn words() -> Text {
    Text::fixed(
        "Registret innehåller bara avslutade behandlingar: den som remitterades eller bedömdes och aldrig började finns inte med, så remiss \
         och bedömning är andelen behandlingar där datumet är känt. Skattning efter och uppföljning är av de fullföljda, med minst en \
         uppföljning oavsett månad; en behandling som nyss avslutats har inte hunnit följas upp.",
        "The register holds ended treatments only: whoever was referred or assessed and never started is not in it, so referral and \
         assessment are the share of treatments whose date is known. Answers after and follow-up are of the completed ones, at least one \
         follow-up whatever the month; a treatment that ended lately has had no time to be followed up.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::OutcomeFact;
    use crate::report::tests::invented::{detail, facts, figures_of, report, told, treatment};

    /// Four treatments: three with a referral, two assessed, three completed; of these two answered after and one at a follow-up.
    fn four() -> Facts {
        let mut facts = facts((1..=4).map(|row| treatment(row, "12", "A")).collect());
        facts.treatments[3].status = Status::Discontinued;
        let day = |known: bool| known.then(|| "2024-01-02".parse().unwrap());
        facts.details = (1..=4)
            .map(|row| DetailFact { referred_on: day(row != 4), assessed_on: day(row < 3), ..detail(row) })
            .collect();
        let score = |row, comparison, first, second| OutcomeFact {
            row,
            instrument: Arc::from("PHQ-9"),
            comparison,
            first,
            second,
        };
        facts.outcomes = vec![
            score(1, Comparison::Paired, Some(10.0), Some(4.0)),
            score(1, Comparison::Followup(6), Some(10.0), Some(5.0)),
            score(1, Comparison::Followup(12), Some(10.0), Some(5.0)),
            score(2, Comparison::Paired, None, Some(6.0)),
            score(3, Comparison::Paired, Some(9.0), None),
            score(3, Comparison::Followup(6), Some(9.0), None),
            score(4, Comparison::Paired, Some(9.0), Some(9.0)),
        ];
        facts
    }

    #[test]
    fn worked_example_four_treatments_from_referral_to_follow_up() {
        let made = report(four(), "flow", &[("by", "region")]);
        let row = figures_of(&made, &["ALL", "12", "PHQ-9"]);
        let of = |name: &str| [format!("{name}_n"), format!("{name}_d")].map(|column| row[&column].clone());
        let expected = |n, d| [n, d].map(Figure::Count);
        assert_eq!(row["n_started"], Figure::Count(4));
        assert_eq!(of("referral_known"), expected(3, 4));
        assert_eq!(of("assessment_known"), expected(2, 4));
        assert_eq!(of("completed"), expected(3, 4));
        assert_eq!(of("after"), expected(2, 3), "the one who answered after breaking off is not of the completed");
        assert_eq!(of("followed"), expected(1, 3), "two follow-ups of one treatment are one");
        assert!(told(&made).contains("never started is not in it"));
    }

    #[test]
    fn a_group_in_which_nobody_answered_has_no_row() {
        let mut three = four();
        three.outcomes.clear();
        assert_eq!(report(three, "flow", &[("by", "region")]).rows.len(), 0);
    }
}
