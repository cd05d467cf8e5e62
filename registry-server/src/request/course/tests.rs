//! Every step by everybody from every standing.

use super::*;

pub(in crate::request) const ASKS: u32 = 1;
pub(in crate::request) const FIRST: u32 = 2;
pub(in crate::request) const SECOND: u32 = 3;
pub(in crate::request) const OTHER: u32 = 4;

pub(in crate::request) fn at(day: i64) -> Timestamp {
    "2026-01-01T12:00:00Z".parse::<Timestamp>().unwrap() + (24 * day).hours()
}

pub(in crate::request) fn request(steps: &[(Step, u32)]) -> Request {
    let taken = |(day, (step, person)): (i64, &(Step, u32))| Taken {
        step: *step,
        at: at(day),
        person: *person,
        said: Said::default(),
        form: None,
    };
    Request { number: 1, steps: (0..).zip(steps).map(taken).collect() }
}

fn handed_in() -> Request {
    request(&[(Step::Drafted, ASKS), (Step::Submitted, ASKS)])
}

/// What every step may be taken with.
fn because() -> Said {
    Said { comment: "because".to_owned(), diary: "2026/7".to_owned() }
}

fn by(request: &Request, step: Step, person: u32, role: &Role) -> Result<(), Refusal> {
    request.may((step, &because()), (person, role), at(10))
}

