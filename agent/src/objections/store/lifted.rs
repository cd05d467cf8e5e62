//! Objections that were taken back, and how long that may have to be said again.
//!
//! Promises: who objects anew is lifted by nothing that was said before; a pseudonym is kept under its seal and no longer than a backup of
//! the register.

use jiff::Timestamp;
use schemas::id::KeyId;
use sqlx::Connection as _;

use super::erased::horizon;
use super::{Objections, bytes, hexes, pairs, written};
use crate::objections::ObjectionsError;
use crate::pseudonymise::{Keys, Objector};

const FORGET: &str = "DELETE FROM objection WHERE hash IN (SELECT unhex(value) FROM json_each(?))";
const KEEP: &str = "
INSERT OR REPLACE INTO lifted (hash, kid, sealed, lifted_at)
SELECT unhex(value ->> 0), ?2, unhex(value ->> 1), ?3 FROM json_each(?1)
";
const LIFTED: &str =
    "SELECT hash, sealed FROM lifted WHERE kid = ? AND hash NOT IN (SELECT hash FROM objection) ORDER BY hash";
const DROP_OLD: &str = "DELETE FROM lifted WHERE lifted_at < ? OR hash IN (SELECT hash FROM objection)";

impl Objections {
    /// Forgets persons who took their objection back, of whom the register was told under the newest key of `told`; answers how many were
    /// in the list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lift(
        &mut self,
        hashes: &[[u8; 32]],
        (keys, told): (&Keys, &[&Objector]),
        now: Timestamp,
    ) -> Result<u64, ObjectionsError> {
        let sealed = told.iter().map(|one| (one.hash, keys.seal(keys.id(), &one.hash, one.person)));
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let forgotten = sqlx::query(FORGET).bind(hexes(hashes)).execute(&mut *transaction).await?.rows_affected();
        let keep = sqlx::query(KEEP).bind(pairs(sealed)).bind(keys.id().as_str()).bind(written(now));
        keep.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    /// The bytes inside the pseudonyms, under the newest key, of persons who took their objection back and have not objected since.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lifted(&mut self, keys: &Keys) -> Result<Vec<[u8; 32]>, ObjectionsError> {
        let kid: &KeyId = keys.id();
        let query = sqlx::query_as(LIFTED).bind(kid.as_str());
        let rows: Vec<(Vec<u8>, Vec<u8>)> = query.fetch_all(&mut self.connection).await?;
        let person = |(hash, sealed)| Ok(keys.seal(kid, &bytes(hash, "lifted.hash")?, bytes(sealed, "lifted.sealed")?));
        rows.into_iter().map(person).collect()
    }

    /// Forgets those whom no backup of the register holds as withdrawn any more, and who have objected anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_old_lifted(&mut self, now: Timestamp) -> Result<(), ObjectionsError> {
        sqlx::query(DROP_OLD).bind(written(horizon(now))).execute(&mut self.connection).await?;
        Ok(())
    }
}
