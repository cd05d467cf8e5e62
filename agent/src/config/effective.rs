//! The configuration in force, with where each value came from.
//!
//! Promises: every value is named with its origin; a password inside an address is masked. Keys stand in files of their own and are
//! never part of this.

use schemas::settings::BadSettings;
use serde_json::{Value, json};
use toml::Table;

use super::{Config, address};

/// One value in force.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Setting {
    /// Section and key, joined by points.
    pub key: String,
    /// The value as TOML writes it.
    pub value: String,
    /// `file`, `default`, or the environment variable that set it.
    pub origin: String,
}

/// Every value of a configuration that was read from this text with these overrides (`SECTION__KEY` and value).
///
/// # Errors
/// When the text is no TOML.
pub fn settings(config: &Config, text: &str, overrides: &[(String, String)]) -> Result<Vec<Setting>, BadSettings> {
    let unreadable =
        |error: &dyn std::fmt::Display| BadSettings(format!("the configuration cannot be shown ({error})"));
    let file: Table = toml::from_str(text).map_err(|error| unreadable(&error))?;
    let in_force = Table::try_from(config).map_err(|error| unreadable(&error))?;
    let mut settings = Vec::new();
    walk(&in_force, &mut Vec::new(), &mut |path, value| {
        let variable = path.join("__").to_uppercase();
        let origin = if overrides.iter().any(|(name, _)| *name == variable) {
            format!("AGENT_{variable}")
        } else if in_file(&file, path) {
            "file".into()
        } else {
            "default".into()
        };
        settings.push(Setting { key: path.join("."), value: shown(value), origin });
    });
    Ok(settings)
}

/// The settings as one JSON document.
#[must_use]
pub fn document(settings: &[Setting]) -> Value {
    json!({ "schema": "registry-config/1", "settings": settings })
}

fn walk(table: &Table, path: &mut Vec<String>, found: &mut dyn FnMut(&[String], &toml::Value)) {
    for (key, value) in table {
        path.push(key.clone());
        match value {
            toml::Value::Table(inner) => walk(inner, path, found),
            toml::Value::Array(several) if several.iter().all(toml::Value::is_table) && !several.is_empty() => {
                for (index, inner) in several.iter().filter_map(toml::Value::as_table).enumerate() {
                    path.push(index.to_string());
                    walk(inner, path, found);
                    path.pop();
                }
            }
            other => found(path, other),
        }
        path.pop();
    }
}

fn in_file(file: &Table, path: &[String]) -> bool {
    let Some((last, sections)) = path.split_last() else { return false };
    let mut value = None;
    for (depth, section) in sections.iter().enumerate() {
        let next = if depth == 0 { file.get(section) } else { value.and_then(|outer| within(outer, section)) };
        let Some(next) = next else { return false };
        value = Some(next);
    }
    value.is_some_and(|table| within(table, last).is_some())
}

/// A key of a table, or an element of an array of tables by its number.
fn within<'a>(outer: &'a toml::Value, name: &str) -> Option<&'a toml::Value> {
    match outer {
        toml::Value::Array(several) => several.get(name.parse::<usize>().ok()?),
        other => other.get(name),
    }
}

/// A value as TOML writes it, with the password of an address masked.
fn shown(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| toml::Value::from(address::masked(text)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SAMPLE;

    #[test]
    fn every_value_is_named_with_its_origin_and_passwords_are_masked() {
        let text = SAMPLE
            .replace("sqlite:///srv/sob/export.db", "postgres://reader:hem@ligt@db/sob")
            .replace("overlap ", "# overlap ");
        let overrides = [("SERVER__URL".to_owned(), "https://other:8443".to_owned())];
        let config: Config = schemas::settings::read("agent.toml", &text, &overrides).unwrap();
        let settings = settings(&config, &text, &overrides).unwrap();
        let of = |key: &str| {
            settings.iter().find(|setting| setting.key == key).map(|s| (s.value.as_str(), s.origin.as_str()))
        };
        assert_eq!(of("server.url"), Some((r#""https://other:8443""#, "AGENT_SERVER__URL")));
        assert_eq!(of("source.url"), Some((r#""postgres://reader:***@db/sob""#, "file")));
        assert_eq!(of("source.overlap"), Some((r#""3d""#, "default")));
        assert_eq!(of("map.timepoint.före"), Some((r#""pre""#, "file")));
    }
}
