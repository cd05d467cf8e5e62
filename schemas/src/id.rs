//! Identifiers, each a type of its own.
//!
//! Promises: a value of one of these types has the right form; a pseudonym or record key never prints whole in `Debug`.
//! Must not know: what an identifier points at, or whether it exists.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text that does not have the form of the identifier it was read as. Holds the name of the form, never the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct WrongForm(pub &'static str);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $form:path) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// The text as it travels.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = WrongForm;
            fn from_str(text: &str) -> Result<Self, WrongForm> {
                if $form(text) { Ok(Self(text.to_owned())) } else { Err(WrongForm($what)) }
            }
        }
        impl TryFrom<String> for $name {
            type Error = WrongForm;
            fn try_from(text: String) -> Result<Self, WrongForm> {
                if $form(&text) { Ok(Self(text)) } else { Err(WrongForm($what)) }
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Who sends: a county code (`01`..`25`) or `P01`..`P99` for a registered private caregiver.
    SenderCode, "sender code (two digits, or P and two digits)", is_sender_code
}
text_id! {
    /// A person key's name, `<scope>-g<generation>`: `r12-g1`, `nat-g3`, `oprf-g1`.
    KeyId, "key id such as r12-g1", is_key_id
}
text_id! {
    /// A person as the region names it to the register: `psn1.<key id>.<43 characters base64url>` (HMAC-SHA256).
    Pseudonym, "pseudonym", is_pseudonym
}
text_id! {
    /// A treatment as the region names it: `rec1.<sender>.<43 characters base64url>`, the same for the treatment's whole life.
    RecordKey, "record key", is_record_key
}
text_id! {
    /// A batch: the SHA-256 of its decompressed bytes, 64 lower-case hexadecimal digits.
    BatchId, "SHA-256 in lower-case hexadecimal", is_sha256_hex
}
text_id! {
    /// An HSA-id of a unit: `SE`, ten digits, `-`, then letters and digits; 31 characters at the most.
    HsaId, "HSA-id such as SE2321000131-E000000000001", is_hsa_id
}
text_id! {
    /// The random name that an agent gives its state directory once, 32 hexadecimal digits.
    StateId, "state id", is_state_id
}
text_id! {
    /// 32 random bytes that keep a commitment from being guessed, 43 characters of base64url.
    Salt, "salt", is_salt
}

impl SenderCode {
    /// Whether the sender is a private caregiver rather than a region.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.0.starts_with('P')
    }

    /// The first key id that a sender uses, registered with its first accepted batch.
    #[must_use]
    pub fn first_key_id(&self) -> KeyId {
        KeyId(format!("r{}-g1", self.0))
    }
}

impl KeyId {
    /// Whether a sender may use pseudonyms under this key: its own `r<CODE>` scope only, as long as no linking mode is built.
    #[must_use]
    pub fn belongs_to(&self, sender: &SenderCode) -> bool {
        self.0.strip_prefix('r').and_then(|rest| rest.split_once("-g")).is_some_and(|(scope, _)| scope == sender.0)
    }

    /// Which of its scope's keys it is, from 1; later keys have greater ones.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.rsplit_once("-g").and_then(|(_, generation)| generation.parse().ok()).unwrap_or_default()
    }
}

impl Pseudonym {
    /// Puts a pseudonym together from its key id and the HMAC in base64url.
    ///
    /// # Errors
    /// When the HMAC text is not 43 characters of base64url.
    pub fn new(key: &KeyId, hmac: &str) -> Result<Self, WrongForm> {
        format!("psn1.{key}.{hmac}").parse()
    }

    /// The key id inside.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.0.split('.').nth(1).unwrap_or_default()
    }

    /// The HMAC inside, base64url without padding, 43 characters.
    #[must_use]
    pub fn hmac(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    /// Enough to tell two apart on a screen, too little to look one up: scope and the first six characters.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}.{}…", self.key_id(), &self.hmac()[..6])
    }
}

impl RecordKey {
    /// Puts a record key together from its sender and the HMAC in base64url.
    ///
    /// # Errors
    /// When the HMAC text is not 43 characters of base64url.
    pub fn new(sender: &SenderCode, hmac: &str) -> Result<Self, WrongForm> {
        format!("rec1.{sender}.{hmac}").parse()
    }

    /// The sender inside.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.0.split('.').nth(1).unwrap_or_default()
    }

    /// The HMAC inside, base64url without padding, 43 characters.
    #[must_use]
    pub fn hmac(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or_default()
    }

    /// A short form for lists: the first ten characters of the HMAC.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}…", &self.hmac()[..10])
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({})", self.short())
    }
}
impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordKey({})", self.short())
    }
}
impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}
macro_rules! plain_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}
plain_debug!(SenderCode, KeyId, BatchId, HsaId, StateId);

/// The name of a sender in its certificate, `spiffe://register/<environment>/sender/<CODE>`: its identity, and nothing else is.
#[must_use]
pub fn sender_uri(environment: &str, sender: &SenderCode) -> String {
    format!("spiffe://register/{environment}/sender/{sender}")
}

