//! The pages for people: from a request to an answer that a person reads.
//!
//! Promises: every address stands in the one table of routes, and no page is made before the table's rule let the caller in; every
//! answer, also of an error, carries the headers that keep a browser from doing more than show it; a page needs no script.
//! Must not know: SQL, TLS, how figures are made.

/// Statement on accessibility.
mod accessibility;
/// The person's own account.
mod account;
/// Answers and their headers.
mod answer;
/// Reports for other programs.
mod api;
/// Files that pages name.
mod asset;
/// How often an address may try to sign in.
mod attempts;
/// Who saw or did what.
mod audit;
/// What the register holds.
mod catalogue;
/// What every measure means.
mod definitions;
/// What came from whom.
mod deliveries;
/// A unit's own page.
mod door;
/// Tables of a page, and the same as one file.
mod tables;
/// Requests for extracts.
mod extracts;
/// An event of the audit log in words.
mod event;
/// What a person reads instead of a page.
mod fault;
/// What a person asks reports for.
mod filter;
/// Reports from frozen data.
mod frozen;
/// The first password and second factor.
mod invitation;
/// What to keep.
mod keep;
/// What is made once for everybody.
mod kept;
/// Where a form was sent from.
mod origin;
/// Key figures and their change.
mod key_figures;
/// What needs attention.
mod overview;
/// Pages packed for the way.
mod packed;
/// Exact figures beside published ones.
mod protected;
/// To the identity provider and back.
mod provider;
/// Reports for who has a part exactly.
mod part;
/// Reports as their reader may have them.
mod read;
/// What the audit log is told of a request.
mod record;
/// What stands under each address, for the committed description.
#[cfg(test)]
pub(crate) mod outline;
/// A month's sample of the audit log.
mod review;
/// Which page lies where, and for whom.
mod route;
/// A report as a page.
mod sheet;
/// What stands around every page.
mod shell;
/// In and out.
mod sign_in;
/// Tables that everybody may read.
mod statistics;
/// Further tables of a page.
mod tab;
/// What somebody types.
mod text;
/// A request, read.
mod visit;
/// Who asks.
mod visitor;
/// Makes what pages show.
mod workshop;
/// Frozen years, and remarks on them.
mod years;

use std::net::IpAddr;
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
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::authenticate::Permit;
use crate::body::collect;
use crate::fact::DataState;
use crate::provider::Provider;
use crate::registry::Registry;
use crate::sign_in::Door;
use answer::Answer;
use attempts::Attempts;
use fault::Fault;
use route::{Endpoint, Method, ROUTES, Route};
use visit::Visit;
use visitor::Visitor;
use workshop::Workshop;

/// How long a page may take to be made.
const LONGEST: Duration = Duration::from_secs(30);
/// Largest form of somebody who is not signed in, bytes.
const FORM: u64 = 64 << 10;
/// Largest form of somebody who is: a request holds several long texts, each character of which may take six bytes.
const LONG_FORM: u64 = 256 << 10;

/// Where a request came from, when the connection tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) Option<IpAddr>);

/// What every page is made with.
pub struct Desk {
    registry: Arc<Registry>,
    workshop: Arc<Workshop>,
    door: Door,
    attempts: Attempts,
    /// The identity provider, where there is one.
    provider: Option<Provider>,
    /// What people write before the paths, where a host in between has another name than the one that is asked.
    base_url: Option<String>,
}

/// A request that its route let in.
struct Ask<'a> {
    desk: &'a Desk,
    visit: &'a Visit,
    visitor: Option<&'a Visitor>,
    /// How much of the page is theirs.
    permit: Permit,
    /// Names and values that were sent.
    form: Vec<(String, String)>,
    /// What figures stand on, once it was read for this page.
    state: OnceCell<DataState>,
}

type On = State<Arc<Desk>>;

/// Every address of the pages: its method, and its path with what varies in braces.
pub fn addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    route::addresses()
}

impl Desk {
    /// A desk over a running register.
    #[must_use]
    pub fn new(registry: Arc<Registry>, base_url: Option<String>) -> Self {
        let workshop = Arc::new(Workshop::new(Arc::clone(&registry)));
        let door = Door::new(Arc::clone(&registry.store), registry.environment.clone(), &registry.pepper);
        Self { registry, workshop, door, attempts: Attempts::default(), provider: None, base_url }
    }

    /// The same with an identity provider by which people sign in too.
    #[must_use]
    pub fn with_provider(self, provider: Option<Provider>) -> Self {
        Self { provider, ..self }
    }

    /// The register behind it.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Lets go, within a second, of every figure that was made before somebody left; no page shows it even before.
    pub fn forget_who_left(&self, stop: CancellationToken) -> impl Future<Output = ()> + use<> {
        Arc::clone(&self.workshop).forget_who_left(stop)
    }

    /// The pages.
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
            .layer(middleware::from_fn(packed::packed))
    }
}

