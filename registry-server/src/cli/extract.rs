//! `extract`: requests for aggregated extracts, from the form to the decision, for scripts and for those without a browser.
//!
//! Promises: the same steps under the same rules as everywhere; each is taken in the name of an account that is let in, and the log says
//! that it was at the command line.

/// What was released from data sets that persons have left since.
mod affected;
/// Files built, released, fetched and proved.
mod files;
/// How the building of tables goes.
mod job;
/// Tables for everybody.
mod open;
/// A request as it is printed.
mod told;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use jiff::Timestamp;
use schemas::exit::Exit;
use schemas::language::Language;

use super::{Call, Form as Printed};
use crate::casework::{Caseworker, NotTaken};
use crate::failure::Failure;
use crate::request::{Form, Request, Said, Step};
use crate::store::alarm::Mark;
use crate::store::{Opening, Store, User, UserKey, UserState};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print an empty form, to be filled in and given to `draft`
    Form,
    /// Write a request down, which may lack anything yet
    Draft {
        #[command(flatten)]
        form: Filled,
        #[command(flatten)]
        by: By,
    },
    /// Write a request anew that is not handed in, or was given back
    Mend {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        form: Filled,
        #[command(flatten)]
        by: By,
    },
    /// Ask for something else in the place of an approved, built or released request; two must agree to the difference
    Amend {
        /// The number of the request to be amended
        number: u32,
        #[command(flatten)]
        form: Filled,
        #[command(flatten)]
        by: By,
    },
    /// Hand a request in; tells everything that it lacks
    Submit {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
    },
    /// Give a request back with what is to be mended
    Return {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
        /// What is to be mended
        #[arg(long, value_name = "TEXT")]
        comment: String,
    },
    /// Agree to a request; a second approver must agree too
    Approve {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
    },
    /// Refuse a request
    Reject {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
        /// The reason; how to appeal is told with it
        #[arg(long, value_name = "TEXT")]
        comment: String,
        /// The number under which the refusal stands in the diary
        #[arg(long, value_name = "NUMBER")]
        diary: String,
    },
    /// Build the tables of an approved request from a frozen data set, and pack them
    Build {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
        /// The cut, by number or name [default: the newest]
        #[arg(long, value_name = "ID")]
        cut: Option<String>,
    },
    /// Let whoever asked fetch the files of a request, for thirty days
    Release {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
    },
    /// Write the files of a request, one archive, into a file
    Fetch {
        /// The number of the request
        number: u32,
        /// Where to
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        by: By,
    },
    /// Prove that an archive is whole and the register's; needs no register
    Verify {
        /// The archive
        file: PathBuf,
        /// The register's public key (PEM, receipt.pub); without it only that nothing was altered since it was signed
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Build a table from a frozen data set and open it to everybody
    Publish {
        /// What it is split by, comma separated, each as name or name:level [default: the whole country]
        #[arg(long, value_name = "DIM,...")]
        split_by: Option<String>,
        /// What is counted [default: persons]
        #[arg(long, value_name = "M")]
        measure: Option<String>,
        /// Of which instrument
        #[arg(long, value_name = "I")]
        instrument: Option<String>,
        /// The cut, by number or name [default: the newest]
        #[arg(long, value_name = "ID")]
        cut: Option<String>,
        #[command(flatten)]
        by: By,
    },
    /// List what was released from data sets that persons have left since
    Affected,
    /// Take a request back
    Withdraw {
        /// The number of the request
        number: u32,
        #[command(flatten)]
        by: By,
    },
    /// Show every request and where it stands
    List,
    /// Show what a request states and what was done with it
    Show {
        /// The number of the request
        number: u32,
    },
}

/// A filled form.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct Filled {
    /// The filled form, TOML; `extract form` prints an empty one, `extract show` that of a request
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The same, named
    #[arg(long, value_name = "FILE")]
    form: Option<PathBuf>,
}

