//! Whether a batch is what it says, and whether each record keeps the rules.
//!
//! Promises: a batch that cannot be trusted is refused whole, with the line; a record that breaks a rule is refused by itself, and the
//! findings name rule and field, never a value. The rules are those of [`schemas::rule`], the same that the agent ran.
//! Must not know: the store, HTTP, the pepper.

/// The first line.
mod manifest;
/// The other lines.
mod record;

use jiff::civil::Date;
use schemas::batch::Manifest;
use schemas::codelist::CodeLists;
use schemas::id::{KeyId, SenderCode};
use schemas::receipt::LineFinding;

pub use record::{CheckedRecord, Content};

/// What the checks need to know besides the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The sender as its certificate says.
    pub sender: &'a SenderCode,
    /// The register's environment.
    pub environment: &'a str,
    /// The key ids registered for the sender.
    pub keys: &'a [KeyId],
    /// The code lists in force.
    pub lists: &'a CodeLists,
    /// The last day that is not in the future.
    pub today: Date,
}

/// A batch that may be stored.
#[derive(Debug)]
pub struct Checked {
    /// Its first line.
    pub manifest: Manifest,
    /// Its records in order; nothing where one broke a rule.
    pub records: Vec<Option<CheckedRecord>>,
    /// The broken rules.
    pub findings: Vec<LineFinding>,
}

/// A batch that is refused whole. Lines count from 1 for the manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedBatch {
    /// The first line is no manifest, or not one of this batch.
    #[error("{0}")]
    Manifest(&'static str),
    /// Another schema.
    #[error(
        "the batch is not of schema {}; upgrade the agent or the register, whichever is older",
        schemas::batch::SCHEMA
    )]
    Schema,
    /// The manifest names another sender.
    #[error("the manifest names another sender than the certificate; check [agent] region and the certificate")]
    Sender,
    /// The manifest names another environment.
    #[error("the manifest names another environment than this register's; check [agent] environment and [server] url")]
    Environment,
    /// A key id that the sender may not use.
    #[error("line {0} stands under a key id that is not registered for this sender; check [pseudonym] key_id")]
    Key(u32),
    /// A line that is no record.
    #[error("line {0} is not a record of schema {schema}; the batch was built wrongly", schema = schemas::batch::SCHEMA)]
    Line(u32),
}

/// Checks a whole batch.
///
/// # Errors
/// The first fault that refuses it whole.
pub fn check(bytes: &[u8], facts: &Facts<'_>) -> Result<Checked, RefusedBatch> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let manifest = manifest::read(lines.next().unwrap_or_default(), facts)?;
    let mut checked = Checked { manifest, records: Vec::new(), findings: Vec::new() };
    for (line, text) in (1..).zip(lines) {
        match record::read(text, &checked.manifest.kid, facts).map_err(|fault| fault.at(line + 1))? {
            Ok(record) => checked.records.push(Some(record)),
            Err(findings) => {
                checked.records.push(None);
                checked.findings.extend(findings.iter().map(|finding| LineFinding {
                    line,
                    rule: finding.rule.id().to_owned(),
                    field: finding.field.to_owned(),
                }));
            }
        }
    }
    if u32::try_from(checked.records.len()) != Ok(checked.manifest.records) {
        return Err(RefusedBatch::Manifest(
            "the manifest counts other records than follow; the batch was built wrongly",
        ));
    }
    Ok(checked)
}

#[cfg(test)]
mod tests;
