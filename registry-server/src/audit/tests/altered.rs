//! A log as rows, and ways to alter it behind the register's back.
//!
//! Promises: an altered log differs from the whole one; what the register's own key is needed for is told apart, because then nothing in
//! the database can show it.

use schemas::audit::{Checkpoint, Hash, Range, SignedCheckpoint};
use schemas::receipt::Receipt;
use tokio::sync::mpsc;

use super::key;
use crate::environment::Stamp;
use crate::store::Store;
use crate::store::audit::{Entry, What};
use crate::store::contract::at;
use crate::store::transfer::{Row, TABLES, Table, Value};

/// Numbers that follow from a seed.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// One below a limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// The tables that hold the log, and the receipts that speak of it.
pub(super) const KEPT: [&str; 3] = ["batch", "audit_leaf", "audit_checkpoint"];

pub(super) fn table(name: &str) -> &'static Table {
    TABLES.iter().find(|table| table.name == name).unwrap()
}

/// The rows of the log.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Log {
    pub(super) batches: Vec<Row>,
    pub(super) leaves: Vec<Row>,
    pub(super) checkpoints: Vec<Row>,
}

/// What shows an alteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The log itself.
    ByItself,
    /// Only a checkpoint that stands outside.
    ByWitness,
}

impl Log {
    /// What a store holds.
    pub(super) async fn read(store: &dyn Store) -> Self {
        let rows = async |name| {
            let (pages, mut coming) = mpsc::channel(100);
            store.export(table(name), pages).await.unwrap();
            let mut rows = Vec::new();
            while let Some(page) = coming.recv().await {
                rows.extend(page);
            }
            rows
        };
        Self {
            batches: rows("batch").await,
            leaves: rows("audit_leaf").await,
            checkpoints: rows("audit_checkpoint").await,
        }
    }

    /// Puts these rows into tables that are empty.
    pub(super) async fn write(&self, store: &dyn Store) {
        for (name, rows) in KEPT.into_iter().zip([&self.batches, &self.leaves, &self.checkpoints]) {
            if !rows.is_empty() {
                store.import(table(name), rows.clone()).await.unwrap();
            }
        }
    }

    /// Alters something; tells what, and what must show it.
    pub(super) fn alter(&mut self, chance: &mut Chance) -> (&'static str, Shown) {
        match chance.below(9) {
            0 | 1 => self.edit(chance),
            2 => self.delete(chance),
            3 => self.insert(chance),
            4 => self.reorder(chance),
            5 => {
                let kept = chance.below(self.leaves.len());
                self.leaves.truncate(kept);
                ("truncate the entries", Shown::ByItself)
            }
            6 => {
                self.roll_back(chance);
                ("roll back to an earlier state", Shown::ByWitness)
            }
            7 => {
                self.roll_back(chance);
                self.append(chance);
                self.sign_again();
                ("roll back and go on otherwise, signed", Shown::ByWitness)
            }
            _ => {
                let place = chance.below(self.leaves.len());
                self.forge(place, chance);
                self.sign_again();
                ("rewrite an entry and sign everything again", Shown::ByWitness)
            }
        }
    }

    fn edit(&mut self, chance: &mut Chance) -> (&'static str, Shown) {
        let (rows, what) = match chance.below(2) {
            0 => (&mut self.leaves, ["edit a position", "edit a leaf", "edit an event", "edit a salt"].as_slice()),
            _ => (&mut self.checkpoints, ["edit a size", "edit a signed line", "edit peaks"].as_slice()),
        };
        let unused = count(rows.len() * 10 + chance.below(1_000));
        let (row, column) = (chance.below(rows.len()), chance.below(what.len()));
        match &mut rows[row][column] {
            Value::Integer(value) => *value = Some(unused),
            Value::Text(Some(text)) => {
                let place = chance.below(text.len());
                let other = if &text[place..=place] == "7" { "3" } else { "7" };
                text.replace_range(place..=place, other);
            }
            Value::Blob(Some(bytes)) => match chance.below(4) {
                0 => drop(bytes.pop()),
                1 => bytes.push(0),
                _ => {
                    let place = chance.below(bytes.len());
                    bytes[place] ^= 1 << chance.below(8);
                }
            },
            other => panic!("{other:?}"),
        }
        (what[column], Shown::ByItself)
    }

    fn delete(&mut self, chance: &mut Chance) -> (&'static str, Shown) {
        match chance.below(3) {
            0 => {
                self.leaves.remove(chance.below(self.leaves.len()));
                ("delete an entry", Shown::ByItself)
            }
            1 => {
                self.leaves.remove(chance.below(self.leaves.len()));
                self.number();
                ("delete an entry and close the gap", Shown::ByItself)
            }
            _ => {
                self.checkpoints.remove(chance.below(self.checkpoints.len()));
                ("delete a checkpoint", Shown::ByItself)
            }
        }
    }

