//! `user add`, `user list`, `user role`, `user reset`, `user remove` and `user readmit`: people who sign in to the register's pages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use schemas::exit::Exit;
use schemas::language::Language;
use zeroize::Zeroizing;

use super::{Call, Form, print_json};
use crate::authenticate::Role;
use crate::authenticate::email::{self, BadEmail};
use crate::authenticate::one_time::Secret;
use crate::authenticate::password;
use crate::authenticate::session::Token;
use crate::config::keys;
use crate::failure::Failure;
use crate::sign_in::{Door, NotTaken};
use crate::store::{Invitation, Opening, Store, User, UserStep};
use crate::subject::Pepper;

/// How long an invitation is open.
const OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// What an authenticator calls the register.
const ISSUER: &str = "Kvalitetsregistret";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Invite somebody to sign in
    Add {
        /// E-mail address
        #[arg(value_parser = email::read)]
        email: String,
        /// staff, approver, researcher, auditor, admin, region:CODE or unit:HSA-ID[,HSA-ID]
        #[arg(long)]
        role: Role,
        /// The language that the pages have at first
        #[arg(long, value_parser = super::language_values(), default_value = "sv")]
        language: Language,
        /// Take the password from the first line of this file instead of inviting, and print what the authenticator needs
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Show everybody who was ever let in
    List,
    /// Give somebody another role; ends their sessions
    Role {
        /// E-mail address
        #[arg(value_parser = email::read)]
        email: String,
        /// staff, approver, researcher, auditor, admin, region:CODE or unit:HSA-ID[,HSA-ID]
        #[arg(long)]
        role: Role,
    },
    /// Forget somebody's password and authenticator, end their sessions, and invite them anew
    Reset {
        /// E-mail address
        #[arg(value_parser = email::read)]
        email: String,
    },
    /// Let somebody in no more; ends their sessions
    Remove {
        /// E-mail address, or the name that `user list` shows of whom an identity provider vouches for
        #[arg(value_parser = name)]
        email: String,
    },
    /// Let in again whom an identity provider vouches for and who was removed
    Readmit {
        /// The name that `user list` shows
        #[arg(value_parser = name)]
        name: String,
    },
}

/// Runs it.
pub(super) async fn run(command: Command, call: &Call) -> Result<Exit, Failure> {
    let opening = if matches!(command, Command::Add { .. }) { Opening::NewOrCurrent } else { Opening::Existing };
    let store = call.store(opening).await?;
    let ended = run_on(&store, command, call).await;
    store.close().await;
    ended.map(|()| Exit::Done)
}

async fn run_on(store: &Arc<dyn Store>, command: Command, call: &Call) -> Result<(), Failure> {
    let stamp = call.environment.stamp();
    match command {
        Command::Add { email, role, language, password_file } => {
            check(&**store, &role).await?;
            let given = password_file.map(|path| given(&path, (&email, call))).transpose()?;
            let (token, invitation) = invitation(call);
            let step = UserStep::Invite { email: email.clone(), role, language, invitation };
            let Some(_) = store.set_user(&step, stamp).await? else {
                return Err(Failure::usage(format!(
                    "{email} is there already; `user role` gives another role, `user reset` another password"
                )));
            };
            match given {
                None => invited(&email, &token, call),
                Some((password, pepper)) => {
                    let door = Door::new(Arc::clone(store), call.environment.clone(), &pepper);
                    equipped(&email, &door.equip(&token, password, None).await.map_err(not_taken)?, call.form);
                }
            }
        }
        Command::List => list(&store.users().await?, stamp.at, call.form),
        Command::Role { email, role } => {
            check(&**store, &role).await?;
            let step = UserStep::Role { email: email.clone(), role: role.clone() };
            store.set_user(&step, stamp).await?.ok_or_else(|| unknown(&email))?;
            println!("{email} is {role} now and must sign in again");
        }
        Command::Reset { email } => {
            let (token, invitation) = invitation(call);
            let step = UserStep::Reset { email: email.clone(), invitation };
            store.set_user(&step, stamp).await?.ok_or_else(|| unknown(&email))?;
            invited(&email, &token, call);
        }
        Command::Remove { email } => {
            let step = UserStep::Remove { email: email.clone() };
            store.set_user(&step, stamp).await?.ok_or_else(|| unknown(&email))?;
            println!("{email} is removed");
        }
        Command::Readmit { name } => {
            let step = UserStep::Readmit { email: name.clone() };
            store.set_user(&step, stamp).await?.ok_or_else(|| {
                Failure::usage(format!(
                    "no identity provider vouches for {name}, or they were not removed; `user list` shows who signs in how"
                ))
            })?;
            println!("{name} may sign in again");
        }
    }
    Ok(())
}

