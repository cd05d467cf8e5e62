//! The rules of the comparisons, one sentence a test.

use super::*;

fn scores(list: &[(&str, &str, f64)]) -> Vec<Pair> {
    let measurements: Vec<Measurement> = list
        .iter()
        .map(|(timepoint, date, score)| Measurement {
            instrument: "PHQ-9".to_owned(),
            timepoint: timepoint.parse().unwrap(),
            answered_on: date.parse().unwrap(),
            score: *score,
        })
        .collect();
    let derived = derive(&measurements);
    let backwards: Vec<Measurement> = measurements.into_iter().rev().collect();
    assert_eq!(derived, derive(&backwards), "the order of the measurements changes nothing");
    derived.iter().flat_map(Scores::pairs).collect()
}

fn pair(rows: &[Pair], comparison: Comparison) -> Option<(Option<f64>, Option<f64>)> {
    rows.iter().find(|row| row.comparison == comparison).map(|row| (row.first, row.second))
}

#[test]
fn a_whole_treatment_gives_each_comparison_its_own_two_scores() {
    let rows = scores(&[
        ("screening", "2024-01-01", 20.0),
        ("pre", "2024-01-10", 18.0),
        ("weekly-1", "2024-01-17", 15.0),
        ("post", "2024-03-01", 6.0),
        ("followup-12m", "2025-03-01", 4.0),
        ("followup-6m", "2024-09-01", 5.0),
    ]);
    let expected = [
        (Comparison::Paired, 18.0, 6.0),
        (Comparison::FirstLast, 20.0, 6.0),
        (Comparison::Locf, 18.0, 6.0),
        (Comparison::Followup(6), 18.0, 5.0),
        (Comparison::Followup(12), 18.0, 4.0),
    ];
    assert_eq!(rows.len(), expected.len());
    for (row, (comparison, first, second)) in rows.iter().zip(expected) {
        assert_eq!((row.comparison, row.first, row.second), (comparison, Some(first), Some(second)));
    }
}

#[test]
fn answers_of_one_day_follow_the_planned_order() {
    let day = "2024-02-02";
    let rows = scores(&[("post", day, 4.0), ("weekly-2", day, 3.0), ("weekly-10", day, 5.0), ("pre", day, 2.0)]);
    assert_eq!(pair(&rows, Comparison::FirstLast), Some((Some(2.0), Some(4.0))));
    let rows = scores(&[("weekly-2", day, 3.0), ("weekly-10", day, 5.0), ("screening", day, 1.0), ("pre", day, 2.0)]);
    assert_eq!(pair(&rows, Comparison::FirstLast), Some((Some(1.0), Some(5.0))));
    assert_eq!(pair(&rows, Comparison::Locf), Some((Some(2.0), Some(5.0))));
}

#[test]
fn the_date_decides_before_the_planned_order() {
    let rows = scores(&[("post", "2024-02-01", 4.0), ("weekly-3", "2024-02-02", 9.0), ("pre", "2024-02-03", 7.0)]);
    assert_eq!(pair(&rows, Comparison::FirstLast), Some((Some(4.0), Some(7.0))));
    assert_eq!(pair(&rows, Comparison::Locf), Some((Some(7.0), Some(7.0))));
    assert_eq!(pair(&rows, Comparison::Paired), Some((Some(7.0), Some(4.0))));
}

#[test]
fn a_lone_pre_counts_as_no_change_in_locf_only() {
    let rows = scores(&[("pre", "2024-02-01", 9.0)]);
    assert_eq!(pair(&rows, Comparison::Locf), Some((Some(9.0), Some(9.0))));
    assert_eq!(pair(&rows, Comparison::FirstLast), Some((Some(9.0), None)));
    assert_eq!(pair(&rows, Comparison::Paired), Some((Some(9.0), None)));
}

#[test]
fn locf_has_a_second_score_even_without_a_pre() {
    let rows = scores(&[("screening", "2024-02-01", 9.0), ("weekly-1", "2024-02-02", 8.0)]);
    assert_eq!(pair(&rows, Comparison::Locf), Some((None, Some(8.0))));
    assert_eq!(pair(&rows, Comparison::Paired), None, "neither member is there");
    let rows = scores(&[("screening", "2024-02-01", 9.0)]);
    assert_eq!(pair(&rows, Comparison::Locf), None, "screening is no member of locf");
}

#[test]
fn a_follow_up_enters_no_other_comparison() {
    let rows = scores(&[("followup-3m", "2024-02-01", 9.0)]);
    assert_eq!(rows.len(), 1);
    assert_eq!(pair(&rows, Comparison::Followup(3)), Some((None, Some(9.0))));
}

#[test]
fn equal_values_of_two_answers_are_a_pair() {
    let rows = scores(&[("pre", "2024-02-01", 5.0), ("weekly-1", "2024-02-08", 5.0)]);
    assert_eq!(pair(&rows, Comparison::FirstLast), Some((Some(5.0), Some(5.0))));
}

#[test]
fn a_comparison_reads_back_what_it_prints() {
    for text in ["paired", "first_last", "locf", "followup-3m", "followup-12m", "followup-99m"] {
        assert_eq!(text.parse::<Comparison>().unwrap().to_string(), text);
    }
    for text in ["", "all", "followup-0m", "followup-03m", "followup-100m", "followup-m", "followup-+3m", "Paired"] {
        assert!(text.parse::<Comparison>().is_err(), "{text}");
    }
}
