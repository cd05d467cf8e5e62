//! One run of the agent in which one call is refused, as a full or broken disk does.

use anyhow::{Context as _, ensure};

use super::call::Point;
use super::stage::Stage;
use super::strace::{Blow, Errno, watched};
use crate::process::ended;

/// What the run with the fault came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It ended well: the call was of no consequence, and both ends are whole.
    Done,
    /// It ended with 1 and said why; the next run did the rest.
    Failed,
}

impl Stage {
    /// Lets the agent's call fail at a point; looks at what it says and what the next runs make of it.
    ///
    /// # Errors
    /// A sentence on what was lost, doubled, damaged or left unsaid.
    pub async fn fail_at(&mut self, point: &Point, errno: Errno) -> anyhow::Result<Said> {
        let what = format!("{}, {} at {point}", self.course.name, errno.word());
        self.fail(point, errno).await.context(what)
    }

    async fn fail(&mut self, point: &Point, errno: Errno) -> anyhow::Result<Said> {
        self.reset()?;
        let blow = Blow::Fail(point.clone(), errno);
        let command = watched(&self.command()?, &self.list(), Some(&blow));
        self.world.server = self.start()?;
        let first = ended(command)?.expect(&[1, 3])?;
        if first.code == 3 {
            self.must_be_whole().await?;
            return Ok(Said::Done);
        }
        ensure!(first.stderr.contains("registry-agent: "), "it did not say why it ended");
        self.finish()?;
        self.must_be_whole().await?;
        Ok(Said::Failed)
    }
}
