//! From how many persons a code is listed, and which codes stay listed.
//!
//! Promises: the number is the register's own for each code, never below the fewest that are shown, and the same in every cut; a code that
//! was listed once stays, as long as it stands where it stood. Must not know: persons.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::Codes;
use crate::disclose::FEW;
use crate::subject::Pepper;

/// What the key over these numbers is derived by.
const LABEL: &[u8] = b"fedreg/sdc/listed/v1";
/// How many numbers there are.
const SPREAD: u64 = 5;

/// What decides which codes are listed.
pub struct Listing<'a> {
    key: Zeroizing<[u8; 32]>,
    before: Option<&'a Codes>,
}

impl<'a> Listing<'a> {
    /// The register's numbers, and the codes of the cut before, if there is one.
    #[must_use]
    pub fn new(pepper: &Pepper, before: Option<&'a Codes>) -> Self {
        Self { key: pepper.derived(LABEL), before }
    }

    /// The fewest persons that a code is listed from, given with those above it.
    pub(super) fn least(&self, dimension: &str, path: &[String]) -> u64 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.key).expect("HMAC takes a key of any length");
        for word in path.iter().map(String::as_str).chain([dimension]) {
            mac.update(word.as_bytes());
            mac.update(b"\0");
        }
        let drawn = mac.finalize().into_bytes();
        FEW + u64::from(u16::from_be_bytes([drawn[0], drawn[1]])) % SPREAD
    }

    /// The finest codes of the cut before, each with those above it, but for those of which a code stands elsewhere now.
    pub(super) fn before(&self, dimension: &str, occurring: &BTreeSet<&Vec<String>>) -> BTreeSet<Vec<String>> {
        let Some(listed) = self.before.and_then(|codes| codes.dimensions.iter().find(|one| one.name == dimension))
        else {
            return BTreeSet::new();
        };
        let above = |code: &str| listed.codes.iter().find(|(known, _)| known == code).map(|(_, above)| above.as_str());
        let is_finest = |code: &str| listed.codes.iter().all(|(_, above)| above != code);
        let finest = listed.codes.iter().map(|(code, _)| code.as_str()).filter(|code| is_finest(code));
        let path = |code: &str| {
            let up = std::iter::successors(Some(code), |code| above(code).filter(|above| !above.is_empty()));
            let mut path: Vec<String> = up.map(str::to_owned).collect();
            path.reverse();
            path
        };
        let moved = |path: &[String]| {
            occurring.iter().any(|now| {
                let at = |code: &String| now.iter().position(|one| one == code);
                path.iter().enumerate().any(|(place, code)| at(code).is_some_and(|at| now[..at] != path[..place]))
            })
        };
        finest.map(path).filter(|path| !moved(path)).collect()
    }
}
