//! Whether a register that has not been reached for several runs is left alone for longer: pure.
//!
//! Promises: one run that gets through ends it; planned runs always try, but then once a batch; nothing here keeps an erasure back.
//! Must not know: what was to be delivered, or why it did not get through.

use jiff::SignedDuration;

/// Runs in a row without the register from which on it is left alone for longer.
const OPEN: u32 = 4;
/// Attempts at one batch before a run leaves it queued.
pub(super) const ATTEMPTS: u32 = 6;
/// The first of the longer waits; each further run in vain doubles it.
const FIRST: SignedDuration = SignedDuration::from_mins(90);
/// The longest of them.
const LONGEST: SignedDuration = SignedDuration::from_hours(6);

/// Attempts at one batch, after so many runs in vain.
pub(super) fn attempts(in_vain: u32) -> u32 {
    if in_vain < OPEN { ATTEMPTS } else { 1 }
}

/// How long the register is left alone at least before a run in vain is made up for.
pub(crate) fn wait(in_vain: u32) -> SignedDuration {
    let Some(doubled) = in_vain.checked_sub(OPEN) else { return SignedDuration::ZERO };
    FIRST.saturating_mul(1 << doubled.min(8)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_that_stays_away_is_tried_less_often_from_the_fourth_run_on() {
        for (in_vain, tries, minutes) in
            [(0, 6, 0), (1, 6, 0), (3, 6, 0), (4, 1, 90), (5, 1, 180), (6, 1, 360), (7, 1, 360), (u32::MAX, 1, 360)]
        {
            assert_eq!((attempts(in_vain), wait(in_vain).as_mins()), (tries, minutes), "after {in_vain} in vain");
        }
    }
}
