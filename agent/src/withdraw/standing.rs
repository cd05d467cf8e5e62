//! What is left to do for persons who leave, as `status` and `once` tell it.

use schemas::contact::OpenCase;
use serde::Serialize;

use super::{Confirmed, Names};
use crate::outbox::{Dealt, Outbox, OutboxError};
use schemas::language::Language;

/// What is left to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Cases of the register that wait for this sender's answer.
    pub cases: Vec<OpenCase>,
    /// Persons whose erasure the register has not confirmed.
    pub erasures_waiting: u64,
    /// Rows of the newest list of objections whose number cannot be read.
    pub unreadable: u64,
}

/// What a run has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Persons whose erasure the register has confirmed.
    pub persons: u64,
    /// Treatments of theirs that it erased.
    pub treatments: u64,
    /// The numbers of the receipts.
    pub receipts: Vec<i64>,
}

impl Erased {
    /// What receipts say together: a treatment that stood in two sets counts once.
    #[must_use]
    pub fn of(confirmed: &[Confirmed]) -> Self {
        let (mut erased, mut before) = (Self::default(), 0);
        for Confirmed { id, receipt, names, .. } in confirmed {
            erased.receipts.push(*id);
            let treatments = u64::from(receipt.body.treatments);
            match names {
                Names::Earlier => before += treatments,
                Names::Newest => {
                    erased.persons += u64::from(receipt.body.persons);
                    erased.treatments += treatments.max(std::mem::take(&mut before));
                }
            }
        }
        erased.treatments += before;
        erased
    }

    /// The same in words; nothing when nothing was done.
    #[must_use]
    pub fn sentence(&self, language: Language) -> Option<String> {
        let Self { persons, treatments, .. } = self;
        (*persons > 0).then(|| {
            language.pick(
                format!(
                    "{persons} personer som sagt nej är ute ur registret, som raderade {treatments} behandlingar; `registry-agent withdraw \
                     --receipts` visar kvittona"
                ),
                format!(
                    "{persons} persons who said no have left the register, which erased {treatments} treatments; `registry-agent withdraw \
                     --receipts` shows the receipts"
                ),
            )
        })
    }
}

impl Standing {
    /// What the state says.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(outbox: &mut Outbox) -> Result<Self, OutboxError> {
        let erasures_waiting =
            outbox.objectors().await?.values().filter(|dealt| **dealt == Dealt::Queued).count() as u64;
        Ok(Self { cases: outbox.cases().await?, erasures_waiting, unreadable: outbox.unreadable().await? })
    }

    /// Whether somebody's objection may have no effect until it is mended.
    #[must_use]
    pub fn keeps_nobody_out(&self) -> bool {
        self.unreadable > 0
    }

    /// Each thing that is left, with what to do.
    #[must_use]
    pub fn sentences(&self, language: Language) -> Vec<String> {
        let case = |OpenCase { number, deadline, .. }: &OpenCase| {
            language.pick(
                format!(
                    "ärende {number} hos registret väntar på svar till {deadline}; kör `registry-agent withdraw --case {number}` med \
                     personens nummer, eller med ingen om personen inte finns här"
                ),
                format!(
                    "case {number} of the register waits for an answer until {deadline}; run `registry-agent withdraw --case {number}` with \
                     the person's number, or with none when the person is not known here"
                ),
            )
        };
        let n = self.erasures_waiting;
        let waiting = (n > 0).then(|| {
            language.pick(
                format!("{n} raderingar väntar på registret och går före alla poster"),
                format!("{n} erasures wait for the register and go before every record"),
            )
        });
        let n = self.unreadable;
        let unreadable = (n > 0).then(|| {
            language.pick(
                format!("{n} rader i listan över dem som sagt nej har ett nummer som inte kan läsas; rätta dem, de håller ingen utanför"),
                format!("{n} rows of the list of objections have a number that cannot be read; mend them, they keep nobody out"),
            )
        });
        self.cases.iter().map(case).chain(waiting).chain(unreadable).collect()
    }
}
