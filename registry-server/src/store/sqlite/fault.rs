//! From the engine's error codes to what they mean for the register.
//!
//! Promises: a full disk is told from a failing one: the first is waited for, the second ends the process.

use crate::store::StoreError;

const BUSY: i32 = 5;
const IO: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const NOT_A_DATABASE: i32 = 26;
/// The shared-memory file of the write-ahead log could not grow: the disk is full, not broken.
const IO_SHM_SIZE: i32 = 4_874;

/// What an error of the engine means.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(super) fn fault(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
            match (code, code & 0xff) {
                (IO_SHM_SIZE, _) | (_, FULL) => StoreError::Full,
                (_, BUSY) => StoreError::Busy,
                (_, IO | CORRUPT | NOT_A_DATABASE) => StoreError::Broken(format!("SQLite code {code}")),
                _ => StoreError::Statement(format!("SQLite code {code}: {}", database.message())),
            }
        }
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::StorageFull => StoreError::Full,
        sqlx::Error::Io(error) => StoreError::Broken(error.kind().to_string()),
        other => StoreError::Statement(other.to_string()),
    }
}
