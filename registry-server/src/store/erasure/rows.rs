//! Rows of cases and extracts, and what they mean; the same for every engine.
//!
//! Promises: pure; a row that cannot be this program's is an error that names it.

use std::collections::HashMap;

use jiff::civil::Date;
use schemas::contact::OpenCase;
use schemas::id::{SenderCode, Version};

use super::barred::version;
use super::{Affairs, Case, CaseStep, Disclosure, Document, Ledger, read_answer};
use crate::store::StoreError;

/// Number, deadline and day of opening of a case.
pub(crate) type OpenRow = (i64, String, String);
/// Number, day of opening, deadline, note and day of closing of a case.
pub(crate) type CaseRow = (i64, String, String, Option<String>, Option<String>);
/// Sender, number, answer and time of an answer to a case.
pub(crate) type AnswerRow = (String, i64, String, String);
/// Sender, number, time, persons, found persons and treatments of an extract.
pub(crate) type DisclosureRow = (String, i64, String, i64, i64, i64);

/// Internal id, key, generation, counter, time of the first version, and document of a treatment.
pub(crate) type DocumentRow = (i64, String, i64, i64, Option<String>, String);
/// Treatment, generation and counter of a replaced version, and when it was replaced.
pub(crate) type HistoryRow = (i64, i64, i64, String);

/// Treatments with the versions that they replaced.
pub(crate) fn documents(treatments: Vec<DocumentRow>, history: Vec<HistoryRow>) -> Result<Vec<Document>, StoreError> {
    let mut replaced: HashMap<i64, Vec<(Version, String)>> = HashMap::new();
    for (id, generation, counter, at) in history {
        replaced.entry(id).or_default().push((version("history", generation, counter)?, at));
    }
    let document = |(id, key, generation, counter, first_received, content): DocumentRow| {
        let (version, replaced) =
            (version("treatment", generation, counter)?, replaced.remove(&id).unwrap_or_default());
        Ok(Document { key, version, first_received, replaced, content })
    };
    treatments.into_iter().map(document).collect()
}

/// The word of a step in the audit log.
pub(crate) fn step(step: &CaseStep) -> &'static str {
    match step {
        CaseStep::Open { .. } => "opened",
        CaseStep::Answer { .. } => "answered",
        CaseStep::Close { .. } => "closed",
    }
}

/// Who takes a step; nothing for the register itself.
pub(crate) fn sender(step: &CaseStep) -> Option<&SenderCode> {
    match step {
        CaseStep::Answer { sender, .. } => Some(sender),
        CaseStep::Open { .. } | CaseStep::Close { .. } => None,
    }
}

/// What a sender is told.
pub(crate) fn affairs((withdrawn, replaces): (i64, Option<i64>), open: Vec<OpenRow>) -> Result<Affairs, StoreError> {
    let case = |(number, deadline, opened_on): OpenRow| {
        let (deadline, opened_on) = (date("deadline", number, &deadline)?, date("opened_on", number, &opened_on)?);
        Ok(OpenCase { number: self::number("case_file", number)?, deadline, opened_on })
    };
    let cases = open.into_iter().map(case).collect::<Result<_, StoreError>>()?;
    let count = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok(Affairs { withdrawn: count(withdrawn), cases, replaces: replaces.map(count) })
}

/// Cases with their answers, and extracts.
pub(crate) fn ledger(
    cases: Vec<CaseRow>,
    answers: Vec<AnswerRow>,
    disclosures: Vec<DisclosureRow>,
) -> Result<Ledger, StoreError> {
    let case = |(number, opened_on, deadline, note, closed_on): CaseRow| {
        Ok(Case {
            number: self::number("case_file", number)?,
            opened_on: date("opened_on", number, &opened_on)?,
            deadline: date("deadline", number, &deadline)?,
            note,
            closed_on: closed_on.map(|day| date("closed_on", number, &day)).transpose()?,
            answers: Vec::new(),
        })
    };
    let mut cases: Vec<Case> = cases.into_iter().map(case).collect::<Result<_, StoreError>>()?;
    for (sender, number, answer, at) in answers {
        let wrong = |column| StoreError::Inconsistent { table: "case_answer", column, id: number };
        let sender = sender.parse().map_err(|_| wrong("sender"))?;
        let answer = read_answer(&answer).ok_or_else(|| wrong("answer"))?;
        let number = self::number("case_answer", number)?;
        let case = cases.iter_mut().find(|case| case.number == number).ok_or_else(|| wrong("number"))?;
        case.answers.push((sender, answer, at));
    }
    let disclosure = |(sender, number, at, persons, found, documents): DisclosureRow| {
        let wrong = |column| StoreError::Inconsistent { table: "disclosure_log", column, id: number };
        Ok(Disclosure {
            sender: sender.parse().map_err(|_| wrong("sender"))?,
            at,
            persons: self::number("disclosure_log", persons)?,
            found: self::number("disclosure_log", found)?,
            documents: self::number("disclosure_log", documents)?,
        })
    };
    Ok(Ledger { cases, disclosures: disclosures.into_iter().map(disclosure).collect::<Result<_, StoreError>>()? })
}

/// A number of the tables.
pub(crate) fn number(table: &'static str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::Inconsistent { table, column: "number", id: number })
}

fn date(column: &'static str, number: i64, text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Inconsistent { table: "case_file", column, id: number })
}