/// A request in each standing, and the steps that whoever asked and an approver may take from there.
pub(in crate::request) fn standings() -> Vec<(Standing, Request, &'static [Step], &'static [Step])> {
    use Step::{Approved, Built, Drafted, Mended, Rejected, Released, Returned, Submitted, Withdrawn};
    let after = |more: &[(Step, u32)]| {
        let start = [(Drafted, ASKS), (Submitted, ASKS)];
        request(&start.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let open: &[Step] = &[Mended, Submitted, Withdrawn];
    let decisions: &[Step] = &[Returned, Approved, Rejected];
    vec![
        (Standing::Draft, request(&[(Drafted, ASKS)]), open, &[]),
        (Standing::Draft, request(&[(Drafted, ASKS), (Mended, ASKS)]), open, &[]),
        (Standing::Submitted, handed_in(), &[Withdrawn], decisions),
        (Standing::Submitted, after(&[(Approved, FIRST)]), &[Withdrawn], decisions),
        (Standing::Returned, after(&[(Approved, FIRST), (Returned, SECOND)]), open, &[]),
        (Standing::Returned, after(&[(Returned, SECOND), (Mended, ASKS)]), open, &[]),
        (Standing::Approved, after(&[(Approved, FIRST), (Approved, SECOND)]), &[Withdrawn], &[Built]),
        (Standing::Built, after(&[(Approved, FIRST), (Approved, SECOND), (Built, FIRST)]), &[Withdrawn], &[Released]),
        (
            Standing::Released,
            after(&[(Approved, FIRST), (Approved, SECOND), (Built, FIRST), (Released, FIRST)]),
            &[],
            &[],
        ),
        (Standing::Rejected, after(&[(Rejected, FIRST)]), &[], &[]),
        (Standing::Withdrawn, after(&[(Withdrawn, ASKS)]), &[], &[]),
    ]
}

#[test]
fn every_step_from_every_standing_is_taken_or_refused_as_agreed() {
    for (standing, request, asks, decides) in standings() {
        assert_eq!(request.standing(at(10)), standing);
        for step in Step::ALL {
            let told = (
                by(&request, step, ASKS, &Role::Researcher),
                // Somebody who has not agreed yet.
                by(&request, step, OTHER, &Role::Approver),
            );
            let not_from = Err(Refusal::NotFrom(standing));
            let expected = if step.decides() {
                (Err(Refusal::OwnRequest), if decides.contains(&step) { Ok(()) } else { not_from })
            } else {
                (if asks.contains(&step) { Ok(()) } else { not_from }, Err(Refusal::NotResearcher))
            };
            assert_eq!(told, expected, "{step:?} from {standing:?}");
        }
    }
}

#[test]
fn nobody_decides_on_their_own_request_also_with_the_role_that_decides() {
    for step in [Step::Approved, Step::Returned, Step::Rejected] {
        assert_eq!(by(&handed_in(), step, ASKS, &Role::Approver), Err(Refusal::OwnRequest));
        assert_eq!(by(&handed_in(), step, FIRST, &Role::Approver), Ok(()));
    }
}

#[test]
fn nobody_but_who_asked_takes_it_further_and_no_other_role_asks_or_decides() {
    let draft = request(&[(Step::Drafted, ASKS)]);
    for step in [Step::Mended, Step::Submitted, Step::Withdrawn] {
        assert_eq!(by(&draft, step, OTHER, &Role::Researcher), Err(Refusal::NotTheirs));
    }
    let nothing = request(&[]);
    assert_eq!(by(&nothing, Step::Drafted, ASKS, &Role::Researcher), Ok(()));
    for role in [Role::Staff, Role::Auditor, Role::Admin, Role::Region("12".parse().unwrap())] {
        assert_eq!(by(&nothing, Step::Drafted, ASKS, &role), Err(Refusal::NotResearcher));
        assert_eq!(by(&handed_in(), Step::Approved, OTHER, &role), Err(Refusal::NotApprover));
    }
    assert_eq!(by(&handed_in(), Step::Approved, OTHER, &Role::Researcher), Err(Refusal::NotApprover));
}

#[test]
fn two_different_people_approve_and_what_was_given_back_needs_both_anew() {
    use Step::{Approved, Drafted, Returned, Submitted};
    let once = request(&[(Drafted, ASKS), (Submitted, ASKS), (Approved, FIRST)]);
    assert_eq!(by(&once, Approved, FIRST, &Role::Approver), Err(Refusal::ApprovedBefore));
    assert_eq!(by(&once, Approved, SECOND, &Role::Approver), Ok(()));
    let again = request(&[
        (Drafted, ASKS),
        (Submitted, ASKS),
        (Approved, FIRST),
        (Returned, SECOND),
        (Submitted, ASKS),
        (Approved, FIRST),
    ]);
    assert_eq!((again.standing(at(9)), again.approvals().count()), (Standing::Submitted, 1));
}

#[test]
fn who_gives_back_or_refuses_says_why() {
    for step in [Step::Returned, Step::Rejected] {
        let silent =
            handed_in().may((step, &Said { comment: " ".to_owned(), ..because() }), (FIRST, &Role::Approver), at(2));
        assert_eq!(silent, Err(Refusal::NoComment));
    }
    let undiaried = handed_in().may((Step::Rejected, &Said::comment("because")), (FIRST, &Role::Approver), at(2));
    assert_eq!(undiaried, Err(Refusal::NoDiary));
    assert_eq!(by(&handed_in(), Step::Rejected, FIRST, &Role::Approver), Ok(()));
    assert_eq!(handed_in().may((Step::Approved, &Said::default()), (FIRST, &Role::Approver), at(2)), Ok(()));
}

#[test]
fn a_comment_that_is_too_long_or_would_not_show_as_it_is_written_is_refused_at_every_step() {
    let by = |step, comment: &str, (person, role): (u32, Role)| {
        handed_in().may((step, &Said { comment: comment.to_owned(), ..because() }), (person, &role), at(2))
    };
    for wrong in ["a\u{202e}b", "a\u{7}b", &"å".repeat(4_001)] {
        for step in [Step::Approved, Step::Returned, Step::Rejected] {
            assert_eq!(by(step, wrong, (FIRST, Role::Approver)), Err(Refusal::BadComment));
        }
        assert_eq!(by(Step::Withdrawn, wrong, (ASKS, Role::Researcher)), Err(Refusal::BadComment));
    }
    assert_eq!(by(Step::Returned, "Två\nrader.", (FIRST, Role::Approver)), Ok(()));
}

#[test]
fn a_decision_is_promised_within_three_weeks_and_an_approval_is_over_after_a_year() {
    assert_eq!(handed_in().decide_by(at(2)), Some(at(22)), "handed in on the second day");
    let approved =
        request(&[(Step::Drafted, ASKS), (Step::Submitted, ASKS), (Step::Approved, FIRST), (Step::Approved, SECOND)]);
    assert_eq!((approved.decide_by(at(4)), approved.approved_until()), (None, Some(at(3 + 365))));
    assert_eq!(approved.standing(at(3 + 364)), Standing::Approved);
    assert_eq!(approved.standing(at(3 + 365)), Standing::Expired);
    assert_eq!(by(&approved, Step::Withdrawn, ASKS, &Role::Researcher), Ok(()));
    let over = approved.may((Step::Withdrawn, &Said::default()), (ASKS, &Role::Researcher), at(500));
    assert_eq!(over, Err(Refusal::NotFrom(Standing::Expired)));
}

#[test]
fn what_is_released_can_be_fetched_for_thirty_days() {
    use Step::{Approved, Built, Drafted, Released, Submitted};
    let steps = [(Drafted, ASKS), (Submitted, ASKS), (Approved, FIRST), (Approved, SECOND), (Built, FIRST)];
    let built = request(&steps);
    assert_eq!((built.standing(at(5)), built.fetched_until()), (Standing::Built, None));
    assert_eq!(built.standing(at(3 + 365)), Standing::Expired, "the approval is over");
    let released = request(&steps.into_iter().chain([(Released, SECOND)]).collect::<Vec<_>>());
    assert_eq!(released.fetched_until(), Some(at(5 + 30)));
    assert_eq!((released.standing(at(34)), released.standing(at(35))), (Standing::Released, Standing::Expired));
}

#[test]
fn files_are_for_whoever_asked_once_released_and_for_approvers_once_built() {
    use Step::{Approved, Built, Drafted, Released, Submitted};
    let built = [(Drafted, ASKS), (Submitted, ASKS), (Approved, FIRST), (Approved, SECOND), (Built, FIRST)];
    let fetch = |steps: &[(Step, u32)], person, role: &Role, day| request(steps).may_fetch((person, role), at(day));
    let waiting = Err(Refusal::NotFrom(Standing::Built));
    assert_eq!(fetch(&built, ASKS, &Role::Researcher, 5), waiting);
    assert_eq!(fetch(&built, ASKS, &Role::Approver, 5), waiting, "also with the role that decides");
    assert_eq!(fetch(&built, OTHER, &Role::Approver, 5), Ok(()));
    assert_eq!(fetch(&built, OTHER, &Role::Researcher, 5), Err(Refusal::NotTheirs));
    let released: Vec<(Step, u32)> = built.into_iter().chain([(Released, SECOND)]).collect();
    assert_eq!(fetch(&released, ASKS, &Role::Researcher, 6), Ok(()));
    assert_eq!(fetch(&released, OTHER, &Role::Researcher, 6), Err(Refusal::NotTheirs));
    assert_eq!(fetch(&released, ASKS, &Role::Researcher, 35), Err(Refusal::NotFrom(Standing::Expired)));
}
