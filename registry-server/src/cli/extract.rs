//! `extract`: requests for aggregated extracts, from the form to the decision, for scripts and for those without a browser.
//!
//! Promises: the same steps under the same rules as everywhere; each is taken in the name of an account that is let in, and the log says
//! that it was at the command line.

/// A request as it is printed.
mod told;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;
use schemas::exit::Exit;
use schemas::language::{Language, Text};

use super::{Call, Form as Printed};
use crate::authenticate::email;
use crate::extract::asked::asked;
use crate::failure::Failure;
use crate::request::{Form, Request, Step, Taken};
use crate::store::alarm::Mark;
use crate::store::{Opening, Store, User, UserKey};

/// Longest comment, characters.
const LONGEST_COMMENT: usize = 4_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print an empty form, to be filled in and given to `draft`
    Form,
    /// Write a request down, which may lack anything yet
    Draft {
        /// The filled form, TOML
        file: PathBuf,
        #[command(flatten)]
        by: By,
    },
    /// Write a request anew that is not handed in, or was given back
    Mend {
        /// The number of the request
        number: u32,
        /// The filled form, TOML
        file: PathBuf,
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
        /// The reason, the diary number and how to appeal
        #[arg(long, value_name = "TEXT")]
        comment: String,
    },
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

/// In whose name.
#[derive(Debug, clap::Args)]
pub(super) struct By {
    /// The account in whose name it is done
    #[arg(long, value_name = "EMAIL", value_parser = email::read)]
    by: String,
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    if let Command::Form = command {
        print!("{}", include_str!("extract/form.toml"));
        return Ok(Exit::Done);
    }
    let store = call.store(Opening::Existing).await?;
    let exit = run_on(&*store, command, call).await;
    store.close().await;
    exit.map(|()| Exit::Done)
}

async fn run_on(store: &dyn Store, command: Command, call: &Call) -> Result<(), Failure> {
    let taking = |number, by: By, step, comment: String| async move {
        let person = somebody(store, &by.by).await?;
        take((store, call), number, (person, step, comment), None).await
    };
    match command {
        Command::Form => Ok(()),
        Command::Draft { file, by } => {
            let (form, person) = (read(&file)?, somebody(store, &by.by).await?);
            draft((store, call), form, person).await
        }
        Command::Mend { number, file, by } => {
            let (form, person) = (read(&file)?, somebody(store, &by.by).await?);
            take((store, call), number, (person, Step::Mended, String::new()), Some(form)).await
        }
        Command::Submit { number, by } => taking(number, by, Step::Submitted, String::new()).await,
        Command::Return { number, by, comment } => taking(number, by, Step::Returned, comment).await,
        Command::Approve { number, by } => taking(number, by, Step::Approved, String::new()).await,
        Command::Reject { number, by, comment } => taking(number, by, Step::Rejected, comment).await,
        Command::Withdraw { number, by } => taking(number, by, Step::Withdrawn, String::new()).await,
        Command::List => {
            told::list(&store.requests().await?, &store.users().await?, (call.environment.now(), call.form));
            Ok(())
        }
        Command::Show { number } => {
            let request = known(store, number).await?;
            told::show(&request, &store.users().await?, (call.environment.now(), call.form));
            Ok(())
        }
    }
}

async fn draft((store, call): (&dyn Store, &Call), form: Form, person: User) -> Result<(), Failure> {
    let stamp = call.environment.stamp();
    let nothing = Request { number: 0, steps: Vec::new() };
    nothing
        .may((Step::Drafted, ""), (person.number, &person.role), stamp.at)
        .map_err(|why| refused(&why.sentence()))?;
    let first =
        Taken { step: Step::Drafted, at: stamp.at, person: person.number, comment: String::new(), form: Some(form) };
    let number = store.add_request(&first, Mark { stamp, person: None }).await?;
    match call.form {
        Printed::Text => {
            let email = person.email;
            println!("request {number} is a draft; `extract submit {number} --by {email}` hands it in");
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
    (person, step, comment): (User, Step, String),
    form: Option<Form>,
) -> Result<(), Failure> {
    let stamp = call.environment.stamp();
    if comment.chars().count() > LONGEST_COMMENT {
        return Err(Failure::usage(format!("--comment has more than {LONGEST_COMMENT} characters; say it shorter")));
    }
    let mut request = known(store, number).await?;
    let refusal = request.may((step, &comment), (person.number, &person.role), stamp.at);
    refusal.map_err(|why| refused(&why.sentence()))?;
    if step == Step::Submitted {
        whole(&request, call)?;
    }
    let taken = Taken { step, at: stamp.at, person: person.number, comment, form };
    if !store.take_step(number, request.steps.len(), &taken, Mark { stamp, person: None }).await? {
        return Err(Failure::other(format!(
            "somebody did something with request {number} at the same moment; look at `extract show {number}`"
        )));
    }
    request.steps.push(taken);
    told::standing(&request, (stamp.at, call.form));
    Ok(())
}

/// Tells everything that a request lacks.
fn whole(request: &Request, call: &Call) -> Result<(), Failure> {
    let (number, lists) = (request.number, call.config()?.code_lists()?);
    let given = |table: &crate::request::form::Table| asked(table, &lists).map(|_| ());
    let today = schemas::rule::today(call.environment.now());
    let faults = request.form().cloned().unwrap_or_default().faults(today, given);
    if faults.is_empty() {
        return Ok(());
    }
    let told = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.sentence.pick(Language::En)));
    Err(Failure::usage(format!(
        "request {number} is not handed in; mend the form and give it to `extract mend`: {}",
        told.collect::<Vec<_>>().join("; ")
    )))
}

async fn known(store: &dyn Store, number: u32) -> Result<Request, Failure> {
    let unknown = || Failure::usage(format!("there is no request {number}; `extract list` shows every one"));
    store.request(number).await?.ok_or_else(unknown)
}

/// An account that is let in.
async fn somebody(store: &dyn Store, email: &str) -> Result<User, Failure> {
    let found = store.user(&UserKey::Email(email.to_owned())).await?.filter(|user| user.removed_at.is_none());
    found.ok_or_else(|| Failure::usage("--by names nobody who is let in; `user list` shows everybody"))
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

fn refused(sentence: &Text) -> Failure {
    Failure::usage(sentence.pick(Language::En).to_owned())
}

/// Of a moment the day, as people write it.
fn day(at: Timestamp) -> String {
    schemas::rule::today(at).to_string()
}
