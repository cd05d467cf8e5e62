//! `GET /api/v1/reports/{name}`: a report as the document that `report --format json` prints, under the rules of the pages; and
//! `GET /api/v1/openapi.json`: what other programs can ask, open to everybody, as it is committed.

use schemas::document::OPENAPI;

use super::Ask;
use super::answer::Answer;
use super::fault::Fault;
use super::{filter, route};
use crate::authenticate::{Action, Permit};
use crate::report::{self, render};

/// Where reports lie.
const FOLDER: &str = "/api/v1/reports/";

/// The action that the report of a path belongs to, and the ways in which it is given; nothing when there is no such report.
pub(super) fn access(path: &str) -> Option<(Action, &'static [Permit])> {
    let action = action(path.strip_prefix(FOLDER)?)?;
    Some((action, route::permits(action)))
}

fn action(name: &str) -> Option<Action> {
    let name = report::ALL.iter().map(|definition| definition.name).find(|known| *known == name)?;
    Some(match name {
        "participation" => Action::Deliveries,
        "data-quality" | "duplicates" => Action::Quality,
        "funnel" | "benchmark" => Action::Units,
        "coverage" => Action::Coverage,
        _ => Action::Outcomes,
    })
}

/// The document.
///
/// # Errors
/// When a parameter is not understood, or the store fails.
pub(super) async fn report(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let name = ask.visit.path.strip_prefix(FOLDER).ok_or(Fault::NotFound)?;
    let report = ask.report(name, filter::asked(ask.visit)?).await?;
    render::json(&report).map(|text| Answer::Json(text + "\n")).map_err(|error| Fault::Unexpected(error.to_string()))
}

/// The description of both listeners.
pub(super) fn description() -> Answer {
    Answer::Json(OPENAPI.to_owned())
}
