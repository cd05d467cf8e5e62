//! How long work takes, and what it takes of cores and memory, as the system counts it.
//!
//! Promises: a program's CPU time is that of all its threads to its end; a server's is that of its whole family of processes, the ended
//! ones included; memory is what only it has (`RssAnon`), at its highest, looked at every 20 ms.

use std::collections::HashMap;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

/// What `/proc` counts CPU time in: a hundredth of a second, on every Linux.
const TICK: Duration = Duration::from_millis(10);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    /// From its start to its end.
    pub(crate) wall: Duration,
    /// On the cores.
    pub(crate) cpu: Duration,
    /// The highest `RssAnon`, bytes.
    pub(crate) memory: u64,
}

/// Runs work and tells its time.
pub(crate) fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, Duration)> {
    let begun = now();
    let done = work()?;
    Ok((done, begun.elapsed()))
}

/// Runs a program to its end, while `others` are looked at too; gives what each took, the program first.
pub(crate) fn run(command: &mut Command, others: &[u32]) -> anyhow::Result<(ExitStatus, Vec<Spent>)> {
    let before: Vec<Duration> = others.iter().map(|pid| family_cpu(*pid)).collect();
    let begun = now();
    let mut child = command.spawn().context("a program cannot be started")?;
    let pids: Vec<u32> = std::iter::once(child.id()).chain(others.iter().copied()).collect();
    let (wall, peaks) = watched(&pids, || wait(&child, begun));
    let wall = wall?;
    // The program has ended and is not yet fetched: its times still stand.
    let own = cpu(child.id());
    let status = child.wait()?;
    let used = others.iter().zip(before).map(|(pid, before)| family_cpu(*pid).saturating_sub(before));
    let cpus = std::iter::once(own).chain(used);
    Ok((status, cpus.zip(peaks).map(|(cpu, memory)| Spent { wall, cpu, memory }).collect()))
}

/// Likewise, for a program that must end well.
pub(crate) fn run_well(command: &mut Command, others: &[u32]) -> anyhow::Result<Vec<Spent>> {
    let (status, spent) = run(command, others)?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(spent)
}

/// Does work while some processes are looked at; gives the highest `RssAnon` of each, bytes.
pub(crate) fn watched<T>(pids: &[u32], work: impl FnOnce() -> T) -> (T, Vec<u64>) {
    let (end, ended) = channel::<()>();
    std::thread::scope(|scope| {
        let peaks = scope.spawn(move || watch(pids, &ended));
        let done = work();
        drop(end);
        (done, peaks.join().unwrap_or_default())
    })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn wait(child: &Child, begun: Instant) -> anyhow::Result<Duration> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("a process id")?;
    waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)?;
    Ok(begun.elapsed())
}

/// The highest memory of each process until the other end is gone.
fn watch(pids: &[u32], ended: &Receiver<()>) -> Vec<u64> {
    let mut peaks = vec![0; pids.len()];
    loop {
        for (peak, pid) in peaks.iter_mut().zip(pids) {
            *peak = memory(*pid).unwrap_or_default().max(*peak);
        }
        if ended.recv_timeout(BETWEEN_LOOKS) != Err(RecvTimeoutError::Timeout) {
            return peaks;
        }
    }
}

/// What only a process has of memory now, bytes.
pub(crate) fn memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
}

/// A process as `/proc` shows it: parent, own ticks, ticks of its ended children.
struct Stat {
    parent: u32,
    own: u32,
    ended: u32,
}

fn stat(pid: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let (_, rest) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let number = |at: usize| fields.get(at)?.parse::<u32>().ok();
    Some(Stat { parent: number(1)?, own: number(11)? + number(12)?, ended: number(13)? + number(14)? })
}

fn cpu(pid: u32) -> Duration {
    stat(pid).map_or(Duration::ZERO, |stat| TICK * stat.own)
}

/// CPU time of this process, of the threads that live, to the microsecond.
pub(crate) fn own_cpu() -> Duration {
    // The system brings a running thread's time up to date when the thread gives way.
    std::thread::yield_now();
    threads_cpu(std::process::id())
}

/// CPU time of a process, of the threads that live, to the nanosecond: it tells on a busy machine what a clock cannot.
pub(crate) fn threads_cpu(pid: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// CPU time of a process, of its children, living or ended, and of theirs.
pub(crate) fn family_cpu(pid: u32) -> Duration {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    let all: HashMap<u32, Stat> = pids.filter_map(|pid| Some((pid, stat(pid)?))).collect();
    let mut ticks = 0;
    let mut family = vec![pid];
    while let Some(member) = family.pop() {
        ticks += all.get(&member).map_or(0, |stat| stat.own + stat.ended);
        family.extend(all.iter().filter(|(_, stat)| stat.parent == member).map(|(pid, _)| *pid));
    }
    TICK * ticks
}
