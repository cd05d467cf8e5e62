//! `duplicates`: treatments that two senders may both have delivered.

use schemas::exit::Exit;

use super::{Call, Form, print_json};
use crate::duplicates::{PossibleDuplicates, possible_duplicates};
use crate::failure::Failure;
use crate::store::Opening;

/// Prints the counts.
pub(super) async fn run(call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let facts = store.facts(&[]).await;
    store.close().await;
    let pairs = possible_duplicates(&facts?.treatments);
    match call.form {
        Form::Json => print_json(&serde_json::json!({ "schema": "registry-server-duplicates/1", "pairs": pairs })),
        Form::Text => print(&pairs),
    }
    Ok(Exit::Done)
}

fn print(pairs: &[PossibleDuplicates]) {
    if pairs.is_empty() {
        return println!("no two senders have treatments of the same programme, start, sex and year of birth");
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["sender", "and", "possible duplicates"]);
    for PossibleDuplicates { senders: [one, other], treatments } in pairs {
        table.add_row([one.clone(), other.clone(), treatments.to_string()]);
    }
    println!("{table}");
    println!(
        "same programme, start, sex and year of birth; without a key that links senders nobody can tell which are one person"
    );
}
