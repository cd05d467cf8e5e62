//! One code list in memory: its lines in file order, found by code or by any of their names.
//!
//! Promises: a code stands once; a name, folded, belongs to one line only; every line knows where it was read.
//! Must not know: what the lines mean.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{CodeListError, Fault};
use super::fold::fold;
use super::list_name::ListName;
use super::near::{WORTH_TELLING, likeness};
use super::read::read;
use super::validity::Validity;

/// What a line of a list must be able to tell.
pub(crate) trait Line: Clone + Serialize + DeserializeOwned {
    /// The list it is a line of.
    const LIST: ListName;
    /// The list that is compiled in; its header names the columns that a file may have.
    const BUILTIN: &'static str;

    /// What makes the line one of its kind.
    fn key(&self) -> String;

    /// Further names it is found by.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The name to propose to a person.
    fn label(&self) -> String {
        self.key()
    }

    /// When it is in use; always, unless its columns say otherwise.
    fn validity(&self) -> Validity<'_> {
        Validity::default()
    }

    /// What is wrong with it by itself.
    fn fault(&self) -> Option<Fault> {
        None
    }
}

#[derive(Debug, Clone)]
struct Placed<T> {
    line: T,
    file: String,
    at: u64,
}

/// The lines of one list.
#[derive(Debug, Clone)]
pub(crate) struct List<T> {
    placed: Vec<Placed<T>>,
    by_key: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl<T: Line> List<T> {
    /// The compiled-in list.
    pub(crate) fn builtin() -> Self {
        let mut list = Self::empty();
        list.add(&format!("{}.csv", T::LIST), T::BUILTIN).expect("the compiled-in lists are read by the list tests");
        list
    }

    /// A list without lines.
    pub(crate) fn empty() -> Self {
        Self { placed: Vec::new(), by_key: HashMap::new(), by_name: HashMap::new() }
    }

    /// Adds the lines of a file, each in place of the one with its key if there is one.
    pub(crate) fn add(&mut self, file: &str, text: &str) -> Result<(), CodeListError> {
        let mut fresh = HashSet::new();
        for (at, line) in read::<T>(file, text)? {
            let key = line.key();
            let placed = Placed { line, file: file.to_owned(), at };
            if key.is_empty() {
                return Err(placed.error(None, "has no code; give it one".to_owned()));
            }
            let index = *self.by_key.entry(key.clone()).or_insert(self.placed.len());
            if !fresh.insert(index) {
                return Err(placed.error(None, format!("{key} stands twice in this file; keep one line")));
            }
            match self.placed.get_mut(index) {
                Some(known) => *known = placed,
                None => self.placed.push(placed),
            }
        }
        self.index_names(&fresh)
    }

    /// Old lines first, so that a clash is laid to the file just read.
    fn index_names(&mut self, fresh: &HashSet<usize>) -> Result<(), CodeListError> {
        self.by_name.clear();
        let (new, old): (Vec<usize>, Vec<usize>) = (0..self.placed.len()).partition(|index| fresh.contains(index));
        for index in old.into_iter().chain(new) {
            let placed = &self.placed[index];
            let key = placed.line.key();
            for name in std::iter::once(key.as_str()).chain(placed.line.names()) {
                let owner = *self.by_name.entry(fold(name)).or_insert(index);
                if owner != index {
                    let other = self.placed[owner].line.key();
                    return Err(
                        placed.error(None, format!("{name} is already a name of {other}; keep it in one of the two"))
                    );
                }
            }
        }
        Ok(())
    }

    /// The line with exactly this key.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.by_key.get(key).map(|index| &self.placed[*index].line)
    }

    /// The line that a key stands for on a day: its own, or the one that took over from it.
    pub(crate) fn on(&self, key: &str, day: Date) -> Option<&T> {
        let mut line = self.get(key)?;
        // A chain is no longer than the list; a longer one is a ring.
        for _ in 0..self.placed.len() {
            let validity = line.validity();
            if validity.holds_on(day) {
                return Some(line);
            }
            if !validity.has_ended_before(day) {
                return None;
            }
            line = self.get(validity.successor?)?;
        }
        None
    }

    /// The line that bears a name, in any spelling that folds to it.
    pub(crate) fn find(&self, name: &str) -> Option<&T> {
        self.by_name.get(&fold(name)).map(|index| &self.placed[*index].line)
    }

    /// The lines in file order, added ones last.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.placed.iter().map(|placed| &placed.line)
    }

    /// The content by key, for the hash.
    pub(crate) fn content(&self) -> BTreeMap<String, Value> {
        self.iter().map(|line| (line.key(), serde_json::to_value(line).expect("lines are flat structs"))).collect()
    }

    /// Up to three lines nearest to a value, the nearest first, each with its likeness.
    pub(crate) fn nearest(&self, value: &str) -> Vec<(f64, &T)> {
        let mut near: Vec<(f64, &T)> = self
            .iter()
            .map(|line| {
                let key = line.key();
                let names = std::iter::once(key.as_str()).chain(line.names());
                (names.map(|name| likeness(name, value)).fold(0.0, f64::max), line)
            })
            .filter(|(likeness, _)| *likeness >= WORTH_TELLING)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.label().cmp(&b.1.label())));
        near.truncate(3);
        near
    }

    /// Refuses a line whose successor is not in this list.
    pub(crate) fn check_successors(&self) -> Result<(), CodeListError> {
        self.check_reference("successor", |line| line.validity().successor, |key| self.get(key).is_some())
    }

    /// Refuses a line whose column names something that another list lacks.
    pub(crate) fn check_reference(
        &self,
        column: &str,
        target: impl Fn(&T) -> Option<&str>,
        exists: impl Fn(&str) -> bool,
    ) -> Result<(), CodeListError> {
        for placed in &self.placed {
            if let Some(code) = target(&placed.line).filter(|code| !exists(code)) {
                return Err(placed.error(Some(column), format!("{code} is not in its code list; add it there first")));
            }
        }
        Ok(())
    }
}

impl<T> Placed<T> {
    fn error(&self, column: Option<&str>, message: String) -> CodeListError {
        CodeListError { file: self.file.clone(), line: self.at, column: column.map(str::to_owned), message }
    }
}

/// The Swedish and the English name of a line, as far as it has them.
pub(crate) fn both_names<'a>(sv: &'a str, en: &'a str) -> impl Iterator<Item = &'a str> {
    [sv, en].into_iter().filter(|name| !name.trim().is_empty())
}

/// Aliases as they stand in one cell, separated by semicolons.
pub(crate) mod alias_text {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        let cell = String::deserialize(from)?;
        Ok(cell.split(';').map(str::trim).filter(|alias| !alias.is_empty()).map(str::to_owned).collect())
    }

    pub(crate) fn serialize<S: Serializer>(aliases: &[String], to: S) -> Result<S::Ok, S::Error> {
        aliases.serialize(to)
    }
}
