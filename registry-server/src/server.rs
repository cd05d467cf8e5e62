//! The running register: its listeners, and how it stops.
//!
//! Promises: `serve` returns when every listener is bound, so that their addresses are known; `stop` lets requests finish within a
//! deadline; when the disk fails under the store, everything ends at once and nothing more is acknowledged.

/// `/livez`, `/readyz` and `/metrics`.
mod admin;
/// Which sender may make a request now.
mod admit;
/// What a region can ask.
pub(crate) mod calls;
/// The audit log while the register runs.
mod checkpoint;
/// The lists that the register hands out.
mod codelists;
/// One connection, from handshake to close.
mod connection;
/// A year's frozen data, and signatures under it.
mod cuts;
/// What a sender has here.
mod digest;
/// Cases of the register, and the senders' answers.
mod cases;
/// A set under new keys.
mod key_reset;
/// What is left of a request's body after its answer.
mod leftover;
/// How long a connection lives.
mod life;
/// Accepting connections, no more handshakes than the limit.
mod listener;
/// Silences that senders have planned.
mod pause;
/// What is held of a person, told to its sender.
mod person_extract;
/// Who holds the regions' connections.
mod places;
/// The regions' endpoints.
mod region_api;
/// Clocks of senders.
mod skew;
/// Persons who leave, and come back.
mod withdrawals;
/// What the listeners ask of a handshake.
pub mod tls;
/// The people's listener.
mod web;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::admission::Admission;
use crate::audit::Trail;
use crate::config::{Config, keys};
use crate::environment::Environment;
use crate::erase;
use crate::failure::Failure;
use crate::jobs;
use crate::metrics::Metrics;
use crate::monitor::{mail, watch, webhook};
use crate::present::Desk;
use crate::provider::Provider;
use crate::reader;
use crate::registry::Registry;
use crate::store::{self, Location, Opening};

/// How long requests may go on after a stop was asked for.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// A running register.
pub struct Handle {
    /// Where the regions connect.
    pub region_addr: SocketAddr,
    /// Where people read, when the configuration names it.
    pub web_addr: Option<SocketAddr>,
    /// Where operators look.
    pub admin_addr: SocketAddr,
    stop: CancellationToken,
    broken: CancellationToken,
    tasks: TaskTracker,
    registry: Arc<Registry>,
}

/// Starts a register: makes an empty database's tables, binds the listeners, and serves until [`Handle::stop`].
///
/// # Errors
/// Anything that the configuration names and that is missing, refused or occupied.
pub async fn serve(config: &Config, environment: Environment) -> Result<Handle, Failure> {
    let tls = tls::region_config(&config.regions, &environment)?;
    let ways = (mail::of(config)?, webhook::of(config)?);
    let provider = Provider::of(config, &environment)?;
    let registry = Arc::new(open(config, environment).await?);
    let regions = bind(config.regions.listen, "[regions] listen").await?;
    let admin = bind(config.admin_listen, "[admin] listen").await?;
    let web = match &config.web {
        Some(section) => Some(web::open(section, &registry.environment).await?),
        None => None,
    };
    let (stop, tasks) = (CancellationToken::new(), registry.tasks.clone());
    let handle = Handle {
        region_addr: local(&regions)?,
        web_addr: web.as_ref().map(web::Bound::address).transpose()?,
        admin_addr: local(&admin)?,
        stop: stop.clone(),
        broken: registry.broken.clone(),
        tasks: tasks.clone(),
        registry: Arc::clone(&registry),
    };
    let limits = &config.limits;
    let times = life::Times {
        idle: Duration::from_secs(limits.idle_seconds),
        longest: Duration::from_secs(limits.connection_seconds),
    };
    let region_service = connection::Service::Regions(connection::Regions {
        router: region_api::router(Arc::clone(&registry)),
        tls,
        places: places::Places::new(limits.connections, limits.connections_per_sender),
        registry: Arc::clone(&registry),
    });
    let (written, until) = (Arc::clone(&registry), stop.clone());
    tasks.spawn(async move { written.trail.keep_writing(&*written.store, (&written.broken, &until)).await });
    tasks.spawn(checkpoint::sequence(Arc::clone(&registry), stop.clone()));
    for doubt in registry.store.doubts().await? {
        tracing::warn!("erased records may stay on the disk: {doubt}");
    }
    tasks.spawn(erase::nightly(Arc::clone(&registry), stop.clone()));
    tasks.spawn(jobs::keep_building(Arc::clone(&registry), stop.clone()));
    tasks.spawn(reader::keep_current(Arc::clone(&registry), stop.clone()));
    tasks.spawn(watch::keep_watch(Arc::clone(&registry), ways, stop.clone()));
    if let Some(web) = web {
        let base_url = config.web.as_ref().and_then(|section| section.base_url.clone());
        let desk = Desk::new(Arc::clone(&registry), base_url).with_provider(provider);
        tasks.spawn(desk.forget_who_left(stop.clone()));
        tasks.spawn(web.run(desk, times, stop.clone()));
    }
    let admin_service = connection::Service::Plain(admin::router(registry));
    tasks.spawn(listener::run(regions, region_service, times, stop.clone()));
    tasks.spawn(listener::run(admin, admin_service, times, stop));
    tasks.close();
    Ok(handle)
}

impl Handle {
    /// Finishes open requests, within a deadline, and closes the database.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(STOP_DEADLINE, self.tasks.wait()).await.is_err() {
            tracing::warn!(deadline_s = STOP_DEADLINE.as_secs(), "requests were still open when the register stopped");
        }
        if let Err(error) = self.registry.trail.flush(&*self.registry.store).await {
            tracing::error!("what people read last could not be written: {error}");
        }
        self.registry.store.close().await;
    }

    /// Resolves when the disk failed under the database; the process must then end with an error.
    pub async fn broken(&self) {
        self.broken.cancelled().await;
    }
}

/// Opens what a register needs besides its listeners.
pub(crate) async fn open(config: &Config, environment: Environment) -> Result<Registry, Failure> {
    let lists = config.code_lists()?;
    let data_dir = match &config.database {
        Location::Sqlite(path) => path.parent().unwrap_or(Path::new(".")).to_owned(),
        // Its server watches over its own disk; here only what the register keeps beside it needs room.
        Location::Postgres(_) => config.state_dir.clone(),
    };
    let pepper = keys::pepper(&config.pepper)?;
    Ok(Registry {
        receipt_key: keys::receipt_key(&config.receipt_key)?,
        tombs: pepper.tomb_key(),
        pepper,
        store: store::open(&config.database, Opening::NewOrCurrent).await?,
        admission: Admission::new(&config.limits, &environment),
        stage: config.environment.clone(),
        contact: config.contact.clone(),
        limits: config.limits.batch(),
        quota: config.quota,
        lists_hash: lists.hash(),
        rules_hash: schemas::rule::hash(),
        lists,
        data_dir,
        trail: Trail::default(),
        metrics: Metrics::default(),
        broken: CancellationToken::new(),
        tasks: TaskTracker::new(),
        environment,
    })
}

async fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::other(format!(
            "{key}: {address} cannot be listened on ({error}); stop what listens there or name another"
        ))
    })
}

fn local(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::other(format!("a listener lost its address: {error}")))
}

#[cfg(test)]
mod tests;
