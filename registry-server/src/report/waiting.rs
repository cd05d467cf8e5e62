//! Report `waiting`: days from the referral to the start of the treatment.
//!
//! Promises: what is not known, and what cannot be a wait, is counted beside the waits and never among them.

use std::collections::HashMap;

use super::figure::{Figure, share, share_columns};
use super::{Definition, ParameterError, ReportData, Table, Text, grouping_columns, notes};
use crate::aggregate::Grouping;
use crate::aggregate::sum::{Count, Sums};
use crate::fact::Part;
use crate::indicator::share::Share;
use crate::indicator::waiting::{LIMITS, Waits};
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "waiting",
    version: 1,
    meaning: Text::fixed(
        "Hur länge det dröjde från remiss eller egen anmälan till behandlingens start.",
        "How long it took from referral or own request to the start of the treatment.",
    ),
    needs: &[Part::Details],
    on_screen: &[
        "n_started",
        "referral_missing_p",
        "n_negative",
        "n_waited",
        "wait_median",
        "wait_p90",
        "within_30_p",
        "within_90_p",
        "within_42_p",
        "within_126_p",
    ],
    build,
};

impl Count for Waits {
    fn add(&mut self, other: &Self) {
        let Self { days, missing, negative } = other;
        for (days, count) in days {
            *self.days.entry(*days).or_default() += count;
        }
        self.missing += missing;
        self.negative += negative;
    }
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let grouping = Grouping::new(&data.facts, data.lists, &plan);
    let referred: HashMap<i64, _> =
        data.facts.details.iter().filter_map(|detail| Some((detail.row, detail.referred_on?))).collect();
    let sums = Sums::new(&data.facts, &grouping, |waits: &mut Waits, treatment| {
        let days = referred.get(&treatment.row).map(|referred| (treatment.started_on - *referred).get_days());
        waits.count(days);
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
    columns.extend(share_columns("referral_missing"));
    columns.extend(["n_negative", "n_waited", "wait_median", "wait_p90"].map(str::to_owned));
    columns.extend(LIMITS.iter().flat_map(|limit| share_columns(&format!("within_{limit}"))));
    let mut notes = notes::selection(&plan, &grouping);
    notes.push(Text::fixed(
        "Väntan räknas i hela dagar för behandlingar med båda datum; behandlingar som började före remissen räknas för sig. Median \
         och nionde decil är kvantiler av typ 7 (Hyndman och Fan). 42 och 126 dagar är NHS gränser, 6 och 18 veckor.",
        "Waits are whole days of the treatments with both dates; treatments that began before their referral are counted apart. \
         Median and ninth decile are quantiles of type 7 (Hyndman and Fan). 42 and 126 days are the limits of the NHS, 6 and 18 \
         weeks.",
    ));
    Ok(Table { columns, keys, rows, notes })
}

fn figures(waits: &Waits) -> Vec<Figure> {
    let all = waits.missing + waits.negative + waits.waited();
    let mut figures = vec![Figure::Count(all)];
    figures.extend(share(Some(Share { n: waits.missing, d: all })));
    figures.extend([waits.negative, waits.waited()].map(Figure::Count));
    figures.extend([waits.median(), waits.p90()].map(Figure::from));
    figures.extend(LIMITS.iter().flat_map(|limit| share(Some(waits.within(*limit)))));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::DetailFact;
    use crate::report::tests::invented::{detail, facts, figures_of, report, told, treatment};

    #[test]
    fn worked_example_waits_of_nothing_thirty_and_forty_three_days() {
        let mut facts = facts((1..=5).map(|row| treatment(row, "12", "A")).collect());
        let dates = [Some("2024-01-10"), Some("2023-12-11"), Some("2023-11-28"), Some("2024-01-11"), None];
        facts.details = (1..)
            .zip(dates)
            .map(|(row, date)| DetailFact { referred_on: date.map(|date| date.parse().unwrap()), ..detail(row) })
            .collect();
        let report = report(facts, "waiting", &[("by", "region")]);
        let row = figures_of(&report, &["ALL", "12"]);
        let figures = |names: [&str; 4]| names.map(|name| row[name].clone());
        assert_eq!(
            figures(["n_started", "n_waited", "n_negative", "referral_missing_n"]),
            [5, 3, 1, 1].map(Figure::Count)
        );
        assert_eq!(
            figures(["within_30_n", "within_90_n", "within_42_n", "within_126_n"]),
            [2, 3, 2, 3].map(Figure::Count)
        );
        assert_eq!((row["wait_median"].clone(), row["wait_p90"].clone()), (Figure::Number(30.0), Figure::Number(40.4)));
        assert_eq!(
            (row["referral_missing_p"].clone(), row["within_30_d"].clone()),
            (Figure::Number(0.2), Figure::Count(3))
        );
        assert!(told(&report).contains("type 7"));
    }

    #[test]
    fn without_a_referral_the_waits_are_undefined() {
        let report = report(facts(vec![treatment(1, "12", "A")]), "waiting", &[("by", "region")]);
        let row = figures_of(&report, &["ALL", "12"]);
        assert_eq!((row["wait_median"].clone(), row["within_30_p"].clone()), (Figure::Undefined, Figure::Undefined));
        assert_eq!(row["referral_missing_p"], Figure::Number(1.0));
    }
}
