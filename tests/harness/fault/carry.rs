//! Carries the bytes of one connection both ways until it ends, by itself or by its fault.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::Fault;

/// How long a server must be silent before a connection whose replies are swallowed is closed.
const QUIET: Duration = Duration::from_millis(500);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Request,
    Reply,
}

/// What has passed so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Passed {
    pub(super) request: u64,
    pub(super) reply: u64,
}

/// What becomes of a piece that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Its first bytes that are passed on.
    pub(super) forward: usize,
    pub(super) then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    /// The rest is thrown away, and so is all that comes this way.
    Swallow,
    Cut,
    Reset,
    /// The rest waits for the release.
    Hold,
}

/// Decides about a piece of so many bytes.
pub(super) fn judge(fault: Fault, passed: Passed, (way, arrived): (Way, usize)) -> Verdict {
    let up_to = |after: u64, so_far: u64, then| {
        let room = usize::try_from(after.saturating_sub(so_far)).unwrap_or(usize::MAX);
        if arrived <= room { Verdict { forward: arrived, then: Then::GoOn } } else { Verdict { forward: room, then } }
    };
    match (fault, way) {
        (Fault::CutRequest { after }, Way::Request) => up_to(after, passed.request, Then::Cut),
        (Fault::Reset { after }, Way::Request) => up_to(after, passed.request, Then::Reset),
        (Fault::Hold { after }, Way::Request) => up_to(after, passed.request, Then::Hold),
        (Fault::CutReply { after }, Way::Reply) => up_to(after, passed.reply, Then::Cut),
        (Fault::SwallowReply { after }, Way::Reply) if passed.request > after => {
            Verdict { forward: 0, then: Then::Swallow }
        }
        _ => Verdict { forward: arrived, then: Then::GoOn },
    }
}

/// Carries a connection to its end, and tells what passes.
pub(super) async fn carry(
    (mut client, mut server): (TcpStream, TcpStream),
    mut fault: Fault,
    release: &Notify,
    told: impl Fn(Way, &[u8]),
) {
    let (mut request, mut reply) = (vec![0; 16_384], vec![0; 16_384]);
    let mut passed = Passed::default();
    let (mut client_open, mut swallowing) = (true, false);
    // Ends when the server closes, when either side fails, or by the fault.
    loop {
        let (way, arrived) = tokio::select! {
            arrived = client.read(&mut request), if client_open => (Way::Request, arrived),
            arrived = server.read(&mut reply) => (Way::Reply, arrived),
            () = tokio::time::sleep(QUIET), if swallowing => return,
        };
        let Ok(arrived) = arrived else { return };
        let (piece, to) = match way {
            Way::Request => (&request[..arrived], &mut server),
            Way::Reply => (&reply[..arrived], &mut client),
        };
        match (arrived, way) {
            (0, Way::Reply) => return,
            (0, Way::Request) => {
                client_open = false;
                drop(to.shutdown().await);
                continue;
            }
            _ => {}
        }
        let verdict = judge(fault, passed, (way, arrived));
        told(way, &piece[..verdict.forward]);
        if pass_on(to, &piece[..verdict.forward], fault).await.is_err() {
            return;
        }
        match way {
            Way::Request => passed.request += verdict.forward as u64,
            Way::Reply => passed.reply += verdict.forward as u64,
        }
        match verdict.then {
            Then::GoOn => {}
            Then::Swallow => swallowing = true,
            Then::Cut => return,
            Then::Reset => return drop(client.set_zero_linger()),
            Then::Hold => {
                release.notified().await;
                fault = Fault::Pass;
                told(way, &piece[verdict.forward..]);
                if to.write_all(&piece[verdict.forward..]).await.is_err() {
                    return;
                }
                passed.request += (arrived - verdict.forward) as u64;
            }
        }
    }
}

/// Writes a piece the way the network would.
async fn pass_on(to: &mut TcpStream, piece: &[u8], fault: Fault) -> std::io::Result<()> {
    let (part, wait) = match fault {
        Fault::Delay(delay) => (piece.len(), delay),
        Fault::Drip => (1, Duration::ZERO),
        Fault::Slow { per_second } => (per_second.div_ceil(10), Duration::from_millis(100)),
        _ => return to.write_all(piece).await,
    };
    to.set_nodelay(true)?;
    for part in piece.chunks(part.max(1)) {
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        to.write_all(part).await?;
    }
    Ok(())
}
