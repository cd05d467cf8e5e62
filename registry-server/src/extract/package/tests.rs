//! Packages: what stands in every file, what proves them, and that nothing else does.

use std::io::{Cursor, Read as _};

use schemas::codelist::CodeLists;
use zip::ZipArchive;

use super::proof::{Unproven, prove};
use super::*;
use crate::extract::asked::Asked;
use crate::extract::measure::Measure;
use crate::extract::sheet::{Cell, Column, HIDDEN};
use schemas::language::Text;

fn about(request: u32) -> About {
    About {
        request,
        project: "Uppföljning".to_owned(),
        cut: ("c1".to_owned(), "2025".to_owned(), "2026-01-31T00:00:00Z".parse().unwrap()),
        cut_hash: "ab".repeat(32),
        lists: ("cd".repeat(32), "siber-2026".to_owned()),
        left_out: "*".to_owned(),
        audit: Some((7, "ef".repeat(32))),
        made_at: "2026-02-01T00:00:00Z".parse().unwrap(),
        refused: vec![("sex:sex".to_owned(), "too few persons".to_owned())],
        definitions: vec![("response".to_owned(), ["s".to_owned(), "e".to_owned()], "f".to_owned())],
    }
}

fn sheet() -> Sheet {
    let asked = Asked { measure: Measure::Persons, crossing: "region:region".to_owned() };
    let column = |name: &str, is_key| Column {
        name: name.to_owned(),
        title: Text::fixed("rubrik", "heading"),
        meaning: Text::fixed("betydelse", "meaning"),
        is_key,
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
    assert_eq!(text("table-01.csv"), "region,persons\n01,215\n'=1+1,*\n03,..\nALL,.\n");
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
    assert_eq!(column, ["persons", "215", "*", "..", "."]);
    let formulas = calamine::Reader::worksheet_formula(&mut book, "table-01").unwrap();
    assert!(formulas.rows().flatten().all(String::is_empty));
    assert_eq!(columns_of(&files["table-01.parquet"]), [["01", "=1+1", "03", "ALL"], ["215", "*", "..", "."]]);
    for syntax in ["table-01.sps", "table-01.do"] {
        assert!(text(syntax).contains("kept back") && text(syntax).contains("Stockholm"), "{}", text(syntax));
    }
    assert!(
        text("codebook.csv").contains("table-01,region,01,Region Stockholm")
            || text("codebook.csv").contains("Stockholm")
    );
    assert!(
        text("methods.sv.txt").contains("c1")
            && text("methods.en.txt").contains("Cite") | text("methods.en.txt").contains("extract 3")
    );
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

#[test]
fn every_listed_code_has_a_name_in_both_languages_where_the_register_has_one() {
    let lists = CodeLists::builtin();
    for region in lists.regions() {
        assert_eq!(labels::code("region", &region.code).0, region.name);
    }
    assert_eq!(labels::code("sex", "F"), ("kvinnor".to_owned(), "women".to_owned()));
    assert_eq!(labels::code("period", "2025Q1").1, "2025Q1");
}
