//! What an administrator reads, frozen: help, documents, words and sentences of both programs.
//!
//! Promises: everything frozen comes from the built programs; what differs from run to run (moments, ports, folders, long hashes) is
//! written as a name in brackets before it is compared. A wanted difference is taken with `INSTA_UPDATE=always` and read before it is
//! committed. Must not know how the programs are made.

/// The JSON documents.
mod documents;
/// The help of every command.
mod help;
/// A region with every fault, the same on every machine.
mod region;
/// Sentences of commands that end early.
mod sentences;
/// What differs from run to run.
mod steady;
/// The texts for people.
mod texts;

use steady::steady;

/// Compares a text with the committed one of this name; `folder` is named in brackets wherever it stands.
pub(crate) fn frozen(name: &str, text: &str, folder: Option<&std::path::Path>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("printed/frozen");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.replace(' ', "-"), steady(text, folder)));
}
