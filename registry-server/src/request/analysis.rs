//! An order of the statistician's file: who asked for it and why, who agreed, and until when it is given.
//!
//! Promises: pure; only the register's own staff order it, two approvers must agree, and neither of them ordered it; it is given to whoever
//! ordered it alone, for thirty days from the second approval. Must not know: SQL, what stands in the file.

use jiff::{SignedDuration, Timestamp};

use crate::authenticate::role::Role;

/// Approvals that an order needs.
const APPROVALS: usize = 2;
/// How long an approved order is good for.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An order with everything that became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its number, from 1.
    pub number: u32,
    /// The number of the frozen data set.
    pub cut: u32,
    /// What it is for, one line.
    pub purpose: String,
    /// What was done, in order; the first step ordered it.
    pub steps: Vec<Taken>,
}

/// A step that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// What was done.
    pub step: Step,
    /// When.
    pub at: Timestamp,
    /// The number of whoever did it.
    pub person: u32,
}

/// What is done with an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Written down.
    Ordered,
    /// Agreed to.
    Approved,
    /// Given.
    Fetched,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Too few agreed yet.
    Ordered,
    /// Two agreed.
    Approved,
    /// The time is over.
    Expired,
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else than staff.
    #[error("only the register's own staff order and fetch the statistician's file")]
    NotStaff,
    /// Somebody who does not decide.
    #[error("only an approver agrees to an order")]
    NotApprover,
    /// Their own.
    #[error("nobody agrees to their own order")]
    OwnOrder,
    /// A second time.
    #[error("this approver has agreed already; another must")]
    Twice,
    /// Nothing is left to decide.
    #[error("two approvers have agreed already")]
    Decided,
    /// Too early.
    #[error("two approvers must agree first")]
    NotApproved,
    /// Too late.
    #[error("the thirty days after the second approval are over; order it anew")]
    Expired,
    /// Somebody else's.
    #[error("the file is given to whoever ordered it, and to nobody else")]
    NotTheirs,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 3] = [Self::Ordered, Self::Approved, Self::Fetched];

    /// As it is kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Approved => "approved",
            Self::Fetched => "fetched",
        }
    }
}

impl Standing {
    /// As it is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Approved => "approved",
            Self::Expired => "expired",
        }
    }
}

impl Order {
    /// Who agreed, in order.
    pub fn approvals(&self) -> impl Iterator<Item = &Taken> {
        self.steps.iter().filter(|taken| taken.step == Step::Approved)
    }

    /// Until when the file is given; nothing before two agreed.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.approvals().nth(APPROVALS - 1).and_then(|taken| taken.at.checked_add(GOOD_FOR).ok())
    }

    /// Where it stands now.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.until() {
            None => Standing::Ordered,
            Some(until) if now < until => Standing::Approved,
            Some(_) => Standing::Expired,
        }
    }

    /// Whether somebody may take a step now.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, step: Step, (person, role): (u32, &Role), now: Timestamp) -> Result<(), Refusal> {
        let orders = self.steps.first().map(|taken| taken.person);
        match step {
            Step::Ordered => may_order(role),
            Step::Approved => {
                if orders == Some(person) {
                    return Err(Refusal::OwnOrder);
                }
                if *role != Role::Approver {
                    return Err(Refusal::NotApprover);
                }
                if self.approvals().any(|taken| taken.person == person) {
                    return Err(Refusal::Twice);
                }
                if self.until().is_some() { Err(Refusal::Decided) } else { Ok(()) }
            }
            Step::Fetched => {
                may_order(role)?;
                if orders != Some(person) {
                    return Err(Refusal::NotTheirs);
                }
                match self.standing(now) {
                    Standing::Ordered => Err(Refusal::NotApproved),
                    Standing::Approved => Ok(()),
                    Standing::Expired => Err(Refusal::Expired),
                }
            }
        }
    }
}

/// Whether somebody may order a file.
///
/// # Errors
/// [`Refusal::NotStaff`] for everybody else than staff.
pub fn may_order(role: &Role) -> Result<(), Refusal> {
    if *role == Role::Staff { Ok(()) } else { Err(Refusal::NotStaff) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    /// An order of person 1 on day 0, agreed to by these on these days.
    fn order(approvals: &[(u32, i64)]) -> Order {
        let first = Taken { step: Step::Ordered, at: at(0), person: 1 };
        let agreed =
            approvals.iter().map(|(person, day)| Taken { step: Step::Approved, at: at(*day), person: *person });
        let steps = std::iter::once(first).chain(agreed).collect();
        Order { number: 1, cut: 1, purpose: "an analysis".to_owned(), steps }
    }

    #[test]
    fn staff_order_two_others_agree_and_whoever_ordered_it_gets_it_for_thirty_days() {
        let (none, one, two) = (order(&[]), order(&[(2, 1)]), order(&[(2, 1), (3, 2)]));
        for (order, step, who, day, answer) in [
            (&none, Step::Approved, (1, Role::Approver), 1, Err(Refusal::OwnOrder)),
            (&none, Step::Approved, (2, Role::Staff), 1, Err(Refusal::NotApprover)),
            (&none, Step::Approved, (2, Role::Approver), 1, Ok(())),
            (&one, Step::Approved, (2, Role::Approver), 1, Err(Refusal::Twice)),
            (&one, Step::Approved, (3, Role::Approver), 1, Ok(())),
            (&two, Step::Approved, (4, Role::Approver), 3, Err(Refusal::Decided)),
            (&one, Step::Fetched, (1, Role::Staff), 1, Err(Refusal::NotApproved)),
            (&two, Step::Fetched, (1, Role::Staff), 31, Ok(())),
            (&two, Step::Fetched, (1, Role::Staff), 32, Err(Refusal::Expired)),
            (&two, Step::Fetched, (5, Role::Staff), 3, Err(Refusal::NotTheirs)),
            (&two, Step::Fetched, (2, Role::Approver), 3, Err(Refusal::NotStaff)),
            (&two, Step::Fetched, (1, Role::Researcher), 3, Err(Refusal::NotStaff)),
        ] {
            let (person, role) = &who;
            assert_eq!(order.may(step, (*person, role), at(day)), answer, "{step:?} {who:?} {day}");
        }
        for role in [Role::Researcher, Role::Approver, Role::Auditor, Role::Admin, Role::Unit(Vec::new())] {
            assert_eq!(may_order(&role), Err(Refusal::NotStaff), "{role}");
        }
        assert_eq!(
            [none, one, two].map(|order| order.standing(at(40))),
            [Standing::Ordered, Standing::Ordered, Standing::Expired]
        );
    }
}
