//! Charts of pages hold the cells of the tables that they stand above, and nothing of a hidden one.

use std::sync::Arc;

use schemas::language::Language;
use schemas::record::Status;

use crate::aggregate::ALL;
use crate::fact::{DetailFact, Facts, OutcomeFact};
use crate::figure::Figure;
use crate::outcome::Comparison;
use crate::report::Report;
use crate::report::tests::fixture;
use crate::report::tests::invented::{detail, ended, facts, report, treatment};
use crate::yearbook::figures::code_of;
use crate::yearbook::{Charts, of_page};

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
    let found: Vec<String> = of_page(report, SV).drawn.into_iter().filter(titled).collect();
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
fn the_flow_has_the_table_s_counts_and_no_share_of_a_hidden_one_nor_of_a_stage_that_is_no_part_of_the_one_before() {
    let mut made = fixed("flow", &[("by", "region"), ("instrument", "PHQ-9")]);
    let all = |row: &&Vec<Figure>| {
        [("period", ALL), ("region", ALL)].iter().all(|(name, code)| code_of(&made, row, name) == Some(*code))
    };
    let number = made.rows.iter().position(|row| all(&row)).unwrap();
    let title = "Från remiss till uppföljning · PHQ-9";
    let svg = &charts(&made, "Från remiss till uppföljning")[0];
    let count = |report: &Report, column: &str| match report.rows[number][place(report, column)] {
        Figure::Count(count) => count as f64,
        _ => 0.0,
    };
    let stages = ["referral_known_n", "assessment_known_n", "n_started", "completed_n", "after_n", "followed_n"];
    for stage in stages {
        assert!(svg.contains(&format!(">{}<", told(&made, &made.rows[number], stage))), "{stage}: {svg}");
    }
    let kept = |from: &str, to: &str| format!("↓ {} %", SV.number(100.0 * count(&made, to) / count(&made, from), 1));
    let (completed, after) = (kept("n_started", "completed_n"), kept("completed_n", "after_n"));
    assert!(svg.contains(&completed) && svg.contains(&after), "{completed} {after}: {svg}");
    assert_eq!(svg.matches("↓").count(), 2, "nobody goes on from a date, nor from one answer to another: {svg}");
    let followed = 100.0 * count(&made, "followed_n") / count(&made, "completed_n");
    let followed = format!(">{} % av de fullföljda", SV.number(followed, 1));
    assert!(svg.contains(&followed), "{followed}: {svg}");
    assert!(svg.contains(">0,0 % av de påbörjade har datumet"), "one way of rounding, for none too: {svg}");
    assert!(svg.contains(title), "{svg}");
    let column = place(&made, "after_n");
    made.rows[number][column] = Figure::Hidden;
    let svg = &charts(&made, "Från remiss till uppföljning")[0];
    assert!(!svg.contains(&after) && svg.contains(&completed) && svg.contains(">dold<"), "{svg}");
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
    let units = of_page(&fixed("outcomes", &[("by", "unit"), ("instrument", "PHQ-9")]), SV);
    let why = "Enheter ritas inte, för att ingen rangordning ska följa; siffrorna står i tabellen.".to_owned();
    assert_eq!(units, Charts { undrawn: vec![why], ..Charts::default() });
    assert!(!charts(&fixed("composite", &[("by", "programme")]), "Depression och ångest tillsammans").is_empty());
}

#[test]
fn the_spread_over_time_is_drawn_from_the_table_s_deciles_and_values_in_per_cent() {
    let mut treatments = Vec::new();
    for (year, ten) in [(2023, 10), (2024, 9)] {
        for (unit, number) in (0..ten).flat_map(|unit| (0..10).map(move |number| (unit, number))) {
            let mut one = treatment(i64::from(year) * 1000 + 10 * unit + number, "12", &format!("U{unit}"));
            one.ended_on = jiff::civil::date(year, 3, 20);
            one.status = if number <= unit { Status::Completed } else { Status::Discontinued };
            treatments.push(one);
        }
    }
    let mut made = report(facts(treatments), "deciles", &[("period", "year")]);
    let svg = charts(&made, "Spridningen mellan enheter över tid · Fullföljda")[0].clone();
    assert!(svg.contains(">enheter, 10:e–90:e percentilen</text>") && svg.contains(">riket</text>"), "{svg}");
    for value in ["55,0 % (n = 100)", "50,0 % (n = 90)"] {
        assert!(svg.contains(&format!("<title>{value}</title>")), "{value}: {svg}");
    }
    assert!(
        svg.contains("class=\"decile\"") && svg.contains("inget band"),
        "ten units have a band, nine have none: {svg}"
    );
    assert!(svg.contains("Fullföljda, %"), "{svg}");
    assert!(!of_page(&made, SV).drawn.iter().any(|svg| svg.contains("mellan regioner")), "one region has no spread");
    let columns = ["value", "p50"].map(|name| place(&made, name));
    for row in &mut made.rows {
        for column in columns {
            row[column] = Figure::Hidden;
        }
    }
    let svg = &charts(&made, "Spridningen mellan enheter")[0];
    assert!(!svg.contains("<title>55,0 %") && svg.contains(">dold<") && !svg.contains("polygon"), "{svg}");
}

