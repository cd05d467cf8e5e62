//! What the mail about a step of a request says: which request, what became of it, and what waits.
//!
//! Promises: Swedish first, then English; of the request nothing but its number, and no name of a person, but of a
//! refusal what makes it one in writing: its reason, its diary number and how it is appealed. Must not know: how it is sent,
//! to whom.

use jiff::Timestamp;
use schemas::language::{Language, Text};
use schemas::rule::today;

use crate::request::form::APPEAL;
use crate::request::{Request, Said, Standing, Step, Taken};

/// A mail about a step.
#[derive(Debug)]
pub(super) struct Letter {
    number: u32,
    what: Text,
}

impl Letter {
    /// To whoever asked, of a step that somebody else took; `after` is the request as it was with it.
    pub(super) fn to_requester(after: &Request, last: &Taken) -> Self {
        let what = match (last.step, after.standing(last.at)) {
            (Step::Returned, _) => Text::fixed(
                "lämnades åter. Vad som ska ändras står på dess sida; ändra den och lämna in den igen.",
                "was given back. What is to be mended stands on its page; mend it and hand it in again.",
            ),
            (Step::Rejected, _) => refused(&last.said),
            (Step::Released, _) => Text::fixed(
                "är utlämnad. Filerna kan hämtas på dess sida i 30 dagar.",
                "is released. The files can be fetched on its page for 30 days.",
            ),
            (Step::Built, _) => Text::fixed(
                "är byggd. Filerna granskas innan de lämnas ut.",
                "is built. The files are looked at before they are released.",
            ),
            (_, Standing::Approved) => Text::fixed(
                "är godkänd av två godkännare. Registret bygger nu tabellerna.",
                "is approved by two approvers. The register now builds the tables.",
            ),
            (Step::Approved, _) => Text::fixed(
                "godkändes av en godkännare; en till ska godkänna den.",
                "was approved by one approver; another must approve it.",
            ),
            _ => Text::fixed("har ändrats. Se dess sida.", "has changed. See its page."),
        };
        Self { number: after.number, what }
    }

    /// To an approver who has not agreed yet.
    pub(super) fn to_approver(request: &Request, at: Timestamp) -> Self {
        let until = request.decide_by(at).map_or_else(String::new, |until| today(until).to_string());
        let sv = format!("väntar på beslut av två godkännare, utlovat senast {until}. Ditt beslut behövs.");
        let en = format!("waits for two approvers, by {until} as promised. Your decision is needed.");
        Self { number: request.number, what: Text::made(sv, en) }
    }

    /// What stands over it.
    pub(super) fn subject(&self) -> String {
        format!("Registret: begäran om uttag {0} / request for an extract {0}", self.number)
    }

    /// The mail; `page` is where the register's pages are.
    pub(super) fn body(&self, page: Option<&str>) -> String {
        let number = self.number;
        let sv = format!("Begäran om uttag {number} {}", self.what.pick(Language::Sv));
        let en = format!("The request for an extract {number} {}", self.what.pick(Language::En));
        let link = page.map(|page| format!("{page}/extracts/{number}"));
        [sv, en].into_iter().chain(link).collect::<Vec<_>>().join("\n\n") + "\n"
    }
}

/// A refusal in writing.
fn refused(said: &Said) -> Text {
    let Said { comment, diary } = said;
    Text::made(
        format!("avslogs. Diarienummer: {diary}. Skäl:\n\n{comment}\n\n{}", APPEAL.pick(Language::Sv)),
        format!("was refused. Diary number: {diary}. The reason:\n\n{comment}\n\n{}", APPEAL.pick(Language::En)),
    )
}
