//! The pages of a yearbook: contents with charts and what must stand beside them, and a page a table.
//!
//! Promises: no script and no style but the book's own file, so that a strict host shows them; every link is to a file of the book.

use maud::{DOCTYPE, Markup, html};
use schemas::language::Language;

use super::chapters::Chapter;
use super::drawn::Chart;
use super::{Bound, Edition, INDEX, MANIFEST, STYLE, WORKBOOK, file};
use crate::report::parameters::Audience;
use crate::report::render::html::{STYLE as SHEET, sheet};

/// What the book's pages have beside the style of a report's page.
const OWN: &str = "img{max-width:100%;height:auto;border:1px solid #d5dae1}figure{margin:1rem 0}section{margin:2.5rem 0}\
h2{font-size:1.2rem}nav li,.links li{margin:.15rem 0}a{color:#00507f}";

/// A table of more rows has no page: no browser shows it well, and its files hold all of it.
pub(super) const MOST_ROWS: usize = 5000;

/// The style of every page.
pub(super) fn style() -> String {
    format!("{SHEET}\n{OWN}\n")
}

/// The name of a table's page.
pub(super) fn name(chapter: &Chapter) -> String {
    format!("{}.html", chapter.name())
}

/// The page to begin with.
pub(super) fn index(edition: &Edition, bound: &[Bound]) -> String {
    let word = |sv: &'static str, en: &'static str| edition.language.pick(sv, en);
    let whom = match edition.audience {
        Audience::Internal => word(
            "Exakta siffror för granskning, inte för publicering.",
            "Exact figures for review, not for publication.",
        ),
        Audience::Research | Audience::Public => word(
            "Siffror som kan visa för få personer är dolda (*). En tom ruta är inte definierad, 0 är noll.",
            "Figures that may tell of too few persons are hidden (*). An empty cell is not defined, 0 is zero.",
        ),
    };
    page(
        edition.language,
        &edition.title(),
        &html! {
            h1 { (edition.title()) }
            p { (whom) }
            ul.notes { @for note in edition.about() { li { (note) } } }
            ul.links {
                li { a href=(WORKBOOK) { (word("Alla tabeller som en arbetsbok (XLSX)", "All tables as one workbook (XLSX)")) } }
                li { a href=(MANIFEST) { (word("Kontrollsummor för alla filer", "Checksums of all files")) } }
            }
            nav aria-label=(word("Innehåll", "Contents")) {
                h2 { (word("Innehåll", "Contents")) }
                ol { @for one in bound {
                    li { a href={ "#" (one.chapter.name()) } { (one.chapter.title.pick(edition.language)) } }
                } }
            }
            @for one in bound { (section(one, edition.language)) }
        },
    )
}

/// The page of a table; nothing for one that is too long.
pub(super) fn table(edition: &Edition, bound: &Bound) -> Option<String> {
    let title = bound.chapter.title.pick(edition.language);
    has_page(bound).then(|| {
        let body = html! {
            p { a href=(INDEX) { (edition.title()) } }
            h1 { (title) }
            (sheet(bound.report, edition.language))
        };
        page(edition.language, title, &body)
    })
}

fn has_page(bound: &Bound) -> bool {
    bound.report.rows.len() <= MOST_ROWS
}

fn section(bound: &Bound, language: Language) -> Markup {
    let Bound { chapter, report, charts } = bound;
    let notes: Vec<&str> = report.notes.iter().map(|note| note.pick(language)).collect();
    html! {
        section id=(chapter.name()) {
            h2 { (chapter.title.pick(language)) }
            p { (notes.first().copied().unwrap_or_default()) }
            ul.links {
                li {
                    @if has_page(bound) { a href=(name(chapter)) { (language.pick("Tabell", "Table")) } " · " }
                    a href={ (chapter.name()) ".csv" } { "CSV" }
                }
                li { (report.report) ", definition " (report.definition_version) }
            }
            @for chart in charts { (figure((chapter, chart), language)) }
            ul.notes { @for note in notes.iter().skip(1) { li { (note) } } }
        }
    }
}

fn figure((chapter, chart): (&Chapter, &Chart), language: Language) -> Markup {
    let alternative = language.pick("Diagram. Siffrorna finns i tabellen.", "Chart. The figures are in the table.");
    html! {
        figure {
            img src=(file(chapter, chart, "svg")) alt={ (chart.title) ". " (alternative) };
            figcaption {
                (chart.title) " · " a href=(file(chapter, chart, "svg")) { "SVG" } " · " a href=(file(chapter, chart, "png")) { "PNG" }
            }
        }
    }
}

fn page(language: Language, title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href=(STYLE);
            }
            body { main { (body) } }
        }
    }
    .into_string()
}
