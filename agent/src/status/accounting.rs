//! Where everything went that was found, and what vanished, as `status` shows it.

use serde::Serialize;

use super::plural;
use crate::account::Shown;
use crate::outbox::{Outbox, OutboxError};
use crate::vanished::State;

/// Treatments at the register that their source has no more.
#[derive(Debug, Default, Serialize)]
pub struct Vanished {
    /// They wait for a decision.
    pub waiting: usize,
    /// They are to be taken back.
    pub retract: usize,
    /// They are kept there for good.
    pub keep: usize,
}

pub(super) async fn accounts(outbox: &mut Outbox) -> Result<Vec<Shown>, OutboxError> {
    let mut shown = Vec::new();
    for account in outbox.accounts().await? {
        shown.push(outbox.shown(&account).await?.with_months(&account));
    }
    Ok(shown)
}

pub(super) async fn vanished(outbox: &mut Outbox) -> Result<Vanished, OutboxError> {
    let rows = outbox.vanished(None).await?;
    let number = |state| rows.iter().filter(|row| row.state == state).count();
    let [waiting, retract, keep] = [State::Waiting, State::Retract, State::Keep].map(number);
    Ok(Vanished { waiting, retract, keep })
}

/// What does not add up.
pub(super) fn faults(accounts: &[Shown]) -> impl Iterator<Item = String> {
    accounts.iter().filter(|account| !account.balances()).map(|account| {
        let ids: Vec<&str> = account.unbalanced.iter().map(|one| one.treatment.as_str()).collect();
        format!(
            "not all that cycle {} found is accounted for (treatments {:+}, self-ratings {:+}: {}); run `registry-agent once --full`, \
             and tell the register when it stays so",
            account.cycle,
            account.treatments.terms.difference,
            account.answers.terms.difference,
            ids.join(", ")
        )
    })
}

/// What waits for a person.
pub(super) fn warning(vanished: &Vanished) -> Option<String> {
    let n = vanished.waiting;
    let treatments = plural("treatment", i64::try_from(n).unwrap_or(i64::MAX));
    (n > 0).then(|| {
        format!("{n} {treatments} vanished from the source and wait for a decision; run `registry-agent vanished list`")
    })
}
