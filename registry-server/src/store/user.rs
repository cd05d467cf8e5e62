//! People who sign in, and their sessions.
//!
//! Promises of every engine: what becomes of somebody is written together with its event in the audit log, and with the end of the
//! sessions that must not outlive it; attempts on one account are decided one after the other. The log names people by number, so that
//! an address can be taken out of the register again. Must not know: passwords, codes, tokens; only what is kept of them.

/// Somebody as both engines read and write them.
pub(super) mod row;
/// What a step makes of somebody.
pub(super) mod step;

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use schemas::language::Language;

use crate::authenticate::Role;
use crate::authenticate::attempt::{Tries, Verdict};
use crate::authenticate::password::PasswordHash;
use crate::authenticate::session::{Session, TokenHash};
use crate::environment::Stamp;
use crate::store::StoreError;

/// People who sign in.
#[async_trait]
pub trait Users: Send + Sync {
    /// Everybody who was ever let in, by number.
    async fn users(&self) -> Result<Vec<User>, StoreError>;

    /// Somebody, also when removed since.
    async fn user(&self, key: &UserKey) -> Result<Option<User>, StoreError>;

    /// Takes a step with somebody; gives the number, and nothing when the step cannot be taken: there is nobody of the name or the
    /// invitation, it is over, or somebody who is to be invited is there already.
    async fn set_user(&self, step: &UserStep, stamp: Stamp) -> Result<Option<u32>, StoreError>;

    /// Decides on an attempt to prove who one is, and writes down what becomes of it.
    async fn attempt(&self, attempt: &Attempt, stamp: Stamp) -> Result<Verdict, StoreError>;

    /// The session of a token with its person, also one that is over; nothing when it was ended or its person removed.
    async fn session(&self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError>;

    /// Somebody's sessions, newest first, with what is kept of their tokens.
    async fn sessions(&self, user: u32) -> Result<Vec<(TokenHash, Session)>, StoreError>;

    /// Notes that something was asked in a session.
    async fn note_session(&self, token: &TokenHash, at: Timestamp) -> Result<(), StoreError>;

    /// Ends sessions of somebody; tells how many.
    async fn end_sessions(&self, user: u32, which: &Which, stamp: Stamp) -> Result<u32, StoreError>;

    /// Remembers that a browser was sent to the identity provider, and forgets those that were and did not come back in time.
    async fn begin_sign_in(&self, waiting: &Waiting, at: Timestamp) -> Result<(), StoreError>;

    /// Takes what is remembered of a browser that comes back, also when it is too late; nothing the second time.
    async fn take_sign_in(&self, token: &TokenHash) -> Result<Option<Waiting>, StoreError>;
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The number by which the log names them.
    pub number: u32,
    /// E-mail address, lower case; of somebody whom an identity provider vouches for, [`Subject::name`].
    pub email: String,
    /// Who they are to the identity provider that vouches for them; nothing for those who sign in by password and code.
    pub subject: Option<Subject>,
    /// What they are.
    pub role: Role,
    /// The language they read at first.
    pub language: Language,
    /// What is kept of the password; nothing before one was chosen.
    pub password: Option<PasswordHash>,
    /// The sealed secret of the second factor.
    pub factor: Option<Vec<u8>>,
    /// What was tried.
    pub tries: Tries,
    /// The invitation that waits.
    pub invitation: Option<Invitation>,
    /// When they were added.
    pub added_at: Timestamp,
    /// When they signed in last.
    pub signed_in_at: Option<Timestamp>,
    /// When they were removed.
    pub removed_at: Option<Timestamp>,
}

/// An invitation to choose a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What is kept of its token.
    pub token: TokenHash,
    /// When it is over.
    pub until: Timestamp,
}

/// Somebody as an identity provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The provider.
    pub issuer: String,
    /// The name by which it knows them for good.
    pub subject: String,
}

