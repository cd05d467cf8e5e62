//! Tables that left a frozen data set, as they are kept: they are answered from here for ever, and every further table is held against them.
//!
//! Promises of every engine: a table is added behind those it was held against or not at all; it is written together with its event in the
//! audit log; nothing of it is altered. Must not know: how a table is made, what stands in its kept text.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use super::audit::{Entry, What};
use crate::environment::Stamp;

/// A table that left a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The number of the cut.
    pub cut: u32,
    /// Its place among the releases of the cut, from 1.
    pub place: u32,
    /// What was asked for.
    pub asked: String,
    /// The table, sealed: a secret of the register.
    pub kept: String,
    /// How many persons stood in each of its finest cells: a secret of the register.
    pub counts: String,
    /// When it was made.
    pub at: Timestamp,
    /// The request that it was made for first; nothing for one that was made for the public.
    pub request: Option<u32>,
    /// Since when everybody may read it.
    pub published_at: Option<Timestamp>,
    /// How many persons had been withdrawn from the cut when it was read for this table.
    pub left_before: u64,
}

/// A table that left a cut, without what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the cut.
    pub cut: u32,
    /// Its place among the releases of the cut, from 1.
    pub place: u32,
    /// What was asked for.
    pub asked: String,
    /// When it was made.
    pub at: Timestamp,
    /// The request that it was made for first; nothing for one that was made for the public.
    pub request: Option<u32>,
    /// Since when everybody may read it.
    pub published_at: Option<Timestamp>,
    /// How many persons had been withdrawn from the cut when it was read for this table.
    pub left_before: u64,
}

/// The files of a request, as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The number of the request.
    pub request: u32,
    /// The number of the cut that it was made from.
    pub cut: u32,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// The archive.
    pub bytes: Vec<u8>,
    /// When it was made.
    pub at: Timestamp,
}

/// How far releases and cuts have come: what is held against them then is not held against what comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Tables released, of all cuts.
    pub releases: u64,
    /// Persons and treatments that left cuts.
    pub left: u64,
}

/// Tables that left.
#[async_trait]
pub trait Releases: Send + Sync {
    /// What the tables of a cut are split by, as it was kept first; nothing while nothing was released from it.
    async fn extract_codes(&self, cut: u32) -> Result<Option<String>, StoreError>;

    /// Keeps what the tables of a cut are split by, where nothing is kept yet; gives what is kept.
    async fn keep_extract_codes(&self, cut: u32, codes: &str, at: Timestamp) -> Result<String, StoreError>;

    /// What is stated of how whole a cut is, as it was kept first; nothing while nothing is.
    async fn statement(&self, cut: u32) -> Result<Option<String>, StoreError>;

    /// Keeps what is stated of how whole a cut is, where nothing is kept yet; gives what is kept.
    async fn keep_statement(&self, cut: u32, kept: &str, at: Timestamp) -> Result<String, StoreError>;

    /// Everything released from a cut, in order.
    async fn releases(&self, cut: u32) -> Result<Vec<Release>, StoreError>;

    /// How far releases and cuts have come.
    async fn moment_of_releases(&self) -> Result<Moment, StoreError>;

    /// Keeps a table at its place, that was held against everything there was at a moment; tells whether it is kept: not where something was
    /// released from any cut since, or somebody left one.
    async fn release(&self, release: &Release, held_at: Moment, stamp: Stamp) -> Result<bool, StoreError>;

    /// Everything released from any cut, the newest cut first, without the tables themselves.
    async fn release_heads(&self) -> Result<Vec<Head>, StoreError>;

    /// The kept text of a table that everybody may read; nothing where there is none.
    async fn published(&self, cut: u32, place: u32) -> Result<Option<String>, StoreError>;

    /// Lets everybody read a table from now on, in the name of an account; tells whether there is one that nobody could read before.
    async fn publish(&self, table: (u32, u32), of: u32, stamp: Stamp) -> Result<bool, StoreError>;

    /// Keeps the files of a request that stands behind so many steps; those kept before are replaced. Tells whether they are kept: not where
    /// somebody has taken a step meanwhile, so that what was released stays what it was.
    async fn keep_package(&self, package: &Package, behind: usize, stamp: Stamp) -> Result<bool, StoreError>;

