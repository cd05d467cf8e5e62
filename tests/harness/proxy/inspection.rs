//! TLS opened on its way: a certificate made up for whatever host is asked for, under an authority of its own.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// The authority.
#[derive(Debug)]
pub(super) struct Inspection {
    issuer: Issuer<'static, KeyPair>,
}

impl Inspection {
    /// An authority with a name.
    pub(super) fn under(name: &str) -> anyhow::Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Ok(Self { issuer: Issuer::new(params, KeyPair::generate()?) })
    }

    /// Answers in the place of a host, and reads what a client says that takes it for the host.
    pub(super) async fn open(&self, client: TcpStream, host: &str) -> std::io::Result<()> {
        let config = self.config(host).map_err(std::io::Error::other)?;
        let mut client = TlsAcceptor::from(Arc::new(config)).accept(client).await?;
        client.read_to_end(&mut Vec::new()).await.map(drop)
    }

    fn config(&self, host: &str) -> anyhow::Result<ServerConfig> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new([host.to_owned()])?.signed_by(&key, &self.issuer)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
        Ok(builder.with_single_cert(vec![certificate.der().clone()], key)?)
    }
}
