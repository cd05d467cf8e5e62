//! What was found wrong with the audit log, in words.

use schemas::audit::SignedCheckpoint;
use schemas::language::Language;

use crate::outbox::{Finding, Sort};

/// A finding as one sentence that says what to do.
#[must_use]
pub fn sentence(finding: &Finding, language: Language) -> String {
    let (kept, shown) = (state(&finding.kept, language), state(&finding.shown, language));
    let pick = |sv: String, en: String| language.pick(sv, en);
    let what = match finding.sort {
        Sort::Shorter => pick(
            format!("registrets revisionslogg har förlorat poster: det skrev under {kept} och visade sedan {shown}"),
            format!("the register's audit log lost entries: it signed {kept} and then showed {shown}"),
        ),
        Sort::Other => pick(
            format!(
                "registrets revisionslogg har ändrats: det skrev under {kept}, och det som det sedan visade, {shown}, börjar inte så"
            ),
            format!(
                "the register's audit log was altered: it signed {kept}, with which what it showed then, {shown}, does not begin"
            ),
        ),
        Sort::Restored => pick(
            format!(
                "registret säger att det lades tillbaka från en säkerhetskopia: det hade skrivit under {kept} och visade sedan {shown}"
            ),
            format!(
                "the register says that it was put back from a backup: it had signed {kept} and then showed {shown}"
            ),
        ),
        Sort::Unsigned => pick(
            format!("registret visade ett läge i sin revisionslogg som det inte har skrivit under, efter {kept}"),
            format!("the register showed a state of its audit log that it did not sign, after {kept}"),
        ),
        Sort::Missing => pick(
            format!("registrets revisionslogg, {shown}, saknar posten för ett kvitto som det gav tidigare"),
            format!("the register's audit log, {shown}, does not hold the entry of a receipt that it gave before"),
        ),
    };
    let lost = finding.sort.may_have_lost();
    let (sv, en) = if lost { (", allt har köats igen", ", everything was queued again") } else { ("", "") };
    let id = finding.id;
    pick(
        format!(
            "{what}{sv}; fråga registret varför, sedan `registry-agent receipt accept {id} --name NAMN` (det underskrivna är sparat, se \
             `registry-agent receipt witness`)"
        ),
        format!(
            "{what}{en}; ask the register why, then `registry-agent receipt accept {id} --name NAME` (what was signed is kept, see \
             `registry-agent receipt witness`)"
        ),
    )
}

fn state(text: &str, language: Language) -> String {
    match text.parse::<SignedCheckpoint>() {
        Ok(SignedCheckpoint { body, .. }) => {
            language.pick(format!("{} poster {}", body.size, body.at), format!("{} entries at {}", body.size, body.at))
        }
        Err(_) if text.is_empty() => language.pick("ingenting", "nothing").into(),
        Err(_) => language.pick("något som inte är en kontrollpunkt", "what is no checkpoint").into(),
    }
}
