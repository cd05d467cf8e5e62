//! The tables of delivered records.

use super::{Table, blob, derived_sender, integer, real, text};

const OF_SUBJECT: &str = "(SELECT subject.sender FROM subject WHERE subject.id = alias.subject)";
const OF_TREATMENT: &str = "(SELECT treatment.sender FROM treatment WHERE treatment.id = outcome.treatment)";
const OF_FOLLOWUP: &str = "(SELECT treatment.sender FROM treatment WHERE treatment.id = followup.treatment)";

/// The persons.
pub(super) const SUBJECT: Table = Table { name: "subject", columns: &[text("sender"), integer("id")], order: "id" };

/// Their names, hashed under the register's key.
pub(super) const ALIAS: Table = Table {
    name: "alias",
    columns: &[derived_sender(OF_SUBJECT), text("kid"), blob("s"), integer("subject")],
    order: "kid, s",
};

/// The treatments.
pub(super) const TREATMENT: Table = Table {
    name: "treatment",
    columns: &[
        text("sender"),
        integer("id"),
        text("record_key"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        integer("subject"),
        text("programme"),
        text("programme_version"),
        text("unit"),
        text("unit_end"),
        text("status"),
        text("end_reason"),
        text("started_on"),
        text("ended_on"),
        text("sex"),
        integer("birth_year"),
        text("diagnosis"),
        text("document"),
        text("first_received"),
    ],
    order: "record_key",
};

/// First and second scores.
pub(super) const OUTCOME: Table = Table {
    name: "outcome",
    columns: &[
        derived_sender(OF_TREATMENT),
        integer("treatment"),
        text("instrument"),
        real("pre"),
        real("post"),
        real("first"),
        real("last"),
        real("carried"),
    ],
    order: "treatment, instrument",
};

/// Scores of follow-ups.
pub(super) const FOLLOWUP: Table = Table {
    name: "followup",
    columns: &[
        derived_sender(OF_FOLLOWUP),
        integer("treatment"),
        text("instrument"),
        integer("months"),
        real("pre"),
        real("score"),
    ],
    order: "treatment, instrument, months",
};

/// What was taken back.
pub(super) const RETRACTION: Table = Table {
    name: "retraction",
    columns: &[
        text("sender"),
        text("record_key"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        text("reason"),
        blob("person"),
        integer("treatment"),
    ],
    order: "record_key",
};

/// The units.
pub(super) const UNIT: Table = Table {
    name: "unit",
    columns: &[
        text("sender"),
        text("unit"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        text("name"),
        text("care_level"),
        text("ownership"),
        text("county"),
        text("care_provider_id"),
        text("municipality"),
        text("valid_from"),
        text("valid_to"),
        text("successor_id"),
    ],
    order: "unit",
};

/// Monthly counts.
pub(super) const ACTIVITY: Table = Table {
    name: "activity",
    columns: &[
        text("sender"),
        text("record_key"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        text("month"),
        text("unit"),
        text("programme"),
        text("sex"),
        text("age_group"),
        integer("started"),
        integer("ended"),
        integer("ongoing"),
    ],
    order: "record_key",
};

/// Accounting lines.
pub(super) const RUN: Table = Table {
    name: "run",
    columns: &[
        text("sender"),
        text("record_key"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        integer("cycle"),
        text("reading"),
        text("counted"),
        text("month"),
        text("unit"),
        text("programme"),
        integer("found"),
        integer("accepted"),
        integer("unchanged"),
        integer("rejected"),
        integer("held"),
        integer("excluded"),
        integer("pending"),
        text("reasons"),
    ],
    order: "record_key",
};

/// Which versions were replaced.
pub(super) const HISTORY: Table = Table {
    name: "history",
    columns: &[
        text("sender"),
        integer("treatment"),
        integer("generation"),
        integer("counter"),
        text("replaced_at"),
        text("batch"),
        integer("line"),
    ],
    order: "treatment, generation, counter",
};

/// Persons that are one, and that are not any more.
pub(super) const SUBJECT_PAIR: Table = Table {
    name: "subject_pair",
    columns: &[
        text("sender"),
        text("kid"),
        blob("one"),
        blob("other"),
        integer("generation"),
        integer("counter"),
        blob("content_hash"),
        text("says"),
    ],
    order: "kid, one, other",
};
