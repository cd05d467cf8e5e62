//! A sender that signs its part of a year.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::attestation::{Attestation, SCHEMA, Statement, YearCut};
use schemas::canonical;

use super::sender;

/// Whoever signs.
const NAME: &str = "Registerkoordinatorn";
/// `ecdsa_secp256r1_sha256`.
const SCHEME: u16 = 0x0403;

/// What the sender is shown.
pub(crate) fn year_cut() -> YearCut {
    YearCut {
        statement: statement(),
        name: "2025".into(),
        made_at: "2026-02-16T05:00:00Z".into(),
        stop: jiff::civil::date(2026, 2, 15),
        comments_until: jiff::civil::date(2026, 3, 18),
        left: 1,
        signed_by: Some(NAME.into()),
    }
}

/// What it sends back.
pub(crate) fn attestation() -> Attestation {
    Attestation {
        statement: statement(),
        signed_by: NAME.into(),
        scheme: SCHEME,
        signature: URL_SAFE_NO_PAD.encode(canonical::sha256(b"this signs nothing")),
    }
}

fn statement() -> Statement {
    Statement {
        schema: SCHEMA.into(),
        cut: "c1".into(),
        year: 2025,
        hash: canonical::sha256_hex(b"the cut of the example"),
        sender: sender(),
        treatments: 1_204,
        share: canonical::sha256_hex(b"the sender's part of the example"),
    }
}
