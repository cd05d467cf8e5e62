//! Both ends of the proxy's TLS, from the files that `dev-ca` writes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What the agent meets: the register's certificate; its own is not asked for.
pub(super) fn acceptor(folder: &Path) -> anyhow::Result<TlsAcceptor> {
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13])?;
    let (chain, key) = (chain(&folder.join("server.pem"))?, key(&folder.join("server.key"))?);
    let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What the register meets: the region's certificate.
pub(super) fn connector(folder: &Path) -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    for certificate in chain(&folder.join("ca.pem"))? {
        roots.add(certificate)?;
    }
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13])?;
    let (chain, key) = (chain(&folder.join("region.pem"))?, key(&folder.join("region.key"))?);
    let mut config = builder.with_root_certificates(roots).with_client_auth_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn chain(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let all = CertificateDer::pem_file_iter(path).with_context(|| path.display().to_string())?;
    Ok(all.collect::<Result<_, _>>()?)
}

fn key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(path).with_context(|| path.display().to_string())
}
