//! Persons of whom somebody said that two numbers are theirs.
//!
//! Promises: what was said last of a pair is what the register is told, again where it may have forgotten; nothing is left of a pair of
//! which one leaves. Must not know: identity numbers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use super::Outbox;
use super::objector::hexes;
use crate::outbox::OutboxError;
use crate::pseudonymise::Objector;

/// What was said of two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// They are one person's.
    Merge,
    /// They are not, after all.
    Split,
}

impl Says {
    fn word(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
        }
    }
}

/// Two numbers of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Under the number used before.
    pub old: Objector,
    /// Under the number used now.
    pub new: Objector,
    /// What was said of them.
    pub says: Says,
    /// Key of the record that tells it, 43 random characters.
    pub key: String,
}

const FORGET_REVERSED: &str = "
DELETE FROM person_pair WHERE EXISTS (
    SELECT 1 FROM json_each(?) j WHERE unhex(j.value->>0) = person_pair.new AND unhex(j.value->>2) = person_pair.old)
";
const SET: &str = "
INSERT OR REPLACE INTO person_pair (old, old_hash, new, new_hash, says, key)
SELECT unhex(value->>0), unhex(value->>1), unhex(value->>2), unhex(value->>3), value->>4, value->>5 FROM json_each(?)
";
/// Those that neither wait in a batch nor were answered for under this generation.
const TO_QUEUE: &str = "
SELECT old, old_hash, new, new_hash, says, key FROM person_pair p
WHERE NOT EXISTS (SELECT 1 FROM batch_line l JOIN batch b ON b.id = l.batch WHERE l.key = p.key AND b.delivered_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM record r WHERE r.key = p.key AND (r.state = 'rejected' OR r.accepted_generation = ?))
ORDER BY key
";
const ALL: &str = "SELECT old, old_hash, new, new_hash, says, key FROM person_pair";
const TELL_AGAIN: &str =
    "UPDATE record SET accepted_generation = NULL WHERE key IN (SELECT key FROM person_pair) AND state <> 'rejected'";
const REFUSED: &str = "
SELECT count(*) FROM record WHERE state = 'rejected' AND key IN (SELECT value FROM json_each(?))
";
const WAITING: &str = "
SELECT count(*) FROM person_pair p WHERE p.key IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM record r WHERE r.key = p.key AND r.state <> 'queued')
";
const IS_KNOWN: &str = "
SELECT EXISTS (SELECT 1 FROM found WHERE person = ?1) OR EXISTS (SELECT 1 FROM bearer WHERE person = ?1)
";
const FORGET: &str = "
DELETE FROM person_pair
WHERE old IN (SELECT unhex(value) FROM json_each(?1)) OR new IN (SELECT unhex(value) FROM json_each(?1))
";

type Row = (Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>, String, String);

impl Outbox {
    /// Keeps what is said of pairs, in place of what was said of them before.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub async fn set_pairs(&mut self, pairs: &[Pair]) -> Result<(), OutboxError> {
        let hex = |bytes: &[u8; 32]| schemas::canonical::hex(bytes);
        let row = |Pair { old, new, says, key }: &Pair| {
            json!([hex(&old.person), hex(&old.hash), hex(&new.person), hex(&new.hash), says.word(), key])
        };
        let rows = Value::Array(pairs.iter().map(row).collect()).to_string();
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(FORGET_REVERSED).bind(&rows).execute(&mut *transaction).await?;
        sqlx::query(SET).bind(&rows).execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// The pairs that the register is to be told of.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pairs_to_queue(&mut self) -> Result<Vec<Pair>, OutboxError> {
        let generation = self.generation().await?.map(|(_, generation)| generation);
        let query = sqlx::query_as(TO_QUEUE).bind(generation);
        let rows: Vec<Row> = query.fetch_all(&mut self.connection).await?;
        rows.into_iter().map(pair).collect()
    }

    /// Lets the register be told of every pair again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_pairs_again(&mut self) -> Result<(), OutboxError> {
        sqlx::query(TELL_AGAIN).execute(&mut self.connection).await?;
        Ok(())
    }

    /// How many of these records of pairs have no answer yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_pairs(&mut self, keys: &[String]) -> Result<i64, OutboxError> {
        Ok(sqlx::query_scalar(WAITING).bind(json!(keys).to_string()).fetch_one(&mut self.connection).await?)
    }

    /// How many of these records of pairs the register refuses.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refused_pairs(&mut self, keys: &[String]) -> Result<i64, OutboxError> {
        Ok(sqlx::query_scalar(REFUSED).bind(json!(keys).to_string()).fetch_one(&mut self.connection).await?)
    }

    /// Whether a source shows or showed a treatment of a person, by the bytes inside the pseudonym.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_person(&mut self, person: &[u8; 32]) -> Result<bool, OutboxError> {
        Ok(sqlx::query_scalar(IS_KNOWN).bind(person.as_slice()).fetch_one(&mut self.connection).await?)
    }

    /// The other numbers of some persons, by their hashes under the objection key; none of those that are asked for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn other_numbers(&mut self, hashes: &BTreeSet<[u8; 32]>) -> Result<Vec<Objector>, OutboxError> {
        let rows: Vec<Row> = sqlx::query_as(ALL).fetch_all(&mut self.connection).await?;
        let pairs: Vec<Pair> = rows.into_iter().map(pair).collect::<Result<_, _>>()?;
        Ok(others(&pairs, hashes))
    }
}

