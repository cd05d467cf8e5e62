//! The tables as one workbook: contents first, then a sheet a table.
//!
//! Promises: numbers are numbers and shares are shown per cent; a hidden figure is `*`, an undefined one an empty cell; texts are texts,
//! also when they begin as formulas do; the same tables give the same bytes.

use jiff::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use schemas::language::Language;

use super::chapters::Chapter;
use crate::figure::Figure;
use crate::report::Report;
use crate::report::heading::{Unit, heading_in};
use crate::report::render::number;

/// Widths of columns, in characters.
const WIDE: f64 = 28.0;
const NARROW: f64 = 14.0;
/// Where a sheet's table begins: below its heading.
const TABLE: u32 = 3;

/// What the cells look like.
struct Formats {
    title: Format,
    head: Format,
    text: Format,
    count: Format,
    number: Format,
    share: Format,
}

/// The workbook's bytes; `made_at` is the moment that it says it was made, `about` what stands on its first sheet.
///
/// # Errors
/// When a table does not fit into a sheet.
pub(super) fn workbook(
    tables: &[(&Chapter, Report)],
    (name, about): (&str, &[String]),
    (made_at, language): (Timestamp, Language),
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(made_at.as_second())?;
    workbook.set_properties(&DocProperties::new().set_title(name).set_creation_datetime(&made_at));
    let formats = Formats::new();
    contents(workbook.add_worksheet(), (name, about, tables), &formats, language)?;
    for (chapter, report) in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(chapter.name())?;
        table(sheet, (chapter, report), &formats, language)?;
    }
    workbook.save_to_buffer()
}

type Contents<'a> = (&'a str, &'a [String], &'a [(&'a Chapter, Report)]);

fn contents(
    sheet: &mut Worksheet,
    (name, about, tables): Contents,
    formats: &Formats,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.set_name(language.pick("innehåll", "contents"))?;
    sheet.set_column_width(0, WIDE)?.set_column_width(1, 2.0 * WIDE)?;
    sheet.write_string_with_format(0, 0, name, &formats.title)?;
    let mut row = 1;
    for line in about {
        sheet.write_string(row, 0, line)?;
        row += 1;
    }
    row += 1;
    for (chapter, report) in tables {
        sheet.write_string(row, 0, chapter.name())?;
        sheet.write_string(row, 1, chapter.title.pick(language))?;
        sheet.write_string(row, 2, format!("definition {}", report.definition_version))?;
        row += 1;
    }
    Ok(())
}

fn table(
    sheet: &mut Worksheet,
    (chapter, report): (&Chapter, &Report),
    formats: &Formats,
    language: Language,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, chapter.title.pick(language), &formats.title)?;
    sheet.write_string(1, 0, report.notes.first().map_or("", |note| note.pick(language)))?;
    for (column, place) in (0_u16..).zip(0..report.columns.len()) {
        sheet.write_string_with_format(TABLE, column, report.head(place, language), &formats.head)?;
        sheet.set_column_width(column, if place < report.keys { WIDE } else { NARROW })?;
    }
    let mut line = TABLE;
    for row in &report.rows {
        line += 1;
        for ((column, place), figure) in (0_u16..).zip(0..).zip(row) {
            match figure {
                Figure::Text(_) => {
                    sheet.write_string_with_format(line, column, report.text(row, place, language), &formats.text)?
                }
                Figure::Count(count) => sheet.write_number_with_format(line, column, *count as f64, &formats.count)?,
                Figure::Number(number) => sheet.write_number_with_format(
                    line,
                    column,
                    *number,
                    formats.of(report.report, &report.columns[place]),
                )?,
                Figure::Hidden => sheet.write_string_with_format(line, column, number::HIDDEN, &formats.text)?,
                Figure::Undefined => sheet,
            };
        }
    }
    for (place, note) in (line + 2..).zip(report.notes.iter().skip(1)) {
        sheet.write_string(place, 0, note.pick(language))?;
    }
    sheet.set_freeze_panes(TABLE + 1, u16::try_from(report.keys).unwrap_or(0))?;
    Ok(())
}

impl Formats {
    fn new() -> Self {
        Self {
            title: Format::new().set_bold().set_font_size(14),
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            text: Format::new(),
            count: Format::new().set_num_format("#,##0"),
            number: Format::new().set_num_format("0.00"),
            share: Format::new().set_num_format("0.0%"),
        }
    }

    fn of(&self, report: &str, column: &str) -> &Format {
        match heading_in(report, column).map(|heading| heading.unit) {
            Some(Unit::Share) => &self.share,
            Some(Unit::Count | Unit::PersonYears) => &self.count,
            _ => &self.number,
        }
    }
}
