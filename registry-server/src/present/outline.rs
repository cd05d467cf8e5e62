//! What stands under each address, in a sentence, for the committed description of the people's listener.
//!
//! Promises: every row of the table of routes has one; who is let in is what the table of permits says.

use super::api;
use super::extracts::Part;
use super::route::{Access, Endpoint, ROUTES, Route};
use crate::authenticate::{Role, permit};
use crate::report;

/// The cookie of a session.
pub(crate) const SESSION: &str = super::visitor::SESSION;

/// Each role, as people write it.
const ROLES: [(&str, &str); 7] = [
    ("staff", "staff"),
    ("approver", "approver"),
    ("researcher", "researcher"),
    ("auditor", "auditor"),
    ("admin", "admin"),
    ("region:CODE", "region:12"),
    ("unit:HSA-ID", "unit:SE9990120000-E001"),
];

/// What an address answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page.
    Page,
    /// A page that shows a report.
    Sheet,
    /// The same report as a file.
    Table,
    /// Another table as a file.
    File,
    /// A document for programs that is no report.
    Document,
    /// A workbook.
    Workbook,
    /// Files in one archive.
    Archive,
    /// What a form comes to: the next page, or the form again.
    Form,
    /// A page, or another place to go on from.
    Turn,
    /// A file that pages name.
    Asset,
    /// A report for other programs.
    Report,
    /// This description.
    Description,
}

/// One address.
pub(crate) struct Outline {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    pub(crate) says: &'static str,
    /// The roles that are let in; nothing for everybody.
    pub(crate) roles: Option<Vec<&'static str>>,
}

/// Every address of the table.
pub(crate) fn all() -> Vec<Outline> {
    let outlines = super::addresses().zip(ROUTES).map(|((method, path), route)| {
        let (kind, says) = told(route.endpoint);
        Outline { method, path, kind, says, roles: roles(route) }
    });
    outlines.collect()
}

/// The roles that are given a report.
pub(crate) fn roles_of_report(name: &str) -> Vec<&'static str> {
    let access = api::access(&format!("/api/v1/reports/{name}"));
    let (action, permits) = access.expect("there is such a report");
    let may = |role: &str| permits.contains(&permit(&role.parse::<Role>().unwrap(), action));
    ROLES.iter().filter(|(_, role)| may(role)).map(|(word, _)| *word).collect()
}

fn roles(route: &Route) -> Option<Vec<&'static str>> {
    match route.access {
        Access::Anybody => None,
        Access::May(action, permits) => {
            let may = |role: &str| permits.contains(&permit(&role.parse::<Role>().unwrap(), action));
            Some(ROLES.iter().filter(|(_, role)| may(role)).map(|(word, _)| *word).collect())
        }
        Access::Report => {
            let of_any = |word: &str| report::ALL.iter().any(|one| roles_of_report(one.name).contains(&word));
            Some(ROLES.iter().map(|(word, _)| *word).filter(|word| of_any(word)).collect())
        }
    }
}

fn told(endpoint: Endpoint) -> (Kind, &'static str) {
    match endpoint {
        Endpoint::Asset => {
            (Kind::Asset, "A style sheet or picture that pages name; its address changes with its content")
        }
        Endpoint::Accessibility => (Kind::Page, "The accessibility statement"),
        Endpoint::SignIn => (Kind::Page, "The form to sign in"),
        Endpoint::DoSignIn => (Kind::Form, "Sign in with e-mail, password and one-time code"),
        Endpoint::DoSignOut => (Kind::Form, "Sign out"),
        Endpoint::ToProvider => (Kind::Turn, "Go to the identity provider"),
        Endpoint::FromProvider => (Kind::Turn, "Come back from it"),
        Endpoint::Refused => (Kind::Turn, "Why somebody who came from it was not let in"),
        Endpoint::SignedOut => (Kind::Turn, "Signed out there too"),
        Endpoint::Invitation => (Kind::Page, "The form for the first password"),
        Endpoint::DoAccept => (Kind::Form, "Take an invitation"),
        Endpoint::Overview => (Kind::Page, "What needs attention, and key figures; for a unit its own page"),
        Endpoint::DeliveriesFile => (Kind::File, "What came from whom, as a file"),
        Endpoint::Deliveries => (Kind::Page, "What came from whom"),
        Endpoint::Sender => (Kind::Page, "One sender, down to its batches"),
        Endpoint::Batch => (Kind::Page, "One batch of a sender, down to its receipt and the rules that rejected"),
        Endpoint::DoAcknowledge => (Kind::Form, "Note that an alarm was seen"),
        Endpoint::Sheet(sheet) => (Kind::Sheet, sheet.title.pick(schemas::language::Language::En)),
        Endpoint::SheetFile(sheet) => (Kind::Table, sheet.title.pick(schemas::language::Language::En)),
        Endpoint::Years => (Kind::Page, "Frozen years"),
        Endpoint::Year => (Kind::Page, "One frozen year"),
        Endpoint::Protected => (Kind::Page, "Every figure of a frozen year exactly, beside what is published of it"),
        Endpoint::OverviewFile
        | Endpoint::SenderFile
        | Endpoint::BatchFile
        | Endpoint::YearFile
        | Endpoint::ProtectedFile => (Kind::File, "The same as a file"),
        Endpoint::DoComment => (Kind::Form, "Remark on a frozen year before it is published"),
        Endpoint::Audit => (Kind::Page, "Who saw or did what"),
        Endpoint::AuditFile => (Kind::File, "Who saw or did what"),
        Endpoint::Review => (Kind::Page, "A month's sample of the audit log"),
        Endpoint::DoReview => (Kind::Form, "Sign that the sample was looked at"),
        Endpoint::Extracts(part) => told_of_extracts(part),
        Endpoint::Statistics => (Kind::Page, "Tables that everybody may read"),
        Endpoint::StatisticsFile => (Kind::File, "One of them as open data"),
        Endpoint::StatisticsDocument => (Kind::Document, "The same for programs"),
        Endpoint::Definitions => (Kind::Page, "What every measure means"),
        Endpoint::Account => (Kind::Page, "The person's own account"),
        Endpoint::DoChangePassword => (Kind::Form, "Take another password"),
        Endpoint::DoEndSessions => (Kind::Form, "End the person's other sessions"),
        Endpoint::DoChooseMail => (Kind::Form, "Say whether the mail after each quarter may come"),
        Endpoint::Report => (Kind::Report, "A report, as the pages show it to the same person"),
        Endpoint::OpenApi => (Kind::Description, "This description"),
    }
}

fn told_of_extracts(part: Part) -> (Kind, &'static str) {
    match part {
        Part::Catalogue => (Kind::Page, "What the register holds and an extract can be made of"),
        Part::CatalogueDocument => (Kind::Document, "Every variable of it, for programs"),
        Part::CatalogueWorkbook => (Kind::Workbook, "Every variable of it, as a workbook"),
        Part::List => (Kind::Page, "Requests for extracts; of a researcher their own"),
        Part::New => (Kind::Page, "The form of a new request"),
        Part::DoDraft => (Kind::Form, "Write a request down, or check it"),
        Part::One => (Kind::Page, "One request, what was done with it, and what can be done now"),
        Part::Mend => (Kind::Page, "The form of a request, to be mended"),
        Part::DoMend => (Kind::Form, "Write a request anew, or check it"),
        Part::Files => (Kind::Archive, "The files of a request, in one archive"),
        Part::Building => (Kind::Page, "How the building of a request's tables goes; it comes again by itself"),
        Part::DoStep => (Kind::Form, "Hand a request in, approve it, give it back, refuse it or take it back"),
    }
}
