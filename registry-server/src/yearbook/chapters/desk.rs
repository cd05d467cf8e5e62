//! The charts of a page, for any dimension that its report is split by.
//!
//! Promises: a page draws from the report that it shows. Units have no row in a chart: no ranking follows from them.

use schemas::language::Text;

use super::all::{ALL, CHANGE, OUTCOMES};
use super::{Columns, Drawing, Kind, Part};
use crate::aggregate::ALL as SUM;

/// Dimensions whose rows a chart can name.
static DIMENSIONS: [&str; 9] =
    ["region", "programme", "condition", "sex", "age_group", "care_level", "ownership", "severity", "end_reason"];

/// Means along a treatment, of some rows.
pub(super) const fn course(only: &'static [(&'static str, &'static str)]) -> Drawing {
    Drawing {
        name: "course",
        what: Text::fixed("Skattningarnas medelvärden under behandlingen", "Mean scores along the treatment"),
        of: &["timepoint"],
        only,
        kind: Kind::Course(Columns {
            value: "mean_score",
            interval: Some(["score_lo", "score_hi"]),
            count: Some("answered_n"),
        }),
    }
}

/// Stages, of some rows.
pub(super) const fn flow(only: &'static [(&'static str, &'static str)]) -> Drawing {
    Drawing {
        name: "flow",
        what: Text::fixed("Från remiss till uppföljning", "From referral to follow-up"),
        of: &[],
        only,
        kind: Kind::Flow,
    }
}

const ANSWERED: Drawing = Drawing {
    name: "answered",
    what: Text::fixed("Andel som skattade sig, procent av påbörjade", "Share who answered, per cent of started"),
    of: &["timepoint", "region"],
    only: &[],
    kind: Kind::Matrix("answered_p"),
};

/// How well each sender fills in each field.
pub(super) const FIELDS: Drawing = Drawing {
    name: "fields",
    what: Text::fixed("Andel giltiga värden i procent", "Share of valid values in per cent"),
    of: &["item", "region"],
    only: &[("level", "field")],
    kind: Kind::Matrix("valid_p"),
};

/// How many a rule kept back in each region.
const fn kept_back(name: &'static str, what: Text, column: &'static str) -> Drawing {
    Drawing { name, what, of: &["item", "region"], only: &[("level", "rule")], kind: Kind::Counts(column) }
}

/// What the rules kept back.
const RULES: [Drawing; 4] = [
    kept_back("held", Text::fixed("Kvarhållna behandlingar, antal", "Treatments held, number"), "held"),
    kept_back("rejected", Text::fixed("Avvisade behandlingar, antal", "Treatments rejected, number"), "rejected"),
    kept_back("answers-held", Text::fixed("Kvarhållna svar, antal", "Answers held, number"), "answers_held"),
    kept_back("answers-rejected", Text::fixed("Avvisade svar, antal", "Answers rejected, number"), "answers_rejected"),
];

/// What pairs of senders may have in common.
pub(super) const DUPLICATES: Drawing = Drawing {
    name: "duplicates",
    what: Text::fixed("Möjliga dubbletter, antal behandlingar", "Possible duplicates, number of treatments"),
    of: &["region", "other"],
    only: &[],
    kind: Kind::Counts("n_duplicates"),
};

/// How far apart units or regions lie over time.
pub(super) const SPREADS: [Drawing; 2] = [
    Drawing {
        name: "units",
        what: Text::fixed("Spridningen mellan enheter över tid", "The spread of units over time"),
        of: &[],
        only: &[("level", "unit")],
        kind: Kind::Deciles,
    },
    Drawing {
        name: "regions",
        what: Text::fixed("Spridningen mellan regioner över tid", "The spread of regions over time"),
        of: &[],
        only: &[("level", "region")],
        kind: Kind::Deciles,
    },
];

/// How long people waited.
pub(super) const WAITS: Kind = Kind::Stack(
    "n_waited",
    &[
        Part { what: Text::fixed("högst 30 dagar", "30 days at most"), of: &["within_30_n"], without: &[] },
        Part { what: Text::fixed("31–90 dagar", "31–90 days"), of: &["within_90_n"], without: &["within_30_n"] },
        Part { what: Text::fixed("91–126 dagar", "91–126 days"), of: &["within_126_n"], without: &["within_90_n"] },
        Part {
            what: Text::fixed("längre än 126 dagar", "longer than 126 days"),
            of: &["n_waited"],
            without: &["within_126_n"],
        },
    ],
);

/// The charts of a report that is split by some dimensions, as `--by` takes them: its rows are those of the last one.
pub(in crate::yearbook) fn drawings(report: &str, by: &str) -> Vec<Drawing> {
    let last = by.rsplit(',').next().unwrap_or_default();
    let of = DIMENSIONS.iter().find(|name| **name == last).map(std::slice::from_ref).unwrap_or_default();
    let rows = |name, what: Text, kind| Drawing { name, what, of, only: &[], kind };
    match report {
        _ if last == "unit" => Vec::new(),
        "outcomes" => vec![
            rows("outcomes", Text::fixed("Utfall", "Outcomes"), OUTCOMES),
            rows("change", Text::fixed("Medeländring", "Mean change"), Kind::Forest(CHANGE)),
        ],
        "composite" => vec![rows(
            "outcomes",
            Text::fixed("Depression och ångest tillsammans: utfall", "Depression and anxiety together: outcomes"),
            OUTCOMES,
        )],
        "waiting" => {
            vec![rows("waits", Text::fixed("Väntan från remiss till start", "Wait from referral to start"), WAITS)]
        }
        "data-quality" => [FIELDS].into_iter().chain(RULES).collect(),
        "trajectory" => match by {
            "region" => vec![ANSWERED, course(&[])],
            _ => vec![course(&[])],
        },
        "deciles" => SPREADS.to_vec(),
        "flow" => vec![match last {
            "region" => flow(&[("region", SUM)]),
            "programme" => flow(&[("programme", SUM)]),
            _ => flow(&[]),
        }],
        _ => {
            let chapter = ALL.iter().find(|chapter| chapter.report == report && chapter.by == by);
            chapter.map_or_else(Vec::new, |chapter| chapter.charts.to_vec())
        }
    }
}
