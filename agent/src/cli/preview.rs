//! `preview`: what `once` would send, in words, as one JSON document, or as a page.

use std::path::{Path, PathBuf};

use schemas::exit::Exit;

use super::failure::Failure;
use super::{now, print, surroundings};
use crate::config::Config;
use crate::preview::{self, AskedFor, Preview, Wanted};
use crate::setup::Setup;
use schemas::language::Language;

/// Records on a page when no limit is given: a diary needs the counts and examples, not every record.
const ON_A_PAGE: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct PreviewArguments {
    /// Records to show [default: all, 100 on a page].
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Show everything as if nothing had been read before, not what the next run would send.
    #[arg(long)]
    full: bool,
    /// Show only this treatment, wherever it stands in the source.
    #[arg(long, value_name = "LOCAL-ID")]
    treatment: Option<String>,
    /// Show what waits for a release, as it stands in the outbox; reads no source.
    #[arg(long, conflicts_with = "full")]
    pending: bool,
    /// Write a page without pseudonyms and local ids to a new file, for the diary.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &PreviewArguments, config: Config, language: Language) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    let all = if arguments.html.is_some() { ON_A_PAGE } else { usize::MAX };
    let wanted =
        Wanted { limit: arguments.limit.unwrap_or(all), treatment: arguments.treatment.clone(), full: arguments.full };
    let preview = if arguments.pending {
        let Some(preview) = preview::pending(&setup, &wanted).await? else {
            return Err(Failure::new(Exit::Failed, "nothing waits for a release"));
        };
        preview
    } else {
        preview::preview(&setup, &wanted, &surroundings(&|_| ())).await?
    };
    if let Some(file) = &arguments.html {
        return write(file, &preview, (&setup, language));
    }
    if arguments.json {
        print::document(&preview)?;
    } else {
        print::text(&preview::text(&preview, language))?;
    }
    Ok(if preview.asked_for == Some(AskedFor::Unknown) { Exit::Usage } else { Exit::Done })
}

fn write(file: &Path, preview: &Preview, (setup, language): (&Setup, Language)) -> Result<Exit, Failure> {
    use std::io::Write as _;
    let sender = setup.config.agent.region.to_string();
    let made = print::local(&now().to_string(), &setup.config.schedule.timezone);
    let page = preview::page(preview, (&sender, &made), language);
    let new = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    new.and_then(|mut new| new.write_all(page.as_bytes())).map_err(|error| {
        let shown = file.display();
        Failure::new(Exit::Failed, format!("cannot write {shown} ({error}); name a new file in a folder that exists"))
    })?;
    print::text(&format!("payload {}\nwritten to {}\n", preview.payload_sha256, file.display()))
}
