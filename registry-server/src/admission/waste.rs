//! How much of the register's time a sender may waste with what is refused or rejected: a tenth, beyond a first allowance.
//!
//! Promises: what is accepted costs nothing, however much it is; who sends nothing for ten times as long as it has wasted owes nothing
//! any more; so a sender of garbage, however eager, leaves the others nine tenths of one core.
//! Must not know: who is enrolled, what a request held.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use schemas::id::SenderCode;

/// A wasted second is paid off in so many.
const PAID_OFF_IN: u32 = 10;

/// What each sender has wasted and not yet paid off.
#[derive(Debug)]
pub(super) struct Waste {
    allowance: Duration,
    debts: Mutex<HashMap<SenderCode, Debt>>,
}

/// What was owed at a moment of the uptime.
#[derive(Debug, Clone, Copy, Default)]
struct Debt {
    owed: Duration,
    at: Duration,
}

impl Debt {
    fn at(self, now: Duration) -> Duration {
        self.owed.saturating_sub(now.saturating_sub(self.at) / PAID_OFF_IN)
    }
}

impl Waste {
    /// Senders that may waste so much at once.
    pub(super) fn new(allowance: Duration) -> Self {
        Self { allowance, debts: Mutex::default() }
    }

    /// Notes that work for a sender came to nothing.
    pub(super) fn charge(&self, sender: &SenderCode, spent: Duration, now: Duration) {
        let mut debts = self.debts.lock().unwrap_or_else(PoisonError::into_inner);
        let debt = debts.entry(sender.clone()).or_default();
        *debt = Debt { owed: debt.at(now).saturating_add(spent), at: now };
    }

    /// How long a sender must wait before more work is begun for it.
    pub(super) fn wait(&self, sender: &SenderCode, now: Duration) -> Option<Duration> {
        let debts = self.debts.lock().unwrap_or_else(PoisonError::into_inner);
        let over = debts.get(sender)?.at(now).checked_sub(self.allowance)?;
        (!over.is_zero()).then(|| over * PAID_OFF_IN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_sender_may_waste_its_allowance_and_from_then_on_a_tenth_of_the_time() {
        let (waste, one): (_, SenderCode) = (Waste::new(2 * SECOND), "12".parse().unwrap());
        assert_eq!(waste.wait(&one, SECOND), None);
        waste.charge(&one, 2 * SECOND, SECOND);
        assert_eq!(waste.wait(&one, SECOND), None, "the allowance");
        waste.charge(&one, SECOND, SECOND);
        assert_eq!(waste.wait(&one, SECOND), Some(10 * SECOND));
        assert_eq!(waste.wait(&one, 5 * SECOND), Some(6 * SECOND));
        assert_eq!(waste.wait(&one, 11 * SECOND), None);
        assert_eq!(waste.wait(&"01".parse().unwrap(), SECOND), None, "others do not pay");
        // A thousand seconds of garbage as fast as it is let in: a hundred are worked on.
        let (mut now, mut worked) = (100 * SECOND, Duration::ZERO);
        while now < 1_100 * SECOND {
            if waste.wait(&one, now).is_none() {
                waste.charge(&one, SECOND, now);
                worked += SECOND;
            }
            now += SECOND;
        }
        assert!((100..=103).contains(&worked.as_secs()), "{worked:?}");
    }
}