/// Reads an e-mail address, or a name as [`crate::store::Subject::name`] gives it.
pub(super) fn name(text: &str) -> Result<String, BadEmail> {
    if text.contains(" (") && text.ends_with(')') { Ok(text.to_owned()) } else { email::read(text) }
}

/// Whether a role is about a sender that there is.
async fn check(store: &dyn Store, role: &Role) -> Result<(), Failure> {
    if let Role::Region(code) = role
        && store.sender_status(code).await?.is_none()
    {
        return Err(Failure::usage(format!("sender {code} was never enrolled; `region list` shows those that were")));
    }
    Ok(())
}

fn invitation(call: &Call) -> (Token, Invitation) {
    let token = Token::new(call.environment.random());
    let invitation = Invitation { token: token.hash(), until: call.environment.now() + OPEN };
    (token, invitation)
}

/// Prints where somebody chooses a password.
fn invited(email: &str, token: &Token, call: &Call) {
    let path = format!("/invitation/{}", *token.text());
    let until = call.environment.now() + OPEN;
    match call.form {
        Form::Text => {
            println!("{email} is invited until {until}; send them this address, which is shown only now:\n{path}");
        }
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-user/1", "email": email, "invitation": path, "until": until,
        })),
    }
}

/// The password in a file, when it may be chosen, and the key under which the second factor is kept.
fn given(path: &Path, (email, call): (&str, &Call)) -> Result<(Zeroizing<String>, Pepper), Failure> {
    let text = keys::read(path, "password file")?;
    let password = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
    password::check(&password, email).map_err(|weak| not_taken(NotTaken::Weak(weak)))?;
    Ok((password, keys::pepper(&call.config()?.pepper)?))
}

/// Prints what somebody's authenticator needs.
fn equipped(email: &str, secret: &Secret, form: Form) {
    let uri = secret.uri(ISSUER, email);
    match form {
        Form::Text => {
            println!("{email} may sign in; give the authenticator this address, which is shown only now:\n{}", *uri);
        }
        Form::Json => print_json(&serde_json::json!({
            "schema": "registry-server-user/1", "email": email, "authenticator": *uri,
        })),
    }
}

fn not_taken(error: NotTaken) -> Failure {
    match error {
        NotTaken::Store(error) => error.into(),
        error => Failure::usage(error.sentence().pick(Language::En)),
    }
}

fn unknown(email: &str) -> Failure {
    Failure::usage(format!("{email} does not sign in here; `user list` shows who does"))
}

fn list(users: &[User], now: Timestamp, form: Form) {
    if form == Form::Json {
        let rows: Vec<_> = users.iter().map(|user| document(user, now)).collect();
        return print_json(&serde_json::json!({ "schema": "registry-server-users/1", "users": rows }));
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["number", "e-mail", "role", "signs in by", "state", "last sign-in"]);
    for user in users {
        table.add_row([
            user.number.to_string(),
            user.email.clone(),
            user.role.to_string(),
            user.subject.as_ref().map_or("password and code", |subject| subject.issuer.as_str()).to_owned(),
            user.state(now).word().to_owned(),
            user.signed_in_at.map(|at| at.to_string()).unwrap_or_default(),
        ]);
    }
    println!("{table}");
}

fn document(user: &User, now: Timestamp) -> serde_json::Value {
    serde_json::json!({
        "number": user.number, "email": user.email, "role": user.role.to_string(), "language": user.language.tag(),
        "signs_in_by": user.subject.as_ref().map_or("password", |_| "provider"),
        "issuer": user.subject.as_ref().map(|subject| &subject.issuer),
        "state": user.state(now).word(), "added_at": user.added_at, "signed_in_at": user.signed_in_at,
        "locked_until": user.tries.locked_until.filter(|until| now < *until),
    })
}
