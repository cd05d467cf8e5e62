//! The code lists that the agent builds on: those that the register handed out last, or the built-in ones until it did.
//!
//! Promises: lists of the register are used only as long as its signature over them holds; the file is replaced whole or not at all; a
//! damaged file is told and the built-in lists are used until the register is reached again.
//! Must not know: the network, the local additions, or what a list is used for.

#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use schemas::codelist::{CodeLists, ListDifference};
use schemas::language::Language;
use schemas::published_lists::PublishedLists;
use schemas::receipt;
use serde::{Deserialize, Serialize};

use crate::config::Config;

const FILE: &str = "codelists.json";
const SEEN: &str = "codelists.seen";
const SCHEMA: &str = "registry-agent-codelists/1";

/// Lists without the local additions.
#[derive(Debug, Clone)]
pub struct Base {
    /// The lists.
    pub lists: CodeLists,
    /// Their hash, which the register names in `/v1/me` when they are its own.
    pub hash: String,
    /// Since when they are in use, RFC 3339 UTC; none for the built-in ones.
    pub since: Option<String>,
}

/// What is kept between runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    schema: String,
    /// What the register signed, when it handed something out.
    document: Option<PublishedLists>,
    /// When that was taken.
    taken_at: Option<String>,
    /// What it changed.
    difference: Vec<ListDifference>,
    /// Later lists of the register that are not used.
    refused: Option<Refused>,
}

/// Lists of the register that are not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Their hash.
    pub hash: String,
    /// Since when they are offered, RFC 3339 UTC.
    pub since: String,
    /// What stands in the way and what to do.
    pub reason: String,
}

/// What an administrator is told of the lists.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Told {
    /// Hash of the lists in use, without local additions.
    pub hash: String,
    /// `built-in` or `register`.
    pub from: &'static str,
    /// Since when, RFC 3339 UTC.
    pub since: Option<String>,
    /// What the newest version changed, until a person has seen it.
    pub difference: Vec<ListDifference>,
    /// The lists that local files add to.
    pub local: Vec<String>,
    /// Later lists that are not used.
    pub refused: Option<Refused>,
    /// Why the stored lists are not used.
    pub damaged: Option<String>,
}

impl Base {
    /// The compiled-in lists.
    #[must_use]
    pub fn builtin() -> Self {
        let lists = CodeLists::builtin();
        Self { hash: lists.hash(), lists, since: None }
    }

    /// The lists of a document whose signature was verified.
    #[must_use]
    pub fn of_register(lists: CodeLists, now: &str) -> Self {
        Self { hash: lists.hash(), lists, since: Some(now.to_owned()) }
    }
}

/// The lists in use. A file that cannot be used is logged.
#[must_use]
pub fn read(config: &Config) -> Base {
    match read_file(config) {
        Ok((base, _)) => base,
        Err(sentence) => {
            tracing::warn!("{sentence}");
            Base::builtin()
        }
    }
}

/// What an administrator is told.
#[must_use]
pub fn told(config: &Config) -> Told {
    let (base, stored, damaged) = match read_file(config) {
        Ok((base, stored)) => (base, stored, None),
        Err(sentence) => (Base::builtin(), None, Some(sentence)),
    };
    let seen = std::fs::read_to_string(config.state_dir().join(SEEN)).unwrap_or_default();
    let (difference, refused) = stored.map(|stored| (stored.difference, stored.refused)).unwrap_or_default();
    Told {
        difference: if seen.trim() == base.hash { Vec::new() } else { difference },
        from: if base.since.is_some() { "register" } else { "built-in" },
        hash: base.hash,
        since: base.since,
        local: config.codelists.keys().cloned().collect(),
        refused,
        damaged,
    }
}

impl Told {
    /// What to look at.
    #[must_use]
    pub fn warnings(&self, language: Language) -> Vec<String> {
        let refused = self.refused.as_ref().map(|Refused { since, reason, .. }| {
            language.pick(
                format!("registrets kodlistor används inte sedan {since}: {reason}"),
                format!("the register's code lists are not used since {since}: {reason}"),
            )
        });
        self.damaged.iter().cloned().chain(refused).collect()
    }

