//! Every table on one page that stands alone and can be printed, with what it was made from, the code book's marks and the methods.
//!
//! Promises: no script, nothing from elsewhere; the figures of the files, none else.

use maud::{DOCTYPE, Markup, html};
use schemas::language::Language;

use super::csv::MARKS;
use super::manifest::About;
use super::{labels, methods};
use crate::extract::sheet::{Cell, Sheet};
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
                @for part in methods::text(about, language).split("\n\n") { p { (part) } }
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
                caption { (language.pick("Underlaget i sin helhet; efter ", "The whole data set; by ")) (sheet.split_by) }
                thead { tr { @for column in &sheet.columns {
                    th scope="col" class=[(!column.is_key).then_some("n")] { (column.title.pick(language)) }
                } } }
                tbody { @for row in &sheet.rows { tr {
                    @for (cell, column) in row.iter().zip(&sheet.columns) {
                        @if column.is_key { th scope="row" { (label(&column.name, cell, language)) } }
                        @else { td.n { (figure(cell, language)) } }
                    }
                } } }
            } }
        }
    }
}

fn label(column: &str, cell: &Cell, language: Language) -> String {
    let code = cell.text();
    let (sv, en) = labels::code(column, &code);
    language.pick(sv, en)
}

fn figure(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Figure { value, decimals } => language.number(*value, *decimals),
        Cell::Code(_) | Cell::Mark(_) => cell.text(),
    }
}
