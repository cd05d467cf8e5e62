//! How files are written, and lines that are damaged.

use std::io::Read as _;

use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;
use schemas::rule::Rule;

use super::super::dialect::{self, Charset};
use super::super::record::{Records, Shape};
use super::*;
use crate::config::{Delimiter, Encoding};

/// Every record of a text with its line, its values and whether it fits a header of `columns`.
fn records(text: &str, columns: usize) -> Vec<(u64, Vec<String>, bool)> {
    let mut records = Records::new(text.as_bytes(), b';');
    let mut all = Vec::new();
    while let Some(record) = records.next(Shape { named: columns, all: columns }).unwrap() {
        let values = (0..record.len()).map(|index| String::from_utf8_lossy(record.value(index)).into_owned());
        all.push((record.line, values.collect(), record.fits));
    }
    all
}

fn record(line: u64, values: &[&str], fits: bool) -> (u64, Vec<String>, bool) {
    (line, values.iter().map(|value| (*value).to_owned()).collect(), fits)
}

#[test]
fn values_are_read_as_spreadsheets_and_databases_write_them() {
    for (text, expected) in [
        ("a;b\nc;d", vec![record(1, &["a", "b"], true), record(2, &["c", "d"], true)]),
        ("a;b\r\n\r\n;\r\n \r\nc;d\r\n", vec![record(1, &["a", "b"], true), record(5, &["c", "d"], true)]),
        ("a;b;\n", vec![record(1, &["a", "b", ""], true)]),
        ("a;b; ;\n", vec![record(1, &["a", "b", " ", ""], true)]),
        ("\"a;1\";\"b\"\"2\"\"\"\n", vec![record(1, &["a;1", "b\"2\""], true)]),
        (" \"a\" ;\"\"\n", vec![record(1, &["a ", ""], true)]),
        ("\"a\r\n\r\nb\";c\nd;e\n", vec![record(1, &["a\r\n\r\nb", "c"], true), record(4, &["d", "e"], true)]),
        ("5\" skärm;b\n", vec![record(1, &["5\" skärm", "b"], true)]),
        ("\"hon sa \"nej\" igen\";b\n", vec![record(1, &["hon sa nej\" igen\"", "b"], true)]),
    ] {
        assert_eq!(records(text, 2), expected, "{text:?}");
    }
}

#[test]
fn a_line_with_too_few_or_too_many_values_does_not_fit() {
    for (line, fits) in [("a;b", true), ("a", false), ("a;b;c", false), ("a;b;;", true), ("a;b;;c", false)] {
        assert_eq!(records(line, 2)[0].2, fits, "{line}");
    }
}

#[test]
fn a_stray_quotation_mark_costs_its_own_line_and_no_other() {
    let good = |line, id| record(line, &[id, "b"], true);
    // A value that begins in one row and ends in another, as if it were one of several lines.
    let found = records("M-1;\"b\nM-2;b\nM-3;b\"\n", 2);
    assert_eq!(found, [record(1, &["M-1", "b\n"], false), good(2, "M-2"), record(3, &["M-3", "b\""], true)]);
    // Never closed; closed by a mark of a later line, in the middle of a value, or with more values before the end.
    for stray in ["M-1;\"b", "\"M-1;b", "M-1;b \"b\";\"c"] {
        for later in ["M-3;b", "M-3;\"b\"", "\"M-3\";b"] {
            let found = records(&format!("{stray}\nM-2;b\n{later}\nM-4;b\n"), 2);
            assert_eq!((found[0].0, found[0].2), (1, false), "{stray} {later}");
            assert_eq!(found[1..], [good(2, "M-2"), good(3, "M-3"), good(4, "M-4")], "{stray} {later}");
        }
    }
}

/// An id, and values of one line or several.
fn row() -> impl Strategy<Value = Vec<String>> {
    let value = || prop_oneof!["[a-c;\" å]{0,6}", "[a-c\"\r\n å]{0,6}"];
    ("[a-c]{1,3}", value(), value()).prop_map(|(id, second, third)| vec![id, second, third])
}

proptest! {
    #[test]
    fn what_another_program_writes_is_read_back_value_by_value(rows in prop::collection::vec(row(), 1..8)) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let found = records(&text, 3);
        prop_assert!(found.iter().all(|(.., fits)| *fits), "{text:?}");
        let values: Vec<Vec<String>> = found.into_iter().map(|(_, values, _)| values).collect();
        prop_assert_eq!(values, rows);
    }
}

#[test]
fn a_quotation_mark_that_is_open_for_very_long_is_a_stray_one_and_takes_no_memory() {
    let lines = "M-2;b\n".repeat(100_000);
    let found = records(&format!("M-1;\"b\n{lines}"), 2);
    assert_eq!((found.len(), found[0].2), (100_001, false));
    assert!(found[1..].iter().all(|(.., fits)| *fits));
    let mut endless = Records::new(std::io::BufReader::new(std::io::repeat(b'a')), b';');
    assert!(endless.next(Shape { named: 1, all: 1 }).is_err());
}

