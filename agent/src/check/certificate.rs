//! This sender's own certificate, as far as its administrator must know it.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::config::Config;

/// What the certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its URI, `spiffe://register/<environment>/sender/<CODE>`.
    pub identity: String,
    /// Its end.
    pub not_after: Timestamp,
}

/// Why the certificate does not fit.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file is missing or is no certificate.
    #[error("[server] cert: {0} is missing or holds no usable certificate; ask the register for a new certificate")]
    Unusable(String),
    /// The certificate is another sender's, or of another environment.
    #[error(
        "[server] cert is for {found}, but [agent] says {wanted}; use the certificate that was issued for this sender"
    )]
    Other {
        /// What the certificate says.
        found: String,
        /// What the configuration says.
        wanted: String,
    },
}

impl Certificate {
    /// Whole days until it ends; negative when it has.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.not_after.duration_since(now).as_hours().div_euclid(24)
    }

    /// Compares the certificate's sender and environment with the configuration's.
    ///
    /// # Errors
    /// [`CertificateError::Other`] when they differ.
    pub fn must_belong_to(&self, config: &Config) -> Result<(), CertificateError> {
        let wanted = schemas::id::sender_uri(config.agent.environment.word(), &config.agent.region);
        if self.identity == wanted {
            Ok(())
        } else {
            Err(CertificateError::Other { found: self.identity.clone(), wanted })
        }
    }
}

/// Reads the configured certificate.
///
/// # Errors
/// [`CertificateError::Unusable`] when there is none.
pub fn read(config: &Config) -> Result<Certificate, CertificateError> {
    let path = config.path(&config.server.cert);
    let unusable = || CertificateError::Unusable(path.display().to_string());
    let der = CertificateDer::from_pem_file(&path).map_err(|_| unusable())?;
    let (_, parsed) = X509Certificate::from_der(&der).map_err(|_| unusable())?;
    let names = parsed.subject_alternative_name().ok().flatten().map(|extension| &extension.value.general_names);
    let identity = names.into_iter().flatten().find_map(|name| match name {
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    });
    let not_after = Timestamp::from_second(parsed.validity().not_after.timestamp()).map_err(|_| unusable())?;
    Ok(Certificate { identity: identity.unwrap_or_else(|| "no sender".into()), not_after })
}
