//! The spread of units and regions for the reader of one sender.
//!
//! Promises: the line is the sender's own, exactly; the deciles are those of all others' units and regions, shares to whole per cent and
//! changes to one decimal, and stand only where the selection is on the list of tables for others, at least [`LEAST`] of them count, and
//! none of the deciles is nobody or everybody. Otherwise they are hidden; how many are too small is never told.

use std::collections::HashMap;

use schemas::id::SenderCode;

use super::{OWN_ALONE, joined, own, part};
use crate::aggregate::whose::Whose;
use crate::indicator::decile::{COLUMNS, LEAST};
use crate::report::figure::Figure;
use crate::report::parameters::Audience;
use crate::report::{ParameterError, Parameters, Report, ReportData, ReportName, Text, build, check, outcomes};

const OTHERS: Text = Text::fixed(
    "Egna siffror är exakta. Bandet är de andra avsändarnas enheter eller regioner, avrundat, och dolt (*) där färre än tio av dem räknas.",
    "Own figures are exact. The band is that of the other senders' units or regions, rounded, and hidden (*) where fewer than ten of them count.",
);

/// The report `deciles`.
pub(super) fn for_sender(
    name: ReportName,
    data: &ReportData,
    parameters: &Parameters,
    sender: &SenderCode,
) -> Result<Report, ParameterError> {
    let mut report = own(name, data, parameters, &Whose::Sender(sender.clone()))?;
    let listed = Parameters { by: Vec::new(), audience: Audience::Research, ..parameters.clone() };
    let of_outcomes: Result<ReportName, _> = outcomes::DEFINITION.name.parse();
    let is_listed = of_outcomes.is_ok_and(|outcomes| check(outcomes, data.lists, &listed).is_ok());
    let others = if is_listed {
        build(name, &part(data, parameters, &Whose::AllBut(sender.clone())), parameters)?.rows
    } else {
        Vec::new()
    };
    let key = |row: &[Figure]| format!("{:?}", &row[..report.keys]);
    let others: HashMap<String, &Vec<Figure>> = others.iter().map(|row| (key(row), row)).collect();
    let place = |column: &str| report.columns.iter().position(|known| known == column);
    let (Some(points), Some(few), Some(first), Some(measure)) =
        (place("n_points"), place("n_few"), place(COLUMNS[0]), place("measure"))
    else {
        return Ok(report);
    };
    let mut any = false;
    for row in &mut report.rows {
        let is_share = row[measure].code() != Some("mean_change");
        let theirs = others.get(&format!("{:?}", &row[..report.keys]));
        let shown = theirs.and_then(|theirs| band(&theirs[first..], &theirs[points], is_share));
        any |= shown.is_some();
        row[points] = shown.as_ref().and(theirs).map_or(Figure::Hidden, |theirs| theirs[points].clone());
        row[few] = Figure::Hidden;
        for (place, figure) in row[first..].iter_mut().enumerate() {
            *figure = shown.as_ref().map_or(Figure::Hidden, |shown| shown[place].into());
        }
    }
    Ok(joined((report, data.lists), Vec::new(), if any { OTHERS } else { OWN_ALONE }))
}

/// The deciles of others as they may be shown; nothing where they may not.
fn band(deciles: &[Figure], points: &Figure, is_share: bool) -> Option<Vec<f64>> {
    let Figure::Count(points) = points else { return None };
    let times = if is_share { 100.0 } else { 10.0 };
    let rounded = |figure: &Figure| match figure {
        Figure::Number(number) => Some((number * times).round() / times),
        _ => None,
    };
    let shown: Option<Vec<f64>> = deciles.iter().map(rounded).collect();
    let tells_all = |value: &f64| is_share && (*value <= 0.0 || *value >= 1.0);
    shown.filter(|shown| *points >= LEAST as u64 && !shown.iter().any(tells_all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Facts;
    use crate::report::tests::invented::{facts, figures_of, treatment};
    use schemas::codelist::CodeLists;
    use schemas::record::Status;

    /// Ten units of `others`, of whose ten treatments two to eleven less one are completed; two of sender 12 with four of five.
    fn register(others: i64) -> Facts {
        let mut treatments = Vec::new();
        let mut add = |row: i64, sender: &str, unit: String, completed: bool| {
            let mut one = treatment(row, sender, &unit);
            one.status = if completed { Status::Completed } else { Status::Discontinued };
            treatments.push(one);
        };
        for unit in 0..others {
            for number in 0..13 {
                add(100 * unit + number, "01", format!("O{unit}"), number <= unit);
            }
        }
        for unit in 0..2 {
            for number in 0..5 {
                add(9000 + 10 * unit + number, "12", format!("E{unit}"), number != 0);
            }
        }
        facts(treatments)
    }

    fn read(facts: Facts, pairs: &[(&str, &str)]) -> Report {
        let lists = CodeLists::builtin();
        let as_of = "2026-01-01T00:00:00Z".parse().unwrap();
        let data = ReportData { facts: facts.into(), lists: &lists, thresholds: lists.thresholds(), as_of };
        let parameters = Parameters::from_pairs(pairs.iter().copied()).unwrap();
        for_sender("deciles".parse().unwrap(), &data, &parameters, &"12".parse().unwrap()).unwrap()
    }

    #[test]
    fn a_sender_s_reader_sees_its_own_line_before_the_rounded_band_of_ten_others_and_none_of_nine() {
        let of = |report: &Report| {
            let row = figures_of(report, &["own", "2024", "unit", "", "completed"]);
            ["n", "value", "n_points", "n_few", "p10", "p50", "p90"].map(|name| row[name].clone())
        };
        let [n, own] = [Figure::Count(10), Figure::Number(0.8)];
        let number = Figure::Number;
        let shown = of(&read(register(10), &[("period", "year")]));
        let band = [number(0.15), number(0.42), number(0.7)];
        assert_eq!(shown[..4], [n.clone(), own.clone(), Figure::Count(10), Figure::Hidden]);
        assert_eq!(shown[4..], band, "1.9, 5.5 and 9.1 of thirteen");
        let hidden = [const { Figure::Hidden }; 5];
        let of_nine = of(&read(register(9), &[("period", "year")]));
        assert_eq!((&of_nine[..2], &of_nine[2..]), ([n, own].as_slice(), hidden.as_slice()));
        for other in [vec![("period", "quarter")], vec![("period", "year"), ("cohort", "started")]] {
            let made = read(register(10), &other);
            let place = made.columns.iter().position(|column| column == "p50").unwrap();
            assert!(!made.rows.is_empty() && made.rows.iter().all(|row| row[place] == Figure::Hidden), "{other:?}");
        }
        let dated = read(register(10), &[("period", "year"), ("from", "2024-01-02")]);
        assert_eq!(of(&dated)[4], Figure::Hidden, "days of one's own choice can be subtracted");
    }
}
