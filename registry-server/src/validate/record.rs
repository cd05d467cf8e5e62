//! The other lines: an envelope that must be readable, and a content that must fit its kind and keep the rules.
//!
//! Promises: an unreadable envelope or a foreign key id refuses the batch; anything else that is wrong refuses the record.

use schemas::batch::{Envelope, Kind};
use schemas::id::{HsaId, KeyId, RecordKey, Version};
use schemas::record::{Activity, Retraction, Run, SubjectPair, Treatment, Unit};
use schemas::rule::{self, Context, Effect, Finding, Rule};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Facts, RefusedBatch};
use crate::store::PairSays;

/// Counts and counters end where a double is no longer exact, as everywhere in JSON.
const LARGEST_NUMBER: u64 = 1 << 53;
/// The longest key of a count, bytes.
const LONGEST_KEY: usize = 200;

/// A record that keeps every rule.
#[derive(Debug)]
pub struct CheckedRecord {
    /// Its key.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// What it says.
    pub content: Content,
}

/// What a record says, by kind.
#[derive(Debug)]
pub enum Content {
    /// A treatment episode.
    Treatment(Box<Treatment>),
    /// A treatment taken back.
    Retraction(Retraction),
    /// A unit's description.
    Unit(Unit),
    /// A month's counts.
    Activity(Activity),
    /// A line of a cycle's accounting.
    Run(Run),
    /// Whether two persons are one.
    Pair(SubjectPair, PairSays),
}

/// What refuses the batch whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Unreadable,
    Key,
}

impl Fault {
    /// The fault at a line of the batch.
    pub(super) fn at(self, line: u32) -> RefusedBatch {
        match self {
            Self::Unreadable => RefusedBatch::Line(line),
            Self::Key => RefusedBatch::Key(line),
        }
    }
}

type Outcome<T> = Result<T, Vec<Finding>>;

/// Reads and checks one line.
pub(super) fn read(line: &[u8], kid: &KeyId, facts: &Facts<'_>) -> Result<Outcome<CheckedRecord>, Fault> {
    let envelope: Envelope<'_> = serde_json::from_slice(line).map_err(|_| Fault::Unreadable)?;
    if holds_nul(&envelope) {
        return Ok(Err(misshapen("content")));
    }
    let rules = Context { lists: facts.lists, today: facts.today, sender: facts.sender };
    let content = match envelope.kind {
        Kind::Treatment => {
            let treatment = shape::<Treatment>(&envelope);
            if treatment.as_ref().is_ok_and(|treatment| treatment.pseudonym.key_id() != kid.as_str()) {
                return Err(Fault::Key);
            }
            treatment.and_then(|treatment| {
                verdict(rule::check_treatment(&treatment, &rules), Content::Treatment(Box::new(treatment)))
            })
        }
        Kind::Retraction => {
            shape(&envelope).and_then(|content| verdict(rule::check_retraction(&content), Content::Retraction(content)))
        }
        Kind::Unit => unit(&envelope, &rules),
        Kind::Activity => shape(&envelope).and_then(|content: Activity| {
            numbers("content", &[content.started, content.ended, content.ongoing])?;
            verdict(rule::check_activity(&content, &rules), Content::Activity(content))
        }),
        Kind::Run => shape(&envelope).and_then(run),
        Kind::SubjectMerge => pair(&envelope, kid, PairSays::Merge)?,
        Kind::SubjectSplit => pair(&envelope, kid, PairSays::Split)?,
    };
    let numbered = numbers("version", &[envelope.version.counter]);
    Ok(content.and_then(|content| {
        numbered?;
        key(&envelope, &content, facts)?;
        Ok(CheckedRecord { key: envelope.key.into_owned(), version: envelope.version, content })
    }))
}

fn shape<T: DeserializeOwned>(envelope: &Envelope<'_>) -> Outcome<T> {
    serde_json::from_str(envelope.content.get()).map_err(|_| misshapen("content"))
}

fn unit(envelope: &Envelope<'_>, rules: &Context<'_>) -> Outcome<Content> {
    let content: Unit = shape(envelope)?;
    let key: HsaId = envelope.key.parse().map_err(|_| misshapen("key"))?;
    verdict(rule::check_unit(&key, &content, rules), Content::Unit(content))
}

fn run(content: Run) -> Outcome<Content> {
    let terms = content.terms().map(|(_, n)| n);
    numbers("content", &[content.cycle, content.found])?;
    numbers("content", &terms)?;
    numbers("reasons", &content.reasons.iter().map(|reason| reason.n).collect::<Vec<_>>())?;
    // A line that does not add up is kept, so that the register shows the difference.
    let findings = rule::check_run(&content).into_iter();
    let refusing = findings.filter(|finding| finding.rule.describe().effect != Effect::Warn).collect();
    verdict(refusing, Content::Run(content))
}

fn pair(envelope: &Envelope<'_>, kid: &KeyId, says: PairSays) -> Result<Outcome<Content>, Fault> {
    let content = shape::<SubjectPair>(envelope);
    match content {
        Ok(pair) if [&pair.old, &pair.new].iter().any(|person| person.key_id() != kid.as_str()) => Err(Fault::Key),
        Ok(pair) if pair.old == pair.new => Ok(Err(misshapen("new"))),
        content => Ok(content.map(|pair| Content::Pair(pair, says))),
    }
}

/// Whether the key has its kind's form and is the sender's own.
fn key(envelope: &Envelope<'_>, content: &Content, facts: &Facts<'_>) -> Outcome<()> {
    match envelope.kind {
        Kind::Treatment | Kind::Retraction => {
            let key: RecordKey = envelope.key.parse().map_err(|_| misshapen("key"))?;
            if key.sender() == facts.sender.as_str() {
                Ok(())
            } else {
                Err(vec![Finding::new(Rule::RecordSender, "key")])
            }
        }
        Kind::Unit => Ok(()),
        Kind::Activity if (1..=LONGEST_KEY).contains(&envelope.key.len()) => Ok(()),
        Kind::Run if matches!(content, Content::Run(run) if run.key() == envelope.key) => Ok(()),
        Kind::SubjectMerge | Kind::SubjectSplit if is_random(&envelope.key) => Ok(()),
        Kind::Activity | Kind::Run | Kind::SubjectMerge | Kind::SubjectSplit => Err(misshapen("key")),
    }
}

/// The form of the key of a pair: what 32 random bytes are in base64url.
fn is_random(key: &str) -> bool {
    key.len() == 43 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a text holds the character NUL: PostgreSQL keeps it in no text, and no register writes it.
fn holds_nul(envelope: &Envelope<'_>) -> bool {
    let content = envelope.content.get();
    // Its escape is looked for first, because every line is and hardly any has it.
    envelope.key.contains('\0')
        || (content.contains("\\u0000") && serde_json::from_str(content).is_ok_and(|content| nul_in(&content)))
}

fn nul_in(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(nul_in),
        Value::Object(members) => members.values().any(nul_in),
        _ => false,
    }
}

fn numbers(field: &'static str, numbers: &[u64]) -> Outcome<()> {
    if numbers.iter().all(|number| *number <= LARGEST_NUMBER) { Ok(()) } else { Err(misshapen(field)) }
}

fn verdict(findings: Vec<Finding>, content: Content) -> Outcome<Content> {
    if findings.is_empty() { Ok(content) } else { Err(findings) }
}

fn misshapen(field: &'static str) -> Vec<Finding> {
    vec![Finding::new(Rule::RecordShape, field)]
}
