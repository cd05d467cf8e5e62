//! What a message of an alarm says: what is wrong, since when, and what to do.
//!
//! Promises: Swedish first, then English; no figure and no name of a person. Must not know: how it is sent, to whom.

use schemas::language::{Language, Text};
use schemas::rule::today;

use crate::store::alarm::{AlarmStep, Notice};

/// What stands over the message.
pub(super) fn subject(notice: &Notice) -> String {
    let sender = &notice.alarm.condition.sender;
    let name = notice.alarm.condition.kind.name();
    let what = name.pick(Language::Sv);
    match notice.step {
        AlarmStep::Raised => format!("Registret, {sender}: {what}"),
        AlarmStep::Cleared => format!("Registret, {sender}: över ({what})"),
    }
}

/// The message; `page` is where the register's pages are.
pub(super) fn body(notice: &Notice, page: Option<&str>) -> String {
    let text = match notice.step {
        AlarmStep::Raised => {
            let condition = &notice.alarm.condition;
            condition.kind.sentence(&condition.sender, today(condition.since))
        }
        AlarmStep::Cleared => cleared(notice),
    };
    let number = notice.alarm.number;
    let mut lines: Vec<String> = [Language::Sv, Language::En].map(|language| text.pick(language).to_owned()).into();
    lines.extend(page.map(ToOwned::to_owned));
    lines.push(format!("Larm / Alarm {number}"));
    lines.join("\n\n") + "\n"
}

fn cleared(notice: &Notice) -> Text {
    let sender = &notice.alarm.condition.sender;
    Text::made(
        format!("Larmet om {sender} är över. Ingen behöver göra något."),
        format!("The alarm about {sender} is over. Nobody needs to do anything."),
    )
}
