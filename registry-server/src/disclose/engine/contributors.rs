//! Who stood behind a released table, kept so that a later cut can tell how many of them changed and nobody can tell who they are.
//!
//! Promises: of each person a tag under the register's key and the finest cell, nothing else; an erasure deletes the tag and adds one to the
//! cell's number of removed; what is read back is what was written under the seal of its cut. Source: disclosure, section 10.

use std::fmt;

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::disclose::engine::Cut;
use crate::disclose::engine::cube::{Cube, Name};
use crate::disclose::engine::request::{MEAN, Request};
use crate::disclose::engine::secret::{Secret, ShortTag};
use crate::disclose::engine::stored::{self, Unreadable};
use crate::disclose::engine::table::{Disclosed, Table};
use crate::disclose::engine::vocabulary::Vocabulary;

/// Bytes of a person: the tag and the number of the cell.
const ENTRY: usize = size_of::<ShortTag>() + size_of::<u32>();

/// Those who stood behind a released table.
#[derive(Clone, PartialEq)]
pub struct Contributors {
    cut: String,
    split_by: String,
    columns: Vec<String>,
    /// The codes of each finest cell with somebody in it, and how many were removed.
    cells: Vec<(Vec<String>, u32)>,
    /// Tag and cell of each person, by tag.
    persons: Vec<(ShortTag, u32)>,
}

impl fmt::Debug for Contributors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contributors").field("cut", &self.cut).field("split_by", &self.split_by).finish_non_exhaustive()
    }
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    cut: String,
    split_by: String,
    columns: Vec<String>,
    cells: Vec<(Vec<String>, u32)>,
    persons: String,
}

impl Contributors {
    /// Those who stand behind a table of this cut, to be kept with it.
    #[must_use]
    pub fn of(cut: &Cut<'_>, table: &Disclosed<Table>) -> Self {
        let crossed = Request::read(&table.split_by, cut.vocabulary).map(|request| request.crossed).unwrap_or_default();
        let cube = Cube::new(cut.vocabulary, &crossed);
        let mut numbers = vec![None; cube.size()];
        let (mut cells, mut persons) = (Vec::new(), Vec::new());
        for (subject, codes) in cut.facts.persons() {
            let cell = cube.place(codes);
            let number = *numbers[cell].get_or_insert_with(|| {
                cells.push((cut.vocabulary.codes(cube.nodes(cell)), 0));
                u32::try_from(cells.len() - 1).unwrap_or(u32::MAX)
            });
            persons.push((cut.secret.short_tag(subject), number));
        }
        persons.sort_unstable();
        let cut = cut.secret.cut().to_owned();
        Self { cut, split_by: table.split_by.clone(), columns: table.columns.clone(), cells, persons }
    }

    /// How many persons stood in each finest cell when the table was released, by its codes, as text to be kept, encrypted, by whoever can
    /// make these contributors again from a frozen cut.
    #[must_use]
    pub fn counted(&self, secret: &Secret) -> String {
        stored::sealed(&self.counts(), secret)
    }

    fn counts(&self) -> Vec<(Vec<String>, u32)> {
        let mut counts: Vec<u32> = self.cells.iter().map(|(_, removed)| *removed).collect();
        self.persons.iter().for_each(|(_, cell)| counts[*cell as usize] += 1);
        self.cells.iter().map(|(codes, _)| codes.clone()).zip(counts).collect()
    }

    /// These, made again from what is left of their cut, with what it held when the table was released (`counted`): whoever is missing was
    /// removed.
    ///
    /// # Errors
    /// A text that is not as this register wrote it for this cut.
    pub fn after(mut self, then: &str, secret: &Secret) -> Result<Self, Unreadable> {
        let then: Vec<(Vec<String>, u32)> = stored::unsealed(then, secret)?;
        let now = self.counts();
        for (codes, count) in then {
            let place = now.iter().position(|(known, _)| *known == codes);
            let left = place.map_or(0, |place| now[place].1);
            let removed = count.saturating_sub(left);
            match place {
                Some(place) => self.cells[place].1 += removed,
                None => self.cells.push((codes, removed)),
            }
        }
        Ok(self)
    }

