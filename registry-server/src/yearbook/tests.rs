//! A yearbook of the worked example, read back file by file.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;

use calamine::{Data, Reader as _, Xlsx};
use resvg::tiny_skia::Pixmap;
use schemas::canonical::sha256_hex;
use schemas::language::Language;

use super::chapters::{self, Chapter};
use super::{Edition, Files, INDEX, MANIFEST, WORKBOOK, bind};
use crate::figure::Figure;
use crate::report::parameters::Audience;
use crate::report::tests::fixture::{facts, report};
use crate::report::{Report, render};
use crate::store::{Calendar, Cut, CutComment, CutShare};

fn cut() -> Cut {
    let [stop, comments_until] = ["2020-03-01", "2020-04-01"].map(|day| day.parse().unwrap());
    let share = CutShare {
        sender: "12".into(),
        treatments: 9,
        hash: String::new(),
        withdrawn_persons: 0,
        withdrawn_treatments: 0,
        replaced_treatments: 0,
    };
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    Cut {
        number: 3,
        name: "år <2019>".into(),
        note: None,
        made_at: at,
        treatments: 9,
        hash: "ab".into(),
        code_lists: "lists".into(),
        thresholds: "set".into(),
        definitions: BTreeMap::new(),
        shares: vec![share],
        calendar: Some(Calendar { year: 2019, stop, comments_until, published: None }),
        comments: vec![CutComment { of: "12".into(), comment: "=SUM(A1) <b>".into(), at, by: None }],
        signatures: Vec::new(),
    }
}

fn tables(audience: Audience) -> Vec<(&'static Chapter, Report)> {
    let facts = facts("worked-example");
    let table = |chapter: &'static Chapter| {
        let listed = chapter.parameters(audience, Some(2019)).unwrap().listed();
        let pairs: Vec<(&str, &str)> =
            listed.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        (chapter, report(facts.clone(), chapter.report, &pairs))
    };
    chapters::of(audience).map(table).collect()
}

type Book = (Vec<(&'static Chapter, Report)>, Files);

static REVIEW: LazyLock<Book> = LazyLock::new(|| book(Audience::Internal, Language::Sv));
static PUBLIC: LazyLock<Book> = LazyLock::new(|| book(Audience::Public, Language::En));

fn book(audience: Audience, language: Language) -> Book {
    let tables = tables(audience);
    let files = bound((audience, language), &tables);
    (tables, files)
}

fn bound((audience, language): (Audience, Language), tables: &[(&Chapter, Report)]) -> Files {
    bind(&Edition { cut: &cut(), audience, language }, tables).unwrap()
}

fn is_a(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    std::str::from_utf8(&files[name]).unwrap()
}

#[test]
fn the_same_cut_makes_the_same_bytes_and_the_manifest_proves_every_file() {
    let (tables, files) = &*PUBLIC;
    assert_eq!(*files, book(Audience::Public, Language::En).1);
    let line = |line: &'static str| line.split_once("  ").map(|(hash, name)| (name, hash)).unwrap();
    let proven: BTreeMap<&str, &str> = text(files, MANIFEST).lines().map(line).collect();
    assert_eq!(proven.len(), files.len() - 1);
    for (name, bytes) in files.iter().filter(|(name, _)| *name != MANIFEST) {
        assert_eq!(proven[name.as_str()], sha256_hex(bytes), "{name}");
    }
    let mut altered = tables.clone();
    let (chapter, groups) = &mut altered[0];
    let (place, name) = (groups.keys, chapter.name());
    groups.rows[0][place] = Figure::Count(1_000_001);
    let other = bound((Audience::Public, Language::En), &altered);
    let differs = |name: &str| files[name] != other[name];
    assert!([&format!("{name}.csv"), &format!("{name}.html"), WORKBOOK, MANIFEST].into_iter().all(differs));
    assert!(!differs(INDEX) && !differs("outcomes-region.csv"));
}

#[test]
fn every_table_has_its_files_and_every_link_of_a_page_is_a_file_or_a_place_of_it() {
    for ((tables, files), language) in [(&*REVIEW, Language::Sv), (&*PUBLIC, Language::En)] {
        for (chapter, report) in tables {
            assert_eq!(text(files, &format!("{}.csv", chapter.name())), render::csv(report).unwrap());
        }
        let mut linked = std::collections::BTreeSet::from([INDEX, super::STYLE]);
        for (name, page) in files.keys().filter(|name| is_a(name, "html")).map(|name| (name, text(files, name))) {
            assert!(!page.contains("<script") && !page.contains("<style") && !page.contains(" style="), "{name}");
            assert!(page.contains(&format!("lang=\"{}\"", language.tag())));
            let links = page.split("href=\"").skip(1).chain(page.split("src=\"").skip(1));
            for link in links.filter_map(|rest| rest.split('"').next()) {
                match link.strip_prefix('#') {
                    Some(place) => assert!(page.contains(&format!("id=\"{place}\"")), "{name}: {link}"),
                    None => assert!(files.contains_key(link), "{name}: {link}"),
                }
                linked.insert(link);
            }
        }
        let forgotten: Vec<&String> = files.keys().filter(|name| !linked.contains(name.as_str())).collect();
        assert!(forgotten.is_empty(), "{forgotten:?}");
        let index = text(files, INDEX);
        for told in ["år &lt;2019&gt;", "2020-03-01", "=SUM(A1) &lt;b&gt;", "hash ab"] {
            assert!(index.contains(told), "{told}");
        }
    }
}

#[test]
fn the_workbook_holds_every_figure_as_what_it_is() {
    let (tables, files) = &*PUBLIC;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(files[WORKBOOK].clone())).unwrap();
    let contents = workbook.worksheet_range("contents").unwrap();
    assert!(contents.rows().any(|row| row[0] == Data::String("Comment by 12: =SUM(A1) <b>".to_owned())));
    let (mut hidden, mut empty) = (0, 0);
    for (chapter, report) in tables {
        let sheet = workbook.worksheet_range(&chapter.name()).unwrap();
        let cell =
            |row: usize, place: usize| sheet.get_value((u32::try_from(row).unwrap(), u32::try_from(place).unwrap()));
        for (line, row) in report.rows.iter().enumerate() {
            for (place, figure) in row.iter().enumerate() {
                let found = cell(line + 4, place).cloned().unwrap_or(Data::Empty);
                let expected = match figure {
                    Figure::Text(_) => Data::String(report.text(row, place, Language::En)),
                    Figure::Count(count) => Data::Float(*count as f64),
                    Figure::Number(number) => Data::Float(*number),
                    Figure::Hidden => Data::String("*".to_owned()),
                    Figure::Undefined => Data::Empty,
                };
                assert_eq!(found, expected, "{} {line} {}", chapter.name(), report.columns[place]);
                hidden += usize::from(*figure == Figure::Hidden);
                empty += usize::from(*figure == Figure::Undefined);
            }
        }
        let formulas = workbook.worksheet_formula(&chapter.name()).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty), "no formulas");
    }
    assert!(hidden > 0 && empty > 0, "{hidden} hidden, {empty} empty");
}

