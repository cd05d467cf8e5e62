//! What an attempt to sign in keeps to itself: all of it follows from the token that the browser holds meanwhile.
//!
//! Promises: the provider and whoever reads its addresses learn state and nonce, and from them neither token nor verifier.

use std::fmt;

use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::authenticate::session::Token;

/// The secrets of one attempt.
pub struct Secrets {
    /// What the provider sends back with the browser: that this browser began.
    pub(super) state: String,
    /// What the ID token must hold: that it was issued for this attempt.
    pub(super) nonce: String,
    /// What redeems the code: that who began redeems.
    pub(super) verifier: Zeroizing<String>,
}

impl Secrets {
    /// The secrets of the attempt that a browser holds this token for.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.text().as_bytes());
        let derived = |what: &str| URL_SAFE_NO_PAD.encode(hmac::sign(&key, what.as_bytes()));
        Self { state: derived("state"), nonce: derived("nonce"), verifier: Zeroizing::new(derived("verifier")) }
    }

    /// Whether what came back belongs to this attempt.
    #[must_use]
    pub fn fits(&self, state: &str) -> bool {
        constant_time::verify_slices_are_equal(self.state.as_bytes(), state.as_bytes()).is_ok()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_follow_from_the_token_and_differ_from_each_other() {
        let (one, same, other) =
            (Secrets::of(&Token::new([1; 32])), Secrets::of(&Token::new([1; 32])), Secrets::of(&Token::new([2; 32])));
        assert!(one.fits(&same.state) && !one.fits(&other.state) && !one.fits("") && !one.fits(&one.nonce));
        assert!(one.nonce != other.nonce && *one.verifier != *other.verifier && one.nonce != *one.verifier);
        assert!((43..=128).contains(&one.verifier.len()), "RFC 7636, 4.1");
        assert_eq!(format!("{one:?}"), "Secrets");
    }
}
