//! The tables and their columns, as both engines have them.

/// Those of frozen data sets.
mod cut;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Integer,
    /// Doubles.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
}

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the table of either engine.
    Both,
    /// In PostgreSQL's only; SQLite finds the value by this expression.
    Derived(&'static str),
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands.
    pub place: Place,
}

/// One table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns. The sender's comes first where a row belongs to one.
    pub columns: &'static [Column],
    /// The columns by which the rows of one sender have an order.
    pub order: &'static str,
}

impl Table {
    /// Whether its rows belong to a sender, named in the first column.
    #[must_use]
    pub fn is_of_senders(&self) -> bool {
        self.columns[0].name == "sender"
    }
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text, place: Place::Both }
}

const fn integer(name: &'static str) -> Column {
    Column { name, kind: Kind::Integer, place: Place::Both }
}

const fn real(name: &'static str) -> Column {
    Column { name, kind: Kind::Real, place: Place::Both }
}

const fn blob(name: &'static str) -> Column {
    Column { name, kind: Kind::Blob, place: Place::Both }
}

const fn derived_sender(expression: &'static str) -> Column {
    Column { name: "sender", kind: Kind::Text, place: Place::Derived(expression) }
}

const OF_SUBJECT: &str = "(SELECT subject.sender FROM subject WHERE subject.id = alias.subject)";
const OF_TREATMENT: &str = "(SELECT treatment.sender FROM treatment WHERE treatment.id = outcome.treatment)";
const OF_FOLLOWUP: &str = "(SELECT treatment.sender FROM treatment WHERE treatment.id = followup.treatment)";

/// Every table, each after those that it refers to.
pub const TABLES: &[Table] = &[
    Table {
        name: "sender",
        columns: &[
            text("code"),
            text("status"),
            text("enrolled_at"),
            text("changed_at"),
            text("schedule"),
            text("timezone"),
            text("last_seen_at"),
            text("agent"),
            text("paused_until"),
            text("pause_reason"),
            text("compared_at"),
            text("compared"),
            integer("drift"),
            integer("coming"),
        ],
        order: "code",
    },
    Table {
        name: "sender_key",
        columns: &[text("sender"), text("kid"), text("status"), text("registered_at")],
        order: "kid",
    },
    Table {
        name: "generation",
        columns: &[text("sender"), text("state_id"), integer("generation"), text("issued_at")],
        order: "state_id",
    },
    Table {
        name: "batch",
        columns: &[
            text("sender"),
            text("digest"),
            text("received_at"),
            integer("records"),
            blob("receipt"),
            integer("generation"),
            integer("cycle"),
            integer("accepted"),
            integer("added"),
            integer("removed"),
        ],
        order: "digest",
    },
    Table { name: "subject", columns: &[text("sender"), integer("id")], order: "id" },
    Table {
        name: "alias",
        columns: &[derived_sender(OF_SUBJECT), text("kid"), blob("s"), integer("subject")],
        order: "kid, s",
    },
    Table {
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
    },
    Table {
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
    },
    Table {
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
    },
    Table {
        name: "retraction",
        columns: &[
            text("sender"),
            text("record_key"),
            integer("generation"),
            integer("counter"),
            blob("content_hash"),
            text("reason"),
            blob("person"),
        ],
        order: "record_key",
    },
    Table {
        name: "person_tombstone",
        columns: &[text("sender"), blob("hash"), blob("stands_for"), text("withdrawn_at")],
        order: "hash",
    },
    Table {
        name: "record_tombstone",
        columns: &[text("sender"), blob("hash"), integer("generation"), integer("counter"), text("erased_at")],
        order: "hash",
    },
    Table {
        name: "erasure",
        columns: &[
            text("sender"),
            integer("number"),
            text("digest"),
            text("state_id"),
            text("received_at"),
            integer("case_number"),
            integer("persons"),
            integer("found"),
            integer("treatments"),
            blob("receipt"),
            text("cleaned_at"),
        ],
        order: "number",
    },
    Table {
        name: "case_file",
        columns: &[integer("number"), text("opened_on"), text("deadline"), text("note"), text("closed_on")],
        order: "number",
    },
    Table {
        name: "case_answer",
        columns: &[text("sender"), integer("number"), text("answer"), text("answered_at")],
        order: "number",
    },
    Table {
        name: "disclosure_log",
        columns: &[
            text("sender"),
            integer("number"),
            text("disclosed_at"),
            integer("persons"),
            integer("found"),
            integer("documents"),
        ],
        order: "number",
    },
    Table {
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
    },
    Table {
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
    },
    Table {
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
    },
    Table {
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
    },
    Table {
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
    },
    Table { name: "audit_pending", columns: &[blob("leaf"), text("event"), blob("salt")], order: "leaf" },
    Table {
        name: "audit_leaf",
        columns: &[integer("position"), blob("leaf"), text("event"), blob("salt")],
        order: "position",
    },
    Table { name: "audit_checkpoint", columns: &[integer("size"), text("signed"), blob("peaks")], order: "size" },
    Table {
        name: "population",
        columns: &[
            integer("id"),
            text("region"),
            integer("year"),
            text("sex"),
            integer("age_from"),
            integer("age_to"),
            integer("population"),
            text("imported_at"),
        ],
        order: "id",
    },
    Table {
        name: "denominator",
        columns: &[
            integer("id"),
            text("region"),
            text("unit"),
            text("programme"),
            text("month"),
            integer("ended"),
            text("source"),
            text("counted_on"),
            text("imported_at"),
        ],
        order: "id",
    },
    Table {
        name: "series_break",
        columns: &[
            integer("number"),
            text("region"),
            text("unit"),
            text("programme"),
            text("begins_on"),
            text("note"),
            text("recorded_at"),
        ],
        order: "number",
    },
    cut::CUT,
    cut::PART,
    cut::SHARE,
    cut::TREATMENT,
    cut::OUTCOME,
    cut::FOLLOWUP,
    cut::ALIAS,
    cut::CALENDAR,
    cut::COMMENT,
    cut::ATTESTATION,
];
