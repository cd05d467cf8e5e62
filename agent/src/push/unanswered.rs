//! Why a request got no answer: a refusal of certificates, a proxy on the way, or a register that does not answer.
//!
//! Promises: a refusal is told as one whenever the register gives it. With TLS 1.3 a client may send before the register has looked at
//! its certificate, and the alert is lost when the request fails first; then the register is asked again, for the alert alone. A proxy
//! that opens TLS is named with the issuer of what it presents; nothing of this sender's is shown to it.
//! Must not know: what was requested.

mod probe;

use std::sync::Arc;

use reqwest::Url;
use rustls::ClientConfig;
use rustls::pki_types::TrustAnchor;

use super::client::ClientError;
use super::proxy::Proxy;
use probe::TunnelFault;

/// How the register is reached.
#[derive(Clone)]
pub(super) struct Way {
    /// The register's address.
    pub(super) register: Url,
    /// What requests are made with.
    pub(super) tls: Arc<ClientConfig>,
    /// The authorities in `[server] ca`.
    pub(super) authorities: Vec<TrustAnchor<'static>>,
    /// The proxy on the way.
    pub(super) proxy: Option<Proxy>,
}

impl Way {
    fn host(&self) -> &str {
        self.register.host_str().unwrap_or_default()
    }

    fn port(&self) -> u16 {
        self.register.port_or_known_default().unwrap_or(443)
    }
}

/// What a request's failure comes to.
pub(super) async fn explain(error: &reqwest::Error, way: &Way) -> ClientError {
    let told = match refusal(error) {
        // Only a connection that was made and then lost can have been refused.
        None if !error.is_connect() && !error.is_timeout() => ask(way, probe::overhear).await,
        told => told,
    };
    match told {
        // An authority of the same name with another key shows as a bad signature.
        Some(rustls::Error::InvalidCertificate(
            rustls::CertificateError::UnknownIssuer | rustls::CertificateError::BadSignature,
        )) => other_authority(way, ask(way, probe::presented_issuer).await),
        Some(told) => explain_tls(&told),
        None => unreachable(error, way).await,
    }
}

/// Runs a probe, which waits for the network, beside the event loop.
async fn ask<T: Send + 'static>(way: &Way, probe: fn(&Way) -> Option<T>) -> Option<T> {
    let way = way.clone();
    tokio::task::spawn_blocking(move || probe(&way)).await.ok().flatten()
}

/// The TLS error somewhere inside an error.
fn refusal(error: &(dyn std::error::Error + 'static)) -> Option<rustls::Error> {
    let mut cause = Some(error);
    while let Some(current) = cause {
        // An I/O error shows what is inside it only this way: its `source` skips the inner error itself.
        let inner = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = current.downcast_ref::<rustls::Error>().or_else(|| inner?.downcast_ref::<rustls::Error>());
        if let Some(tls) = tls {
            return Some(tls.clone());
        }
        cause = match inner {
            Some(inner) => Some(inner),
            None => current.source(),
        };
    }
    None
}

async fn unreachable(error: &reqwest::Error, way: &Way) -> ClientError {
    if let Some(proxy) = &way.proxy
        && let Some(fault) = ask(way, probe::tunnel_fault).await
    {
        return ClientError::Unreachable(explain_proxy(fault, proxy, way));
    }
    let what = if error.is_timeout() { "does not answer in time" } else { "is not reachable" };
    ClientError::Unreachable(format!("the register {what}; check [server] url, the network and the firewall"))
}

fn explain_proxy(fault: TunnelFault, proxy: &Proxy, way: &Way) -> String {
    let (address, register) = (proxy.address(), format!("{}:{}", way.host(), way.port()));
    match fault {
        TunnelFault::Unreachable => {
            format!("the proxy {address} is not reachable; check [server] proxy, the network and the firewall")
        }
        TunnelFault::NoAnswer => {
            format!("the proxy {address} does not answer as an HTTP proxy does; check its address in [server] proxy")
        }
        TunnelFault::Status(407) if proxy.credentials.is_none() => format!(
            "the proxy {address} asks for credentials; put user:password into a file of mode 0600 and name it in [server] proxy_credentials_file"
        ),
        TunnelFault::Status(407) => format!(
            "the proxy {address} does not take the credentials; put the right user:password into [server] proxy_credentials_file"
        ),
        TunnelFault::Status(status @ (502..=504)) => format!(
            "the proxy {address} does not reach {register} (HTTP status {status}); check [server] url, and whether the proxy may go there"
        ),
        TunnelFault::Status(status) => format!(
            "the proxy {address} does not connect to {register} (HTTP status {status}); ask its owner to allow CONNECT to this address"
        ),
    }
}

/// The certificate that answered is not of `[server] ca`. `issuer` is what it names as its own.
fn other_authority(way: &Way, issuer: Option<probe::Issuer>) -> ClientError {
    let (host, port) = (way.host(), way.port());
    ClientError::Refused(match issuer {
        None => "the register's certificate is not of the authority in [server] ca; check the file and whether a proxy opens TLS".into(),
        Some(issuer) if way.authorities.iter().any(|authority| issuer.is(authority)) => format!(
            "the register's certificate is of another authority with the same name as the one in [server] ca ({}); fetch ca.pem from the register again",
            issuer.name
        ),
        Some(issuer) => format!(
            "TLS to the register is opened on its way, or [server] url names another server: the certificate for {host} was issued by \
             \"{}\", which is not the authority in [server] ca. Send this to the firewall team: \"Please exempt {host}:{port} from TLS \
             inspection for this host. The connection uses mutual TLS and ends at the register only; it cannot be opened in between.\"",
            issuer.name
        ),
    })
}

fn explain_tls(error: &rustls::Error) -> ClientError {
    use rustls::{AlertDescription as Alert, CertificateError as Bad, Error};
    match error {
        Error::AlertReceived(Alert::CertificateExpired) => {
            ClientError::Refused("the register refuses this sender's certificate: it has expired; ask the register for a new certificate".into())
        }
        Error::AlertReceived(Alert::UnknownCA | Alert::BadCertificate | Alert::DecryptError) => ClientError::Refused(
            "the register refuses this sender's certificate: it is of another authority; ask this register for one of its own".into(),
        ),
        Error::AlertReceived(alert) => {
            ClientError::Refused(format!("the register refuses the connection ({alert:?}); check [server] cert with the register"))
        }
        Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            ClientError::Refused("the register's certificate is for another host; check [server] url".into())
        }
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            ClientError::Refused("the register's certificate has expired, or this host's clock is wrong; set the clock, or tell the register".into())
        }
        Error::InvalidCertificate(_) => ClientError::Refused(
            "the register's certificate is not of the authority in [server] ca; check the file and whether a proxy opens TLS".into(),
        ),
        other => ClientError::Unreachable(format!("TLS with the register failed ({other}); try again later, and tell the register if it stays so")),
    }
}
