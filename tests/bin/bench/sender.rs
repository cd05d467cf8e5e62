//! A client as an agent is one: with a sender's certificate, and trust in the register's own authority only.

use std::path::Path;

/// The client of a sender's folder.
pub(crate) fn client(folder: &Path) -> anyhow::Result<reqwest::Client> {
    // Somebody else in this process may have installed one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let read = |name: &str| std::fs::read(folder.join(name));
    let client = reqwest::Client::builder()
        .identity(reqwest::Identity::from_pem(&[read("region.pem")?, read("region.key")?].concat())?)
        .tls_certs_only([reqwest::Certificate::from_pem(&read("ca.pem")?)?])
        .https_only(true)
        .build()?;
    Ok(client)
}
