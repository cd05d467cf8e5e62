//! What is asked and answered of people who sign in.

use async_trait::async_trait;
use jiff::Timestamp;

use super::Recorder;
use crate::authenticate::attempt::Verdict;
use crate::authenticate::session::{Session, TokenHash};
use crate::environment::Stamp;
use crate::store::{Attempt, StoreError, User, UserKey, UserStep, Users, Waiting, Which};

#[async_trait]
impl Users for Recorder {
    async fn users(&self) -> Result<Vec<User>, StoreError> {
        self.note("users", self.store.users().await)
    }

    async fn user(&self, key: &UserKey) -> Result<Option<User>, StoreError> {
        self.note("user", self.store.user(key).await)
    }

    async fn set_user(&self, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError> {
        self.note("set_user", self.store.set_user(step, stamp).await)
    }

    async fn attempt(&self, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError> {
        self.note("attempt", self.store.attempt(attempt, stamp).await)
    }

    async fn session(&self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
        self.note("session", self.store.session(token).await)
    }

    async fn sessions(&self, user: u32) -> Result<Vec<(TokenHash, Session)>, StoreError> {
        self.note("sessions", self.store.sessions(user).await)
    }

    async fn note_session(&self, token: &TokenHash, at: Timestamp) -> Result<(), StoreError> {
        self.note("note_session", self.store.note_session(token, at).await)
    }

    async fn end_sessions(&self, user: u32, which: &Which, stamp: Stamp) -> Result<u32, StoreError> {
        self.note("end_sessions", self.store.end_sessions(user, which, stamp).await)
    }

    async fn begin_sign_in(&self, waiting: &Waiting, at: Timestamp) -> Result<(), StoreError> {
        self.note("begin_sign_in", self.store.begin_sign_in(waiting, at).await)
    }

    async fn take_sign_in(&self, token: &TokenHash) -> Result<Option<Waiting>, StoreError> {
        self.note("take_sign_in", self.store.take_sign_in(token).await)
    }
}
