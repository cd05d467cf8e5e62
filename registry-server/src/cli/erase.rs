//! `erase-now`: erased bytes are removed from the database's files at once, not in the night to come. `disclosures`: who was told what
//! the register holds of a person.

use schemas::exit::Exit;

use super::{Call, Form, print_json};
use crate::erase;
use crate::failure::Failure;
use crate::store::{Cleaned, Cleaning, Opening};

/// Removes them.
pub(super) async fn now(call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let at = call.environment.now();
    let cleaned = erase::clean(&*store, Cleaning { up_to: at, at }).await;
    store.close().await;
    let Cleaned { erasures, left } = cleaned?;
    match call.form {
        Form::Text => {
            println!(
                "{}",
                match erasures {
                    0 => "no erasure waits for its bytes to be removed".to_owned(),
                    1 => "the bytes of 1 erasure were removed from the database's files".to_owned(),
                    number => format!("the bytes of {number} erasures were removed from the database's files"),
                }
            );
            for sentence in &left {
                println!("left to do: {sentence}");
            }
        }
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-erase-now/1", "erasures": erasures, "left": left,
        })),
    }
    Ok(if left.is_empty() { Exit::Done } else { Exit::Partly })
}

/// Shows every extract that a sender was given.
pub(super) async fn disclosures(call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let ledger = store.ledger().await;
    store.close().await;
    let disclosures = ledger?.disclosures;
    if call.form == Form::Json {
        let rows: Vec<_> = disclosures
            .iter()
            .map(|line| {
                serde_json::json!({
                    "sender": line.sender, "at": line.at, "persons": line.persons, "found": line.found,
                    "documents": line.documents,
                })
            })
            .collect();
        print_json(&serde_json::json!({ "schema": "registry-server-disclosures/1", "disclosures": rows }));
        return Ok(Exit::Done);
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["sender", "time", "persons asked for", "found", "treatments told"]);
    for line in disclosures {
        let numbers = [line.persons, line.found, line.documents].map(|number| number.to_string());
        let [persons, found, documents] = numbers;
        table.add_row([line.sender.to_string(), line.at, persons, found, documents]);
    }
    println!("{table}");
    Ok(Exit::Done)
}
