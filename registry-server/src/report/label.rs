//! What a group's code is called by people: regions, sexes, care levels and the like, in both languages.
//!
//! Promises: a code without a name stands for itself; files keep the codes. The ids of rules stay as they are: people look them up.

/// Comparisons, conditions and fields.
mod words;

use schemas::codelist::CodeLists;
use schemas::record::Timepoint;

use super::Text;
use super::heading::heading;
use crate::aggregate::{ALL, UNKNOWN};
pub(in crate::report) use words::comparison;

/// The name of a code in a grouping column; nothing where the code is its own name.
#[must_use]
pub(crate) fn label(column: &str, code: &str, lists: &CodeLists) -> Option<Text> {
    if code == ALL {
        return Some(Text::fixed("Σ alla", "Σ all"));
    }
    if code == UNKNOWN {
        return Some(Text::fixed("okänt", "unknown"));
    }
    let both = |sv: &str, en: &str| Some(Text::made(sv.to_owned(), en.to_owned()));
    match (column, code) {
        ("region" | "other", _) => {
            let name = lists.region(code)?.name.as_str();
            let short = format!("{code} {}", name.strip_prefix("Region ").unwrap_or(name));
            both(&short, &short)
        }
        ("programme", _) => {
            let name = &lists.programme(code)?.name;
            both(name, name)
        }
        ("whose", "own") => both("egna", "own"),
        ("whose", "others") => both("andras", "others'"),
        ("whose", "region") => both("regionen", "region"),
        ("sex", "F") => both("kvinnor", "women"),
        ("sex", "M") => both("män", "men"),
        ("care_level", _) => lists.care_level(code).and_then(|line| both(&line.name_sv, &line.name_en)),
        ("ownership", _) => lists.ownership(code).and_then(|line| both(&line.name_sv, &line.name_en)),
        ("end_reason", _) => lists.end_reason(code).and_then(|line| both(&line.name_sv, &line.name_en)),
        ("level", "unit") => both("enhet", "unit"),
        ("level", "region") => both("region", "region"),
        ("level" | "whose", "country") => both("riket", "country"),
        ("comparison", _) => code.parse().ok().map(comparison),
        ("condition", _) => words::condition(code),
        ("item", _) => words::field(code),
        ("kind", "treatment") => both("behandling", "treatment"),
        ("kind", "support") => both("stöd", "support"),
        ("severity", _) => {
            let band = lists.severity_bands().find(|band| band.code == code)?;
            both(&band.name_sv, &band.name_en)
        }
        ("diagnosis_group", _) => {
            let group = lists.diagnosis_groups().find(|group| group.code == code)?;
            both(&format!("{code} {}", group.name_sv), &format!("{code} {}", group.name_en))
        }
        ("level", "field") => both("fält", "field"),
        ("level", "rule") => both("regel", "rule"),
        ("ages", "all") => both("alla", "all"),
        ("source", "no outside source") => both("ingen källa utanför", "no outside source"),
        ("source", "outside source in part") => both("källa utanför, delvis", "outside source in part"),
        ("mark", "gap") => both("lucka", "gap"),
        ("mark", "partial") => both("ofullständig", "partial"),
        ("measure", _) => heading(&format!("{code}_p")).or_else(|| heading(code)).map(|heading| heading.text),
        ("status", _) => status(code),
        ("enrolment", "active") => both("aktiv", "active"),
        ("enrolment", "suspended") => both("avstängd tills vidare", "suspended"),
        ("enrolment", "revoked") => both("avslutad", "revoked"),
        ("timepoint", _) => timepoint(code),
        ("flag", _) => flag(code),
        _ => None,
    }
}

/// Where a sender stands with its deliveries.
fn status(code: &str) -> Option<Text> {
    let (sv, en) = match code {
        "never" => ("aldrig", "never"),
        "silent" => ("tyst", "silent"),
        "late" => ("sen", "late"),
        "on_time" => ("i tid", "on time"),
        "paused" => ("paus", "paused"),
        _ => return None,
    };
    Some(Text::fixed(sv, en))
}

/// When in the course of a treatment.
fn timepoint(code: &str) -> Option<Text> {
    match code.parse().ok()? {
        Timepoint::Pre => Some(Text::fixed("före", "before")),
        Timepoint::Post => Some(Text::fixed("efter", "after")),
        Timepoint::FollowupMonths(months) => {
            Some(Text::made(format!("{months} mån. efter"), format!("{months} months after")))
        }
        Timepoint::Screening | Timepoint::Weekly(_) => None,
    }
}

/// Where a point lies beside its limits.
fn flag(code: &str) -> Option<Text> {
    let (sv, en) = match code {
        "in" => ("inom", "within"),
        "low95" => ("under 95 %", "below 95 %"),
        "high95" => ("över 95 %", "above 95 %"),
        "low998" => ("under 99,8 %", "below 99.8 %"),
        "high998" => ("över 99,8 %", "above 99.8 %"),
        _ => return None,
    };
    Some(Text::fixed(sv, en))
}
