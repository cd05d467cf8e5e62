//! `evidence`: a year's files into a new folder.

use std::path::{Path, PathBuf};

use schemas::exit::Exit;

use super::failure::Failure;
use super::print;
use crate::config::Config;
use crate::evidence::{self, Subject};
use crate::objections::Objections;
use crate::outbox::Outbox;
use crate::setup::Setup;

#[derive(Debug, clap::Args)]
pub(super) struct EvidenceArguments {
    /// The year, UTC.
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(2000..=9999))]
    year: i16,
    /// The folder to make.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) async fn run(arguments: &EvidenceArguments, config: Config) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let state_dir = setup.config.state_dir();
    let Some(mut outbox) = Outbox::open_to_read(&state_dir).await? else {
        return Err(Failure::new(Exit::Failed, "nothing was delivered from here yet; run `registry-agent once` first"));
    };
    let year = outbox.year(arguments.year).await?;
    let receipts = Objections::open(&state_dir, &setup.keys).await?.receipts(None).await?;
    let of_year = receipts.into_iter().filter(|one| one.received_at.starts_with(&format!("{:04}", arguments.year)));
    let erasures: Vec<(i64, Vec<u8>)> = of_year.map(|one| (one.id, one.bytes)).collect();
    let (sender, environment) = (setup.config.agent.region.to_string(), setup.config.agent.environment.word());
    let subject = Subject { sender: &sender, environment, year: arguments.year };
    let files = evidence::files(&subject, &year, &erasures);
    write(&arguments.out, &files).map_err(|error| {
        let shown = arguments.out.display();
        Failure::new(Exit::Failed, format!("cannot write {shown} ({error}); name a new folder in one that exists"))
    })?;
    print::text(&format!("{} files written to {}\n", files.len(), arguments.out.display()))
}

fn write(folder: &Path, files: &[evidence::File]) -> std::io::Result<()> {
    for folder in [folder.to_owned(), folder.join("receipts"), folder.join("erasures")] {
        std::fs::create_dir(folder)?;
    }
    files.iter().try_for_each(|file| std::fs::write(folder.join(&file.name), &file.bytes))
}
