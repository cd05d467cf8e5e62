//! People who sign in: what becomes of them and of their sessions.

use jiff::{SignedDuration, Timestamp};
use schemas::language::Language;

use super::delivery::at;
use crate::authenticate::attempt::{Proof, Verdict, decide};
use crate::authenticate::password::PasswordHash;
use crate::authenticate::session::TokenHash;
use crate::environment::Stamp;
use crate::store::{Attempt, Gain, Invitation, Store, Subject, User, UserKey, UserState, UserStep, Waiting, Which};

const EVA: &str = "eva@example.se";

/// A moment of its own: so many minutes after the first.
fn minute(minute: u8) -> Stamp {
    Stamp { at: at() + SignedDuration::from_mins(minute.into()), salt: [minute; 32] }
}

fn invitation(token: u8, until: Timestamp) -> Invitation {
    Invitation { token: [token; 32], until }
}

fn invite(email: &str, role: &str, invitation: Invitation) -> UserStep {
    UserStep::Invite { email: email.into(), role: role.parse().unwrap(), language: Language::Sv, invitation }
}

fn accept(token: u8) -> UserStep {
    let password = PasswordHash::kept("kept".into());
    UserStep::Accept { invitation: [token; 32], password, factor: vec![1, 2, 3], step: Some(10) }
}

fn attempt(user: Option<u32>, proof: (bool, i64, Timestamp), gain: Gain) -> Attempt {
    let (password, step, now) = proof;
    let proof = Proof { password, step: Some(step) };
    Attempt { user, decide: Box::new(move |tries| decide(tries, proof, now)), gain }
}

/// Somebody signs in at a minute with a step's code, and gets a token of these bytes.
pub(crate) async fn sign_in(store: &dyn Store, user: u32, (at, step, token): (u8, i64, u8)) -> Verdict {
    let gain = Gain::Session { token: [token; 32], before: None, proved_at: None };
    store.attempt(&attempt(Some(user), (true, step, minute(at).at), gain), minute(at)).await.unwrap()
}

async fn eva(store: &dyn Store) -> User {
    store.user(&UserKey::Email(EVA.into())).await.unwrap().unwrap()
}

async fn tokens(store: &dyn Store, user: u32) -> Vec<u8> {
    store.sessions(user).await.unwrap().iter().map(|(token, _): &(TokenHash, _)| token[0]).collect()
}

/// A person with a session, for tables that must not be empty.
pub(crate) async fn fill(store: &dyn Store) {
    let until = minute(200).at;
    assert_eq!(store.set_user(&invite(EVA, "staff", invitation(1, until)), minute(0)).await.unwrap(), Some(1));
    assert_eq!(store.set_user(&accept(1), minute(1)).await.unwrap(), Some(1));
    assert_eq!(sign_in(store, 1, (2, 20, 2)).await, Verdict::Proved);
    store.begin_sign_in(&waiting(200, 100), minute(2).at).await.unwrap();
}

/// Somebody who has chosen a password; the numbers follow each other.
pub(crate) async fn somebody(store: &dyn Store, (number, email, role): (u8, &str, &str)) {
    let (token, until) = (100 + number, minute(200).at);
    let invited = store.set_user(&invite(email, role, invitation(token, until)), minute(2 * number)).await;
    assert_eq!(invited.unwrap(), Some(number.into()));
    assert_eq!(store.set_user(&accept(token), minute(2 * number + 1)).await.unwrap(), Some(number.into()));
}

/// A browser that was sent to the identity provider and may come back until a minute.
fn waiting(token: u8, until: u8) -> Waiting {
    Waiting { token: [token; 32], until: minute(until).at, next: "/quality".into(), session: Some([2; 32]) }
}

fn bo() -> Subject {
    Subject { issuer: "https://idp.example.se".into(), subject: "SE9990120000-1001".into() }
}

/// The provider vouches for somebody at a minute, who gets a token of these bytes.
async fn vouch(store: &dyn Store, role: &str, (at, token): (u8, u8)) -> Option<u32> {
    let gain = Gain::Session { token: [token; 32], before: None, proved_at: Some(minute(0).at) };
    let step = UserStep::Vouch { subject: bo(), role: role.parse().unwrap(), language: Language::En, gain };
    store.set_user(&step, minute(at)).await.unwrap()
}

