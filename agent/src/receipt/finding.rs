//! What was found wrong with the audit log, in words.

use schemas::audit::SignedCheckpoint;

use crate::outbox::{Finding, Sort};

/// A finding as one sentence that says what to do.
#[must_use]
pub fn sentence(finding: &Finding) -> String {
    let (kept, shown) = (state(&finding.kept), state(&finding.shown));
    let what = match finding.sort {
        Sort::Shorter => format!("the register's audit log lost entries: it signed {kept} and then showed {shown}"),
        Sort::Other => {
            format!(
                "the register's audit log was altered: it signed {kept}, with which what it showed then, {shown}, does not begin"
            )
        }
        Sort::Restored => {
            format!(
                "the register says that it was put back from a backup: it had signed {kept} and then showed {shown}"
            )
        }
        Sort::Unsigned => format!("the register showed a state of its audit log that it did not sign, after {kept}"),
        Sort::Missing => {
            format!("the register's audit log, {shown}, does not hold the entry of a receipt that it gave before")
        }
    };
    let sent_again = if finding.sort.may_have_lost() { ", everything was queued again" } else { "" };
    format!(
        "{what}{sent_again}; ask the register why, then `registry-agent receipt accept {} --name NAME` (what was signed is kept, see \
         `registry-agent receipt witness`)",
        finding.id
    )
}

fn state(text: &str) -> String {
    match text.parse::<SignedCheckpoint>() {
        Ok(SignedCheckpoint { body, .. }) => format!("{} entries at {}", body.size, body.at),
        Err(_) if text.is_empty() => "nothing".into(),
        Err(_) => "what is no checkpoint".into(),
    }
}
