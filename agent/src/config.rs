//! What the administrator decides: `agent.toml`, its defaults and its overrides from the environment.
//!
//! Promises: a value of type `Config` parsed strictly, and its paths are absolute or relative to the file; what it means is checked by
//! [`crate::check`]. Must not know: whether a source or the register answers.

pub mod address;
pub mod effective;
mod maps;
mod proxies;
mod release;
mod sample;
mod source;

pub use maps::{MapKind, Maps, NoSuchKind};
pub use proxies::Proxies;
pub use release::{Hold, Release};
pub use sample::SAMPLE;
pub use source::{Content, Decimal, Delimiter, Encoding, Headers, Keeps, Source, SourceKind, Sources, Wide};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemas::settings::{self, BadSettings};
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Who this agent is.
    pub agent: Agent,
    /// Where rows come from: one `[source]`, or several `[[source]]`.
    pub source: Sources,
    /// Local words and their codes.
    #[serde(default)]
    pub map: Maps,
    /// The key file.
    pub pseudonym: Pseudonym,
    /// The register.
    pub server: Server,
    /// When cycles run.
    #[serde(default)]
    pub schedule: Schedule,
    /// What waits for a person.
    #[serde(default)]
    pub release: Release,
    /// Local additions to the code lists, list name to CSV file.
    #[serde(default)]
    pub codelists: BTreeMap<String, PathBuf>,
    /// The file as it was read.
    #[serde(skip)]
    pub text: String,
    /// Folder of the file, which relative paths are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Folder of systemd's credentials, when the agent runs under a unit that has some.
    #[serde(skip)]
    pub credentials: Option<PathBuf>,
    /// The proxies that the environment names.
    #[serde(skip)]
    pub proxies: Proxies,
}

/// `[agent]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The sender's code; must equal the certificate's.
    pub region: schemas::id::SenderCode,
    /// `test` or `production`; must equal the certificate's.
    #[serde(default = "production")]
    pub environment: Environment,
    /// Where the outbox and everything else durable stands.
    #[serde(default = "default_state_dir")]
    pub state_dir: PathBuf,
}

/// What the deliveries are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Invented people.
    Test,
    /// Patients.
    Production,
}

impl Environment {
    /// The word in certificates and manifests.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// `[pseudonym]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pseudonym {
    /// The key file, mode 0600.
    pub key_file: Option<PathBuf>,
    /// Name of a systemd credential that holds the key file's text.
    pub credential: Option<String>,
    /// The person key to use; must be the file's.
    pub key_id: schemas::id::KeyId,
    /// Pilots and tests: test numbers are persons.
    #[serde(default)]
    pub allow_test_identities: bool,
}

/// `[server]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// `https://host:port` of the register's region port.
    pub url: String,
    /// The register's authority, PEM.
    pub ca: PathBuf,
    /// This sender's certificate, PEM.
    pub cert: PathBuf,
    /// The certificate's private key, PEM, mode 0600.
    pub key: PathBuf,
    /// The register's public receipt key, PEM.
    pub receipt_key: PathBuf,
    /// `http://host:port` of the proxy on the way; otherwise the environment's.
    pub proxy: Option<String>,
    /// A file of mode 0600 with the proxy's `user:password`.
    pub proxy_credentials_file: Option<PathBuf>,
}

/// `[schedule]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Schedule {
    /// 5 or 6 fields.
    pub cron: String,
    /// Zone of the fields.
    pub timezone: String,
    /// Spread between senders.
    pub jitter: String,
    /// From when on the next run of `cron` reads the whole source.
    pub full_sweep: String,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            cron: "15 2 * * *".into(),
            timezone: default_zone(),
            jitter: "10m".into(),
            full_sweep: "0 4 * * 0".into(),
        }
    }
}

impl Config {
    /// Reads the file with the overrides `AGENT_SECTION__KEY` of an environment.
    ///
    /// # Errors
    /// [`BadSettings`] with a sentence that names file, line and what to write.
    pub fn read(path: &Path, environment: impl IntoIterator<Item = (String, String)>) -> Result<Self, BadSettings> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            BadSettings(format!(
                "cannot read {name} ({error}); write one with `registry-agent config init` or name it with --config"
            ))
        })?;
        Self::parse(path, text, environment)
    }

    /// Takes a text as the content of the file, with the overrides of an environment.
    ///
    /// # Errors
    /// [`BadSettings`] with a sentence that names file, line and what to write.
    pub fn parse(
        path: &Path,
        text: String,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BadSettings> {
        let name = path.display().to_string();
        let environment: Vec<(String, String)> = environment.into_iter().collect();
        let credentials =
            environment.iter().find(|(name, _)| name == "CREDENTIALS_DIRECTORY").map(|(_, path)| path.into());
        let proxies = Proxies::of(&environment);
        let overrides = settings::overrides("AGENT_", environment);
        let mut config: Self = settings::read(&name, &text, &overrides)?;
        (config.credentials, config.proxies) = (credentials, proxies);
        config.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        config.text = text;
        Ok(config)
    }

    /// A path of the file, made absolute against the file's folder.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// The state directory.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        self.path(&self.agent.state_dir)
    }
}

fn production() -> Environment {
    Environment::Production
}
fn default_state_dir() -> PathBuf {
    "/var/lib/registry-agent".into()
}
fn default_zone() -> String {
    "Europe/Stockholm".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, BadSettings> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("agent.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(&path, [])
    }

    #[test]
    fn the_sample_parses_and_names_every_key() {
        let config = read(SAMPLE).unwrap();
        let known = toml::Value::try_from(&config).unwrap();
        for (section, keys) in known.as_table().unwrap() {
            for key in keys.as_table().into_iter().flat_map(toml::Table::keys) {
                assert!(SAMPLE.contains(key.as_str()), "[{section}] {key} is not in the sample");
            }
        }
    }

    #[test]
    fn a_mistyped_key_is_told_with_line_and_nearest_name() {
        let error = read(&SAMPLE.replace("state_dir", "statedir")).unwrap_err();
        assert!(error.0.contains("unknown key `statedir`; the nearest known key is `state_dir`"), "{error}");
        assert!(error.0.contains("line "), "{error}");
    }
}
