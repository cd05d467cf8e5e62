//! The address of a database server as the configuration gives it.
//!
//! Promises: certificate files of the address are relative to the configuration's folder and must be there; no message repeats the
//! address, because it may hold a password.

use std::path::Path;

use crate::source::Place;
use crate::source::SourceError;

/// Parameters of an address that name a file.
const FILES: [&str; 8] =
    ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];

/// An address that the driver can read.
pub(super) struct Address {
    /// The address, with whole paths.
    pub(super) url: String,
}

impl Address {
    /// Reads the address of a place.
    pub(super) fn of(place: &Place) -> Result<Self, SourceError> {
        let url = place.url.as_deref().unwrap_or_default();
        let Some((server, parameters)) = url.split_once('?') else { return Ok(Self { url: url.to_owned() }) };
        let whole: Result<Vec<String>, SourceError> =
            parameters.split('&').map(|parameter| whole_path(parameter, &place.folder)).collect();
        Ok(Self { url: format!("{server}?{}", whole?.join("&")) })
    }

    /// That the driver cannot read it.
    pub(super) fn unreadable(&self) -> SourceError {
        let scheme = self.url.split("://").next().unwrap_or_default();
        SourceError::Query(format!(
            "url cannot be read; write {scheme}://user:password@host/database, with %40 for an @ in the password and likewise for \
             other signs"
        ))
    }
}

fn whole_path(parameter: &str, folder: &Path) -> Result<String, SourceError> {
    let Some((name, value)) = parameter.split_once('=').filter(|(name, _)| FILES.contains(name)) else {
        return Ok(parameter.to_owned());
    };
    let path = folder.join(value.replace("%2F", "/").replace("%2f", "/"));
    match std::fs::File::open(&path) {
        Ok(_) => Ok(format!("{name}={}", path.display())),
        Err(error) => Err(SourceError::Query(format!(
            "url: cannot read the {name} {} ({error}); correct the path, or let the agent's account read the file",
            path.display()
        ))),
    }
}
