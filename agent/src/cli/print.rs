//! What commands print: words for people, or one JSON document.

mod once;
mod status;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use schemas::exit::Exit;
use serde::Serialize;
use serde_json::json;

use super::failure::Failure;
use crate::account::Shown;
use crate::config::effective::Setting;
use crate::cycle::Counts;
use crate::outbox::Tally;
use crate::pseudonymise::Keys;
use crate::push::Delivered;
use crate::status::Status;
use crate::withdraw::{Erased, Standing};
use schemas::language::Language;

/// What `once` came to.
#[derive(Debug, Serialize)]
pub(super) struct Once {
    pub schema: &'static str,
    pub cycle: i64,
    pub payload_sha256: String,
    #[serde(flatten)]
    pub tally: Tally,
    pub records_delivered: u64,
    pub held_in_all: i64,
    pub rejected_in_all: i64,
    pub vanished_waiting: usize,
    pub accounting: Vec<Shown>,
    pub erased: Erased,
    pub leaving: Standing,
    pub delivery: String,
    pub skew_s: Option<i64>,
}

/// The counts of a cycle by term and rule.
pub(super) fn tally(counts: &Counts) -> Tally {
    let mut tally = Tally::default();
    for ((term, rule), n) in counts {
        tally.add(term.word(), rule, *n);
    }
    tally
}

pub(super) fn text(text: &str) -> Result<Exit, Failure> {
    let text = visible(text);
    // A reader that has seen enough closes the pipe; that is no failure of ours.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Failed, format!("cannot write the output ({error}); see where it is sent to")))
        }
        _ => Ok(Exit::Done),
    }
}

/// Words of a source may hold characters that command a terminal; they are shown as their pictures.
fn visible(text: &str) -> Cow<'_, str> {
    let commands = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        _ => '\u{fffd}',
    };
    text.chars().map(|c| if commands(c) { picture(c) } else { c }).collect::<String>().into()
}

pub(super) fn document(value: &impl Serialize) -> Result<Exit, Failure> {
    let document =
        serde_json::to_string_pretty(value).map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    text(&format!("{document}\n"))
}

pub(super) fn version(json: bool) -> Exit {
    let version = env!("CARGO_PKG_VERSION");
    let (batch, rules) = (schemas::batch::SCHEMA, schemas::rule::hash());
    let printed = if json {
        document(&json!({
            "schema": "registry-version/1", "version": version, "batch": batch, "rules": rules, "tls": "rustls, aws-lc-rs",
        }))
    } else {
        text(&format!(
            "registry-agent {version}\nbatch schema {batch}\nrules {}\nTLS rustls with aws-lc-rs\n",
            &rules[..16]
        ))
    };
    printed.unwrap_or_else(Failure::tell)
}

pub(super) fn settings(settings: &[Setting], json: bool) -> Result<Exit, Failure> {
    if json {
        return document(&crate::config::effective::document(settings));
    }
    let width = settings.iter().map(|setting| setting.key.chars().count()).max().unwrap_or_default();
    let lines: Vec<String> =
        settings.iter().map(|s| format!("{:<width$} = {}  # {}\n", s.key, s.value, s.origin)).collect();
    text(&lines.concat())
}

pub(super) fn key(keys: &Keys, written: Option<&Path>, json: bool) -> Result<Exit, Failure> {
    if json {
        return document(&json!({
            "schema": "registry-key/1", "key_id": keys.id(), "fingerprint": keys.fingerprint(),
        }));
    }
    let mut lines = format!("{} (fingerprint {})\n", keys.id(), keys.fingerprint());
    if let Some(path) = written {
        writeln!(lines, "written to {}; keep a copy in a safe place, the keys cannot be made again", path.display())
            .ok();
    }
    text(&lines)
}

pub(super) fn check(lines: &[String], json: bool) -> Exit {
    let printed = if json {
        document(&json!({ "schema": "registry-check/1", "ok": true, "lines": lines }))
    } else {
        text(&format!("{}\nok\n", lines.join("\n")))
    };
    printed.unwrap_or_else(Failure::tell)
}

pub(super) fn status(status: &Status, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    if json {
        document(status)?
    } else {
        text(&status::text(status, language))?
    };
    Ok(status.exit())
}

pub(super) fn once(report: &Once, delivered: &Delivered, (language, json): (Language, bool)) -> Result<Exit, Failure> {
    if json { document(report) } else { text(&once::text(report, delivered, language)) }
}

/// A moment in the region's own time, for people; JSON keeps UTC.
pub(super) fn local(moment: &str, zone: &str) -> String {
    let zoned = moment.parse::<jiff::Timestamp>().ok().and_then(|moment| moment.in_tz(zone).ok());
    zoned.map_or_else(|| moment.to_owned(), |local| local.strftime("%Y-%m-%d %H:%M %:z").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_commands_a_terminal_is_shown_as_its_picture() {
        assert_eq!(visible("M-1\u{1b}[2J\u{7}\u{9b}\n"), "M-1␛[2J␇\u{fffd}\n");
        assert!(matches!(visible("före\tefter\n"), Cow::Borrowed(_)));
    }
}
