//! Which page lies where, and for whom: one table, from which the router, the menu and the access rules come.
//!
//! Promises: nothing is reached that has no row here; a page is given only under the permits that it is built for.

use axum::routing::MethodFilter;

use super::api;
use super::extracts::Part;
use super::fault::Fault;
use super::sheet::{COVERAGE, OUTCOMES, QUALITY, Sheet, UNITS};
use super::visit::Visit;
use super::visitor::Visitor;
use crate::authenticate::{Action, Permit, Role, permit};
use crate::provider;

/// How an address is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// To read.
    Get,
    /// To change something; only from a page of this register.
    Post,
}

/// What answers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Endpoint {
    /// Files that pages name.
    Asset,
    /// Statement on accessibility.
    Accessibility,
    /// The form to sign in.
    SignIn,
    /// Signing in.
    DoSignIn,
    /// Signing out.
    DoSignOut,
    /// To the identity provider.
    ToProvider,
    /// Back from it.
    FromProvider,
    /// Why somebody did not come in.
    Refused,
    /// Out of it too.
    SignedOut,
    /// The form for the first password.
    Invitation,
    /// Taking an invitation.
    DoAccept,
    /// What needs attention.
    Overview,
    /// The same as CSV.
    OverviewFile,
    /// What came from whom.
    Deliveries,
    /// The same as CSV.
    DeliveriesFile,
    /// One sender, down to its batches.
    Sender,
    /// The same as CSV.
    SenderFile,
    /// One of its batches, down to its receipt.
    Batch,
    /// The same as CSV.
    BatchFile,
    /// Noting that an alarm was seen.
    DoAcknowledge,
    /// A report.
    Sheet(&'static Sheet),
    /// The same as CSV.
    SheetFile(&'static Sheet),
    /// Frozen years.
    Years,
    /// One of them.
    Year,
    /// The same as CSV.
    YearFile,
    /// What is published of one, beside the exact figures.
    Protected,
    /// The same as CSV.
    ProtectedFile,
    /// A remark on one.
    DoComment,
    /// Who saw or did what.
    Audit,
    /// The same as CSV.
    AuditFile,
    /// A month's sample of it.
    Review,
    /// Signing it.
    DoReview,
    /// Requests for extracts, and what they can be made of.
    Extracts(Part),
    /// Tables that everybody may read.
    Statistics,
    /// One of them as CSV.
    StatisticsFile,
    /// The same for programs.
    StatisticsDocument,
    /// What every measure means.
    Definitions,
    /// The person's own account.
    Account,
    /// Another password.
    DoChangePassword,
    /// Ending the person's other sessions.
    DoEndSessions,
    /// Saying whether the mail after each quarter may come.
    DoChooseMail,
    /// A report for other programs.
    Report,
    /// What other programs can ask.
    OpenApi,
}

/// Who is let in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Access {
    /// Everybody.
    Anybody,
    /// Whoever is permitted the action in one of these ways; for others it is not built.
    May(Action, &'static [Permit]),
    /// Whoever is permitted the report that the path names.
    Report,
}

/// What a page is called, in Swedish and in English.
pub(super) type Name = (&'static str, &'static str);

/// One row.
#[derive(Debug)]
pub(super) struct Route {
    /// How it is asked.
    pub(super) method: Method,
    /// Its path.
    pub(super) path: &'static str,
    /// Who is let in.
    pub(super) access: Access,
    /// What answers.
    pub(super) endpoint: Endpoint,
    /// What it is called in the menu, in Swedish and in English; nothing for what does not stand there.
    pub(super) menu: Option<Name>,
}

const ACCOUNT: Access = Access::May(Action::Account, &[Permit::Yes]);
const FIGURES: &[Permit] = &[Permit::All, Permit::OwnExact, Permit::OwnAndPublished, Permit::Released];
const SENDERS: &[Permit] = &[Permit::All, Permit::Read, Permit::Own];
const COMPLETENESS: &[Permit] = &[Permit::All, Permit::Read, Permit::Own, Permit::OwnCompleteness];

const REQUESTS: &[Permit] = &[Permit::Read, Permit::DecideNotOwn, Permit::Own];
const YEARS: &[Permit] = &[Permit::All, Permit::Own];

/// Every address.
pub(super) const ROUTES: &[Route] = &[
    read("/assets/{version}/{name}", Access::Anybody, Endpoint::Asset),
    read("/accessibility", Access::Anybody, Endpoint::Accessibility),
    read("/statistics", Access::Anybody, Endpoint::Statistics),
    read("/statistics/{table}/table.csv", Access::Anybody, Endpoint::StatisticsFile),
    read("/statistics/{table}/table.json", Access::Anybody, Endpoint::StatisticsDocument),
    read("/sign-in", Access::Anybody, Endpoint::SignIn),
    change("/sign-in", Access::Anybody, Endpoint::DoSignIn),
    read("/sign-in/provider", Access::Anybody, Endpoint::ToProvider),
    read(provider::BACK, Access::Anybody, Endpoint::FromProvider),
    read("/sign-in/refused", Access::Anybody, Endpoint::Refused),
    change("/sign-out", ACCOUNT, Endpoint::DoSignOut),
    read("/signed-out", Access::Anybody, Endpoint::SignedOut),
    read("/invitation/{token}", Access::Anybody, Endpoint::Invitation),
    change("/invitation/{token}", Access::Anybody, Endpoint::DoAccept),
    read("/", Access::May(Action::Overview, COMPLETENESS), Endpoint::Overview).called("Översikt", "Overview"),
    read("/overview.csv", Access::May(Action::Overview, COMPLETENESS), Endpoint::OverviewFile),
    read("/deliveries", Access::May(Action::Deliveries, COMPLETENESS), Endpoint::Deliveries)
        .called("Leveranser", "Deliveries"),
    read("/deliveries.csv", Access::May(Action::Deliveries, COMPLETENESS), Endpoint::DeliveriesFile),
    read("/deliveries/{region}", Access::May(Action::Deliveries, SENDERS), Endpoint::Sender),
    read("/deliveries/{region}/tables.csv", Access::May(Action::Deliveries, SENDERS), Endpoint::SenderFile),
    read("/deliveries/{region}/batches/{batch}", Access::May(Action::Deliveries, SENDERS), Endpoint::Batch),
    read(
        "/deliveries/{region}/batches/{batch}/receipt.csv",
        Access::May(Action::Deliveries, SENDERS),
        Endpoint::BatchFile,
    ),
    change("/deliveries/alarm", Access::May(Action::Senders, &[Permit::All]), Endpoint::DoAcknowledge),
    read("/quality", Access::May(Action::Quality, COMPLETENESS), Endpoint::Sheet(&QUALITY))
        .called("Kvalitet", "Quality"),
    read("/quality.csv", Access::May(Action::Quality, COMPLETENESS), Endpoint::SheetFile(&QUALITY)),
    read("/outcomes", Access::May(Action::Outcomes, FIGURES), Endpoint::Sheet(&OUTCOMES))
        .called("Resultat", "Outcomes"),
    read("/outcomes.csv", Access::May(Action::Outcomes, FIGURES), Endpoint::SheetFile(&OUTCOMES)),
    read("/units", Access::May(Action::Units, FIGURES), Endpoint::Sheet(&UNITS)).called("Enheter", "Units"),
    read("/units.csv", Access::May(Action::Units, FIGURES), Endpoint::SheetFile(&UNITS)),
    read("/coverage", Access::May(Action::Coverage, FIGURES), Endpoint::Sheet(&COVERAGE))
        .called("Täckningsgrad", "Coverage"),
    read("/coverage.csv", Access::May(Action::Coverage, FIGURES), Endpoint::SheetFile(&COVERAGE)),
    read("/years", Access::May(Action::Years, YEARS), Endpoint::Years).called("Årsfrysning", "Frozen years"),
    read("/years/{cut}", Access::May(Action::Years, YEARS), Endpoint::Year),
    read("/years/{cut}/tables.csv", Access::May(Action::Years, YEARS), Endpoint::YearFile),
    read("/years/{cut}/protected", Access::May(Action::Years, &[Permit::All]), Endpoint::Protected),
    read("/years/{cut}/protected.csv", Access::May(Action::Years, &[Permit::All]), Endpoint::ProtectedFile),
    change("/years/{cut}/comment", Access::May(Action::Years, &[Permit::Own]), Endpoint::DoComment),
    read("/audit", Access::May(Action::Audit, &[Permit::All, Permit::Own]), Endpoint::Audit)
        .called("Granskningslogg", "Audit log"),
    read("/audit.csv", Access::May(Action::Audit, &[Permit::All, Permit::Own]), Endpoint::AuditFile),
    read("/audit/review", Access::May(Action::Audit, &[Permit::All]), Endpoint::Review),
    change("/audit/review", Access::May(Action::Audit, &[Permit::All]), Endpoint::DoReview),
    read("/catalogue", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::Catalogue))
        .called("Katalog", "Catalogue"),
    read("/catalogue.json", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::CatalogueDocument)),
    read("/catalogue.xlsx", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::CatalogueWorkbook)),
    read("/extracts", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::List))
        .called("Uttag", "Extracts"),
    read("/extracts/new", Access::May(Action::Extracts, &[Permit::Own]), Endpoint::Extracts(Part::New)),
    change("/extracts/new", Access::May(Action::Extracts, &[Permit::Own]), Endpoint::Extracts(Part::DoDraft)),
    read("/extracts/{number}", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::One)),
    read("/extracts/{number}/mend", Access::May(Action::Extracts, &[Permit::Own]), Endpoint::Extracts(Part::Mend)),
    change("/extracts/{number}/mend", Access::May(Action::Extracts, &[Permit::Own]), Endpoint::Extracts(Part::DoMend)),
    read(
        "/extracts/{number}/files",
        Access::May(Action::Extracts, &[Permit::DecideNotOwn, Permit::Own]),
        Endpoint::Extracts(Part::Files),
    ),
    read("/extracts/{number}/building", Access::May(Action::Extracts, REQUESTS), Endpoint::Extracts(Part::Building)),
    change(
        "/extracts/{number}/step",
        Access::May(Action::Extracts, &[Permit::DecideNotOwn, Permit::Own]),
        Endpoint::Extracts(Part::DoStep),
    ),
    read("/definitions", Access::May(Action::Definitions, &[Permit::Yes]), Endpoint::Definitions)
        .called("Definitioner", "Definitions"),
    read("/account", ACCOUNT, Endpoint::Account).called("Mitt konto", "My account"),
    change("/account/password", ACCOUNT, Endpoint::DoChangePassword),
    change("/account/sessions", ACCOUNT, Endpoint::DoEndSessions),
    change("/account/mail", ACCOUNT, Endpoint::DoChooseMail),
    read("/api/v1/reports/{name}", Access::Report, Endpoint::Report),
    read("/api/v1/openapi.json", Access::Anybody, Endpoint::OpenApi),
];

