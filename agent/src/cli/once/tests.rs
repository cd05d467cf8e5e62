//! What a cycle's outcome tells the scheduler.

use schemas::record::{Reading, Term};

use super::*;
use crate::account::{Account, Place};
use crate::cycle::Counts;
use crate::map::Cell;

fn outcome(counts: Counts, delivered: Delivered) -> Outcome {
    Outcome {
        cycle: 1,
        payload_sha256: String::new(),
        counts,
        accounts: Vec::new(),
        erased: Vec::new(),
        delivered,
        skew_s: None,
    }
}

fn ended(delivered: Delivered, kept: i64) -> Exit {
    let counts = Counts::new();
    exit(&outcome(counts, delivered), kept)
}

#[test]
fn each_end_of_a_delivery_has_its_exit_code() {
    let later = || Delivered::Later("busy".into());
    for (delivered, kept, expected) in [
        (Delivered::Everything, 0, Exit::Done),
        (Delivered::Everything, 1, Exit::Partly),
        (Delivered::BegunAnew, 0, Exit::Partly),
        (later(), 0, Exit::Unreachable),
        (Delivered::Refused(Refusal::NotAllowed, "no".into()), 0, Exit::NotAllowed),
        (Delivered::Refused(Refusal::Config, "no".into()), 5, Exit::Config),
        (Delivered::Refused(Refusal::Failed, "no".into()), 0, Exit::Failed),
    ] {
        assert_eq!(ended(delivered.clone(), kept), expected, "{delivered:?}, {kept} kept");
    }
}

#[test]
fn a_treatment_that_is_found_and_nowhere_leaves_the_run_done_in_part() {
    let mut outcome = outcome(Counts::new(), Delivered::Everything);
    let cell = Cell { unit: "E1".into(), programme: "sovhjalpen".into(), month: "2024-03".into() };
    let place = |term| Place { cell: cell.clone(), term, rule: String::new(), treatments: 1, answers: 0 };
    for (places, expected) in
        [(vec![place(None)], Exit::Partly), (vec![place(None), place(Some(Term::Accepted))], Exit::Done)]
    {
        outcome.accounts = vec![Account::new((1, String::new()), Reading::Full, places)];
        assert_eq!(exit(&outcome, 0), expected);
    }
}
