//! A report as a page that stands alone: every column that tells something, sums marked, notes below; it can be printed and read aloud.

use maud::{DOCTYPE, Markup, html};
use schemas::language::Language;

use crate::report::Report;
use crate::report::figure::Figure;

/// The style of a page: no script, nothing from elsewhere.
pub const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;margin:2rem auto;max-width:90rem;padding:0 1rem}\
h1{font-size:1.4rem}.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
caption{text-align:left;padding:.5rem 0;color:#444;max-width:min(46rem,calc(100vw - 2rem))}\
th,td{padding:.3rem .6rem;border-bottom:1px solid #d5dae1;text-align:left}td.n{white-space:nowrap}tbody th{min-width:6rem;max-width:16rem}\
thead th{border-bottom:2px solid #1b1f24;vertical-align:bottom;white-space:pre-line}td.n,th.n{text-align:right}tr.sum td,tr.sum th{font-weight:600;background:#f3f5f8}\
.notes{color:#333;padding-left:1.2rem}@media print{body{margin:0;max-width:none}.wide{overflow:visible}}";

/// The page.
#[must_use]
pub fn html(report: &Report, language: Language) -> String {
    let page: Markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (report.report) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (report.report) }
                    (sheet(report, language))
                }
            }
        }
    };
    page.into_string()
}

/// What the page holds below its heading: table and notes.
#[must_use]
pub fn sheet(report: &Report, language: Language) -> Markup {
    let places: Vec<usize> = report.telling_keys().into_iter().chain(report.keys..report.columns.len()).collect();
    let meaning = report.notes.first().map_or("", |note| note.pick(language));
    html! {
        @if report.rows.is_empty() {
            p { (language.pick("Det finns inga uppgifter i urvalet.", "There are no data in this selection.")) }
        } @else { div.wide tabindex="0" {
            table {
                caption { (meaning) }
                thead { tr { @for place in &places {
                    th scope="col" .n[*place >= report.keys] { (report.head(*place, language)) }
                } } }
                tbody { @for row in &report.rows { (line(report, (row, &places), language)) } }
            }
        } }
        ul.notes { @for note in report.notes.iter().skip(1) { li { (note.pick(language)) } } }
    }
}

fn line(report: &Report, (row, places): (&[Figure], &[usize]), language: Language) -> Markup {
    html! {
        tr .sum[places.iter().any(|place| row[*place].is_sum())] {
            @for place in places {
                @if *place < report.keys {
                    th scope="row" { (report.text(row, *place, language)) }
                } @else {
                    td.n { (report.text(row, *place, language)) }
                }
            }
        }
    }
}
