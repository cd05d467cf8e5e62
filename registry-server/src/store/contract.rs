//! What every engine must do, as one suite that each engine's module runs.
//!
//! Promises: every method of [`Store`] has a case here.

/// Deliveries for the cases.
mod delivery;
/// Senders, keys, generations.
mod senders;
/// Versions, replays, persons, figures.
mod treatments;

use std::sync::Arc;

use super::Store;

pub(crate) use delivery::{at, delivery, enrol, key, retraction, treatment, unit};

/// Runs every case, each on a store of its own.
pub(crate) async fn run<F, Opened>(open: F)
where
    F: Fn() -> Opened,
    Opened: Future<Output = Arc<dyn Store>>,
{
    senders::a_sender_is_enrolled_revoked_and_listed(&*open().await).await;
    senders::a_sender_s_newest_batch_and_planned_silence_are_told(&*open().await).await;
    senders::a_state_directory_keeps_its_generation(&*open().await).await;
    senders::a_version_that_was_never_given_out_stores_nothing(&*open().await).await;
    senders::a_sender_that_is_not_active_stores_nothing(&*open().await).await;
    senders::the_first_key_is_registered_by_the_first_batch_and_no_other(&*open().await).await;
    treatments::the_same_batch_again_gives_the_same_receipt_and_one_effect(&*open().await).await;
    treatments::the_later_version_counts_whatever_the_order(&*open().await).await;
    treatments::a_version_conflict_stores_nothing_of_the_batch(&*open().await).await;
    treatments::a_retraction_is_a_version_and_a_later_treatment_revives(&*open().await).await;
    treatments::one_key_twice_in_a_batch_is_taken_in_order(&*open().await).await;
    treatments::a_person_without_treatments_is_gone(&*open().await).await;
    treatments::senders_do_not_see_each_other_s_keys(&*open().await).await;
    treatments::facts_hold_what_was_delivered(&*open().await).await;
    treatments::an_import_replaces_the_same_inhabitants_and_keeps_the_rest(&*open().await).await;
}
