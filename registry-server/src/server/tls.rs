//! What the listeners ask of a handshake: the regions' one TLS 1.3 and a client certificate of the register's own authority, the
//! people's one TLS 1.2 or 1.3.
//!
//! Promises: a certificate that is missing, expired, not yet valid, of another authority or for another use never reaches HTTP;
//! no session is resumed, so that every connection shows its certificate; the injected clock decides what is expired.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};

use crate::config::{Regions, Web, keys};
use crate::environment::Environment;
use crate::failure::Failure;

/// The provider of every TLS of this program.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Reads certificate, key and authority of the regions' listener.
///
/// # Errors
/// 78 when a file is missing or is not what it should be, or certificate and key do not belong together; 77 when others may read the key.
pub fn region_config(regions: &Regions, environment: &Environment) -> Result<Arc<ServerConfig>, Failure> {
    let chain = certificates(&regions.cert, "[regions] cert")?;
    let key = private_key(&regions.key)?;
    let mut roots = RootCertStore::empty();
    for authority in certificates(&regions.client_ca, "[regions] client_ca")? {
        roots.add(authority).map_err(|error| {
            Failure::config(format!("{} is not an authority's certificate: {error}", regions.client_ca.display()))
        })?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
        .build()
        .map_err(|error| Failure::config(format!("[regions] client_ca: {error}")))?;
    let mut config = ServerConfig::builder_with_details(provider(), Arc::new(Now(environment.clone())))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| Failure::other(format!("TLS 1.3 is not available: {error}")))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|_| strangers("regions"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(Arc::new(config))
}

/// Reads certificate and key of the people's listener.
///
/// # Errors
/// As for the regions' listener.
pub fn people_config(web: &Web, environment: &Environment) -> Result<Arc<ServerConfig>, Failure> {
    let (chain, key) = (certificates(&web.cert, "[web] cert")?, private_key(&web.key)?);
    let mut config = ServerConfig::builder_with_details(provider(), Arc::new(Now(environment.clone())))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| Failure::other(format!("TLS is not available: {error}")))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|_| strangers("web"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    let text = keys::read(path, "server key")?;
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| {
        Failure::config(format!("{} is not a private key in PEM form; put the right file back", path.display()))
    })
}

fn strangers(section: &str) -> Failure {
    Failure::config(format!("[{section}] cert and key do not belong together; name the two that were issued as one"))
}

/// Reads the certificates of a PEM file.
///
/// # Errors
/// 78 when it cannot be read or holds none.
pub fn certificates(path: &Path, what: &str) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let shown = path.display();
    let text = std::fs::read(path).map_err(|error| {
        Failure::config(format!("{what}: {shown} cannot be read ({error}); put it back or name its place"))
    })?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().unwrap_or_default();
    if chain.is_empty() {
        Err(Failure::config(format!("{what}: {shown} holds no certificate in PEM form; put the right file back")))
    } else {
        Ok(chain)
    }
}

/// The injected clock as TLS wants it.
struct Now(Environment);

impl TimeProvider for Now {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}