/// Forgets every pair of which one is among these persons.
pub(super) async fn forget(connection: &mut SqliteConnection, persons: &[[u8; 32]]) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET).bind(hexes(persons)).execute(connection).await.map(|_| ())
}

/// Everybody who is one person with somebody of these, over any number of pairs.
fn others(pairs: &[Pair], hashes: &BTreeSet<[u8; 32]>) -> Vec<Objector> {
    let merged: Vec<&Pair> = pairs.iter().filter(|pair| pair.says == Says::Merge).collect();
    let mut found: BTreeMap<[u8; 32], Objector> = BTreeMap::new();
    loop {
        let has = |hash: &[u8; 32]| hashes.contains(hash) || found.contains_key(hash);
        let next: Vec<Objector> = merged
            .iter()
            .filter_map(|pair| match (has(&pair.old.hash), has(&pair.new.hash)) {
                (true, false) => Some(pair.new),
                (false, true) => Some(pair.old),
                _ => None,
            })
            .collect();
        if next.is_empty() {
            return found.into_values().collect();
        }
        found.extend(next.into_iter().map(|objector| (objector.hash, objector)));
    }
}

fn pair((old, old_hash, new, new_hash, says, key): Row) -> Result<Pair, OutboxError> {
    let bytes = |bytes: Vec<u8>| bytes.try_into().map_err(|_| OutboxError::Inconsistent("person_pair"));
    let says = [Says::Merge, Says::Split].into_iter().find(|one| one.word() == says);
    Ok(Pair {
        old: Objector { person: bytes(old)?, hash: bytes(old_hash)? },
        new: Objector { person: bytes(new)?, hash: bytes(new_hash)? },
        says: says.ok_or(OutboxError::Inconsistent("person_pair.says"))?,
        key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(old: u8, new: u8, says: Says) -> Pair {
        let objector = |number| Objector { hash: [number; 32], person: [number + 100; 32] };
        Pair { old: objector(old), new: objector(new), says, key: format!("{old} {new}") }
    }

    #[test]
    fn a_person_is_found_under_every_number_over_any_number_of_pairs() {
        use Says::{Merge, Split};
        let pairs = [pair(1, 2, Merge), pair(3, 2, Merge), pair(3, 4, Split), pair(5, 6, Merge), pair(4, 7, Merge)];
        for (asked, found) in [(1, vec![2, 3]), (3, vec![1, 2]), (4, vec![7]), (6, vec![5]), (9, vec![])] {
            let told = others(&pairs, &BTreeSet::from([[asked; 32]]));
            assert_eq!(told.iter().map(|one| one.hash[0]).collect::<Vec<_>>(), found, "of {asked}");
        }
        assert_eq!(others(&pairs, &BTreeSet::from([[1; 32], [2; 32], [3; 32]])), []);
    }
}