impl Filled {
    /// Where it lies; one of the two is given.
    fn path(&self) -> &Path {
        self.file.as_deref().or(self.form.as_deref()).unwrap_or(Path::new(""))
    }
}

/// In whose name.
#[derive(Debug, clap::Args)]
pub(super) struct By {
    /// The account in whose name it is done: an e-mail address, or the name that `user list` shows of whom an identity provider
    /// vouches for
    #[arg(long, value_name = "NAME", value_parser = super::user::name)]
    by: String,
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    if let Command::Form = command {
        print!("{}", include_str!("extract/form.toml"));
        return Ok(Exit::Done);
    }
    if let Command::Verify { file, key } = command {
        return files::verify(&file, key.as_deref(), call);
    }
    let store = call.store(Opening::Existing).await?;
    let exit = run_on(&store, command, call).await;
    store.close().await;
    exit.map(|()| Exit::Done)
}

async fn run_on(opened: &Arc<dyn Store>, command: Command, call: &Call) -> Result<(), Failure> {
    let store: &dyn Store = &**opened;
    let taking = |number, by: By, step, said: Said| async move {
        let person = somebody((store, call), &by.by).await?;
        take((store, call), number, (person, step, said), None).await
    };
    match command {
        Command::Form | Command::Verify { .. } => Ok(()),
        Command::Draft { form, by } => {
            let (form, person) = (read(form.path())?, somebody((store, call), &by.by).await?);
            draft((store, call), (None, form), person).await
        }
        Command::Amend { number, form, by } => {
            let (form, person) = (read(form.path())?, somebody((store, call), &by.by).await?);
            draft((store, call), (Some(number), form), person).await
        }
        Command::Mend { number, form, by } => {
            let (form, person) = (read(form.path())?, somebody((store, call), &by.by).await?);
            take((store, call), number, (person, Step::Mended, Said::default()), Some(form)).await
        }
        Command::Submit { number, by } => taking(number, by, Step::Submitted, Said::default()).await,
        Command::Return { number, by, comment } => taking(number, by, Step::Returned, Said::comment(comment)).await,
        Command::Approve { number, by } => taking(number, by, Step::Approved, Said::default()).await,
        Command::Reject { number, by, comment, diary } => {
            taking(number, by, Step::Rejected, Said { comment, diary }).await
        }
        Command::Build { number, by, cut } => {
            let person = somebody((store, call), &by.by).await?;
            files::build((opened, call), number, &person, cut.as_deref()).await
        }
        Command::Release { number, by } => taking(number, by, Step::Released, Said::default()).await,
        Command::Fetch { number, out, by } => {
            let person = somebody((store, call), &by.by).await?;
            files::fetch((store, call), number, &person, &out).await
        }
        Command::Publish { split_by, measure, instrument, cut, by } => {
            let person = somebody((store, call), &by.by).await?;
            let table = open::table(split_by, measure, instrument);
            open::publish((store, call), &person, (&table, cut.as_deref())).await
        }
        Command::Affected => affected::affected(store, call).await,
        Command::Withdraw { number, by } => taking(number, by, Step::Withdrawn, Said::default()).await,
        Command::List => {
            told::list(&store.requests().await?, &store.users().await?, (call.environment.now(), call.form));
            Ok(())
        }
        Command::Show { number } => {
            let request = known(store, number).await?;
            let amended = match request.form().and_then(|form| form.amends) {
                Some(amended) => store.request(amended).await?,
                None => None,
            };
            let (people, job) = (store.users().await?, store.job(number).await?);
            told::show((&request, amended.as_ref(), job.as_ref()), &people, (call.environment.now(), call.form));
            Ok(())
        }
    }
}

