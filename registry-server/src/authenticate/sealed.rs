//! Secrets of second factors: which one an invitation offers, and how it is kept, AES-256-GCM under a key derived from the pepper,
//! `HMAC-SHA256(pepper, "fedreg/second-factor/v1")`.
//!
//! Promises: a stolen database gives no second factor; what was sealed for one person opens for no other.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::one_time::Secret;
use super::session::TokenHash;
use crate::subject::Pepper;

const LABEL: &[u8] = b"fedreg/second-factor/v1";
const OFFER: &[u8] = b"fedreg/second-factor-offer/v1";

/// Seals and opens secrets of second factors.
pub struct FactorKey {
    seal: LessSafeKey,
    offer: hmac::Key,
}

impl FactorKey {
    /// The key of a register with this pepper.
    ///
    /// # Panics
    /// Never: the derived key has the cipher's length.
    #[must_use]
    pub fn of(pepper: &Pepper) -> Self {
        let key = pepper.derived(LABEL);
        let seal = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &*key).expect("the key has 32 bytes"));
        Self { seal, offer: hmac::Key::new(hmac::HMAC_SHA256, &*pepper.derived(OFFER)) }
    }

    /// The secret that an invitation offers: the same at every look, and nothing that must be kept before it is taken.
    #[must_use]
    pub fn offered(&self, invitation: &TokenHash) -> Secret {
        let tag = hmac::sign(&self.offer, invitation);
        Secret::new(std::array::from_fn(|i| tag.as_ref()[i]))
    }

    /// Seals a person's secret under a random nonce.
    ///
    /// # Panics
    /// Never: the secret is short.
    #[must_use]
    pub fn seal(&self, user: u32, secret: &Secret, nonce: [u8; NONCE_LEN]) -> Vec<u8> {
        let mut text = secret.bytes().to_vec();
        let (whose, once) = (Aad::from(user.to_be_bytes()), Nonce::assume_unique_for_key(nonce));
        self.seal.seal_in_place_append_tag(once, whose, &mut text).expect("twenty bytes can be sealed");
        [nonce.as_slice(), &text].concat()
    }

    /// Opens what was sealed for a person; nothing when it was not, or under another pepper.
    #[must_use]
    pub fn open(&self, user: u32, sealed: &[u8]) -> Option<Secret> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = self.seal.open_in_place(nonce, Aad::from(user.to_be_bytes()), &mut text).ok()?;
        <[u8; 20]>::try_from(&*opened).ok().map(Secret::new)
    }
}

impl fmt::Debug for FactorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_person_under_its_pepper_and_unaltered_only() {
        let (key, secret) = (FactorKey::of(&Pepper::new([3; 32])), Secret::new(*b"12345678901234567890"));
        let sealed = key.seal(7, &secret, [9; NONCE_LEN]);
        assert_eq!(key.open(7, &sealed), Some(secret.clone()));
        assert_eq!(key.open(8, &sealed), None);
        assert_eq!(FactorKey::of(&Pepper::new([4; 32])).open(7, &sealed), None);
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(key.open(7, &altered), None, "byte {place}");
        }
        assert_eq!(key.open(7, &sealed[..10]), None);
        assert_ne!(key.offered(&[1; 32]), key.offered(&[2; 32]));
        assert_ne!(key.offered(&[1; 32]), FactorKey::of(&Pepper::new([4; 32])).offered(&[1; 32]));
        assert!(!sealed.windows(4).any(|four| secret.bytes().windows(4).any(|of| of == four)));
    }
}
