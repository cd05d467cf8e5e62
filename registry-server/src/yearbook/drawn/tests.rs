//! Charts of pages hold the cells of the tables that they stand above, and nothing of a hidden one.

use schemas::language::Language;

use crate::aggregate::ALL;
use crate::fact::{DetailFact, Facts};
use crate::figure::Figure;
use crate::report::Report;
use crate::report::tests::fixture;
use crate::report::tests::invented::{detail, facts, report, treatment};
use crate::yearbook::charts_of;
use crate::yearbook::figures::code_of;

const SV: Language = Language::Sv;

fn fixed(name: &str, choice: &[(&str, &str)]) -> Report {
    fixture::report(fixture::facts("worked-example"), name, choice)
}

fn place(report: &Report, column: &str) -> usize {
    report.columns.iter().position(|name| name == column).unwrap()
}

fn told(report: &Report, row: &[Figure], column: &str) -> String {
    report.text(row, place(report, column), SV)
}

fn charts(report: &Report, title: &str) -> Vec<String> {
    let titled = |svg: &String| svg.contains(&format!("<title>{title}"));
    let found: Vec<String> = charts_of(report, SV).into_iter().filter(titled).collect();
    assert!(!found.is_empty(), "{title}: {:?}", report.columns);
    found
}

fn of<'a>(report: &'a Report, codes: &[(&str, &str)]) -> Vec<&'a Vec<Figure>> {
    let is_it = |row: &&Vec<Figure>| codes.iter().all(|(name, code)| code_of(report, row, name) == Some(code));
    report.rows.iter().filter(is_it).collect()
}

#[test]
fn the_course_of_scores_has_the_table_s_means_and_counts_at_every_timepoint_and_a_gap_for_a_hidden_one() {
    let mut made = fixed("trajectory", &[("by", ""), ("instrument", "PHQ-9")]);
    let rows = of(&made, &[("period", ALL)]);
    assert!(rows.len() > 2, "{rows:?}");
    let svg = &charts(&made, "Skattningarnas medelvärden under behandlingen")[0];
    for row in &rows {
        let mean = format!("<title>{}", told(&made, row, "mean_score"));
        assert!(svg.contains(&mean), "{mean}: {svg}");
        let (at, n) = (told(&made, row, "timepoint"), told(&made, row, "answered_n"));
        assert!(svg.contains(&format!(">{at}<")) && svg.contains(&format!(">{n}<")), "{at} {n}: {svg}");
    }
    let order: Vec<usize> = [">före<", ">efter<", "mån. efter<"].map(|name| svg.find(name).unwrap()).to_vec();
    assert!(order.is_sorted(), "{svg}");
    let columns = ["mean_score", "score_lo", "score_hi", "answered_n"].map(|name| place(&made, name));
    let number = made.rows.iter().position(|row| code_of(&made, row, "timepoint") == Some("post")).unwrap();
    let mean = format!("<title>{}", told(&made, &made.rows[number], "mean_score"));
    for column in columns {
        made.rows[number][column] = Figure::Hidden;
    }
    let svg = &charts(&made, "Skattningarnas")[0];
    assert!(!svg.contains(&mean) && svg.contains(">dold<") && svg.contains(">*<"), "{svg}");
}

#[test]
fn the_flow_has_the_table_s_counts_and_no_share_of_a_hidden_one() {
    let mut made = fixed("trajectory", &[("by", "region"), ("instrument", "PHQ-9")]);
    let post = |report: &Report| {
        let codes = [("period", ALL), ("region", ALL), ("timepoint", "post")];
        report.rows.iter().position(|row| codes.iter().all(|(name, code)| code_of(report, row, name) == Some(code)))
    };
    let number = post(&made).unwrap();
    let stages = ["answered_d", "answered_completed_d", "answered_completed_n"];
    let svg = &charts(&made, "Från start till skattning")[0];
    for stage in stages {
        assert!(svg.contains(&format!(">{}<", told(&made, &made.rows[number], stage))), "{stage}: {svg}");
    }
    let count = |column: &str| match made.rows[number][place(&made, column)] {
        Figure::Count(count) => count as f64,
        _ => 0.0,
    };
    let kept = format!("{} %", SV.number(100.0 * count(stages[2]) / count(stages[1]), 1));
    assert!(svg.contains(&kept), "{kept}: {svg}");
    let column = place(&made, stages[2]);
    made.rows[number][column] = Figure::Hidden;
    let svg = &charts(&made, "Från start till skattning")[0];
    assert!(!svg.contains(&kept) && svg.contains(">dold<"), "{svg}");
}

