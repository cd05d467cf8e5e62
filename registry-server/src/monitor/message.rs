//! What a message of an alarm says: what is wrong, since when, and what to do.
//!
//! Promises: Swedish first, then English; no figure and no name of a person. Must not know: how it is sent, to whom.

use schemas::language::{Language, Text};
use schemas::rule::today;

use crate::store::alarm::{AlarmKind, AlarmStep, Notice};

/// What stands over the message.
pub(super) fn subject(notice: &Notice) -> String {
    let sender = &notice.alarm.condition.sender;
    let what = match notice.alarm.condition.kind {
        AlarmKind::Late => "leverans sen",
        AlarmKind::Silent => "inga leveranser",
        AlarmKind::ContactUnconfirmed => "bekräfta kontakter",
    };
    match notice.step {
        AlarmStep::Raised => format!("Registret, {sender}: {what}"),
        AlarmStep::Cleared => format!("Registret, {sender}: över ({what})"),
    }
}

/// The message; `page` is where the register's pages are.
pub(super) fn body(notice: &Notice, page: Option<&str>) -> String {
    let text = match notice.step {
        AlarmStep::Raised => raised(notice),
        AlarmStep::Cleared => cleared(notice),
    };
    let number = notice.alarm.number;
    let mut lines: Vec<String> = [Language::Sv, Language::En].map(|language| text.pick(language).to_owned()).into();
    lines.extend(page.map(ToOwned::to_owned));
    lines.push(format!("Larm / Alarm {number}"));
    lines.join("\n\n") + "\n"
}

fn raised(notice: &Notice) -> Text {
    let condition = &notice.alarm.condition;
    let (sender, since) = (&condition.sender, today(condition.since));
    match condition.kind {
        AlarmKind::Late => Text::made(
            format!(
                "En planerad leverans från {sender} har inte kommit. Den senaste kom {since}. Kör `registry-agent status` på agentens \
                 dator; den säger vad som är fel. Är uppehållet planerat: `registry-agent pause`."
            ),
            format!(
                "A planned delivery of {sender} did not come. The last one came on {since}. Run `registry-agent status` on the agent's \
                 machine; it says what is wrong. If the silence is planned: `registry-agent pause`."
            ),
        ),
        AlarmKind::Silent => Text::made(
            format!(
                "{sender} har inte levererat sedan {since}. Se till att agentens dator är i gång och kör `registry-agent status` där. \
                 Registrets siffror för {sender} blir gamla tills en leverans kommer."
            ),
            format!(
                "{sender} has not delivered since {since}. See that the agent's machine is running and run `registry-agent status` there. \
                 The register's figures for {sender} grow old until a delivery comes."
            ),
        ),
        AlarmKind::ContactUnconfirmed => Text::made(
            format!(
                "Kontakterna för {sender} har inte bekräftats på ett år. Svara registret med vilka som fortfarande stämmer och vilka som \
                 ska bytas."
            ),
            format!(
                "The contacts of {sender} were not confirmed for a year. Tell the register which of them are still right and which are \
                 to be replaced."
            ),
        ),
    }
}

fn cleared(notice: &Notice) -> Text {
    let sender = &notice.alarm.condition.sender;
    Text::made(
        format!("Larmet om {sender} är över. Ingen behöver göra något."),
        format!("The alarm about {sender} is over. Nobody needs to do anything."),
    )
}
