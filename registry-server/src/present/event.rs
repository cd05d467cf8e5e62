//! An event of the audit log as a person reads it.
//!
//! Promises: people are named by number; no hash, key or pseudonym is told. An event that a newer version wrote, or that was altered, is
//! told as what it is.

use schemas::language::{Language, Text};

use crate::request::Step;
use crate::store::audit::{Event, What};
use crate::store::job;

/// What the kinds of event are called, in the order in which they can be chosen.
pub(super) static KINDS: [(&str, Text); 21] = [
    ("read", Text::fixed("läste", "read")),
    ("denied", Text::fixed("nekades", "was refused")),
    ("user", Text::fixed("konto och inloggning", "account and sign-in")),
    ("person_extract", Text::fixed("registerutdrag", "extract on persons")),
    ("alarm", Text::fixed("larm", "alarm")),
    ("contact", Text::fixed("kontakt", "contact")),
    ("request", Text::fixed("begäran om uttag", "request for an extract")),
    ("review", Text::fixed("logggranskning", "log review")),
    ("batch", Text::fixed("leverans", "delivery")),
    ("conflict", Text::fixed("motsägande leverans", "contradicting delivery")),
    ("standing", Text::fixed("avsändares läge", "standing of a sender")),
    ("erasure", Text::fixed("radering", "erasure")),
    ("lift", Text::fixed("återtagen spärr", "objection lifted")),
    ("case", Text::fixed("ärende", "case")),
    ("key_reset", Text::fixed("nya nycklar", "new keys")),
    ("analysis", Text::fixed("statistikerns fil", "the statistician's file")),
    ("cut", Text::fixed("årsfrysning", "frozen data set")),
    ("attestation", Text::fixed("underskrift", "signature")),
    ("comment", Text::fixed("synpunkt på årets siffror", "comment on a year's figures")),
    ("publication", Text::fixed("publicering", "publication")),
    ("restored", Text::fixed("återläst säkerhetskopia", "restored from backup")),
];

/// An event in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The number of the person who did it, or whom it is about.
    pub(super) person: Option<u32>,
    /// Their role then.
    pub(super) role: String,
    /// The kind.
    pub(super) kind: String,
    /// The sender that it is about.
    pub(super) sender: String,
    /// What more there is to say.
    pub(super) detail: String,
}

/// An event's text in words; nothing when it is no event of this version.
pub(super) fn told(event: &str, language: Language) -> Option<Told> {
    let event: Event = serde_json::from_str(event).ok()?;
    let (person, role) = who(&event.what);
    let known = KINDS.iter().find(|(kind, _)| Some(*kind) == kind_of(&event.what).as_deref());
    Some(Told {
        person,
        role,
        kind: known
            .map_or_else(|| kind_of(&event.what).unwrap_or_default(), |(_, name)| name.pick(language).to_owned()),
        sender: event.sender.as_ref().map(ToString::to_string).unwrap_or_default(),
        detail: detail(&event.what, language),
    })
}

fn kind_of(what: &What) -> Option<String> {
    let value = serde_json::to_value(what).ok()?;
    value["kind"].as_str().map(ToOwned::to_owned)
}

fn who(what: &What) -> (Option<u32>, String) {
    match what {
        What::Read { person, role, .. } => (Some(*person), role.clone()),
        What::Denied { person, role, .. } => (*person, role.clone().unwrap_or_default()),
        What::User { number, role, .. } => (*number, role.clone().unwrap_or_default()),
        What::Alarm { person, .. } | What::Contact { person, .. } => (*person, String::new()),
        What::Request { of, .. } | What::Analysis { of, .. } => (Some(*of), String::new()),
        What::Release { of, .. } => (*of, String::new()),
        What::Review { person, .. } => (Some(*person), String::new()),
        What::Comment { user, .. } => (Some(*user), String::new()),
        _ => (None, String::new()),
    }
}

