//! What every cycle needs, read once and checked for meaning: configuration, code lists, keys, zone.
//!
//! Promises: what is put together here makes sense by itself; whether source and register answer is not asked.

#[cfg(test)]
mod tests;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use schemas::codelist::{Addition, CodeLists, ListName};
use schemas::settings::BadSettings;

use crate::codelists::{self, Base};
use crate::config::{Config, Source, SourceKind, address};
use crate::identity::TestIdentities;
use crate::map::{self, MappingFile};
use crate::pseudonymise::{KeyError, Keys};
use crate::schedule;
pub use crate::source::Place;

/// Everything that a cycle reads from files.
pub struct Setup {
    /// `agent.toml`.
    pub config: Config,
    /// The code lists without the local additions.
    pub base: Base,
    /// The code lists with the local additions.
    pub lists: CodeLists,
    /// The rows of the mapping file, which stand in the configuration's maps too.
    pub mapping_file: MappingFile,
    /// The region's keys.
    pub keys: Arc<Keys>,
    /// The sources in the order of the file.
    pub places: Vec<Place>,
}

/// Why a cycle cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The configuration makes no sense, or a file that it names cannot be used.
    #[error(transparent)]
    Settings(#[from] BadSettings),
    /// The key file cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file with a password may be read by others than its owner.
    #[error("the file {path} holds a password and has mode {mode:04o}; run `chmod 600 {path}`", path = path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl Setup {
    /// Reads code lists and keys of a configuration.
    ///
    /// # Errors
    /// [`SetupError`] with what to do.
    pub fn read(mut config: Config) -> Result<Self, SetupError> {
        let base = codelists::read(&config);
        let lists = with_additions(&base, &config)?;
        let mapping_file = match &config.map.file {
            Some(file) => MappingFile::read(&config.path(file))?,
            None => MappingFile::default(),
        };
        mapping_file.add_to(&mut config.map)?;
        let mut keys = read_keys(&config)?;
        remember_earlier(&mut keys, &config);
        let keys = Arc::new(keys);
        if keys.id() != &config.pseudonym.key_id {
            return Err(bad(format!(
                "[pseudonym] key_id is {}, but the key file holds {}; name the key that the file holds",
                config.pseudonym.key_id,
                keys.id()
            )));
        }
        if !keys.id().belongs_to(&config.agent.region) {
            return Err(bad(format!(
                "[pseudonym] key_id {} is not a key of sender {}; name the sender's own key, or correct [agent] region",
                keys.id(),
                config.agent.region
            )));
        }
        config.source.check()?;
        let places = config.source.0.iter().map(|source| place(&config, source)).collect::<Result<_, _>>()?;
        Ok(Self { config, base, lists, mapping_file, keys, places })
    }

    /// The same on other code lists.
    ///
    /// # Errors
    /// A local addition that does not go with them.
    pub fn with_base(&self, base: Base) -> Result<Self, SetupError> {
        let lists = with_additions(&base, &self.config)?;
        let Self { config, mapping_file, keys, places, .. } = self;
        let (config, mapping_file) = (config.clone(), mapping_file.clone());
        Ok(Self { config, base, lists, mapping_file, keys: Arc::clone(keys), places: places.clone() })
    }

    /// Checks that each code of the mapping file exists in the code lists in force.
    ///
    /// # Errors
    /// The first row whose code does not, with file, line and the nearest ones.
    pub fn check_mapping(&self) -> Result<(), BadSettings> {
        self.mapping_file.check_codes(&self.lists)
    }

    /// What mapping the rows of one of the sources needs.
    #[must_use]
    pub fn mapping(&self, place: &Place, now: Timestamp) -> map::Context<'_> {
        map::Context {
            lists: &self.lists,
            zone: place.zone.clone(),
            today: schemas::rule::today(now),
            sender: &self.config.agent.region,
            test_identities: if self.config.pseudonym.allow_test_identities {
                TestIdentities::Allow
            } else {
                TestIdentities::Refuse
            },
        }
    }
}

fn bad(sentence: String) -> SetupError {
    SetupError::Settings(BadSettings(sentence))
}

fn place(config: &Config, source: &Source) -> Result<Place, SetupError> {
    let zone = TimeZone::get(&source.timezone).map_err(|_| {
        let (heading, zone) = (source.heading(), &source.timezone);
        bad(format!("{heading} timezone: there is no zone {zone}; write one such as Europe/Stockholm"))
    })?;
    let overlap = schedule::duration(&source.overlap)
        .map_err(|_| bad(format!("{} overlap: write a time such as 3d or 12h", source.heading())))?;
    let url = match source.kind {
        SourceKind::Sql => {
            let url = source.address(config)?;
            keep_secret(config, source, &url)?;
            Some(url)
        }
        SourceKind::Csv => None,
    };
    Ok(Place { config: source.clone(), url, folder: config.folder.clone(), zone, overlap })
}

/// A file with a password is for its owner alone.
fn keep_secret(config: &Config, source: &Source, url: &str) -> Result<(), SetupError> {
    let Some(file) = source.url_file.as_ref().filter(|_| !address::passwords(url).is_empty()) else { return Ok(()) };
    let path = config.path(file);
    let mode = std::fs::metadata(&path).map_or(0, |file| file.permissions().mode() & 0o7777);
    if mode & !0o700 == 0 { Ok(()) } else { Err(SetupError::TooOpen { path, mode }) }
}

fn with_additions(base: &Base, config: &Config) -> Result<CodeLists, SetupError> {
    let mut additions = Vec::new();
    for (name, file) in &config.codelists {
        let list: ListName = name
            .parse()
            .map_err(|_| bad(format!("[codelists] there is no list {name}; write one such as programmes")))?;
        let path = config.path(file);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| bad(format!("[codelists] {name}: cannot read {} ({error}); correct the path, or let the agent's account read the file", path.display())))?;
        additions.push(Addition { list, file: path.display().to_string(), text });
    }
    base.lists.clone().with_additions(&additions).map_err(|error| bad(error.to_string()))
}

/// The keys that a configuration names.
///
/// # Errors
/// [`SetupError`] when they cannot be used.
/// The name under which `key reset` keeps the file of a key beside the newer one.
pub(crate) fn kept_key_file(file: &Path, word: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    name.into()
}

/// Older keys that a reset has put aside; a copy that cannot be read is as good as none.
fn remember_earlier(keys: &mut Keys, config: &Config) {
    let Some(file) = config.pseudonym.key_file.as_ref().map(|file| config.path(file)) else { return };
    let kept = |generation| kept_key_file(&file, &format!("r{}-g{generation}", config.agent.region));
    for before in (1..keys.id().generation()).filter_map(|generation| Keys::read(&kept(generation)).ok()) {
        keys.remember(before);
    }
}

pub(crate) fn read_keys(config: &Config) -> Result<Keys, SetupError> {
    match (&config.pseudonym.key_file, &config.pseudonym.credential) {
        (Some(file), None) => Ok(Keys::read(&config.path(file))?),
        (None, Some(name)) => {
            let folder = config.credentials.as_ref().ok_or_else(|| {
                bad(format!(
                    "[pseudonym] credential {name} is given by systemd only; run under the unit, or name key_file"
                ))
            })?;
            Ok(Keys::read_credential(&folder.join(name))?)
        }
        _ => Err(bad("[pseudonym] needs either key_file or credential; write one of them".into())),
    }
}
