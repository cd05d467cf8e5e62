//! What a cycle tells about the way to the register, kept for the next one, for the daemon's plan and for `status`.
//!
//! Promises: a run counts as in vain only when the register was not reached or put it off; one that gets through begins the count anew;
//! whatever else ends a run leaves the count as it is. Must not know: what follows from the count.

use jiff::Timestamp;

use super::{CycleError, Outcome};
use crate::outbox::{Outbox, OutboxError, ReachNote};
use crate::push::Delivered;

/// What came of the way to the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Everything that may go went.
    Through,
    /// The register did not answer, or asked to come again.
    InVain,
    /// Something else ended the run.
    Untold,
}

/// Notes what came of a cycle.
pub(super) async fn note(
    outbox: &mut Outbox,
    ended: &Result<Outcome, CycleError>,
    now: Timestamp,
) -> Result<(), OutboxError> {
    let before = outbox.reach_note().await?;
    let heard = ended.as_ref().ok().and_then(|outcome| outcome.skew_s);
    let after = after(&before, reach(ended), now);
    let after = ReachNote { skew_s: heard.or(before.skew_s), ..after };
    if after == before { Ok(()) } else { outbox.set_reach_note(&after).await }
}

fn reach(ended: &Result<Outcome, CycleError>) -> Reach {
    match ended {
        Ok(Outcome { delivered: Delivered::Later(_), .. }) => Reach::InVain,
        Ok(Outcome { delivered: Delivered::Refused(..), .. }) => Reach::Untold,
        Ok(_) => Reach::Through,
        Err(CycleError::Client(error)) if error.is_temporary() => Reach::InVain,
        Err(_) => Reach::Untold,
    }
}

fn after(before: &ReachNote, reach: Reach, now: Timestamp) -> ReachNote {
    match reach {
        Reach::Untold => before.clone(),
        Reach::Through => ReachNote { silent_since: None, in_vain: 0, ..before.clone() },
        Reach::InVain => ReachNote {
            silent_since: before.silent_since.or(Some(now)),
            in_vain: before.in_vain.saturating_add(1),
            ..before.clone()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::ClientError;

    #[test]
    fn runs_in_vain_are_counted_from_the_first_one_until_one_gets_through() {
        let moment = |hour: i64| Timestamp::from_second(hour * 3_600).unwrap();
        let mut note = ReachNote { skew_s: Some(3), ..ReachNote::default() };
        for (hour, came, since, in_vain) in [
            (1, Reach::InVain, Some(1), 1),
            (2, Reach::InVain, Some(1), 2),
            (3, Reach::Untold, Some(1), 2),
            (4, Reach::InVain, Some(1), 3),
            (5, Reach::Through, None, 0),
            (6, Reach::Untold, None, 0),
            (7, Reach::InVain, Some(7), 1),
        ] {
            note = after(&note, came, moment(hour));
            assert_eq!((note.silent_since, note.in_vain, note.skew_s), (since.map(moment), in_vain, Some(3)), "{hour}");
        }
    }

    #[test]
    fn a_register_that_is_away_is_in_vain_and_one_that_refuses_is_not() {
        let failed = |error| reach(&Err(CycleError::Client(error)));
        assert_eq!(failed(ClientError::Unreachable("away".into())), Reach::InVain);
        assert_eq!(failed(ClientError::Refused("no".into())), Reach::Untold);
        assert_eq!(reach(&Err(CycleError::Clock(30))), Reach::Untold);
    }
}
