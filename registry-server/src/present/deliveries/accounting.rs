//! A sender's accounting down to its root: every term of its line, the months in which both ends differ, and what decided.
//!
//! Promises: the terms stand in the order of the sum that they make, and a month is left out only where nothing differs; counts only.

use std::collections::{BTreeMap, BTreeSet};

use schemas::language::Language;
use schemas::record::{Sum, Term, Terms};

use super::count;
use super::course::rule_text;
use crate::account::{Account, Cycle};

/// Months that are shown, the newest of them.
const MONTHS: usize = 24;

/// What a sender's page tells of its accounting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// What does not agree, a sentence each.
    pub(super) sentences: Vec<String>,
    /// What was read and counted, and its terms.
    pub(super) lines: Vec<(String, Vec<String>)>,
    /// The line of the newest reading of everything by month, where something differs.
    pub(super) months: Vec<Month>,
    /// What did not come, and the rule that decided.
    pub(super) reasons: Vec<Reason>,
    /// The newest run read changes only, and has a column of its own.
    pub(super) has_changes: bool,
}

/// What a rule decided on, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// Treatments or answers, and what became of them.
    pub(super) what: String,
    /// The rule.
    pub(super) rule: String,
    /// What it says.
    pub(super) text: String,
    /// How many of everything in the source.
    pub(super) of_all: String,
    /// How many of the changes that the newest run read.
    pub(super) of_changes: String,
}

/// A month in which something differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Month {
    /// `YYYY-MM` of the treatments' ends.
    pub(super) name: String,
    /// What the sender found and is in no term.
    pub(super) difference: String,
    /// What it counts as delivered.
    pub(super) delivered: String,
    /// What is active here.
    pub(super) here: String,
}

/// What a sender's page tells of its accounting.
pub(super) fn told(account: &Account, language: Language) -> Told {
    Told {
        sentences: sentences(account, language),
        lines: account.full.iter().chain(&account.newest).flat_map(|cycle| lines(cycle, language)).collect(),
        months: account.full.as_ref().map(|full| months(full, account, language)).unwrap_or_default(),
        reasons: reasons(account, language),
        has_changes: account.newest.is_some(),
    }
}

/// What rules decided in the newest reading of everything, and in the newest run where that read changes only.
fn reasons(account: &Account, language: Language) -> Vec<Reason> {
    let mut counts: BTreeMap<(bool, Term, &str), [u64; 2]> = BTreeMap::new();
    for (place, cycle) in [&account.full, &account.newest].into_iter().enumerate() {
        let sums = cycle.iter().flat_map(|cycle| [(false, &cycle.treatments), (true, &cycle.answers)]);
        for (is_answer, reason) in sums.flat_map(|(is, sum)| sum.reasons.iter().map(move |reason| (is, reason))) {
            counts.entry((is_answer, reason.term, &reason.rule)).or_default()[place] += reason.n;
        }
    }
    let told = |((is_answer, term, rule), [of_all, of_changes]): ((bool, Term, &str), [u64; 2])| {
        let counted = if is_answer { ("Svar", "Answers") } else { ("Behandlingar", "Treatments") };
        Reason {
            what: format!("{} {}", language.pick(counted.0, counted.1), term_name(term, language)),
            rule: rule.to_owned(),
            text: rule_text(rule, language),
            of_all: count(language, of_all),
            of_changes: count(language, of_changes),
        }
    };
    counts.into_iter().map(told).collect()
}

/// What a cycle held in the region: the rule, and whether of treatments or answers, what it says, how many.
pub(super) fn held(cycle: &Cycle, language: Language) -> Vec<(String, Vec<String>)> {
    let sums = [
        (language.pick("Behandlingar", "Treatments"), &cycle.treatments),
        (language.pick("Svar", "Answers"), &cycle.answers),
    ];
    let reasons = sums.into_iter().flat_map(|(what, sum)| sum.reasons.iter().map(move |reason| (what, reason)));
    let held = reasons.filter(|(_, reason)| reason.term == Term::Held);
    held.map(|(what, reason)| {
        let cells = vec![what.to_owned(), rule_text(&reason.rule, language), count(language, reason.n)];
        (reason.rule.clone(), cells)
    })
    .collect()
}

/// What does not agree, a sentence each.
pub(super) fn sentences(account: &Account, language: Language) -> Vec<String> {
    account.sentences.iter().map(|sentence| sentence.pick(language).to_owned()).collect()
}

/// What was found, the terms that this should be the sum of, and what is left over.
pub(super) fn terms(terms: &Terms, language: Language) -> Vec<String> {
    let Terms { found, accepted, unchanged, rejected, held, excluded, pending, difference } = *terms;
    let counts = [found, accepted, unchanged, rejected, held, excluded, pending].map(|n| count(language, n));
    counts.into_iter().chain([signed(language, difference)]).collect()
}

/// A cycle's treatments, then its answers.
fn lines(cycle: &Cycle, language: Language) -> [(String, Vec<String>); 2] {
    use schemas::record::Reading;
    let reading = match cycle.reading {
        Reading::Full => language.pick("allt lästes", "everything was read"),
        Reading::Increment => language.pick("ändringar lästes", "changes were read"),
    };
    let (run, number) = (language.pick("körning", "run"), cycle.cycle);
    let line = |what: &str, sum: &Sum| (format!("{what}, {reading} ({run} {number})"), terms(&sum.terms, language));
    [
        line(language.pick("Behandlingar", "Treatments"), &cycle.treatments),
        line(language.pick("Svar", "Answers"), &cycle.answers),
    ]
}

fn months(full: &Cycle, account: &Account, language: Language) -> Vec<Month> {
    let names: BTreeSet<&String> = full.months.keys().chain(account.here.months.keys()).collect();
    let month = |name: &String| {
        let terms = full.months.get(name).copied().unwrap_or_default();
        let (delivered, here) =
            (terms.accepted + terms.unchanged, account.here.months.get(name).copied().unwrap_or_default());
        (terms.difference != 0 || delivered != here).then(|| Month {
            name: name.clone(),
            difference: signed(language, terms.difference),
            delivered: count(language, delivered),
            here: count(language, here),
        })
    };
    names.into_iter().rev().filter_map(month).take(MONTHS).collect()
}

fn signed(language: Language, number: i64) -> String {
    language.number(number as f64, 0)
}

fn term_name(term: Term, language: Language) -> &'static str {
    match term {
        Term::Held => language.pick("kvar i regionen", "held in the region"),
        Term::Rejected => language.pick("avvisade", "rejected"),
        Term::Excluded => language.pick("ska inte med", "not to be sent"),
        Term::Pending => language.pick("väntar på kvitto", "waiting for a receipt"),
        Term::Accepted => language.pick("godkända", "accepted"),
        Term::Unchanged => language.pick("oförändrade", "unchanged"),
    }
}
