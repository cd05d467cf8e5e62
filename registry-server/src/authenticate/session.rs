//! What a signed-in browser holds, and for how long it counts.
//!
//! Promises: a token is 256 random bits, of which only the SHA-256 is kept. A session ends when nothing was asked for a quarter of an
//! hour, and twelve hours after it began whatever was asked (OWASP ASVS 5.0, 7.3). What matters most asks for password and code anew.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The longest pause in a session.
pub const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// The longest session.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long password and code count as just given.
pub const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// How exactly it is kept when something was asked last; a pause is never allowed to be longer for it.
const NOTED: SignedDuration = SignedDuration::from_secs(20);

/// What is kept of a token.
pub type TokenHash = [u8; 32];

/// What a browser holds, or what an invitation's address holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<[u8; 32]>);

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The number of the person.
    pub user: u32,
    /// When it began.
    pub began_at: Timestamp,
    /// When something was asked last.
    pub seen_at: Timestamp,
    /// When password and code were given last.
    pub proved_at: Timestamp,
}

impl Token {
    /// A token of random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads what a browser sent.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Self::new)
    }

    /// What the browser is given: 43 characters of base64url.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(*self.0).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Session {
    /// Whether it still counts.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) < IDLE && now.duration_since(self.began_at) < LONGEST
    }

    /// Whether password and code were given just now.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.proved_at) < FRESH
    }

    /// Whether it should be noted that something is asked now.
    #[must_use]
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) >= NOTED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_a_pause_and_after_twelve_hours_and_is_fresh_for_five_minutes() {
        let began_at: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let after = |minutes| began_at + SignedDuration::from_mins(minutes);
        let session = Session { user: 1, began_at, seen_at: after(700), proved_at: after(690) };
        let second = SignedDuration::from_secs(1);
        assert!(session.is_alive(after(715) - second) && !session.is_alive(after(715)));
        let busy = Session { seen_at: after(719), ..session.clone() };
        assert!(busy.is_alive(after(720) - second) && !busy.is_alive(after(720)));
        assert!(session.is_fresh(after(695) - second) && !session.is_fresh(after(695)));
        assert!(!session.is_to_be_noted(after(700)) && session.is_to_be_noted(after(701)));
    }

    #[test]
    fn a_token_is_read_back_in_its_one_spelling_and_only_its_hash_is_kept() {
        let token = Token::new([5; 32]);
        assert_eq!(Token::read(&token.text()), Some(token.clone()));
        assert_eq!(token.hash(), <[u8; 32]>::from(Sha256::digest([5; 32])));
        for wrong in ["", "BQ", &format!("{}=", *token.text()), &format!("{}A", *token.text())] {
            assert_eq!(Token::read(wrong), None);
        }
        assert_eq!(format!("{token:?}"), "Token");
    }
}
