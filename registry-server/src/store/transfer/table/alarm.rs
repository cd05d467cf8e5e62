//! The tables of alarms and contacts.

use super::{Table, integer, text};

/// The alarms.
pub(super) const ALARM: Table = Table {
    name: "alarm",
    columns: &[
        text("sender"),
        integer("number"),
        text("kind"),
        text("since"),
        text("raised_at"),
        text("cleared_at"),
        text("acknowledged_at"),
        text("acknowledged_by"),
        text("note"),
    ],
    order: "number",
};

/// Their messages.
pub(super) const NOTICE: Table = Table {
    name: "alarm_notice",
    columns: &[
        integer("alarm"),
        text("step"),
        integer("made_s"),
        integer("due_s"),
        integer("attempts"),
        text("sent_at"),
    ],
    order: "alarm, step",
};

/// Their messages to another program.
pub(super) const HOOK: Table = Table {
    name: "alarm_hook",
    columns: &[
        integer("alarm"),
        text("step"),
        integer("made_s"),
        integer("due_s"),
        integer("attempts"),
        text("sent_at"),
    ],
    order: "alarm, step",
};

/// Whom to tell.
pub(super) const CONTACT: Table = Table {
    name: "contact",
    columns: &[
        text("sender"),
        integer("number"),
        text("role"),
        text("name"),
        text("email"),
        integer("deputy_of"),
        text("confirmed_at"),
        text("confirmed_by"),
    ],
    order: "number",
};
