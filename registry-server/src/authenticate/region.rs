//! The sender that a client certificate names: its URI SAN `spiffe://register/<environment>/sender/CODE`, and nothing else.
//!
//! Promises: a certificate with no such name, with two, or with one that is not exactly of this form, names nobody.
//! Must not know: whether the sender is enrolled.

use jiff::Timestamp;
use schemas::id::SenderCode;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// What every name begins with.
const TRUST_DOMAIN: &str = "spiffe://register/";

/// A region's agent, as its certificate names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionIdentity {
    /// `test` or `production`.
    pub environment: String,
    /// Who.
    pub sender: SenderCode,
    /// When the certificate ends; an open connection may outlive it.
    pub not_after: Timestamp,
}

/// The name in a sender's certificate.
#[must_use]
pub fn name(environment: &str, sender: &SenderCode) -> String {
    format!("{TRUST_DOMAIN}{environment}/sender/{sender}")
}

/// Reads who a certificate (DER) names.
#[must_use]
pub fn read(certificate: &[u8]) -> Option<RegionIdentity> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let names = certificate.subject_alternative_name().ok()??;
    let mut uris = names.value.general_names.iter().filter_map(|name| match name {
        GeneralName::URI(uri) => Some(*uri),
        _ => None,
    });
    let (uri, second) = (uris.next()?, uris.next());
    if second.is_some() {
        return None;
    }
    let (environment, sender) = parse(uri)?;
    let not_after = Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?;
    Some(RegionIdentity { environment, sender, not_after })
}

fn parse(uri: &str) -> Option<(String, SenderCode)> {
    let (environment, code) = uri.strip_prefix(TRUST_DOMAIN)?.split_once("/sender/")?;
    let known = matches!(environment, "test" | "production");
    if known { Some((environment.to_owned(), code.parse().ok()?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_form_names_a_sender() {
        let sender: SenderCode = "12".parse().unwrap();
        assert_eq!(parse(&name("test", &sender)), Some(("test".into(), sender)));
        for uri in [
            "spiffe://register/test/sender/",
            "spiffe://register/test/sender/12/x",
            "spiffe://register/test/sender/1",
            "spiffe://register/staging/sender/12",
            "spiffe://Register/test/sender/12",
            "spiffe://register/test/sender/12?x",
            "spiffe://register.example/test/sender/12",
            "https://register/test/sender/12",
        ] {
            assert_eq!(parse(uri), None, "{uri}");
        }
    }
}
