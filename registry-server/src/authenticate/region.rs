//! The sender that a client certificate names: its URI SAN `spiffe://register/<environment>/sender/CODE`, and nothing else.
//!
//! Promises: a certificate with no such name, with two, or with one that is not exactly of this form, names nobody.
//! Must not know: whether the sender is enrolled.

use jiff::Timestamp;
use schemas::id::{self, SenderCode};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A region's agent, as its certificate names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionIdentity {
    /// `test` or `production`.
    pub environment: String,
    /// Who.
    pub sender: SenderCode,
    /// When the certificate ends; an open connection may outlive it.
    pub not_after: Timestamp,
    /// The certificate's public key, as it stands there.
    pub key: Vec<u8>,
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
    let (environment, sender) = id::parse_sender_uri(uri)?;
    let not_after = Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?;
    let key = certificate.public_key().subject_public_key.data.to_vec();
    Some(RegionIdentity { environment: environment.to_owned(), sender, not_after, key })
}