pub(super) async fn an_invitation_is_taken_once_and_while_it_lasts(store: &dyn Store) {
    let until = minute(10).at;
    assert_eq!(store.set_user(&invite(EVA, "region:12", invitation(1, until)), minute(0)).await.unwrap(), Some(1));
    assert_eq!(store.set_user(&invite(EVA, "staff", invitation(2, until)), minute(1)).await.unwrap(), None);
    let other = invite("bo@example.se", "admin", invitation(2, until));
    assert_eq!(store.set_user(&other, minute(1)).await.unwrap(), Some(2));
    assert_eq!(eva(store).await.state(minute(1).at), UserState::Invited);
    // Who has chosen no password gets nowhere.
    assert_eq!(sign_in(store, 1, (2, 20, 9)).await, Verdict::Refused);
    assert_eq!(store.set_user(&accept(3), minute(3)).await.unwrap(), None);
    assert_eq!(store.set_user(&accept(1), minute(10)).await.unwrap(), None, "it is over");
    assert_eq!(store.set_user(&accept(1), minute(9)).await.unwrap(), Some(1));
    assert_eq!(store.set_user(&accept(1), minute(9)).await.unwrap(), None, "it is used up");
    let there = eva(store).await;
    let now = (there.state(minute(9).at), there.tries.last_step, there.invitation.clone());
    assert_eq!(now, (UserState::Active, Some(10), None));
    let waiting = store.user(&UserKey::Invitation([2; 32])).await.unwrap().unwrap();
    assert_eq!((waiting.number, waiting.role.to_string().as_str()), (2, "admin"));
    assert_eq!(store.users().await.unwrap(), [there, waiting]);
}

pub(super) async fn a_session_begins_with_a_proof_and_ends_when_it_is_ended(store: &dyn Store) {
    fill(store).await;
    assert_eq!(sign_in(store, 1, (3, 20, 3)).await, Verdict::Refused, "the code was used");
    let gain = Gain::Session { token: [4; 32], before: Some([2; 32]), proved_at: None };
    let again = attempt(Some(1), (true, 21, minute(4).at), gain);
    assert_eq!(store.attempt(&again, minute(4)).await.unwrap(), Verdict::Proved);
    assert_eq!(tokens(store, 1).await, [4], "the browser's old token is worth nothing");
    assert_eq!(sign_in(store, 1, (5, 22, 5)).await, Verdict::Proved);
    store.note_session(&[5; 32], minute(9).at).await.unwrap();
    store.note_session(&[5; 32], minute(8).at).await.unwrap();
    let fresh = attempt(Some(1), (true, 23, minute(7).at), Gain::Fresh { token: [4; 32] });
    assert_eq!(store.attempt(&fresh, minute(7)).await.unwrap(), Verdict::Proved);
    let (session, user) = store.session(&[5; 32]).await.unwrap().unwrap();
    assert_eq!((session.began_at, session.seen_at, session.proved_at), (minute(5).at, minute(9).at, minute(5).at));
    assert_eq!((user.email.as_str(), user.signed_in_at), (EVA, Some(minute(5).at)));
    let (session, _) = store.session(&[4; 32]).await.unwrap().unwrap();
    assert_eq!((session.began_at, session.proved_at), (minute(4).at, minute(7).at));
    assert_eq!(store.end_sessions(1, &Which::Only([9; 32]), minute(10)).await.unwrap(), 0);
    assert_eq!(store.end_sessions(2, &Which::Only([5; 32]), minute(10)).await.unwrap(), 0, "it is another's");
    assert_eq!(store.end_sessions(1, &Which::Only([5; 32]), minute(10)).await.unwrap(), 1);
    assert_eq!((store.session(&[5; 32]).await.unwrap(), tokens(store, 1).await), (None, vec![4]));
    // What is over goes when somebody signs in.
    assert_eq!(sign_in(store, 1, (30, 24, 6)).await, Verdict::Proved);
    assert_eq!(tokens(store, 1).await, [6]);
}

