//! From an invitation to a session and out again, by a clock that stands until it is put on.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use schemas::language::Language;

use super::*;
use crate::environment::{Clock, Entropy};
use crate::store::{Invitation, Which, sqlite};

const EVA: &str = "eva@example.se";
const PASSWORD: &str = "häst batteri klammer";

struct Standing(Mutex<Timestamp>);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

struct Counting(Mutex<u8>);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut number = self.0.lock().unwrap();
        *number += 1;
        bytes.fill(*number);
    }
}

struct World {
    _folder: tempfile::TempDir,
    clock: Arc<Standing>,
    store: Arc<dyn Store>,
    environment: Environment,
    door: Door,
    secret: Secret,
}

impl World {
    /// A register in which Eva has been invited as staff, with her invitation.
    async fn new() -> (Self, Token) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Standing(Mutex::new("2026-11-23T08:00:00Z".parse().unwrap())));
        let environment = Environment { clock: clock.clone(), entropy: Arc::new(Counting(Mutex::new(0))) };
        let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
        let door = Door::new(store.clone(), environment.clone(), &Pepper::new([3; 32]));
        let token = Token::new(environment.random());
        let until = environment.now() + SignedDuration::from_hours(1);
        let invitation = Invitation { token: token.hash(), until };
        let role = "staff".parse().unwrap();
        let step = UserStep::Invite { email: EVA.into(), role, language: Language::Sv, invitation };
        store.set_user(&step, environment.stamp()).await.unwrap();
        let (_, secret) = door.invited(&token).await.unwrap().unwrap();
        (Self { _folder: folder, clock, store, environment, door, secret }, token)
    }

    /// The same with a password chosen, half a minute later.
    async fn ready() -> Self {
        let (world, token) = Self::new().await;
        world.door.accept(&token, password(PASSWORD), &world.code()).await.unwrap();
        world.later(30);
        world
    }

    fn later(&self, seconds: u64) {
        *self.clock.0.lock().unwrap() += Duration::from_secs(seconds);
    }

    fn code(&self) -> Zeroizing<String> {
        self.secret.code(self.environment.now())
    }

    async fn sign_in(&self, email: &str, typed: &str, code: &str) -> Option<Token> {
        let credentials =
            Credentials { email: email.into(), password: password(typed), code: Zeroizing::new(code.into()) };
        self.door.sign_in(credentials, None).await.unwrap()
    }

    /// Eva with the code of the moment.
    async fn eva(&self) -> Option<Token> {
        self.sign_in(EVA, PASSWORD, &self.code()).await
    }
}

fn password(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.into())
}

#[tokio::test]
async fn an_invitation_is_taken_with_a_good_password_and_the_authenticator_s_code_and_once() {
    let (world, token) = World::new().await;
    assert_eq!(world.eva().await, None, "no password was chosen");
    for (typed, code, expected) in [
        ("kort", world.code(), NotTaken::Weak(WeakPassword::Length)),
        (PASSWORD, Zeroizing::new("000000".into()), NotTaken::Wrong),
    ] {
        assert_eq!(world.door.accept(&token, password(typed), &code).await, Err(expected));
    }
    assert_eq!(world.door.accept(&token, password(PASSWORD), &world.code()).await, Ok(()));
    assert_eq!(world.door.accept(&token, password(PASSWORD), &world.code()).await, Err(NotTaken::Over));
    assert_eq!(world.door.invited(&token).await.unwrap(), None);
    assert_eq!(world.eva().await, None, "the code was used");
    world.later(30);
    let token = world.sign_in(" Eva@Example.SE ", PASSWORD, &world.code()).await.unwrap();
    let (session, user) = world.door.resume(&token).await.unwrap().unwrap();
    assert_eq!((user.email.as_str(), session.is_fresh(world.environment.now())), (EVA, true));
}

#[tokio::test]
async fn an_invitation_that_is_over_is_worth_nothing() {
    let (world, token) = World::new().await;
    world.later(3_600);
    assert_eq!(world.door.invited(&token).await.unwrap(), None);
    assert_eq!(world.door.accept(&token, password(PASSWORD), &world.code()).await, Err(NotTaken::Over));
}

