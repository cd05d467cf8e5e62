//! What a network does to deliveries: whatever is cut, lost, late, doubled or slow, three cycles later the register holds the source, each
//! change had one effect, and both ends have the same receipts.

mod backlog;
mod breaker;
mod garbage;
mod replay;

use std::time::Duration;

use end_to_end::active::alter;
use end_to_end::fault::rig::Rig;
use end_to_end::fault::{Fault, cuts, later};
use end_to_end::platform::Random;
use futures_util::future::join_all;

const SEED: u64 = 17;
const TREATMENTS: usize = 30;
/// Points behind the first bytes.
const LATER: usize = 9;
/// Registers beside each other: whoever lost a connection listens for a while why.
const RIGS: usize = 8;

/// Lets each case meet a delivery. Answers how many were healed after one, two and three cycles.
async fn heal(cases: &[Vec<Fault>]) -> [usize; 3] {
    let healed = join_all((0..RIGS).map(async |place| {
        let mut rig = Rig::set(SEED, TREATMENTS).await.unwrap();
        let mut after = [0; 3];
        for faults in cases.iter().skip(place).step_by(RIGS) {
            after[rig.heal(faults).await.unwrap() as usize - 1] += 1;
        }
        rig.same_receipts().await.unwrap();
        // The positive control.
        let outbox = rig.region.site.state().join("outbox.db");
        alter(&outbox, "UPDATE batch SET receipt = x'00' WHERE id = (SELECT max(id) FROM batch)").await.unwrap();
        assert!(rig.same_receipts().await.is_err());
        after
    }));
    healed.await.into_iter().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_around_each_tls_record_or_anywhere_later_is_healed_within_three_cycles() {
    let trace = Rig::set(SEED, TREATMENTS).await.unwrap().proxy.traces().pop().unwrap();
    let mut points = cuts(&trace);
    assert!(points.len() >= 20, "{points:?}");
    points.extend(later(&trace, &mut Random::new(SEED), LATER));
    let mut cases: Vec<Vec<Fault>> = points.iter().map(|fault| vec![*fault]).collect();
    // Whatever meets the first connection, the next two may meet as well.
    let three = |place: usize| [0, 3, 5].map(|more| points[(place + more) % points.len()]).to_vec();
    cases.extend((0..points.len()).step_by(7).map(three));
    let healed = heal(&cases).await;
    println!("seed {SEED}: {} points, healed after one, two and three cycles: {healed:?}", points.len());
    assert!(healed[1] > 0, "no cut cost a cycle, so that none was met in earnest");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_delays_drips_crawls_resets_swallows_replies_or_is_a_black_hole_is_healed_within_three_cycles() {
    let sent = Rig::set(SEED, TREATMENTS).await.unwrap().proxy.traces().pop().unwrap().request.passed;
    let slow = [Fault::Slow { per_second: 1_000 }, Fault::Hold { after: 0 }, Fault::Drip];
    let others = [Fault::Delay(Duration::from_millis(50)), Fault::Reset { after: sent - 300 }];
    let lost = (1..=5).map(|part| Fault::SwallowReply { after: sent * part / 6 });
    let cases: Vec<Vec<Fault>> = slow.into_iter().chain(others).chain(lost).map(|fault| vec![fault]).collect();
    let healed = heal(&cases).await;
    println!("seed {SEED}: {} cases, healed after one, two and three cycles: {healed:?}", cases.len());
}
