//! CPU time of this process by stage.
//!
//! Promises: all threads of the process count; what a stage did among other things can be run again and stands under its own name then,
//! so that no time counts twice.

use std::time::Duration;

use crate::meter::own_cpu;

/// The stages so far.
#[derive(Debug, Default)]
pub(super) struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    /// Stages that are shown in this order; others follow as they begin.
    pub(super) fn in_order(stages: &[&'static str]) -> Self {
        Self(stages.iter().map(|stage| (*stage, Duration::ZERO)).collect())
    }

    /// Runs work of a stage.
    pub(super) fn run<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let before = own_cpu();
        let done = work();
        *self.place(stage) += own_cpu().saturating_sub(before);
        done
    }

    /// Waits for work of a stage.
    pub(super) async fn wait<T>(&mut self, stage: &'static str, work: impl Future<Output = T>) -> T {
        let before = own_cpu();
        let done = work.await;
        *self.place(stage) += own_cpu().saturating_sub(before);
        done
    }

    /// Runs once more what stage `of` did too; its time is taken from there.
    pub(super) fn apart<T>(&mut self, of: &'static str, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let before = own_cpu();
        let done = work();
        self.move_over(of, stage, own_cpu().saturating_sub(before));
        done
    }

    /// Waits for that.
    pub(super) async fn wait_apart<T>(
        &mut self,
        of: &'static str,
        stage: &'static str,
        work: impl Future<Output = T>,
    ) -> T {
        let before = own_cpu();
        let done = work.await;
        self.move_over(of, stage, own_cpu().saturating_sub(before));
        done
    }

    /// What a stage took.
    pub(super) fn of(&self, stage: &str) -> Duration {
        self.0.iter().filter(|(name, _)| *name == stage).map(|(_, took)| *took).sum()
    }

    /// All together.
    pub(super) fn sum(&self) -> Duration {
        self.0.iter().map(|(_, took)| *took).sum()
    }

    /// Each with its time.
    pub(super) fn all(&self) -> &[(&'static str, Duration)] {
        &self.0
    }

    fn move_over(&mut self, of: &'static str, stage: &'static str, took: Duration) {
        *self.place(stage) += took;
        let whole = self.place(of);
        *whole = whole.saturating_sub(took);
    }

    fn place(&mut self, stage: &'static str) -> &mut Duration {
        let at = self.0.iter().position(|(name, _)| *name == stage).unwrap_or_else(|| {
            self.0.push((stage, Duration::ZERO));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}
