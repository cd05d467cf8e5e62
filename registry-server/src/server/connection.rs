//! One connection, from handshake to close.
//!
//! Promises: the handshake has five seconds; the certificate is read once and travels with every request of the connection; a
//! request's head that does not come is given up; who is refused in the handshake can read why.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::authenticate::region::{self, RegionIdentity};

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Bytes that a refused client may still send.
const LAST_WORDS: u64 = 64 << 10;
/// How often an idle HTTP/2 connection is asked whether it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Requests that one HTTP/2 connection may have open.
const STREAMS: u32 = 16;

/// Whoever the connection's certificate names.
pub(super) type Peer = Option<Arc<RegionIdentity>>;

/// What a listener serves.
pub(super) enum Service {
    /// TLS with client certificates.
    Regions {
        /// The endpoints.
        router: Router,
        /// The handshake.
        tls: Arc<ServerConfig>,
    },
    /// Plain HTTP on loopback.
    Plain {
        /// The endpoints.
        router: Router,
    },
}

/// Serves one connection to its end.
pub(super) async fn serve(stream: TcpStream, service: &Service, idle: Duration, watcher: Watcher) {
    // Answers are small and whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    match service {
        Service::Plain { router } => http1(stream, router.clone(), idle, watcher).await,
        Service::Regions { router, tls } => {
            let handshake = TlsAcceptor::from(Arc::clone(tls)).accept(stream).into_fallible();
            let stream = match tokio::time::timeout(HANDSHAKE, handshake).await {
                Ok(Ok(stream)) => stream,
                Ok(Err((error, stream))) => {
                    tracing::info!("a handshake was refused: {error}");
                    return linger(stream).await;
                }
                Err(_) => return tracing::info!("a handshake was not finished in time"),
            };
            let (_, session) = stream.get_ref();
            let certificate = session.peer_certificates().and_then(|chain| chain.first());
            let peer: Peer = certificate.and_then(|der| region::read(der)).map(Arc::new);
            let http2 = session.alpn_protocol() == Some(b"h2");
            let router = router.clone().layer(Extension(peer));
            if http2 { self::http2(stream, router, watcher).await } else { http1(stream, router, idle, watcher).await }
        }
    }
}

/// Reads on until the client hangs up: a connection closed over what it was still sending would be reset, and the alert lost with it.
async fn linger(mut stream: TcpStream) {
    let left = async {
        stream.shutdown().await?;
        tokio::io::copy(&mut stream.take(LAST_WORDS), &mut tokio::io::sink()).await
    };
    // However it ends, nobody is left to be told.
    let _ = tokio::time::timeout(HANDSHAKE, left).await;
}

async fn http1<S>(stream: S, router: Router, idle: Duration, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    ended(watcher.watch(connection).await);
}

async fn http2<S>(stream: S, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE)
        .max_concurrent_streams(STREAMS)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    ended(watcher.watch(connection).await);
}

fn ended(result: Result<(), hyper::Error>) {
    if let Err(error) = result {
        tracing::debug!("a connection ended early: {error}");
    }
}