    /// The files of a request; nothing where none are kept.
    async fn package(&self, request: u32) -> Result<Option<Package>, StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const CODES: &str = "SELECT codes FROM extract_codes WHERE cut = $1";
    pub(in crate::store) const KEEP_CODES: &str =
        "INSERT INTO extract_codes (cut, codes, at) VALUES ($1, $2, $3) ON CONFLICT (cut) DO NOTHING";
    pub(in crate::store) const STATEMENT: &str = "SELECT kept FROM extract_statement WHERE cut = $1";
    pub(in crate::store) const KEEP_STATEMENT: &str =
        "INSERT INTO extract_statement (cut, kept, at) VALUES ($1, $2, $3) ON CONFLICT (cut) DO NOTHING";
    pub(in crate::store) const ALL: &str =
        "SELECT cut, place, asked, kept, counts, at, request, published_at, left_before
        FROM extract_release WHERE cut = $1 ORDER BY place";
    pub(in crate::store) const HEADS: &str = "SELECT cut, place, asked, at, request, published_at, left_before
        FROM extract_release ORDER BY cut DESC, place";
    pub(in crate::store) const PUBLISHED: &str =
        "SELECT kept FROM extract_release WHERE cut = $1 AND place = $2 AND published_at IS NOT NULL";
    pub(in crate::store) const RELEASE: &str =
        "INSERT INTO extract_release (cut, place, asked, kept, counts, at, request, published_at, left_before)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
        WHERE $2 = (SELECT COUNT(*) + 1 FROM extract_release WHERE cut = $1)
            AND $10 = (SELECT COUNT(*) FROM extract_release)
            AND $11 = (SELECT CAST(COALESCE(SUM(withdrawn_persons + withdrawn_treatments + replaced_treatments), 0) AS BIGINT)
                FROM cut_share)
        ON CONFLICT DO NOTHING";
    pub(in crate::store) const MOMENT: &str = "SELECT (SELECT COUNT(*) FROM extract_release),
        (SELECT CAST(COALESCE(SUM(withdrawn_persons + withdrawn_treatments + replaced_treatments), 0) AS BIGINT) FROM cut_share)";
    pub(in crate::store) const PUBLISH: &str = "UPDATE extract_release SET published_at = $3
        WHERE cut = $1 AND place = $2 AND published_at IS NULL";
    pub(in crate::store) const KEEP_PACKAGE: &str =
        "INSERT INTO extract_package (request, cut, sha256, bytes, at) SELECT $1, $2, $3, $4, $5
        WHERE $6 = (SELECT COUNT(*) FROM request_step WHERE request = $1)
        ON CONFLICT (request) DO UPDATE SET cut = excluded.cut, sha256 = excluded.sha256, bytes = excluded.bytes, at = excluded.at";
    pub(in crate::store) const PACKAGE: &str =
        "SELECT request, cut, sha256, bytes, at FROM extract_package WHERE request = $1";
}

/// Cut, place, asked, kept, counts, time, request, since when for everybody, persons withdrawn before.
pub(super) type ReleaseRow = (i64, i64, String, String, String, String, Option<i64>, Option<String>, i64);
/// The same without what stands in the table.
pub(super) type HeadRow = (i64, i64, String, String, Option<i64>, Option<String>, i64);
/// Request, cut, hash, bytes, time.
pub(super) type PackageRow = (i64, i64, String, Vec<u8>, String);

/// Counts of tables and of those who left, as a moment.
pub(super) fn moment((releases, left): (i64, i64)) -> Result<Moment, StoreError> {
    let broken = |column| StoreError::Inconsistent { table: "extract_release", column, id: 0 };
    let of = |count: i64, column| u64::try_from(count).map_err(|_| broken(column));
    Ok(Moment { releases: of(releases, "place")?, left: of(left, "cut")? })
}

/// What a table was held against, as it is bound.
pub(super) fn bound(moment: Moment) -> Result<(i64, i64), StoreError> {
    let of = |count: u64| i64::try_from(count).map_err(|error| StoreError::Statement(error.to_string()));
    Ok((of(moment.releases)?, of(moment.left)?))
}

/// A number of steps, as it is bound.
pub(super) fn steps(behind: usize) -> Result<i64, StoreError> {
    i64::try_from(behind).map_err(|error| StoreError::Statement(error.to_string()))
}

/// A row as a release.
pub(super) fn release(row: ReleaseRow) -> Result<Release, StoreError> {
    let (cut, place, asked, kept, counts, at, request, published_at, left_before) = row;
    let Head { cut, place, asked, at, request, published_at, left_before } =
        head((cut, place, asked, at, request, published_at, left_before))?;
    Ok(Release { cut, place, asked, kept, counts, at, request, published_at, left_before })
}

/// A row as the head of a release.
pub(super) fn head(row: HeadRow) -> Result<Head, StoreError> {
    let (cut, place, asked, at, request, published_at, left_before) = row;
    let broken = |column| StoreError::Inconsistent { table: "extract_release", column, id: place };
    let small = |stored: i64, column| u32::try_from(stored).map_err(|_| broken(column));
    Ok(Head {
        cut: small(cut, "cut")?,
        place: small(place, "place")?,
        asked,
        at: at.parse().map_err(|_| broken("at"))?,
        request: request.map(|request| small(request, "request")).transpose()?,
        published_at: published_at.map(|at| at.parse()).transpose().map_err(|_| broken("published_at"))?,
        left_before: u64::try_from(left_before).map_err(|_| broken("left_before"))?,
    })
}

/// A row as a package.
pub(super) fn package(row: PackageRow) -> Result<Package, StoreError> {
    let (request, cut, sha256, bytes, at) = row;
    let broken = |column| StoreError::Inconsistent { table: "extract_package", column, id: request };
    Ok(Package {
        request: u32::try_from(request).map_err(|_| broken("request"))?,
        cut: u32::try_from(cut).map_err(|_| broken("cut"))?,
        sha256,
        bytes,
        at: at.parse().map_err(|_| broken("at"))?,
    })
}

/// The event of a table that left.
pub(super) fn released(release: &Release, stamp: Stamp) -> Entry {
    let Release { cut, place, asked, request, .. } = release;
    let (request, asked) = (request.map(u64::from), asked.clone());
    let step = "released".to_owned();
    Entry::new(stamp, None, What::Release { cut: *cut, place: *place, request, asked, of: None, step })
}

/// The event of a table that everybody may read.
pub(super) fn published((cut, place): (u32, u32), of: u32, stamp: Stamp) -> Entry {
    let (request, asked, step) = (None, String::new(), "published".to_owned());
    Entry::new(stamp, None, What::Release { cut, place, request, asked, of: Some(of), step })
}

/// The event of a package.
pub(super) fn packed(package: &Package, stamp: Stamp) -> Entry {
    let Package { request, cut, sha256, .. } = package;
    Entry::new(stamp, None, What::Package { request: (*request).into(), cut: *cut, sha256: sha256.clone() })
}
