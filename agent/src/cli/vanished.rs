//! `vanished list`, `vanished retract` and `vanished keep`.

use clap::Subcommand;
use schemas::exit::Exit;

use super::failure::Failure;
use super::print;
use crate::config::Config;
use crate::outbox::Outbox;
use crate::vanished::{self, State};
use schemas::language::Language;

#[derive(Debug, Subcommand)]
pub(super) enum VanishedCommand {
    /// List what vanished: what waits for a decision, what is to be taken back, and what is kept at the register.
    List {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Let the next run take a treatment back from the register.
    Retract(Which),
    /// Keep a treatment at the register although its source has it no more.
    Keep(Which),
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// The number that `vanished list` shows.
    #[arg(value_name = "ID")]
    id: Option<i64>,
    /// All that wait.
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(command: &VanishedCommand, config: &Config, language: Language) -> Result<Exit, Failure> {
    match command {
        VanishedCommand::List { json } => {
            let rows = match Outbox::open_to_read(&config.state_dir()).await? {
                Some(mut outbox) => outbox.vanished(None).await?,
                None => Vec::new(),
            };
            if *json {
                return print::document(&serde_json::json!({ "schema": "registry-vanished/1", "treatments": rows }));
            }
            print::text(&vanished::list(&rows, language))
        }
        VanishedCommand::Retract(which) => decide(which, State::Retract, config, language).await,
        VanishedCommand::Keep(which) => decide(which, State::Keep, config, language).await,
    }
}

async fn decide(which: &Which, state: State, config: &Config, language: Language) -> Result<Exit, Failure> {
    let mut outbox = Outbox::open(&config.state_dir()).await?;
    let n = outbox.decide_vanished(config.agent.region.as_str(), which.id, state).await?;
    if let Some(id) = which.id.filter(|_| n == 0) {
        let sentence = format!(
            "nothing with the number {id} can be decided; `registry-agent vanished list` shows the numbers, and what is being taken \
             back comes again only when its source has it again"
        );
        return Err(Failure::new(Exit::Usage, sentence));
    }
    let (sv, en) = match state {
        State::Keep => ("behålls hos registret", "kept at the register"),
        _ => ("återtas vid nästa körning", "taken back by the next run"),
    };
    print::text(&language.pick(format!("{n} {sv}\n"), format!("{n} {en}\n")))
}
