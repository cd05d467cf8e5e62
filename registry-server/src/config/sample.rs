//! The commented configuration of a pilot, beside the keys that `dev-ca init` makes.
//!
//! Promises: it names every key, and passes `check` as it is written.

/// The sample: environment `test`, keys in `pki/` beside the file.
const SAMPLE: &str = include_str!("registry-server.sample.toml");

/// The sample for keys in the folder `pki`, as seen from the file.
#[must_use]
pub fn pilot(pki: &str, environment: &str) -> String {
    let folder = pki.trim_end_matches('/').replace('\\', "\\\\").replace('"', "\\\"");
    SAMPLE.replace("\"pki/", &format!("\"{folder}/")).replacen("\"test\"  ", &format!("\"{environment}\"  "), 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use schemas::codelist::ListName;

    use super::*;
    use crate::config::{Config, File, LimitSettings};

    fn read(text: &str) -> Config {
        Config::read(Path::new("/r/registry-server.toml"), text, &[]).unwrap()
    }

    /// Section and key of every line that sets one, also of those behind a `#`.
    fn named() -> BTreeSet<(String, String)> {
        let mut section = String::new();
        let mut named = BTreeSet::new();
        for line in SAMPLE.lines() {
            if let Some(head) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                head.0.clone_into(&mut section);
            } else if let Some((key, _)) = line.trim_start_matches("# ").split_once('=')
                && key.trim().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte == b'-')
            {
                named.insert((section.clone(), key.trim().to_owned()));
            }
        }
        named
    }

    #[test]
    fn the_sample_parses_and_names_every_key_with_its_default() {
        assert_eq!(read(SAMPLE).limits, LimitSettings::default());
        let known = serde_json::to_value(File::default()).unwrap();
        let known = known.as_object().unwrap().iter().flat_map(|(section, keys)| {
            keys.as_object().unwrap().keys().map(move |key| (section.clone(), key.clone()))
        });
        let (known, mut named) = (known.collect::<BTreeSet<_>>(), named());
        named.retain(|(section, key)| section != "codelists" || key.parse::<ListName>().is_err());
        assert_eq!(named, known);
    }

    #[test]
    fn a_pilot_elsewhere_names_its_own_folder_and_environment() {
        assert_eq!(pilot("pki", "test"), SAMPLE);
        let config = read(&pilot("/etc/keys \"a\"/", "production"));
        assert_eq!(config.environment, "production");
        assert_eq!(config.pepper, Path::new("/etc/keys \"a\"/pepper.key"));
        assert_eq!(config.regions.client_ca, Path::new("/etc/keys \"a\"/ca.pem"));
    }
}
