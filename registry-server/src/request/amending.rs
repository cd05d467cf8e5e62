//! A request that is to take the place of another: what can be amended, and from when the other is out of use.
//!
//! Promises: pure; what is refused, taken back or over is amended by nobody; from the moment at which two have agreed to an amendment the
//! request that it amends is out of use, so that never both of them are built. Must not know: how requests are kept.

use jiff::Timestamp;

use super::{Refusal, Request, Standing, Step};
use crate::authenticate::Role;

impl Request {
    /// Whether somebody may ask for something else in its place now: whoever asked, of what two have agreed to.
    ///
    /// # Errors
    /// Why not.
    pub fn may_amend(&self, (person, role): (u32, &Role), now: Timestamp) -> Result<(), Refusal> {
        if *role != Role::Researcher {
            Err(Refusal::NotResearcher)
        } else if self.requester() != Some(person) {
            Err(Refusal::NotTheirs)
        } else if self.is_agreed(now) {
            Ok(())
        } else {
            Err(Refusal::NotFrom(self.standing(now)))
        }
    }

    /// Whether the request that this one amends, `amended`, can still be amended when this one is handed in, and when it is agreed to.
    ///
    /// # Errors
    /// Where that stands now, or which other has taken its place.
    pub fn still_amends(&self, amended: &Self, (all, now): (&[Self], Timestamp)) -> Result<(), Refusal> {
        match amended.replaced_by(all, now).filter(|other| *other != self.number) {
            Some(other) => Err(Refusal::Replaced(other)),
            None if amended.is_agreed(now) => Ok(()),
            None => Err(Refusal::NotAmended(amended.standing(now))),
        }
    }

    /// Which of `all` requests has taken its place, by number. An approval is enough and a release is not waited for: the two who agreed
    /// decided on the difference, so from then on their word is on the amendment, and tables of both together would tell more than
    /// either. One that was taken back, or whose approval is over before its files were released, leaves the other as it was.
    #[must_use]
    pub fn replaced_by(&self, all: &[Self], now: Timestamp) -> Option<u32> {
        let is_amendment = |other: &&Self| other.form().and_then(|form| form.amends) == Some(self.number);
        let holds =
            |other: &&Self| other.is_agreed(now) || other.steps.iter().any(|taken| taken.step == Step::Released);
        all.iter().filter(is_amendment).find(holds).map(|other| other.number)
    }

    fn is_agreed(&self, now: Timestamp) -> bool {
        matches!(self.standing(now), Standing::Approved | Standing::Built | Standing::Released)
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::tests::{ASKS, FIRST, OTHER, SECOND, at, request, standings};
    use super::*;
    use crate::request::Form;

    const AGREED: [(Step, u32); 4] =
        [(Step::Drafted, ASKS), (Step::Submitted, ASKS), (Step::Approved, FIRST), (Step::Approved, SECOND)];

    fn amendment(number: u32, steps: &[(Step, u32)]) -> Request {
        let mut amendment = request(steps);
        amendment.number = number;
        amendment.steps[0].form = Some(Form { amends: Some(1), ..Form::default() });
        amendment
    }

    #[test]
    fn what_two_agreed_to_is_amended_by_whoever_asked_and_by_nobody_else() {
        for (standing, request, ..) in standings() {
            let agreed = matches!(standing, Standing::Approved | Standing::Built | Standing::Released);
            let expected = if agreed { Ok(()) } else { Err(Refusal::NotFrom(standing)) };
            assert_eq!(request.may_amend((ASKS, &Role::Researcher), at(10)), expected, "{standing:?}");
            assert_eq!(request.may_amend((OTHER, &Role::Researcher), at(10)), Err(Refusal::NotTheirs));
            assert_eq!(request.may_amend((ASKS, &Role::Approver), at(10)), Err(Refusal::NotResearcher));
        }
    }

    #[test]
    fn an_amendment_goes_on_only_while_the_other_stands_and_no_third_has_taken_its_place() {
        let own = amendment(2, &AGREED[..2]);
        for (standing, amended, ..) in standings() {
            let agreed = matches!(standing, Standing::Approved | Standing::Built | Standing::Released);
            let expected = if agreed { Ok(()) } else { Err(Refusal::NotAmended(standing)) };
            assert_eq!(own.still_amends(&amended, (std::slice::from_ref(&own), at(10))), expected, "{standing:?}");
        }
        let third = amendment(3, &AGREED);
        let amended = request(&AGREED);
        assert_eq!(own.still_amends(&amended, (&[own.clone(), third], at(10))), Err(Refusal::Replaced(3)));
    }

    #[test]
    fn an_approved_amendment_takes_the_place_of_the_other_until_it_is_taken_back_or_over() {
        let (amended, asked) = (request(&AGREED), amendment(2, &AGREED[..3]));
        assert_eq!(amended.replaced_by(&[amended.clone(), asked], at(10)), None, "one has agreed");
        let agreed = amendment(2, &AGREED);
        assert_eq!(amended.replaced_by(&[amended.clone(), agreed.clone()], at(10)), Some(2));
        assert_eq!(amended.replaced_by(std::slice::from_ref(&agreed), at(500)), None, "its approval is over");
        assert_eq!(agreed.replaced_by(std::slice::from_ref(&agreed), at(10)), None, "it amends another");
        let and = |steps: &[(Step, u32)]| amendment(2, &[&AGREED, steps].concat());
        assert_eq!(amended.replaced_by(&[and(&[(Step::Withdrawn, ASKS)])], at(10)), None);
        let released = and(&[(Step::Built, FIRST), (Step::Released, FIRST)]);
        assert_eq!(amended.replaced_by(&[released], at(500)), Some(2), "its tables left");
    }
}
