//! `serve` and `migrate`.

use schemas::exit::Exit;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Call, make_state_dir, say};
use crate::failure::Failure;
use crate::server;
use crate::store::Opening;

/// Serves until SIGTERM or SIGINT, or until the disk fails.
pub(super) async fn serve(call: &Call) -> Result<Exit, Failure> {
    let config = call.config()?;
    make_state_dir(&config.state_dir)?;
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let handle = server::serve(&config, call.environment.clone()).await?;
    println!("regions listening on {}", handle.region_addr);
    if let Some(address) = handle.web_addr {
        println!("people listening on {address}");
    }
    println!("admin listening on {}", handle.admin_addr);
    let exit = tokio::select! {
        _ = terminate.recv() => Exit::Terminated,
        _ = interrupt.recv() => Exit::Interrupted,
        () = handle.broken() => {
            say(&Failure::other("the disk failed under the database and nothing more was acknowledged; check the disk, then start again"));
            // Returning would close the database, and closing writes.
            std::process::exit(Exit::Failed as i32);
        }
    };
    tracing::info!("stopping: open requests are finished first");
    handle.stop().await;
    Ok(exit)
}

/// Brings the database up to date.
pub(super) async fn migrate(call: &Call) -> Result<Exit, Failure> {
    call.store(Opening::Migrate).await?.close().await;
    println!("the database {} is up to date", call.config()?.database);
    Ok(Exit::Done)
}

fn listen(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::other(format!("signals cannot be received: {error}")))
}
