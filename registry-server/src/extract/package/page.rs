//! Every table on one page that stands alone and can be printed, with what it was made from, the code book's marks and the methods.
//!
//! Promises: no script, nothing from elsewhere; the figures of the files, none else.

use maud::{DOCTYPE, Markup, html};
use schemas::language::Language;

use super::csv::MARKS;
use super::manifest::About;
use super::methods;
use crate::extract::sheet::{Cell, Column, Sheet};
use crate::report::render::html::STYLE;

/// The page.
pub(super) fn page(sheets: &[Sheet], about: &About, language: Language) -> String {
    let word = |sv: &'static str, en: &'static str| language.pick(sv, en);
    let title = format!("{} {}", word("Registeruttag", "Register extract"), about.request);
    let page: Markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body { main {
                h1 { (title) }
                table {
                    caption { (word("Vad tabellerna är gjorda av", "What the tables were made from")) }
                    tbody { @for (name, text) in about.lines(language) { tr { th scope="row" { (name) } td { (text) } } } }
                }
                ul.notes { @for (mark, sv, en) in MARKS { li { strong { (mark) } " " (word(sv, en)) } } }
                @for sheet in sheets { (table(sheet, language)) }
                h2 { (word("Metod", "Methods")) }
                @for part in methods::text((sheets, about), language).split("\n\n") { p { (part) } }
            } }
        }
    };
    page.into_string()
}

fn table(sheet: &Sheet, language: Language) -> Markup {
    html! {
        section {
            h2 { (sheet.name()) ". " (sheet.title.pick(language)) }
            div.wide { table {
                caption { (language.pick(
                    "Personer i hela underlaget, avrundade slumpmässigt till en multipel av fem",
                    "Persons of the whole data set, rounded at random to a multiple of five",
                )) }
                thead { tr { @for column in &sheet.columns {
                    th scope="col" class=[(!column.is_key).then_some("n")] { (column.title.pick(language)) }
                } } }
                tbody { @for row in &sheet.rows { tr {
                    @for (cell, column) in row.iter().zip(&sheet.columns) {
                        @if column.is_key { th scope="row" { (label(column, cell, language)) } }
                        @else { td.n { (figure(cell, language)) } }
                    }
                } } }
            } }
        }
    }
}

fn label(column: &Column, cell: &Cell, language: Language) -> String {
    column.name_of(&cell.text()).pick(language).to_owned()
}

fn figure(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Figure { value, decimals } => language.number(*value, *decimals),
        Cell::Code(_) | Cell::Mark(_) => cell.text(),
    }
}
