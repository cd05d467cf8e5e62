//! Where everything went that was found, and what vanished, as `status` shows it.

use schemas::language::Language;
use serde::Serialize;

use super::notes::scope;
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
pub(super) fn faults(accounts: &[Shown], language: Language) -> impl Iterator<Item = String> {
    accounts.iter().filter(|account| !account.balances()).map(move |account| {
        let ids: Vec<&str> = account.unbalanced.iter().map(|one| one.treatment.as_str()).collect();
        let (cycle, ids) = (account.cycle, ids.join(", "));
        let (treatments, answers) = (account.treatments.terms.difference, account.answers.terms.difference);
        language.pick(
            format!(
                "allt som körning {cycle} hittade går inte ihop (behandlingar {treatments:+}, skattningar {answers:+}: {ids}); kör \
                 `registry-agent once --full`, och säg till registret om det består"
            ),
            format!(
                "not all that cycle {cycle} found is accounted for (treatments {treatments:+}, self-ratings {answers:+}: {ids}); run \
                 `registry-agent once --full`, and tell the register when it stays so"
            ),
        )
    })
}

/// What waits for a person.
pub(super) fn warning(vanished: &Vanished, language: Language) -> Option<String> {
    let n = vanished.waiting;
    let what = scope("treatment", i64::try_from(n).unwrap_or(i64::MAX), language);
    (n > 0).then(|| {
        language.pick(
            format!("{n} {what} har försvunnit ur källan och väntar på beslut; kör `registry-agent vanished list`"),
            format!("{n} {what} vanished from the source and wait for a decision; run `registry-agent vanished list`"),
        )
    })
}
