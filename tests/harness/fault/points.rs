//! Where connections are cut: around every TLS record of the first bytes, and anywhere later.
//!
//! Promises: each point cuts inside what an undisturbed connection carried, so that a fault is really met.

use super::{Fault, Records, Trace};
use crate::platform::Random;

/// How far the first bytes go.
const FIRST: u64 = 4 << 10;

/// Cuts in the first 4 kB of either direction: behind the first byte of each record, and before its last.
#[must_use]
pub fn cuts(trace: &Trace) -> Vec<Fault> {
    let requests = around(&trace.request).into_iter().map(|after| Fault::CutRequest { after });
    let replies = around(&trace.reply).into_iter().map(|after| Fault::CutReply { after });
    requests.chain(replies).collect()
}

/// So many cuts and resets somewhere behind the first 4 kB, or behind the half of a connection that carried less.
#[must_use]
pub fn later(trace: &Trace, random: &mut Random, points: usize) -> Vec<Fault> {
    let mut somewhere = |records: &Records| {
        let last = records.passed.saturating_sub(1);
        let first = FIRST.min(last / 2);
        first + random.number() % (last - first).max(1)
    };
    let point = |at: usize| match at % 3 {
        0 => Fault::CutRequest { after: somewhere(&trace.request) },
        1 => Fault::CutReply { after: somewhere(&trace.reply) },
        _ => Fault::Reset { after: somewhere(&trace.request) },
    };
    (0..points).map(point).collect()
}

fn around(records: &Records) -> Vec<u64> {
    let begins = std::iter::once(0).chain(records.ends.iter().copied());
    let mut points: Vec<u64> = begins
        .zip(&records.ends)
        .flat_map(|(begin, end)| [begin + 1, end - 1])
        .filter(|after| *after < FIRST)
        .collect();
    points.dedup();
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_lie_around_each_record_of_the_first_bytes_and_the_others_behind_them() {
        let records = |ends: &[u64]| Records { passed: 9_000, ends: ends.to_vec(), ..Records::default() };
        let trace = Trace { request: records(&[100, 106, 5_000]), reply: records(&[2]) };
        let cut = |after| Fault::CutRequest { after };
        let expected = [cut(1), cut(99), cut(101), cut(105), cut(107), Fault::CutReply { after: 1 }];
        assert_eq!(cuts(&trace), expected);
        for fault in later(&trace, &mut Random::new(1), 30) {
            let (Fault::CutRequest { after } | Fault::CutReply { after } | Fault::Reset { after }) = fault else {
                panic!("{fault:?}")
            };
            assert!((FIRST..9_000).contains(&after), "{fault:?}");
        }
    }
}