    /// As text to be kept: JSON, encrypted.
    ///
    /// # Panics
    /// Never: names and numbers have a form in JSON.
    #[must_use]
    pub fn write(&self, secret: &Secret) -> String {
        let entry = |(tag, cell): &(ShortTag, u32)| tag.iter().copied().chain(cell.to_le_bytes()).collect::<Vec<u8>>();
        let persons = BASE64.encode(&self.persons.iter().flat_map(entry).collect::<Vec<u8>>());
        let Self { cut, split_by, columns, cells, .. } = self.clone();
        stored::sealed(&Kept { cut, split_by, columns, cells, persons }, secret)
    }

    /// Those who were kept.
    ///
    /// # Errors
    /// A text that is not as this register wrote it for this cut.
    pub fn read(text: &str, secret: &Secret) -> Result<Self, Unreadable> {
        let Kept { cut, split_by, columns, cells, persons } = stored::unsealed(text, secret)?;
        let bytes = BASE64.decode(persons.as_bytes()).map_err(|_| Unreadable::Form)?;
        let (entries, []) = bytes.as_chunks::<ENTRY>() else { return Err(Unreadable::Form) };
        let entry = |bytes: &[u8; ENTRY]| {
            let (tag, cell) = bytes.split_at(size_of::<ShortTag>());
            let (tag, cell): (ShortTag, _) = (tag.try_into().ok()?, u32::from_le_bytes(cell.try_into().ok()?));
            Some((tag, cell)).filter(|_| (cell as usize) < cells.len())
        };
        let persons = entries.iter().map(entry).collect::<Option<_>>().ok_or(Unreadable::Form)?;
        Ok(Self { cut, split_by, columns, cells, persons })
    }

    /// Takes a person out, under the key of the cut: whether they were there.
    pub fn erase(&mut self, subject: &[u8], secret: &Secret) -> bool {
        let tag = secret.of_cut(&self.cut).short_tag(subject);
        let Ok(place) = self.persons.binary_search_by_key(&tag, |(tag, _)| *tag) else { return false };
        let (_, cell) = self.persons.remove(place);
        self.cells[cell as usize].1 += 1;
        true
    }

    /// The cut that the table was released from.
    #[must_use]
    pub fn cut(&self) -> &str {
        &self.cut
    }

    /// How many persons of each cell of the table came, left or were removed since; nothing where it is split by something no longer
    /// registered.
    pub(super) fn changes(&self, now: &Cut<'_>) -> Option<Vec<(Name, u64)>> {
        let crossed: Vec<&str> = self.split_by.split(',').filter(|one| !one.starts_with(MEAN)).collect();
        let request = Request::read(&crossed.join(","), now.vocabulary).ok()?;
        let cube = Cube::new(now.vocabulary, &request.crossed);
        let places = self.cells.iter().map(|(codes, _)| self.place(now.vocabulary, &cube, codes));
        let places = places.collect::<Option<Vec<usize>>>()?;
        let mut changes = vec![0_u64; cube.size()];
        let mut add = |cells: Vec<usize>, persons: u64| cells.into_iter().for_each(|cell| changes[cell] += persons);
        for ((_, removed), place) in self.cells.iter().zip(&places) {
            add(cube.above(*place), u64::from(*removed));
        }
        let (secret, mut left) = (now.secret.of_cut(&self.cut), vec![true; self.persons.len()]);
        for (subject, codes) in now.facts.persons() {
            let here = cube.above(cube.place(codes));
            let known = self.persons.binary_search_by_key(&secret.short_tag(subject), |(tag, _)| *tag);
            let Ok(known) = known else {
                add(here, 1);
                continue;
            };
            left[known] = false;
            let there = cube.above(places[self.persons[known].1 as usize]);
            if here != there {
                let moved =
                    |from: &[usize], to: &[usize]| from.iter().copied().filter(|cell| !to.contains(cell)).collect();
                add(moved(&here, &there), 1);
                add(moved(&there, &here), 1);
            }
        }
        for ((_, cell), _) in self.persons.iter().zip(left).filter(|(_, left)| *left) {
            add(cube.above(places[*cell as usize]), 1);
        }
        Some(changes.into_iter().enumerate().map(|(cell, change)| (cube.name(cell), change)).collect())
    }

    /// The narrowest cell that is still registered: who had a code that this cut does not have is in the sums over it.
    fn place(&self, vocabulary: &Vocabulary, cube: &Cube<'_>, codes: &[String]) -> Option<usize> {
        let known = self.columns.iter().zip(codes).filter_map(|(column, code)| vocabulary.find((column, code)).ok());
        cube.find(&known.collect::<Name>())
    }
}
