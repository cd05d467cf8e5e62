//! The demo through its own command: it must hold when nothing was touched and fail when one row was.

use crate::report::Verdict;
use crate::step::Surroundings;

/// The exit code of a demo whose checks do not hold.
const CHECKS_DO_NOT_HOLD: i32 = 1;

/// Runs the demo untouched, then once for each kind of tampering.
pub(crate) fn check(surroundings: &Surroundings) -> Verdict {
    let untouched = surroundings.cargo(&["demo", "--exit"]).passes();
    if untouched != Verdict::Passed {
        return untouched;
    }
    for kind in ["score", "row"] {
        let tampered = surroundings.cargo(&["demo", "--exit", "--tamper", kind]).ends_with(CHECKS_DO_NOT_HOLD);
        if tampered != Verdict::Passed {
            return tampered;
        }
        println!("(the demo noticed the tampered {kind}, as it must)");
    }
    Verdict::Passed
}