#[tokio::test]
async fn an_unknown_address_a_wrong_password_a_wrong_and_a_used_code_and_a_closed_account_all_fail_alike() {
    let world = World::ready().await;
    assert_eq!(world.sign_in("bo@example.se", PASSWORD, &world.code()).await, None);
    assert_eq!(world.sign_in("", "", "").await, None);
    assert!(world.eva().await.is_some());
    assert_eq!(world.eva().await, None, "a replay of the code");
    world.later(30);
    assert_eq!(world.sign_in(EVA, PASSWORD, "").await, None);
    assert_eq!(world.sign_in(EVA, PASSWORD, "abcdef").await, None);
    for _ in 0..2 {
        assert_eq!(world.sign_in(EVA, "häst batteri spik", &world.code()).await, None);
    }
    // Five in a row: what is right opens it only when the quarter of an hour is over.
    assert_eq!(world.eva().await, None);
    world.later(15 * 60 - 1);
    assert_eq!(world.eva().await, None);
    world.later(1);
    assert!(world.eva().await.is_some());
}

#[tokio::test]
async fn a_session_ends_by_a_pause_by_its_age_and_with_its_person() {
    let world = World::ready().await;
    let token = world.eva().await.unwrap();
    world.later(15 * 60 - 1);
    assert!(world.door.resume(&token).await.unwrap().is_some());
    world.later(15 * 60);
    assert_eq!(world.door.resume(&token).await.unwrap(), None);
    let token = world.eva().await.unwrap();
    for _ in 0..12 * 6 - 1 {
        world.later(10 * 60);
        assert!(world.door.resume(&token).await.unwrap().is_some());
    }
    world.later(10 * 60);
    assert_eq!(world.door.resume(&token).await.unwrap(), None, "twelve hours are over");
    let token = world.eva().await.unwrap();
    let remove = UserStep::Remove { email: EVA.into() };
    world.store.set_user(&remove, world.environment.stamp()).await.unwrap();
    assert_eq!(world.door.resume(&token).await.unwrap(), None, "at once");
    world.later(30);
    assert_eq!(world.eva().await, None);
}

#[tokio::test]
async fn password_and_code_make_a_session_fresh_and_a_new_password_ends_the_others() {
    let world = World::ready().await;
    let other = world.eva().await.unwrap();
    world.later(5 * 60);
    let token = world.eva().await.unwrap();
    world.later(5 * 60);
    let (session, user) = world.door.resume(&token).await.unwrap().unwrap();
    assert!(!session.is_fresh(world.environment.now()));
    for (typed, fresh) in [("häst batteri spik", false), (PASSWORD, true)] {
        let typed = Credentials { email: String::new(), password: password(typed), code: world.code() };
        assert_eq!(world.door.prove_again(&user, &token, typed).await.unwrap(), fresh);
        let (session, _) = world.door.resume(&token).await.unwrap().unwrap();
        assert_eq!(session.is_fresh(world.environment.now()), fresh);
    }
    let weak = world.door.change_password((&user, &token.hash()), password(EVA)).await;
    assert_eq!(weak, Err(NotTaken::Weak(WeakPassword::Address)));
    let new = "fyra ord som inte hör ihop";
    world.door.change_password((&user, &token.hash()), password(new)).await.unwrap();
    assert!(world.door.resume(&token).await.unwrap().is_some());
    assert_eq!(world.door.resume(&other).await.unwrap(), None);
    world.later(30);
    assert_eq!(world.eva().await, None);
    assert!(world.sign_in(EVA, new, &world.code()).await.is_some());
    assert_eq!(world.store.end_sessions(user.number, &Which::All, world.environment.stamp()).await.unwrap(), 2);
    assert_eq!(world.door.resume(&token).await.unwrap(), None);
}

#[tokio::test]
async fn many_wrong_attempts_at_once_close_the_account_as_one_after_the_other_would() {
    let world = World::ready().await;
    let code = world.code();
    let wrong = (0..6).map(|_| world.sign_in(EVA, "häst batteri spik", &code));
    assert!(futures_util::future::join_all(wrong).await.iter().all(Option::is_none));
    let eva = world.store.user(&UserKey::Email(EVA.into())).await.unwrap().unwrap();
    assert_eq!((eva.tries.failures, eva.tries.is_locked(world.environment.now())), (5, true));
}
