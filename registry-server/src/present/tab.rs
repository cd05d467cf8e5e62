//! Further tables of a page, each chosen by `show` in the address.
//!
//! Promises: each is given to those whose permit stands beside it, and to nobody else; a word that names no table shows the page's own; the
//! treatments that are kept stay kept from one to the other, as far as each can be narrowed.

use schemas::language::Text;

use super::sheet::Sheet;
use super::{Ask, keep};
use crate::authenticate::Permit;

/// The parameter.
pub(super) const SHOW: &str = "show";

/// A table that can be chosen.
pub(super) struct Tab {
    /// Its address.
    pub(super) href: String,
    /// Its heading.
    pub(super) title: &'static str,
    /// Whether it is shown.
    pub(super) is_shown: bool,
}

const TREATMENTS: &[&str] =
    &["by", "cohort", "period", "from", "to", "programme", "condition", "region", "unit", "sex", "age_group"];

/// Means by timepoint, and who answered.
static COURSE: Sheet = Sheet {
    report: "trajectory",
    title: Text::fixed("Skattningar före, efter och vid uppföljning", "Scores before, after and at follow-up"),
    path: "/outcomes",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &[
        "by",
        "instrument",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "region",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// How far treatments came.
static FLOW: Sheet = Sheet {
    report: "flow",
    title: Text::fixed("Från remiss till uppföljning", "From referral to follow-up"),
    path: "/outcomes",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &[
        "by",
        "instrument",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "region",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// How far apart units lie, over time.
static SPREAD: Sheet = Sheet {
    report: "deciles",
    title: Text::fixed("Utveckling och spridning över tid", "Trend and spread over time"),
    path: "/outcomes",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "year")],
    fields: &["instrument", "cohort", "period", "from", "to"],
    only: None,
};

/// Two instruments judged as one.
static COMPOSITE: Sheet = Sheet {
    report: "composite",
    title: Text::fixed("Depression och ångest tillsammans", "Depression and anxiety together"),
    path: "/outcomes",
    first: &[("by", "programme"), ("comparison", "paired"), ("cohort", "ended"), ("period", "all")],
    fields: &[
        "by",
        "comparison",
        "cohort",
        "period",
        "from",
        "to",
        "programme",
        "condition",
        "region",
        "unit",
        "sex",
        "age_group",
    ],
    only: None,
};

/// Days before the start.
static WAITING: Sheet = Sheet {
    report: "waiting",
    title: Text::fixed("Väntan från remiss till start", "Wait from referral to start"),
    path: "/outcomes",
    first: &[("by", "region"), ("cohort", "ended"), ("period", "all")],
    fields: TREATMENTS,
    only: None,
};

/// Who answered when, by region.
static ANSWERS: Sheet = Sheet {
    report: "trajectory",
    title: Text::fixed("Hur många som skattade sig, per tidpunkt", "How many answered, by timepoint"),
    path: "/quality",
    first: &[("by", "region"), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &["instrument", "cohort", "period", "from", "to", "programme", "region", "unit"],
    only: None,
};

/// What each rule keeps back, by region.
static RULES: Sheet = Sheet {
    report: "data-quality",
    title: Text::fixed("Regler × regioner", "Rules × regions"),
    path: "/quality",
    first: &[("by", ""), ("period", "all")],
    fields: &["period", "from", "to"],
    only: Some(("level", "rule")),
};

/// What two senders may both have delivered.
static DUPLICATES: Sheet = Sheet {
    report: "duplicates",
    title: Text::fixed("Möjliga dubbletter", "Possible duplicates"),
    path: "/quality",
    first: &[("by", ""), ("period", "all")],
    fields: &["period", "from", "to"],
    only: None,
};

/// A table that can be chosen on a page.
struct Further {
    /// The word by which it is chosen.
    word: &'static str,
    sheet: &'static Sheet,
    /// Whoever may have the page in one of these ways may choose it.
    to: &'static [Permit],
}

/// Of scores: the quality of deliveries is open to more people than scores are.
const OF_SCORES: &[Permit] = &[Permit::All, Permit::OwnExact];
const OF_SENDERS: &[Permit] = &[Permit::All, Permit::Read, Permit::Own];

static FURTHER: [Further; 8] = [
    Further { word: "trajectory", sheet: &COURSE, to: OF_SCORES },
    Further { word: "deciles", sheet: &SPREAD, to: OF_SCORES },
    Further { word: "flow", sheet: &FLOW, to: OF_SCORES },
    Further { word: "composite", sheet: &COMPOSITE, to: OF_SCORES },
    Further { word: "waiting", sheet: &WAITING, to: OF_SCORES },
    Further { word: "trajectory", sheet: &ANSWERS, to: OF_SCORES },
    Further { word: "rules", sheet: &RULES, to: OF_SENDERS },
    Further { word: "duplicates", sheet: &DUPLICATES, to: OF_SENDERS },
];

/// Those of a page that its reader may choose.
fn given(ask: &Ask<'_>, path: &str) -> impl Iterator<Item = &'static Further> {
    let permit = ask.permit;
    FURTHER.iter().filter(move |further| further.sheet.path == path && further.to.contains(&permit))
}

/// The table that is asked for.
pub(super) fn chosen(ask: &Ask<'_>, sheet: &'static Sheet) -> &'static Sheet {
    let asked = ask.visit.asked(SHOW);
    given(ask, sheet.path).find(|further| Some(further.word) == asked).map_or(sheet, |further| further.sheet)
}

/// The word by which a table is chosen; nothing for a page's own.
pub(super) fn word(sheet: &Sheet) -> Option<&'static str> {
    FURTHER.iter().find(|further| std::ptr::eq(further.sheet, sheet)).map(|further| further.word)
}

/// The tables of a page, its own first; nothing where there is no choice.
pub(super) fn tabs(ask: &Ask<'_>, (own, shown): (&'static Sheet, &Sheet)) -> Vec<Tab> {
    let tab = |sheet: &'static Sheet| Tab {
        href: address(ask, sheet),
        title: sheet.title.pick(ask.visit.language),
        is_shown: std::ptr::eq(sheet, shown),
    };
    let further: Vec<Tab> = given(ask, own.path).map(|further| tab(further.sheet)).collect();
    if further.is_empty() { further } else { std::iter::once(tab(own)).chain(further).collect() }
}

/// Where a table lies, of the treatments that are kept now.
fn address(ask: &Ask<'_>, sheet: &Sheet) -> String {
    let shown = word(sheet).map(|word| (SHOW, word));
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(shown).extend_pairs(keep::kept(ask, sheet.report)).finish();
    if query.is_empty() { sheet.path.to_owned() } else { format!("{}?{query}", sheet.path) }
}
