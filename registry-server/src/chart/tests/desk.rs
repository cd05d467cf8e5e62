//! The charts of pages with everything that can be in them, and what each of them says.

use schemas::language::Language;

use super::super::decile::Decile;
use super::super::distribution::{Bin, Distribution};
use super::super::flow::{Flow, Loss, Stage};
use super::super::matrix::{Cells, Field, Matrix};
use super::super::sparkline::Sparkline;
use super::super::strip::{Sender, State, Strip, Week};
use super::super::trajectory::{Course, Trajectory};
use super::super::{Caption, Mark, Reference};
use super::{caption, shown};

/// Every chart, with hidden and undefined figures and true zeros.
pub(super) fn drawn(language: Language, title: &str) -> [(&'static str, String); 7] {
    let caption = caption(title, language);
    let marks = [
        shown(language, 12.0, 1.0),
        Mark::Hidden,
        shown(language, 0.0, 0.0),
        shown(language, 9.5, 1.5),
        Mark::Undefined,
        shown(language, 8.0, 2.5),
        shown(language, 7.0, 0.5),
    ];
    [
        ("strip", strip(caption, title)),
        ("trajectory", trajectory(caption, title, &marks)),
        ("distribution", distribution(caption, title)),
        ("flow", flow(caption, title)),
        ("matrix", matrix(caption, title)),
        ("sparkline", Sparkline { title, language, marks: &marks }.svg()),
        ("decile", decile(caption, title, &marks)),
    ]
}

fn strip(caption: Caption, title: &str) -> String {
    let weeks: Vec<String> = (1..=52).map(|week| format!("v{week}")).collect();
    let week = |state, note: Option<&str>| Week { state, note: note.map(str::to_owned) };
    let sender = |label: &str, states: &[State]| Sender {
        label: label.to_owned(),
        weeks: (0..52).map(|number| week(states[number % states.len()], (number == 0).then_some(title))).collect(),
    };
    let all =
        [State::OnTime, State::Late, State::Silent, State::Paused, State::NothingExpected, State::BeforeEnrolment];
    let senders = [
        sender("01 Stockholm", &all),
        sender("10 Blekinge", &[State::OnTime]),
        sender("12 Skåne", &[State::BeforeEnrolment, State::Silent]),
    ];
    Strip { caption, weeks: &weeks, senders: &senders }.svg()
}

fn trajectory(caption: Caption, title: &str, marks: &[Mark]) -> String {
    let timepoints = ["PRE", "V1", "V2", "V3", "V4", "POST", "6 M"].map(str::to_owned);
    let courses = [
        Course {
            name: title.to_owned(),
            marks: marks.to_vec(),
            counts: vec![Some(12_400), None, Some(300), Some(280), Some(0), Some(40), Some(9)],
        },
        Course {
            name: "Panik".to_owned(),
            marks: [16.0, 15.0, 14.0, 12.5, 11.0, 9.0, 9.5].map(|value| shown(caption.language, value, 1.2)).to_vec(),
            counts: vec![Some(800), Some(700), Some(650), Some(9), Some(600), Some(400), Some(200)],
        },
    ];
    Trajectory { caption, timepoints: &timepoints, courses: &courses, fewest: 10 }.svg()
}

fn distribution(caption: Caption, title: &str) -> String {
    let counts = [Some(120), Some(340), Some(0), None, Some(90), Some(31)];
    let bin = |(number, count)| Bin { from: 14.0 * number as f64, to: 14.0 * (number as f64 + 1.0), count };
    let bins: Vec<Bin> = counts.into_iter().enumerate().map(bin).collect();
    let line = |value, text: &str| Reference { value, text: text.to_owned() };
    let lines = [line(21.0, "median 21"), line(30.0, title), line(66.0, "p90 66"), line(90.0, "90: 97,4 %")];
    Distribution { caption, counted: "n", bins: &bins, lines: &lines, beyond: title }.svg()
}

fn flow(caption: Caption, title: &str) -> String {
    let loss = |reason: &str, count: Option<&str>| Loss { reason: reason.to_owned(), count: count.map(str::to_owned) };
    let stage = |label: &str, mark, losses: &[Loss]| Stage {
        label: label.to_owned(),
        mark,
        losses: losses.to_vec(),
        aside: None,
    };
    let language = caption.language;
    let stages = [
        stage("referred", shown(language, 1500.0, 0.0), &[loss(title, Some("200")), loss("c", None)]),
        stage("assessed", shown(language, 1240.0, 0.0), &[]),
        stage("started", Mark::Hidden, &[loss("d", Some("12"))]),
        stage("completed", Mark::Undefined, &[]),
        stage("followed up", shown(language, 0.0, 0.0), &[]),
    ];
    Flow { caption, stages: &stages }.svg()
}

fn matrix(caption: Caption, title: &str) -> String {
    let columns: Vec<String> = (1..=21).map(|code| format!("{code:02}")).collect();
    let field = |label: &str, from: f64| Field {
        label: label.to_owned(),
        marks: (0..21)
            .map(|number| match number {
                3 => Mark::Hidden,
                7 => Mark::Undefined,
                _ => shown(caption.language, (from - 4.9 * f64::from(number)).max(0.0), 0.0),
            })
            .collect(),
    };
    let fields = [field(title, 100.0), field("b", 99.9), field("c", 60.0)];
    Matrix { caption, cells: Cells::Shares, columns: &columns, fields: &fields }.svg()
}

fn decile(caption: Caption, title: &str, marks: &[Mark]) -> String {
    let periods: Vec<String> = (1..=7).map(|month| format!("2025-{month:02}")).collect();
    let deciles: Vec<Option<[f64; 9]>> = (0..7)
        .map(|number| (number != 4).then(|| [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|decile| f64::from(2 * decile + number))))
        .collect();
    let spread_name = caption.language.pick("enheter", "units");
    Decile { caption, periods: &periods, deciles: &deciles, spread_name, own_name: title, own: marks }.svg()
}

fn of(kind: &str) -> String {
    drawn(Language::En, "x").into_iter().find(|(name, _)| *name == kind).unwrap().1
}

#[test]
fn every_week_of_a_strip_says_how_it_went_in_words_and_by_a_shape_of_its_own() {
    let strip = of("strip");
    assert!(strip.contains("<title>01 Stockholm, v1: on time, x</title>"), "{strip}");
    assert!(strip.contains("<title>01 Stockholm, v3: silent</title>"), "{strip}");
    let cell = |words: &str| {
        let (_, cell) = strip.split_once(&format!(": {words}</title>")).unwrap();
        let shape = cell.split_once("</g>").unwrap().0;
        // Without places and colours: what is left is the shape.
        let names = shape.split('<').filter_map(|element| element.split([' ', '/']).next());
        (names.collect::<Vec<_>>().join(" "), shape.matches("height=\"16\"").count(), shape.matches(['v', 'H']).count())
    };
    let shapes: std::collections::BTreeSet<_> =
        ["on time", "late", "silent", "planned pause", "no delivery expected", "not yet enrolled"].map(cell).into();
    assert_eq!(shapes.len(), 6, "{shapes:?}");
}

#[test]
fn the_band_of_a_trajectory_leaves_out_what_is_hidden_and_where_too_few_were_measured() {
    let trajectory = of("trajectory");
    let pieces = |kind: usize| trajectory.matches(&format!("class=\"band band-{kind}\"")).count();
    assert_eq!(pieces(0), 3, "one before the hidden mean, two after it, one after the undefined: the last is of nine");
    assert_eq!(pieces(1), 2, "nine in the middle part it in two");
    let counts = ["12\u{a0}400", "*", "0", "800"];
    assert!(counts.iter().all(|count| trajectory.contains(&format!(">{count}</text>"))), "{trajectory}");
}

#[test]
fn a_matrix_writes_every_number_and_rounds_none_up_to_complete() {
    let matrix = of("matrix");
    assert!(matrix.contains("<title>x, 01: 100.0 (100.0–100.0)</title>"), "{matrix}");
    assert_eq!(matrix.matches(">100</text>").count(), 1, "99.9 is not complete");
    assert_eq!((matrix.matches(">*</text>").count(), matrix.matches(">–</text>").count()), (4, 4), "with the legend");
}

#[test]
fn a_flow_tells_the_share_that_went_on_only_between_two_counts_that_are_shown() {
    let flow = of("flow");
    assert!(flow.contains(">↓ 82.7 % went on · left: x 200, c * (* hidden)</text>"), "{flow}");
    assert_eq!(flow.matches("% went on").count(), 1);
    assert_eq!(flow.matches("class=\"passage\"").count(), 1);
}

#[test]
fn a_sparkline_says_its_latest_figure_and_marks_it_unless_that_is_hidden() {
    let small = |marks: &[Mark]| Sparkline { title: "x", language: Language::Sv, marks }.svg();
    let latest = small(&[shown(Language::Sv, 1.0, 0.0), shown(Language::Sv, 2.5, 0.0)]);
    assert!(latest.contains("<desc>senast: 2,5 (2,5–2,5)</desc>") && latest.contains("r=\"4.5\""), "{latest}");
    let hidden = small(&[shown(Language::Sv, 1.0, 0.0), Mark::Hidden]);
    assert!(hidden.contains("<desc>senast: dold</desc>") && !hidden.contains("r=\"4.5\""), "{hidden}");
    assert!(small(&[]).contains("<desc>senast: inte definierad</desc>"));
}

#[test]
fn figures_that_are_not_shown_are_said_to_be_so_and_a_true_zero_can_be_seen() {
    for kind in ["trajectory", "distribution", "flow", "matrix", "decile"] {
        let chart = of(kind);
        assert!(chart.contains("stroke-dasharray=\"3 2\"") && chart.contains("hidden"), "{kind}");
        assert_eq!(chart.contains("not defined"), kind != "distribution", "{kind}");
    }
    assert!(of("distribution").contains("height=\"1.5\"") && of("flow").contains("width=\"1.5\""));
    assert!(of("matrix").contains(">0</text>"));
}

#[test]
fn a_matrix_of_counts_is_the_darker_the_more_and_says_what_each_shade_holds() {
    let language = Language::En;
    let marks = [0.0, 9.0, 10.0, 1000.0].map(|value| shown(language, value, 0.0)).to_vec();
    let fields = [Field { label: "rule".to_owned(), marks }];
    let columns = ["01", "03", "04", "12"].map(str::to_owned);
    let svg =
        Matrix { caption: caption("x", language), cells: Cells::Counts, columns: &columns, fields: &fields }.svg();
    let drawn: Vec<&str> = svg.split("<g><title>").skip(1).collect();
    for (cell, (shade, number)) in drawn.iter().zip([(0, "0"), (1, "9"), (2, "10"), (4, "1,000")]) {
        let number = if number == "1,000" { language.number(1000.0, 0) } else { number.to_owned() };
        assert!(cell.contains(&format!("shade-{shade}")) && cell.contains(&format!(">{number}</text>")), "{cell}");
    }
    for range in [">0</text>", ">1–9</text>", ">10–99</text>", ">at least "] {
        assert!(svg.contains(range), "{range}: {svg}");
    }
}

#[test]
fn a_period_without_deciles_says_that_there_is_no_band_and_keeps_its_line() {
    let language = Language::En;
    let own = [shown(language, 40.0, 0.0), shown(language, 50.0, 0.0)];
    let periods = ["2024", "2025"].map(str::to_owned);
    let band = Some([10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
    let chart = |deciles: [Option<[f64; 9]>; 2]| {
        Decile {
            caption: caption("x", language),
            periods: &periods,
            deciles: &deciles,
            spread_name: "units",
            own_name: "own",
            own: &own,
        }
        .svg()
    };
    let (whole, part) = (chart([band, band]), chart([band, None]));
    assert!(whole.contains(">units, 10th–90th percentile</text>") && !whole.contains("no band"), "{whole}");
    assert!(part.contains("no band: hidden, or too few units"), "{part}");
    assert_eq!(part.matches("<title>").count(), whole.matches("<title>").count(), "every figure of the line is there");
}
