//! The tables as a workbook: what it is, a sheet a table, and the code book.
//!
//! Promises: figures are numbers, marks are texts, no cell is a formula; the same tables give the same bytes.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use schemas::language::Language;

use super::csv::{MARKS, lines, stated};
use super::manifest::About;
use crate::extract::sheet::{Cell, Sheet};

/// Widths of columns, in characters.
const WIDE: f64 = 26.0;
const NARROW: f64 = 12.0;

/// The workbook's bytes.
pub(super) fn workbook(sheets: &[Sheet], about: &About) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(about.made_at.as_second())?;
    workbook.set_properties(&DocProperties::new().set_title(about.title()).set_creation_datetime(&made_at));
    let head = Format::new().set_bold().set_text_wrap();
    for (name, language) in [("om", Language::Sv), ("about", Language::En)] {
        let page = workbook.add_worksheet();
        page.set_name(name)?.set_column_width(0, 2.0 * WIDE)?.set_column_width(1, 3.0 * WIDE)?;
        for (row, (name, text)) in (0..).zip(about.lines(language)) {
            page.write_string_with_format(row, 0, name, &head)?.write_string(row, 1, text)?;
        }
    }
    for sheet in sheets {
        table(workbook.add_worksheet(), sheet, &head)?;
    }
    code_book(workbook.add_worksheet(), (sheets, about), &head)?;
    workbook.save_to_buffer()
}

fn table(page: &mut Worksheet, sheet: &Sheet, head: &Format) -> Result<(), XlsxError> {
    page.set_name(sheet.name())?.set_freeze_panes(1, 0)?;
    for (column, one) in (0_u16..).zip(&sheet.columns) {
        page.write_string_with_format(0, column, &one.name, head)?;
        page.set_column_width(column, if one.is_key { WIDE } else { NARROW })?;
    }
    for (line, row) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell {
                Cell::Figure { value, .. } => page.write_number(line, column, *value)?,
                Cell::Code(_) | Cell::Mark(_) => page.write_string(line, column, cell.text())?,
            };
        }
    }
    Ok(())
}

fn code_book(page: &mut Worksheet, (sheets, about): (&[Sheet], &About), head: &Format) -> Result<(), XlsxError> {
    page.set_name("code book")?.set_freeze_panes(1, 0)?;
    let names = ["table", "column", "code", "title_sv", "title_en", "meaning_sv", "meaning_en"];
    for (column, name) in (0_u16..).zip(names) {
        page.write_string_with_format(0, column, name, head)?.set_column_width(column, WIDE)?;
    }
    let own = sheets.iter().flat_map(lines);
    let marks = MARKS.map(|(mark, sv, en)| ["", "", mark, "", "", sv, en].map(str::to_owned));
    for (row, line) in (1_u32..).zip(own.chain(stated(about)).chain(marks)) {
        for (column, text) in (0_u16..).zip(line) {
            page.write_string(row, column, text)?;
        }
    }
    Ok(())
}
