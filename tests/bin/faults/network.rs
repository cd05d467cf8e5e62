//! A cut at every byte of the first 4 kB of a connection, either way, and everything else that a network does, at many places.
//!
//! Promises: what `cargo verify` tries at a choice of points is tried here at all of them, by the same rig; where an agent listens for
//! why its connection was lost, the other rigs go on.

use std::sync::Mutex;
use std::time::Duration;

use end_to_end::fault::rig::Rig;
use end_to_end::fault::{Fault, later};
use end_to_end::platform::Random;

const SEED: u64 = 17;
const TREATMENTS: usize = 30;
/// How far every byte is tried.
const FIRST: u64 = 4 << 10;
/// Points behind them.
const LATER: usize = 500;
/// Rigs at once; most of them wait for the network.
const AT_ONCE: usize = 12;
/// Cases of one register; the next begins with an empty one.
const EACH: usize = 128;

/// Treatments that wait behind a slow line.
const BACKLOG: usize = 400;

/// Tries everything, or so many points spread evenly; a sentence for everything that is not as it must be.
pub(crate) fn everything(most: usize) -> Vec<String> {
    let cases = match wait(cases()) {
        Ok(cases) => cases,
        Err(error) => return vec![told(&error)],
    };
    let tried: Vec<Fault> = cases.iter().copied().step_by(cases.len().div_ceil(most.max(1)).max(1)).collect();
    let (shares, found) = (Mutex::new(tried.chunks(EACH)), Mutex::new(Vec::new()));
    let cycles = Mutex::new([0_usize; 3]);
    let next = || shares.lock().ok()?.next();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(share) = next() {
                    let (healed, sentences) = wait(heal(share)).unwrap_or_else(|error| ([0; 3], vec![told(&error)]));
                    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(sentences);
                    let mut cycles = cycles.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    cycles.iter_mut().zip(healed).for_each(|(sum, n)| *sum += n);
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_default();
    found.extend(wait(backlog()).err().iter().map(told));
    println!(
        "network, seed {SEED}: {} points, {} tried; healed after one, two and three cycles: {:?}; {} faults",
        cases.len(),
        tried.len(),
        cycles.into_inner().unwrap_or_default(),
        found.len()
    );
    found
}

/// All that is tried, from what an undisturbed connection carried.
async fn cases() -> anyhow::Result<Vec<Fault>> {
    let rig = Rig::set(SEED, TREATMENTS).await?;
    let trace = rig.proxy.traces().pop().unwrap_or_default();
    let (request, reply) = (trace.request.passed, trace.reply.passed);
    let mut cases: Vec<Fault> = (0..FIRST.min(request)).map(|after| Fault::CutRequest { after }).collect();
    cases.extend((0..FIRST.min(reply)).map(|after| Fault::CutReply { after }));
    cases.extend(later(&trace, &mut Random::new(SEED), LATER));
    cases.extend((0..request).step_by(64).map(|after| Fault::SwallowReply { after }));
    cases.extend((0..request).step_by(512).map(|after| Fault::Hold { after }));
    cases.extend([1, 20, 200, 2_000].map(|wait| Fault::Delay(Duration::from_millis(wait))));
    cases.extend([1_000, 4_000, 64_000].map(|per_second| Fault::Slow { per_second }));
    cases.push(Fault::Drip);
    Ok(cases)
}

/// Lets cases meet one register after the other. Answers how many were healed after one, two and three cycles, and what was not.
async fn heal(cases: &[Fault]) -> anyhow::Result<([usize; 3], Vec<String>)> {
    let mut healed = [0; 3];
    let mut rig = Rig::set(SEED, TREATMENTS).await?;
    for fault in cases {
        match rig.heal(&[*fault]).await {
            Ok(cycles) => healed[cycles as usize - 1] += 1,
            // What went wrong here would go on in the cases behind it.
            Err(error) => return Ok((healed, vec![told(&error)])),
        }
    }
    Ok((healed, rig.same_receipts().await.err().iter().map(told).collect()))
}

/// More than a slow line carries before the register loses patience, over nothing but such lines.
async fn backlog() -> anyhow::Result<()> {
    let mut rig = Rig::set(SEED, BACKLOG).await?;
    let lines = [Fault::Slow { per_second: 1_000 }; 100];
    let cycles = rig.heal(&lines).await?;
    println!("network: a backlog of {BACKLOG} treatments over 1 kB/s is delivered after {cycles} cycles");
    rig.same_receipts().await.map(drop)
}

fn told(error: &anyhow::Error) -> String {
    format!("network: {error:#}")
}

/// Waits for what is not to go from thread to thread.
fn wait<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