#[test]
fn the_separator_is_the_one_that_stands_most_often_outside_quotation_marks() {
    for (header, asked, expected) in [
        ("a;b;c", Delimiter::Auto, b';'),
        ("a,b,c", Delimiter::Auto, b','),
        ("a\tb", Delimiter::Auto, b'\t'),
        ("a|b", Delimiter::Auto, b'|'),
        ("\"a, b, c\";d", Delimiter::Auto, b';'),
        ("a", Delimiter::Auto, b';'),
        ("a;b;c,d", Delimiter::Comma, b','),
        ("a;b", Delimiter::Tab, b'\t'),
        ("a;b", Delimiter::Bar, b'|'),
        ("a,b", Delimiter::Semicolon, b';'),
    ] {
        assert_eq!(dialect::delimiter(header.as_bytes(), asked), expected, "{header}");
    }
}

#[test]
fn the_encoding_is_told_from_the_bytes_of_the_whole_file() {
    let late = [&vec![b'a'; 200_000][..], &"åäö".as_bytes()[..5], b"\n"].concat();
    for (bytes, asked, expected) in [
        (&b"abc"[..], Encoding::Auto, Charset::Utf8),
        ("Ångest".as_bytes(), Encoding::Auto, Charset::Utf8),
        (b"\xC5ngest", Encoding::Auto, Charset::Windows1252),
        (b"Sm\xE5", Encoding::Auto, Charset::Windows1252),
        (b"\xEF\xBB\xBF\xC5ngest", Encoding::Auto, Charset::Utf8),
        ("Ångest".as_bytes(), Encoding::Windows1252, Charset::Windows1252),
        (b"\xC5ngest", Encoding::Utf8, Charset::Utf8),
        (b"\xFF\xFEa\0", Encoding::Auto, Charset::Utf16),
        (&late, Encoding::Auto, Charset::Utf8),
    ] {
        let shown = &bytes[..bytes.len().min(20)];
        assert_eq!(dialect::charset(&mut &bytes[..], asked).unwrap(), expected, "{shown:?}");
        let mut in_pieces = bytes[..1].chain(&bytes[1..]);
        assert_eq!(dialect::charset(&mut in_pieces, asked).unwrap(), expected, "{shown:?} in pieces");
    }
}

#[tokio::test]
async fn every_letter_of_windows_1252_comes_through_and_bytes_without_one_hold_their_row() {
    let text = treatments(&[("M-1", 1), ("M-2", 2)]).replacen("Depressionshjälpen", "Ångesthjälpen – €“š”", 1);
    let (bytes, ..) = WINDOWS_1252.encode(&text);
    let undefined: Vec<u8> = [&bytes[..], b"M-\x8D3;\x81;c;d;e;f;g\nM-4;b\x9D;c;d;e;f;g\n"].concat();
    for encoding in ["", "encoding = \"windows-1252\""] {
        let export = Export::good(encoding);
        export.write("moment.csv", &undefined);
        let rows = export.treatments().await;
        assert_eq!(rows[0].get("programme"), Some("Ångesthjälpen – €“š”"));
        let faults: Vec<_> = rows.iter().map(|row| (row.get("treatment_id").unwrap(), row.fault())).collect();
        let held = Some(Rule::TextUndecodable);
        assert_eq!(faults, [("M-1", None), ("M-2", None), ("moment.csv line 4", held), ("M-4", held)]);
    }
}

#[tokio::test]
async fn bytes_that_are_no_utf_8_hold_their_row_also_in_a_column_that_nobody_reads() {
    let damaged = |rows: &[(&str, usize)]| {
        let text = treatments(rows).replace("ended_on\n", "ended_on;anm\n").replace("20\n", "20;\n");
        [text.as_bytes(), b"M-9;a;b;c;d;e;f;sm\xF6rg\xE5s\n"].concat()
    };
    let (few, many) = ([("M-1", 1)], [("M-1", 1), ("M-2", 2), ("M-3", 3)]);
    for (keys, rows, fault) in [
        // More broken bytes than letters: the file is taken for Windows-1252. The other way round it is damaged UTF-8.
        ("", &few[..], None),
        ("", &many, Some(Rule::TextUndecodable)),
        ("encoding = \"utf-8\"", &few, Some(Rule::TextUndecodable)),
    ] {
        let export = Export::good(keys);
        export.write("moment.csv", damaged(rows));
        let told: Vec<_> = export.treatments().await.iter().map(SourceRow::fault).collect();
        assert_eq!(told.split_last(), Some((&fault, &vec![None; rows.len()][..])), "{keys}");
    }
}

#[tokio::test]
async fn a_spreadsheets_own_marks_are_no_part_of_a_value() {
    let export = Export::good("");
    let who = person(1);
    let text = treatments(&[("M-1", 1)]).replace(&who, &format!("=\"{who}\""));
    export.write("moment.csv", format!("sep=;\r\n{text}"));
    export.write("moment2.csv", treatments(&[("M-2", 1)]).replace(&who, &format!("\"=\"\"{who}\"\"\"")));
    let rows = export.treatments().await;
    assert_eq!(rows.iter().map(|row| row.get("person_id")).collect::<Vec<_>>(), [Some(who.as_str()); 2]);
}
