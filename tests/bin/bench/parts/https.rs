//! What TLS and HTTP cost the register: the same bodies, sent to an address that takes them and does nothing.
//!
//! Promises: the register's own program with its own certificates; the bodies go over one connection, as an agent sends them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use end_to_end::site::Site;
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::meter::threads_cpu;
use agent::outbox::Sealed;

/// CPU time of a register that only receives.
pub(super) async fn receive(batches: &[Sealed], (pid, port): (u32, u16), site: &Site) -> anyhow::Result<Duration> {
    let client = client(site)?;
    let base = format!("https://localhost:{port}");
    client.get(format!("{base}/v1/me")).send().await?.error_for_status()?;
    let before = threads_cpu(pid);
    for batch in batches {
        let answer = client.put(format!("{base}/v1/nothing")).body(batch.body.clone()).send().await?;
        ensure!(answer.status() == 404, "the register answered {}", answer.status());
        answer.bytes().await?;
    }
    Ok(threads_cpu(pid).saturating_sub(before))
}

fn client(site: &Site) -> anyhow::Result<reqwest::Client> {
    let mut roots = rustls::RootCertStore::empty();
    for authority in CertificateDer::pem_file_iter(site.folder.join("ca.pem"))? {
        roots.add(authority?)?;
    }
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(site.folder.join("region.pem"))?.collect();
    let key = PrivateKeyDer::from_pem_file(site.folder.join("region.key"))?;
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain?, key)?;
    reqwest::Client::builder().tls_backend_preconfigured(tls).build().context("the HTTPS client cannot be made")
}
