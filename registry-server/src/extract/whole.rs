//! How whole a frozen data set is: the coverage of each region, and the share of second scores that is missing on each instrument.
//!
//! Promises: whole per cent of counts rounded to a multiple of five, or a mark where they would tell of few; what was stated of a data set
//! once is stated of it for ever; a share whose counts differ by fewer than five from those of another data set, older or newer, is what it is
//! there, so that no two of them tell of somebody who came or left. Source: disclosure, sections 4, 5, 8 and 10. Must not know: how it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use schemas::codelist::CodeLists;
use schemas::language::{Language, Text};
use serde::{Deserialize, Serialize};

use super::build::{BuildError, Source};
use super::sheet::{HIDDEN, NOT_REPORTED};
use super::value::Names;
use crate::aggregate::dimension::Dimension;
use crate::disclose::{BASE, FEW, FEW_WITH_OUTCOMES};
use crate::figure::Figure;
use crate::outcome::Comparison;
use crate::report::parameters::Parameters;
use crate::report::{self, Report, ReportData, ReportName};
use crate::store::Store;

/// What is stated, with the fewest treatments that a share is stated of.
pub(crate) static STATEMENTS: [Statement; 3] = [
    Statement {
        name: "coverage",
        by: "region",
        least: FEW,
        title: Text::fixed("Täckningsgrad", "Coverage"),
        meaning: Text::fixed(
            "Andelen av alla avslutade behandlingar som finns i registret, enligt en källa utanför registret.",
            "The share of all ended treatments that is in the register, by a source outside it.",
        ),
    },
    Statement {
        name: "transfer",
        by: "region",
        least: FEW,
        title: Text::fixed("Överföringsgrad", "Transfer rate"),
        meaning: Text::fixed(
            "Andelen av de behandlingar som avsändaren själv räknat som finns i registret.",
            "The share of the treatments that the sender counts itself that is in the register.",
        ),
    },
    Statement {
        name: "missing_second",
        by: "instrument",
        least: FEW_WITH_OUTCOMES,
        title: Text::fixed("Saknad andra skattning", "Missing second score"),
        meaning: Text::fixed(
            "Andelen behandlingar med en skattning före och ingen efter.",
            "The share of treatments with a score before and none after.",
        ),
    },
];

/// A share that is stated of regions or instruments.
#[derive(Debug)]
pub struct Statement {
    /// Its name in files.
    pub name: &'static str,
    /// What each of its shares is of: a region or an instrument.
    pub by: &'static str,
    least: u64,
    /// What people call it.
    pub title: Text,
    /// What it means.
    pub meaning: Text,
}

/// What is told of a region or an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// Whole per cent.
    Percent(u8),
    /// It would tell of few.
    Hidden,
    /// Nobody tells what it is a share of.
    Untold,
}

/// A share with what it was made of, which is a secret of the register.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Share {
    counts: (u64, u64),
    said: Said,
}

/// Everything that is stated of a cut, by statement and code.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Whole(BTreeMap<String, BTreeMap<String, Share>>);

/// A statement with its lines.
#[derive(Debug, Clone)]
pub struct Stated {
    /// What it is a share of.
    pub statement: &'static Statement,
    /// Code, what people call it, and what is told of it.
    pub lines: Vec<(String, Text, Said)>,
}

impl Said {
    /// As it is read.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        match self {
            Self::Percent(percent) => language.pick(format!("{percent} procent"), format!("{percent} per cent")),
            Self::Hidden => HIDDEN.to_owned(),
            Self::Untold => NOT_REPORTED.to_owned(),
        }
    }

    /// Of the first of these counts among the second.
    fn of((some, all): (u64, u64), least: u64) -> Self {
        if all == 0 {
            return Self::Untold;
        }
        // A share of nearly nobody or nearly everybody tells of each of them.
        if some < least || all.saturating_sub(some) < least {
            return Self::Hidden;
        }
        let nearest = |count: u64| (count + BASE / 2) / BASE * BASE;
        let percent = (200 * nearest(some) + nearest(all)) / (2 * nearest(all));
        u8::try_from(percent).ok().filter(|percent| *percent <= 100).map_or(Self::Hidden, Self::Percent)
    }
}

