//! What a network does to deliveries: whatever is cut, lost, late, doubled or slow, three cycles later the register holds the source, each
//! change had one effect, and both ends have the same receipts.

mod backlog;
mod replay;

use std::time::Duration;

use end_to_end::fault::rig::Rig;
use end_to_end::fault::{Fault, cuts, later};
use end_to_end::platform::Random;

const SEED: u64 = 17;
const TREATMENTS: usize = 30;
/// Points behind the first bytes.
const LATER: usize = 9;

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_around_each_tls_record_or_anywhere_later_is_healed_within_three_cycles() {
    let mut rig = Rig::set(SEED, TREATMENTS).await.unwrap();
    let trace = rig.proxy.traces().pop().unwrap();
    let mut points = cuts(&trace);
    assert!(points.len() >= 20, "{points:?}");
    points.extend(later(&trace, &mut Random::new(SEED), LATER));
    let mut taken = [0; 3];
    for fault in &points {
        taken[rig.heal(&[*fault]).await.unwrap() as usize - 1] += 1;
    }
    // Whatever meets the first connection, the next two may meet as well.
    for (place, fault) in points.iter().enumerate().step_by(7) {
        let others = [points[(place + 3) % points.len()], points[(place + 5) % points.len()]];
        taken[rig.heal(&[*fault, others[0], others[1]]).await.unwrap() as usize - 1] += 1;
    }
    let batches = rig.same_receipts().await.unwrap();
    println!("seed {SEED}: {} points, healed after 1, 2 and 3 cycles: {taken:?}; {batches} batches", points.len());
    assert!(taken[1] > 0, "no cut cost a cycle, so that none was met in earnest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_delays_drips_crawls_resets_swallows_replies_or_is_a_black_hole_is_healed_within_three_cycles() {
    let mut rig = Rig::set(SEED, TREATMENTS).await.unwrap();
    let sent = rig.proxy.traces().pop().unwrap().request.passed;
    let lost = (1..=6).map(|part| Fault::SwallowReply { after: sent * part / 7 });
    let faults = [
        Fault::Delay(Duration::from_millis(50)),
        Fault::Drip,
        Fault::Slow { per_second: 1_000 },
        Fault::Reset { after: sent - 300 },
        Fault::Hold { after: 0 },
    ];
    for fault in faults.into_iter().chain(lost) {
        let cycles = rig.heal(&[fault]).await.unwrap();
        println!("{fault:?}: {cycles} cycles");
    }
    rig.same_receipts().await.unwrap();
}
