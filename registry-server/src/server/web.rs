//! The people's listener: the pages over TLS, without client certificates.
//!
//! Promises: it is opened only where the configuration names it.
//! Must not know: what the pages hold.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connection::{People, Service};
use super::life::Times;
use super::{bind, listener, local, tls};
use crate::config::Web;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::present::Desk;

/// A listener that is bound and serves nobody yet.
pub(super) struct Bound {
    listener: TcpListener,
    tls: Arc<ServerConfig>,
}

/// Binds the listener.
pub(super) async fn open(web: &Web, environment: &Environment) -> Result<Bound, Failure> {
    let tls = tls::people_config(web, environment)?;
    Ok(Bound { listener: bind(web.listen, "[web] listen").await?, tls })
}

impl Bound {
    /// Where people connect.
    pub(super) fn address(&self) -> Result<SocketAddr, Failure> {
        local(&self.listener)
    }

    /// Serves until the stop.
    pub(super) async fn run(self, desk: Desk, times: Times, stop: CancellationToken) {
        let registry = Arc::clone(desk.registry());
        let service = Service::People(People { router: desk.router(), tls: self.tls, registry });
        listener::run(self.listener, service, times, stop).await;
    }
}