impl Share {
    /// As it is, or as it was stated first of those known that it is near to.
    fn new<'k>(counts: (u64, u64), least: u64, known: impl IntoIterator<Item = &'k Self>) -> Self {
        let is_near =
            |known: &&Self| counts.0.abs_diff(known.counts.0) < FEW && counts.1.abs_diff(known.counts.1) < FEW;
        known.into_iter().find(is_near).cloned().unwrap_or_else(|| Self { counts, said: Said::of(counts, least) })
    }
}

/// What is stated of a cut; worked out and kept when it is asked for first.
///
/// # Errors
/// The cut, or what was stated of one, cannot be read.
pub async fn stated(source: &Source<'_>, at: Timestamp) -> Result<Vec<Stated>, BuildError> {
    let number = source.cut.number;
    if let Some(known) = source.store.statement(number).await? {
        return read(&known, source.lists);
    }
    let known = others(source.store, number).await?;
    let made = made(source, &known).await?;
    let text = serde_json::to_string(&made).map_err(|_| BuildError::Statement)?;
    read(&source.store.keep_statement(number, &text, at).await?, source.lists)
}

/// What is stated of the newest cut of which anything is; nothing where nothing is yet.
///
/// # Errors
/// What was stated cannot be read.
pub async fn newest(store: &dyn Store, lists: &CodeLists) -> Result<Option<(String, Vec<Stated>)>, BuildError> {
    for cut in store.cuts().await?.into_iter().rev() {
        if let Some(known) = store.statement(cut.number).await? {
            return Ok(Some((cut.id(), read(&known, lists)?)));
        }
    }
    Ok(None)
}

/// What is stated of every other cut, in the order in which it binds this one.
async fn others(store: &dyn Store, number: u32) -> Result<Vec<Whole>, BuildError> {
    let mut known = Vec::new();
    for other in nearest(number, store.cuts().await?.iter().map(|cut| cut.number).collect()) {
        if let Some(text) = store.statement(other).await? {
            known.push(serde_json::from_str(&text).map_err(|_| BuildError::Statement)?);
        }
    }
    Ok(known)
}

/// The other cuts: those before from the newest on, then those after from the oldest on, of which something may be stated already.
fn nearest(number: u32, mut cuts: Vec<u32>) -> Vec<u32> {
    cuts.sort_unstable();
    let (mut before, after): (Vec<u32>, Vec<u32>) =
        cuts.into_iter().filter(|other| *other != number).partition(|other| *other < number);
    before.reverse();
    before.extend(after);
    before
}

fn read(kept: &str, lists: &CodeLists) -> Result<Vec<Stated>, BuildError> {
    let Whole(whole) = serde_json::from_str(kept).map_err(|_| BuildError::Statement)?;
    let names = Names::of(lists);
    let stated = |statement: &'static Statement| {
        let shares = whole.get(statement.name).into_iter().flatten();
        let line = |(code, share): (&String, &Share)| (code.clone(), names.of_code(statement.by, code), share.said);
        Stated { statement, lines: shares.map(line).collect() }
    };
    Ok(STATEMENTS.iter().map(stated).collect())
}

async fn made(source: &Source<'_>, known: &[Whole]) -> Result<Whole, BuildError> {
    let by_region = Parameters { by: vec![Dimension::Region], ..Parameters::default() };
    let paired = Parameters { comparison: Some(Comparison::Paired), ..Parameters::default() };
    let coverage = report(source, ("coverage", &by_region)).await?;
    let outcomes = report(source, ("outcomes", &paired)).await?;
    let shares = |statement: &Statement| {
        let report = if statement.by == "region" { &coverage } else { &outcomes };
        let share = |row: &Vec<Figure>| {
            let code = value(report, row, statement.by)?.code()?.to_owned();
            if is_of_others(report, row) {
                return None;
            }
            let known = known.iter().filter_map(|whole| whole.0.get(statement.name)?.get(&code));
            let share = Share::new(counts(report, row, statement), statement.least, known);
            Some((code, share))
        };
        (statement.name.to_owned(), report.rows.iter().filter_map(share).collect())
    };
    Ok(Whole(STATEMENTS.iter().map(shares).collect()))
}

