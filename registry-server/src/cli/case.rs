//! `case open`, `case list` and `case close`: a person has turned to the register, and every sender is asked to look.

use clap::Subcommand;
use jiff::civil::Date;
use schemas::exit::Exit;
use schemas::withdrawal::CaseAnswer;

use super::{Call, Form, print_json};
use crate::failure::Failure;
use crate::store::erasure::Case;
use crate::store::{CaseStep, Opening, Sender, SenderStatus, Store};

/// Longest note, characters.
const LONGEST_NOTE: usize = 200;
/// Digits that together may be a number of a person or of a telephone.
const DIGITS_OF_A_NUMBER: usize = 6;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ask every sender to look for a person; who it is, the senders learn on another way
    Open {
        /// The day on which every sender should have answered
        #[arg(long, value_name = "DATE")]
        deadline: Date,
        /// For the register's staff, one line that tells nothing of the person
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Show every case and who has answered what
    List,
    /// Ask nobody any more
    Close {
        /// The number of the case
        number: u32,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let today = schemas::rule::today(call.environment.now());
    if let Command::Open { deadline, note } = &command {
        if *deadline < today {
            return Err(Failure::usage("--deadline is over; name a day to come"));
        }
        if note.as_deref().is_some_and(|note| !may_stand(note)) {
            return Err(Failure::usage(
                "--note is longer than one line of 200 characters, or holds what could be a number or an address of a person; write it without",
            ));
        }
    }
    let store = call.store(Opening::Existing).await?;
    let exit = run_on(&*store, command, call).await;
    store.close().await;
    exit
}

async fn run_on(store: &dyn Store, command: Command, call: &Call) -> Result<Exit, Failure> {
    let stamp = call.environment.stamp();
    match command {
        Command::Open { deadline, note } => {
            let number = store.set_case(&CaseStep::Open { deadline, note }, stamp).await?.unwrap_or_default();
            match call.form {
                Form::Text => println!("case {number} is open; every sender is asked to answer by {deadline}"),
                Form::Json => print_json(&serde_json::json!({
                    "schema": "registry-server-case/1", "number": number, "deadline": deadline,
                })),
            }
        }
        Command::Close { number } => match store.set_case(&CaseStep::Close { number }, stamp).await? {
            Some(_) => println!("case {number} is closed"),
            None => {
                return Err(Failure::usage(format!(
                    "there is no case {number}; `case list` shows those that there are"
                )));
            }
        },
        Command::List => list(&store.ledger().await?.cases, &store.senders().await?, call.form),
    }
    Ok(Exit::Done)
}

fn list(cases: &[Case], senders: &[Sender], form: Form) {
    if form == Form::Json {
        let rows: Vec<_> = cases.iter().map(|case| document(case, senders)).collect();
        return print_json(&serde_json::json!({ "schema": "registry-server-cases/1", "cases": rows }));
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["case", "opened", "deadline", "closed", "withdrawn", "none found", "no answer", "note"]);
    for case in cases {
        table.add_row([
            case.number.to_string(),
            case.opened_on.to_string(),
            case.deadline.to_string(),
            case.closed_on.map(|day| day.to_string()).unwrap_or_default(),
            answered(case, CaseAnswer::Withdrawn).join(" "),
            answered(case, CaseAnswer::NoneFound).join(" "),
            unanswered(case, senders).join(" "),
            case.note.clone().unwrap_or_default(),
        ]);
    }
    println!("{table}");
}

fn document(case: &Case, senders: &[Sender]) -> serde_json::Value {
    let answers: Vec<_> = case
        .answers
        .iter()
        .map(|(sender, answer, at)| serde_json::json!({ "sender": sender, "answer": answer, "answered_at": at }))
        .collect();
    serde_json::json!({
        "number": case.number, "opened_on": case.opened_on, "deadline": case.deadline, "closed_on": case.closed_on,
        "note": case.note, "answers": answers, "unanswered": unanswered(case, senders),
    })
}

fn answered(case: &Case, what: CaseAnswer) -> Vec<&str> {
    let those = case.answers.iter().filter(|(_, answer, _)| *answer == what);
    those.map(|(sender, ..)| sender.as_str()).collect()
}

/// The active senders that have not answered.
fn unanswered<'a>(case: &Case, senders: &'a [Sender]) -> Vec<&'a str> {
    let silent = |sender: &&Sender| {
        sender.status == SenderStatus::Active && case.answers.iter().all(|(code, ..)| *code != sender.code)
    };
    senders.iter().filter(silent).map(|sender| sender.code.as_str()).collect()
}

/// Whether a note is short, on one line, and without what a number or an address of a person could be. Names cannot be told from words.
fn may_stand(note: &str) -> bool {
    let mut digits = 0;
    let number = note.chars().any(|character| {
        if character.is_numeric() {
            digits += 1;
        } else if !matches!(character, ' ' | '-' | '+' | '.' | '/' | '–' | '\u{a0}') {
            digits = 0;
        }
        digits >= DIGITS_OF_A_NUMBER
    });
    !number && !note.contains('@') && !note.chars().any(char::is_control) && note.chars().count() <= LONGEST_NOTE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_may_hold_a_number_or_an_address_of_a_person_is_refused() {
        for (note, expected) in [
            ("kom med brev den 3 november", true),
            ("diarienummer 12/34", true),
            ("", true),
            ("19121212-1212", false),
            ("121212 1212", false),
            ("ring 070-123 45 67", false),
            ("１２１２１２-1212", false),
            ("namn@example.se", false),
            ("två\nrader", false),
        ] {
            assert_eq!(may_stand(note), expected, "{note}");
        }
        assert!(may_stand(&"å".repeat(200)) && !may_stand(&"å".repeat(201)));
    }
}
