//! `/sign-in` and `/sign-out`.
//!
//! Promises: a refusal says the same whoever was named and whatever was wrong, and takes as long; a new session has a new token, and the
//! one that the browser held before is over.

use askama::Template;
use schemas::language::Text;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;
use super::{Ask, route, visitor};
use crate::authenticate::attempt;
use crate::config::Others;
use crate::provider::Provider;
use crate::sign_in::Credentials;
use crate::store::Which;

static TITLE: Text = Text::fixed("Logga in", "Sign in");

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    shell: Shell,
    email: String,
    next: String,
    refusal: Option<String>,
    is_new: bool,
    /// What the identity provider is called and where the way there begins, where there is one.
    provider: Option<(String, String)>,
    /// Whether people come in by password and code.
    has_accounts: bool,
}

/// The form.
///
/// # Errors
/// None in practice.
pub(super) fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    form(ask, ask.visit.asked("next").unwrap_or_default(), None)
}

fn form(ask: &Ask<'_>, next: &str, refusal: Option<&Text>) -> Result<Answer, Fault> {
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        email: ask.sent("email").to_owned(),
        next: next.to_owned(),
        refusal: refusal.map(|text| text.pick(ask.visit.language).to_owned()),
        is_new: ask.visit.asked("new").is_some(),
        provider: ask.desk.provider.as_ref().map(|provider| (named(ask, provider), to_provider(next))),
        has_accounts: has_accounts(ask),
    })
}

/// Whether people come in by password and code.
fn has_accounts(ask: &Ask<'_>) -> bool {
    ask.desk.provider.as_ref().is_none_or(|provider| provider.others() == Others::LocalAccounts)
}

/// What people call a provider.
fn named(ask: &Ask<'_>, provider: &Provider) -> String {
    let unnamed = || ask.visit.language.pick("din organisations inloggning", "your organisation's sign-in");
    provider.name().map_or_else(|| unnamed().to_owned(), str::to_owned)
}

/// Where the way to the provider begins.
fn to_provider(next: &str) -> String {
    format!("/sign-in/provider?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish())
}

/// Signs in.
///
/// # Errors
/// When the store fails, or an address tries too often.
pub(super) async fn enter(ask: &Ask<'_>) -> Result<Answer, Fault> {
    if !has_accounts(ask) {
        return Err(Fault::NotFound);
    }
    try_once(ask)?;
    let held = visitor::token(ask.visit);
    let Some(token) = ask.desk.door.sign_in(typed(ask, ask.sent("email")), held.as_ref()).await? else {
        return form(ask, ask.sent("next"), Some(&attempt::refusal()));
    };
    let next = Some(ask.sent("next")).filter(|next| is_own(next)).map(str::to_owned);
    let user = ask.desk.door.resume(&token).await?.map(|(_, user)| user);
    let first = user.and_then(|user| route::menu(&user.role).next().map(|(path, _)| path.to_owned()));
    let to = next.or(first).unwrap_or_else(|| "/account".to_owned());
    Ok(Answer::SeeOther { to, cookie: Some(visitor::cookie(&token)) })
}

/// Counts an attempt against the address that it comes from.
///
/// # Errors
/// [`Fault::TooOften`].
pub(super) fn try_once(ask: &Ask<'_>) -> Result<(), Fault> {
    let now = ask.desk.registry.environment.clock.uptime();
    ask.desk.attempts.take(ask.visit.address, now).then_some(()).ok_or(Fault::TooOften)
}

/// Password and code of a form.
pub(super) fn typed(ask: &Ask<'_>, email: &str) -> Credentials {
    let secret = |name| Zeroizing::new(ask.sent(name).to_owned());
    Credentials { email: email.to_owned(), password: secret("password"), code: secret("code") }
}

/// Signs out.
///
/// # Errors
/// When the store fails.
pub(super) async fn leave(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (registry, visitor) = (&ask.desk.registry, ask.somebody()?);
    let stamp = registry.environment.stamp();
    registry.store.end_sessions(visitor.user.number, &Which::Only(visitor.token.hash()), stamp).await?;
    // Whoever came by the identity provider leaves it too.
    let to = if visitor.user.subject.is_some() { "/signed-out" } else { "/sign-in" };
    Ok(Answer::SeeOther { to: to.to_owned(), cookie: Some(visitor::no_cookie()) })
}

/// Whether an address is a path of this register: browsers read two slashes, or one leaning back, as another host.
pub(super) fn is_own(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        for (path, expected) in [
            ("/outcomes?by=region", true),
            ("//evil.example", false),
            ("/\\evil.example", false),
            ("https://evil.example", false),
            ("/\n", false),
            ("", false),
        ] {
            assert_eq!(is_own(path), expected, "{path}");
        }
    }
}
