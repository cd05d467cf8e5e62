//! The example of signed code lists: one programme, and otherwise the headers alone, so that it changes with the columns only.

use schemas::codelist::{Addition, CodeLists, ListName};
use schemas::published_lists::{PublishedBody, PublishedLists};

use super::signing_key;

/// What a register with these lists publishes.
pub(crate) fn published_lists() -> PublishedLists {
    let texts: Vec<Addition> = CodeLists::builtin()
        .texts()
        .into_iter()
        .map(|(list, text)| {
            let mut text = text.lines().next().unwrap_or_default().to_owned() + "\n";
            if list == ListName::Programmes {
                text.push_str("exempelhjalpen,Exempelhjälpen,treatment,,worry,,,false,Exempel;Ex,2025-01-01,,\n");
            }
            Addition { list, file: format!("{list}.csv"), text }
        })
        .collect();
    PublishedBody::of(&CodeLists::of_texts(&texts).unwrap(), "test").sign(&signing_key())
}
