//! The tables by which senders are watched.

use super::{Table, integer, text};

/// What came on each day.
pub(super) const DELIVERY_DAY: Table = Table {
    name: "delivery_day",
    columns: &[
        text("sender"),
        text("day"),
        integer("batches"),
        integer("records"),
        integer("added"),
        integer("rejected"),
    ],
    order: "day",
};

/// What was rejected.
pub(super) const REJECT_DAY: Table = Table {
    name: "reject_day",
    columns: &[text("sender"), text("day"), text("rule"), integer("records")],
    order: "day, rule",
};

/// What connections and batches tell.
pub(super) const SENDER_TOLD: Table = Table {
    name: "sender_told",
    columns: &[
        text("sender"),
        text("rules"),
        text("newest_end"),
        integer("skew_s"),
        text("certificate_until"),
        text("heard_at"),
        text("batch_schema"),
    ],
    order: "sender",
};

/// When the register was up.
pub(super) const REGISTER_LIFE: Table = Table {
    name: "register_life",
    columns: &[integer("one"), text("began_at"), text("seen_at"), text("down_at")],
    order: "one",
};
