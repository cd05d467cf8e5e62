//! The tables of the audit log.

use super::{Table, blob, integer, text};

/// Events that wait for their place.
pub(super) const AUDIT_PENDING: Table =
    Table { name: "audit_pending", columns: &[blob("leaf"), text("event"), blob("salt")], order: "leaf" };

/// Events in their places.
pub(super) const AUDIT_LEAF: Table = Table {
    name: "audit_leaf",
    columns: &[integer("position"), blob("leaf"), text("event"), blob("salt")],
    order: "position",
};

/// What was signed.
pub(super) const AUDIT_CHECKPOINT: Table =
    Table { name: "audit_checkpoint", columns: &[integer("size"), text("signed"), blob("peaks")], order: "size" };

/// Reviews of its months.
pub(super) const AUDIT_REVIEW: Table = Table {
    name: "audit_review",
    columns: &[
        text("month"),
        text("signed_at"),
        integer("web_user"),
        text("name"),
        text("remark"),
        integer("sample"),
        integer("events"),
        text("seed"),
    ],
    order: "month",
};
