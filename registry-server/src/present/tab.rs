//! Further tables of a page, each chosen by `show` in the address.
//!
//! Promises: who may not have figures of the page's own report exactly gets no other one; a word that names no table shows the page's own.

use schemas::language::Text;

use super::Ask;
use super::sheet::Sheet;
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

const TREATMENTS: &[&str] = &["by", "cohort", "period", "from", "to"];

/// Means by timepoint, and who answered.
static COURSE: Sheet = Sheet {
    report: "trajectory",
    title: Text::fixed("Skattningar före, efter och vid uppföljning", "Scores before, after and at follow-up"),
    path: "/outcomes",
    first: &[("by", ""), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &["by", "instrument", "cohort", "period", "from", "to"],
};

/// Two instruments judged as one.
static COMPOSITE: Sheet = Sheet {
    report: "composite",
    title: Text::fixed("Depression och ångest tillsammans", "Depression and anxiety together"),
    path: "/outcomes",
    first: &[("by", "programme"), ("comparison", "paired"), ("cohort", "ended"), ("period", "all")],
    fields: &["by", "comparison", "cohort", "period", "from", "to"],
};

/// Days before the start.
static WAITING: Sheet = Sheet {
    report: "waiting",
    title: Text::fixed("Väntan från remiss till start", "Wait from referral to start"),
    path: "/outcomes",
    first: &[("by", "region"), ("cohort", "ended"), ("period", "all")],
    fields: TREATMENTS,
};

/// Who answered when, by region.
static ANSWERS: Sheet = Sheet {
    report: "trajectory",
    title: Text::fixed("Hur många som skattade sig, per tidpunkt", "How many answered, by timepoint"),
    path: "/quality",
    first: &[("by", "region"), ("instrument", "PHQ-9"), ("cohort", "ended"), ("period", "all")],
    fields: &["instrument", "cohort", "period", "from", "to"],
};

static TABS: [&Sheet; 4] = [&COURSE, &COMPOSITE, &WAITING, &ANSWERS];

/// Those of a page that its reader may choose.
fn given(ask: &Ask<'_>, path: &str) -> impl Iterator<Item = &'static Sheet> {
    // The quality of deliveries is open to more people than scores are.
    let all = ask.permit == Permit::All || (path == "/outcomes" && ask.permit == Permit::OwnExact);
    TABS.into_iter().filter(move |tab| all && tab.path == path)
}

/// The table that is asked for.
pub(super) fn chosen(ask: &Ask<'_>, sheet: &'static Sheet) -> &'static Sheet {
    let asked = ask.visit.asked(SHOW);
    given(ask, sheet.path).find(|tab| Some(tab.report) == asked).unwrap_or(sheet)
}

/// The word by which a table is chosen; nothing for a page's own.
pub(super) fn word(sheet: &Sheet) -> Option<&'static str> {
    TABS.iter().find(|tab| tab.path == sheet.path && tab.report == sheet.report).map(|tab| tab.report)
}

/// The tables of a page, its own first; nothing where there is no choice.
pub(super) fn tabs(ask: &Ask<'_>, (own, shown): (&'static Sheet, &Sheet)) -> Vec<Tab> {
    let tab = |sheet: &'static Sheet| Tab {
        href: word(sheet).map_or_else(|| sheet.path.to_owned(), |word| format!("{}?{SHOW}={word}", sheet.path)),
        title: sheet.title.pick(ask.visit.language),
        is_shown: sheet.report == shown.report,
    };
    let further: Vec<Tab> = given(ask, own.path).map(tab).collect();
    if further.is_empty() { further } else { std::iter::once(tab(own)).chain(further).collect() }
}