    /// What the newest version changed, a line for each list.
    #[must_use]
    pub fn changes(&self, language: Language) -> Vec<String> {
        self.difference.iter().map(|list| changes(list, language)).collect()
    }
}

fn changes(list: &ListDifference, language: Language) -> String {
    let ListDifference { list, added, ended, changed, removed } = list;
    let [new, over, other, gone] =
        language.pick(["nya", "avslutade", "ändrade", "borttagna"], ["added", "ended", "changed", "removed"]);
    let parts = [(new, added), (over, ended), (other, changed), (gone, removed)];
    let told = parts.into_iter().filter(|(_, codes)| !codes.is_empty());
    let told: Vec<String> = told.map(|(what, codes)| format!("{what} {}", codes.join(", "))).collect();
    format!("{list}: {}", told.join("; "))
}

/// Remembers that a person has seen what the lists in use changed. Where that cannot be written it is told again.
pub fn mark_seen(config: &Config, told: &Told) {
    if !told.difference.is_empty() {
        drop(replace(&config.state_dir().join(SEEN), told.hash.as_bytes()));
    }
}

/// Keeps a verified document; `base` are its lists, `before` those that they take over from.
///
/// # Errors
/// A sentence when the file cannot be written; the file is then as it was.
pub fn keep(config: &Config, document: PublishedLists, (before, base): (&Base, &Base)) -> Result<(), String> {
    let stored = Stored {
        schema: SCHEMA.into(),
        document: Some(document),
        taken_at: base.since.clone(),
        difference: before.lists.difference(&base.lists),
        refused: None,
    };
    write(config, &stored)
}

/// Keeps what stands in the way of later lists, or with none that nothing does. The lists in use stay.
///
/// # Errors
/// A sentence when the file cannot be written.
pub fn keep_refused(config: &Config, refused: Option<Refused>) -> Result<(), String> {
    let stored = read_file(config).ok().and_then(|(_, stored)| stored);
    let known = stored.as_ref().and_then(|stored| stored.refused.as_ref());
    let same = match (known, &refused) {
        (Some(known), Some(refused)) => (&known.hash, &known.reason) == (&refused.hash, &refused.reason),
        (known, refused) => known.is_none() && refused.is_none(),
    };
    if same {
        return Ok(());
    }
    let nothing =
        Stored { schema: SCHEMA.into(), document: None, taken_at: None, difference: Vec::new(), refused: None };
    write(config, &Stored { refused, ..stored.unwrap_or(nothing) })
}

fn read_file(config: &Config) -> Result<(Base, Option<Stored>), String> {
    let path = path(config);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((Base::builtin(), None)),
        Err(error) => return Err(unusable(&path, &error.to_string())),
    };
    let stored: Stored = serde_json::from_slice(&bytes)
        .ok()
        .filter(|stored: &Stored| stored.schema == SCHEMA)
        .ok_or_else(|| unusable(&path, "it is damaged"))?;
    let Some(document) = &stored.document else { return Ok((Base::builtin(), Some(stored))) };
    let key = std::fs::read_to_string(config.path(&config.server.receipt_key)).ok();
    let key = key.and_then(|text| receipt::read_public_key(&text).ok());
    let key = key.ok_or_else(|| unusable(&path, "[server] receipt_key cannot be read"))?;
    let environment = config.agent.environment.word();
    let lists = document.verify(&key, environment).map_err(|error| unusable(&path, &error.to_string()))?;
    let since = stored.taken_at.clone().unwrap_or_default();
    Ok((Base::of_register(lists, &since), Some(stored)))
}

fn unusable(path: &Path, why: &str) -> String {
    format!(
        "the register's code lists in {} are not used ({why}); the built-in ones are until the next run fetches them",
        path.display()
    )
}

fn path(config: &Config) -> PathBuf {
    config.state_dir().join(FILE)
}

fn write(config: &Config, stored: &Stored) -> Result<(), String> {
    let bytes = serde_json::to_vec(stored).map_err(|error| error.to_string())?;
    let path = path(config);
    replace(&path, &bytes).map_err(|error| format!("{} cannot be written ({error})", path.display()))
}

/// What is written before it takes a file's place: each file has its own.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Another file of the same folder takes the place, so that a crash leaves the old or the new.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let beside = beside(path);
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    std::fs::File::open(folder)?.sync_all()
}