    fn insert(&mut self, chance: &mut Chance) -> (&'static str, Shown) {
        if chance.below(3) == 0 {
            let mut row = self.checkpoints[chance.below(self.checkpoints.len())].clone();
            row[0] = Value::Integer(Some(count(1_000 + chance.below(1_000))));
            self.checkpoints.push(row);
            return ("insert a checkpoint", Shown::ByItself);
        }
        let place = chance.below(self.leaves.len() + 1);
        self.leaves.insert(place, forged(chance));
        self.number();
        ("insert an entry", Shown::ByItself)
    }

    fn reorder(&mut self, chance: &mut Chance) -> (&'static str, Shown) {
        let (one, by) = (chance.below(self.leaves.len()), 1 + chance.below(self.leaves.len() - 1));
        let other = (one + by) % self.leaves.len();
        if chance.below(2) == 0 {
            self.leaves.swap(one, other);
        } else {
            self.leaves[one.min(other)..=one.max(other)].rotate_left(1);
        }
        self.number();
        ("reorder entries", Shown::ByItself)
    }

    /// The whole database as it was at an earlier checkpoint.
    fn roll_back(&mut self, chance: &mut Chance) {
        self.checkpoints.truncate(chance.below(self.checkpoints.len()));
        let size = self.checkpoints.last().map_or(0, |row| usize::try_from(integer(row)).unwrap());
        self.leaves.truncate(size);
        let leaves: Vec<String> = self.leaves.iter().map(|row| schemas::canonical::hex(&leaf(row))).collect();
        self.batches.retain(|row| leaves.contains(&receipt(row).body.leaf.unwrap()));
    }

    /// Another event at the end, under a checkpoint of its own.
    fn append(&mut self, chance: &mut Chance) {
        self.leaves.push(forged(chance));
        self.number();
        let size = Value::Integer(Some(count(self.leaves.len())));
        self.checkpoints.push(vec![size, Value::Text(None), Value::Blob(None)]);
    }

    /// Another event in the place of one, and no receipt that tells of the first.
    fn forge(&mut self, place: usize, chance: &mut Chance) {
        let before = schemas::canonical::hex(&leaf(&self.leaves[place]));
        self.leaves[place] = forged(chance);
        self.number();
        self.batches.retain(|row| receipt(row).body.leaf != Some(before.clone()));
    }

    fn number(&mut self) {
        for (row, position) in self.leaves.iter_mut().zip(0..) {
            row[0] = Value::Integer(Some(position));
        }
    }

    /// What only the register itself can do: every checkpoint made new over the entries as they are now.
    fn sign_again(&mut self) {
        let mut previous = 0;
        for row in &mut self.checkpoints {
            let size = u64::try_from(integer(row)).unwrap();
            let range: Range = self.leaves[..usize::try_from(size).unwrap()].iter().map(leaf).collect();
            let at = match &row[1] {
                Value::Text(Some(text)) => text.parse::<SignedCheckpoint>().unwrap().body.at,
                _ => at(),
            };
            let body = Checkpoint { origin: "test".into(), size, previous, root: range.root(), at, restored: None };
            row[1] = Value::Text(Some(body.sign(&key()).to_string()));
            row[2] = Value::Blob(Some(range.peaks().as_flattened().to_vec()));
            previous = size;
        }
    }
}

/// An entry that was never noted.
fn forged(chance: &mut Chance) -> Row {
    let salt = schemas::canonical::sha256(&chance.below(usize::MAX).to_be_bytes());
    let Entry { leaf, event, salt } = Entry::new(Stamp { at: at(), salt }, None, What::Lift { persons: 2 });
    vec![
        Value::Integer(None),
        Value::Blob(Some(leaf.to_vec())),
        Value::Text(Some(event)),
        Value::Blob(Some(salt.to_vec())),
    ]
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap()
}

fn integer(row: &Row) -> i64 {
    if let Value::Integer(Some(value)) = row[0] { value } else { panic!("{row:?}") }
}

fn leaf(row: &Row) -> Hash {
    if let Value::Blob(Some(bytes)) = &row[1] { bytes.as_slice().try_into().unwrap() } else { panic!("{row:?}") }
}

fn receipt(row: &Row) -> Receipt {
    if let Value::Blob(Some(bytes)) = &row[4] { serde_json::from_slice(bytes).unwrap() } else { panic!("{row:?}") }
}
