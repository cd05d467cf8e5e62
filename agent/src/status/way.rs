//! How the way to the register was lately: since when it is silent, how often it was tried, and how far the clocks are apart.

use schemas::contact::SKEW_TOLD_S;
use schemas::language::Language;
use serde::Serialize;

use super::plan::UTC;
use crate::outbox::ReachNote;

/// The way to the register.
#[derive(Debug, Default, Serialize)]
pub struct Way {
    /// Since when no run has got through, RFC 3339 UTC; nothing when the newest did.
    pub silent_since: Option<String>,
    /// Runs in vain since then.
    pub in_vain: u32,
    /// When it is tried next while it is silent, RFC 3339 UTC; a run by hand tries it at once.
    pub next_try: Option<String>,
    /// Seconds that this host's clock was ahead of the register's when it was heard last.
    pub skew_s: Option<i64>,
}

impl Way {
    pub(super) fn of(note: &ReachNote, next: Option<&String>) -> Self {
        let silent_since = note.silent_since.map(|since| since.strftime(UTC).to_string());
        let next_try = silent_since.is_some().then(|| next.cloned()).flatten();
        Self { silent_since, in_vain: note.in_vain, next_try, skew_s: note.skew_s }
    }

    /// What is wrong with this host's clock, in a sentence.
    pub(super) fn warning(&self, language: Language) -> Option<String> {
        let skew_s = self.skew_s.filter(|skew_s| skew_s.abs() > SKEW_TOLD_S)?;
        let (sv, en) = if skew_s < 0 { ("efter", "behind") } else { ("före", "ahead of") };
        let n = skew_s.abs();
        Some(language.pick(
            format!("den här datorns klocka går {n} s {sv} registrets; ställ klockan"),
            format!("this host's clock is {n} s {en} the register's; set the clock"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_more_than_a_minute_off_is_told_and_a_silence_with_its_next_try() {
        let told = |skew_s| Way { skew_s, ..Way::default() }.warning(Language::En);
        let sentence = |words: &str| Some(format!("this host's clock is {words} the register's; set the clock"));
        for (skew_s, expected) in [
            (None, None),
            (Some(60), None),
            (Some(-60), None),
            (Some(61), sentence("61 s ahead of")),
            (Some(-3_600), sentence("3600 s behind")),
        ] {
            assert_eq!(told(skew_s), expected);
        }
        let next = "2024-06-02T00:17:36Z".to_owned();
        let since = Some("2024-06-01T10:00:00Z".parse().unwrap());
        let silent = Way::of(&ReachNote { silent_since: since, in_vain: 5, skew_s: None }, Some(&next));
        let told = (silent.silent_since.as_deref(), silent.in_vain, silent.next_try);
        assert_eq!(told, (Some("2024-06-01T10:00:00Z"), 5, Some(next.clone())));
        assert_eq!(Way::of(&ReachNote::default(), Some(&next)).next_try, None);
    }
}
