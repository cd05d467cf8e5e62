//! `held list`, `held show` and `held retry`; `worklist` beside them, because both tell what is left to do.

use std::io::IsTerminal as _;

use clap::Subcommand;
use schemas::exit::Exit;

use super::failure::Failure;
use super::{newest, now, once, print};
use crate::config::Config;
use crate::cycle::Extent;
use crate::held;
use crate::outbox::Outbox;
use crate::setup::Setup;
use schemas::language::Language;

/// Ids that are shown of each cause.
const SOME: u32 = 5;

#[derive(Debug, Subcommand)]
pub(super) enum HeldCommand {
    /// List what stays in the region by its cause: one unknown word behind many rows is one line.
    List {
        /// Name every treatment, not only the first five of each cause.
        #[arg(long)]
        all: bool,
        /// Print one JSON document with every treatment.
        #[arg(long)]
        json: bool,
    },
    /// Show the rules that a treatment breaks, and its rows as the source has them now; on a terminal only.
    Show {
        /// The source's id of the treatment.
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Read the source again and send what is no longer held, and once more what the register rejected.
    Retry {
        /// The source's id of one rejected treatment [default: all].
        #[arg(value_name = "ID")]
        id: Option<String>,
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(command: &HeldCommand, config: Config, language: Language) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    match command {
        HeldCommand::List { all, json } => {
            let most = if *all || *json { u32::MAX } else { SOME };
            let held = held::held(&setup, most).await?;
            if *json { print::document(&held) } else { print::text(&held::text(&held, language)) }
        }
        HeldCommand::Show { id } => show(&setup, id, language).await,
        HeldCommand::Retry { id, json } => retry(&setup, id.as_deref(), (language, *json)).await,
    }
}

async fn show(setup: &Setup, id: &str, language: Language) -> Result<Exit, Failure> {
    if !std::io::stdout().is_terminal() {
        let sentence =
            "held show prints what the source says of a person, and so writes to a terminal only; run it in one";
        return Err(Failure::new(Exit::Usage, sentence));
    }
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else { return Err(unknown(id)) };
    let ones = outbox.held_ones(Some(id)).await?;
    let keys = keys_of(setup, id);
    let rejected = outbox.rejected_ones().await?.into_iter().filter(|one| keys.contains(&one.key));
    let refused: Vec<String> = rejected.map(|one| held::refused(id, &one.rule, language)).collect();
    if ones.is_empty() && refused.is_empty() {
        return Err(unknown(id));
    }
    print::text(&format!("{}{}", refused.concat(), held::rows(&ones, language)))?;
    for row in held::show(setup, id, now()).await? {
        let lines: Vec<String> = row.iter().map(|cell| format!("  {:<20} {}\n", cell.column, cell.value)).collect();
        print::text(&format!("\n{}", lines.concat()))?;
    }
    Ok(Exit::Done)
}

async fn retry(setup: &Setup, id: Option<&str>, told: (Language, bool)) -> Result<Exit, Failure> {
    let keys = match id {
        Some(id) => Some(known_keys(setup, id).await?),
        None => None,
    };
    Outbox::open(&setup.config.state_dir()).await?.try_again(keys.as_deref()).await?;
    newest::noted(&setup.config.state_dir(), once::run(setup, Extent::Full, told).await).await
}

/// The keys that an id may have, one for each source.
fn keys_of(setup: &Setup, id: &str) -> Vec<String> {
    setup.places.iter().map(|place| setup.keys.record_key(&place.config.system, id).to_string()).collect()
}

/// The keys of an id that something is held or rejected of. A treatment that is only held needs no more than the reading.
async fn known_keys(setup: &Setup, id: &str) -> Result<Vec<String>, Failure> {
    let keys = keys_of(setup, id);
    let Some(mut outbox) = Outbox::open_to_read(&setup.config.state_dir()).await? else { return Err(unknown(id)) };
    let rejected = outbox.rejected_ones().await?.into_iter().any(|one| keys.contains(&one.key));
    if !rejected && outbox.held_ones(Some(id)).await?.is_empty() {
        return Err(unknown(id));
    }
    Ok(keys)
}

fn unknown(id: &str) -> Failure {
    // What was typed may be anything, also a number of a person.
    let named = if crate::identity::looks_like_identity(id) { "that" } else { id };
    Failure::new(
        Exit::Usage,
        format!("nothing of a treatment {named} is held or rejected; `held list --all` names them all"),
    )
}
