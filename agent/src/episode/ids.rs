//! Which treatment ids a reading has met, so that those it has not can be told.
//!
//! Promises: some bytes a row, however long its id is; two ids are taken for one with a chance that never comes about (72 bits of a
//! keyed hash tell them apart).

/// Characters of a key's last part that tell it from others.
pub const MARK: usize = 12;

/// The ids of treatments that were read; answers alone are none.
#[derive(Debug, Default)]
pub struct Ids {
    marks: Vec<[u8; MARK]>,
    is_sorted: bool,
}

impl Ids {
    /// Notes a treatment by the last part of its key.
    pub fn add(&mut self, key: &str) {
        self.marks.extend(mark(key));
        self.is_sorted = false;
    }

    /// Those among some keys, or beginnings of keys, that were not read.
    pub fn missing<'a>(&mut self, keys: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        if !self.is_sorted {
            self.marks.sort_unstable();
            self.is_sorted = true;
        }
        keys.filter(|key| mark(key).is_none_or(|mark| self.marks.binary_search(&mark).is_err())).collect()
    }
}

fn mark(key: &str) -> Option<[u8; MARK]> {
    key.as_bytes().first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_were_not_met_are_told_also_by_their_beginnings() {
        let mut ids = Ids::default();
        let keys = ["zzzzzzzzzzzzzz", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaab----"];
        assert_eq!(ids.missing(keys.into_iter()), keys);
        ids.add(keys[0]);
        ids.add(keys[2]);
        assert_eq!(ids.missing(keys.into_iter()), [keys[1]]);
        assert_eq!(ids.missing(keys.into_iter().map(|key| &key[..MARK])), [&keys[1][..MARK]]);
    }
}
