//! An account as it is shown: as one document, or in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemas::record::{Counted, Reading, Sum, Term, Terms};
use serde::Serialize;

use super::{Account, Unbalanced};
use schemas::language::Language;

/// An account put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The cycle's number.
    pub cycle: u64,
    /// When it began, RFC 3339 UTC.
    pub started_at: String,
    /// `full`: the account covers everything that the sources hold; `increment`: what this cycle read.
    pub reading: Reading,
    /// Treatments.
    pub treatments: Sum,
    /// Answers.
    pub answers: Sum,
    /// The same by month of the end; left out where only the sums are wanted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub months: BTreeMap<String, Month>,
    /// The treatments behind a difference, the first of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unbalanced: Vec<Unbalanced>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are documented at Shown")]
pub struct Month {
    pub treatments: Sum,
    pub answers: Sum,
}

impl Shown {
    /// The sums of an account.
    #[must_use]
    pub fn of(account: &Account, unbalanced: Vec<Unbalanced>) -> Self {
        let (treatments, answers) = (account.sum(Counted::Treatments), account.sum(Counted::Answers));
        let Account { cycle, started_at, reading, .. } = account;
        let (cycle, started_at, months) = (*cycle, started_at.clone(), BTreeMap::new());
        Self { cycle, started_at, reading: *reading, treatments, answers, months, unbalanced }
    }

    /// The same with each month.
    #[must_use]
    pub fn with_months(mut self, account: &Account) -> Self {
        let mut answers = account.months(Counted::Answers);
        for (month, treatments) in account.months(Counted::Treatments) {
            let answers = answers.remove(month).unwrap_or_default();
            self.months.insert(month.to_owned(), Month { treatments, answers });
        }
        for (month, answers) in answers {
            self.months.insert(month.to_owned(), Month { treatments: Sum::default(), answers });
        }
        self
    }

    /// Whether everything that was found is in one place.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.unbalanced.is_empty() && self.treatments.terms.difference == 0 && self.answers.terms.difference == 0
    }

    /// The lines in words: what was read, treatments, answers; with a difference who is behind it.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let what = match self.reading {
            Reading::Full => language.pick("hela källan", "the whole source"),
            Reading::Increment => language.pick("senaste ändringarna", "the newest changes"),
        };
        let treatments = line(&self.treatments, language.pick("behandlingar", "treatments"), language);
        let answers = line(&self.answers, language.pick("skattningar", "self-ratings"), language);
        let mut text = format!("{what}: {treatments}\n{what}: {answers}\n");
        for one in &self.unbalanced {
            writeln!(text, "  {}", behind(one, language)).ok();
        }
        text
    }
}

fn line(sum: &Sum, counted: &str, language: Language) -> String {
    let Terms { found, accepted, unchanged, rejected, held, excluded, pending, difference } = &sum.terms;
    let terms = [
        (accepted, Term::Accepted),
        (unchanged, Term::Unchanged),
        (rejected, Term::Rejected),
        (held, Term::Held),
        (excluded, Term::Excluded),
        (pending, Term::Pending),
    ];
    let terms: Vec<String> = terms.into_iter().map(|(n, term)| format!("{n} {}", word(term, language))).collect();
    let equals = if *difference == 0 {
        "=".to_owned()
    } else {
        format!("({} {difference})", language.pick("skillnad", "difference"))
    };
    format!("{found} {counted} {} {equals} {}", language.pick("hittade", "found"), terms.join(" + "))
}

fn word(term: Term, language: Language) -> &'static str {
    match term {
        Term::Accepted => language.pick("mottagna", "accepted"),
        Term::Unchanged => language.pick("oförändrade", "unchanged"),
        Term::Rejected => language.pick("avvisade", "rejected"),
        Term::Held => language.pick("kvarhållna", "held"),
        Term::Excluded => language.pick("utanför registret", "not for the register"),
        Term::Pending => language.pick("väntar på kvitto", "waiting for a receipt"),
    }
}

/// Where a treatment stands and where not.
fn behind(one: &Unbalanced, language: Language) -> String {
    let terms: Vec<&str> = one.terms.iter().map(|term| word(*term, language)).collect();
    let found = if one.found {
        language.pick("hittades", "was found")
    } else {
        language.pick("hittades inte", "was not found")
    };
    let stands = match terms.as_slice() {
        [] => language.pick("står ingenstans", "stands nowhere").to_owned(),
        terms => format!("{} {}", language.pick("står som", "stands as"), terms.join(language.pick(" och ", " and "))),
    };
    let answers = if one.found && one.terms.len() == 1 {
        language.pick("; dess skattningar går inte ihop", "; its self-ratings do not add up")
    } else {
        ""
    };
    format!("{} {found}, {stands}{answers}", one.treatment)
}
