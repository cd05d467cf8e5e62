//! One source as the configuration describes it, ready to be opened.
//!
//! Must not know: whether the source is there.

use std::path::PathBuf;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::config::Source;

/// One source, ready to be opened.
#[derive(Debug, Clone)]
pub struct Place {
    /// What the configuration says of it.
    pub config: Source,
    /// Address of the database; nothing for a source that is no database.
    pub url: Option<String>,
    /// The configuration's folder, which relative paths are relative to.
    pub folder: PathBuf,
    /// Zone of the source's times without one.
    pub zone: TimeZone,
    /// How far an increment reaches back behind the newest change seen.
    pub overlap: SignedDuration,
}

impl Place {
    /// Whether opening the source means connecting to a server.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        let scheme = self.url.as_deref().and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme);
        matches!(scheme, Some("postgres" | "postgresql" | "mysql" | "mariadb"))
    }
}
