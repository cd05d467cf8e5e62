//! A released table as it is kept: text that can be read back by whoever has the key of its cut.
//!
//! Promises: what is read back is what was written, by the names of dimensions and codes; a text that was made or altered elsewhere, or
//! written for another cut, is refused, so that nothing made by hand becomes `Disclosed`.
//! A kept text says which hidden cells are of too few persons, so it is encrypted under the key of its cut. What may be seen is the table
//! itself, as JSON.

use data_encoding::BASE64;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::disclose::engine::cube::Name;
use crate::disclose::engine::primary::Tells;
use crate::disclose::engine::secret::Secret;
use crate::disclose::engine::table::{Disclosed, Row, Table};
use crate::disclose::engine::vocabulary::Vocabulary;

/// Why a kept text is no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not written with this key for this cut.
    #[error("a kept table does not have the seal of this register and cut")]
    Seal,
    /// Sealed, but by a program of another form.
    #[error("a kept table is written in a form that this program does not know")]
    Form,
    /// A dimension or code that the vocabulary does not have.
    #[error("a kept table is split by {0}, which is not registered")]
    Name(String),
}

/// What is kept of a table.
#[derive(Serialize, Deserialize)]
struct Kept {
    table: Table,
    /// Of each row, what its hiding rests on.
    behind: Vec<Behind>,
}

/// What is kept of a row beside what is seen of it.
#[derive(Serialize, Deserialize)]
struct Behind {
    k: u64,
    tells: Tells,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drawn: Option<String>,
}

impl Disclosed<Table> {
    /// The table as text to be kept: JSON, encrypted.
    ///
    /// # Panics
    /// Never: names, counts and finite figures have a form in JSON.
    #[must_use]
    pub fn write(&self, secret: &Secret) -> String {
        let behind = |row: &Row| Behind { k: row.k, tells: row.tells, drawn: row.drawn.clone() };
        let kept = Kept { table: Table::clone(self), behind: self.rows.iter().map(behind).collect() };
        sealed(&kept, secret)
    }
}

/// Something as text under the seal of a cut.
pub(super) fn sealed(kept: &impl Serialize, secret: &Secret) -> String {
    let text = serde_json::to_string(kept).expect("names, counts and figures have a form in JSON");
    BASE64.encode(&secret.seal(&text).expect("a table is not gigabytes of text"))
}

/// What was written under the seal of a cut.
pub(super) fn unsealed<T: DeserializeOwned>(text: &str, secret: &Secret) -> Result<T, Unreadable> {
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| Unreadable::Seal)?;
    let text = Zeroizing::new(secret.unseal(bytes).ok_or(Unreadable::Seal)?);
    serde_json::from_str(&text).map_err(|_| Unreadable::Form)
}

/// The table that was kept.
///
/// # Errors
/// A text that is not as it was written, or that is split by something no longer registered.
pub fn read(text: &str, vocabulary: &Vocabulary, secret: &Secret) -> Result<Disclosed<Table>, Unreadable> {
    let (table, unknown) = known(text, vocabulary, secret)?;
    unknown.map_or(Ok(table), Err)
}

/// The table that was kept of an earlier cut, without the rows of codes that this cut does not have.
///
/// # Errors
/// A text that is not as it was written.
pub fn read_earlier(text: &str, vocabulary: &Vocabulary, secret: &Secret) -> Result<Disclosed<Table>, Unreadable> {
    known(text, vocabulary, secret).map(|(table, _)| table)
}

/// The rows of registered codes, and the first name that is not registered.
fn known(
    text: &str,
    vocabulary: &Vocabulary,
    secret: &Secret,
) -> Result<(Disclosed<Table>, Option<Unreadable>), Unreadable> {
    let Kept { mut table, behind } = unsealed(text, secret)?;
    if behind.len() != table.rows.len() {
        return Err(Unreadable::Form);
    }
    let (mut unknown, mut rows) = (None, Vec::new());
    for (mut row, Behind { k, tells, drawn }) in std::mem::take(&mut table.rows).into_iter().zip(behind) {
        match named(vocabulary, &table.columns, &row.codes) {
            Ok(name) => {
                (row.name, row.k, row.tells, row.drawn) = (name, k, tells, drawn);
                rows.push(row);
            }
            Err(name) => unknown = unknown.or(Some(name)),
        }
    }
    table.rows = rows;
    Ok((Disclosed::new(table), unknown))
}

/// The table that was kept, to be shown and for nothing else: nothing can be held against it.
///
/// # Errors
/// A text that is not as it was written.
pub fn seen(text: &str, secret: &Secret) -> Result<Disclosed<Table>, Unreadable> {
    let Kept { table, .. } = unsealed(text, secret)?;
    Ok(Disclosed::new(table))
}

/// The cell of a row.
pub(super) fn named(vocabulary: &Vocabulary, columns: &[String], codes: &[String]) -> Result<Name, Unreadable> {
    let mut name = Name::new();
    for (column, code) in columns.iter().zip(codes) {
        let known = vocabulary.dimensions.iter().position(|known| known.name == *column);
        let dimension = known.ok_or_else(|| Unreadable::Name(column.clone()))?;
        if code != "ALL" {
            let node = vocabulary.dimensions[dimension].code(code);
            name.push((dimension, node.ok_or_else(|| Unreadable::Name(format!("{column} {code}")))?));
        }
    }
    name.sort_unstable();
    Ok(name)
}
