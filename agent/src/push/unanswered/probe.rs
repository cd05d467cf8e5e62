//! One more connection, made only to hear why the last one failed. Nothing is asked of the register over it.
//!
//! Promises: a peer that is not the register's own is never shown this sender's certificate: the probe for an issuer has none, and
//! breaks off as soon as it has seen the other's. Every wait has an end.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, Stream};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::Way;

/// How long connecting may take, and each answer after it.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a proxy may take to connect onward.
const ONWARD: Duration = Duration::from_secs(10);
/// Longest head of a proxy's answer, bytes.
const HEAD: usize = 8 << 10;
/// Longest name of an issuer that is repeated, characters.
const NAME: usize = 120;

/// What keeps a proxy from connecting onward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TunnelFault {
    /// There is no connection to the proxy.
    Unreachable,
    /// It says nothing that HTTP knows.
    NoAnswer,
    /// It answers with this HTTP status.
    Status(u16),
}

/// Who a certificate names as its issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issuer {
    /// For people, one line.
    pub(super) name: String,
    raw: Vec<u8>,
}

impl Issuer {
    /// Whether an authority bears the name, whatever its key.
    pub(super) fn is(&self, authority: &TrustAnchor<'_>) -> bool {
        // An authority's name stands without the head of its sequence, two to four bytes.
        let subject = authority.subject.as_ref();
        self.raw.ends_with(subject) && (2..=4).contains(&(self.raw.len() - subject.len()))
    }
}

/// Why the proxy does not connect to the register; nothing when it does, or there is none.
pub(super) fn tunnel_fault(way: &Way) -> Option<TunnelFault> {
    way.proxy.as_ref()?;
    connect(way).err()
}

/// What the register says of this sender's certificate; a register that lets it in says nothing.
pub(super) fn overhear(way: &Way) -> Option<rustls::Error> {
    let mut session = session(way, Arc::clone(&way.tls))?;
    let mut socket = connect(way).ok()?;
    let heard = Stream::new(&mut session, &mut socket).read(&mut [0]);
    heard.err().and_then(|error| super::refusal(&error))
}

/// Who issued the certificate that answers for the register.
pub(super) fn presented_issuer(way: &Way) -> Option<Issuer> {
    let seen = Arc::new(Seen::default());
    let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&seen) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let mut session = session(way, Arc::new(tls))?;
    let mut socket = connect(way).ok()?;
    // It ends with the verifier's refusal, which is what was wanted.
    drop(session.complete_io(&mut socket));
    let seen = seen.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
    issuer(&seen)
}

fn issuer(certificate: &[u8]) -> Option<Issuer> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let issuer = certificate.issuer();
    let common_name = issuer.iter_common_name().next().and_then(|name| name.as_str().ok()).map(str::to_owned);
    let name = common_name.unwrap_or_else(|| issuer.to_string());
    let name = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(NAME).collect();
    Some(Issuer { name, raw: issuer.as_raw().to_vec() })
}

fn session(way: &Way, tls: Arc<ClientConfig>) -> Option<ClientConnection> {
    let name = ServerName::try_from(way.host().trim_matches(['[', ']']).to_owned()).ok()?;
    ClientConnection::new(tls, name).ok()
}

/// A connection to the register, through the proxy if there is one.
fn connect(way: &Way) -> Result<TcpStream, TunnelFault> {
    let (host, port) = match &way.proxy {
        Some(proxy) => (proxy.host.as_str(), proxy.port),
        None => (way.host(), way.port()),
    };
    let addresses = (host.trim_matches(['[', ']']), port).to_socket_addrs().map_err(|_| TunnelFault::Unreachable)?;
    let mut reached = addresses.filter_map(|address| TcpStream::connect_timeout(&address, PATIENCE).ok());
    let mut socket = reached.next().ok_or(TunnelFault::Unreachable)?;
    if way.proxy.is_some() {
        socket.set_read_timeout(Some(ONWARD)).map_err(|_| TunnelFault::Unreachable)?;
        ask_onward(&mut socket, way)?;
    }
    socket.set_read_timeout(Some(PATIENCE)).map_err(|_| TunnelFault::Unreachable)?;
    Ok(socket)
}

fn ask_onward(socket: &mut TcpStream, way: &Way) -> Result<(), TunnelFault> {
    let register = format!("{}:{}", way.host(), way.port());
    let mut request = format!("CONNECT {register} HTTP/1.1\r\nHost: {register}\r\n");
    if let Some(authorization) = way.proxy.as_ref().and_then(super::Proxy::authorization) {
        request.push_str("Proxy-Authorization: ");
        request.push_str(&authorization);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    socket.write_all(request.as_bytes()).map_err(|_| TunnelFault::NoAnswer)?;
    let mut head = Vec::new();
    // Byte by byte, so that nothing behind the head is taken from TLS.
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match socket.read(&mut byte) {
            Ok(1) if head.len() < HEAD => head.push(byte[0]),
            _ => return Err(TunnelFault::NoAnswer),
        }
    }
    match status(&head).ok_or(TunnelFault::NoAnswer)? {
        200..=299 => Ok(()),
        status => Err(TunnelFault::Status(status)),
    }
}

/// The status in `HTTP/1.1 200 ...`.
fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head.split(|byte| *byte == b'\r').next()?).ok()?;
    line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()
}

/// Takes note of a certificate and refuses it, whatever it is.
#[derive(Debug, Default)]
struct Seen(Mutex<Option<Vec<u8>>>);

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        Err(rustls::Error::General("the certificate has been seen".into()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("no certificate is taken".into()))
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("no certificate is taken".into()))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
