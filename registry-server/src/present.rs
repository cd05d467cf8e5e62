//! The pages for people: from a request to an answer that a person reads.
//!
//! Promises: every address stands in the one table of routes, and no page is made before the table's rule let the caller in; every
//! answer, also of an error, carries the headers that keep a browser from doing more than show it; a page needs no script.
//! Must not know: SQL, TLS, how figures are made.

/// Statement on accessibility.
mod accessibility;
/// Answers and their headers.
mod answer;
/// Files that pages name.
mod asset;
/// What every measure means.
mod definitions;
/// What a person reads instead of a page.
mod fault;
/// Where a form was sent from.
mod origin;
/// Which page lies where, and for whom.
mod route;
/// What stands around every page.
mod shell;
/// A request, read.
mod visit;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware;
use axum::routing::on;
use futures_util::FutureExt as _;

use crate::registry::Registry;
use answer::Answer;
use fault::Fault;
use route::{Endpoint, ROUTES, Route};
use visit::Visit;

/// How long a page may take to be made.
const LONGEST: Duration = Duration::from_secs(30);

/// What every page is made with.
pub struct Desk {
    registry: Arc<Registry>,
    /// What people write before the paths, where a host in between has another name than the one that is asked.
    base_url: Option<String>,
}

type On = State<Arc<Desk>>;

impl Desk {
    /// A desk over a running register.
    #[must_use]
    pub fn new(registry: Arc<Registry>, base_url: Option<String>) -> Self {
        Self { registry, base_url }
    }

    /// The register behind it.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The pages.
    #[must_use]
    pub fn router(self) -> Router {
        let desk = Arc::new(self);
        let routes = ROUTES.iter().fold(Router::new(), |router, route| {
            let handler =
                move |State(desk): On, request: Request| async move { handle(&desk, Some(route), request).await };
            router.route(route.path, on(route.method.filter(), handler))
        });
        let nothing = |State(desk): On, request: Request| async move { handle(&desk, None, request).await };
        routes
            .fallback(nothing)
            .method_not_allowed_fallback(nothing)
            .with_state(desk)
            .layer(middleware::map_response(|response| async { answer::guarded(response) }))
    }
}

/// Answers a request; whatever goes wrong becomes a page in the reader's language.
async fn handle(desk: &Desk, route: Option<&'static Route>, request: Request) -> Response<Body> {
    let (visit, body) = Visit::read(request);
    let made = AssertUnwindSafe(tokio::time::timeout(LONGEST, made(desk, route, (&visit, body)))).catch_unwind().await;
    let answer = match made {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Fault::Busy),
        // The panic's own text may hold anything; its place in the code is told by the panic hook.
        Err(_) => Err(Fault::Unexpected("a panic".to_owned())),
    };
    let response = match answer {
        Ok(answer) => answer.response(),
        Err(fault) => fault.response(desk, &visit),
    };
    visit.remembering(response)
}

async fn made(desk: &Desk, route: Option<&Route>, (visit, _): (&Visit, Body)) -> Result<Answer, Fault> {
    let route = route.ok_or(Fault::NotFound)?;
    if route.method == route::Method::Post {
        origin::check(visit, desk.base_url.as_deref())?;
    }
    match route.endpoint {
        Endpoint::Asset => asset::file(&visit.path),
        Endpoint::Accessibility => accessibility::page(desk, visit),
        Endpoint::Definitions => definitions::page(visit),
    }
}

#[cfg(test)]
mod tests;
