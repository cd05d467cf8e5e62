//! What the senders count of their own sources: the accounting lines of their newest reading of everything.
//!
//! Promises: eligible is every ended treatment of a treatment programme, also the held, rejected, protected and opted out; what is
//! ongoing, a support programme or a test patient is not, whoever's it is.

use schemas::record::{Counted, Run, Term, UNKNOWN};
use schemas::rule::Rule;

use crate::indicator::coverage;

/// The terms of some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Own {
    /// Distinct treatments read.
    pub(super) found: u64,
    /// Those that the register is for.
    pub(super) eligible: u64,
    /// Kept back by a rule.
    pub(super) held: u64,
    /// Refused by the register.
    pub(super) rejected: u64,
    /// Queued.
    pub(super) pending: u64,
    /// Of persons who do not want to be in the register.
    pub(super) opted_out: u64,
    /// Of persons with protected identity.
    pub(super) protected: u64,
    /// Test patients.
    pub(super) test: u64,
}

impl Own {
    /// A line's terms; nothing for a line that counts answers.
    pub(super) fn of(run: &Run) -> Option<Self> {
        let excluded = |rule: Rule| -> u64 {
            run.reasons.iter().filter(|r| r.term == Term::Excluded && r.rule == rule.id()).map(|r| r.n).sum()
        };
        let test = excluded(Rule::TestPatient);
        let (opted_out, protected) = (excluded(Rule::Objection), excluded(Rule::ProtectedIdentity));
        // Senders tell who the person is before how far the treatment has come; one that has not ended has no month.
        let not_ended = excluded(Rule::StatusOngoing) + if run.month == UNKNOWN { opted_out + protected } else { 0 };
        let not_ours = [test, not_ended, excluded(Rule::ProgrammeSupport)];
        (run.counted == Counted::Treatments).then(|| Self {
            found: run.found,
            eligible: coverage::eligible(run.found, not_ours),
            held: run.held,
            rejected: run.rejected,
            pending: run.pending,
            opted_out,
            protected,
            test,
        })
    }

    /// Takes in another line.
    pub(super) fn join(&mut self, other: &Self) {
        self.found += other.found;
        self.eligible += other.eligible;
        self.held += other.held;
        self.rejected += other.rejected;
        self.pending += other.pending;
        self.opted_out += other.opted_out;
        self.protected += other.protected;
        self.test += other.test;
    }
}
