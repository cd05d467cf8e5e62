//! A database file as bytes, without what was deleted in it.
//!
//! Promises: the bytes are one moment's, whoever writes meanwhile; the working copy on the disk is overwritten before it goes.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use sqlx::sqlite::SqliteConnection;

use super::Outbox;
use crate::outbox::OutboxError;

const INTO: &str = "VACUUM INTO ?";
const PLACE: &str = "SELECT file FROM pragma_database_list WHERE name = 'main'";
const FILE: &str = "copy.db";
static BLOCK: [u8; 1 << 16] = [0; 1 << 16];

impl Outbox {
    /// The state as bytes of a database file.
    ///
    /// # Errors
    /// When the database fails or the copy cannot be made.
    pub async fn image(&mut self) -> Result<Vec<u8>, OutboxError> {
        let place: String = sqlx::query_scalar(PLACE).fetch_one(&mut self.connection).await?;
        let folder = Path::new(&place).parent().unwrap_or(Path::new("."));
        Ok(image(&mut self.connection, folder).await?)
    }
}

/// A database as bytes of a file; `folder` is where the working copy is made.
pub(crate) async fn image(connection: &mut SqliteConnection, folder: &Path) -> Result<Vec<u8>, sqlx::Error> {
    let working = folder.join(FILE);
    wipe(&working)?;
    let made = sqlx::query(INTO).bind(working.display().to_string()).execute(connection).await;
    let bytes = made.map(drop).and_then(|()| Ok(std::fs::read(&working)?));
    wipe(&working)?;
    bytes
}

/// Overwrites a file and takes it away; one that is not there is left so.
fn wipe(path: &Path) -> io::Result<()> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut left = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    while left > 0 {
        let written = left.min(BLOCK.len());
        file.write_all(&BLOCK[..written])?;
        left -= written;
    }
    file.sync_all()?;
    std::fs::remove_file(path)
}