/// Writes a request down, in the place of another where one is to be amended.
async fn draft(
    (store, call): (&dyn Store, &Call),
    (amends, form): (Option<u32>, Form),
    person: User,
) -> Result<(), Failure> {
    let (config, mark) = (call.config()?, Mark { stamp: call.environment.stamp(), person: None });
    let (lists, quota) = (config.code_lists()?, config.quota);
    let caseworker = Caseworker { store, lists: &lists, person: &person, quota, mark };
    let drafted = match amends {
        None => caseworker.draft(form).await,
        Some(amended) => caseworker.amend(amended, form).await,
    };
    // Where the other is missing its number is told.
    let named = |why: &NotTaken| if matches!(why, NotTaken::Unknown) { amends.unwrap_or_default() } else { 0 };
    let number = drafted.map_err(|why| {
        let named = named(&why);
        not_taken(why, named)
    })?;
    match call.form {
        Printed::Text => {
            let name = person.email;
            println!("request {number} is a draft; `extract submit {number} --by {name}` hands it in");
        }
        Printed::Json => super::print_json(&serde_json::json!({
            "schema": "registry-server-request/1", "number": number, "standing": "draft",
        })),
    }
    Ok(())
}

/// Takes a step with a request that is there.
async fn take(
    (store, call): (&dyn Store, &Call),
    number: u32,
    (person, step, said): (User, Step, Said),
    form: Option<Form>,
) -> Result<(), Failure> {
    let (config, mark) = (call.config()?, Mark { stamp: call.environment.stamp(), person: None });
    let (lists, quota) = (config.code_lists()?, config.quota);
    let caseworker = Caseworker { store, lists: &lists, person: &person, quota, mark };
    let taken = caseworker.take(number, (step, said), form).await;
    told::standing(&taken.map_err(|why| not_taken(why, number))?, (mark.stamp.at, call.form));
    Ok(())
}

/// Why a step was not taken, in a sentence that repeats nothing of the form.
fn not_taken(why: NotTaken, number: u32) -> Failure {
    match why {
        NotTaken::Refused(refusal) => Failure::usage(refusal.sentence().pick(Language::En).to_owned()),
        NotTaken::Faults(faults) => {
            let told = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.sentence.pick(Language::En)));
            let told = told.collect::<Vec<_>>().join("; ");
            Failure::usage(match number {
                0 => format!("the request is not written down; mend the form: {told}"),
                _ => format!("request {number} is as it was; mend the form and give it to `extract mend`: {told}"),
            })
        }
        NotTaken::Unknown => unknown(number),
        NotTaken::Overtaken => Failure::other(format!(
            "somebody did something with request {number} at the same moment; look at `extract show {number}`"
        )),
        NotTaken::Building => Failure::other(format!(
            "somebody is building the tables of request {number}; look at `extract show {number}`"
        )),
        NotTaken::Store(error) => error.into(),
        NotTaken::NoCut => {
            Failure::usage("there is no such frozen data set; `cut list` shows every one, `cut create NAME` makes one")
        }
        NotTaken::Undelivered(why) => Failure::other(why.to_string()),
    }
}

fn unknown(number: u32) -> Failure {
    Failure::usage(format!("there is no request {number}; `extract list` shows every one"))
}

async fn known(store: &dyn Store, number: u32) -> Result<Request, Failure> {
    store.request(number).await?.ok_or_else(|| unknown(number))
}

/// An account that may sign in.
async fn somebody((store, call): (&dyn Store, &Call), name: &str) -> Result<User, Failure> {
    let found = store.user(&UserKey::Email(name.to_owned())).await?;
    let is_active = |user: &User| user.state(call.environment.now()) == UserState::Active;
    let found = found.filter(is_active);
    found.ok_or_else(|| Failure::usage("--by names nobody who may sign in now; `user list` shows everybody"))
}

/// A filled form.
fn read(file: &Path) -> Result<Form, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("the form {} cannot be read: {error}", file.display())))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        // What the reader of TOML says may repeat what was written.
        Failure::usage(format!(
            "the form {}, line {line}, is not as `extract form` prints it: a field has another name or another kind of value there",
            file.display()
        ))
    })
}

/// Of a moment the day, as people write it.
fn day(at: Timestamp) -> String {
    schemas::rule::today(at).to_string()
}
