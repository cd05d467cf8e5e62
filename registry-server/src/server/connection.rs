//! One connection, from handshake to close.
//!
//! Promises: the handshake has five seconds; the certificate is read once and travels with every request of the connection; whoever
//! holds too many connections gets no other; a request's head that does not come is given up; who is refused in the handshake can read
//! why.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Request};
use axum::middleware::{self, Next};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use super::life::Life;
use super::places::Places;
use crate::authenticate::region::{self, RegionIdentity};
use crate::present::Address;
use crate::registry::Registry;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Bytes that a refused client may still send.
const LAST_WORDS: u64 = 64 << 10;
/// How often an HTTP/2 connection without traffic is asked whether it is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// Requests that one HTTP/2 connection may have open.
const STREAMS: u32 = 16;

/// Whoever the connection's certificate names.
pub(super) type Peer = Option<Arc<RegionIdentity>>;

/// What a listener serves.
pub(super) enum Service {
    /// TLS with client certificates.
    Regions(Regions),
    /// TLS for people.
    People(People),
    /// Plain HTTP on loopback.
    Plain(Router),
}

/// TLS with client certificates.
pub(super) struct Regions {
    /// The endpoints.
    pub(super) router: Router,
    /// The handshake.
    pub(super) tls: Arc<ServerConfig>,
    /// The connections after it.
    pub(super) places: Places,
    /// Where refusals are counted.
    pub(super) registry: Arc<Registry>,
}

/// TLS for people.
pub(super) struct People {
    /// The pages.
    pub(super) router: Router,
    /// The handshake.
    pub(super) tls: Arc<ServerConfig>,
    /// Where refusals are counted.
    pub(super) registry: Arc<Registry>,
}

/// Somebody who has connected.
pub(super) struct Caller {
    /// The connection.
    pub(super) stream: TcpStream,
    /// Its place among the handshakes.
    pub(super) entry: OwnedSemaphorePermit,
    /// How long it lives.
    pub(super) life: Life,
}

/// Serves one connection to its end. A handshake that has not ended at the stop is given up.
pub(super) async fn serve(caller: Caller, service: &Service, stop: CancellationToken) {
    let Caller { stream, entry, life } = caller;
    // Answers are small and whole; waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let Regions { router, tls, places, registry } = match service {
        Service::Plain(router) => {
            http1(stream, router.clone(), &life).await;
            return drop(entry);
        }
        Service::People(people) => {
            self::people(stream, people, (&life, &stop)).await;
            return drop(entry);
        }
        Service::Regions(regions) => regions,
    };
    let Some(stream) = stop.run_until_cancelled(handshake(stream, tls, registry)).await.flatten() else { return };
    let (_, session) = stream.get_ref();
    let certificate = session.peer_certificates().and_then(|chain| chain.first());
    let peer: Peer = certificate.and_then(|der| region::read(der)).map(Arc::new);
    let http2 = session.alpn_protocol() == Some(b"h2");
    let Some(_place) = places.take(peer.as_deref()) else {
        return registry.metrics.connection_refused();
    };
    drop(entry);
    let router = router.clone().layer(Extension(peer));
    if http2 { self::http2(stream, router, &life).await } else { http1(stream, router, &life).await }
}

async fn people(stream: TcpStream, people: &People, (life, stop): (&Life, &CancellationToken)) {
    let address = stream.peer_addr().map(|address| address.ip()).ok();
    let shaken = stop.run_until_cancelled(handshake(stream, &people.tls, &people.registry)).await;
    let Some(stream) = shaken.flatten() else { return };
    let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    let router = people.router.clone().layer(Extension(Address(address)));
    if http2 { self::http2(stream, router, life).await } else { http1(stream, router, life).await }
}

async fn handshake(stream: TcpStream, tls: &Arc<ServerConfig>, registry: &Registry) -> Option<TlsStream<TcpStream>> {
    let handshake = TlsAcceptor::from(Arc::clone(tls)).accept(stream).into_fallible();
    let refused = match tokio::time::timeout(HANDSHAKE, handshake).await {
        Ok(Ok(stream)) => return Some(stream),
        Ok(Err((error, stream))) => {
            tracing::debug!("a handshake was refused: {error}");
            Some(stream)
        }
        Err(_) => {
            tracing::debug!("a handshake was not finished in time");
            None
        }
    };
    // Anybody can cause these, so they are counted, and told only to who looks for them.
    registry.metrics.handshake_refused();
    linger(refused?).await;
    None
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

async fn http1<S>(stream: S, router: Router, life: &Life)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(watched(router, life));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(life.idle_time())
        .serve_connection(TokioIo::new(stream), service);
    drive(connection, life).await;
}

async fn http2<S>(stream: S, router: Router, life: &Life)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(watched(router, life));
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(KEEP_ALIVE)
        .max_concurrent_streams(STREAMS)
        .serve_connection(TokioIo::new(stream), service);
    drive(connection, life).await;
}

/// Lets every request count for the connection's life, and end it.
fn watched(router: Router, life: &Life) -> Router {
    let life = life.clone();
    router.layer(middleware::from_fn(move |mut request: Request, next: Next| {
        let life = life.clone();
        async move {
            let _open = life.request();
            request.extensions_mut().insert(life);
            next.run(request).await
        }
    }))
}

/// Runs a connection until it ends by itself, or its life is over and its requests are answered.
async fn drive<C>(connection: C, life: &Life)
where
    C: GracefulConnection<Error = hyper::Error>,
{
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = life.over() => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            ended = connection => ended,
            () = life.unfetched() => return,
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}