#[test]
fn where_no_period_has_deciles_the_legend_names_neither_band_nor_median_and_no_box_lies_among_the_figures() {
    let treatments = (0..90).map(|row| {
        let mut one = treatment(row, "12", &format!("U{}", row % 9));
        one.ended_on = jiff::civil::date(2023 + (row % 2) as i16, 3, 20);
        one
    });
    let made = report(facts(treatments.collect()), "deciles", &[("period", "year")]);
    let svg = charts(&made, "Spridningen mellan enheter över tid · Fullföljda")[0].clone();
    assert!(!svg.contains("percentilen") && !svg.contains("median") && !svg.contains("class=\"decile\""), "{svg}");
    assert!(svg.contains(">riket</text>") && svg.contains("under perioden, inget band"), "{svg}");
    let names = svg.split("text-anchor=\"middle\"").filter(|text| text.contains(">2023<") || text.contains(">2024<"));
    assert_eq!(names.count(), 2, "{svg}");
    let number = |text: &str, name: &str| -> f64 {
        text.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().parse().unwrap()
    };
    let of_name = |year: &str| {
        let text = svg
            .split("<text")
            .find(|text| text.contains(&format!(">\n{year}")) || text.contains(&format!(">{year}")))
            .unwrap();
        number(text, "y")
    };
    let boxes: Vec<f64> = svg.split("<rect class=\"gap\"").skip(1).map(|rest| number(rest, " y")).collect();
    assert_eq!(boxes.len(), 3, "two periods and the legend: {svg}");
    assert!(boxes[..2].iter().all(|y| *y > of_name("2023")), "{boxes:?}");
}

#[test]
fn a_page_draws_the_newest_of_several_periods_names_it_and_hides_none_of_what_it_draws() {
    let mut treatments = Vec::new();
    for (year, number) in [(2022, 4), (2023, 7), (2024, 5)] {
        for row in 0..number {
            let mut one = treatment(i64::from(year) * 1000 + row, "12", "A");
            one.ended_on = jiff::civil::date(year, 3, 20);
            one.status = if row < 3 { Status::Completed } else { Status::Discontinued };
            treatments.push(one);
        }
    }
    let shares = |period: &str| {
        let made = report(facts(treatments.clone()), "groups", &[("by", "region"), ("period", period)]);
        of_page(&made, SV)
    };
    let [years, all] = ["year", "all"].map(shares);
    assert_eq!((years.is_newest, all.is_newest), (true, false));
    let completed = years.drawn.iter().find(|svg| svg.contains("Andel fullföljda behandlingar")).unwrap();
    assert!(completed.contains("<title>Andel fullföljda behandlingar per region · 2024</title>"), "{completed}");
    assert!(
        completed.contains(">60,0") && completed.contains("n = 5<") && !completed.contains("n = 16<"),
        "{completed}"
    );
    let whole = all.drawn.iter().find(|svg| svg.contains("Andel fullföljda behandlingar")).unwrap();
    assert!(
        whole.contains("<title>Andel fullföljda behandlingar per region</title>") && whole.contains("n = 16<"),
        "{whole}"
    );
    let made = report(facts(treatments.clone()), "groups", &[("by", "region"), ("period", "rolling36")]);
    assert!(made.rows.iter().any(|row| code_of(&made, row, "period") != Some(ALL)), "a window has a label of its own");
    for svg in of_page(&made, SV).drawn {
        assert!(svg.contains(&format!(" · {}</title>", told(&made, &made.rows[0], "period"))), "{svg}");
    }
}

#[test]
fn a_count_that_is_nought_everywhere_is_said_to_be_and_leaves_no_empty_place() {
    let made = report(facts(vec![treatment(1, "12", "A"), treatment(2, "12", "B")]), "duplicates", &[("by", "")]);
    assert!(!made.rows.is_empty(), "one sender, and so nothing that two may have delivered");
    let page = of_page(&made, SV);
    assert_eq!(page.undrawn, ["Möjliga dubbletter, antal behandlingar: alla är 0."]);
    assert_eq!(
        (page.drawn.len(), of_page(&made, Language::En).undrawn[0].as_str()),
        (0, "Possible duplicates, number of treatments: all are 0.")
    );
    let mut one = made.clone();
    let column = place(&one, "n_duplicates");
    one.rows[0][column] = Figure::Count(1);
    assert_eq!((of_page(&one, SV).undrawn.len(), of_page(&one, SV).drawn.len()), (0, 1));
}

#[test]
fn a_period_without_a_figure_gives_its_place_to_the_newest_that_has_one_and_counts_keep_theirs() {
    let pair = |row, second| OutcomeFact {
        row,
        instrument: Arc::from("PHQ-9"),
        comparison: Comparison::Paired,
        first: Some(15.0),
        second,
    };
    let mut some =
        facts(vec![ended(1, "12", "2022-03-01"), ended(2, "12", "2023-03-01"), ended(3, "12", "2024-03-01")]);
    some.outcomes = vec![pair(1, Some(9.0)), pair(2, Some(4.0)), pair(3, None)];
    let made = report(some.clone(), "outcomes", &[("by", "region"), ("period", "year")]);
    let titles: Vec<String> = of_page(&made, SV)
        .drawn
        .iter()
        .map(|svg| svg.split("<title>").nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(titles, ["Utfall per region · PHQ-9 · 2023", "Medeländring per region · PHQ-9 · 2023"]);
    let counts = report(some, "duplicates", &[("by", ""), ("period", "year")]);
    assert_eq!(of_page(&counts, SV).undrawn, ["Möjliga dubbletter, antal behandlingar · 2024: alla är 0."]);
}