#[test]
fn every_cell_of_a_matrix_is_the_table_s_by_field_and_region_and_by_timepoint_and_region() {
    let quality = fixed("data-quality", &[]);
    let answers = fixed("trajectory", &[("by", "region"), ("instrument", "PHQ-9")]);
    for (report, title, (down, value), only) in [
        (&quality, "Andel giltiga värden", ("item", "valid_p"), Some(("level", "field"))),
        (&answers, "Andel som skattade sig", ("timepoint", "answered_p"), None),
    ] {
        let svg = &charts(report, title)[0];
        let codes: Vec<(&str, &str)> = only.into_iter().chain([("period", ALL)]).collect();
        let rows = of(report, &codes);
        assert!(rows.len() > 4);
        for row in &rows {
            let region = code_of(report, row, "region").map(|code| if code == ALL { "Σ" } else { code }).unwrap();
            let cell = format!("<title>{}, {region}: {}</title>", told(report, row, down), told(report, row, value));
            assert!(svg.contains(&cell), "{cell}: {svg}");
        }
        let mut hidden = report.clone();
        let (column, number) = (place(report, value), report.rows.iter().position(|row| row == rows[0]).unwrap());
        hidden.rows[number][column] = Figure::Hidden;
        assert!(charts(&hidden, title)[0].contains(": dold</title>"));
    }
    let svg = &charts(&answers, "Andel som skattade sig")[0];
    let order: Vec<usize> =
        [">före<", ">efter<", ">3 mån.", ">6 mån.", ">12 mån."].map(|at| svg.find(at).unwrap()).to_vec();
    assert!(order.is_sorted(), "{svg}");
}

#[test]
fn waits_are_parts_of_the_table_s_counts_and_hidden_with_any_of_them() {
    let days = ["2024-01-10", "2023-11-28", "2023-09-20", "2023-06-01"];
    let dates = days.iter().zip(1..).flat_map(|(day, times)| std::iter::repeat_n(day, times));
    let of_row = |(row, day): (i64, &&str)| DetailFact { referred_on: Some(day.parse().unwrap()), ..detail(row) };
    let details = (1..).zip(dates).map(of_row).collect();
    let waits = Facts { details, ..facts((1..=10).map(|row| treatment(row, "12", "A")).collect()) };
    let mut made = report(waits, "waiting", &[("by", "region")]);
    let row = of(&made, &[("period", ALL), ("region", ALL)])[0].clone();
    let count = |column: &str| if let Figure::Count(count) = row[place(&made, column)] { count } else { 0 };
    let [all, first, second, third] = ["n_waited", "within_30_n", "within_90_n", "within_126_n"].map(count);
    let parts = [first, second - first, third - second, all - third];
    assert_eq!(parts, [1, 2, 3, 4], "no two parts are alike");
    let svg = &charts(&made, "Väntan från remiss till start per region")[0];
    for part in parts {
        assert!(svg.contains(&format!(">{}<", SV.number(100.0 * part as f64 / all as f64, 1))), "{part}: {svg}");
    }
    assert!(svg.contains(&format!("n = {all}")));
    let column = place(&made, "within_90_n");
    for row in &mut made.rows {
        row[column] = Figure::Hidden;
    }
    let svg = &charts(&made, "Väntan")[0];
    assert!(svg.contains(">dold<") && !svg.contains(">20,0<"), "{svg}");
}

#[test]
fn outcomes_tell_how_many_of_those_with_a_first_score_have_both_whatever_they_are_split_by_and_never_rank_units() {
    for by in ["", "region", "programme", "condition", "sex", "age_group"] {
        let made = fixed("outcomes", &[("by", by), ("instrument", "PHQ-9"), ("comparison", "paired")]);
        let rows = of(&made, &[("period", ALL)]);
        for title in ["Utfall", "Medeländring"] {
            let svg = &charts(&made, title)[0];
            for row in &rows {
                let n = format!("n = {} av {}<", told(&made, row, "n_paired"), told(&made, row, "n_pre"));
                assert!(svg.contains(&n), "{by}: {n}: {svg}");
            }
        }
    }
    assert_eq!(charts_of(&fixed("outcomes", &[("by", "unit"), ("instrument", "PHQ-9")]), SV), [""; 0]);
    assert!(!charts(&fixed("composite", &[("by", "programme")]), "Depression och ångest tillsammans").is_empty());
}