const fn read(path: &'static str, access: Access, endpoint: Endpoint) -> Route {
    Route { method: Method::Get, path, access, endpoint, menu: None }
}

const fn change(path: &'static str, access: Access, endpoint: Endpoint) -> Route {
    Route { method: Method::Post, path, access, endpoint, menu: None }
}

impl Route {
    const fn called(self, sv: &'static str, en: &'static str) -> Self {
        Self { menu: Some((sv, en)), ..self }
    }

    /// Whether a browser asks for it again and again by itself, without anybody who reads.
    pub(super) fn comes_again(&self) -> bool {
        matches!(self.endpoint, Endpoint::Extracts(Part::Building))
    }

    /// How much of it a visitor is permitted.
    ///
    /// # Errors
    /// [`Fault::SignIn`] when nobody is signed in, [`Fault::NotAllowed`] when it is not for who is.
    pub(super) fn admits(&self, visit: &Visit, visitor: Option<&Visitor>) -> Result<Permit, Fault> {
        let (action, permits) = match self.access {
            Access::Anybody => return Ok(Permit::Yes),
            Access::May(action, permits) => (action, permits),
            Access::Report => {
                // Whether there is such a report is told to nobody who is not signed in.
                visitor.ok_or(Fault::SignIn)?;
                api::access(&visit.path).ok_or(Fault::NotFound)?
            }
        };
        let permit = permit(&visitor.ok_or(Fault::SignIn)?.user.role, action);
        permits.contains(&permit).then_some(permit).ok_or(Fault::NotAllowed)
    }
}

/// Every address, as [`super::addresses`] tells it.
pub(super) fn addresses() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|route| (route.method.name(), route.path))
}

/// The pages of the menu that a role may open.
pub(super) fn menu(role: &Role) -> impl Iterator<Item = (&'static str, Name)> {
    ROUTES.iter().filter_map(move |route| {
        let Access::May(action, permits) = route.access else { return None };
        let is_theirs = permits.contains(&permit(role, action));
        route.menu.filter(|_| is_theirs).map(|text| (route.path, text))
    })
}

/// How much of the reports on senders, and of those on treatments, is built for whom.
pub(super) const fn permits(action: Action) -> &'static [Permit] {
    match action {
        Action::Deliveries => SENDERS,
        Action::Quality => COMPLETENESS,
        _ => FIGURES,
    }
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    /// The same for the router.
    pub(super) fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
        }
    }
}
