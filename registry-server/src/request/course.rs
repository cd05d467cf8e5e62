//! Where a request stands, and who may take it further.
//!
//! Promises: total: every step by everybody in every standing is either taken or refused with a sentence; two different people approve,
//! neither of whom asked; what was returned and handed in again needs both anew. Decided is within three weeks, which is shown and never
//! enforced; an approval is over after twelve months.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schemas::language::Text;

use super::{Refusal, Request, Said, Taken};
use crate::authenticate::Role;

/// How many must approve.
const APPROVERS: usize = 2;
/// Days within which a decision is promised.
const DAYS_TO_DECIDE: i64 = 21;
/// Days for which released files can be fetched.
const DAYS_TO_FETCH: i64 = 30;
/// Months after which an approval is over.
const MONTHS_OF_APPROVAL: i64 = 12;

/// What is done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Written down.
    Drafted,
    /// Written anew, before it is handed in.
    Mended,
    /// Handed in.
    Submitted,
    /// Given back with what is to be mended.
    Returned,
    /// Agreed to by one.
    Approved,
    /// Its tables were built.
    Built,
    /// Its files may be fetched.
    Released,
    /// Refused with the reason.
    Rejected,
    /// Taken back by whoever asked.
    Withdrawn,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not handed in yet.
    Draft,
    /// Handed in; two are to decide.
    Submitted,
    /// Given back.
    Returned,
    /// Two have agreed.
    Approved,
    /// Its tables are built and wait to be looked at.
    Built,
    /// Its files can be fetched.
    Released,
    /// The approval, or the time for fetching, is over.
    Expired,
    /// Refused.
    Rejected,
    /// Taken back.
    Withdrawn,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 9] = [
        Self::Drafted,
        Self::Mended,
        Self::Submitted,
        Self::Returned,
        Self::Approved,
        Self::Built,
        Self::Released,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// The word that is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Mended => "mended",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Built => "built",
            Self::Released => "released",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The same for people, of a step that was taken.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Drafted => Text::fixed("skrevs", "was written"),
            Self::Mended => Text::fixed("ändrades", "was mended"),
            Self::Submitted => Text::fixed("lämnades in", "was handed in"),
            Self::Returned => Text::fixed("lämnades åter", "was given back"),
            Self::Approved => Text::fixed("godkändes av en", "was approved by one"),
            Self::Built => Text::fixed("byggdes", "was built"),
            Self::Released => Text::fixed("lämnades ut", "was released"),
            Self::Rejected => Text::fixed("avslogs", "was refused"),
            Self::Withdrawn => Text::fixed("togs tillbaka", "was taken back"),
        }
    }

    /// Whether it is a decision on somebody else's request.
    #[must_use]
    pub fn decides(self) -> bool {
        matches!(self, Self::Returned | Self::Approved | Self::Built | Self::Released | Self::Rejected)
    }
}

impl Standing {
    /// The word that is shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Built => "built",
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Draft => Text::fixed("utkast", "a draft"),
            Self::Submitted => Text::fixed("inlämnad", "handed in"),
            Self::Returned => Text::fixed("återlämnad", "given back"),
            Self::Approved => Text::fixed("godkänd", "approved"),
            Self::Built => Text::fixed("byggd", "built"),
            Self::Released => Text::fixed("utlämnad", "released"),
            Self::Expired => Text::fixed("utgången", "over"),
            Self::Rejected => Text::fixed("avslagen", "refused"),
            Self::Withdrawn => Text::fixed("återtagen", "taken back"),
        }
    }
}