pub(super) async fn whoever_is_removed_reset_or_changed_has_no_session_any_more(store: &dyn Store) {
    fill(store).await;
    let email = || EVA.to_owned();
    let role = UserStep::Role { email: email(), role: "auditor".parse().unwrap() };
    assert_eq!(store.set_user(&role, minute(3)).await.unwrap(), Some(1));
    assert_eq!((tokens(store, 1).await, eva(store).await.role.to_string().as_str()), (vec![], "auditor"));
    for (at, token) in [(4, 4), (5, 5)] {
        assert_eq!(sign_in(store, 1, (at, at.into(), token)).await, Verdict::Refused, "an old code");
        assert_eq!(sign_in(store, 1, (at, i64::from(at) + 20, token)).await, Verdict::Proved);
    }
    let password = UserStep::Password { number: 1, password: PasswordHash::kept("new".into()), session: [5; 32] };
    assert_eq!(store.set_user(&password, minute(6)).await.unwrap(), Some(1));
    assert_eq!(tokens(store, 1).await, [5]);
    let reset = UserStep::Reset { email: email(), invitation: invitation(7, minute(100).at) };
    assert_eq!(store.set_user(&reset, minute(7)).await.unwrap(), Some(1));
    assert_eq!((tokens(store, 1).await, eva(store).await.state(minute(7).at)), (vec![], UserState::Invited));
    assert_eq!(store.set_user(&password, minute(7)).await.unwrap(), None, "there is none to change");
    assert_eq!(store.set_user(&accept(7), minute(8)).await.unwrap(), Some(1));
    assert_eq!(sign_in(store, 1, (9, 30, 9)).await, Verdict::Proved);
    assert_eq!(store.set_user(&UserStep::Remove { email: email() }, minute(10)).await.unwrap(), Some(1));
    assert_eq!(store.session(&[9; 32]).await.unwrap(), None);
    assert_eq!(sign_in(store, 1, (11, 31, 11)).await, Verdict::Refused);
    for step in [UserStep::Remove { email: email() }, role, reset] {
        assert_eq!(store.set_user(&step, minute(12)).await.unwrap(), None);
    }
    // Who comes back is the same in the log, and begins anew.
    let back = invite(EVA, "staff", invitation(13, minute(100).at));
    assert_eq!(store.set_user(&back, minute(13)).await.unwrap(), Some(1));
    assert_eq!(eva(store).await.state(minute(13).at), UserState::Invited);
}

pub(super) async fn failures_close_an_account_and_what_happens_to_people_is_noted(store: &dyn Store) {
    fill(store).await;
    let nobody =
        attempt(None, (true, 30, minute(3).at), Gain::Session { token: [3; 32], before: None, proved_at: None });
    assert_eq!(store.attempt(&nobody, minute(3)).await.unwrap(), Verdict::Refused);
    for at in 4..8 {
        let wrong = attempt(Some(1), (false, 30, minute(at).at), Gain::Fresh { token: [2; 32] });
        assert_eq!(store.attempt(&wrong, minute(at)).await.unwrap(), Verdict::Refused);
    }
    let wrong = attempt(Some(1), (false, 30, minute(8).at), Gain::Fresh { token: [2; 32] });
    assert_eq!(store.attempt(&wrong, minute(8)).await.unwrap(), Verdict::Locked { until: minute(23).at });
    assert_eq!(eva(store).await.state(minute(9).at), UserState::Locked);
    assert_eq!(sign_in(store, 1, (22, 31, 22)).await, Verdict::Refused);
    assert_eq!(sign_in(store, 1, (23, 31, 23)).await, Verdict::Proved);
    assert_eq!(store.end_sessions(1, &Which::All, minute(24)).await.unwrap(), 1);
    assert_eq!(store.end_sessions(1, &Which::All, minute(25)).await.unwrap(), 0);
    store.sequence(&super::sign()).await.unwrap();
    let events = super::audit::events(store).await;
    assert!(events.iter().all(|event| !event.to_string().contains('@')), "the log names nobody by address");
    let mut steps: Vec<String> = events.iter().map(|event| event["step"].to_string()).collect();
    steps.dedup();
    let words = ["invited", "accepted", "signed_in", "refused", "locked", "refused", "signed_in", "signed_out"];
    assert_eq!(steps, words.map(|word| format!("\"{word}\"")));
}

