//! Report `duplicates`: treatments that two senders may both have delivered, as counts.
//!
//! Promises: the column `region` is the sender, `other` who may have delivered the same; counts only, never a row; a sender without
//! anything to compare has its row with zeros.

use std::collections::BTreeMap;

use super::figure::Figure;
use super::{Definition, ParameterError, Report, ReportData, Table, Text, notes};
use crate::aggregate::ALL;
use crate::duplicates::alike;
use crate::fact::TreatmentFact;
use crate::indicator::duplicates::{of_all, of_pair, of_sender};
use crate::report::parameters::Parameters;

/// The report.
pub const DEFINITION: Definition = Definition {
    name: "duplicates",
    version: 1,
    meaning: Text::fixed(
        "Hur många behandlingar som två avsändare kan ha levererat båda två: samma program, startdag, kön och födelseår.",
        "How many treatments two senders may both have delivered: same programme, day of start, sex and year of birth.",
    ),
    needs: &[],
    on_screen: &["n_started", "n_compared", "n_duplicates"],
    build,
};

const KEYS: [&str; 3] = ["period", "region", "other"];
const COUNTS: [&str; 3] = ["n_started", "n_compared", "n_duplicates"];
/// The smallest number that a sender's reader is told: it also counts treatments of others.
const FEWEST: u64 = 5;

/// What a sender has in a period, or all of them.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    started: u64,
    compared: u64,
    duplicates: u64,
}

/// What there is in one period.
#[derive(Debug, Default)]
struct Counted<'a> {
    held: BTreeMap<&'a str, Held>,
    pairs: BTreeMap<[&'a str; 2], u64>,
}

fn build(data: &ReportData, parameters: &Parameters) -> Result<Table, ParameterError> {
    let plan = parameters.plan(notes::day(data));
    let mut periods: BTreeMap<String, Vec<&TreatmentFact>> = BTreeMap::new();
    for treatment in &data.facts.treatments {
        let Some(period) = plan.period_of(plan.cohort.date(treatment)) else { continue };
        let all = (!plan.period.is_all()).then(|| ALL.to_owned());
        for label in all.into_iter().chain([plan.period.label(period)]) {
            periods.entry(label).or_default().push(treatment);
        }
    }
    let rows = periods.iter().flat_map(|(period, treatments)| rows(period, &Counted::of(treatments))).collect();
    let columns = KEYS.into_iter().chain(COUNTS).map(str::to_owned).collect();
    Ok(Table { columns, keys: KEYS.len(), rows, notes: vec![words()] })
}

/// The rows of each sender, of all, and of each pair both ways round.
fn rows(period: &str, counted: &Counted) -> Vec<Vec<Figure>> {
    let keys = |one: &str, other: &str| [period, one, other].map(Figure::text);
    let held = counted.held.iter().map(|(sender, held)| {
        let figures = [held.started, held.compared, held.duplicates].map(Figure::Count);
        keys(sender, ALL).into_iter().chain(figures).collect()
    });
    let pairs = counted.pairs.iter().map(|([one, other], n)| {
        let figures = [Figure::Undefined, Figure::Undefined, Figure::Count(*n)];
        keys(one, other).into_iter().chain(figures).collect()
    });
    held.chain(pairs).collect()
}

