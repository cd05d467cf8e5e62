//! `run`: the daemon, with the process's signals, clock and service manager.

use std::path::Path;

use schemas::exit::Exit;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use super::failure::Failure;
use super::{cycle, newest, now};
use crate::check;
use crate::config::Config;
use crate::cycle::Progress;
use crate::daemon::{self, Came, DaemonError, Host, Order, Service, Work};
use crate::push::Client;

/// Runs until SIGTERM or SIGINT. A configuration that cannot be used ends it at the start, and only there.
pub(super) async fn run(path: &Path) -> Result<Exit, Failure> {
    // Before anything else, so that an early signal is not lost.
    let orders = orders()?;
    let config = Config::read(path, std::env::vars())?;
    if let Err(failure) = usable(&config).await {
        newest::note(&config.state_dir(), failure.exit(), failure.sentence()).await;
        return Err(failure);
    }
    let service = Service::new(sd_notify::watchdog_enabled());
    let host = Host { now: &now, service: &service, orders };
    Box::pin(daemon::run(config, &Process { path }, host)).await.map_err(Failure::from)
}

impl From<DaemonError> for Failure {
    fn from(error: DaemonError) -> Self {
        match error {
            DaemonError::Outbox(error) => error.into(),
            DaemonError::Schedule(_) => Self::new(Exit::Config, error.to_string()),
        }
    }
}

/// Reads the configuration and all that it names, as a cycle would.
async fn read(path: &Path) -> Result<Config, Failure> {
    let config = Config::read(path, std::env::vars())?;
    usable(&config).await?;
    Ok(config)
}

async fn usable(config: &Config) -> Result<(), Failure> {
    check::check(config, now()).await?;
    check::before_sending(config).await?;
    Client::new(config)?;
    Ok(())
}

struct Process<'a> {
    path: &'a Path,
}

impl Work for Process<'_> {
    async fn cycle(&self, config: &Config, progress: &(dyn Fn(Progress) + Sync)) -> Came {
        let came = cycle::start(self.path, config, progress).await.unwrap_or_else(|error| Came {
            exit: Exit::Failed,
            sentence: format!("the cycle's process cannot be started or heard ({error})"),
        });
        newest::note(&config.state_dir(), came.exit, &came.sentence).await;
        came
    }

    async fn reread(&self) -> Result<Config, String> {
        read(self.path).await.map_err(|failure| failure.sentence().to_owned())
    }
}

/// What the process's signals ask: SIGHUP to reload, SIGTERM and SIGINT to stop in order, and any further one of these to end at once.
fn orders() -> Result<mpsc::Receiver<Order>, Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| Failure::new(Exit::Failed, format!("signals cannot be received ({error})")))
    };
    let (mut hangup, mut terminate, mut interrupt) =
        (listen(SignalKind::hangup())?, listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (order, orders) = mpsc::channel(4);
    tokio::spawn(async move {
        let mut stopping = false;
        loop {
            let exit = tokio::select! {
                _ = hangup.recv() => {
                    // A full queue holds a reload already.
                    order.try_send(Order::Reload).ok();
                    continue;
                }
                _ = terminate.recv() => Exit::Terminated,
                _ = interrupt.recv() => Exit::Interrupted,
            };
            if stopping || order.send(Order::Stop(exit)).await.is_err() {
                std::process::exit(exit as i32);
            }
            stopping = true;
        }
    });
    Ok(orders)
}
