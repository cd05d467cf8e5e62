//! Every kind of chart in both languages as it was agreed, and what no label can do to it.

use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;
use schemas::language::Language;

use super::bars::Bars;
use super::forest::Forest;
use super::funnel::{Funnel, Limits, Point};
use super::stack::{Parts, Stack, Whole};
use super::trend::{Series, Trend};
use super::{Caption, Mark, Reference, Row, Shown, png};

/// Those of pages.
mod desk;

const BOTH: [Language; 2] = [Language::Sv, Language::En];

fn caption(title: &str, language: Language) -> Caption<'_> {
    let axis = language.pick("procent", "per cent");
    Caption {
        title,
        description: language.pick("Siffrorna finns i tabellen.", "The figures are in the table."),
        axis,
        language,
    }
}

fn shown(language: Language, value: f64, half: f64) -> Mark {
    let text = |value: f64| language.number(value, 1);
    let (low, high) = (value - half, value + half);
    Mark::Shown(Shown {
        value,
        interval: (half > 0.0).then_some((low, high)),
        text: format!("{} ({}–{})", text(value), text(low), text(high)),
    })
}

fn rows(language: Language) -> Vec<Row> {
    let row = |label: &str, count: &str, mark| Row { label: label.to_owned(), count: Some(count.to_owned()), mark };
    vec![
        row("01 Stockholm", "1240", shown(language, 71.4, 2.5)),
        row("03 Uppsala", "*", Mark::Hidden),
        row("09 Gotland", "0", Mark::Undefined),
        row("12 Skåne", "40", shown(language, 0.0, 0.0)),
        row(language.pick("Σ alla", "Σ all"), "1280", shown(language, 69.2, 2.4)),
    ]
}

fn drawn(language: Language, title: &str) -> [(&'static str, String); 5] {
    let caption = caption(title, language);
    let rows = rows(language);
    let reference =
        Reference { value: 69.2, text: format!("{} {}", language.pick("alla", "all"), language.number(69.2, 1)) };
    let whole = |label: &str, parts| Whole { label: label.to_owned(), count: Some("60".to_owned()), parts };
    let wholes = [
        whole("01 Stockholm", Parts::Shown(vec![40.0, 22.5, 35.0, 2.5])),
        whole("03 Uppsala", Parts::Hidden),
        whole("09 Gotland", Parts::Undefined),
        whole("12 Skåne", Parts::Shown(vec![0.0, 100.0, 0.0, 0.0])),
    ];
    let periods = ["2022", "2023", "2024", "2025"].map(str::to_owned);
    let series = [
        Series {
            name: "PHQ-9".to_owned(),
            marks: vec![
                shown(language, 40.0, 3.0),
                Mark::Hidden,
                shown(language, 44.0, 3.0),
                shown(language, 0.0, 0.0),
            ],
        },
        Series {
            name: "GAD-7".to_owned(),
            marks: vec![
                shown(language, 30.0, 0.0),
                shown(language, 33.0, 0.0),
                Mark::Undefined,
                shown(language, 36.0, 0.0),
            ],
        },
    ];
    [
        ("bars", Bars { caption, rows: &rows, reference: Some(&reference) }.svg()),
        ("forest", Forest { caption, rows: &rows }.svg()),
        ("stack", Stack { caption, parts: &[title, "b", "c", "d"], rows: &wholes }.svg()),
        ("trend", Trend { caption, periods: &periods, series: &series }.svg()),
        ("funnel", funnel(caption, title)),
    ]
}

/// All of them, those of pages too.
fn all(language: Language, title: &str) -> Vec<(&'static str, String)> {
    drawn(language, title).into_iter().chain(desk::drawn(language, title)).collect()
}

fn funnel(caption: Caption, title: &str) -> String {
    let language = caption.language;
    let limits = |n: f64| Limits {
        n,
        inner: (50.0 - 98.0 / n.sqrt(), 50.0 + 98.0 / n.sqrt()),
        outer: (50.0 - 155.0 / n.sqrt(), 50.0 + 155.0 / n.sqrt()),
    };
    let point = |label: &str, n: f64, value: f64| Point { label: label.to_owned(), value, limits: limits(n) };
    let target = Reference { value: 50.0, text: language.pick("gemensamt värde 50", "common value 50").to_owned() };
    Funnel {
        caption,
        counted: language.pick("antal räknade", "number counted"),
        target: &target,
        limits: &[20.0, 50.0, 100.0, 200.0, 400.0].map(limits),
        points: &[
            point("01", 380.0, 52.0),
            point("12", 200.0, 60.0),
            point("14", 196.0, 59.8),
            point(title, 90.0, 20.0),
        ],
        hidden: 2,
        few: language.pick("färre än 5 räknade: 09", "fewer than 5 counted: 09"),
    }
    .svg()
}

#[test]
fn every_kind_of_chart_is_what_was_agreed_in_both_languages() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("tests/agreed");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for language in BOTH {
        for (kind, svg) in all(language, language.pick("Andel säkert bättre", "Share reliably improved")) {
            let lines = svg.replace("><", ">\n<");
            settings.bind(|| insta::assert_snapshot!(format!("{kind}-{}", language.tag()), lines));
        }
    }
}

