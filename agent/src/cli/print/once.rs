//! What a cycle came to, in words for a terminal.
//!
//! Promises: every count that the document holds is told, found ones first, with the rules behind it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Once;
use crate::outbox::{Tally, Term};
use crate::push::Delivered;
use crate::release;
use crate::vanished;
use schemas::contact::SKEW_TOLD_S;
use schemas::language::Language;

/// The terms in the order in which they are told.
const TERMS: [Term; 8] = [
    Term::Found,
    Term::Queued,
    Term::Retracted,
    Term::Unchanged,
    Term::Excluded,
    Term::Held,
    Term::AnswerHeld,
    Term::Warning,
];

/// The whole outcome.
pub(super) fn text(once: &Once, delivered: &Delivered, language: Language) -> String {
    let pick = |sv: String, en: String| language.pick(sv, en);
    let mut text = match language {
        Language::Sv => format!("körning {}, innehåll {}\n", once.cycle, once.payload_sha256),
        Language::En => format!("cycle {}, payload {}\n", once.cycle, once.payload_sha256),
    };
    for Count { words, n, rules } in counts(&once.tally, language) {
        writeln!(text, "  {n:>7} {words}").ok();
        for (rule, n) in rules.into_iter().flatten() {
            writeln!(text, "          {n:>7} {rule}: {}", vanished::because(rule, language)).ok();
        }
    }
    let n = once.records_delivered;
    writeln!(
        text,
        "{}; {}",
        pick(format!("{n} poster levererade"), format!("{n} records delivered")),
        end(once, delivered, language)
    )
    .ok();
    let list = "`registry-agent held list`";
    for (n, sv, en) in [
        (once.held_in_all, "rader hålls kvar sammanlagt", "rows are held in all"),
        (once.rejected_in_all, "poster avvisas av registret", "records are rejected by the register"),
    ] {
        if n > 0 {
            writeln!(text, "{}", pick(format!("{n} {sv}; {list} visar varför"), format!("{n} {en}; {list} tells why")))
                .ok();
        }
    }
    for sentence in once.erased.sentence(language).into_iter().chain(once.leaving.sentences(language)) {
        writeln!(text, "{sentence}").ok();
    }
    for account in &once.accounting {
        text.push_str(&account.text(language));
    }
    let n = once.vanished_waiting;
    if n > 0 {
        let list = "`registry-agent vanished list`";
        let sv = format!("{n} behandlingar har försvunnit ur källan och väntar på beslut; {list} visar vilka");
        let en = format!("{n} treatments vanished from the source and wait for a decision; {list} tells which");
        writeln!(text, "{}", pick(sv, en)).ok();
    }
    if let Some(skew) = once.skew_s.filter(|skew| skew.abs() > SKEW_TOLD_S) {
        let (sv, en) = (
            format!("går {skew} s fel mot registrets; ställ klockan"),
            format!("is {skew} s from the register's; set the clock"),
        );
        writeln!(text, "{}", pick(format!("den här datorns klocka {sv}"), format!("this host's clock {en}"))).ok();
    }
    text
}

/// One count.
pub(super) struct Count<'a> {
    /// What is counted, in words.
    pub(super) words: &'static str,
    /// How many.
    pub(super) n: u64,
    /// How many by which rule, where rules decided.
    rules: Option<&'a BTreeMap<String, u64>>,
}

/// Each count of a cycle.
pub(super) fn counts(tally: &Tally, language: Language) -> Vec<Count<'_>> {
    let told = |term: Term| {
        let n = *tally.counts.get(term.word())?;
        Some(Count { words: words(term, language), n, rules: tally.by_rule.get(term.word()) })
    };
    TERMS.into_iter().filter_map(told).collect()
}

fn words(term: Term, language: Language) -> &'static str {
    let (sv, en) = match term {
        Term::Found => ("hittade", "found"),
        Term::Queued => ("köade för leverans", "queued"),
        Term::Retracted => ("återtas", "taken back"),
        Term::Unchanged => ("oförändrade, skickas inte", "unchanged, not sent"),
        Term::Excluded => ("ingår inte i registret", "not for the register"),
        Term::Held => ("hålls kvar", "held"),
        Term::AnswerHeld => ("skattningar hålls kvar", "self-ratings held"),
        Term::Warning => ("valfria fält utelämnas", "optional fields left out"),
    };
    language.pick(sv, en)
}

/// How the delivery ended. A sentence of the register or of the network stays in the language that it came in.
fn end(once: &Once, delivered: &Delivered, language: Language) -> String {
    let swedish = match delivered {
        Delivered::Everything => "allt som köats är levererat".to_owned(),
        Delivered::Refused(_, sentence) => format!("leveransen avbröts: {sentence}"),
        Delivered::Later(sentence) => format!("kön väntar: {sentence}"),
        Delivered::Frozen(hash) => release::waits(hash, language),
        Delivered::BegunAnew => {
            "registret minns senare versioner än denna tillståndskatalog; kör en gång till så skickas allt på nytt"
                .to_owned()
        }
    };
    language.pick(swedish, once.delivery.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_of_the_document_is_told_in_both_languages() {
        let mut tally = Tally::default();
        for (n, term) in (100..).zip(TERMS) {
            tally.add(term.word(), "", n);
        }
        for language in [Language::Sv, Language::En] {
            let told: u64 = counts(&tally, language).iter().map(|count| count.n).sum();
            assert_eq!(told, tally.counts.values().sum::<u64>());
        }
        tally.add("unheard-of", "", 1);
        assert_ne!(counts(&tally, Language::En).len(), tally.counts.len(), "a term that is not told is noticed");
    }
}
