//! What every engine must do, as one table of cases that runs on each engine and compares what they answer.
//!
//! Promises: every method of [`Store`] is called by a case; engines give the same answers and the same kinds of error, call by call.

/// Alarms and contacts.
pub(crate) mod alarm;
/// Orders of the statistician's file.
pub(crate) mod analysis;
/// The audit log.
mod audit;
/// A sender's accounting.
mod account;
/// What a sender has here.
mod active;
/// Cells of the figures.
mod cells;
/// Frozen data sets.
pub(crate) mod cut;
/// Deliveries for the cases.
mod delivery;
/// Outcomes of the first version's tables.
mod first_version;
/// Leaving the register.
pub(crate) mod erasure;
/// The building of requests' tables.
pub(crate) mod job;
/// Notes calls and answers.
mod recorder;
/// Persons with two numbers, and the history of corrections.
mod persons;
/// Units, monthly counts, accounting lines, inhabitants.
mod records;
/// The mail after each quarter.
pub(crate) mod quarter;
/// Remarks on a year.
mod remark;
/// Tables that left a frozen data set.
pub(crate) mod release;
/// Requests for extracts.
pub(crate) mod request;
/// The mails about steps of requests.
pub(crate) mod request_mail;
/// A set under new keys.
mod reset;
/// Senders, keys, generations.
mod senders;
/// What figures stand on.
mod state;
/// Looking into the audit log.
pub(crate) mod trail;
/// Versions, replays, persons, figures.
mod treatments;
/// People who sign in.
pub(crate) mod users;
/// What senders are watched by.
pub(crate) mod watch;

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Store;

pub(crate) use audit::sign;
pub(crate) use delivery::{at, delivery, enrol, key, retraction, run, stamp, tombs, treatment, unit};
pub(crate) use first_version::{must_tell_the_outcomes_of_the_first_version, outcomes_of_the_first_version};
pub(crate) use recorder::{Call, Recorder};

/// One thing that every engine must do.
pub(crate) struct Case {
    /// What it says, as a sentence.
    pub(crate) name: &'static str,
    run: for<'a> fn(&'a dyn Store) -> BoxFuture<'a, ()>,
}

macro_rules! cases {
    ($($module:ident::$case:ident,)*) => {
        &[$(Case { name: stringify!($case), run: |store| Box::pin($module::$case(store)) }),*]
    };
}

