//! From what somebody types to a session, step by step: invitation, password and second factor, sign-in, and what a browser holds.
//!
//! Promises: a failure is the same for an unknown address, a wrong password, a wrong or used code and a closed account, and takes as
//! long, because a hash is worked out for nobody too; passwords are hashed off the event loop and only a few at once.
//! Must not know: HTTP, pages, SQL.

/// From the identity provider's word to a session.
pub mod vouched;

use std::fmt;
use std::sync::Arc;

use schemas::language::Text;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::authenticate::attempt::{self, Proof, Tries, Verdict};
use crate::authenticate::email;
use crate::authenticate::one_time::Secret;
use crate::authenticate::password::{self, PasswordHash, WeakPassword};
use crate::authenticate::sealed::FactorKey;
use crate::authenticate::session::{Session, Token, TokenHash};
use crate::environment::Environment;
use crate::store::{Attempt, Gain, Store, StoreError, User, UserKey, UserStep};
use crate::subject::Pepper;

/// Passwords hashed at once: each takes a core for tens of milliseconds, and 19 MiB.
const AT_ONCE: usize = 2;

/// Where people come in.
pub struct Door {
    store: Arc<dyn Store>,
    environment: Environment,
    factors: FactorKey,
    turns: Semaphore,
}

/// What somebody types to sign in.
#[derive(Debug)]
pub struct Credentials {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: Zeroizing<String>,
    /// The code that the authenticator shows.
    pub code: Zeroizing<String>,
}

/// Why an invitation was not taken, or a password not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// The invitation was used, is over, or never was.
    Over,
    /// The password cannot be chosen.
    Weak(WeakPassword),
    /// The code is none of the authenticator's.
    Wrong,
    /// The store failed.
    Store(StoreError),
}

