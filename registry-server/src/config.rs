//! The configuration file: what may stand in it, what holds where nothing stands, and what it means for this machine.
//!
//! Promises: an unknown key is refused; paths are absolute after reading, relative ones start at the file; nothing but the files named
//! is read. Must not know: what the settings are used for.

/// The `[alarms]` section.
mod alarms;
/// The `[extracts]` section.
mod extracts;
/// Key files, and who may read them.
pub mod keys;
/// The `[limits]` section.
pub mod limits;
/// The `[oidc]` section.
mod oidc;
/// The configuration of a pilot.
mod sample;
/// What stands in the file.
mod sections;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use schemas::codelist::{Addition, CodeLists};
use schemas::settings;

pub use alarms::{AlarmMail, WebhookSettings};
pub use limits::LimitSettings;
pub use oidc::{ClientProof, Oidc, Others};
pub use sample::pilot;
pub use sections::File;

use crate::failure::Failure;
use crate::store::Location;

/// Where the file lies unless `--config` says otherwise.
pub const DEFAULT_FILE: &str = "/etc/registry-server/registry-server.toml";
/// What the names of overriding environment variables begin with.
pub const PREFIX: &str = "REGISTRY_";

/// The configuration of one register.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the register keeps what it writes.
    pub state_dir: PathBuf,
    /// `test` or `production`.
    pub environment: String,
    /// How a person reaches the register, as erasure receipts tell it.
    pub contact: Option<String>,
    /// The database.
    pub database: Location,
    /// The regions' listener.
    pub regions: Regions,
    /// The people's listener, where one is wanted.
    pub web: Option<Web>,
    /// The identity provider by which people sign in, where there is one.
    pub oidc: Option<Oidc>,
    /// How alarms are sent, where they are.
    pub alarms: Option<AlarmMail>,
    /// Which other program is told of alarms, where one is.
    pub webhook: Option<WebhookSettings>,
    /// The loopback listener for operators.
    pub admin_listen: SocketAddr,
    /// The key that signs receipts.
    pub receipt_key: PathBuf,
    /// The key over pseudonyms.
    pub pepper: PathBuf,
    /// What a sender may take.
    pub limits: LimitSettings,
    /// How many requests for extracts somebody may hand in in twelve months.
    pub quota: u32,
    /// Local files that add to the code lists, by the list's name.
    pub codelists: BTreeMap<String, PathBuf>,
}

/// The regions' listener.
#[derive(Debug, Clone)]
pub struct Regions {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The server's certificate chain, PEM.
    pub cert: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// The authority of the senders' certificates, PEM.
    pub client_ca: PathBuf,
}

/// The people's listener.
#[derive(Debug, Clone)]
pub struct Web {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The server's certificate chain, PEM.
    pub cert: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// What people write before the pages' paths, as `https://register.example.se`, where a host in between has another name.
    pub base_url: Option<String>,
}

impl Config {
    /// Reads a configuration from text; `file` gives relative paths their start and messages their name.
    ///
    /// # Errors
    /// A sentence with file, line and what to write instead (exit 78).
    pub fn read(file: &Path, text: &str, environment: &[(String, String)]) -> Result<Self, Failure> {
        let overrides = settings::overrides(PREFIX, environment.iter().cloned());
        let shown = file.display().to_string();
        let parsed: File = settings::read(&shown, text, &overrides)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        sections::resolve(parsed, folder).map_err(|sentence| Failure::config(format!("{shown}: {sentence}")))
    }

    /// The built-in code lists with the local files laid over them.
    ///
    /// # Errors
    /// A file that is missing or holds a fault (exit 78).
    pub fn code_lists(&self) -> Result<CodeLists, Failure> {
        let mut additions = Vec::new();
        for (name, path) in &self.codelists {
            let list = name.parse().map_err(|error| Failure::config(format!("[codelists] {name}: {error}")))?;
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::config(format!("the code list {} cannot be read: {error}", path.display()))
            })?;
            additions.push(Addition { list, file: path.display().to_string(), text });
        }
        CodeLists::builtin().with_additions(&additions).map_err(|error| Failure::config(error.to_string()))
    }
}

#[cfg(test)]
mod tests;
