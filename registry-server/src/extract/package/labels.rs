//! Label syntax for SPSS and Stata: reads a table's CSV file, labels its columns, and turns each mark into a missing value of its own.
//!
//! Promises: no mark becomes a number that could be counted.

use std::fmt::Write as _;

use super::csv::both;
use crate::extract::sheet::{HIDDEN, NOT_APPLICABLE, NOT_REPORTED, Sheet};

/// The marks as missing values: in SPSS by number, in Stata by letter.
const MISSING: [(&str, i32, char, &str); 3] = [
    (HIDDEN, -999_999_997, 'h', "kept back"),
    (NOT_REPORTED, -999_999_998, 'r', "not reported"),
    (NOT_APPLICABLE, -999_999_999, 'n', "not applicable"),
];

/// The name of a column as both programs take it.
fn variable(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    // Room for `_code` within the 32 that Stata takes.
    if plain.len() > 27 { plain[..27].to_owned() } else { plain }
}

/// A text between quotation marks of the kind given.
fn quoted(text: &str, mark: char) -> String {
    let inner = text.replace(['\n', '\r'], " ").replace(mark, &format!("{mark}{mark}"));
    format!("{mark}{inner}{mark}")
}

/// SPSS.
pub(super) fn spss(sheet: &Sheet) -> String {
    let (name, [_, title], mut text) = (sheet.name(), both(&sheet.title), String::new());
    let _ = writeln!(
        text,
        "* Labels of {name}.csv: {title}.\nGET DATA /TYPE=TXT /FILE='{name}.csv' /ENCODING='UTF8' /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2\n  /VARIABLES="
    );
    for column in &sheet.columns {
        let _ = writeln!(text, "  {} A80", variable(&column.name));
    }
    text.push_str("  .\n");
    for column in sheet.columns.iter().filter(|column| !column.is_key) {
        let name = variable(&column.name);
        for (mark, number, ..) in MISSING {
            let _ = writeln!(text, "IF (RTRIM({name}) = '{mark}') {name} = '{number}'.");
        }
        let _ = writeln!(
            text,
            "ALTER TYPE {name} (F12.2).\nMISSING VALUES {name} ({}).",
            MISSING.map(|(_, number, ..)| number.to_string()).join(", ")
        );
        let labels: Vec<String> = MISSING.iter().map(|(_, number, _, label)| format!("{number} '{label}'")).collect();
        let _ = writeln!(text, "VALUE LABELS {name} {}.", labels.join(" "));
    }
    for column in &sheet.columns {
        let [_, title] = both(&column.title);
        let _ = writeln!(text, "VARIABLE LABELS {} {}.", variable(&column.name), quoted(&title, '\''));
    }
    for (column, codes) in codes(sheet) {
        let labels: Vec<String> =
            codes.iter().map(|(code, label)| format!("{} {}", quoted(code, '\''), quoted(label, '\''))).collect();
        let _ = writeln!(text, "VALUE LABELS {} {}.", variable(column), labels.join(" "));
    }
    text.push_str("EXECUTE.\n");
    text
}

/// Stata.
pub(super) fn stata(sheet: &Sheet) -> String {
    let (name, [_, title], mut text) = (sheet.name(), both(&sheet.title), String::new());
    let _ = writeln!(
        text,
        "* Labels of {name}.csv: {title}\nversion 14\nimport delimited using \"{name}.csv\", varnames(1) stringcols(_all) encoding(\"utf-8\") clear case(preserve)"
    );
    // Stata makes its own names of headings that are none; the order is the file's.
    for (place, column) in (1..).zip(&sheet.columns) {
        let _ = writeln!(
            text,
            "quietly ds\nlocal column : word {place} of `r(varlist)'\ncapture rename `column' {}",
            variable(&column.name)
        );
    }
    for column in sheet.columns.iter().filter(|column| !column.is_key) {
        let name = variable(&column.name);
        let _ = writeln!(text, "generate double {name}_ = real({name})");
        for (mark, _, letter, _) in MISSING {
            let _ = writeln!(text, "replace {name}_ = .{letter} if {name} == \"{mark}\"");
        }
        let _ = writeln!(text, "drop {name}\nrename {name}_ {name}");
    }
    let labels: Vec<String> = MISSING.iter().map(|(_, _, letter, label)| format!(".{letter} \"{label}\"")).collect();
    let _ = writeln!(text, "label define marks {}", labels.join(" "));
    for column in &sheet.columns {
        let [_, title] = both(&column.title);
        let name = variable(&column.name);
        let _ = writeln!(text, "label variable {name} {}", quoted(&title, '"'));
        if !column.is_key {
            let _ = writeln!(text, "label values {name} marks");
        }
    }
    for (column, codes) in codes(sheet) {
        let name = variable(column);
        let _ = writeln!(text, "encode {name}, generate({name}_code)");
        for (code, label) in codes {
            let clean = code.replace(['\n', '\r', '`', '"'], " ");
            let _ = writeln!(text, "note {name}: {clean} = {}", label.replace(['\n', '\r', '`', '"'], " "));
        }
    }
    text
}

/// The codes of each key column with their English names.
fn codes(sheet: &Sheet) -> Vec<(&str, Vec<(&str, String)>)> {
    let keys = sheet.columns.iter().filter(|column| column.is_key);
    keys.map(|column| {
        let named = column.codes.iter().map(|(code, name)| (code.as_str(), both(name)[1].clone()));
        (column.name.as_str(), named.collect())
    })
    .collect()
}
