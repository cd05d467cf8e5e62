//! What a table of an extract may be split by: the registered dimensions, their levels, and what they mean.
//!
//! Promises: nothing else can be asked for, and no band, filter or date of one's own.
//! Must not know: persons, which codes a cut has.

use schemas::language::Text;

use crate::disclose::engine::vocabulary::Kind;

/// A registered dimension.
#[derive(Debug)]
pub struct Registered {
    /// The name, as it is asked for and as it heads a column.
    pub name: &'static str,
    /// What it tells.
    pub kind: Kind,
    /// Its levels, coarsest first, as they are asked for behind a colon.
    pub levels: &'static [&'static str],
    /// What people call it.
    pub title: Text,
    /// What it means.
    pub meaning: Text,
    /// The fewest persons that a cell of one of its codes is shown from, where that is more than the register's own.
    pub least: Option<u64>,
    /// Whether codes of few persons stand together as `other`. Elsewhere those persons are in no table.
    pub gathers: bool,
}

/// The fewest persons of a cell that tells a diagnosis.
const SENSITIVE: u64 = 10;

/// Every dimension, in the order of the columns.
pub const DIMENSIONS: [&Registered; 9] =
    [&REGION, &SEX, &AGE, &PROGRAMME, &DIAGNOSIS, &SEVERITY, &CARE_LEVEL, &OWNERSHIP, &PERIOD];

/// Where.
pub const REGION: Registered = Registered {
    name: "region",
    kind: Kind::Place,
    levels: &["region"],
    title: Text::fixed("region", "region"),
    meaning: Text::fixed("Enhetens län när behandlingen började.", "The county of the unit where the treatment began."),
    least: None,
    gathers: false,
};
/// Legal sex.
pub const SEX: Registered = Registered {
    name: "sex",
    kind: Kind::Known,
    levels: &["sex"],
    title: Text::fixed("kön", "sex"),
    meaning: Text::fixed("Juridiskt kön.", "Legal sex."),
    least: None,
    gathers: false,
};
/// Age at the start.
pub const AGE: Registered = Registered {
    name: "age",
    kind: Kind::Known,
    levels: &["broad", "band"],
    title: Text::fixed("ålder", "age"),
    meaning: Text::fixed(
        "Ålder det år då behandlingen började, i hela kalenderår.",
        "Age in the year when the treatment began, in whole calendar years.",
    ),
    least: None,
    gathers: false,
};
/// What was treated, and by what.
pub const PROGRAMME: Registered = Registered {
    name: "programme",
    kind: Kind::Telling,
    levels: &["condition", "programme"],
    title: Text::fixed("tillstånd och program", "condition and programme"),
    meaning: Text::fixed(
        "Behandlingsprogrammet och det tillstånd som det är till för.",
        "The treatment programme and the condition that it is for.",
    ),
    least: None,
    gathers: true,
};
/// The main diagnosis.
pub const DIAGNOSIS: Registered = Registered {
    name: "diagnosis",
    kind: Kind::Telling,
    levels: &["group"],
    title: Text::fixed("diagnosgrupp", "diagnosis group"),
    meaning: Text::fixed("Huvuddiagnosens grupp enligt ICD-10-SE.", "The group of the main diagnosis by ICD-10-SE."),
    least: Some(SENSITIVE),
    gathers: true,
};
/// How ill somebody was before.
pub const SEVERITY: Registered = Registered {
    name: "severity",
    kind: Kind::Telling,
    levels: &["band"],
    title: Text::fixed("svårighetsgrad före", "severity before"),
    meaning: Text::fixed(
        "Bandet för första skattningen med programmets huvudinstrument.",
        "The band of the first score on the programme's primary instrument.",
    ),
    least: None,
    gathers: true,
};
/// The kind of unit.
pub const CARE_LEVEL: Registered = Registered {
    name: "care_level",
    kind: Kind::Units,
    levels: &["care_level"],
    title: Text::fixed("vårdnivå", "care level"),
    meaning: Text::fixed("Enhetens vårdnivå.", "The unit's level of care."),
    least: None,
    gathers: true,
};
/// Who runs the unit.
pub const OWNERSHIP: Registered = Registered {
    name: "ownership",
    kind: Kind::Units,
    levels: &["ownership"],
    title: Text::fixed("driftsform", "ownership"),
    meaning: Text::fixed("Offentlig eller privat enhet.", "A public or a private unit."),
    least: None,
    gathers: true,
};
/// When.
pub const PERIOD: Registered = Registered {
    name: "period",
    kind: Kind::Known,
    levels: &["year", "half", "quarter"],
    title: Text::fixed("period", "period"),
    meaning: Text::fixed("När behandlingen avslutades.", "When the treatment ended."),
    least: None,
    gathers: false,
};

/// The dimension of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Registered> {
    DIMENSIONS.into_iter().find(|known| known.name == name)
}
