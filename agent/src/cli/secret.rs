//! What somebody types that must not stand in a command line: persons on standard input, passphrases from a terminal or a file.
//!
//! Promises: a passphrase is not shown as it is typed, and both are wiped from memory.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use schemas::codelist::CodeLists;
use schemas::exit::Exit;
use zeroize::Zeroizing;

use super::failure::Failure;
use crate::identity::IdentityNumber;
use crate::withdraw;

/// A copy under a passphrase.
#[derive(Debug, clap::Args)]
pub(super) struct LockedCopy {
    /// The copy.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// A file whose first line is the passphrase, such as /dev/fd/3 [default: asked for on the terminal].
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl LockedCopy {
    /// The passphrase; `again` asks for it twice.
    pub(super) fn passphrase(&self, again: Again) -> Result<Zeroizing<String>, Failure> {
        passphrase(self.passphrase_file.as_deref(), again)
    }
}

/// The persons on standard input, one a line.
pub(super) fn persons(lists: &CodeLists) -> Result<Vec<IdentityNumber>, Failure> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        say("one number with twelve digits, or SYSTEM:ID, a line; end with Ctrl-D on a line of its own\n");
    }
    let mut text = Zeroizing::new(String::new());
    input.read_to_string(&mut text).map_err(|_| {
        Failure::new(Exit::Usage, "standard input cannot be read as text; write one number a line, in UTF-8")
    })?;
    withdraw::persons(&text, lists).map_err(|bad| Failure::new(Exit::Usage, bad.to_string()))
}

/// A passphrase: the first line of a file, such as `/dev/fd/3`, or what is typed; `again` asks for it twice.
fn passphrase(file: Option<&Path>, again: Again) -> Result<Zeroizing<String>, Failure> {
    if let Some(file) = file {
        let unreadable = |error| {
            Failure::new(
                Exit::Usage,
                format!("cannot read the passphrase in {} ({error}); name a file that you may read", file.display()),
            )
        };
        return line(&mut BufReader::new(File::open(file).map_err(unreadable)?)).map_err(unreadable);
    }
    if !std::io::stdin().is_terminal() {
        let sentence = "there is no terminal to ask for the passphrase; write it into a file of mode 0600 and name it with --passphrase-file";
        return Err(Failure::new(Exit::Usage, sentence));
    }
    let typed = typed("passphrase: ")?;
    if again == Again::Yes && *self::typed("the same once more: ")? != *typed {
        return Err(Failure::new(Exit::Usage, "the two passphrases differ; nothing was written"));
    }
    Ok(typed)
}

/// Whether a passphrase is typed twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// It is new.
    Yes,
    /// It opens something.
    No,
}

fn typed(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let terminal = std::io::stdin();
    let failed = |error: std::io::Error| {
        Failure::new(Exit::Failed, format!("the terminal cannot be used ({error}); name a file with --passphrase-file"))
    };
    let before = tcgetattr(&terminal).map_err(|error| failed(error.into()))?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    say(prompt);
    tcsetattr(&terminal, OptionalActions::Flush, &silent).map_err(|error| failed(error.into()))?;
    let read = line(&mut terminal.lock());
    let restored = tcsetattr(&terminal, OptionalActions::Flush, &before);
    say("\n");
    restored.map_err(|error| failed(error.into()))?;
    read.map_err(failed)
}

fn line(input: &mut impl std::io::BufRead) -> std::io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    input.read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

pub(super) fn say(words: &str) {
    // Without a place to say it, the command still works.
    std::io::stderr().write_all(words.as_bytes()).ok();
}
