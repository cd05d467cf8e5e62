//! What each disagreement of an account is told as: what does not agree, by how much, and what to do about it.
//!
//! Promises: Swedish and English say the same; counts only. Must not know: when a sentence is said.

use schemas::id::SenderCode;
use schemas::language::{Language, Text};
use schemas::record::Counted;
use serde::{Serialize, Serializer};

/// What is said of one sender.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) sender: &'a SenderCode,
}

impl Said<'_> {
    /// The terms of a cycle's line do not add up to what was found, which is so much more (or, below 0, less).
    pub(super) fn unbalanced(self, which: (u64, u32), counted: Counted, difference: i64) -> Text {
        let (sender, n, [sv, en]) = (self.sender, difference.unsigned_abs(), cycle(which));
        let (all, what) = match counted {
            Counted::Treatments => ("alla behandlingar", "treatments"),
            Counted::Answers => ("alla svar", "answers"),
        };
        let (more, than) = if difference > 0 { ("fler", "more") } else { ("färre", "less") };
        Text::made(
            format!(
                "{sv} redovisar inte {all}: de funna är {n} {more} än summan av vad som blev av dem; `registry-agent status` hos {sender} nämner vilka det gäller"
            ),
            format!(
                "{en} does not account for {what}: found is {n} {than} than its terms; `registry-agent status` of {sender} names those behind it"
            ),
        )
    }

    /// The sender counts more as accepted than the register's receipts do.
    pub(super) fn beyond_receipts(self, which: (u64, u32), told: u64, receipts: u64) -> Text {
        let (sender, [sv, en]) = (self.sender, cycle(which));
        Text::made(
            format!(
                "{sender} uppger att {told} behandlingar har godkänts sedan {sv}, registrets kvitton säger {receipts}; kör `registry-agent reconcile` där"
            ),
            format!(
                "{sender} says that {told} treatments were accepted since {en}, this register's receipts say {receipts}; run `registry-agent reconcile` there"
            ),
        )
    }

    /// The register holds another number than its own receipts and erasures come to.
    pub(super) fn behind_the_back(self, expected: u64, active: u64) -> Text {
        let sender = self.sender;
        Text::made(
            format!(
                "registrets kvitton och raderingar för {sender} ger {expected} behandlingar, men här finns {active}: rader har tillkommit eller försvunnit utan att registret gjorde det; kör `registry-agent reconcile` där"
            ),
            format!(
                "this register's receipts and erasures for {sender} come to {expected} treatments, but it holds {active}: rows came or went behind its back; run `registry-agent reconcile` there"
            ),
        )
    }

    /// The sender compared both ends, RFC 3339, and they differ.
    pub(super) fn compared(self, at: &str) -> Text {
        let sender = self.sender;
        Text::made(
            format!(
                "{sender} jämförde {at} och fann att det som levererats inte är det som finns här; kör `registry-agent reconcile` där"
            ),
            format!(
                "{sender} found at {at} that what it delivered is not what is here; run `registry-agent reconcile` there"
            ),
        )
    }

    /// So many treatments that the sender counts as delivered are not here.
    pub(super) fn missing(self, missing: u64) -> Text {
        let sender = self.sender;
        Text::made(
            format!(
                "{missing} av de behandlingar som {sender} räknar som levererade saknas här; kör `registry-agent reconcile` där"
            ),
            format!(
                "{missing} of the treatments that {sender} counts as delivered are missing here; run `registry-agent reconcile` there"
            ),
        )
    }
}

fn cycle((cycle, generation): (u64, u32)) -> [String; 2] {
    [format!("körning {cycle} i generation {generation}"), format!("cycle {cycle} of generation {generation}")]
}

/// Machine output has no language.
pub(super) fn in_english<S: Serializer>(sentences: &[Text], serializer: S) -> Result<S::Ok, S::Error> {
    let english: Vec<&str> = sentences.iter().map(|sentence| sentence.pick(Language::En)).collect();
    english.serialize(serializer)
}
