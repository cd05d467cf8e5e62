//! A planned silence: kept here, told to the register, so that its staff see *paused* and not *silent*.
//!
//! Promises: the reason is the administrator's words and never a person's number; a register that cannot be reached is told at the next
//! contact, and of two who tell it different notes at once the one with the older note tells the newer again.
//! Must not know: who waits for the end of a silence.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::contact::Pause;

use crate::guard;
use crate::outbox::{Outbox, OutboxError, PauseNote, Told};
use crate::push::{Client, ClientError};

/// Why a silence cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PauseError {
    /// It says nothing, or too much.
    #[error(
        "write a reason of one line and at most {} characters, such as `byte av journalsystem`",
        Pause::LONGEST_REASON
    )]
    Reason,
    /// It may name a person.
    #[error("the reason holds what could be an identity number, an e-mail address or a phone number; write it without")]
    Identity,
    /// It would end before it begins.
    #[error("the day is not after today; --until names the first day on which runs happen again")]
    Past,
}

/// Whether a silence can be kept and told, on a day.
///
/// # Errors
/// [`PauseError`] with what to write.
pub fn check(pause: &Pause, now: Timestamp, zone: &TimeZone) -> Result<(), PauseError> {
    if !pause.has_reason() {
        return Err(PauseError::Reason);
    }
    if guard::looks(&pause.reason).is_some() {
        return Err(PauseError::Identity);
    }
    end(pause, zone).filter(|end| *end > now).map(|_| ()).ok_or(PauseError::Past)
}

/// The first instant after a silence: its day begins, in the zone of the schedule.
#[must_use]
pub fn end(pause: &Pause, zone: &TimeZone) -> Option<Timestamp> {
    pause.until.to_zoned(zone.clone()).ok().map(|first| first.timestamp())
}

/// The silence that a note speaks of, if it is not over.
#[must_use]
pub fn in_force<'a>(note: Option<&'a PauseNote>, now: Timestamp, zone: &TimeZone) -> Option<&'a Pause> {
    note?.pause.as_ref().filter(|pause| end(pause, zone).is_some_and(|end| now < end))
}

/// Tells the register what it does not know yet.
///
/// # Errors
/// When the state fails. What a register says that does not take it is the answer; it is told at the next contact.
pub async fn tell(client: &Client, outbox: &mut Outbox) -> Result<Option<ClientError>, OutboxError> {
    tell_by(outbox, async |pause| client.set_pause(pause.as_ref()).await).await
}

async fn tell_by(
    outbox: &mut Outbox,
    send: impl AsyncFn(Option<Pause>) -> Result<(), ClientError>,
) -> Result<Option<ClientError>, OutboxError> {
    let mut newest = outbox.pause_note().await?;
    // Ends when the note that stands is told, or the register does not take one.
    while let Some(note) = newest.filter(|note| note.told == Told::NotYet) {
        let answer = send(note.pause.clone()).await;
        let told = if answer.is_ok() { Told::Yes } else { Told::NotYet };
        newest = outbox.pause_was_told(&note, told).await?;
        if let Err(error) = answer {
            tracing::warn!("the register is not told of the pause yet: {error}");
            return Ok(Some(error));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(until: &str, reason: &str) -> Pause {
        Pause { until: until.parse().unwrap(), reason: reason.into() }
    }

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").unwrap()
    }

    #[test]
    fn a_reason_that_says_nothing_or_names_a_person_and_a_day_that_is_over_are_refused() {
        let now = "2026-11-22T23:30:00Z".parse().unwrap();
        let person = crate::tests::person(3);
        for (pause, expected) in [
            (pause("2026-12-24", "byte av journalsystem, ärende 4711"), Ok(())),
            (pause("2026-12-24", " "), Err(PauseError::Reason)),
            (pause("2026-12-24", &"x".repeat(201)), Err(PauseError::Reason)),
            (pause("2026-12-24", &format!("ringde {person} om felet")), Err(PauseError::Identity)),
            (pause("2026-12-24", "skriv till anna@region.example"), Err(PauseError::Identity)),
            (pause("2026-12-24", "ring 070-123 45 67"), Err(PauseError::Identity)),
            (pause("2026-11-24", "fel"), Ok(())),
            (pause("2026-11-23", "it is the 23rd in Stockholm already"), Err(PauseError::Past)),
        ] {
            assert_eq!(check(&pause, now, &stockholm()), expected, "{}", pause.until);
        }
    }

    #[tokio::test]
    async fn a_note_that_took_the_place_of_the_one_being_told_is_told_last() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mut outbox = Outbox::open_for_notes(&state).await.unwrap();
        let begun = PauseNote { pause: Some(pause("2999-12-24", "fel")), told: Told::NotYet };
        outbox.set_pause_note(&begun).await.unwrap();
        let heard = std::sync::Mutex::new(Vec::new());
        let told = tell_by(&mut outbox, async |pause| {
            if pause.is_some() {
                // Somebody resumes, and the register hears it before what is on its way from here.
                heard.lock().unwrap().push(None);
                let ended = PauseNote { pause: None, told: Told::Yes };
                Outbox::open_for_notes(&state).await.unwrap().set_pause_note(&ended).await.unwrap();
            }
            heard.lock().unwrap().push(pause);
            Ok(())
        });
        assert!(told.await.unwrap().is_none());
        assert_eq!(*heard.lock().unwrap(), [None, begun.pause.clone(), None]);
        assert_eq!(outbox.pause_note().await.unwrap(), Some(PauseNote { pause: None, told: Told::Yes }));

        outbox.set_pause_note(&begun).await.unwrap();
        let away = tell_by(&mut outbox, async |_| Err(ClientError::Unreachable("away".into())));
        assert!(away.await.unwrap().is_some());
        assert_eq!(outbox.pause_note().await.unwrap(), Some(begun));
    }

    #[test]
    fn a_silence_ends_with_the_first_instant_of_its_day_in_the_schedule_s_zone() {
        let note = PauseNote { pause: Some(pause("2026-12-24", "fel")), told: Told::Yes };
        let at = |text: &str| in_force(Some(&note), text.parse().unwrap(), &stockholm()).is_some();
        assert!(at("2026-12-23T22:59:59Z"));
        assert!(!at("2026-12-23T23:00:00Z"));
        let ended = PauseNote { pause: None, ..note.clone() };
        assert_eq!(in_force(Some(&ended), "2026-12-01T00:00:00Z".parse().unwrap(), &stockholm()), None);
        assert_eq!(in_force(None, "2026-12-01T00:00:00Z".parse().unwrap(), &stockholm()), None);
    }
}
