//! One run with a kill at one call, the restart, and the end of the cycle.
//!
//! Promises: nobody does more after the kill than a supervisor and a schedule would: the program is started again, and the agent runs
//! at most three cycles.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rusqlite::Connection;

use super::call::{Made, Point, made};
use super::course::Victim;
use super::stage::Stage;
use super::strace::{Blow, Traced, watched};
use crate::process::{Server, ended};

/// Exit code of a program that was killed.
const KILLED: i32 = 137;
/// Cycles after which both ends must be equal.
const CYCLES: usize = 3;

/// A fault that the checks must notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planted {
    /// None.
    Nothing,
    /// The agent's cursor is where the cycle would have left it, as if it were committed before the rows.
    CursorFirst,
}

/// What a run with a kill came to, once everything was found whole.
#[derive(Debug, Clone, Copy)]
pub struct Came {
    /// Whether the program came to the call at all.
    pub met: bool,
    /// How long the program took to be back: the register to listen, the agent to end its cycle.
    pub back: Duration,
}

impl Stage {
    /// The calls that the program makes when nothing disturbs it.
    ///
    /// # Errors
    /// When a step fails.
    pub fn calls(&mut self) -> anyhow::Result<Vec<Made>> {
        self.reset()?;
        let list = self.list();
        let command = watched(&self.command()?, &list, None);
        match self.course.victim {
            Victim::Agent => {
                self.world.server = self.start()?;
                ended(command)?.expect(&[3])?;
            }
            Victim::Register => {
                let server = Server::start_with(command, &self.world.log())?;
                let traced = Traced::by(server.running.id());
                self.once()?.expect(&[3])?;
                drop(traced);
                drop(server);
            }
        }
        Ok(made(&std::fs::read_to_string(list)?, &self.folder()))
    }

    /// Kills the program at a point, starts it again, and looks at what came of it.
    ///
    /// # Errors
    /// A sentence on what was lost, doubled or damaged.
    pub async fn kill_at(&mut self, point: &Point, planted: Planted) -> anyhow::Result<Came> {
        self.kill(point, planted).await.with_context(|| format!("{}, killed at {point}", self.course.name))
    }

    async fn kill(&mut self, point: &Point, planted: Planted) -> anyhow::Result<Came> {
        self.reset()?;
        let blow = Blow::Kill(point.clone());
        let command = watched(&self.command()?, &self.list(), Some(&blow));
        let (met, back) = match self.course.victim {
            Victim::Agent => {
                self.world.server = self.start()?;
                let code = ended(command)?.expect(&[3, KILLED])?.code;
                if planted == Planted::CursorFirst {
                    self.put_cursor_first()?;
                }
                (code == KILLED, None)
            }
            Victim::Register => {
                let (met, back) = self.register_killed(command)?;
                (met, Some(back))
            }
        };
        let begun = now();
        self.finish()?;
        self.must_be_whole().await?;
        Ok(Came { met, back: back.unwrap_or_else(|| begun.elapsed()) })
    }

    /// Runs a cycle against a register that is killed and started again as soon as it is gone.
    fn register_killed(&mut self, command: std::process::Command) -> anyhow::Result<(bool, Duration)> {
        let again = |stage: &Self| -> anyhow::Result<(Server, Duration)> {
            let begun = now();
            Ok((stage.start()?, begun.elapsed()))
        };
        let said = self.sentences()?;
        let Ok(mut server) = Server::start_with(command, &self.world.log()) else {
            // One that ends by itself says why.
            ensure!(self.sentences()? == said, "the register ended before it listened");
            let (server, back) = again(self)?;
            self.world.server = server;
            return Ok((true, back));
        };
        let mut traced = Traced::by(server.running.id());
        let gone = AtomicBool::new(false);
        let (met, restarted) = std::thread::scope(|scope| {
            let restart = scope.spawn(|| {
                server.running.wait()?;
                gone.store(true, Ordering::SeqCst);
                again(self)
            });
            let cycle = self.once();
            let met = gone.load(Ordering::SeqCst);
            traced.kill();
            let restarted = restart.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (cycle.map(|_| met), restarted)
        });
        let (server, back) = restarted?;
        self.world.server = server;
        Ok((met?, back))
    }

    /// How often the register has said why it ends.
    fn sentences(&self) -> anyhow::Result<usize> {
        Ok(std::fs::read_to_string(self.world.log())?.matches("registry-server: ").count())
    }

    /// Cycles until one ends well.
    ///
    /// # Errors
    /// With what the last one said.
    pub fn finish(&self) -> anyhow::Result<()> {
        let mut last = self.once()?;
        for _ in 1..CYCLES {
            if last.code == 3 {
                break;
            }
            last = self.once()?;
        }
        last.expect(&[3]).map(drop)
    }

    fn put_cursor_first(&self) -> anyhow::Result<()> {
        let outbox = Connection::open(self.region.site.state().join("outbox.db"))?;
        let finished = self.finished().join("outbox.db").display().to_string();
        outbox.execute("ATTACH ? AS finished", [finished])?;
        outbox.execute("INSERT OR REPLACE INTO cursor SELECT * FROM finished.cursor", [])?;
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a restart took is printed")]
fn now() -> Instant {
    Instant::now()
}
