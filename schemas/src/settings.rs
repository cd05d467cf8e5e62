//! How both programs read their TOML files: strict keys, environment overrides, and messages that name file, line and nearest key.
//!
//! Promises: an unknown key is an error, never ignored; an override from the environment is read with the type of its key.
//! Must not know: the disk or the environment; the caller hands both in.

use serde::de::DeserializeOwned;
use toml::{Table, Value};

/// A configuration that cannot be used; the message is complete for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSettings(pub String);

/// Reads a configuration.
///
/// `file` is only named in messages. `overrides` are pairs such as `("SERVER__URL", "https://…")`: section and key joined by two
/// underscores, upper case; they win over the file.
///
/// # Errors
/// [`BadSettings`] with file, line and what to write instead.
pub fn read<T: DeserializeOwned>(file: &str, text: &str, overrides: &[(String, String)]) -> Result<T, BadSettings> {
    toml::from_str::<Table>(text).map_err(|error| explain(file, text, &error))?;
    if overrides.is_empty() {
        return toml::from_str(text).map_err(|error| explain(file, text, &error));
    }
    // The file is checked by itself first, so that an error in it is told with its line, unless an override supplies what it lacks.
    if let Err(error) = toml::from_str::<T>(text)
        && !error.message().starts_with("missing field")
    {
        return Err(explain(file, text, &error));
    }
    let mut table: Table = toml::from_str(text).map_err(|error| explain(file, text, &error))?;
    for (name, value) in overrides {
        let path: Vec<String> = name.split("__").map(str::to_lowercase).collect();
        set(&mut table, &path, value).ok_or_else(|| {
            BadSettings(format!("the environment variable ending in {name} names no section and key"))
        })?;
    }
    T::deserialize(Value::Table(table)).map_err(|error| {
        BadSettings(format!("{file} with overrides from the environment: {}", with_nearest(error.message())))
    })
}

/// Picks the overrides out of an environment: `AGENT_SERVER__URL` with prefix `AGENT_` gives `SERVER__URL`. Names without two
/// underscores are something else (`AGENT_LOG`) and are left alone.
#[must_use]
pub fn overrides(prefix: &str, environment: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = environment
        .into_iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value)))
        .filter(|(name, _)| name.contains("__"))
        .collect();
    found.sort();
    found
}

fn explain(file: &str, text: &str, error: &toml::de::Error) -> BadSettings {
    let message = with_nearest(error.message());
    match error.span() {
        Some(span) => {
            let before = &text[..span.start.min(text.len())];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            BadSettings(format!("{file}, line {line}, column {column}: {message}"))
        }
        None => BadSettings(format!("{file}: {message}")),
    }
}

/// Shortens serde's list of every allowed key to the nearest one.
fn with_nearest(message: &str) -> String {
    let message = message.trim();
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match names.split_first() {
        Some((unknown, known)) if message.starts_with("unknown field") && !known.is_empty() => {
            let nearest = known
                .iter()
                .max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)))
                .copied()
                .unwrap_or_default();
            format!("unknown key `{unknown}`; the nearest known key is `{nearest}`")
        }
        Some((unknown, known)) if message.starts_with("unknown variant") && !known.is_empty() => {
            format!("`{unknown}` means nothing here; write {}", known.join(" or "))
        }
        Some((missing, _)) if message.starts_with("missing field") => format!("the key `{missing}` is needed here"),
        _ => message.replace('\n', " "),
    }
}

/// Sets one value, keeping the type that stands there, else the type that the text looks like.
fn set(table: &mut Table, path: &[String], text: &str) -> Option<()> {
    let (last, sections) = path.split_last()?;
    if last.is_empty() || sections.iter().any(String::is_empty) {
        return None;
    }
    let mut table = table;
    for section in sections {
        table = table.entry(section.clone()).or_insert_with(|| Value::Table(Table::new())).as_table_mut()?;
    }
    let value = match table.get(last) {
        Some(Value::String(_)) => Value::String(text.to_owned()),
        _ => typed(text),
    };
    table.insert(last.clone(), value);
    Some(())
}

fn typed(text: &str) -> Value {
    text.parse::<bool>()
        .map(Value::Boolean)
        .or_else(|_| text.parse::<i64>().map(Value::Integer))
        .unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        agent: Section,
    }
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Section {
        region: String,
        #[serde(default)]
        keep: u32,
    }

    #[test]
    fn an_unknown_key_is_named_with_line_column_and_nearest_key() {
        let error = read::<File>("agent.toml", "[agent]\nregoin = \"12\"\n", &[]).unwrap_err();
        assert_eq!(error.0, "agent.toml, line 2, column 1: unknown key `regoin`; the nearest known key is `region`");
    }

    #[test]
    fn a_missing_key_and_broken_toml_are_told_with_their_place() {
        let error = read::<File>("agent.toml", "[agent]\nkeep = 1\n", &[]).unwrap_err();
        assert!(error.0.contains("the key `region` is needed"), "{error}");
        let error = read::<File>("agent.toml", "[agent\n", &[]).unwrap_err();
        assert!(error.0.starts_with("agent.toml, line 1"), "{error}");
    }

    #[test]
    fn the_environment_wins_over_the_file_and_keeps_the_type() {
        let environment =
            [("AGENT_AGENT__REGION", "01"), ("AGENT_AGENT__KEEP", "7"), ("AGENT_LOG", "debug"), ("X", "")];
        let found = overrides("AGENT_", environment.map(|(n, v)| (n.to_owned(), v.to_owned())));
        let file: File = read("agent.toml", "[agent]\nregion = \"12\"\n", &found).unwrap();
        assert_eq!(file, File { agent: Section { region: "01".into(), keep: 7 } });
    }

    #[test]
    fn an_override_may_supply_what_the_file_lacks() {
        let file: File = read("agent.toml", "", &[("AGENT__REGION".into(), "P01".into())]).unwrap();
        assert_eq!(file.agent.region, "P01");
    }
}
