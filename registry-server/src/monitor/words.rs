//! What each alarm is called, and what it says is to be done.
//!
//! Promises: Swedish and English; no figure and no name of a person. Must not know: how it is told.

use jiff::civil::Date;
use schemas::id::SenderCode;
use schemas::language::Text;

use crate::store::alarm::AlarmKind;

impl AlarmKind {
    /// What it is called, in a few words.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Late => Text::fixed("leverans sen", "delivery late"),
            Self::Silent => Text::fixed("inga leveranser", "no deliveries"),
            Self::ContactUnconfirmed => Text::fixed("bekräfta kontakter", "confirm contacts"),
            Self::VolumeDrop => Text::fixed("ovanligt få behandlingar", "unusually few treatments"),
            Self::RejectSpike => Text::fixed("ovanligt många avvisade", "unusually many rejected"),
            Self::Certificate30 => {
                Text::fixed("certifikatet går ut inom 30 dagar", "the certificate ends within 30 days")
            }
            Self::Certificate7 => Text::fixed("certifikatet går ut inom 7 dagar", "the certificate ends within 7 days"),
            Self::Certificate1 => Text::fixed("certifikatet går ut inom ett dygn", "the certificate ends within a day"),
            Self::Clock => Text::fixed("klockan går fel", "the clock is wrong"),
            Self::Accounting => Text::fixed("bokföringen går inte ihop", "the accounting does not add up"),
            Self::OldAgent => Text::fixed("agenten är gammal", "the agent is old"),
            Self::OtherRules => Text::fixed("agenten har andra regler", "the agent has other rules"),
        }
    }

    /// What is wrong and what to do, in a message about a sender.
    pub(super) fn sentence(self, sender: &SenderCode, since: Date) -> Text {
        match self {
            Self::Late => Text::made(
                format!(
                    "En planerad leverans från {sender} har inte kommit. Den senaste kom {since}. Kör `registry-agent status` på agentens \
                     dator; den säger vad som är fel. Är uppehållet planerat: `registry-agent pause`."
                ),
                format!(
                    "A planned delivery of {sender} did not come. The last one came on {since}. Run `registry-agent status` on the agent's \
                     machine; it says what is wrong. If the silence is planned: `registry-agent pause`."
                ),
            ),
            Self::Silent => Text::made(
                format!(
                    "{sender} har inte levererat sedan {since}. Se till att agentens dator är i gång och kör `registry-agent status` där. \
                     Registrets siffror för {sender} blir gamla tills en leverans kommer."
                ),
                format!(
                    "{sender} has not delivered since {since}. See that the agent's machine is running and run `registry-agent status` there. \
                     The register's figures for {sender} grow old until a delivery comes."
                ),
            ),
            Self::ContactUnconfirmed => Text::made(
                format!(
                    "Kontakterna för {sender} har inte bekräftats på ett år. Svara registret med vilka som fortfarande stämmer och vilka som \
                     ska bytas."
                ),
                format!(
                    "The contacts of {sender} were not confirmed for a year. Tell the register which of them are still right and which are \
                     to be replaced."
                ),
            ),
            _ => self.further(sender),
        }
    }

    /// The same for what is wrong with what came, or with the agent's machine.
    fn further(self, sender: &SenderCode) -> Text {
        let (sv, en) = match self {
            Self::VolumeDrop => (
                "ovanligt få nya behandlingar förra veckan. Kontrollera att källans uttag är helt och att inget har bytt namn; kör `registry-agent status`",
                "unusually few new treatments last week. See that the source's extract is whole and that nothing was renamed; run `registry-agent status`",
            ),
            Self::RejectSpike => (
                "ovanligt många poster avvisades de senaste sju dagarna. Kör `registry-agent held list`; den säger vilka regler som bröts",
                "unusually many records were rejected in the last seven days. Run `registry-agent held list`; it says which rules were broken",
            ),
            Self::Certificate30 | Self::Certificate7 | Self::Certificate1 => (
                "agentens certifikat går snart ut. Beställ ett nytt av registret och lägg in det; utan det slutar leveranserna",
                "the agent's certificate ends soon. Ask the register for a new one and put it in place; deliveries end without it",
            ),
            Self::Clock => (
                "agentens klocka går mer än en minut fel. Ställ den, och slå på tidssynkronisering på datorn",
                "the agent's clock is more than a minute off. Set it, and let the machine keep its time by a time server",
            ),
            Self::Accounting => (
                "det som källan räknar stämmer inte med det som registret har. Kör `registry-agent status` och sedan `registry-agent reconcile`",
                "what the source counts is not what the register has. Run `registry-agent status` and then `registry-agent reconcile`",
            ),
            Self::OldAgent => (
                "agenten är äldre än registret. Installera den version som registret har gett ut",
                "the agent is older than the register. Install the version that the register has published",
            ),
            _ => (
                "agenten kör andra regler än registret. Installera den version som registret har gett ut",
                "the agent runs other rules than the register. Install the version that the register has published",
            ),
        };
        Text::made(format!("{sender}: {sv}."), format!("{sender}: {en}."))
    }
}

#[cfg(test)]
mod tests {
    use schemas::language::Language;

    use super::*;

    #[test]
    fn every_alarm_has_a_name_and_a_sentence_of_its_own_in_both_languages() {
        let sender = "12".parse().unwrap();
        let day = "2026-11-23".parse().unwrap();
        for language in [Language::Sv, Language::En] {
            let names: std::collections::BTreeSet<String> =
                AlarmKind::ALL.iter().map(|kind| kind.name().pick(language).to_owned()).collect();
            assert_eq!(names.len(), AlarmKind::ALL.len());
            for kind in AlarmKind::ALL {
                let sentence = kind.sentence(&sender, day);
                let text = sentence.pick(language);
                assert!(text.contains("12") && text.ends_with('.') && text.len() > 60, "{text}");
            }
        }
    }
}
