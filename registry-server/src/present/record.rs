//! What the audit log is told of a request: that somebody was shown something sensitive, or was refused.
//!
//! Promises: a refusal is written before its answer; what was shown waits for no disk. A path or a choice that could hold anything is
//! not noted as it was sent.

use std::sync::Arc;

use schemas::id::HsaId;

use super::fault::Fault;
use super::route::{Access, Method, Route};
use super::visit::{LANG, Visit};
use super::visitor::Visitor;
use super::{Ask, Desk, deliveries};
use crate::aggregate::dimension::Dimension;
use crate::authenticate::Action;
use crate::store::audit::{Entry, What};

/// Longest text of a choice.
const LONGEST: usize = 200;

/// Notes that the answer to a request was made, where it shows something sensitive.
///
/// # Errors
/// [`Fault::Busy`] when nothing more can be noted.
pub(super) fn shown(ask: &Ask<'_>, route: &Route) -> Result<(), Fault> {
    let Some(visitor) = ask.visitor.filter(|_| is_sensitive(route)) else { return Ok(()) };
    let what = What::Read {
        page: ask.visit.path.clone(),
        filter: choices(ask.visit),
        cut: ask.visit.asked("cut").and_then(|cut| cut.parse().ok()),
        person: visitor.user.number,
        role: visitor.user.role.to_string(),
    };
    let sender = deliveries::sender_of(&ask.visit.path);
    let entry = Entry::new(ask.desk.registry.environment.stamp(), sender.as_ref(), what);
    ask.desk.registry.trail.put(entry).map_err(|_| Fault::Busy)
}

/// Notes a refusal, if it is one; gives what is to be answered.
pub(super) async fn refused(desk: &Desk, route: Option<&Route>, (visitor, fault): (Option<&Visitor>, Fault)) -> Fault {
    let why = match fault {
        Fault::SignIn => "signed_out",
        Fault::NotAllowed => "role",
        Fault::Foreign => "foreign_form",
        _ => return fault,
    };
    let registry = &desk.registry;
    let (stamp, page) = (registry.environment.stamp(), route.map_or("", |route| route.path));
    let put = match visitor {
        None => registry.trail.put_stranger(stamp, page, why),
        Some(Visitor { user, .. }) => {
            let what = What::Denied {
                page: Some(page.to_owned()),
                person: Some(user.number),
                role: Some(user.role.to_string()),
                times: 1,
                why: why.to_owned(),
            };
            registry.trail.put(Entry::new(stamp, None, what))
        }
    };
    if put.is_err() {
        return Fault::Busy;
    }
    let own = Arc::clone(registry);
    // It is written also when whoever was refused goes away before the answer.
    let written = registry.tasks.spawn(async move { own.trail.flush(&*own.store).await });
    match written.await {
        Ok(Ok(())) => fault,
        Ok(Err(error)) => error.into(),
        Err(_) => Fault::Unexpected("writing of a refusal broke off".to_owned()),
    }
}

/// Whether what a route shows is more than what everybody who signs in may read.
fn is_sensitive(route: &Route) -> bool {
    match route.access {
        Access::Anybody => false,
        Access::Report => true,
        // A browser alone asks for it, again and again; the page that leads there was noted.
        Access::May(..) if route.comes_again() => false,
        Access::May(action, _) => {
            route.method == Method::Get && !matches!(action, Action::Account | Action::Definitions)
        }
    }
}

/// What was chosen, as far as it is made of codes and days.
fn choices(visit: &Visit) -> String {
    let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_,.:".contains(&b));
    // Ten digits in a row may be somebody's number.
    let is_long = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() > 9;
    let chosen = visit.query.iter().filter(|(name, value)| name != LANG && !value.is_empty());
    let is_unit = |name: &str, value: &str| {
        name == Dimension::Unit.name() && value.split(',').all(|one| one.parse::<HsaId>().is_ok())
    };
    let chosen =
        chosen.filter(|(name, value)| is_plain(name) && is_plain(value) && (!is_long(value) || is_unit(name, value)));
    let mut text = form_urlencoded::Serializer::new(String::new()).extend_pairs(chosen).finish();
    text.truncate(LONGEST);
    text
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_choice_is_noted_without_the_language_and_without_what_may_name_somebody() {
        for (query, expected) in [
            ("by=region,programme&period=year&lang=en", "by=region%2Cprogramme&period=year"),
            ("by=&from=2026-01-01", "from=2026-01-01"),
            ("q=19800101-9999&q=%3Cscript%3E&q=%0A", ""),
            ("unit=19800101-9999&programme=sovhjalpen", "programme=sovhjalpen"),
            ("unit=SE9990120000-E001", "unit=SE9990120000-E001"),
            (&format!("by={}", "a".repeat(500)), &format!("by={}", "a".repeat(197))),
        ] {
            let request = Request::get(format!("/outcomes?{query}")).body(Body::empty()).unwrap();
            assert_eq!(choices(&Visit::read(request).0), expected, "{query}");
        }
    }
}
