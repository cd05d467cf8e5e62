//! Whether an attempt to sign in succeeds, from what was tried before and what is proved now.
//!
//! Promises: pure. Five failures in a row close the account for a quarter of an hour, the next five for half an hour and so on, a day at
//! the most; while it is closed nothing opens it, and nothing that is tried counts. A code is taken once: its step must be later than
//! the last one taken. Must not know: what was typed, and what the person is told: that is the same for every failure.

use jiff::{SignedDuration, Timestamp};
use schemas::language::Text;

/// Failures in a row that close an account.
const FAILURES: u32 = 5;
/// For how long they close it at first.
const CLOSED: SignedDuration = SignedDuration::from_mins(15);
/// The longest that an account is closed.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// What was tried on an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// Failures in a row.
    pub failures: u32,
    /// Until when it is closed, or was.
    pub locked_until: Option<Timestamp>,
    /// The step of the last code taken.
    pub last_step: Option<i64>,
}

/// What is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Whether the password is right.
    pub password: bool,
    /// The step that the code belongs to; nothing when it is wrong.
    pub step: Option<i64>,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the person.
    Proved,
    /// It is not, or the account is closed.
    Refused,
    /// It is not, and the account is closed from now on.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

/// What a person is told whose attempt failed, for whatever reason, known or not.
#[must_use]
pub fn refusal() -> Text {
    Text::fixed(
        "Det gick inte att logga in: kontrollera e-post, lösenord och kod, och vänta på nästa kod. Efter fem försök är kontot stängt i minst en kvart.",
        "Signing in failed: check e-mail, password and code, and wait for the next code. After five attempts the account is closed for at least a quarter of an hour.",
    )
}

/// Decides on an attempt; gives what was tried then.
#[must_use]
pub fn decide(tries: &Tries, proof: Proof, now: Timestamp) -> (Verdict, Tries) {
    if tries.is_locked(now) {
        return (Verdict::Refused, *tries);
    }
    match proof {
        Proof { password: true, step: Some(step) } if tries.last_step.is_none_or(|last| step > last) => {
            (Verdict::Proved, Tries { failures: 0, locked_until: None, last_step: Some(step) })
        }
        _ => {
            let failures = tries.failures.saturating_add(1);
            let until = failures.is_multiple_of(FAILURES).then(|| now + closed_for(failures / FAILURES));
            let verdict = until.map_or(Verdict::Refused, |until| Verdict::Locked { until });
            (verdict, Tries { failures, locked_until: until, ..*tries })
        }
    }
}

impl Tries {
    /// Whether the account is closed.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }
}

/// How long the account is closed for the first time, the second, and so on.
fn closed_for(time: u32) -> SignedDuration {
    let doubled = 2_i32.checked_pow(time - 1).and_then(|times| CLOSED.checked_mul(times));
    doubled.unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RIGHT: Proof = Proof { password: true, step: Some(100) };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + second).unwrap()
    }

    #[test]
    fn five_failures_close_the_account_for_longer_and_longer_and_success_forgets_them() {
        let (mut tries, mut second) = (Tries::default(), 0);
        for minutes in [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440] {
            for _ in 1..FAILURES {
                let (verdict, after) = decide(&tries, Proof { password: true, step: None }, at(second));
                assert_eq!(verdict, Verdict::Refused);
                tries = after;
            }
            let (verdict, after) = decide(&tries, Proof { password: false, step: Some(100) }, at(second));
            let until = at(second + minutes * 60);
            assert_eq!(verdict, Verdict::Locked { until });
            tries = after;
            // What is right does not open it, and what is wrong does not close it for longer.
            let last = second + minutes * 60 - 1;
            assert_eq!(decide(&tries, RIGHT, at(last)), (Verdict::Refused, tries));
            second = last + 1;
        }
        let (verdict, after) = decide(&tries, RIGHT, at(second));
        assert_eq!((verdict, after.failures, after.locked_until), (Verdict::Proved, 0, None));
    }

    #[test]
    fn a_code_is_taken_once_and_none_before_it_ever_again() {
        let (verdict, tries) = decide(&Tries::default(), RIGHT, at(0));
        assert_eq!((verdict, tries.last_step), (Verdict::Proved, Some(100)));
        for (step, expected) in [(99, Verdict::Refused), (100, Verdict::Refused), (101, Verdict::Proved)] {
            assert_eq!(decide(&tries, Proof { password: true, step: Some(step) }, at(1)).0, expected, "{step}");
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_wrong_passwords_and_codes_signs_in(
            tried in prop::collection::vec((any::<bool>(), prop::option::of(0_i64..100), 0_i64..100_000), 1..200),
        ) {
            let (mut tries, mut second) = (Tries { last_step: Some(99), ..Tries::default() }, 0);
            for (password, step, later) in tried {
                second += later;
                // Right are only a right password and a code later than the last together.
                let (verdict, after) = decide(&tries, Proof { password, step }, at(second));
                prop_assert_ne!(verdict, Verdict::Proved);
                prop_assert!(after.failures >= tries.failures && after.last_step == Some(99));
                prop_assert!(after.failures % FAILURES != 0 || after.locked_until.is_some());
                tries = after;
            }
        }
    }
}
