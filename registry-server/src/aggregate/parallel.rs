//! Work on many groups, on all cores.
//!
//! Promises: the results stand in the order of the groups, as if one core had done it; few groups are not worth a thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Groups that one core takes at a time.
const TAKEN: usize = 64;

/// What is made of each of these, one after the other.
pub fn each<T: Sync, R: Send, I: IntoIterator<Item = R>>(items: &[T], work: impl Fn(&T) -> I + Sync) -> Vec<R> {
    let chunks: Vec<&[T]> = items.chunks(TAKEN).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from).min(chunks.len());
    if cores < 2 {
        return items.iter().flat_map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let until_the_end = || {
        let mut made: Vec<(usize, Vec<R>)> = Vec::new();
        // Ends when no chunk is left.
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(number) else { return made };
            made.push((number, chunk.iter().flat_map(&work).collect()));
        }
    };
    let mut made: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(until_the_end)).collect();
        let mut made = until_the_end();
        for other in others {
            match other.join() {
                Ok(more) => made.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    });
    made.sort_unstable_by_key(|(number, _)| *number);
    made.into_iter().flat_map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_what_they_are_made_of() {
        for many in [0, 1, 63, 64, 65, 1000] {
            let items: Vec<u32> = (0..many).collect();
            let expected: Vec<u32> = items.iter().flat_map(|item| vec![*item; (*item % 3) as usize]).collect();
            assert_eq!(each(&items, |item| vec![*item; (*item % 3) as usize]), expected);
        }
    }
}
