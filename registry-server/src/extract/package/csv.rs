//! Tables as comma separated values, the code book, and what each column means in the form of CSV on the Web.
//!
//! Promises: a program for tables works no cell out as a formula; a figure stands with a decimal point.

use schemas::language::Language::{self, En, Sv};
use schemas::language::Text;
use serde_json::json;

use super::PackageError;
use super::manifest::About;
use crate::extract::sheet::{Cell, HIDDEN, NOT_APPLICABLE, NOT_REPORTED, Sheet};
use crate::extract::whole::Stated;
use crate::report::render::harmless;

/// The table.
pub(crate) fn table(sheet: &Sheet) -> Result<Vec<u8>, PackageError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(sheet.columns.iter().map(|column| column.name.as_str()))?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(Cell::in_file))?;
    }
    done(writer)
}

/// The table's columns, in the vocabulary of CSV on the Web (W3C, 2015).
pub(super) fn metadata(sheet: &Sheet, about: &About) -> Vec<u8> {
    let column = |column: &crate::extract::sheet::Column| {
        let [sv, en] = both(&column.title);
        let [meaning_sv, meaning_en] = both(&column.meaning);
        json!({
            "name": column.name, "titles": { "sv": sv, "en": en },
            "dc:description": { "sv": meaning_sv, "en": meaning_en },
            "datatype": "string", "required": true,
        })
    };
    let keys: Vec<&str> = sheet.columns.iter().filter(|one| one.is_key).map(|one| one.name.as_str()).collect();
    let [sv, en] = both(&sheet.title);
    let document = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": format!("{}.csv", sheet.name()),
        "dc:title": { "sv": sv, "en": en },
        "dc:source": { "sv": about.citation(Sv), "en": about.citation(En) },
        "dc:description": { "sv": marks(Sv), "en": marks(En) },
        "tableSchema": { "columns": sheet.columns.iter().map(column).collect::<Vec<_>>(), "primaryKey": keys },
    });
    let mut text = format!("{document:#}");
    text.push('\n');
    text.into_bytes()
}

/// The marks, in a line.
pub(super) fn marks(language: Language) -> String {
    MARKS.map(|(mark, sv, en)| format!("{mark} {}", language.pick(sv, en))).join("; ")
}

/// Every column and code of every table, with what it means.
pub(super) fn code_book((sheets, about): (&[Sheet], &About)) -> Result<Vec<u8>, PackageError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["table", "column", "code", "title_sv", "title_en", "meaning_sv", "meaning_en"])?;
    for sheet in sheets {
        for line in lines(sheet) {
            writer.write_record(line.iter().map(|text| harmless(text).into_owned()))?;
        }
    }
    for line in stated(about) {
        writer.write_record(line.iter().map(|text| harmless(text).into_owned()))?;
    }
    for (mark, sv, en) in MARKS {
        writer.write_record(["", "", mark, "", "", sv, en])?;
    }
    done(writer)
}

/// What the marks mean.
pub(super) const MARKS: [(&str, &str, &str); 4] = [
    (HIDDEN, "dold, för att inte röja någon", "kept back, so that nobody is told of"),
    (NOT_REPORTED, "ingenting rapporteras därifrån", "nothing is reported from there"),
    (NOT_APPLICABLE, "det finns inget sådant tal på raden", "there is no such figure in this row"),
    ("0", "ingen, vilket alla vet", "nobody, as everybody knows"),
];

/// How whole the data set is: a line a statement, and a line each of what it is stated of.
pub(super) fn stated(about: &About) -> Vec<[String; 7]> {
    let mut lines = Vec::new();
    for Stated { statement, lines: of } in &about.whole {
        let ([title_sv, title_en], [sv, en]) = (both(&statement.title), both(&statement.meaning));
        let name = statement.name.to_owned();
        lines.push([String::new(), name.clone(), String::new(), title_sv, title_en, sv, en]);
        for (code, title, said) in of {
            let ([title_sv, title_en], [sv, en]) = (both(title), [Sv, En].map(|language| said.text(language)));
            lines.push([String::new(), name.clone(), code.clone(), title_sv, title_en, sv, en]);
        }
    }
    lines
}

/// A line a column, and a line a code of it.
pub(super) fn lines(sheet: &Sheet) -> Vec<[String; 7]> {
    let mut lines = Vec::new();
    for column in &sheet.columns {
        let [title_sv, title_en] = both(&column.title);
        let [meaning_sv, meaning_en] = both(&column.meaning);
        let name = sheet.name();
        lines.push([name.clone(), column.name.clone(), String::new(), title_sv, title_en, meaning_sv, meaning_en]);
        for (code, text) in &column.codes {
            let [sv, en] = both(text);
            lines.push([name.clone(), column.name.clone(), code.clone(), sv, en, String::new(), String::new()]);
        }
    }
    lines
}

/// A text in Swedish and English.
pub(super) fn both(text: &Text) -> [String; 2] {
    [text.pick(Sv).to_owned(), text.pick(En).to_owned()]
}

fn done(writer: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, PackageError> {
    writer.into_inner().map_err(|error| PackageError::Write(error.into_error()))
}
