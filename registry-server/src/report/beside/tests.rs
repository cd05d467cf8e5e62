//! One small sender among others, as another sender's reader sees it.

use jiff::civil::date;
use schemas::record::Status;

use super::*;
use crate::fact::TreatmentFact;

/// Treatments of one person each, so many of each sender.
fn facts(senders: &[(&str, i64)]) -> Facts {
    let treatment = |(sender, row): (&str, i64)| TreatmentFact {
        row,
        subject: row,
        sender: sender.into(),
        unit_start: format!("SE9990{sender}0000-E001").into(),
        unit_end: None,
        programme: "angesthjalpen".into(),
        programme_version: None,
        status: if row % 2 == 0 { Status::Completed } else { Status::Discontinued },
        end_reason: None,
        started_on: date(2025, 1, 1),
        ended_on: date(2025, 3, 1),
        sex: None,
        birth_year: None,
        diagnosis: None,
    };
    let rows = senders.iter().flat_map(|(sender, n)| (0..*n).map(move |_| *sender)).zip(1..);
    Facts { treatments: rows.map(treatment).collect(), ..Facts::default() }
}

fn made(facts: &Facts, pairs: &[(&str, &str)]) -> (Report, Report) {
    made_as(facts, ("groups", pairs))
}

/// As staff and as the reader of sender 12 see it.
fn made_as(facts: &Facts, (name, pairs): (&str, &[(&str, &str)])) -> (Report, Report) {
    let lists = CodeLists::builtin();
    let as_of = "2026-11-22T10:00:00Z".parse().unwrap();
    let data = ReportData { facts: Arc::new(facts.clone()), lists: &lists, thresholds: lists.thresholds(), as_of };
    let (name, asked) = (name.parse().unwrap(), Parameters::from_pairs(pairs.iter().copied()).unwrap());
    let exact = build(name, &data, &asked).unwrap();
    (exact, for_sender(name, &data, &asked, &"12".parse().unwrap()).unwrap())
}

/// Treatments in the row with these labels.
fn treatments(report: &Report, labels: &[&str]) -> Option<Figure> {
    let place = report.columns.iter().position(|column| column == "n_started").unwrap();
    let row = report
        .rows
        .iter()
        .find(|row| labels.iter().zip(&row[..]).all(|(label, figure)| *figure == Figure::text(label)));
    row.map(|row| row[place].clone())
}

#[test]
fn a_small_sender_is_hidden_from_another_and_cannot_be_had_by_taking_the_own_off_the_country() {
    let (exact, seen) = made(&facts(&[("12", 40), ("01", 30), ("14", 3), ("20", 25)]), &[("by", "region")]);
    assert_eq!(treatments(&exact, &["ALL", "14"]), Some(Figure::Count(3)), "staff see it");
    assert_eq!(treatments(&seen, &["own", "ALL", "12"]), Some(Figure::Count(40)));
    assert_eq!(treatments(&seen, &["others", "ALL", "14"]), Some(Figure::Hidden));
    assert_eq!(treatments(&seen, &["others", "ALL", "20"]), Some(Figure::Hidden), "else the sum would give it away");
    assert_eq!(treatments(&seen, &["others", "ALL", "01"]), Some(Figure::Count(30)));
    assert_eq!(treatments(&seen, &["country", "ALL", "ALL"]), Some(Figure::Count(100)), "98, to the nearest 5");
    assert!(!format!("{:?}", seen.rows).contains("Count(3)"));
}

#[test]
fn a_country_of_which_others_are_too_few_is_hidden_and_other_splits_hold_the_own_alone() {
    let facts = facts(&[("12", 40), ("14", 3)]);
    let (exact, seen) = made(&facts, &[("by", "")]);
    assert_eq!(treatments(&exact, &["ALL"]), Some(Figure::Count(43)));
    assert_eq!(treatments(&seen, &["own", "ALL"]), Some(Figure::Count(40)));
    assert_eq!(treatments(&seen, &["country", "ALL"]), Some(Figure::Hidden), "43 less 40");
    let (_, seen) = made(&facts, &[("by", "region"), ("from", "2025-01-01")]);
    assert!(seen.rows.iter().all(|row| row[0] == Figure::text("own")), "{:?}", seen.rows);
    assert!(seen.notes.contains(&OWN_ALONE));
}

