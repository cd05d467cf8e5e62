//! A request's tables built from a cut and packed.
//!
//! Promises: a table that cannot leave is told with its reason beside those that do; what the package states of the data set is the cut's
//! own. Must not know: who decides, who fetches.

use schemas::canonical::sha256_hex;
use schemas::codelist::CodeLists;
use schemas::language::Language;
use schemas::signed::SigningKey;

use super::asked::{Asked, asked};
use super::build::{BuildError, Built, Source};
use super::measure::{Kind, Measure};
use super::package::manifest::About;
use super::package::{PackageError, package};
use super::sheet::Sheet;
use crate::environment::Stamp;
use crate::request::Form;
use crate::store::StoreError;
use crate::store::release::Package;

/// Persons are told in steps of this, and not below it.
const STEP: u64 = 5;

/// Why nothing is delivered.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// A table of the request is none any more: the register's lists have changed since.
    #[error("table {0} is not registered any more: give the request back, so that it can be mended")]
    Table(usize),
    /// The tables could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Not one table may leave.
    #[error("no table of the request may leave: {0}")]
    Nothing(String),
    /// The files could not be made.
    #[error(transparent)]
    Package(#[from] PackageError),
}

impl From<StoreError> for Undelivered {
    fn from(error: StoreError) -> Self {
        Self::Build(error.into())
    }
}

/// Builds what a request states and packs it.
///
/// # Errors
/// Whatever keeps the whole from being made; nothing of it is a value of a person.
pub async fn deliver(
    source: &Source<'_>,
    (number, form): (u32, &Form),
    key: &SigningKey,
    stamp: impl Fn() -> Stamp,
) -> Result<Package, Undelivered> {
    let read = |(place, table)| asked(table, source.lists).map_err(|_| Undelivered::Table(place));
    let asked: Vec<Asked> = (1..).zip(&form.tables).map(read).collect::<Result<_, _>>()?;
    let built = source.build(&asked, Some(number), &stamp).await?;
    let made_at = stamp().at;
    let (mut sheets, mut refused) = (Vec::new(), Vec::new());
    for (place, Built { asked, table }) in (1..).zip(&built) {
        match table {
            Ok((release, table)) => {
                sheets.push(Sheet::of((place, *release), asked, table, decimals(asked, source.lists)));
            }
            Err(why) => refused.push((asked.crossing.clone(), why.to_string())),
        }
    }
    if sheets.is_empty() {
        let why = refused.first().map(|(_, why)| why.clone()).unwrap_or_default();
        return Err(Undelivered::Nothing(why));
    }
    let log = source.store.log_tail(0).await?;
    let about = About {
        request: number,
        project: form.title.clone(),
        cut: (source.cut.id(), source.cut.name.clone(), source.cut.made_at),
        cut_hash: source.cut.hash.clone(),
        lists: (source.lists.hash(), source.lists.thresholds().name),
        left_out: left_out(source.left_out().await?),
        audit: log.map(|log| (log.size, log.newest)),
        made_at,
        refused,
        definitions: definitions(&asked),
    };
    let bytes = package(&sheets, &about, &form.formats, key)?;
    Ok(Package { request: number, cut: source.cut.number, sha256: sha256_hex(&bytes), bytes, at: made_at })
}

/// Decimals of means on the instrument of a table: none on scales of a hundred and more.
pub(super) fn decimals(asked: &Asked, lists: &CodeLists) -> usize {
    let Measure::Scores { instrument, .. } = &asked.measure else { return 0 };
    lists.instrument(instrument).map_or(1, |known| usize::from(known.highest - known.lowest < 100.0))
}

/// How many persons are in no table, as far as it may be said.
fn left_out(persons: u64) -> String {
    match persons {
        few if few < STEP => format!("0-{}", STEP - 1),
        more => (more / STEP * STEP).to_string(),
    }
}

/// What is counted, each once.
fn definitions(asked: &[Asked]) -> Vec<(String, [String; 2], String)> {
    let mut known = std::collections::BTreeMap::new();
    for asked in asked {
        if let Measure::Scores { kind: Kind::Judged(measure), .. } = asked.measure {
            let meaning = [Language::Sv, Language::En].map(|language| measure.meaning.pick(language).to_owned());
            known.insert(measure.name, (measure.name.to_owned(), meaning, measure.formula.to_owned()));
        }
    }
    known.into_values().collect()
}