impl<'a> Counted<'a> {
    fn of(treatments: &[&'a TreatmentFact]) -> Self {
        let mut counted = Self::default();
        for treatment in treatments {
            for sender in [&*treatment.sender, ALL] {
                counted.held.entry(sender).or_default().started += 1;
            }
        }
        for senders in alike(treatments.iter().copied()).values() {
            counted.take(senders);
        }
        counted
    }

    /// Takes in treatments that are alike, by sender.
    fn take(&mut self, senders: &BTreeMap<&'a str, u64>) {
        let all: Vec<u64> = senders.values().copied().collect();
        let whole = self.held.entry(ALL).or_default();
        whole.compared += all.iter().sum::<u64>();
        whole.duplicates += of_all(&all);
        for (one, n) in senders {
            let held = self.held.entry(one).or_default();
            held.compared += n;
            held.duplicates += of_sender(*n, &all);
            for (other, m) in senders.iter().filter(|(other, _)| *other != one) {
                *self.pairs.entry([*one, *other]).or_default() += of_pair(*n, *m);
            }
        }
    }
}

fn words() -> Text {
    Text::fixed(
        "Raden gäller avsändaren. Ingen nyckel förbinder avsändare, så ingen kan se vilka som är samma person: talet är det högsta möjliga \
         bland periodens behandlingar. En behandling utan känt kön och födelseår jämförs inte. Alla avsändare tillsammans är inte summan \
         av dem, för ett par räknas hos båda.",
        "A row is a sender. No key links senders, so nobody can see which are one person: the number is the highest possible among the \
         treatments of the period. A treatment without known sex and year of birth is not compared. All senders together are not their \
         sum, because a pair counts with both.",
    )
}

/// The report as one sender's reader may have it: its own rows against all others together, a small number hidden.
#[must_use]
pub fn for_sender(mut report: Report, sender: &str) -> Report {
    let own = |row: &Vec<Figure>| row[1].code() == Some(sender) && row[2].is_sum();
    report.rows.retain(own);
    for figure in report.rows.iter_mut().filter_map(|row| row.last_mut()) {
        if matches!(figure, Figure::Count(1..FEWEST)) {
            *figure = Figure::Hidden;
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::invented::{facts, figures_of, report, told, treatment};

    /// Seven alike: three of 12, two of 01 and of 14; and one of 12 that nothing is known of.
    fn seven() -> Report {
        let senders = ["12", "12", "12", "01", "01", "14", "14", "12"];
        let mut all: Vec<_> = (1..).zip(senders).map(|(row, sender)| treatment(row, sender, "A")).collect();
        all[7].birth_year = None;
        report(facts(all), "duplicates", &[("period", "year")])
    }

    #[test]
    fn worked_example_three_senders_of_which_one_has_three_and_two_have_two() {
        let made = seven();
        for period in ["2024", "ALL"] {
            let of = |one: &str, other: &str| {
                let row = figures_of(&made, &[period, one, other]);
                COUNTS.map(|column| row[column].clone())
            };
            assert_eq!(of("12", "ALL"), [4, 3, 3].map(Figure::Count));
            assert_eq!(of("01", "ALL"), [2, 2, 2].map(Figure::Count));
            assert_eq!(of("ALL", "ALL"), [8, 7, 4].map(Figure::Count));
            assert_eq!(of("12", "01")[2], Figure::Count(2));
            assert_eq!(of("01", "12"), [Figure::Undefined, Figure::Undefined, Figure::Count(2)]);
        }
        assert!(told(&made).contains("the highest possible"));
    }

    #[test]
    fn a_sender_s_reader_gets_its_own_number_and_none_that_is_small() {
        let made = for_sender(seven(), "12");
        assert_eq!(made.rows.len(), 2, "{:?}", made.rows);
        assert_eq!(figures_of(&made, &["ALL", "12", "ALL"])["n_duplicates"], Figure::Hidden, "three are too few");
        let many: Vec<_> = (1..=12).map(|row| treatment(row, if row % 2 == 0 { "12" } else { "01" }, "A")).collect();
        let made = for_sender(report(facts(many), "duplicates", &[]), "12");
        assert_eq!(figures_of(&made, &["ALL", "12", "ALL"])["n_duplicates"], Figure::Count(6), "the control");
        let alone = for_sender(report(facts(vec![treatment(1, "12", "A")]), "duplicates", &[]), "12");
        assert_eq!(figures_of(&alone, &["ALL", "12", "ALL"])["n_duplicates"], Figure::Count(0), "a true zero");
    }
}
