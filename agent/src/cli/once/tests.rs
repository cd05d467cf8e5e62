//! What a cycle's outcome tells the scheduler.

use super::*;
use crate::cycle::Counts;

fn ended(delivered: Delivered, kept: i64) -> Exit {
    let counts = Counts::new();
    exit(&Outcome { cycle: 1, payload_sha256: String::new(), counts, delivered, skew_s: None }, kept)
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
fn an_objector_who_was_sent_leaves_the_run_done_in_part() {
    let counts = Counts::from([((Term::ObjectorSent, "objection".into()), 1)]);
    let delivered = Delivered::Everything;
    let outcome = Outcome { cycle: 1, payload_sha256: String::new(), counts, delivered, skew_s: None };
    assert_eq!(exit(&outcome, 0), Exit::Partly);
}
