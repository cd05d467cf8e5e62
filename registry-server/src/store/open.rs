//! Where the register is kept, and how its database is opened.
//!
//! Promises: what is shown of a place never holds a password.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::postgres::{Address, Postgres};
use super::sqlite::Sqlite;
use super::{Store, StoreError};

/// How a database is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It must be there and up to date.
    Existing,
    /// Made when it is empty or not there; refused when it is older than the program.
    NewOrCurrent,
    /// Made or brought up to date.
    Migrate,
}

/// Where the register is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// A database of a PostgreSQL server.
    Postgres(Address),
}

impl Location {
    /// Reads a database URL; a relative SQLite path starts at `folder`.
    ///
    /// # Errors
    /// What to write instead, without what was written: it may hold a password.
    pub fn read(url: &str, folder: &Path) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Address::read(url).map(Self::Postgres);
        }
        match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(folder.join(path))),
            Some(_) => Err("names no file; write sqlite:///path/to/register.db".into()),
            None => Err("must begin with sqlite:// or postgres://".into()),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

/// Opens the register's database.
///
/// # Errors
/// [`StoreError::Schema`] with a sentence when it is missing, of another version of the program or not let in;
/// [`StoreError::Unreachable`] when its server does not answer.
pub async fn open(location: &Location, opening: Opening) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match location {
        Location::Sqlite(path) => Arc::new(Sqlite::open(path, opening).await?),
        Location::Postgres(address) => Arc::new(Postgres::open(address, opening).await?),
    })
}

/// How the tables of a database relate to the program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tables {
    /// There are none.
    None,
    /// They are something else's.
    Foreign,
    /// An older program made them.
    Older,
    /// They are this program's.
    Current,
    /// A newer program made them.
    Newer,
}

impl Tables {
    /// What these tables are, of which `applied` is the newest migration and `newest` the program's.
    pub(super) fn of_versions(applied: i64, newest: i64) -> Self {
        match applied.cmp(&newest) {
            std::cmp::Ordering::Less => Self::Older,
            std::cmp::Ordering::Equal => Self::Current,
            std::cmp::Ordering::Greater => Self::Newer,
        }
    }

    /// The sentence with which a database in this state is refused; nothing when it may be brought up to date.
    pub(super) fn refusal(self, opening: Opening, shown: &str) -> Option<String> {
        Some(match (self, opening) {
            (Self::Foreign, _) => {
                format!("{shown} is a database of something else; set [database] url to another one")
            }
            (Self::Newer, _) => {
                format!("the database {shown} was written by a newer registry-server; upgrade this program")
            }
            (Self::None, Opening::Existing) => {
                format!("the database {shown} is empty; run `registry-server migrate` or start `serve` once")
            }
            (Self::Older, Opening::Existing | Opening::NewOrCurrent) => format!(
                "the database {shown} is older than this program; back it up, then run `registry-server migrate`"
            ),
            (Self::None | Self::Older | Self::Current, _) => return None,
        })
    }
}
