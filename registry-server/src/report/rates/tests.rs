//! The worked example of `rates`, and which years it takes.

use crate::fact::Facts;
use crate::report::figure::Figure;
use crate::report::tests::invented::{by_age, ended, facts, figures_of, inhabitants, report, told, tried};

fn count(n: u64) -> Figure {
    Figure::Count(n)
}

#[test]
fn worked_example_two_then_three_treatments_of_20_200_inhabitants() {
    let days = ["2022-05-01", "2022-06-01", "2023-05-01", "2024-03-01", "2024-04-01", "2024-05-01"];
    let mut facts = facts((1..).zip(days).map(|(row, day)| ended(row, "12", day)).collect());
    facts.treatments[5].birth_year = Some(1950);
    facts.populations = by_age("12", 2022);
    let report = report(facts, "rates", &[("by", "region")]);
    let row = figures_of(&report, &["2022-01-01..2024-12-31", "12", "all"]);
    let counts = ["n_first", "n_middle", "n_last"].map(|name| row[name].clone());
    assert_eq!(counts, [count(2), count(1), count(3)]);
    assert_eq!(row["person_years_first"], Figure::Number(20_200.0));
    let near = |name: &str, expected: f64| {
        assert!(
            matches!(row[name], Figure::Number(found) if (found - expected).abs() < 1e-9),
            "{name}: {:?}",
            row[name]
        );
    };
    near("rate_first", 2.0 / 20.2);
    near("rate_last", 3.0 / 20.2);
    // Garwood's limits of three events: 0.6187 and 8.7673.
    near("rate_lo_last", 0.618_672_122_602_379_7 / 20.2);
    near("rate_hi_last", 8.767_273_069_742_323 / 20.2);
    near("change_n", 50.0);
    near("change_rate", 50.0);
    // 52 ages from 16 to 67 of both sexes; the one born 1950 was older.
    let span = figures_of(&report, &["2022-01-01..2024-12-31", "12", "16-67"]);
    assert_eq!((span["n_last"].clone(), span["person_years_last"].clone()), (count(2), Figure::Number(10_400.0)));
    let notes = told(&report);
    for text in ["2022, 2023 and 2024", "from all of 2022 to all of 2024", "2023 from 2022", "2024 from 2022"] {
        assert!(notes.contains(text), "{text}\n{notes}");
    }
}

#[test]
fn every_region_has_a_row_and_one_without_treatments_a_true_zero() {
    let report = report(facts(vec![ended(1, "12", "2024-03-01")]), "rates", &[("by", "region")]);
    let gotland = figures_of(&report, &["2022-01-01..2024-12-31", "09", "all"]);
    assert_eq!((gotland["n_last"].clone(), gotland["rate_last"].clone()), (count(0), Figure::Number(0.0)));
    assert_eq!(gotland["change_n"], Figure::Undefined, "nothing grows from nothing");
    let notes = told(&report);
    assert!(notes.contains("code list's totals of 2021") && notes.contains("16-67 cannot be shown"), "{notes}");
}

#[test]
fn the_highest_and_lowest_are_named_with_their_limits_and_those_without_treatments_are_not() {
    let treatments = ["01", "09", "12", "14"].iter().zip(1..).map(|(sender, row)| ended(row, sender, "2024-03-01"));
    let notes = told(&report(facts(treatments.collect()), "rates", &[("by", "region")]));
    let extremes = notes.lines().find(|line| line.starts_with("Highest")).unwrap();
    assert!(extremes.contains("in 2024: Region Gotland 0.02 (0.00 to 0.09); Region Skåne 0.00"), "{extremes}");
    assert!(
        extremes.contains("have treatments: Västra Götalandsregionen 0.00")
            && extremes.contains("; Region Stockholm 0.00")
    );
    assert!(!extremes.contains("Blekinge"), "{extremes}");
}

#[test]
fn the_highest_and_lowest_are_of_the_span_once_its_inhabitants_are_known_everywhere() {
    let senders = ["01", "01", "14", "14", "14"];
    let mut facts = facts(senders.iter().zip(1..).map(|(sender, row)| ended(row, sender, "2024-03-01")).collect());
    // Too old for the span, they would put the county first.
    facts.treatments[2..].iter_mut().for_each(|treatment| treatment.birth_year = Some(1950));
    facts.treatments[4].birth_year = Some(1990);
    facts.populations = inhabitants(2024);
    let told_of = |facts| {
        let notes = told(&report(facts, "rates", &[("by", "region")]));
        notes.lines().find(|line| line.starts_with("Highest")).unwrap().to_owned()
    };
    let found = told_of(facts.clone());
    assert!(found.starts_with("Highest per 1000 inhabitants aged 16-67 in 2024: Region Stockholm 0.19"), "{found}");
    facts.populations.retain(|line| line.region != "09");
    let found = told_of(facts);
    assert!(found.starts_with("Highest per 1000 inhabitants in 2024: Västra Götalandsregionen 0.15"), "{found}");
}

#[test]
fn the_selection_chooses_the_years_and_one_that_it_cuts_is_empty() {
    let treatments =
        || ["2021-05-01", "2023-05-01", "2024-05-01"].iter().zip(1..).map(|(day, row)| ended(row, "12", day));
    let of = |choice: &[(&str, &str)]| {
        report(facts(treatments().collect()), "rates", &[&[("by", "region")], choice].concat())
    };
    let earlier = of(&[("to", "2024-11-30")]);
    let row = figures_of(&earlier, &["2021-01-01..2023-12-31", "12", "all"]);
    assert_eq!((row["n_first"].clone(), row["n_last"].clone()), (count(1), count(1)), "2024 is not whole");
    let cut = of(&[("from", "2022-02-01")]);
    let row = figures_of(&cut, &["2022-01-01..2024-12-31", "12", "all"]);
    assert_eq!((row["n_first"].clone(), row["n_middle"].clone()), (Figure::Undefined, count(1)));
    assert_eq!(row["change_n"], Figure::Undefined);
    assert!(told(&cut).contains("left empty: 2022"));
}

#[test]
fn a_split_of_which_nobody_told_how_many_inhabitants_there_are_is_refused() {
    let treatment = || facts(vec![ended(1, "12", "2024-03-01")]);
    let refused = |facts, by| tried(facts, "rates", &[("by", by)]).err().map(|error| error.to_string());
    for (by, split) in [("sex", "sex"), ("region,age_group", "age_group")] {
        let sentence = refused(treatment(), by).unwrap();
        assert!(sentence.starts_with(&format!("no inhabitants by {split} were imported")), "{sentence}");
    }
    let told = Facts { populations: by_age("12", 2024), ..treatment() };
    assert_eq!(refused(told, "region,sex,age_group"), None, "what some regions lack is empty there");
    assert_eq!(refused(facts(Vec::new()), "sex"), None, "nobody is divided");
}

#[test]
fn a_row_of_a_unit_has_counts_and_no_rate() {
    let report = report(facts(vec![ended(1, "12", "2024-03-01")]), "rates", &[("by", "unit")]);
    let row = figures_of(&report, &["2022-01-01..2024-12-31", "A", "all"]);
    assert_eq!((row["n_last"].clone(), row["rate_last"].clone()), (count(1), Figure::Undefined));
}
