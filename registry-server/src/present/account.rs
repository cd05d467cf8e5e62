//! `/account`: who one is here, where one is signed in, another password, and whether a unit's reader gets the mail after each quarter.
//!
//! Promises: a password is changed only by who knows the old one and has the second factor; every other session ends with it.

use askama::Template;
use schemas::language::Text;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::fault::Fault;
use super::shell::{Shell, minute};
use super::visitor::Visitor;
use super::{Ask, sign_in};
use crate::authenticate::{Role, attempt};
use crate::sign_in::NotTaken;
use crate::store::Which;
use crate::store::quarter::Choice;

static TITLE: Text = Text::fixed("Mitt konto", "My account");
static CHANGED: Text = Text::fixed(
    "Lösenordet är bytt, och alla andra inloggningar är avslutade.",
    "The password is changed, and every other session is over.",
);
static CHOSEN: Text = Text::fixed("Ditt val är sparat.", "Your choice is kept.");

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    shell: Shell,
    email: String,
    role: String,
    /// When each began and was used last, and whether it is this one.
    sessions: Vec<(String, String, bool)>,
    /// When they last proved to the identity provider who they are; nothing for those who have a password.
    proved: Option<String>,
    /// Whether the mail after each quarter may come; nothing for whom there is none.
    mail: Option<bool>,
    said: Option<String>,
}

/// The page, with what became of a form.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(ask: &Ask<'_>, said: Option<&Text>) -> Result<Answer, Fault> {
    let (registry, visitor, language) = (&ask.desk.registry, ask.somebody()?, ask.visit.language);
    let (now, held) = (registry.environment.now(), visitor.token.hash());
    let sessions = registry.store.sessions(visitor.user.number).await?;
    let mail = match visitor.user.role {
        Role::Unit(_) => Some(registry.store.mail_choice(visitor.user.number).await? == Choice::Wanted),
        _ => None,
    };
    let here = sessions.iter().find(|(token, _)| *token == held);
    let alive = sessions.iter().filter(|(_, session)| session.is_alive(now));
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        email: visitor.user.email.clone(),
        role: visitor.user.role.name().pick(language).to_owned(),
        sessions: alive
            .map(|(token, session)| (minute(session.began_at), minute(session.seen_at), *token == held))
            .collect(),
        proved: here.filter(|_| visitor.user.subject.is_some()).map(|(_, session)| minute(session.proved_at)),
        mail,
        said: said.map(|text| text.pick(language).to_owned()),
    })
}

/// Changes the password.
///
/// # Errors
/// When the store fails, or an address tries too often.
pub(super) async fn change_password(ask: &Ask<'_>) -> Result<Answer, Fault> {
    sign_in::try_once(ask)?;
    let Visitor { user, token } = ask.somebody()?;
    if !ask.desk.door.prove_again(user, token, sign_in::typed(ask, &user.email)).await? {
        return page(ask, Some(&attempt::refusal())).await;
    }
    let chosen = Zeroizing::new(ask.sent("new").to_owned());
    match ask.desk.door.change_password((user, &token.hash()), chosen).await {
        Ok(()) => page(ask, Some(&CHANGED)).await,
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(refused) => page(ask, Some(&refused.sentence())).await,
    }
}

/// Ends every other session.
///
/// # Errors
/// When the store fails.
pub(super) async fn end_sessions(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (registry, visitor) = (&ask.desk.registry, ask.somebody()?);
    let stamp = registry.environment.stamp();
    registry.store.end_sessions(visitor.user.number, &Which::AllBut(visitor.token.hash()), stamp).await?;
    Ok(Answer::SeeOther { to: "/account".to_owned(), cookie: None })
}

/// Keeps whether the mail after each quarter may come.
///
/// # Errors
/// [`Fault::NotFound`] for whom there is none, [`Fault::Unreadable`] for no choice, and when the store fails.
pub(super) async fn choose_mail(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (registry, visitor) = (&ask.desk.registry, ask.somebody()?);
    if !matches!(visitor.user.role, Role::Unit(_)) {
        return Err(Fault::NotFound);
    }
    let choice = match ask.sent("choice") {
        "wanted" => Choice::Wanted,
        "declined" => Choice::Declined,
        _ => return Err(Fault::Unreadable),
    };
    registry.store.choose_mail(visitor.user.number, choice, registry.environment.now()).await?;
    page(ask, Some(&CHOSEN)).await
}