/// Every case.
pub(crate) const CASES: &[Case] = cases![
    // First, because a checkpoint writes whatever the other cases have left on the same server.
    erasure::bytes_of_the_erased_are_seen_to_once,
    senders::a_sender_is_enrolled_revoked_and_listed,
    senders::a_sender_that_may_deliver_is_suspended_and_no_other,
    senders::a_sender_s_newest_batch_and_planned_silence_are_told,
    senders::a_state_directory_keeps_its_generation,
    senders::a_sender_that_was_never_enrolled_gets_no_generation,
    senders::a_version_that_was_never_given_out_stores_nothing,
    senders::a_sender_that_is_not_active_stores_nothing,
    senders::the_first_key_is_registered_by_the_first_batch_and_no_other,
    reset::a_set_under_new_keys_counts_from_the_moment_on_in_which_the_old_one_is_gone,
    reset::a_key_that_is_lost_again_before_its_set_was_whole_leaves_nothing_of_it,
    treatments::the_same_batch_again_gives_the_same_receipt_and_one_effect,
    treatments::the_later_version_counts_whatever_the_order,
    treatments::a_version_conflict_stores_nothing_of_the_batch,
    treatments::a_retraction_is_a_version_and_a_later_treatment_revives,
    treatments::one_key_twice_in_a_batch_is_taken_in_order,
    treatments::new_changed_and_revived_treatments_come_in_one_batch,
    treatments::a_person_without_treatments_is_gone,
    treatments::senders_do_not_see_each_other_s_keys,
    treatments::facts_hold_what_was_delivered,
    cells::cells_are_marked_by_every_change_and_told_as_they_were_kept,
    cells::scores_are_told_of_the_instruments_and_comparisons_that_are_wanted,
    cells::a_month_that_changes_while_its_cells_are_made_stays_marked,
    cells::an_erasure_takes_the_cells_of_its_months_with_it_and_no_others,
    cells::a_protected_identity_takes_the_cells_of_its_months_with_it_and_no_others,
    state::what_figures_stand_on_is_another_after_every_change_and_counts_who_leaves,
    cut::a_cut_keeps_what_counted_whatever_comes_after,
    cut::who_is_withdrawn_leaves_every_cut_and_is_counted,
    cut::who_has_a_protected_identity_now_leaves_every_cut,
    cut::a_treatment_frozen_under_another_name_leaves_with_whom_it_is_of,
    cut::a_protected_identity_leaves_a_cut_also_under_another_name,
    cut::a_treatment_that_was_taken_back_leaves_the_cuts_with_whom_it_was_last_of,
    cut::a_protected_identity_takes_along_what_was_taken_back_before,
    cut::a_set_whose_keys_were_lost_leaves_every_cut,
    cut::a_year_s_cut_is_signed_remarked_on_and_published_once,
    remark::a_person_remarks_once_on_a_year_and_may_change_it,
    account::a_sender_s_lines_are_told_beside_what_the_register_itself_did_and_holds,
    alarm::an_alarm_is_raised_once_and_ends_with_its_condition,
    alarm::a_message_is_one_server_s_until_it_was_sent_and_is_tried_again_ever_later,
    alarm::contacts_are_numbered_confirmed_and_removed,
    active::a_sender_s_active_treatments_are_told_in_the_order_of_their_keys,
    persons::merged_persons_are_one_until_they_are_split_again,
    persons::a_merge_concerns_its_own_sender_only,
    persons::a_replaced_version_is_remembered_and_its_treatment_s_number_is_never_given_again,
    erasure::what_was_sent_of_a_person_is_gone_and_stays_gone_until_it_is_let_in_again,
    erasure::the_same_request_again_gets_the_same_receipt_and_another_finds_nothing_more,
    erasure::a_sender_erases_its_own_persons_only_and_only_while_it_is_active,
    erasure::a_treatment_taken_back_before_goes_with_its_person_and_one_taken_back_after_leaves_no_key,
    erasure::a_person_leaves_under_every_number_and_counts_once,
    erasure::what_is_held_of_a_person_is_told_whole_and_written_down,
    erasure::a_case_asks_every_sender_until_it_has_answered_or_the_case_is_closed,
    records::denominators_replace_their_like_and_breaks_are_numbered,
    records::what_ended_is_counted_beside_the_outside_denominators_and_each_import_is_told,
    records::the_counts_around_treatments_are_told_only_when_asked_for,
    records::units_counts_and_accounting_lines_are_kept_in_their_latest_version,
    records::what_is_exported_is_every_row_and_is_taken_in_once,
    records::an_import_replaces_the_same_inhabitants_and_keeps_the_rest,
    users::an_invitation_is_taken_once_and_while_it_lasts,
    users::a_session_begins_with_a_proof_and_ends_when_it_is_ended,
    users::whoever_is_removed_reset_or_changed_has_no_session_any_more,
    users::failures_close_an_account_and_what_happens_to_people_is_noted,
    users::a_browser_comes_back_from_the_identity_provider_once,
    users::whom_a_provider_vouches_for_is_what_its_word_says_now_and_stays_out_when_removed,
    quarter::a_person_has_one_mail_of_a_quarter_which_is_one_server_s_until_it_is_settled,
    quarter::whoever_wants_no_mail_says_so_and_may_change_it,
    release::a_table_is_kept_behind_those_it_was_held_against_or_not_at_all,
    request::a_request_keeps_every_step_and_of_two_at_once_one,
    request::of_more_than_the_quota_none_is_handed_in_not_even_of_two_at_once,
    analysis::an_order_of_a_file_keeps_every_step_and_of_two_at_once_one,
    request_mail::a_person_has_one_mail_of_a_step_which_is_one_server_s_until_it_is_settled,
    job::a_job_is_one_process_s_until_it_is_over_or_that_is_silent_for_a_minute,
    trail::events_are_found_by_time_kind_person_and_sender_and_noted_once,
    trail::a_month_s_review_is_signed_once_and_noted,
    watch::a_delivery_is_counted_on_its_day_with_what_rejected_it_once,
    watch::one_batch_is_told_with_what_its_manifest_said_and_to_its_sender_alone,
    watch::what_came_of_units_is_counted_by_the_hour_of_its_first_receipt,
    watch::a_pause_before_a_process_s_first_sign_of_life_was_an_outage_and_no_other,
    audit::every_change_is_noted_once_and_what_changed_nothing_is_not,
    audit::events_get_their_places_once_and_each_checkpoint_extends_the_one_before,
    audit::a_receipt_holds_the_newest_checkpoint_and_its_batch_stands_behind_it,
];

impl Case {
    /// Runs it on an empty store; tells what was asked and answered.
    pub(crate) async fn on(&self, store: Arc<dyn Store>) -> Vec<Call> {
        let recorder = Recorder::new(Arc::clone(&store));
        (self.run)(&recorder).await;
        store.close().await;
        recorder.calls()
    }
}

/// The methods of the traits in this source text that are none of those called.
fn uncalled(source: &str, called: &BTreeSet<&str>) -> Vec<String> {
    let traits = source.split("\npub trait ").skip(1).map(|rest| rest.split("\n}").next().unwrap());
    let names =
        traits.flat_map(|methods| methods.split("async fn ").skip(1)).map(|rest| rest.split('(').next().unwrap());
    names.filter(|name| !called.contains(name)).map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn every_method_of_a_store_has_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let mut called = BTreeSet::new();
    for case in CASES {
        let store = super::sqlite::tests::fresh(&folder.path().join(case.name)).await;
        called.extend(case.on(store).await.into_iter().map(|(method, _)| method));
    }
    let source = concat!(
        include_str!("../store.rs"),
        include_str!("figures.rs"),
        include_str!("user.rs"),
        include_str!("alarm.rs"),
        include_str!("job.rs"),
        include_str!("analysis.rs"),
        include_str!("quarter.rs"),
        include_str!("release.rs"),
        include_str!("request.rs"),
        include_str!("request_mail.rs"),
        include_str!("trail.rs"),
        include_str!("watch.rs")
    );
    assert_eq!(uncalled(source, &called), [""; 0]);
    let planted = source.replace("async fn close(", "async fn forgotten(&self);\n    async fn close(");
    assert_eq!(uncalled(&planted, &called), ["forgotten"]);
}
