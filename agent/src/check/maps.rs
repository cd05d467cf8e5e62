//! Whether every entry of `[map.*]` leads to a code that exists.
//!
//! Promises: the words are looked up exactly as a cycle looks them up.

use std::collections::BTreeMap;

use schemas::id::HsaId;
use schemas::settings::BadSettings;

use crate::map::Words;
use crate::setup::Setup;

/// Checks the maps.
///
/// # Errors
/// The first entry whose code does not exist.
pub(super) fn check(setup: &Setup) -> Result<(), BadSettings> {
    let maps = &setup.config.map;
    let mut words = Words::new(&setup.lists, maps);
    leads("programme", &maps.programme, |word| words.programme(word).is_some())?;
    leads("instrument", &maps.instrument, |word| words.instrument(word).is_some())?;
    leads("timepoint", &maps.timepoint, |word| words.timepoint(word).is_some())?;
    leads("status", &maps.status, |word| words.status(word).is_some())?;
    leads("end_reason", &maps.end_reason, |word| words.end_reason(word).is_some())?;
    leads("unit", &maps.unit, |word| words.unit(word).parse::<HsaId>().is_ok())?;
    leads("sex", &maps.sex, |word| words.sex(word).is_some())?;
    leads("care_level", &maps.care_level, |word| words.care_level(word).is_some())?;
    leads("ownership", &maps.ownership, |word| words.ownership(word).is_some())
}

fn leads(kind: &str, map: &BTreeMap<String, String>, mut known: impl FnMut(&str) -> bool) -> Result<(), BadSettings> {
    match map.iter().find(|(word, _)| !known(word)) {
        Some((word, code)) => Err(BadSettings(format!(
            "[map.{kind}] \"{word}\" leads to {code}, which is no {kind} of the code lists; correct the code"
        ))),
        None => Ok(()),
    }
}
