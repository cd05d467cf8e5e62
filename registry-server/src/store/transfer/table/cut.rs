//! The tables of frozen data sets.

use super::{Table, blob, integer, real, text};

/// The cuts.
pub(super) const CUT: Table = Table {
    name: "cut",
    columns: &[
        integer("number"),
        text("name"),
        text("note"),
        text("made_at"),
        integer("treatments"),
        text("hash"),
        text("code_lists"),
        text("thresholds"),
        text("definitions"),
    ],
    order: "number",
};

/// What is no person's.
pub(super) const PART: Table =
    Table { name: "cut_part", columns: &[integer("cut"), text("part"), text("document")], order: "cut, part" };

/// What each sender has in them.
pub(super) const SHARE: Table = Table {
    name: "cut_share",
    columns: &[
        text("sender"),
        integer("cut"),
        integer("treatments"),
        text("hash"),
        integer("withdrawn_persons"),
        integer("withdrawn_treatments"),
        integer("replaced_treatments"),
    ],
    order: "cut",
};

/// Treatments.
pub(super) const TREATMENT: Table = Table {
    name: "cut_treatment",
    columns: &[
        text("sender"),
        integer("cut"),
        integer("treatment"),
        integer("subject"),
        integer("person"),
        text("unit"),
        text("unit_end"),
        text("programme"),
        text("programme_version"),
        text("status"),
        text("end_reason"),
        text("started_on"),
        text("ended_on"),
        text("sex"),
        integer("birth_year"),
        text("diagnosis"),
        text("referred_on"),
        text("assessed_on"),
        integer("modules_total"),
        integer("modules_completed"),
        integer("therapist_minutes"),
        integer("messages"),
        integer("sick_leave_before"),
        integer("sick_leave_after"),
    ],
    order: "cut, treatment",
};

/// Their scores.
pub(super) const OUTCOME: Table = Table {
    name: "cut_outcome",
    columns: &[
        text("sender"),
        integer("cut"),
        integer("treatment"),
        text("instrument"),
        real("pre"),
        real("post"),
        real("first"),
        real("last"),
        real("carried"),
    ],
    order: "cut, treatment, instrument",
};

/// Their follow-ups.
pub(super) const FOLLOWUP: Table = Table {
    name: "cut_followup",
    columns: &[
        text("sender"),
        integer("cut"),
        integer("treatment"),
        text("instrument"),
        integer("months"),
        real("pre"),
        real("score"),
    ],
    order: "cut, treatment, instrument, months",
};

/// The names of their persons.
pub(super) const ALIAS: Table = Table {
    name: "cut_alias",
    columns: &[text("sender"), blob("s"), integer("cut"), text("kid"), integer("subject")],
    order: "s, cut, kid",
};

/// The calendars of years.
pub(super) const CALENDAR: Table = Table {
    name: "cut_calendar",
    columns: &[
        integer("cut"),
        integer("year"),
        text("stop_on"),
        text("comments_until"),
        text("published_at"),
        text("reason"),
    ],
    order: "cut",
};

/// What was remarked.
pub(super) const COMMENT: Table = Table {
    name: "cut_comment",
    columns: &[
        integer("cut"),
        integer("number"),
        text("remarked_by"),
        text("comment"),
        text("made_at"),
        integer("web_user"),
        text("role"),
    ],
    order: "cut, number",
};

/// Who signed.
pub(super) const ATTESTATION: Table = Table {
    name: "attestation",
    columns: &[
        text("sender"),
        integer("cut"),
        text("signed_by"),
        text("signed_at"),
        blob("statement"),
        integer("scheme"),
        blob("public_key"),
        blob("signature"),
    ],
    order: "cut",
};

/// What the tables of a cut are split by.
pub(super) const EXTRACT_CODES: Table =
    Table { name: "extract_codes", columns: &[integer("cut"), text("codes"), text("at")], order: "cut" };

/// What is stated of how whole a cut is.
pub(super) const EXTRACT_STATEMENT: Table =
    Table { name: "extract_statement", columns: &[integer("cut"), text("kept"), text("at")], order: "cut" };

/// Tables that left.
pub(super) const EXTRACT_RELEASE: Table = Table {
    name: "extract_release",
    columns: &[
        integer("cut"),
        integer("place"),
        text("asked"),
        text("kept"),
        text("counts"),
        text("at"),
        integer("request"),
        text("published_at"),
        integer("left_before"),
    ],
    order: "cut, place",
};

/// The files made of them.
pub(super) const EXTRACT_PACKAGE: Table = Table {
    name: "extract_package",
    columns: &[integer("request"), integer("cut"), text("sha256"), blob("bytes"), text("at")],
    order: "request",
};
