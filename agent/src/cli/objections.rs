//! `objections`: the list of those who said no.

use clap::Subcommand;
use schemas::exit::Exit;
use serde_json::json;

use super::failure::Failure;
use super::in_charge::in_charge;
use super::secret::{self, Again, LockedCopy};
use super::who::{Who, who};
use super::{fill_random, now, print};
use crate::config::Config;
use crate::objections::{Act, BackupError, Count, Objections};
use crate::outbox::Outbox;
use crate::push::Client;
use crate::setup::Setup;
use crate::withdraw;

#[derive(Debug, Subcommand)]
pub(super) enum ObjectionsCommand {
    /// Count the remembered objections; nobody is named.
    Count {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Take objections back: read identity numbers on standard input, one a line, and tell the register.
    ///
    /// The next run sends these persons again, unless they still stand in the source's own list or as opted out.
    Lift,
    /// Write a copy of the list under a passphrase to a new file.
    Backup(LockedCopy),
    /// Add the persons of a copy to the list.
    Restore(LockedCopy),
    /// Answer by name for going on without objections that were lost: whoever made them may be sent again.
    Override {
        /// The name of a person in charge.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// Show who lifted, restored, overrode or asked for an extract, and when; never of whom.
    Log {
        /// Print one JSON document.
        #[arg(long)]
        json: bool,
    },
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let exit = match &error {
            BackupError::Objections(error) if error.is_lost() => Exit::Config,
            BackupError::Objections(_) | BackupError::File(_) => Exit::Failed,
            BackupError::Vault(error) => error.exit(),
        };
        Self::new(exit, error.to_string())
    }
}

pub(super) async fn run(command: &ObjectionsCommand, config: Config) -> Result<Exit, Failure> {
    let setup = Setup::read(config)?;
    match command {
        ObjectionsCommand::Count { json } => count(&setup, *json).await,
        ObjectionsCommand::Lift => lift(&setup).await,
        ObjectionsCommand::Backup(copy) => backup(&setup, copy).await,
        ObjectionsCommand::Restore(copy) => restore(&setup, copy).await,
        ObjectionsCommand::Override { name } => answer_for(&setup, name).await,
        ObjectionsCommand::Log { json } => log(&setup, *json).await,
    }
}

async fn list(setup: &Setup) -> Result<Objections, Failure> {
    Ok(Objections::open(&setup.config.state_dir(), &setup.keys).await?)
}

/// Notes an act of whoever runs this.
pub(super) async fn note(setup: &Setup, what: &str, of: (u64, Option<&str>)) -> Result<(), Failure> {
    note_in(&mut list(setup).await?, what, of).await
}

/// Likewise in a list that is open.
pub(super) async fn note_in(
    objections: &mut Objections,
    what: &str,
    (persons, name): (u64, Option<&str>),
) -> Result<(), Failure> {
    let Who { account, behind } = who();
    let act = Act {
        at: String::new(),
        account,
        behind,
        name: name.map(str::to_owned),
        what: what.into(),
        persons: i64::try_from(persons).unwrap_or(i64::MAX),
    };
    Ok(objections.note_act(&act, now()).await?)
}

async fn count(setup: &Setup, json: bool) -> Result<Exit, Failure> {
    let count = match Objections::open_to_read(&setup.config.state_dir(), &setup.keys).await? {
        Some(mut objections) => objections.count().await?,
        None => Count::default(),
    };
    if json {
        return print::document(&json!({ "schema": "registry-objections/1", "count": count }));
    }
    let Count { all, erased, waiting, by_origin, by_reason, .. } = count;
    let mut text =
        format!("{all} objections are remembered; {erased} erasures confirmed by the register, {waiting} not yet\n");
    for (names, by) in [("from", by_origin), ("because of", by_reason)] {
        text.extend(by.into_iter().map(|(word, n)| format!("  {n:>7} {names} {word}\n")));
    }
    print::text(&text)
}

async fn lift(setup: &Setup) -> Result<Exit, Failure> {
    let persons = secret::persons(&setup.lists)?;
    let mut random = [0; 16];
    fill_random(&mut random);
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let client = Client::new(&setup.config)?;
    let lifted =
        withdraw::lift(setup, &persons, (&mut outbox, now(), random), async |lift| client.lift(lift).await).await?;
    note(setup, "objections lift", (lifted, None)).await?;
    print::text(&format!(
        "{lifted} objections lifted, of {} persons named; the next run sends the persons again, unless a source still says that they \
         object\n",
        persons.len()
    ))
}

async fn backup(setup: &Setup, copy: &LockedCopy) -> Result<Exit, Failure> {
    let passphrase = copy.passphrase(Again::Yes)?;
    let mut salt = [0; 32];
    fill_random(&mut salt);
    let persons = list(setup).await?.back_up(&copy.file, &passphrase, salt).await?;
    print::text(&format!(
        "{persons} objections written to {}; keep it elsewhere than this host, and the passphrase elsewhere than the file\n",
        copy.file.display()
    ))
}

async fn restore(setup: &Setup, copy: &LockedCopy) -> Result<Exit, Failure> {
    let passphrase = copy.passphrase(Again::No)?;
    let restored = list(setup).await?.restore(&copy.file, &passphrase, &setup.keys).await?;
    note(setup, "objections restore", (restored.new, None)).await?;
    print::text(&format!(
        "{} objections in the copy, {} of them were not in the list\n",
        restored.in_copy, restored.new
    ))
}

async fn answer_for(setup: &Setup, name: &str) -> Result<Exit, Failure> {
    let name = in_charge(name)?;
    let mut outbox = Outbox::open(&setup.config.state_dir()).await?;
    let me = Client::new(&setup.config)?.me().await?;
    let missing = withdraw::answer_for(setup, &mut outbox, &me).await?;
    if missing == 0 {
        return print::text("no objection is missing; nothing was changed\n");
    }
    note(setup, "objections override", (missing, Some(name))).await?;
    print::text(&format!(
        "{name} answers for going on without {missing} objections: whoever made them may be sent again, unless a source still says so\n"
    ))
}

async fn log(setup: &Setup, json: bool) -> Result<Exit, Failure> {
    let acts = match Objections::open_to_read(&setup.config.state_dir(), &setup.keys).await? {
        Some(mut objections) => objections.acts().await?,
        None => Vec::new(),
    };
    if json {
        return print::document(&json!({ "schema": "registry-objections-log/1", "acts": acts }));
    }
    let line = |act: &Act| {
        let behind = act.behind.as_ref().map(|behind| format!(" (sudo by {behind})")).unwrap_or_default();
        let name = act.name.as_ref().map(|name| format!(", {name} answers for it")).unwrap_or_default();
        format!("{} {}{behind}: {}, {} persons{name}\n", act.at, act.account, act.what, act.persons)
    };
    print::text(&acts.iter().map(line).collect::<String>())
}
