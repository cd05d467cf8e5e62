//! The tables of senders and what they did.

use super::{Table, blob, integer, text};

/// The senders.
pub(super) const SENDER: Table = Table {
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
};

/// Their keys.
pub(super) const SENDER_KEY: Table = Table {
    name: "sender_key",
    columns: &[text("sender"), text("kid"), text("status"), text("registered_at")],
    order: "kid",
};

/// The generations given to their state directories.
pub(super) const GENERATION: Table = Table {
    name: "generation",
    columns: &[text("sender"), text("state_id"), integer("generation"), text("issued_at")],
    order: "state_id",
};

/// Their deliveries.
pub(super) const BATCH: Table = Table {
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
        text("batch_schema"),
        text("rules"),
        text("agent"),
        text("payload"),
    ],
    order: "digest",
};
