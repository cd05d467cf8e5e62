//! Commands that the register cannot do as they are asked for.

use super::case;
use crate::bad_input::case::Case;

/// A report that is asked for wrongly, each with what there is to choose.
pub(super) fn reports() -> Vec<Case> {
    let wrong = |what: &'static str, arguments: &'static [&'static str], says: &'static [&'static str]| {
        case((what, 2), |_| (), arguments, says)
    };
    vec![
        wrong(
            "a report that does not exist",
            &["report", "wishes", "--audience", "internal"],
            &["outcomes, groups, composite, funnel", "data-quality"],
        ),
        wrong("figures for nobody named", &["report", "outcomes"], &["--audience internal"]),
        wrong(
            "figures for the public before anything is frozen",
            &["report", "outcomes", "--by", "region", "--audience", "public"],
            &["cut create"],
        ),
        wrong(
            "figures for the public that are not on the list",
            &["report", "outcomes", "--by", "unit", "--audience", "public"],
            &["outcomes and groups only"],
        ),
        wrong(
            "exact differences for the public",
            &["report", "outcomes", "--by", "region", "--audience", "public", "--compare-cut", "c1"],
            &["--audience internal only"],
        ),
        wrong(
            "a cut that does not exist",
            &["report", "outcomes", "--audience", "internal", "--cut", "c7"],
            &["there is no cut yet", "cut create"],
        ),
        wrong(
            "a dimension that does not exist",
            &["report", "outcomes", "--audience", "internal", "--by", "regoin"],
            &["split by region, unit"],
        ),
        wrong(
            "an instrument that does not exist",
            &["report", "outcomes", "--audience", "internal", "--instrument", "PHQ9"],
            &["PHQ-9"],
        ),
        wrong(
            "a period that does not exist",
            &["report", "growth", "--audience", "internal", "--period", "week"],
            &["rolling36"],
        ),
        wrong(
            "a selection that ends before it begins",
            &["report", "rates", "--audience", "internal", "--from", "2025-01-02", "--to", "2025-01-01"],
            &["exchange them"],
        ),
    ]
}

pub(super) fn others() -> Vec<Case> {
    vec![
        case(("a county that is none", 2), |_| (), &["region", "add", "99"], &["99", "regions.csv"]),
        case(("a sender that was never enrolled", 2), |_| (), &["region", "revoke", "01"], &["01", "region list"]),
        case(
            ("inhabitants that are missing", 78),
            |_| (),
            &["population", "import", "inhabitants.csv"],
            &["inhabitants.csv", "read"],
        ),
        case(
            ("an authority that is not there", 78),
            |_| (),
            &["dev-ca", "issue", "12", "--dir", "nowhere", "--out", "nowhere"],
            &["nowhere/ca.pem", "dev-ca init"],
        ),
    ]
}