/// Whether a row is of another comparison than of the second score with the first.
fn is_of_others(report: &Report, row: &[Figure]) -> bool {
    let comparison = value(report, row, "comparison").and_then(Figure::code);
    comparison.is_some_and(|comparison| comparison != Comparison::Paired.to_string())
}

/// What a share is made of in a row of its report; nothing of nothing where the report gives none.
fn counts(report: &Report, row: &[Figure], statement: &Statement) -> (u64, u64) {
    let count =
        |name: &str| if let Some(Figure::Count(count)) = value(report, row, name) { Some(*count) } else { None };
    let counts = match statement.name {
        "missing_second" => {
            count("n_pre").zip(count("n_paired")).map(|(all, paired)| (all.saturating_sub(paired), all))
        }
        stem => count(&format!("{stem}_n")).zip(count(&format!("{stem}_d"))),
    };
    counts.unwrap_or_default()
}

fn value<'r>(report: &Report, row: &'r [Figure], column: &str) -> Option<&'r Figure> {
    row.get(report.columns.iter().position(|name| name == column)?)
}

async fn report(source: &Source<'_>, (name, parameters): (&str, &Parameters)) -> Result<Report, BuildError> {
    let name: ReportName = name.parse().map_err(|_| BuildError::Statement)?;
    let facts = Arc::new(source.store.facts_of(source.cut.number, &name.parts(parameters)).await?);
    let (lists, thresholds, as_of) = (source.lists, source.lists.thresholds(), source.cut.made_at);
    let data = ReportData { facts, lists, thresholds, as_of };
    report::build(name, &data, parameters).map_err(|_| BuildError::Statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_whole_per_cent_of_rounded_counts_and_a_mark_where_it_would_tell_of_few() {
        for (counts, said) in [
            ((0, 0), Said::Untold),
            ((4, 100), Said::Hidden),
            ((96, 100), Said::Hidden),
            ((100, 100), Said::Hidden),
            ((101, 100), Said::Hidden),
            ((0, 100), Said::Hidden),
            ((5, 100), Said::Percent(5)),
            ((93, 201), Said::Percent(48)),
            ((1801, 1998), Said::Percent(90)),
        ] {
            assert_eq!(Said::of(counts, 5), said, "{counts:?}");
        }
        assert_eq!(Said::of((93, 201), 5), Said::of((95, 199), 5), "of what is printed, and no more exactly");
        assert_eq!(Said::of((9, 100), 10), Said::Hidden);
    }

    #[test]
    fn a_share_stays_as_it_was_until_five_came_or_left() {
        let first = Share::new((52, 100), 5, None);
        assert_eq!(first.said, Said::Percent(50));
        let second = Share::new((53, 101), 5, Some(&first));
        assert!(second == first && Said::of((53, 101), 5) == Said::Percent(55), "alone it would be another figure");
        let third = Share::new((57, 105), 5, Some(&second));
        assert_eq!(third.said, Said::of((57, 105), 5), "five came since it was worked out");
    }

    #[test]
    fn what_is_stated_of_an_older_data_set_after_a_newer_one_is_held_against_the_newer_one() {
        assert_eq!(nearest(3, vec![1, 2, 3, 4, 5]), [2, 1, 4, 5]);
        let newer = Share::new((52, 100), 5, None);
        let older = Share::new((53, 101), 5, [&newer]);
        assert!(older == newer && Said::of((53, 101), 5) != newer.said, "one who left in between is not told of");
        let far = Share::new((152, 200), 5, None);
        let third = Share::new((54, 102), 5, [&far, &newer]);
        assert!(third == newer, "also where another is nearer in time");
    }
}