#[test]
fn the_charts_are_pictures_of_the_year_and_say_where_a_figure_is_hidden() {
    let (_, files) = &*REVIEW;
    let pictures: Vec<&String> = files.keys().filter(|name| is_a(name, "png")).collect();
    assert!(pictures.len() > 12, "{pictures:?}");
    for name in pictures {
        assert!(files[name].starts_with(b"\x89PNG\r\n\x1a\n"));
        let picture = Pixmap::decode_png(&files[name]).unwrap();
        assert!(picture.pixels().iter().any(|pixel| pixel.red() < 100), "{name}");
        assert!(text(files, &name.replace(".png", ".svg")).starts_with("<svg "));
    }
    let completed = text(files, "groups-region-completed.svg");
    assert!(
        completed.contains("Andel fullföljda behandlingar per region · 2019") && completed.contains("01 Stockholm")
    );
    let (_, public) = &*PUBLIC;
    assert!(text(public, "groups-region-completed.svg").contains(">hidden<"));
}

#[test]
fn nothing_is_worked_out_from_a_hidden_figure_and_a_text_that_begins_as_a_formula_stays_a_text() {
    let (chapter, report) = REVIEW.0.iter().find(|(chapter, _)| chapter.name() == "outcomes-programme").unwrap();
    let mut report = report.clone();
    let place = |report: &Report, name: &str| report.columns.iter().position(|column| column == name).unwrap();
    let [period, programme, instrument] = ["period", "programme", "instrument"].map(|name| place(&report, name));
    let deteriorated = place(&report, "rel_deteriorated_n");
    let is_it = |row: &&mut Vec<Figure>| {
        row[period] == Figure::text("2019") && row[instrument] == Figure::text("PHQ-9") && !row[programme].is_sum()
    };
    let row = report.rows.iter_mut().find(is_it).unwrap();
    row[deteriorated] = Figure::Hidden;
    row[programme] = Figure::text("=1+1");
    let files = bound((Audience::Internal, Language::Sv), &[(*chapter, report)]);
    let svg = text(&files, "outcomes-programme-outcomes-phq-9.svg");
    let after = svg.split_once(">=1+1<").unwrap().1;
    assert!(after.split("text-anchor=\"end\"").next().unwrap().contains(">dold<"), "{svg}");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(files[WORKBOOK].clone())).unwrap();
    let sheet = workbook.worksheet_range("outcomes-programme").unwrap();
    assert!(sheet.rows().flatten().any(|cell| *cell == Data::String("=1+1".to_owned())));
    assert!(workbook.worksheet_formula("outcomes-programme").unwrap().rows().flatten().all(String::is_empty));
}

#[test]
fn a_table_that_no_browser_shows_has_no_page_and_no_link_to_one() {
    let (chapter, report) = REVIEW.0.iter().find(|(chapter, _)| chapter.charts.is_empty()).unwrap();
    let mut long = report.clone();
    long.rows = long.rows.iter().cycle().take(super::page::MOST_ROWS + 1).cloned().collect();
    let files = bound((Audience::Internal, Language::Sv), &[(*chapter, long)]);
    let page = format!("{}.html", chapter.name());
    assert!(!files.contains_key(&page) && !text(&files, INDEX).contains(&page) && REVIEW.1.contains_key(&page));
    assert_eq!(text(&files, &format!("{}.csv", chapter.name())).lines().count(), super::page::MOST_ROWS + 2);
}