/// Answers a request; whatever goes wrong becomes a page in the reader's language.
async fn handle(desk: &Desk, route: Option<&'static Route>, request: Request) -> Response<Body> {
    let (mut visit, body) = Visit::read(request);
    let mut visitor = None;
    let asked = async {
        visitor = visitor::of(desk, route, &visit).await?;
        visit.read_by(visitor.as_ref().map(|visitor| visitor.user.language));
        made(desk, route, (&visit, visitor.as_ref(), body)).await
    };
    let answer = match AssertUnwindSafe(tokio::time::timeout(LONGEST, asked)).catch_unwind().await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Fault::Busy),
        // The panic's own text may hold anything; its place in the code is told by the panic hook.
        Err(_) => Err(Fault::Unexpected("a panic".to_owned())),
    };
    let response = match answer {
        Ok(answer) => answer.response(),
        Err(fault) => {
            let fault = record::refused(desk, route, (visitor.as_ref(), fault)).await;
            fault.response(desk, (&visit, visitor.as_ref()))
        }
    };
    visit.remembering(response)
}

async fn made(
    desk: &Desk,
    route: Option<&Route>,
    (visit, visitor, body): (&Visit, Option<&Visitor>, Body),
) -> Result<Answer, Fault> {
    let route = route.ok_or(Fault::NotFound)?;
    let permit = route.admits(visit, visitor)?;
    let form = match route.method {
        Method::Get => Vec::new(),
        Method::Post => {
            origin::check(visit, desk.base_url.as_deref())?;
            let most = if visitor.is_some() { LONG_FORM } else { FORM };
            let body = collect(body, most, desk.registry.admission.pace()).await.map_err(|_| Fault::Unreadable)?;
            visit::pairs(&body)
        }
    };
    let ask = Ask { desk, visit, visitor, permit, form, state: OnceCell::new() };
    let answer = answered(&ask, route.endpoint).await?;
    record::shown(&ask, route)?;
    Ok(answer)
}

/// What the address's own file makes.
async fn answered(ask: &Ask<'_>, endpoint: Endpoint) -> Result<Answer, Fault> {
    match endpoint {
        Endpoint::Asset => asset::file(&ask.visit.path),
        Endpoint::Accessibility => accessibility::page(ask),
        Endpoint::SignIn => sign_in::page(ask),
        Endpoint::DoSignIn => sign_in::enter(ask).await,
        Endpoint::DoSignOut => sign_in::leave(ask).await,
        Endpoint::ToProvider => provider::send(ask).await,
        Endpoint::FromProvider => provider::back(ask).await,
        Endpoint::Refused => provider::refused(ask),
        Endpoint::SignedOut => provider::left(ask).await,
        Endpoint::Invitation => invitation::page(ask).await,
        Endpoint::DoAccept => invitation::accept(ask).await,
        Endpoint::Overview if ask.permit == Permit::OwnCompleteness => door::page(ask).await,
        Endpoint::Overview => overview::page(ask).await,
        Endpoint::OverviewFile if ask.permit == Permit::OwnCompleteness => door::file(ask).await,
        Endpoint::OverviewFile => overview::file(ask).await,
        Endpoint::DeliveriesFile if ask.permit == Permit::OwnCompleteness => deliveries::unit::file(ask).await,
        Endpoint::DeliveriesFile => deliveries::file(ask).await,
        Endpoint::Deliveries if ask.permit == Permit::OwnCompleteness => deliveries::unit::page(ask).await,
        Endpoint::Deliveries => deliveries::page(ask).await,
        Endpoint::Sender => deliveries::sender::page(ask).await,
        Endpoint::SenderFile => deliveries::sender::file(ask).await,
        Endpoint::Batch => deliveries::batch::page(ask).await,
        Endpoint::BatchFile => deliveries::batch::file(ask).await,
        Endpoint::DoAcknowledge => deliveries::sender::acknowledge(ask).await,
        Endpoint::Sheet(sheet) => sheet::page(ask, sheet).await,
        Endpoint::SheetFile(sheet) => sheet::file(ask, sheet).await,
        Endpoint::Years => years::list(ask).await,
        Endpoint::Year => years::page(ask).await,
        Endpoint::YearFile => years::file(ask).await,
        Endpoint::Protected => protected::page(ask).await,
        Endpoint::ProtectedFile => protected::file(ask).await,
        Endpoint::DoComment => years::comment(ask).await,
        Endpoint::Audit => audit::page(ask).await,
        Endpoint::AuditFile => audit::file(ask).await,
        Endpoint::Review => review::page(ask).await,
        Endpoint::DoReview => review::sign(ask).await,
        Endpoint::Extracts(part) => extracts::answered(ask, part).await,
        Endpoint::Statistics => statistics::page(ask).await,
        Endpoint::StatisticsFile => statistics::csv(ask).await,
        Endpoint::StatisticsDocument => statistics::json(ask).await,
        Endpoint::Definitions => definitions::page(ask),
        Endpoint::Account => account::page(ask, None).await,
        Endpoint::DoChangePassword => account::change_password(ask).await,
        Endpoint::DoEndSessions => account::end_sessions(ask).await,
        Endpoint::DoChooseMail => account::choose_mail(ask).await,
        Endpoint::Report => api::report(ask).await,
        Endpoint::OpenApi => Ok(api::description()),
    }
}

impl Ask<'_> {
    /// A value of the form; empty when it was not sent.
    fn sent(&self, name: &str) -> &str {
        visit::value(&self.form, name).unwrap_or_default()
    }

    /// Whoever a route that asks for somebody let in.
    fn somebody(&self) -> Result<&Visitor, Fault> {
        self.visitor.ok_or(Fault::SignIn)
    }
}

#[cfg(test)]
mod tests;
