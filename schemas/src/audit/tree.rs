//! Hashes and roots after RFC 6962 section 2.1: a leaf is hashed behind a zero byte, a node behind a one.
//!
//! Promises: a root is worked out from a few hashes that summarise everything before, so a log grows without being read again.

use sha2::{Digest as _, Sha256};

use crate::canonical;

/// A SHA-256.
pub type Hash = [u8; 32];

/// What a leaf commits to: SHA-256 over a salt of 32 random bytes and the event's canonical bytes.
#[must_use]
pub fn commitment(salt: &Hash, event: &[u8]) -> Hash {
    Sha256::new().chain_update(salt).chain_update(event).finalize().into()
}

/// The hash of a leaf.
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of a node above two others.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A hash from 64 lower-case hexadecimal digits.
#[must_use]
pub fn read_hex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

/// A run of neighbouring leaves as the roots of the whole subtrees that they make up, the largest first. It may begin at any leaf
/// before which only larger whole subtrees stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Range {
    size: u64,
    peaks: Vec<Hash>,
}

impl Range {
    /// The range of so many leaves with these roots; nothing when they do not fit together.
    #[must_use]
    pub fn new(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (peaks.len() == size.count_ones() as usize).then_some(Self { size, peaks })
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots, the largest subtree first: one for each bit of the size.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds a leaf behind the others.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root of the tree over the leaves; that of no leaves is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        let root = self.peaks.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        root.unwrap_or_else(|| canonical::sha256(b""))
    }
}

impl Extend<Hash> for Range {
    fn extend<T: IntoIterator<Item = Hash>>(&mut self, leaves: T) {
        leaves.into_iter().for_each(|leaf| self.push(leaf));
    }
}

impl FromIterator<Hash> for Range {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Self {
        let mut range = Self::default();
        range.extend(leaves);
        range
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The leaves that implementations of Certificate Transparency test each other with.
    pub(in crate::audit) fn known_leaves() -> Vec<Hash> {
        let data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let bytes = |text: &str| {
            text.as_bytes()
                .chunks(2)
                .map(|pair| digit(pair[0]).unwrap() << 4 | digit(pair[1]).unwrap())
                .collect::<Vec<u8>>()
        };
        data.into_iter().map(|text| leaf_hash(&bytes(text))).collect()
    }

    /// The definition of RFC 6962, word for word.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => canonical::sha256(b""),
            [one] => *one,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&defined(left), &defined(right))
            }
        }
    }

    #[test]
    fn the_known_roots_are_met() {
        let leaves = known_leaves();
        for (size, root) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
            (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
            (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
            (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ] {
            let range: Range = leaves[..size].iter().copied().collect();
            assert_eq!(canonical::hex(&range.root()), root, "{size}");
        }
    }

    #[test]
    fn a_range_has_the_root_of_the_definition_at_every_size() {
        let leaves: Vec<Hash> = (0..300_u32).map(|number| leaf_hash(&number.to_be_bytes())).collect();
        let mut range = Range::default();
        for size in 0..leaves.len() {
            assert_eq!((range.size(), range.root()), (size as u64, defined(&leaves[..size])));
            assert_eq!(Range::new(range.size(), range.peaks().to_vec()).as_ref(), Some(&range));
            range.push(leaves[size]);
        }
        assert_eq!(Range::new(3, vec![leaves[0]]), None);
    }

    #[test]
    fn a_hash_is_read_from_its_own_form_only() {
        let hash = leaf_hash(b"x");
        let text = canonical::hex(&hash);
        assert_eq!(read_hex(&text), Some(hash));
        for wrong in [
            text.to_uppercase(),
            text[1..].to_owned(),
            format!("{text}0"),
            text.replace(&text[5..6], "g"),
            "å".repeat(32),
        ] {
            assert_eq!(read_hex(&wrong), None, "{wrong}");
        }
    }
}
