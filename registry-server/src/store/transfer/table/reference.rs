//! The tables of what staff add: inhabitants, outside denominators, breaks in series.

use super::{Table, integer, text};

/// Inhabitants.
pub(super) const POPULATION: Table = Table {
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
};

/// Outside denominators.
pub(super) const DENOMINATOR: Table = Table {
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
};

/// Breaks in series.
pub(super) const SERIES_BREAK: Table = Table {
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
};