fn detail(what: &What, language: Language) -> String {
    let say = |sv: &'static str, en: &'static str| language.pick(sv, en);
    match what {
        What::Read { page, filter, cut, .. } => {
            let chosen = if filter.is_empty() { page.clone() } else { format!("{page}?{filter}") };
            cut.map_or(chosen.clone(), |cut| format!("{chosen}, {} {cut}", say("årsfrysning", "frozen data set")))
        }
        What::Denied { page, times, why, .. } => {
            let why = match why.as_str() {
                "role" => say("sidan är inte för rollen", "the page is not for the role"),
                "foreign_form" => say("formulär från en annan webbplats", "form of another site"),
                _ => say("inte inloggad", "not signed in"),
            };
            match page {
                Some(page) => format!("{page}: {why}"),
                None => format!("{times} {}: {why}", say("gånger till", "times more")),
            }
        }
        What::User { step, .. } => step_of_user(step, language).to_owned(),
        What::Alarm { number, .. } => format!("{number} {}", say("kvitterat", "acknowledged")),
        What::Contact { number, step, .. } => {
            let step = match step.as_str() {
                "added" => say("tillagd", "added"),
                "confirmed" => say("bekräftad", "confirmed"),
                _ => say("borttagen", "removed"),
            };
            format!("{number} {step}")
        }
        What::Request { number, step, person, .. } => {
            format!("{number} {}", way_of_request((step, *person), language))
        }
        What::Release { .. } | What::Package { .. } => left(what, language),
        What::Review { month, sample, .. } => format!("{month}, {sample} {}", say("händelser", "events")),
        What::Batch { verdicts, .. } => {
            let words: Vec<String> = verdicts.iter().map(|(verdict, n)| format!("{verdict} {n}")).collect();
            words.join(", ")
        }
        What::Standing { before, now, reason } => {
            let change = before.as_ref().map_or_else(|| now.clone(), |before| format!("{before} → {now}"));
            reason.as_ref().map_or_else(|| change.clone(), |reason| format!("{change}: {reason}"))
        }
        What::Erasure { found, treatments, .. } => {
            format!("{found} {}, {treatments} {}", say("personer", "persons"), say("behandlingar", "treatments"))
        }
        What::Lift { persons } => format!("{persons} {}", say("personer", "persons")),
        What::PersonExtract { persons, documents } => {
            format!("{persons} {}, {documents} {}", say("personer", "persons"), say("dokument", "documents"))
        }
        What::Case { number, step } | What::Analysis { number, step, .. } => format!("{number} {step}"),
        What::Cut { number, treatments, .. } => {
            format!("{number}, {treatments} {}", say("behandlingar", "treatments"))
        }
        What::Attestation { cut, .. } | What::Publication { cut, reason: None } => cut.to_string(),
        What::Publication { cut, reason: Some(reason) } => format!("{cut}: {reason}"),
        What::Restored { reason } => reason.clone(),
        _ => String::new(),
    }
}

/// What left the register.
fn left(what: &What, language: Language) -> String {
    let say = |sv: &'static str, en: &'static str| language.pick(sv, en);
    match what {
        What::Release { cut, place, step, .. } => {
            let is_open = step == "published";
            let step = if is_open { say("öppen för alla", "open to all") } else { say("utlämnad", "released") };
            format!("c{cut}, {} {place}: {step}", say("tabell", "table"))
        }
        What::Package { request, cut, .. } => format!("{} {request}, c{cut}", say("begäran", "request")),
        _ => String::new(),
    }
}

/// A step of a request, and whether it was taken at the command line; what failed did so by itself.
fn way_of_request((step, person): (&str, Option<u32>), language: Language) -> String {
    let is_typed = person.is_none() && step != job::FAILED;
    let way = if is_typed { language.pick(", på kommandoraden", ", at the command line") } else { "" };
    format!("{}{way}", step_of_request(step, language))
}

fn step_of_request(step: &str, language: Language) -> String {
    if step == job::ASKED {
        return language.pick("ska byggas", "is to be built").to_owned();
    }
    if step == job::FAILED {
        return language.pick("kunde inte byggas", "could not be built").to_owned();
    }
    let known = Step::ALL.into_iter().find(|known| known.word() == step);
    known.map_or_else(|| step.to_owned(), |step| step.name().pick(language).to_owned())
}

fn step_of_user(step: &str, language: Language) -> &str {
    let (sv, en) = match step {
        "invited" => ("inbjuden", "invited"),
        "accepted" => ("tog inbjudan", "took the invitation"),
        "signed_in" => ("loggade in", "signed in"),
        "proved_again" => ("bekräftade vem det är", "proved who it is again"),
        "refused" => ("misslyckad inloggning", "failed to sign in"),
        "locked" => ("kontot stängt efter fem försök", "account closed after five attempts"),
        "signed_out" => ("loggade ut", "signed out"),
        "password" => ("bytte lösenord", "changed the password"),
        "role" => ("fick en annan roll", "was given another role"),
        "reset" => ("återställd", "reset"),
        "removed" => ("borttagen", "removed"),
        "readmitted" => ("insläppt igen", "let in again"),
        other => return other,
    };
    language.pick(sv, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Stamp;
    use crate::store::audit::Entry;

    fn told_of(what: What) -> Option<Told> {
        let stamp = Stamp { at: jiff::Timestamp::UNIX_EPOCH, salt: [0; 32] };
        told(&Entry::new(stamp, None, what).event, Language::Sv)
    }

    #[test]
    fn an_event_says_who_did_what_and_tells_no_hash() {
        let read = What::Read {
            page: "/outcomes.csv".into(),
            filter: "by=unit".into(),
            cut: Some(3),
            person: 7,
            role: "staff".into(),
        };
        let expected = Told {
            person: Some(7),
            role: "staff".into(),
            kind: "läste".into(),
            sender: String::new(),
            detail: "/outcomes.csv?by=unit, årsfrysning 3".into(),
        };
        assert_eq!(told_of(read), Some(expected));
        let batch = What::batch(&"a".repeat(64).parse().unwrap(), "b".repeat(64), &[]);
        let all = format!("{:?}", told_of(batch));
        assert!(!all.contains("aaaa") && !all.contains("bbbb"), "{all}");
        assert_eq!(told("{\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"dreamt\"}", Language::Sv), None);
    }
}