#[test]
fn every_chart_is_well_formed_names_itself_and_has_no_style_and_no_script_whatever_a_label_holds() {
    let title = "<script>alert(1)</script> & \"quoted\" ]]> \u{0}\u{7}";
    for language in BOTH {
        for (kind, svg) in all(language, title) {
            let read = Document::parse(&svg).unwrap_or_else(|error| panic!("{kind}: {error}\n{svg}"));
            let root = read.root_element();
            let first: Vec<&str> = root.children().take(2).map(|child| child.tag_name().name()).collect();
            assert_eq!((root.attribute("role"), first), (Some("img"), vec!["title", "desc"]), "{kind}");
            for element in read.descendants().filter(roxmltree_element) {
                assert_ne!(element.tag_name().name(), "script", "{kind}");
                assert!(
                    element
                        .attributes()
                        .all(|attribute| attribute.name() != "style" && !attribute.name().starts_with("on"))
                );
            }
            assert!(svg.contains("&lt;script&gt;"), "{kind}");
            assert!(!svg.contains(['\u{0}', '\u{7}']), "{kind}");
        }
    }
}

fn roxmltree_element(node: &resvg::usvg::roxmltree::Node) -> bool {
    node.is_element()
}

#[test]
fn a_hidden_figure_is_a_gap_with_a_word_an_undefined_one_a_word_and_a_true_zero_a_mark() {
    let charts = drawn(Language::En, "x");
    for (kind, svg) in &charts {
        assert!(svg.contains("stroke-dasharray=\"3 2\"") != (*kind == "funnel"), "{kind}: a gap");
        assert!(svg.contains("hidden"), "{kind}");
        assert_eq!(svg.contains("not defined"), *kind != "funnel", "{kind}");
    }
    let zero = Row { label: "12".to_owned(), count: None, mark: shown(Language::En, 0.0, 0.0) };
    let bars = Bars { caption: caption("x", Language::En), rows: &[zero], reference: None }.svg();
    assert!(bars.contains("width=\"1.5\"") && bars.contains("0.0 (0.0–0.0)"), "{bars}");
}

#[test]
fn a_picture_is_twice_as_fine_not_blank_and_the_same_bytes_again() {
    for (kind, svg) in all(Language::Sv, "Andel säkert bättre").into_iter().filter(|(kind, _)| *kind != "sparkline") {
        let picture = png::png(&svg).unwrap();
        assert_eq!(picture, png::png(&svg).unwrap(), "{kind}");
        let read = Pixmap::decode_png(&picture).unwrap();
        assert_eq!(read.width(), 1720, "{kind}");
        let dark = |picture: &Pixmap| picture.pixels().iter().filter(|pixel| pixel.red() < 128).count();
        let without_text =
            Pixmap::decode_png(&png::png(&svg.replace("<text", "<g").replace("</text>", "</g>")).unwrap()).unwrap();
        assert!(dark(&read) > dark(&without_text) + 1000, "{kind}: its texts are drawn");
    }
    assert!(png::png("<svg").is_err());
}
