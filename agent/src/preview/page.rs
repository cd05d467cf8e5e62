//! A preview as a page for the diary.
//!
//! Promises: no pseudonym and no id of the source stands in it, only short record keys, which nobody outside the region's keys can
//! trace; one file that needs nothing else.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::label::{FIELDS, field};
use super::plain::{changes, counts, fields, kind};
use super::{Preview, Shown};
use schemas::language::Language;

/// The page. `made` is the moment in the region's own time, `sender` who would send.
#[must_use]
pub fn page(preview: &Preview, (sender, made): (&str, &str), language: Language) -> String {
    let title = language.pick("Förhandsgranskning av leverans", "Preview of a delivery");
    let markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) " " (made) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                dl {
                    dt { (language.pick("Avsändare", "Sender")) } dd { (sender) }
                    dt { (language.pick("Framställd", "Made")) } dd { (made) }
                    dt { (language.pick("Innehållets SHA-256", "SHA-256 of the payload")) } dd { code { (preview.payload_sha256) } }
                }
                @for sentence in preview.pending.iter().flat_map(|pending| pending.sentences(language)) { p { (sentence) } }
                (summary(preview, language))
                h2 { (language.pick("Poster", "Records")) }
                @for record in &preview.records { (one(record, language)) }
                @let left = preview.to_show().saturating_sub(preview.records.len() as u64);
                @if left > 0 {
                    p { (left) " " (language.pick("poster till visas inte här.", "more records are not shown here.")) }
                }
            }
        }
    };
    markup.into_string()
}

fn summary(preview: &Preview, language: Language) -> Markup {
    html! {
        table {
            caption { (language.pick("Vad som skulle skickas och inte", "What would be sent, and what not")) }
            thead { tr {
                th scope="col" { (language.pick("Vad", "What")) }
                th scope="col" { (language.pick("Antal", "Number")) }
                th scope="col" { (language.pick("Därför", "Because")) }
            } }
            tbody {
                @for count in counts(preview, language) {
                    tr { th scope="row" { (count.name) } td.number { (count.n) } td {} }
                    @for (n, rule, words) in count.reasons {
                        tr { td {} td.number { (n) } td { code { (rule) } " " (words) } }
                    }
                }
            }
        }
    }
}

fn one(record: &Shown, language: Language) -> Markup {
    let person = field(FIELDS[0].0, language);
    html! {
        section {
            h3 { (kind(record, language)) " " code { (record.key) } }
            table {
                tbody {
                    @for (name, value) in fields(&record.content, language).iter().filter(|(name, _)| *name != person) {
                        tr { th scope="row" { (name) } td { (value) } }
                    }
                }
            }
            @let changed = changes(record, language);
            @if !changed.is_empty() {
                ul { @for (name, before, now) in changed { @if name != person { li { (name) ": " (before) " → " (now) } } } }
            }
        }
    }
}

const STYLE: &str = "
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; } h3 { font-size: 1rem; margin-bottom: .3rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .15rem .8rem .15rem 0; border-bottom: 1px solid #ccc; font-weight: normal; }
thead th { font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; }
section { break-inside: avoid; }
";
