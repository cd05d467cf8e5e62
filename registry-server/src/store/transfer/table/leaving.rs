//! The tables of those who left, of cases, and of what was disclosed.

use super::{Table, blob, integer, text};

/// Who was withdrawn.
pub(super) const PERSON_TOMBSTONE: Table = Table {
    name: "person_tombstone",
    columns: &[text("sender"), blob("hash"), blob("stands_for"), text("withdrawn_at")],
    order: "hash",
};

/// Which records were erased.
pub(super) const RECORD_TOMBSTONE: Table = Table {
    name: "record_tombstone",
    columns: &[text("sender"), blob("hash"), integer("generation"), integer("counter"), text("erased_at")],
    order: "hash",
};

/// The erasures.
pub(super) const ERASURE: Table = Table {
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
};

/// The register's cases.
pub(super) const CASE_FILE: Table = Table {
    name: "case_file",
    columns: &[integer("number"), text("opened_on"), text("deadline"), text("note"), text("closed_on")],
    order: "number",
};

/// What senders answered to them.
pub(super) const CASE_ANSWER: Table = Table {
    name: "case_answer",
    columns: &[text("sender"), integer("number"), text("answer"), text("answered_at")],
    order: "number",
};

/// What was told of persons.
pub(super) const DISCLOSURE_LOG: Table = Table {
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
};
