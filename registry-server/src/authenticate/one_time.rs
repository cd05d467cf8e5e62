//! One-time codes of RFC 6238 as every authenticator makes them: HMAC-SHA-1, six digits, thirty seconds.
//!
//! Promises: a code is taken one step early or late at the most; codes are compared in constant time; the secret is never printed by
//! accident. That a code is taken only once is up to whoever keeps the step that a code is of.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use zeroize::Zeroizing;

/// Seconds that a code is shown.
const STEP: i64 = 30;
/// Codes are less than this.
const CODES: u32 = 1_000_000;

/// The secret that a person's authenticator and the register share: 20 bytes, as RFC 4226 recommends.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; 20]>);

impl Secret {
    /// A secret of random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 20]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// Reads what [`Secret::text`] gives.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).ok()?);
        <[u8; 20]>::try_from(bytes.as_slice()).ok().map(Self::new)
    }

    /// The secret as people type it: 32 letters and digits of base 32.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&*self.0))
    }

    /// The address that authenticators read from a QR code.
    #[must_use]
    pub fn uri(&self, issuer: &str, email: &str) -> Zeroizing<String> {
        let (issuer, email) = (escaped(issuer), escaped(email));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}",
            *self.text()
        ))
    }

    /// The code at a moment, six digits.
    #[must_use]
    pub fn code(&self, at: Timestamp) -> Zeroizing<String> {
        self.code_of(step(at))
    }

    /// The newest step within one of now that this is the code of; spaces in it do not count.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let code: Zeroizing<String> = Zeroizing::new(code.split_whitespace().collect());
        let now = step(now);
        let right = |step: &i64| verify_slices_are_equal(self.code_of(*step).as_bytes(), code.as_bytes()).is_ok();
        (now - 1..=now + 1).rev().find(right)
    }

    fn code_of(&self, step: i64) -> Zeroizing<String> {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &*self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let offset = usize::from(tag[tag.len() - 1] & 0x0f);
        let four: [u8; 4] = std::array::from_fn(|i| tag[offset + i]);
        Zeroizing::new(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % CODES))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

fn step(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP)
}

/// Text as it may stand in a path or a query.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.extend(["%".to_owned(), schemas::canonical::hex(&[byte]).to_uppercase()]),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new(*b"12345678901234567890")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        // Appendix B gives eight digits; six are their end.
        for (second, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(*secret().code(at(second)), code[2..], "{second}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let now = at(1_234_567_890);
        let step = 1_234_567_890 / 30;
        for (away, taken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let code = secret().code(at(1_234_567_890 + away));
            assert_eq!(secret().step_of(&code, now), taken.then_some(step + away / 30), "{away}");
        }
        assert_eq!(secret().step_of(" 005 924 ", now), Some(step));
        for wrong in ["", "5924", "05924", "0005924", "005925", "89005924"] {
            assert_eq!(secret().step_of(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn an_authenticator_is_told_the_secret_and_nobody_else() {
        assert_eq!(*secret().text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(Secret::read(&secret().text()) == Some(secret()));
        assert_eq!(
            *secret().uri("Registret för iKBT", "eva&x@example.se"),
            "otpauth://totp/Registret%20f%C3%B6r%20iKBT:eva%26x%40example.se\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Registret%20f%C3%B6r%20iKBT&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{:?}", secret()), "Secret");
    }
}
