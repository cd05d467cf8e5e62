//! Takes the register's code lists when they are not those in use.
//!
//! Promises: what cannot be fetched, verified or used with the region's own additions and mapping is told and kept in mind, and the
//! cycle goes on with the lists that it has.

use jiff::Timestamp;
use schemas::codelist::CodeLists;
use schemas::published_lists::PublishedLists;

use crate::codelists::{self, Base, Refused};
use crate::push::Client;
use crate::setup::Setup;

/// The setup with the register's lists, or none when those in use stay; `hash` is what the register names.
pub(super) async fn renewed(setup: &Setup, client: &Client, hash: &str, now: Timestamp) -> Option<Setup> {
    let outcome = if hash == setup.base.hash { Ok(None) } else { take(setup, client, now).await.map(Some) };
    let refused = match &outcome {
        Ok(_) => None,
        Err(reason) => {
            tracing::warn!("the register's code lists are not used: {reason}");
            Some(Refused { hash: hash.to_owned(), since: now.to_string(), reason: reason.clone() })
        }
    };
    if let Err(sentence) = codelists::keep_refused(&setup.config, refused) {
        tracing::warn!("{sentence}");
    }
    outcome.ok().flatten()
}

async fn take(setup: &Setup, client: &Client, now: Timestamp) -> Result<Setup, String> {
    let document = client.codelists().await.map_err(|error| error.to_string())?;
    let environment = setup.config.agent.environment.word();
    let lists = client.verify_codelists(&document, environment).map_err(|error| error.to_string())?;
    adopt(setup, (document, lists), now)
}

/// The setup with lists that were verified, kept for later runs. A region's own files are not made wrong by what the register changes.
pub(super) fn adopt(
    setup: &Setup,
    (document, lists): (PublishedLists, CodeLists),
    now: Timestamp,
) -> Result<Setup, String> {
    let base = Base::of_register(lists, &now.to_string());
    let renewed = setup.with_base(base).map_err(|error| format!("they do not go with [codelists]: {error}"))?;
    if let Err(error) = renewed.check_mapping()
        && setup.check_mapping().is_ok()
    {
        return Err(format!("they do not go with the mapping: {error}"));
    }
    codelists::keep(&setup.config, document, (&setup.base, &renewed.base))?;
    tracing::info!(codelists = renewed.base.hash, "the register's code lists are in use");
    Ok(renewed)
}
