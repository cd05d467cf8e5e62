//! Report `sick-leave`: the extent of sick leave before and after the treatment.
//!
//! Promises: figures are of the treatments that tell both extents; the others are counted beside them.

use std::collections::HashMap;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::sum::{Count, Sums};
use crate::fact::Part;
use crate::indicator::share::Share;
use crate::indicator::sick_leave::SickLeave;
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "sick-leave",
    version: 1,
    meaning: Text::fixed(
        "Hur sjukskrivningens omfattning ändrades från före till efter behandlingen.",
        "How the extent of sick leave changed from before to after the treatment.",
    ),
    needs: &[Part::Details],
    on_screen: &[
        "n_started",
        "sick_missing_p",
        "n_both",
        "sick_before_mean",
        "sick_after_mean",
        "sick_less_p",
        "sick_more_p",
        "sick_none_before_p",
        "sick_none_after_p",
        "sick_back_to_zero_p",
    ],
    build,
};

/// The shares, in the order of [`SickLeave::shares`].
const SHARES: [&str; 6] =
    ["sick_less", "sick_same", "sick_more", "sick_none_before", "sick_none_after", "sick_back_to_zero"];

impl Count for SickLeave {
    fn add(&mut self, other: &Self) {
        let Self { missing, both, sums, turns, none } = other;
        self.missing += missing;
        self.both += both;
        let own = self.sums.iter_mut().chain(&mut self.turns).chain(&mut self.none);
        for (own, other) in own.zip(sums.iter().chain(turns).chain(none)) {
            *own += other;
        }
    }
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let known = data.facts.details.iter();
    let extents: HashMap<i64, (u8, u8)> =
        known.filter_map(|detail| Some((detail.row, detail.sick_leave_before.zip(detail.sick_leave_after)?))).collect();
    let sums = Sums::new(&data.facts, &grouping, |leave: &mut SickLeave, treatment| {
        leave.count(extents.get(&treatment.row).copied());
    });
    let rows = grouping.groups.iter().map(|group| {
        let mut row: Vec<Figure> = grouping.texts(group).iter().map(Figure::from).collect();
        row.extend(figures(&sums.of(group)));
        row
    });
    let rows = rows.collect();
    let mut columns = grouping_columns(parameters, &[]);
    let keys = columns.len();
    columns.push("n_started".to_owned());
    columns.extend(share_columns("sick_missing"));
    columns.extend(["n_both", "sick_before_mean", "sick_after_mean", "sick_change_mean"].map(str::to_owned));
    columns.extend(SHARES.into_iter().flat_map(share_columns));
    let mut notes = notes::selection(&plan, &grouping);
    notes.push(Text::fixed(
        "Omfattning i procent av heltid. Andelarna räknas av behandlingar med uppgift både före och efter, de som blev helt \
         friskskrivna av dem som var sjukskrivna före.",
        "Extents are per cent of full time. Shares are of the treatments that tell both before and after; those back at work in full \
         are of those on leave before.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

fn figures(leave: &SickLeave) -> Vec<Figure> {
    let all = leave.missing + leave.both;
    let mut figures = vec![Figure::Count(all)];
    figures.extend(share(Some(Share { n: leave.missing, d: all })));
    figures.push(Figure::Count(leave.both));
    figures.extend(leave.means().map_or([const { Figure::Undefined }; 3], |means| means.map(Figure::from)));
    figures.extend(leave.shares().into_iter().flat_map(|one| share(Some(one))));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::DetailFact;
    use crate::report::tests::invented::{detail, facts, figures_of, report, treatment};

    #[test]
    fn worked_example_two_of_three_on_less_leave_and_one_back_in_full() {
        let mut facts = facts((1..=4).map(|row| treatment(row, "12", "A")).collect());
        let extents = [(Some(100), Some(50)), (Some(50), Some(0)), (Some(0), Some(0)), (Some(25), None)];
        facts.details = (1..)
            .zip(extents)
            .map(|(row, (before, after))| DetailFact {
                sick_leave_before: before,
                sick_leave_after: after,
                ..detail(row)
            })
            .collect();
        let report = report(facts, "sick-leave", &[("by", "region")]);
        let row = figures_of(&report, &["ALL", "12"]);
        let counts = ["n_started", "n_both", "sick_missing_n", "sick_less_n", "sick_same_n", "sick_more_n"];
        assert_eq!(counts.map(|name| row[name].clone()), [4, 3, 1, 2, 1, 0].map(Figure::Count));
        let means = ["sick_before_mean", "sick_change_mean", "sick_back_to_zero_p", "sick_more_p"];
        let expected = [50.0, 50.0 / 3.0 - 50.0, 0.5, 0.0];
        for (name, expected) in means.into_iter().zip(expected) {
            assert!(matches!(row[name], Figure::Number(found) if (found - expected).abs() < 1e-12), "{name}");
        }
    }

    #[test]
    fn with_one_extent_alone_nothing_is_known() {
        let report = report(facts(vec![treatment(1, "12", "A")]), "sick-leave", &[("by", "region")]);
        let row = figures_of(&report, &["ALL", "12"]);
        assert_eq!(
            (row["sick_after_mean"].clone(), row["sick_less_p"].clone()),
            (Figure::Undefined, Figure::Undefined)
        );
    }
}
