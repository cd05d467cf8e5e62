//! Registers that lack a key or a certificate, or have one that will not do.

use super::{CHECK, SERVE, case};
use crate::bad_input::case::Case;

pub(super) fn missing() -> Vec<Case> {
    vec![
        case(
            ("no receipt key", 78),
            |p| p.remove("pki/receipt.key"),
            SERVE,
            &["receipt key", "receipt.key", "put it back"],
        ),
        case(("no pepper", 78), |p| p.remove("pki/pepper.key"), SERVE, &["pepper", "pepper.key", "put it back"]),
        case(
            ("no server key", 78),
            |p| p.remove("pki/server.key"),
            SERVE,
            &["server key", "server.key", "put it back"],
        ),
        case(
            ("no server certificate", 78),
            |p| p.remove("pki/server.pem"),
            SERVE,
            &["[regions] cert", "server.pem", "put it back"],
        ),
        case(
            ("no authority", 78),
            |p| p.remove("pki/ca.pem"),
            CHECK,
            &["[regions] client_ca", "ca.pem", "put it back"],
        ),
    ]
}

pub(super) fn unfit() -> Vec<Case> {
    vec![
        case(
            ("a receipt key for all", 77),
            |p| p.chmod("pki/receipt.key", 0o644),
            SERVE,
            &["receipt.key", "chmod 600"],
        ),
        case(("a pepper for the group", 77), |p| p.chmod("pki/pepper.key", 0o640), SERVE, &["pepper.key", "chmod 600"]),
        case(("a server key for all", 77), |p| p.chmod("pki/server.key", 0o644), CHECK, &["server.key", "chmod 600"]),
        case(
            ("a receipt key that is none", 78),
            |p| std::fs::write(p.path("pki/receipt.key"), "geheim").unwrap(),
            CHECK,
            &["receipt.key", "Ed25519"],
        ),
        case(
            ("a pepper that is none", 78),
            |p| std::fs::write(p.path("pki/pepper.key"), "geheim").unwrap(),
            CHECK,
            &["pepper.key", "32 bytes"],
        ),
        case(
            ("certificate and key of two servers", 78),
            |p| std::fs::copy(p.others.join("foreign/server.pem"), p.path("pki/server.pem")).map(drop).unwrap(),
            SERVE,
            &["[regions] cert and key", "belong"],
        ),
        case(
            ("an authority that is none", 78),
            |p| std::fs::write(p.path("pki/ca.pem"), "geheim").unwrap(),
            SERVE,
            &["[regions] client_ca", "PEM"],
        ),
    ]
}
