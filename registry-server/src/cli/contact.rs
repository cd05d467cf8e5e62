//! `contact add`, `contact list`, `contact confirm` and `contact remove`: whom to turn to at a sender.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use schemas::exit::Exit;
use schemas::id::SenderCode;

use super::{Call, Form, line, print_json};
use crate::failure::Failure;
use crate::store::alarm::{Contact, ContactRole, Mark};
use crate::store::{Opening, Store};

/// Longest mail address that can be sent to (RFC 5321, 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Enter a person to turn to at a sender; alarms go there first
    Add(New),
    /// Show every contact
    List,
    /// Note that a contact is still right; asked for once a year
    Confirm {
        /// The number of the contact
        number: u32,
        /// Who says so
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Forget a contact
    Remove {
        /// The number of the contact
        number: u32,
    },
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// A county code, or P01 to P99
    code: SenderCode,
    /// What the person answers for
    #[arg(long, value_parser = PossibleValuesParser::new(ContactRole::ALL.map(ContactRole::word)))]
    role: String,
    /// Name
    #[arg(long)]
    name: String,
    /// Mail address
    #[arg(long)]
    email: String,
    /// Number of the contact that the person stands in for
    #[arg(long, value_name = "NUMBER")]
    deputy_of: Option<u32>,
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let store = call.store(Opening::Existing).await?;
    let exit = run_on(&*store, command, call).await;
    store.close().await;
    exit
}

async fn run_on(store: &dyn Store, command: Command, call: &Call) -> Result<Exit, Failure> {
    let mark = Mark { stamp: call.environment.stamp(), person: None };
    let unknown = |number: u32| Failure::usage(format!("there is no contact {number}; `contact list` shows every one"));
    match command {
        Command::Add(new) => {
            let number = add(store, new, mark).await?;
            println!("contact {number} is entered");
        }
        Command::List => list(&store.contacts().await?, call.form),
        Command::Confirm { number, by } => {
            if !store.confirm_contact(number, &line("--by", &by)?, mark).await? {
                return Err(unknown(number));
            }
            println!("contact {number} is confirmed");
        }
        Command::Remove { number } => {
            if !store.remove_contact(number, mark).await? {
                return Err(unknown(number));
            }
            println!("contact {number} is removed");
        }
    }
    Ok(Exit::Done)
}

async fn add(store: &dyn Store, new: New, mark: Mark) -> Result<u32, Failure> {
    let New { code: sender, role, name, email, deputy_of } = new;
    let (name, email) = (line("--name", &name)?, address(&email)?);
    if store.sender_status(&sender).await?.is_none() {
        return Err(Failure::usage(format!("sender {sender} was never enrolled; `region list` shows those that were")));
    }
    let known = store.contacts().await?;
    if deputy_of.is_some_and(|number| !known.iter().any(|one| one.number == number && one.sender == sender)) {
        return Err(Failure::usage(format!("--deputy-of must be the number of another contact of {sender}")));
    }
    let role = ContactRole::ALL.into_iter().find(|known| known.word() == role).unwrap_or(ContactRole::Technical);
    let confirmed_at = mark.stamp.at;
    let contact = Contact { number: 0, sender, role, name, email, deputy_of, confirmed_at, confirmed_by: None };
    Ok(store.add_contact(&contact, mark).await?)
}

/// An address that a message can be sent to: one `@` with something on each side, and nothing that a mail's head could be broken with.
fn address(text: &str) -> Result<String, Failure> {
    let whole = |text: &&str| text.chars().all(|c| c.is_ascii_graphic() && !"<>,;:\"()[]\\".contains(c));
    let parts = |text: &&str| {
        text.split_once('@').is_some_and(|(one, two)| !one.is_empty() && two.contains('.') && !two.contains('@'))
    };
    let found = Some(text.trim()).filter(|text| text.len() <= LONGEST_ADDRESS).filter(whole).filter(parts);
    found
        .map(ToOwned::to_owned)
        .ok_or_else(|| Failure::usage("--email is a mail address such as agent.drift@region.example.se"))
}

fn list(contacts: &[Contact], form: Form) {
    if form == Form::Json {
        let row = |contact: &Contact| {
            serde_json::json!({
                "number": contact.number, "sender": contact.sender, "role": contact.role.word(),
                "name": contact.name, "email": contact.email, "deputy_of": contact.deputy_of,
                "confirmed_at": contact.confirmed_at, "confirmed_by": contact.confirmed_by,
            })
        };
        let rows: Vec<_> = contacts.iter().map(row).collect();
        return print_json(&serde_json::json!({ "schema": "registry-server-contacts/1", "contacts": rows }));
    }
    if contacts.is_empty() {
        return println!("no contact is entered; `contact add` enters one");
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "sender", "role", "name", "email", "deputy of", "confirmed"]);
    for contact in contacts {
        table.add_row([
            contact.number.to_string(),
            contact.sender.to_string(),
            contact.role.word().to_owned(),
            contact.name.clone(),
            contact.email.clone(),
            contact.deputy_of.map(|number| number.to_string()).unwrap_or_default(),
            contact.confirmed_at.to_string(),
        ]);
    }
    println!("{table}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_or_a_name_cannot_carry_a_line_or_a_second_receiver() {
        assert_eq!(address(" drift@region.example.se ").unwrap(), "drift@region.example.se");
        for bad in
            ["", "drift", "@a.se", "a@b", "a@b.se\r\nBcc: c@d.se", "a@b.se,c@d.se", "<a@b.se>", "å@b.se", "a@b@c.se"]
        {
            assert!(address(bad).is_err(), "{bad:?}");
        }
        assert!(address(&format!("{}@b.se", "a".repeat(LONGEST_ADDRESS))).is_err());
        for bad in ["", " ", "A\nBcc: c@d.se", "A\u{202e}B", "A\u{61c}B", &"a".repeat(201)] {
            assert!(line("--name", bad).is_err(), "{bad:?}");
        }
        assert_eq!(line("--name", " Åsa Öst ").unwrap(), "Åsa Öst");
    }
}
