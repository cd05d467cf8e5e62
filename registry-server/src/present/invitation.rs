//! `/invitation/{token}`: somebody who was invited chooses a password and takes a second factor into an authenticator.
//!
//! Promises: an invitation is taken once and in time; the secret is shown to nobody afterwards.

use askama::Template;
use qrcode::QrCode;
use schemas::language::Text;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::fault::Fault;
use super::shell::Shell;
use super::{Ask, sign_in};
use crate::authenticate::session::Token;
use crate::sign_in::NotTaken;

static TITLE: Text = Text::fixed("Välkommen", "Welcome");
static NOT_THE_SAME: Text =
    Text::fixed("Lösenorden är inte lika: skriv samma två gånger.", "The passwords differ: write the same twice.");
/// What authenticators call the account.
const ISSUER: &str = "Kvalitetsregistret";

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page {
    shell: Shell,
    path: String,
    email: String,
    secret: String,
    uri: String,
    /// Side of the QR code and the path of its dark squares.
    code: Option<(usize, String)>,
    refusal: Option<String>,
}

/// The form.
///
/// # Errors
/// [`Fault::NoInvitation`] when there is none, or it is over.
pub(super) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    form(ask, None).await
}

/// Takes the invitation.
///
/// # Errors
/// As for the form.
pub(super) async fn accept(ask: &Ask<'_>) -> Result<Answer, Fault> {
    sign_in::try_once(ask)?;
    let chosen = Zeroizing::new(ask.sent("password").to_owned());
    if *chosen != ask.sent("again") {
        return form(ask, Some(&NOT_THE_SAME)).await;
    }
    match ask.desk.door.accept(&token(ask)?, chosen, ask.sent("code")).await {
        Ok(()) => Ok(Answer::SeeOther { to: "/sign-in?new=1".to_owned(), cookie: None }),
        Err(NotTaken::Store(error)) => Err(error.into()),
        Err(NotTaken::Over) => Err(Fault::NoInvitation),
        Err(refused) => form(ask, Some(&refused.sentence())).await,
    }
}

fn token(ask: &Ask<'_>) -> Result<Token, Fault> {
    ask.visit.path.strip_prefix("/invitation/").and_then(Token::read).ok_or(Fault::NoInvitation)
}

async fn form(ask: &Ask<'_>, refusal: Option<&Text>) -> Result<Answer, Fault> {
    let (user, secret) = ask.desk.door.invited(&token(ask)?).await?.ok_or(Fault::NoInvitation)?;
    let uri = secret.uri(ISSUER, &user.email);
    Answer::page(&Page {
        shell: Shell::new((ask.visit, ask.visitor), &TITLE),
        path: ask.visit.path.clone(),
        email: user.email,
        secret: spaced(&secret.text()),
        code: drawn(&uri),
        uri: uri.to_string(),
        refusal: refusal.map(|text| text.pick(ask.visit.language).to_owned()),
    })
}

/// Four and four, as people type it.
fn spaced(secret: &str) -> String {
    let fours: Vec<&str> = (0..secret.len()).step_by(4).filter_map(|from| secret.get(from..from + 4)).collect();
    fours.join(" ")
}

/// The code with the margin of four squares that readers need.
fn drawn(text: &str) -> Option<(usize, String)> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, colour)| *colour == qrcode::Color::Dark);
    let path =
        dark.map(|(place, _)| format!("M{} {}h1v1h-1z", place % width + 4, place / width + 4)).collect::<Vec<_>>();
    Some((width + 8, path.concat()))
}
