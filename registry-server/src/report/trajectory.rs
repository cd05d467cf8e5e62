//! Report `trajectory`: mean scores before, after and at each follow-up, per instrument, with how many answered.
//!
//! Promises: a row for every group, instrument and timepoint at which somebody has a score; a mean is over those who answered then,
//! never over others.

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::tally::{Tallies, Tally};
use crate::aggregate::trajectory::{At, Courses};
use crate::aggregate::{Grouping, parallel};
use crate::fact::Part;
use crate::indicator::share::Share;
use crate::indicator::trajectory::figures;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "trajectory",
    version: 1,
    meaning: Text::fixed(
        "Skattningarnas medelvärden före, efter och vid varje uppföljning, per instrument, och hur många som svarade.",
        "Mean scores before, after and at each follow-up, per instrument, and how many answered.",
    ),
    needs: &[Part::Outcomes],
    on_screen: &["answered_n", "answered_p", "answered_completed_p", "mean_score", "sd_score", "score_lo", "score_hi"],
    build,
};

/// The shares: of all treatments, and of the completed ones.
const SHARES: [&str; 2] = ["answered", "answered_completed"];

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let known = |code: &str| data.thresholds.instrument(code).is_some() && parameters.wants(code);
    let (courses, tallies) = (Courses::new(&data.facts, &grouping, known), Tallies::new(&data.facts, &grouping));
    let numbers: Vec<usize> = (0..grouping.groups.len()).collect();
    let mut rows = Vec::new();
    for name in courses.names() {
        rows.extend(parallel::each(&numbers, |number| {
            let group = &grouping.groups[*number];
            let at = courses.of(name, group);
            if at.scores.is_empty() {
                return Vec::new();
            }
            let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
            row.extend([Figure::from(&name.0), Figure::text(name.1.to_string())]);
            row.extend(of_timepoint(&at, tallies.of(group)));
            vec![row]
        }));
    }
    let mut columns = grouping_columns(parameters, &["instrument", "timepoint"]);
    let keys = columns.len();
    columns.extend(SHARES.into_iter().flat_map(share_columns));
    columns.extend(["mean_score", "sd_score", "score_lo", "score_hi"].map(str::to_owned));
    let mut notes = notes::selection(&plan, &grouping);
    notes.push(Text::fixed(
        "Varje medelvärde gäller dem som svarade vid tidpunkten; de som svarade vid en annan kan vara andra. Hur samma behandlingar \
         ändrades visar rapporten outcomes.",
        "Each mean is over those who answered at the timepoint; those who answered at another may be others. How the same treatments \
         changed is in the report outcomes.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

fn of_timepoint(at: &At, tally: Tally) -> impl Iterator<Item = Figure> {
    let shares = [Share { n: at.treatments(), d: tally.started }, Share { n: at.completed, d: tally.completed }];
    shares.into_iter().flat_map(|one| share(Some(one))).chain(figures(&at.scores).map(Figure::from))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fact::{Facts, OutcomeFact};
    use crate::outcome::Comparison;
    use crate::report::tests::invented::{facts, figures_of, report, treatment};

    fn four() -> Facts {
        let instrument: Arc<str> = Arc::from("PHQ-9");
        let score = |row, comparison, first, second| OutcomeFact {
            row,
            instrument: Arc::clone(&instrument),
            comparison,
            first,
            second,
        };
        let mut facts = facts((1..=4).map(|row| treatment(row, "12", "A")).collect());
        facts.outcomes = vec![
            score(1, Comparison::Paired, Some(10.0), Some(4.0)),
            score(1, Comparison::Locf, Some(10.0), Some(4.0)),
            score(2, Comparison::Paired, Some(12.0), None),
            score(3, Comparison::Paired, None, Some(8.0)),
            score(3, Comparison::Followup(6), None, Some(6.0)),
            score(1, Comparison::Followup(6), Some(10.0), Some(6.0)),
        ];
        facts
    }

    #[test]
    fn each_timepoint_counts_those_who_answered_then_of_all_who_were_treated() {
        let made = report(four(), "trajectory", &[("by", "region")]);
        let at = |timepoint: &str| {
            let row = figures_of(&made, &["ALL", "12", "PHQ-9", timepoint]);
            ["answered_n", "answered_d", "mean_score", "sd_score"].map(|column| row[column].clone())
        };
        let expected =
            |n, mean, sd: f64| [Figure::Count(n), Figure::Count(4), Figure::Number(mean), Figure::Number(sd)];
        assert_eq!(at("pre"), expected(2, 11.0, 2.0_f64.sqrt()), "a follow-up does not repeat who answered before");
        assert_eq!(at("post"), expected(2, 6.0, 8.0_f64.sqrt()));
        assert_eq!(at("followup-6m"), expected(2, 6.0, 0.0));
        assert_eq!(made.rows.len(), 6, "three timepoints of the region and of all, and no other");
    }

    #[test]
    fn one_score_has_a_mean_and_no_interval() {
        let mut one = four();
        one.outcomes.truncate(1);
        let row = figures_of(&report(one, "trajectory", &[("by", "region")]), &["ALL", "12", "PHQ-9", "pre"]);
        let columns = ["mean_score", "sd_score", "score_lo"].map(|column| row[column].clone());
        assert_eq!(columns, [Figure::Number(10.0), Figure::Undefined, Figure::Undefined]);
    }
}