/// A browser that was sent to the identity provider and is to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What is kept of the token that it holds.
    pub token: TokenHash,
    /// Until when it may come back.
    pub until: Timestamp,
    /// Where it goes then.
    pub next: String,
    /// The session that is to be fresh then; nothing where one is to begin.
    pub session: Option<TokenHash>,
}

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserKey {
    /// By number.
    Number(u32),
    /// By e-mail address, lower case.
    Email(String),
    /// Whose invitation it is.
    Invitation(TokenHash),
    /// Whom an identity provider vouches for.
    Subject(Subject),
}

/// What becomes of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserStep {
    /// Let in who is not there, or not any more.
    Invite {
        /// E-mail address, lower case.
        email: String,
        /// What they are to be.
        role: Role,
        /// The language they read at first.
        language: Language,
        /// How they choose a password.
        invitation: Invitation,
    },
    /// Ends every session, forgets password and second factor, and invites anew.
    Reset {
        /// E-mail address, lower case.
        email: String,
        /// How they choose a password.
        invitation: Invitation,
    },
    /// Ends every session and gives another role.
    Role {
        /// E-mail address, lower case.
        email: String,
        /// What they are from now on.
        role: Role,
    },
    /// Ends every session and lets in no more.
    Remove {
        /// E-mail address, lower case.
        email: String,
    },
    /// Takes an invitation: it is used up then.
    Accept {
        /// What is kept of its token.
        invitation: TokenHash,
        /// What is kept of the password.
        password: PasswordHash,
        /// The sealed secret of the second factor.
        factor: Vec<u8>,
        /// The step of the code that proved it.
        step: Option<i64>,
    },
    /// Ends every other session and changes the password.
    Password {
        /// Whose.
        number: u32,
        /// What is kept of the password.
        password: PasswordHash,
        /// The session that stays.
        session: TokenHash,
    },
    /// Lets in whom an identity provider vouches for, new or known, and not removed; ends every session when the role is another.
    Vouch {
        /// Who.
        subject: Subject,
        /// What they are from now on.
        role: Role,
        /// The language that somebody new reads at first.
        language: Language,
        /// What that gives.
        gain: Gain,
    },
    /// Ends every session of somebody known to whom the provider's word gives no role, or who was removed.
    Turn {
        /// Who.
        subject: Subject,
    },
    /// Lets in again whom an identity provider vouches for and who was removed.
    Readmit {
        /// Their name here.
        email: String,
    },
}

/// An attempt to prove who one is.
pub struct Attempt {
    /// Whose account; nothing where nobody has the address.
    pub user: Option<u32>,
    /// Decides, from what was tried before.
    pub decide: Decide,
    /// What success gives.
    pub gain: Gain,
}

/// Decides on an attempt; gives what was tried then.
pub type Decide = Box<dyn Fn(&Tries) -> (Verdict, Tries) + Send + Sync>;

/// What a proof gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gain {
    /// A new session, in place of the one that the browser held.
    Session {
        /// What is kept of its token.
        token: TokenHash,
        /// What is kept of the token held before.
        before: Option<TokenHash>,
        /// When they proved who they are, where that was not just now.
        proved_at: Option<Timestamp>,
    },
    /// A session that is fresh again.
    Fresh {
        /// What is kept of its token.
        token: TokenHash,
    },
}

/// Which of somebody's sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// One.
    Only(TokenHash),
    /// All but one.
    AllBut(TokenHash),
}

/// What somebody is at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// Has chosen no password yet.
    Invited,
    /// May sign in.
    Active,
    /// May sign in when the time is over that failures closed the account for.
    Locked,
    /// May not sign in.
    Removed,
}

impl User {
    /// What they are at a moment.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> UserState {
        match self {
            Self { removed_at: Some(_), .. } => UserState::Removed,
            Self { subject: Some(_), .. } => UserState::Active,
            Self { password: None, .. } => UserState::Invited,
            _ if self.tries.is_locked(now) => UserState::Locked,
            _ => UserState::Active,
        }
    }
}

impl Subject {
    /// How people and commands name them. No e-mail address reads so.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} ({})", self.subject, self.issuer.strip_prefix("https://").unwrap_or(&self.issuer))
    }
}

impl UserState {
    /// The word that is shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Locked => "locked",
            Self::Removed => "removed",
        }
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("user", &self.user).field("gain", &self.gain).finish_non_exhaustive()
    }
}
