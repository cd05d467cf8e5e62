//! Packages: what stands in every file, what proves them, and that nothing else does.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::csv::MARKS;
use super::manifest::{Definition, Refused};
use super::proof::{Unproven, places, prove};
use super::*;
use crate::extract::asked::Asked;
use crate::extract::measure::Measure;
use crate::extract::sheet::{Cell, Column, HIDDEN};
use crate::extract::whole::{STATEMENTS, Said, Stated};
use schemas::language::Text;

fn about(request: u32) -> About {
    About {
        request,
        project: "Uppföljning".to_owned(),
        cut: ("c1".to_owned(), "2025".to_owned(), "2026-01-31T00:00:00Z".parse().unwrap()),
        cut_hash: "ab".repeat(32),
        lists: ("cd".repeat(32), "siber-2026".to_owned()),
        left_out: crate::extract::codes::LeftOut::More,
        audit: Some((7, "ef".repeat(32))),
        made_at: "2026-02-01T00:00:00Z".parse().unwrap(),
        refused: vec![Refused {
            asked: "sex:sex".to_owned(),
            title: Text::fixed("Personer, efter kön", "Persons, by sex"),
            why: Text::fixed("för få personer", "too few persons"),
        }],
        definitions: vec![Definition {
            name: "response".to_owned(),
            title: Text::fixed("Svarar", "Response"),
            meaning: Text::fixed("s", "e"),
            formula: "f".to_owned(),
        }],
        whole: vec![Stated {
            statement: &STATEMENTS[0],
            lines: vec![
                ("01".to_owned(), Text::fixed("Region Stockholm", "Region Stockholm"), Said::Percent(93)),
                ("03".to_owned(), Text::fixed("Region Uppsala", "Region Uppsala"), Said::Hidden),
                ("04".to_owned(), Text::fixed("Region Sörmland", "Region Sörmland"), Said::Untold),
            ],
        }],
    }
}

fn sheet() -> Sheet {
    let asked = Asked { measure: Measure::Persons, crossing: "region:region".to_owned() };
    let stockholm = Text::fixed("Region Stockholm", "Region Stockholm");
    let column = |name: &str, is_key: bool| Column {
        name: name.to_owned(),
        title: Text::fixed("rubrik", "heading"),
        meaning: Text::fixed("betydelse", "meaning"),
        is_key,
        codes: is_key.then(|| ("01".to_owned(), stockholm.clone())).into_iter().collect(),
    };
    let row = |code: &str, cell| vec![Cell::Code(code.to_owned()), cell];
    Sheet {
        number: 1,
        title: Text::fixed("Personer", "Persons"),
        place: 1,
        asked: asked.crossing.clone(),
        split_by: asked.crossing,
        columns: vec![column("region", true), column("persons", false)],
        rows: vec![
            row("01", Cell::Figure { value: 215.0, decimals: 0 }),
            row("=1+1", Cell::Mark(HIDDEN)),
            row("03", Cell::Mark("..")),
            row("05", Cell::Figure { value: -6.4, decimals: 1 }),
            row("ALL", Cell::Mark(".")),
        ],
    }
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_bytes(&[byte; 32])
}

fn packed(request: u32) -> Vec<u8> {
    let formats = [Format::Csv, Format::Parquet, Format::Xlsx, Format::Html];
    package(&[sheet()], &about(request), &formats, &key(1)).unwrap()
}

fn unpacked(bytes: &[u8]) -> Files {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Files::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

#[test]
fn a_hidden_figure_is_its_mark_in_every_file_and_no_cell_is_a_formula() {
    let files = unpacked(&packed(3));
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(text("table-01.csv"), "region,persons\n01,215\n'=1+1,*\n03,..\n05,-6.4\nALL,.\n");
    for page in ["tables.sv.html", "tables.en.html"] {
        let page = text(page);
        assert!(
            page.contains("<td class=\"n\">*</td>") && page.contains(">215<") && !page.contains("<script"),
            "{page}"
        );
    }
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&files["tables.xlsx"][..])).unwrap();
    let cells = calamine::Reader::worksheet_range(&mut book, "table-01").unwrap();
    let column: Vec<String> = cells.rows().map(|row| row[1].to_string()).collect();
    assert_eq!(column, ["persons", "215", "*", "..", "-6.4", "."]);
    let formulas = calamine::Reader::worksheet_formula(&mut book, "table-01").unwrap();
    assert!(formulas.rows().flatten().all(String::is_empty));
    assert_eq!(
        columns_of(&files["table-01.parquet"]),
        [["01", "=1+1", "03", "05", "ALL"], ["215", "*", "..", "-6.4", "."]]
    );
    for syntax in ["table-01.sps", "table-01.do"] {
        assert!(text(syntax).contains("kept back") && text(syntax).contains("Stockholm"), "{}", text(syntax));
    }
    assert!(text("codebook.csv").contains("table-01,region,01,Region Stockholm,Region Stockholm"));
}