#[test]
fn a_target_and_the_country_of_a_benchmark_are_hidden_where_the_others_in_them_could_not_be_shown() {
    let cases: [(&[(&str, i64)], bool); 2] =
        [(&[("12", 40), ("14", 3)], false), (&[("12", 40), ("01", 30), ("20", 25)], true)];
    for (senders, is_shown) in cases {
        let facts = facts(senders);
        let (exact, seen) = made_as(&facts, ("funnel", &[("by", "")]));
        let place = |name: &str| exact.columns.iter().position(|column| column == name).unwrap();
        assert_eq!((exact.rows.len(), seen.rows.len()), (2 * senders.len(), 2), "a region and a unit each");
        for row in &seen.rows {
            assert!(matches!(&row[place("point")], Figure::Text(code) if code.contains("12")), "{row:?}");
            assert_eq!(row[place("n")], Figure::Count(40));
            assert!(matches!(row[place("value")], Figure::Number(_)));
            let limits = [&row[place("target")], &row[place("exact_hi998")]];
            assert!(limits.iter().all(|figure| (**figure == Figure::Hidden) != is_shown), "{row:?}");
        }
        assert!(exact.rows.iter().all(|row| matches!(row[place("target")], Figure::Number(_))), "staff see it");

        let (exact, seen) = made_as(&facts, ("benchmark", &[("by", "")]));
        let place = |name: &str| exact.columns.iter().position(|column| column == name).unwrap();
        let country = seen.rows.iter().find(|row| row[place("level")] == Figure::text("country")).unwrap();
        let expected = if is_shown { Figure::Count(95) } else { Figure::Hidden };
        assert_eq!((seen.rows.len(), &country[place("n_started")]), (3, &expected));
    }
}

/// Two programmes, of which others have few treatments in one.
fn of_two_programmes() -> Facts {
    let mut facts = facts(&[("12", 40), ("01", 30), ("14", 25)]);
    let mut few = 0;
    for fact in &mut facts.treatments {
        few += u32::from(&*fact.sender != "12");
        if (&*fact.sender == "12" && fact.row % 2 == 0) || few > 52 {
            fact.programme = "sovhjalpen".into();
        }
    }
    facts
}

#[test]
fn of_some_treatments_a_sender_has_its_own_alone_so_that_no_two_answers_differ_by_few_of_others() {
    let facts = of_two_programmes();
    let unfiltered = [("by", "region")];
    let (exact, _) = made(&facts, &[("by", "region"), ("programme", "sovhjalpen")]);
    assert_eq!(treatments(&exact, &["ALL", "14"]), Some(Figure::Count(3)), "staff see the number that is attacked");
    for programmes in ["sovhjalpen", "angesthjalpen", "angesthjalpen,sovhjalpen"] {
        for by in ["", "region", "programme"] {
            let (exact, seen) = made(&facts, &[("by", by), ("programme", programmes)]);
            assert!(!seen.rows.is_empty() && seen.rows.iter().all(|row| row[0] == Figure::text("own")), "{by}");
            assert!(exact.rows.len() > seen.rows.len() || by != "region");
            assert!(seen.notes.contains(&OWN_ALONE));
        }
    }
    // Everything that the reader can put together of the others: the country less the own, and the own of each programme.
    let (_, whole) = made(&facts, &unfiltered);
    let (_, part) = made(&facts, &[("by", "region"), ("programme", "sovhjalpen")]);
    let (_, rest) = made(&facts, &[("by", "region"), ("programme", "angesthjalpen")]);
    let own = |report: &Report| treatments(report, &["own", "ALL", "12"]);
    assert_eq!(
        (own(&whole), own(&part), own(&rest)),
        (Some(Figure::Count(40)), Some(Figure::Count(20)), Some(Figure::Count(20)))
    );
    for report in [&part, &rest] {
        assert_eq!(treatments(report, &["country", "ALL", "ALL"]), None);
        assert_eq!(treatments(report, &["others", "ALL", "14"]), None);
    }
    let before = made(&without(&facts, "14"), &[("by", "region"), ("programme", "sovhjalpen")]).1;
    assert_eq!(before.rows, part.rows, "whether others have any at all changes nothing in it");
}

fn without(facts: &Facts, sender: &str) -> Facts {
    let mut facts = facts.clone();
    facts.treatments.retain(|fact| &*fact.sender != sender);
    facts
}

#[test]
fn a_funnel_and_a_benchmark_of_some_treatments_compare_the_own_with_the_own_alone() {
    let facts = of_two_programmes();
    for (name, rows) in [("funnel", 2), ("benchmark", 2)] {
        let (exact, seen) = made_as(&facts, (name, &[("by", ""), ("programme", "sovhjalpen")]));
        let alone =
            made_as(&without(&without(&facts, "01"), "14"), (name, &[("by", ""), ("programme", "sovhjalpen")])).1;
        assert_eq!((seen.rows.len(), &seen.rows), (rows, &alone.rows), "{name}");
        assert!(exact.rows.len() > seen.rows.len() && seen.notes.contains(&OWN_ALONE), "{name}");
        let place = seen.columns.iter().position(|column| column == "level").unwrap();
        assert!(seen.rows.iter().all(|row| row[place] != Figure::text("country")), "{name}");
    }
    // Another's unit, which the senders' descriptions name: the reader has nothing there.
    let mut described = facts.clone();
    described.units.push(crate::report::tests::invented::unit("14", "SE9990140000-E001", None));
    let (exact, seen) = made_as(&described, ("funnel", &[("by", ""), ("unit", "SE9990140000-E001")]));
    assert!(!exact.rows.is_empty() && seen.rows.is_empty(), "{:?}", seen.rows);
}