pub(super) async fn a_browser_comes_back_from_the_identity_provider_once(store: &dyn Store) {
    let there = waiting(1, 20);
    store.begin_sign_in(&there, minute(10).at).await.unwrap();
    store.begin_sign_in(&Waiting { session: None, ..waiting(2, 21) }, minute(11).at).await.unwrap();
    assert_eq!(store.take_sign_in(&[1; 32]).await.unwrap(), Some(there));
    assert_eq!(store.take_sign_in(&[1; 32]).await.unwrap(), None);
    store.begin_sign_in(&waiting(3, 40), minute(21).at).await.unwrap();
    assert_eq!(store.take_sign_in(&[2; 32]).await.unwrap(), None, "it did not come back in time");
}

pub(super) async fn whom_a_provider_vouches_for_is_what_its_word_says_now_and_stays_out_when_removed(
    store: &dyn Store,
) {
    let turn = UserStep::Turn { subject: bo() };
    assert_eq!(store.set_user(&turn, minute(0)).await.unwrap(), None, "nothing is made of who has no role");
    assert_eq!(store.users().await.unwrap(), []);
    assert_eq!(vouch(store, "staff", (1, 1)).await, Some(1));
    let there = store.user(&UserKey::Subject(bo())).await.unwrap().unwrap();
    assert_eq!(
        (there.email.as_str(), there.state(minute(1).at)),
        ("SE9990120000-1001 (idp.example.se)", UserState::Active)
    );
    let (session, user) = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((session.began_at, session.proved_at, &user), (minute(1).at, minute(0).at, &there));
    assert_eq!(vouch(store, "staff", (2, 2)).await, Some(1));
    assert_eq!(tokens(store, 1).await, [2, 1]);
    let role = "unit:SE9990120000-E001";
    assert_eq!(vouch(store, role, (3, 3)).await, Some(1));
    assert_eq!(tokens(store, 1).await, [3], "whoever is something else has no session from before");
    let fresh = Gain::Fresh { token: [3; 32] };
    let again = UserStep::Vouch { subject: bo(), role: role.parse().unwrap(), language: Language::Sv, gain: fresh };
    assert_eq!(store.set_user(&again, minute(4)).await.unwrap(), Some(1));
    assert_eq!(store.session(&[3; 32]).await.unwrap().unwrap().0.proved_at, minute(4).at);
    assert_eq!(store.set_user(&turn, minute(5)).await.unwrap(), Some(1));
    assert_eq!(tokens(store, 1).await, [0; 0]);
    let name = || there.email.clone();
    assert_eq!(sign_in(store, 1, (6, 30, 6)).await, Verdict::Refused, "there is no password");
    let reset = UserStep::Reset { email: name(), invitation: invitation(6, minute(100).at) };
    let other = UserStep::Role { email: name(), role: "admin".parse().unwrap() };
    for step in [reset, other, UserStep::Readmit { email: name() }] {
        assert_eq!(store.set_user(&step, minute(6)).await.unwrap(), None);
    }
    assert_eq!(vouch(store, role, (7, 7)).await, Some(1));
    assert_eq!(store.set_user(&UserStep::Remove { email: name() }, minute(8)).await.unwrap(), Some(1));
    assert_eq!((vouch(store, role, (9, 9)).await, tokens(store, 1).await), (None, vec![]));
    assert_eq!(store.set_user(&turn, minute(9)).await.unwrap(), Some(1));
    assert_eq!(store.set_user(&UserStep::Readmit { email: name() }, minute(10)).await.unwrap(), Some(1));
    assert_eq!(vouch(store, role, (11, 11)).await, Some(1));
    store.sequence(&super::sign()).await.unwrap();
    let steps: Vec<String> = super::audit::events(store).await.iter().map(|event| event["step"].to_string()).collect();
    let words = [
        "signed_in",
        "signed_in",
        "signed_in",
        "proved_again",
        "refused",
        "refused",
        "signed_in",
        "removed",
        "refused",
        "readmitted",
        "signed_in",
    ];
    assert_eq!(steps, words.map(|word| format!("\"{word}\"")));
}
