//! What a cycle has read and not yet joined: parts by the first two letters of a row's key, in memory, and beyond a bound in a file.
//!
//! Promises: a part comes back with all of its rows in the order in which they were added, or is refused as damaged; the file has no name
//! from its first moment, so that nothing of it is left by a crash; memory is bounded by the number of parts times the bound.
//! Must not know: what a row holds.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::EpisodeError;

/// Parts by the first letter of a key and the upper half of the second, of which 384 can occur: some megabytes each when a million
/// treatments are read.
pub(super) const PARTS: usize = 128 * 8;
/// Bytes of a part that stay in memory when there is a file.
pub(super) const MOST_BYTES: usize = 32 << 10;

/// Rows by the part that their keys belong to.
pub(super) struct Spill {
    parts: Vec<Part>,
    file: Option<File>,
    /// Where the file ends.
    end: u64,
    most: usize,
}

#[derive(Default)]
struct Part {
    rows: Vec<u8>,
    pieces: Vec<Piece>,
}

/// Some rows of a part in the file.
struct Piece {
    at: u64,
    length: usize,
    checksum: u64,
}

impl Spill {
    /// Begins with nothing, in memory, or with a new file at a path; a part keeps `most` bytes in memory.
    pub(super) fn begin(path: Option<&Path>, most: usize) -> Result<Self, EpisodeError> {
        let file = path.map(unnamed).transpose()?;
        Ok(Self { parts: (0..PARTS).map(|_| Part::default()).collect(), file, end: 0, most })
    }

    /// Adds what `write` appends to the part of a key.
    pub(super) fn add(&mut self, key: &str, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), EpisodeError> {
        let Part { rows, pieces } = &mut self.parts[part_of(key)];
        write(rows);
        if rows.len() < self.most {
            return Ok(());
        }
        if let Some(file) = &self.file {
            file.write_all_at(rows, self.end)?;
            pieces.push(Piece { at: self.end, length: rows.len(), checksum: checksum(rows) });
            self.end += rows.len() as u64;
            rows.clear();
        }
        Ok(())
    }

    /// Takes the rows of a part out.
    pub(super) fn take(&mut self, part: usize) -> Result<Vec<u8>, EpisodeError> {
        let Part { rows, pieces } = std::mem::take(&mut self.parts[part]);
        let Some(file) = self.file.as_ref().filter(|_| !pieces.is_empty()) else { return Ok(rows) };
        let length: usize = pieces.iter().map(|piece| piece.length).sum();
        let mut whole = vec![0; length + rows.len()];
        let mut rest = whole.as_mut_slice();
        for Piece { at, length, checksum: expected } in pieces {
            let (piece, after) = rest.split_at_mut(length);
            file.read_exact_at(piece, at).map_err(cut_short)?;
            if checksum(piece) != expected {
                return Err(EpisodeError::Damaged);
            }
            rest = after;
        }
        rest.copy_from_slice(&rows);
        Ok(whole)
    }

    /// The file, for a test that damages it.
    #[cfg(test)]
    pub(super) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }
}

/// The part of a key; the order of the parts is that of the keys, which are ASCII text.
fn part_of(key: &str) -> usize {
    let mut letters = key.bytes().map(|letter| usize::from(letter & 127));
    letters.next().unwrap_or_default() * 8 + letters.next().unwrap_or_default() / 16
}

/// A new file that only this process can reach.
fn unnamed(path: &Path) -> io::Result<File> {
    remove(path)?;
    let file = File::options().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    remove(path)?;
    Ok(file)
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn cut_short(error: io::Error) -> EpisodeError {
    if error.kind() == io::ErrorKind::UnexpectedEof { EpisodeError::Damaged } else { error.into() }
}

/// Changes with every bit: each step can be undone, so that no two pieces that differ in one word have the same.
fn checksum(bytes: &[u8]) -> u64 {
    /// An odd number whose bits are spread evenly: the fraction of the golden ratio.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |sum: u64, word: u64| {
        let mixed = (sum ^ word).wrapping_mul(SPREAD);
        mixed ^ (mixed >> 29)
    };
    let (words, tail) = bytes.as_chunks();
    let sum = words.iter().fold(0, |sum, word| step(sum, u64::from_le_bytes(*word)));
    tail.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_piece_changes_its_checksum() {
        let piece: Vec<u8> = (0..77).collect();
        let sums = (0..piece.len() * 8).map(|bit| {
            let mut altered = piece.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            checksum(&altered)
        });
        let mut sums: Vec<u64> = sums.chain([checksum(&piece), checksum(&piece[..76])]).collect();
        let all = sums.len();
        sums.sort_unstable();
        sums.dedup();
        assert_eq!(sums.len(), all);
    }

    #[test]
    fn parts_have_the_order_of_the_keys_in_them() {
        let letters = || ('-'..='z').filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let mut keys: Vec<String> = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))).collect();
        keys.sort();
        let mut parts: Vec<usize> = keys.iter().map(|key| part_of(key)).collect();
        assert!(parts.is_sorted());
        parts.dedup();
        assert_eq!((keys.len(), parts.len()), (64 * 64, 384));
    }
}
