//! Passwords: which are taken, and what is kept of them.
//!
//! Promises: kept is Argon2id with 19 MiB, two rounds and one lane (OWASP's parameters) under a salt of its own; a password is never
//! printed. The same letters typed on another keyboard are the same password (NFKC). Hashing takes tens of milliseconds of a core:
//! callers do it off the event loop. Must not know: whose password it is.

use std::fmt;
use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use schemas::language::Text;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Shortest password, characters. There is always a second factor, so NIST SP 800-63B-4 asks for eight.
const SHORTEST: usize = 12;
/// Longest password, characters.
const LONGEST: usize = 256;
/// Different characters that a password has at the least.
const DIFFERENT: usize = 5;
/// What many choose that is long enough.
const COMMON: [&str; 20] = [
    "1234567890ab",
    "abcdefghijkl",
    "administrator",
    "changeme1234",
    "hejhejhejhej",
    "iloveyou1234",
    "letmein12345",
    "losenord1234",
    "losenordlosenord",
    "lösenord1234",
    "lösenordlösenord",
    "password1234",
    "password12345",
    "passwordpassword",
    "qwerty123456",
    "qwertyuiop12",
    "qwertyuiopas",
    "valkommen123",
    "välkommen123",
    "welcome12345",
];

/// What is kept of a password: a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    /// Fewer than twelve characters, or more than 256.
    Length,
    /// Many choose it.
    Common,
    /// It is the address it belongs to.
    Address,
}

impl WeakPassword {
    /// What to do, as a sentence.
    #[must_use]
    pub fn sentence(self) -> Text {
        match self {
            Self::Length => {
                Text::fixed("Välj ett lösenord med minst 12 tecken.", "Choose a password of at least 12 characters.")
            }
            Self::Common => Text::fixed(
                "Lösenordet är lätt att gissa; välj till exempel fyra ord som inte hör ihop.",
                "The password is easy to guess; choose four words that do not belong together, for example.",
            ),
            Self::Address => Text::fixed(
                "Lösenordet får inte innehålla e-postadressen.",
                "The password must not hold the e-mail address.",
            ),
        }
    }
}

/// Whether a password may be chosen for an e-mail address.
///
/// # Errors
/// Why not.
pub fn check(password: &str, email: &str) -> Result<(), WeakPassword> {
    let password = Zeroizing::new(normal(password).to_lowercase());
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(WeakPassword::Length);
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || COMMON.contains(&password.as_str()) {
        return Err(WeakPassword::Common);
    }
    if password.contains(&email.to_lowercase()) {
        return Err(WeakPassword::Address);
    }
    Ok(())
}

impl PasswordHash {
    /// What is kept of a password under a random salt.
    ///
    /// # Panics
    /// Never: the parameters and the salt's length are Argon2's own.
    #[must_use]
    pub fn make(password: &str, salt: [u8; 16]) -> Self {
        let hash = Argon2::default().hash_password_with_salt(normal(password).as_bytes(), &salt);
        Self(hash.expect("Argon2 takes its own parameters and a salt of 16 bytes").to_string())
    }

    /// What was kept, as it was written.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// What is written down.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands in for the password of somebody who has none, so that asking takes as long.
    #[must_use]
    pub fn of_nobody() -> &'static Self {
        static NOBODY: LazyLock<PasswordHash> = LazyLock::new(|| PasswordHash::make("", [0; 16]));
        &NOBODY
    }

    /// Whether it is this password; an empty one never is.
    #[must_use]
    pub fn matches(&self, password: &str) -> bool {
        let password = normal(password);
        // The work is the same whatever was typed.
        let same = Argon2::default().verify_password(password.as_bytes(), self.0.as_str()).is_ok();
        same && !password.is_empty()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_short_common_or_the_address_is_refused() {
        let email = "eva.berg@example.se";
        for (password, expected) in [
            ("häst batteri klammer", Ok(())),
            ("elva tecken", Err(WeakPassword::Length)),
            ("LÖSENORD1234", Err(WeakPassword::Common)),
            ("ababababababab", Err(WeakPassword::Common)),
            ("Eva.Berg@example.se1", Err(WeakPassword::Address)),
        ] {
            assert_eq!(check(password, email), expected, "{password}");
        }
        assert_eq!(check(&"abcdefgh".repeat(33), email), Err(WeakPassword::Length));
    }

    #[test]
    fn a_hash_names_its_parameters_matches_its_password_alone_and_is_never_printed() {
        let hash = PasswordHash::make("häst batteri klammer", [7; 16]);
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.as_str());
        // The same letter as two characters.
        assert!(hash.matches("ha\u{308}st batteri klammer"));
        assert!(!hash.matches("häst batteri klammer ") && !hash.matches(""));
        assert_ne!(hash, PasswordHash::make("häst batteri klammer", [8; 16]));
        assert_eq!(format!("{hash:?}"), "PasswordHash");
    }

    #[test]
    fn nobody_s_password_is_never_right() {
        for password in ["", "häst batteri klammer"] {
            assert!(!PasswordHash::of_nobody().matches(password));
        }
        assert!(!PasswordHash::kept("damaged".into()).matches("damaged"));
    }
}
