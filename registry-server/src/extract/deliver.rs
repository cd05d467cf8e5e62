//! A request's tables built from a cut and packed.
//!
//! Promises: a table that cannot leave is told with its reason beside those that do; what the package states of the data set is the cut's
//! own. Must not know: who decides, who fetches.

use schemas::canonical::sha256_hex;
use schemas::language::{Language, Text};
use schemas::signed::SigningKey;

use super::asked::{Asked, asked};
use super::build::{BuildError, Built, Source, Told};
use super::measure::{Kind, Measure};
use super::package::manifest::{About, Definition, Refused};
use super::package::{PackageError, package};
use super::sheet::Sheet;
use super::whole::stated;
use super::words;
use crate::environment::Stamp;
use crate::request::Form;
use crate::store::StoreError;
use crate::store::release::Package;

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
    #[error("no table of the request may leave: {}", .0.pick(Language::En))]
    Nothing(Text),
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
    (key, told): (&SigningKey, Told<'_>),
    stamp: impl Fn() -> Stamp,
) -> Result<Package, Undelivered> {
    let read = |(place, table)| asked(table, source.lists).map_err(|_| Undelivered::Table(place));
    let asked: Vec<Asked> = (1..).zip(&form.tables).map(read).collect::<Result<_, _>>()?;
    let built = source.build_telling((&asked, told), Some(number), &stamp).await?;
    let made_at = stamp().at;
    let (mut sheets, mut refused) = (Vec::new(), Vec::new());
    for (place, Built { asked, table }) in (1..).zip(&built) {
        match table {
            Ok((release, table)) => {
                sheets.push(Sheet::of((place, *release), asked, table, source.lists));
            }
            Err(why) => refused.push(Refused {
                asked: asked.crossing.clone(),
                title: words::of_table(&asked.measure, (&asked.crossing, &asked.crossing)),
                why: words::of_refusal(*why),
            }),
        }
    }
    if sheets.is_empty() {
        let why = refused.into_iter().next().map(|one| one.why);
        return Err(Undelivered::Nothing(why.unwrap_or(Text::fixed("begäran har inga tabeller", "it has no tables"))));
    }
    let log = source.store.log_tail(0).await?;
    let about = About {
        request: number,
        project: form.title.clone(),
        cut: (source.cut.id(), source.cut.name.clone(), source.cut.made_at),
        cut_hash: source.cut.hash.clone(),
        lists: (source.lists.hash(), source.lists.thresholds().name),
        left_out: source.left_out().await?,
        audit: log.map(|log| (log.size, log.newest)),
        made_at,
        refused,
        definitions: definitions(&asked),
        whole: stated(source, made_at).await?,
    };
    let bytes = package(&sheets, &about, &form.formats, key)?;
    Ok(Package { request: number, cut: source.cut.number, sha256: sha256_hex(&bytes), bytes, at: made_at })
}

/// What is counted, each once.
fn definitions(asked: &[Asked]) -> Vec<Definition> {
    let mut known = std::collections::BTreeMap::new();
    for asked in asked {
        if let Measure::Scores { kind: Kind::Judged(measure), .. } = asked.measure {
            let (name, title) = (measure.name.to_owned(), words::of_measure(measure.name));
            let (meaning, formula) = (measure.meaning.clone(), measure.formula.to_owned());
            known.insert(measure.name, Definition { name, title, meaning, formula });
        }
    }
    known.into_values().collect()
}
