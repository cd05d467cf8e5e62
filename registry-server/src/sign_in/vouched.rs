//! From the identity provider's word to a session, step by step: sent there, come back, vouched for, let in.
//!
//! Promises: a browser comes back once, in time, and only the one that was sent; somebody without a role has no session, and nothing is
//! made of them; each sign-in reads the role anew. Must not know: HTTP, pages, SQL.

use jiff::SignedDuration;
use schemas::language::Language;

use super::Door;
use crate::authenticate::Role;
use crate::authenticate::session::{FRESH, Token, TokenHash};
use crate::provider::{NotVouched, Provider, Purpose, Returned, Secrets, Vouched};
use crate::store::audit::{Entry, What};
use crate::store::{Gain, StoreError, Subject, User, UserStep, Waiting};

/// How long a browser may stay at the provider.
pub const AWAY: SignedDuration = SignedDuration::from_mins(10);

/// What a browser is sent to the provider for.
#[derive(Debug, Clone)]
pub struct Errand {
    /// Where it goes afterwards.
    pub next: String,
    /// The session that is to be fresh; nothing where one is to begin.
    pub session: Option<TokenHash>,
    /// The language of the provider's pages, and of those here for somebody new.
    pub language: Language,
}

/// What a browser brings back from the provider.
#[derive(Debug)]
pub struct Brought<'a> {
    /// The token that it holds since it was sent.
    pub token: Token,
    /// Which attempt it says it is of.
    pub state: &'a str,
    /// What the provider gave it; nothing where the provider did not let it in.
    pub returned: Option<Returned<'a>>,
}

/// Who has come in.
#[derive(Debug)]
pub struct Entered {
    /// The token of a new session; nothing where one is fresh again.
    pub token: Option<Token>,
    /// Where they go.
    pub next: String,
    /// What they are.
    pub role: Role,
}

/// Why somebody has not come in.
#[derive(Debug)]
pub enum NotIn {
    /// The browser was not sent, comes too late, or comes again.
    Astray,
    /// The provider did not let them in, or they changed their mind there.
    Declined,
    /// The provider vouches for them, and nothing of what it says gives a role here.
    NoRole,
    /// They are let in no more.
    Removed,
    /// Somebody else proved who they are than the session is of.
    SomebodyElse,
    /// The provider vouches for nobody.
    NotVouched(NotVouched),
    /// The store failed.
    Store(StoreError),
}

impl Door {
    /// Sends a browser to the provider; gives the token that it holds meanwhile, and where it goes.
    ///
    /// # Errors
    /// When provider or store fail.
    pub async fn send(&self, provider: &Provider, errand: Errand) -> Result<(Token, String), NotIn> {
        let (token, now) = (Token::new(self.environment.random()), self.environment.now());
        let purpose = if errand.session.is_some() { Purpose::ProveAgain(now) } else { Purpose::SignIn };
        let address = provider.address(&Secrets::of(&token), (purpose, errand.language)).await?;
        let waiting = Waiting { token: token.hash(), until: now + AWAY, next: errand.next, session: errand.session };
        self.store.begin_sign_in(&waiting, now).await?;
        Ok((token, address))
    }

    /// Lets in whom the provider vouches for. The session takes the place of the one that the browser held.
    ///
    /// # Errors
    /// Why they have not come in.
    pub async fn receive(
        &self,
        provider: &Provider,
        (brought, held): (Brought<'_>, Option<&Token>),
        language: Language,
    ) -> Result<Entered, NotIn> {
        let secrets = Secrets::of(&brought.token);
        if !secrets.fits(brought.state) {
            return Err(NotIn::Astray);
        }
        let waiting = self.store.take_sign_in(&brought.token.hash()).await?;
        let now = self.environment.now();
        let waiting = waiting.filter(|waiting| now < waiting.until).ok_or(NotIn::Astray)?;
        let returned = brought.returned.ok_or(NotIn::Declined)?;
        let purpose = waiting.session.map_or(Purpose::SignIn, |_| Purpose::ProveAgain(waiting.until - AWAY));
        let vouched = match provider.vouch(&secrets, (purpose, returned)).await {
            Err(refused @ NotVouched::Refused(_)) => {
                self.note_refusal().await?;
                return Err(refused.into());
            }
            vouched => vouched?,
        };
        let Vouched { issuer, subject, role, proved_at } = vouched;
        let subject = Subject { issuer, subject };
        let Some(role) = self.enrolled(role).await? else {
            return Err(self.turn(subject, NotIn::NoRole).await);
        };
        let token = Token::new(self.environment.random());
        let gain = match waiting.session {
            Some(session) if self.is_of(&session, &subject).await? => Gain::Fresh { token: session },
            Some(_) => return Err(NotIn::SomebodyElse),
            // Where the provider does not say when they proved who they are, it does not count as just now.
            None => Gain::Session {
                token: token.hash(),
                before: held.map(Token::hash),
                proved_at: Some(proved_at.unwrap_or(now - FRESH)),
            },
        };
        let is_new = matches!(gain, Gain::Session { .. });
        let step = UserStep::Vouch { subject: subject.clone(), role: role.clone(), language, gain };
        if self.store.set_user(&step, self.environment.stamp()).await?.is_none() {
            return Err(self.turn(subject, NotIn::Removed).await);
        }
        Ok(Entered { token: is_new.then_some(token), next: waiting.next, role })
    }

    /// A role that somebody may have: a region's only while it is enrolled.
    async fn enrolled(&self, role: Option<Role>) -> Result<Option<Role>, StoreError> {
        if let Some(Role::Region(code)) = &role
            && self.store.sender_status(code).await?.is_none()
        {
            return Ok(None);
        }
        Ok(role)
    }

    async fn is_of(&self, session: &TokenHash, subject: &Subject) -> Result<bool, StoreError> {
        let now = self.environment.now();
        let found = self.store.session(session).await?.filter(|(session, _)| session.is_alive(now));
        Ok(found.is_some_and(|(_, user): (_, User)| user.subject.as_ref() == Some(subject)))
    }

    /// Ends the sessions of whoever is known and not let in, and writes down that they were not.
    async fn turn(&self, subject: Subject, why: NotIn) -> NotIn {
        let turned = self.store.set_user(&UserStep::Turn { subject }, self.environment.stamp()).await;
        let noted = match turned {
            Ok(None) => self.note_refusal().await,
            turned => turned.map(|_| ()),
        };
        noted.map_or_else(NotIn::Store, |()| why)
    }

    /// Writes down that somebody who is nobody here was not let in.
    async fn note_refusal(&self) -> Result<(), StoreError> {
        let what = What::User { number: None, step: "refused".to_owned(), role: None };
        self.store.note_event(&Entry::new(self.environment.stamp(), None, what)).await
    }
}

impl From<StoreError> for NotIn {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotVouched> for NotIn {
    fn from(error: NotVouched) -> Self {
        Self::NotVouched(error)
    }
}