/// Environment and sender of a name in a certificate.
#[must_use]
pub fn parse_sender_uri(uri: &str) -> Option<(&str, SenderCode)> {
    let (environment, sender) = uri.strip_prefix("spiffe://register/")?.split_once("/sender/")?;
    let plain = !environment.is_empty() && environment.bytes().all(|b| b.is_ascii_lowercase());
    if plain { Some((environment, sender.parse().ok()?)) } else { None }
}

/// Which of two accounts of the same record is later. Generations are given out by the register to each new or lost state
/// directory; the counter only grows inside one. No clock takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Compared first; from 1.
    pub generation: u32,
    /// Compared second; from 1.
    pub counter: u64,
}

fn is_sender_code(text: &str) -> bool {
    let digits = text.strip_prefix('P').unwrap_or(text);
    digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()) && digits != "00"
}

fn is_key_id(text: &str) -> bool {
    text.split_once("-g").is_some_and(|(scope, generation)| {
        let known = matches!(scope, "nat" | "oprf") || scope.strip_prefix('r').is_some_and(is_sender_code);
        known
            && !generation.is_empty()
            && generation.len() <= 6
            && !generation.starts_with('0')
            && generation.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_hmac(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_pseudonym(text: &str) -> bool {
    let mut parts = text.split('.');
    let (version, key, hmac, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    version == Some("psn1") && key.is_some_and(is_key_id) && hmac.is_some_and(is_hmac) && rest.is_none()
}

fn is_record_key(text: &str) -> bool {
    let mut parts = text.split('.');
    let (version, sender, hmac, rest) = (parts.next(), parts.next(), parts.next(), parts.next());
    version == Some("rec1") && sender.is_some_and(is_sender_code) && hmac.is_some_and(is_hmac) && rest.is_none()
}

fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The form of an HSA-id; domain facts: `SE` + organisation number + `-` + at least one letter or digit, 31 characters in all.
fn is_hsa_id(text: &str) -> bool {
    text.len() <= 31
        && text.strip_prefix("SE").and_then(|rest| rest.split_once('-')).is_some_and(|(number, unit)| {
            number.len() == 10
                && number.bytes().all(|b| b.is_ascii_digit())
                && !unit.is_empty()
                && unit.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Of the 258 bits that 43 characters hold, the last two are zero: there is one spelling of 32 bytes.
fn is_salt(text: &str) -> bool {
    is_hmac(text) && text.ends_with(|last| "AEIMQUYcgkosw048".contains(last))
}

fn is_state_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HMAC: &str = "CVd4_FUzPrEfEBKm0_8I65ropJV8TNLHLskggemvtb0";

    #[test]
    fn each_identifier_accepts_its_own_form_and_nothing_near_it() {
        for (text, good) in [("12", true), ("P07", true), ("1", false), ("P00", false), ("P7", false), ("p01", false)] {
            assert_eq!(text.parse::<SenderCode>().is_ok(), good, "{text}");
        }
        for (text, good) in [("r12-g1", true), ("rP01-g2", true), ("nat-g3", true), ("r12-g0", false), ("r12", false)] {
            assert_eq!(text.parse::<KeyId>().is_ok(), good, "{text}");
        }
        for (text, good) in [
            ("SE9990120000-E002", true),
            ("SE2321000131-P000000123457", true),
            ("SE232100013-E1", false),
            ("SE2321000131-", false),
            ("SE2321000131-E0000000000000000000", false),
            ("se2321000131-E1", false),
        ] {
            assert_eq!(text.parse::<HsaId>().is_ok(), good, "{text}");
        }
        assert!(format!("psn1.r01-g1.{HMAC}").parse::<Pseudonym>().is_ok());
        assert!(format!("psn1.r01-g1.{HMAC}A").parse::<Pseudonym>().is_err());
        assert!(format!("psn2.r01-g1.{HMAC}").parse::<Pseudonym>().is_err());
        assert!(format!("rec1.12.{HMAC}").parse::<RecordKey>().is_ok());
        assert!(format!("rec1.12.{HMAC}.x").parse::<RecordKey>().is_err());
    }

    #[test]
    fn a_senders_uri_reads_back_and_nothing_near_it_does() {
        let sender: SenderCode = "12".parse().unwrap();
        assert_eq!(parse_sender_uri(&sender_uri("test", &sender)), Some(("test", sender)));
        for uri in
            ["spiffe://register/test/sender/12/x", "spiffe://register//sender/12", "spiffe://other/test/sender/12", ""]
        {
            assert_eq!(parse_sender_uri(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_key_id_belongs_to_its_own_sender_only() {
        let sender: SenderCode = "12".parse().unwrap();
        assert!(sender.first_key_id().belongs_to(&sender));
        for other in ["r01-g1", "nat-g1", "oprf-g1", "rP12-g1"] {
            assert!(!other.parse::<KeyId>().unwrap().belongs_to(&sender), "{other}");
        }
    }

    #[test]
    fn debug_output_does_not_hold_a_whole_pseudonym() {
        let pseudonym = Pseudonym::new(&"r01-g1".parse().unwrap(), HMAC).unwrap();
        assert!(!format!("{pseudonym:?}").contains(HMAC));
    }

    #[test]
    fn versions_compare_generation_before_counter() {
        assert!(Version { generation: 2, counter: 1 } > Version { generation: 1, counter: 900 });
    }
}
