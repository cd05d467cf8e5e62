//! `person-extract`: what the register holds of persons, for a register extract.

use schemas::exit::Exit;
use schemas::withdrawal::{EXTRACT_SCHEMA, ExtractRequest, MOST_PERSONS, PersonExtract};

use super::failure::Failure;
use super::{objections, print, secret};
use crate::config::Config;
use crate::person;
use crate::pseudonymise::pseudonym_of;
use crate::push::Client;
use crate::setup::Setup;
use crate::withdraw;

#[derive(Debug, clap::Args)]
pub(super) struct PersonExtractArguments {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &PersonExtractArguments, config: Config) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let persons = withdraw::once_each(&setup, &secret::persons(&setup.lists)?);
    if persons.is_empty() {
        return Err(Failure::new(Exit::Usage, "standard input names nobody; write one number a line"));
    }
    let client = Client::new(&setup.config)?;
    // Who asked is written down before anything is told.
    objections::note(&setup, "person-extract", (persons.len() as u64, None)).await?;
    let mut whole = PersonExtract { schema: EXTRACT_SCHEMA.into(), found: 0, withdrawn: 0, documents: Vec::new() };
    for persons in persons.chunks(MOST_PERSONS) {
        let persons = persons.iter().map(|one| pseudonym_of(setup.keys.id(), one.person)).collect();
        let extract = client.person_extract(&ExtractRequest { persons }).await?;
        whole.found += extract.found;
        whole.withdrawn += extract.withdrawn;
        whole.documents.extend(extract.documents);
    }
    if arguments.json { print::document(&whole) } else { print::text(&person::text(&whole)) }
}
