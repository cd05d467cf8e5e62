//! The first page of the evidence, in Swedish and in English.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, html};
use schemas::canonical::sha256_hex;

use super::{File, Subject};
use crate::outbox::Year;

/// The page.
pub(super) fn page(subject: &Subject<'_>, year: &Year, files: &[File]) -> String {
    let title = format!("{} {}", subject.sender, subject.year);
    let markup = html! {
        (DOCTYPE)
        html lang="sv" {
            head {
                meta charset="utf-8";
                title { "Leveranser till registret " (title) }
            }
            body {
                h1 { "Leveranser till registret " (title) }
                p { "Ingående personer, pseudonymer och lokala id:n finns inte i dessa filer. Tider är UTC. Miljö: " (subject.environment) "." }
                h1 lang="en" { "Deliveries to the register " (title) }
                p lang="en" { "No person, pseudonym or local id stands in these files. Times are UTC. Check a receipt with " code { "registry-agent receipt verify FILE" } "." }
                (counted(year))
                (list(files))
            }
        }
    };
    markup.into_string()
}

fn counted(year: &Year) -> Markup {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, term, _, n) in &year.counts {
        *sums.entry(term).or_default() += n;
    }
    html! {
        table {
            caption { "Årets körningar: " (year.cycles.len()) " / " span lang="en" { "Runs of the year: " (year.cycles.len()) } }
            tbody { @for (term, n) in sums { tr { th scope="row" { (term) } td { (n) } } } }
        }
    }
}

fn list(files: &[File]) -> Markup {
    html! {
        table {
            caption { "Filer / " span lang="en" { "Files" } }
            thead { tr { th scope="col" { "Fil / File" } th scope="col" { "Innehåll / Contents" } th scope="col" { "SHA-256" } } }
            tbody {
                @for file in files {
                    tr {
                        td { a href=(file.name) { (file.name) } }
                        td { (about(file).0) " / " span lang="en" { (about(file).1) } }
                        td { code { (sha256_hex(&file.bytes)) } }
                    }
                }
            }
        }
    }
}

fn about(file: &File) -> (&'static str, &'static str) {
    match file.name.split_once('/') {
        Some(("receipts", _)) => ("Registrets kvittens", "Receipt of the register"),
        Some(("erasures", _)) => ("Kvittens på radering", "Receipt of an erasure"),
        _ => file.about,
    }
}