impl Request {
    /// Where it stands at a moment.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        let last = self.steps.iter().rev().map(|taken| taken.step).find(|step| *step != Step::Mended);
        match last {
            None | Some(Step::Drafted | Step::Mended) => Standing::Draft,
            Some(Step::Submitted) => Standing::Submitted,
            Some(Step::Approved) => match self.approved_until() {
                None => Standing::Submitted,
                Some(until) => within(Standing::Approved, now, until),
            },
            Some(Step::Built) => within(Standing::Built, now, self.approved_until().unwrap_or(Timestamp::MAX)),
            Some(Step::Released) => within(Standing::Released, now, self.fetched_until().unwrap_or(Timestamp::MAX)),
            Some(Step::Returned) => Standing::Returned,
            Some(Step::Rejected) => Standing::Rejected,
            Some(Step::Withdrawn) => Standing::Withdrawn,
        }
    }

    /// Who has agreed since it was handed in last, by number.
    pub fn approvals(&self) -> impl Iterator<Item = &Taken> {
        let from = self.steps.iter().rposition(|taken| taken.step == Step::Submitted).unwrap_or(self.steps.len());
        self.steps[from..].iter().filter(|taken| taken.step == Step::Approved)
    }

    /// The moment by which a decision is promised; nothing where none is waited for.
    #[must_use]
    pub fn decide_by(&self, now: Timestamp) -> Option<Timestamp> {
        let handed_in = self.steps.iter().rev().find(|taken| taken.step == Step::Submitted)?;
        let days = DAYS_TO_DECIDE.days();
        (self.standing(now) == Standing::Submitted).then(|| later(handed_in.at, days))
    }

    /// When the approval is over; nothing before two have agreed.
    #[must_use]
    pub fn approved_until(&self) -> Option<Timestamp> {
        let second = self.approvals().nth(APPROVERS - 1)?;
        Some(later(second.at, MONTHS_OF_APPROVAL.months()))
    }

    /// Until when its files can be fetched; nothing before they are released.
    #[must_use]
    pub fn fetched_until(&self) -> Option<Timestamp> {
        let released = self.steps.iter().rev().find(|taken| taken.step == Step::Released)?;
        Some(later(released.at, DAYS_TO_FETCH.days()))
    }

    /// Whether somebody may have its files now.
    ///
    /// # Errors
    /// Why not.
    pub fn may_fetch(&self, (person, role): (u32, &Role), now: Timestamp) -> Result<(), Refusal> {
        let (standing, is_requester) = (self.standing(now), self.requester() == Some(person));
        let is_there = match standing {
            Standing::Released => true,
            // Whoever releases them looks at them first.
            Standing::Built => *role == Role::Approver && !is_requester,
            _ => false,
        };
        if !is_requester && *role != Role::Approver {
            Err(Refusal::NotTheirs)
        } else if is_there {
            Ok(())
        } else {
            Err(Refusal::NotFrom(standing))
        }
    }

    /// Whether somebody may take a step now.
    ///
    /// # Errors
    /// Why not.
    pub fn may(
        &self,
        (step, said): (Step, &Said),
        (person, role): (u32, &Role),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let (standing, is_requester) = (self.standing(now), self.requester() == Some(person));
        if step.decides() {
            if is_requester {
                return Err(Refusal::OwnRequest);
            }
            if *role != Role::Approver {
                return Err(Refusal::NotApprover);
            }
        } else {
            if *role != Role::Researcher {
                return Err(Refusal::NotResearcher);
            }
            if !is_requester && step != Step::Drafted {
                return Err(Refusal::NotTheirs);
            }
        }
        let is_open = matches!(standing, Standing::Draft | Standing::Returned);
        let follows = match step {
            Step::Drafted => self.steps.is_empty(),
            Step::Mended | Step::Submitted => is_open && !self.steps.is_empty(),
            Step::Returned | Step::Approved | Step::Rejected => standing == Standing::Submitted,
            Step::Built => standing == Standing::Approved,
            Step::Released => standing == Standing::Built,
            Step::Withdrawn => {
                let is_under_way = matches!(standing, Standing::Submitted | Standing::Approved | Standing::Built);
                !self.steps.is_empty() && (is_open || is_under_way)
            }
        };
        if !follows {
            return Err(Refusal::NotFrom(standing));
        }
        if step == Step::Approved && self.approvals().any(|taken| taken.person == person) {
            return Err(Refusal::ApprovedBefore);
        }
        said.suits(step)
    }
}

/// A standing that lasts until a moment.
fn within(standing: Standing, now: Timestamp, until: Timestamp) -> Standing {
    if now < until { standing } else { Standing::Expired }
}

/// So much later by the calendar; the clock's own last moment where there is none.
fn later(at: Timestamp, span: jiff::Span) -> Timestamp {
    let day = at.to_zoned(TimeZone::UTC);
    day.checked_add(span).map_or(Timestamp::MAX, |later| later.timestamp())
}

#[cfg(test)]
pub(super) mod tests;
