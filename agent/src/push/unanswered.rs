//! Why a request got no answer: a refusal of certificates told from a register that does not answer.
//!
//! Promises: a refusal is told as one whenever the register gives it. With TLS 1.3 a client may send before the register has looked at
//! its certificate, and the alert is lost when the request fails first; then the register is asked again, for the alert alone.
//! Must not know: what was requested.

use std::io::Read as _;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, ClientConnection, Stream};

use super::client::ClientError;

/// How long connecting may take, and the alert after it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a request's failure comes to. `base` is the register's address, `tls` what the request was made with.
pub(super) async fn explain(error: &reqwest::Error, (base, tls): (&str, &Arc<ClientConfig>)) -> ClientError {
    let told = match refusal(error) {
        // Only a connection that was made and then lost can have been refused.
        None if !error.is_connect() && !error.is_timeout() => listen(base, tls).await,
        told => told,
    };
    let unreachable = || {
        let what = if error.is_timeout() { "does not answer in time" } else { "is not reachable" };
        ClientError::Unreachable(format!("the register {what}; check [server] url, the network and the firewall"))
    };
    told.as_ref().map_or_else(unreachable, explain_tls)
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

/// Connects without a request and listens; a register that lets this sender in says nothing.
async fn listen(base: &str, tls: &Arc<ClientConfig>) -> Option<rustls::Error> {
    let url: reqwest::Url = base.parse().ok()?;
    let (host, port) = (url.host_str()?.to_owned(), url.port_or_known_default()?);
    let session = ClientConnection::new(Arc::clone(tls), host.clone().try_into().ok()?).ok()?;
    tokio::task::spawn_blocking(move || overhear((&host, port), session)).await.ok().flatten()
}

fn overhear(register: (&str, u16), mut session: ClientConnection) -> Option<rustls::Error> {
    let mut addresses = register.to_socket_addrs().ok()?;
    let mut socket = addresses.find_map(|address| TcpStream::connect_timeout(&address, PATIENCE).ok())?;
    socket.set_read_timeout(Some(PATIENCE)).ok()?;
    let heard = Stream::new(&mut session, &mut socket).read(&mut [0]);
    heard.err().and_then(|error| refusal(&error))
}

fn explain_tls(error: &rustls::Error) -> ClientError {
    use rustls::{AlertDescription as Alert, CertificateError as Bad, Error};
    match error {
        Error::AlertReceived(Alert::CertificateExpired) => {
            ClientError::Refused("the register refuses this sender's certificate: it has expired; enrol again".into())
        }
        Error::AlertReceived(Alert::UnknownCA | Alert::BadCertificate | Alert::DecryptError) => ClientError::Refused(
            "the register refuses this sender's certificate: it is of another authority; enrol with this register".into(),
        ),
        Error::AlertReceived(alert) => {
            ClientError::Refused(format!("the register refuses the connection ({alert:?}); check [server] cert with the register"))
        }
        Error::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            ClientError::Refused("the register's certificate is for another host; check [server] url".into())
        }
        Error::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            ClientError::Refused("the register's certificate has expired, or this host's clock is wrong".into())
        }
        Error::InvalidCertificate(_) => ClientError::Refused(
            "the register's certificate is not of the authority in [server] ca; check the file and whether a proxy opens TLS".into(),
        ),
        other => ClientError::Unreachable(format!("TLS with the register failed ({other})")),
    }
}
