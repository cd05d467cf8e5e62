//! Bytes of the agent's queue altered on the disk while records wait in it.
//!
//! Promises: whatever was altered, the register never holds anything but what the source had before or has now; where the agent cannot go
//! on, it says what to do, and doing that helps.

use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};

use super::stage::Stage;
use crate::folder::copy;
use crate::platform::Random;

/// Cycles after which both ends must be equal.
const CYCLES: usize = 3;
/// What the agent asks for.
const ADVICE: &str = "move outbox.db and every file whose name begins so away";

/// What is done to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// A bit of a byte is turned over.
    Flip {
        /// The byte.
        at: usize,
        /// The bit, 0 to 7.
        bit: u8,
    },
    /// The file ends early.
    Cut {
        /// Bytes that are left.
        to: usize,
    },
}

/// How it was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mended {
    /// The first cycle was like any other.
    Unnoticed,
    /// A cycle told of it, and the next ones mended it.
    ByItself,
    /// The agent said what to do, and it was done.
    ByAdvice,
}

impl Damage {
    /// Any, of a file of some length: one in twenty is a cut.
    pub fn any(random: &mut Random, length: usize) -> Self {
        let last = i64::try_from(length).unwrap_or(i64::MAX) - 1;
        let at = usize::try_from(random.between(0, last)).unwrap_or_default();
        if random.chance(5) {
            return Self::Cut { to: at };
        }
        Self::Flip { at, bit: u8::try_from(random.between(0, 7)).unwrap_or_default() }
    }

    fn done_to(self, mut bytes: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Flip { at, bit } => bytes[at] ^= 1 << bit,
            Self::Cut { to } => bytes.truncate(to),
        }
        bytes
    }
}

impl Stage {
    /// Reads and queues while the register is away; gives the length of the file that the queue is in.
    ///
    /// # Errors
    /// When nothing waits in it.
    pub fn queue(&mut self) -> anyhow::Result<usize> {
        self.reset()?;
        self.once()?.expect(&[69])?;
        let waiting: i64 = rusqlite::Connection::open(self.outbox())?.query_row(
            "SELECT count(*) FROM batch WHERE receipt IS NULL",
            [],
            |row| row.get(0),
        )?;
        ensure!(waiting > 0, "nothing waits");
        copy(&self.region.site.state(), &self.queued())?;
        Ok(usize::try_from(std::fs::metadata(self.outbox())?.len())?)
    }

    /// Alters the queue, brings the register back, and runs cycles until both ends are equal.
    ///
    /// # Errors
    /// A sentence on what was sent wrongly, or never mended.
    pub async fn damage(&mut self, damage: Damage) -> anyhow::Result<Mended> {
        self.mend(damage).await.with_context(|| format!("{damage:?}"))
    }

    async fn mend(&mut self, damage: Damage) -> anyhow::Result<Mended> {
        self.reset()?;
        copy(&self.queued(), &self.region.site.state())?;
        std::fs::write(self.outbox(), damage.done_to(std::fs::read(self.outbox())?))?;
        self.world.server = self.start()?;
        let (mut mended, mut said) = (Mended::Unnoticed, String::new());
        let mut cycles = 0;
        while cycles < CYCLES {
            cycles += 1;
            let cycle = self.once()?;
            self.must_hold_nothing_else().await?;
            if cycle.code == 3 && self.active_set().await? == self.expected {
                return Ok(mended);
            }
            if cycle.stderr.contains(ADVICE) {
                ensure!(mended != Mended::ByAdvice, "the advice was followed and did not help: {}", cycle.stderr);
                self.follow_advice()?;
                (mended, cycles) = (Mended::ByAdvice, 0);
            } else if mended == Mended::Unnoticed {
                mended = Mended::ByItself;
            }
            said = format!("{} {}", cycle.code, cycle.stderr);
        }
        bail!("not equal after {CYCLES} cycles; the last said: {said}")
    }

    /// Everything at the register is as the source had it before or has it now.
    async fn must_hold_nothing_else(&self) -> anyhow::Result<()> {
        let now = self.active_set().await?;
        let known = |(key, content): &(&(String, String), &String)| {
            [&self.before, &self.expected].iter().any(|set| set.get(*key) == Some(*content))
        };
        let wrong: Vec<_> = now.iter().filter(|one| !known(one)).map(|(key, _)| key).collect();
        ensure!(wrong.is_empty(), "what no source says was sent: {wrong:?}");
        Ok(())
    }

    fn follow_advice(&self) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(self.region.site.state())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("outbox.db") {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn outbox(&self) -> PathBuf {
        self.region.site.state().join("outbox.db")
    }

    fn queued(&self) -> PathBuf {
        self.world.folder().join("queued")
    }
}
