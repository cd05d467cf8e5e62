//! Whether every word of `[map]` and of its file leads to a code that exists.
//!
//! Promises: the words are looked up exactly as a cycle looks them up.

use schemas::settings::BadSettings;

use crate::config::MapKind;
use crate::map::Words;
use crate::setup::Setup;

/// Checks the file and the tables.
///
/// # Errors
/// The first row or entry whose code does not exist.
pub(super) fn check(setup: &Setup) -> Result<(), BadSettings> {
    setup.check_mapping()?;
    let maps = &setup.config.map;
    let mut words = Words::new(&setup.lists, maps);
    for kind in MapKind::ALL {
        if let Some((word, code)) = maps.of(kind).iter().find(|(word, _)| words.meaning(kind, word).0.is_none()) {
            return Err(BadSettings(format!(
                "[map.{kind}] \"{word}\" leads to {code}, which is no {kind} of the code lists; correct the code"
            )));
        }
    }
    Ok(())
}