impl Door {
    /// The door of a register.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, environment: Environment, pepper: &Pepper) -> Self {
        // Worked out now, so that the first who is unknown is not told from the rest.
        let _ = PasswordHash::of_nobody();
        Self { store, environment, factors: FactorKey::of(pepper), turns: Semaphore::new(AT_ONCE) }
    }

    /// Signs in; nothing when that failed. The token takes the place of the one that the browser held.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_in(&self, typed: Credentials, held: Option<&Token>) -> Result<Option<Token>, StoreError> {
        let user = match email::read(typed.email.trim()) {
            Ok(email) => self.store.user(&UserKey::Email(email)).await?,
            Err(_) => None,
        };
        let token = Token::new(self.environment.random());
        let gain = Gain::Session { token: token.hash(), before: held.map(Token::hash), proved_at: None };
        let verdict = self.attempt(user.as_ref(), (typed.password, &typed.code), gain).await?;
        Ok((verdict == Verdict::Proved).then_some(token))
    }

    /// Makes a session fresh by password and code; tells whether they are right.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn prove_again(&self, user: &User, held: &Token, typed: Credentials) -> Result<bool, StoreError> {
        let gain = Gain::Fresh { token: held.hash() };
        Ok(self.attempt(Some(user), (typed.password, &typed.code), gain).await? == Verdict::Proved)
    }

    async fn attempt(
        &self,
        user: Option<&User>,
        (password, code): (Zeroizing<String>, &str),
        gain: Gain,
    ) -> Result<Verdict, StoreError> {
        let kept = user.and_then(|user| user.password.as_ref()).unwrap_or(PasswordHash::of_nobody());
        let right = self.is_right(kept.clone(), password).await;
        let stamp = self.environment.stamp();
        let secret = user.and_then(|user| self.factors.open(user.number, user.factor.as_deref()?));
        let proof = Proof { password: right, step: secret.and_then(|secret| secret.step_of(code, stamp.at)) };
        let decide = move |tries: &Tries| attempt::decide(tries, proof, stamp.at);
        let attempt = Attempt { user: user.map(|user| user.number), decide: Box::new(decide), gain };
        self.store.attempt(&attempt, stamp).await
    }

    /// Who holds a token, while their session counts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resume(&self, token: &Token) -> Result<Option<(Session, User)>, StoreError> {
        let now = self.environment.now();
        let Some(found) = self.find(token).await? else { return Ok(None) };
        if found.0.is_to_be_noted(now) {
            self.store.note_session(&token.hash(), now).await?;
        }
        Ok(Some(found))
    }

    /// The session that counts and its person, without taking it as a sign of life.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, token: &Token) -> Result<Option<(Session, User)>, StoreError> {
        let now = self.environment.now();
        Ok(self.store.session(&token.hash()).await?.filter(|(session, _)| session.is_alive(now)))
    }

    /// Whose invitation a token is and the secret that they give their authenticator, the same at every look; nothing when the
    /// invitation was used or is over.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn invited(&self, token: &Token) -> Result<Option<(User, Secret)>, StoreError> {
        let now = self.environment.now();
        let user = self.store.user(&UserKey::Invitation(token.hash())).await?;
        let open = user.filter(|user| user.invitation.as_ref().is_some_and(|invitation| now < invitation.until));
        Ok(open.map(|user| (user, self.factors.offered(&token.hash()))))
    }

    /// Takes an invitation with a password and a code that the authenticator shows.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn accept(&self, token: &Token, password: Zeroizing<String>, code: &str) -> Result<(), NotTaken> {
        let (user, secret) = self.invited(token).await?.ok_or(NotTaken::Over)?;
        password::check(&password, &user.email).map_err(NotTaken::Weak)?;
        let step = secret.step_of(code, self.environment.now()).ok_or(NotTaken::Wrong)?;
        self.equip(token, password, Some(step)).await.map(|_| ())
    }

    /// Takes an invitation without a code, where nobody sits at an authenticator; gives the secret for it.
    ///
    /// # Errors
    /// Why it was not taken.
    pub async fn equip(
        &self,
        token: &Token,
        password: Zeroizing<String>,
        step: Option<i64>,
    ) -> Result<Secret, NotTaken> {
        let (user, secret) = self.invited(token).await?.ok_or(NotTaken::Over)?;
        password::check(&password, &user.email).map_err(NotTaken::Weak)?;
        let password = self.hash(password).await;
        let factor = self.factors.seal(user.number, &secret, self.environment.random());
        let step = UserStep::Accept { invitation: token.hash(), password, factor, step };
        self.store.set_user(&step, self.environment.stamp()).await?.map(|_| secret).ok_or(NotTaken::Over)
    }

    /// Changes a password and ends every other session. Whoever asks has just proved who they are ([`Session::is_fresh`]).
    ///
    /// # Errors
    /// Why it was not changed.
    pub async fn change_password(
        &self,
        (user, session): (&User, &TokenHash),
        password: Zeroizing<String>,
    ) -> Result<(), NotTaken> {
        password::check(&password, &user.email).map_err(NotTaken::Weak)?;
        let password = self.hash(password).await;
        let step = UserStep::Password { number: user.number, password, session: *session };
        self.store.set_user(&step, self.environment.stamp()).await?.map(|_| ()).ok_or(NotTaken::Over)
    }

    async fn is_right(&self, kept: PasswordHash, password: Zeroizing<String>) -> bool {
        // A closed semaphore and a task that ended early are no proof.
        let Ok(_turn) = self.turns.acquire().await else { return false };
        tokio::task::spawn_blocking(move || kept.matches(&password)).await.unwrap_or(false)
    }

    async fn hash(&self, password: Zeroizing<String>) -> PasswordHash {
        let _turn = self.turns.acquire().await;
        let salt = self.environment.random();
        let made = tokio::task::spawn_blocking(move || PasswordHash::make(&password, salt)).await;
        made.expect("hashing a password does not panic")
    }
}

impl NotTaken {
    /// What to do, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> Text {
        match self {
            Self::Over => Text::fixed(
                "Inbjudan gäller inte längre; be om en ny.",
                "The invitation is no longer valid; ask for a new one.",
            ),
            Self::Weak(weak) => weak.sentence(),
            Self::Wrong => Text::fixed(
                "Koden stämmer inte; vänta på nästa kod och kontrollera att telefonens klocka går rätt.",
                "The code is not right; wait for the next one and check that the phone's clock is right.",
            ),
            Self::Store(_) => Text::fixed(
                "Registret kunde inte spara just nu; försök igen om en stund.",
                "The register could not save right now; try again in a moment.",
            ),
        }
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[cfg(test)]
mod tests;
