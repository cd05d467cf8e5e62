//! `person merge` and `person split`: two numbers of one person, read from standard input.

use std::io::{IsTerminal as _, Read as _};

use clap::Subcommand;
use schemas::exit::Exit;
use serde_json::json;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::{fill_random, once, print};
use crate::config::Config;
use crate::cycle::{Extent, Progress};
use crate::merge;
use crate::outbox::{Outbox, Says};
use crate::push::Delivered;
use crate::setup::Setup;
use schemas::language::Language;

#[derive(Debug, Subcommand)]
pub(super) enum PersonCommand {
    /// Tell the register that two numbers are one person's: the number used before and the one used now, a pair a line.
    Merge {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Tell the register that two numbers are not one person's after all.
    Split {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

/// Runs it: a whole run follows, which delivers what was said.
pub(super) async fn run(command: &PersonCommand, config: Config, language: Language) -> Result<Exit, Failure> {
    let (says, json) = match command {
        PersonCommand::Merge { json } => (Says::Merge, *json),
        PersonCommand::Split { json } => (Says::Split, *json),
    };
    let setup = Setup::read(config)?;
    let said = merge::pairs(&input()?, &setup.lists)?;
    if said.is_empty() {
        return Err(Failure::new(Exit::Usage, "standard input names nobody; write two numbers a line"));
    }
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let random = || {
        let mut random = [0; 32];
        fill_random(&mut random);
        random
    };
    let keys = merge::keep(&setup, &mut outbox, (&said, says), random).await?;
    drop(outbox);
    let done = once::cycle(&setup, Extent::Planned, &|_: Progress| ()).await?;
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let (waiting, refused) = (outbox.waiting_pairs(&keys).await?, outbox.refused_pairs(&keys).await?);
    if json {
        print::document(&json!({
            "schema": "registry-person/1", "pairs": keys.len(), "waiting": waiting, "refused": refused,
        }))?;
    } else {
        print::text(&words((keys.len(), says), waiting, refused, language))?;
    }
    match done.outcome.delivered {
        Delivered::Refused(..) | Delivered::Later(_) => Err(Failure::new(done.exit, done.report.delivery)),
        _ => Ok(if waiting + refused > 0 { Exit::Partly } else { Exit::Done }),
    }
}

fn words((pairs, says): (usize, Says), waiting: i64, refused: i64, language: Language) -> String {
    let mut text = match says {
        Says::Merge => language.pick(
            format!("{pairs} par av nummer gäller var sin person\n"),
            format!("{pairs} pairs of numbers are one person's each\n"),
        ),
        Says::Split => language.pick(
            format!("{pairs} par av nummer gäller inte samma person\n"),
            format!("{pairs} pairs of numbers are not one person's\n"),
        ),
    };
    if waiting > 0 {
        text.push_str(&language.pick(
            format!("{waiting} av dem väntar på nästa körning\n"),
            format!("{waiting} of them wait for the next run\n"),
        ));
    }
    if refused > 0 {
        text.push_str(&language.pick(
            format!("registret avvisar {refused} av dem, eftersom någon har sagt nej; kör `registry-agent withdraw` för det andra numret\n"),
            format!("the register refuses {refused} of them, because somebody objects; run `registry-agent withdraw` for the other number\n"),
        ));
    }
    text
}

fn input() -> Result<Zeroizing<String>, Failure> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        super::secret::say(
            "the number used before and the one used now, a pair a line; end with Ctrl-D on a line of its own\n",
        );
    }
    let mut text = Zeroizing::new(String::new());
    input.read_to_string(&mut text).map_err(|_| {
        Failure::new(Exit::Usage, "standard input cannot be read as text; write two numbers a line, in UTF-8")
    })?;
    Ok(text)
}
