//! Where rows come from: `[source]`, or several `[[source]]`.
//!
//! Promises: at least one source; each has a `system` of its own, because the record keys of two sources must never meet.

mod csv;
mod keeps;

pub use csv::{Content, Decimal, Delimiter, Encoding, Headers, Wide};
pub use keeps::Keeps;

use std::fmt;
use std::path::{Path, PathBuf};

use schemas::settings::BadSettings;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Config, default_zone};

/// The sources in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources(pub Vec<Source>);

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What people call it where there are several.
    pub name: Option<String>,
    /// What kind of source.
    pub kind: SourceKind,
    /// Address of the database, `sqlite:///path`.
    pub url: Option<String>,
    /// A file that holds the address.
    pub url_file: Option<PathBuf>,
    /// Folder of the exports, of a csv source.
    pub dir: Option<PathBuf>,
    /// Query that yields treatments; of a csv source the pattern of their files' names, such as `moment*.csv`.
    pub treatments: String,
    /// Query or pattern that yields answers; empty where a csv source has them all in wide columns of its treatments.
    #[serde(default)]
    pub measurements: String,
    /// Query or pattern that yields units.
    pub units: Option<String>,
    /// Query or pattern that yields monthly counts; without it the agent counts them from `treatments`.
    pub activity: Option<String>,
    /// Query or pattern that yields the persons who object.
    pub objections: Option<String>,
    /// The same in a file of lines, whatever the kind of the source.
    pub objections_file: Option<PathBuf>,
    /// Name of the source inside record keys, fixed for life.
    #[serde(default = "default_system")]
    pub system: String,
    /// How far an increment reaches back behind the newest change seen.
    #[serde(default = "default_overlap")]
    pub overlap: String,
    /// Zone of times without one.
    #[serde(default = "default_zone")]
    pub timezone: String,
    /// How long it keeps what has ended.
    #[serde(default)]
    pub keeps: Keeps,
    /// csv: what stands between values, `auto` when absent.
    pub delimiter: Option<Delimiter>,
    /// csv: how letters are written, `auto` when absent.
    pub encoding: Option<Encoding>,
    /// csv: the decimal sign, `auto` when absent.
    pub decimal: Option<Decimal>,
    /// csv: how long a file must be unchanged before it is read, `60s` when absent.
    pub settle: Option<String>,
    /// csv, instead of `settle`: name of the empty file that says that an export is whole, such as `*.klar`.
    pub done_marker: Option<String>,
    /// csv: whether the files hold everything or changes, `full` when absent.
    pub content: Option<Content>,
    /// csv: the age of the newest file that is told as a warning; never when absent.
    pub stale_after: Option<String>,
    /// csv: local headers.
    pub columns: Option<Headers>,
    /// csv: headers that are answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wide: Vec<Wide>,
}

/// The kinds of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Queries against a database.
    Sql,
    /// Files that a system exports into a folder.
    Csv,
}

impl Sources {
    /// Refuses sources that could not be told apart, and keys that do not belong to their source's kind.
    ///
    /// # Errors
    /// When there is none, two share their system, or a key has no meaning where it stands.
    pub fn check(&self) -> Result<(), BadSettings> {
        if self.0.is_empty() {
            return Err(BadSettings("[source] is needed: where treatments and answers are read".into()));
        }
        for (index, source) in self.0.iter().enumerate() {
            source.check_kind()?;
            if self.0[..index].iter().any(|other| other.system == source.system) {
                return Err(BadSettings(format!(
                    "two [[source]] have system {}; give each a system of its own, and keep it for ever",
                    source.system
                )));
            }
        }
        Ok(())
    }
}

impl Source {
    /// What tells it from others where there are several: its name, else a system that is not the usual one.
    #[must_use]
    pub fn called(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| (self.system != default_system()).then_some(&self.system))
    }

    /// The beginning of a sentence on what the configuration says of it.
    #[must_use]
    pub fn heading(&self) -> String {
        self.called().map_or_else(|| "[source]".into(), |name| format!("[source] {name}:"))
    }

    /// The address of the database, from `url` or the file that `url_file` names; a database file's path made absolute.
    ///
    /// # Errors
    /// When neither or both are given, or the file cannot be read.
    pub fn address(&self, config: &Config) -> Result<String, BadSettings> {
        let url = match (&self.url, &self.url_file) {
            (Some(url), None) => url.clone(),
            (None, Some(file)) => {
                let file = config.path(file);
                let text = std::fs::read_to_string(&file).map_err(|error| {
                    BadSettings(format!(
                        "{} url_file: cannot read {} ({error}); correct the path, or let the agent's account read the file",
                        self.heading(),
                        file.display()
                    ))
                })?;
                text.trim().to_owned()
            }
            _ => {
                return Err(BadSettings(format!("{} needs either url or url_file; write one of them", self.heading())));
            }
        };
        Ok(match url.strip_prefix("sqlite://") {
            Some(path) => format!("sqlite://{}", config.path(Path::new(path)).display()),
            None => url,
        })
    }
}

impl Serialize for Sources {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] if one.name.is_none() => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Sources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrSeveral)
    }
}

/// Reads a table or an array of tables, so that an error keeps the place of its key.
struct OneOrSeveral;

impl<'de> Visitor<'de> for OneOrSeveral {
    type Value = Sources;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table [source] or several [[source]]")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Sources, A::Error> {
        Source::deserialize(MapAccessDeserializer::new(map)).map(|one| Sources(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Sources, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Sources)
    }
}

fn default_system() -> String {
    "main".into()
}
fn default_overlap() -> String {
    "3d".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SAMPLE;

    fn read(text: &str) -> Result<Config, BadSettings> {
        schemas::settings::read("agent.toml", text, &[])
    }

    #[test]
    fn several_sources_are_an_array_of_tables() {
        let second = "\n[[source]]\nname = \"b\"\nsystem = \"old\"\nkind = \"sql\"\nurl = \"sqlite://b.db\"\n\
                      treatments = \"SELECT 1\"\nmeasurements = \"SELECT 1\"\n";
        let text = format!("{}{second}", SAMPLE.replace("[source]\n", "[[source]]\nname = \"a\"\n"));
        let sources = read(&text).unwrap().source;
        let systems: Vec<_> = sources.0.iter().map(|source| source.system.as_str()).collect();
        assert_eq!(systems, ["main", "old"]);
        assert!(sources.check().is_ok());
        let same = read(&text.replace("\"old\"", "\"main\"")).unwrap().source;
        assert!(same.check().unwrap_err().0.contains("system of its own"));
    }

    #[test]
    fn a_sentence_names_one_of_several_sources_by_its_name_or_else_by_its_system() {
        let heading = |text: &str| read(text).unwrap().source.0[0].heading();
        let of_system = SAMPLE.replace("= \"main\"", "= \"old\"");
        assert_eq!([heading(SAMPLE), heading(&of_system)], ["[source]", "[source] old:"]);
        assert_eq!(heading(&of_system.replace("[source]\n", "[[source]]\nname = \"a\"\n")), "[source] a:");
    }

    #[test]
    fn an_unknown_key_of_a_source_is_told_with_its_place() {
        for text in [SAMPLE.to_owned(), SAMPLE.replace("[source]\n", "[[source]]\nname = \"a\"\n")] {
            let error = read(&text.replace("overlap", "overlapp")).unwrap_err();
            assert!(error.0.contains("line ") && error.0.contains("`overlap`"), "{error}");
        }
    }
}