#[test]
fn methods_page_workbook_and_code_book_tell_the_tables_what_is_not_given_and_how_whole_the_data_are_in_both_languages()
{
    let files = unpacked(&packed(3));
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    for (methods, table, measure, source) in [
        ("methods.sv.txt", "table-01: Personer.", "Svarar (response): s (f)", "Aggregerat uttag 3, fryst underlag c1"),
        (
            "methods.en.txt",
            "table-01: Persons.",
            "Response (response): e (f)",
            "Aggregated extract 3, frozen data set c1",
        ),
    ] {
        let text = text(methods);
        assert!([table, measure, source].iter().all(|told| text.contains(told)), "{text}");
    }
    let (sv, en) = (text("tables.sv.html"), text("tables.en.html"));
    assert!(sv.contains("Personer, efter kön: för få personer") && !sv.contains("too few persons"), "{sv}");
    assert!(en.contains("Persons, by sex: too few persons") && en.contains("rounded at random"), "{en}");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(&files["tables.xlsx"][..])).unwrap();
    let mut about = |name| {
        let cells = calamine::Reader::worksheet_range(&mut book, name).unwrap();
        cells.rows().map(|row| row[1].to_string()).collect::<Vec<_>>().join("\n")
    };
    assert!(about("om").contains("för få personer") && about("about").contains("too few persons"));
    for (methods, told) in [
        ("methods.sv.txt", "Region Stockholm 93 procent, Region Uppsala *, Region Sörmland ..."),
        ("methods.en.txt", "Region Stockholm 93 per cent, Region Uppsala *, Region Sörmland ..."),
    ] {
        assert!(text(methods).contains(told), "{}", text(methods));
        for (mark, sv, en) in MARKS {
            let meaning = if methods.contains(".sv.") { sv } else { en };
            assert!(text(methods).contains(&format!("{mark} {meaning}")), "{mark}: {}", text(methods));
        }
    }
    let book = text("codebook.csv");
    assert!(book.contains(",coverage,01,Region Stockholm,Region Stockholm,93 procent,93 per cent\n"), "{book}");
    assert!(book.contains(",coverage,03,Region Uppsala,Region Uppsala,*,*\n"), "{book}");
    let manifest: serde_json::Value = serde_json::from_str(&text("manifest.json")).unwrap();
    let coverage = &manifest["manifest"]["about"]["whole"][0];
    let told: Vec<&serde_json::Value> =
        coverage["of"].as_array().unwrap().iter().map(|line| &line["percent"]).collect();
    let (hidden, untold) = (serde_json::json!({ "hidden": true }), serde_json::json!({ "not_reported": true }));
    assert_eq!((coverage["name"].as_str(), told), (Some("coverage"), vec![&93.into(), &hidden, &untold]));
    let about = &manifest["manifest"]["about"];
    assert_eq!(about["refused"][0]["why"], serde_json::json!({ "sv": "för få personer", "en": "too few persons" }));
    assert_eq!(about["definitions"][0]["title"]["sv"], "Svarar");
}

/// The columns of a Parquet file, as its reader gives them.
fn columns_of(bytes: &[u8]) -> Vec<Vec<String>> {
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(bytes)).unwrap();
    let mut columns: Vec<Vec<String>> = Vec::new();
    for row in reader.get_row_iter(None).unwrap() {
        for (place, (_, field)) in row.unwrap().get_column_iter().enumerate() {
            columns.resize_with(columns.len().max(place + 1), Vec::new);
            columns[place].push(field.to_string().trim_matches('"').to_owned());
        }
    }
    columns
}

#[test]
fn the_same_tables_give_the_same_bytes_but_for_the_number_and_the_time() {
    assert_eq!(packed(3), packed(3));
    let (three, four) = (unpacked(&packed(3)), unpacked(&packed(4)));
    assert_eq!(three.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    let differ: Vec<&String> = three.keys().filter(|name| three[*name] != four[*name]).collect();
    assert!(
        !differ.iter().any(|name| matches!(name.as_str(), "table-01.csv" | "table-01.parquet" | "codebook.csv")),
        "{differ:?}"
    );
    let again =
        |name: &str, files: &Files| String::from_utf8_lossy(&files[name]).replace(" 4", " 3").replace(": 4", ": 3");
    for name in differ.iter().filter(|name| name.contains("methods") || name.contains("metadata")) {
        assert_eq!(again(name, &three), again(name, &four), "{name}");
    }
}

#[test]
fn a_package_is_proved_by_its_signature_and_every_altered_missing_or_foreign_file_is_told() {
    let bytes = packed(3);
    assert_eq!(places(&bytes[..bytes.len() / 2]), Err(Unproven::Archive));
    assert!(!places(&bytes).unwrap().is_empty());
    let proven = prove(&bytes, Some(&key(1).verifying_key())).unwrap();
    assert_eq!((proven.request, proven.cut.as_str(), proven.files), (3, "c1", unpacked(&bytes).len() - 1));
    assert!(matches!(prove(&bytes, Some(&key(2).verifying_key())), Err(Unproven::Key(_))));
    let with = |change: &dyn Fn(&mut Files)| {
        let mut files = unpacked(&bytes);
        change(&mut files);
        prove(&archive(&files).unwrap(), Some(&key(1).verifying_key()))
    };
    let name = || "table-01.csv".to_owned();
    assert_eq!(with(&|_| ()), Ok(proven));
    assert_eq!(with(&|files| files.get_mut(&name()).unwrap()[16] ^= 1), Err(Unproven::Altered(name())));
    assert_eq!(with(&|files| drop(files.remove(&name()))), Err(Unproven::Missing(name())));
    assert_eq!(
        with(&|files| drop(files.insert("more.txt".to_owned(), vec![1]))),
        Err(Unproven::Foreign("more.txt".to_owned()))
    );
    let text = |files: &Files| String::from_utf8(files[manifest::FILE].clone()).unwrap();
    let altered = with(&|files| {
        let told = text(files).replace("\"hidden\": 1", "\"hidden\": 0");
        assert_ne!(told, text(files));
        files.insert(manifest::FILE.to_owned(), told.into_bytes());
    });
    assert_eq!(altered, Err(Unproven::Signature));
    assert_eq!(with(&|files| drop(files.remove(manifest::FILE))), Err(Unproven::Manifest));
    assert_eq!(prove(&bytes[..bytes.len() / 2], None), Err(Unproven::Archive));
}
