//! `attest`: this sender's part of a year's frozen data, shown and signed.

use schemas::attestation::YearCut;
use schemas::exit::Exit;

use super::failure::Failure;
use super::in_charge::in_charge;
use super::print;
use crate::attest;
use crate::config::Config;
use crate::push::{Client, ClientError};

#[derive(Debug, clap::Args)]
pub(super) struct AttestArguments {
    /// The year.
    year: i16,
    /// Who signs for the sender; without it the part is shown and nothing is signed.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &AttestArguments, config: &Config) -> Result<Exit, Failure> {
    let name = arguments.name.as_deref().map(in_charge).transpose()?;
    let client = Client::new(config)?;
    let year = arguments.year;
    let mut shown = match client.cut_of_year(year).await {
        Err(ClientError::Problem(problem)) if problem.kind == schemas::problem::ProblemType::NotFound => {
            let sentence = format!("the register has no frozen data of {year} with anything from this sender");
            return Err(Failure::new(Exit::Usage, sentence));
        }
        answer => answer?,
    };
    if let Some(name) = name {
        let key = config.path(&config.server.key);
        let attestation =
            attest::sign(shown.statement, name, &key).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
        shown = client.attest(&attestation).await?;
    }
    if arguments.json { print::document(&shown) } else { print::text(&text(&shown)) }
}

fn text(shown: &YearCut) -> String {
    let YearCut { statement, name, made_at, stop, comments_until, left, signed_by } = shown;
    let left = match left {
        0 => String::new(),
        left => format!(", of which {left} have left it since with who was withdrawn"),
    };
    let signed = match signed_by {
        Some(name) => format!("signed by {name}"),
        None => "not signed; sign with --name NAME".to_owned(),
    };
    format!(
        "{} ({name}) of {}: made {made_at}, data stop {stop}, comments until {comments_until}\n\
         sender {}: {} treatments{left}\nhash of this part {}\nhash of the whole {}\n{signed}\n",
        statement.cut, statement.year, statement.sender, statement.treatments, statement.share, statement.hash
    )
}
