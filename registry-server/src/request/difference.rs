//! In what a request that amends another differs from that: field by field and table by table.
//!
//! Promises: pure; what is the same on both sides is decided already, and nothing that differs is left out. A table that splits what is
//! counted in another way is a changed one; tables in another order are no difference.

use serde_json::Value;

use super::Form;
use super::form::Table;

/// What is told of a form beside what it states: whom it amends, and its tables.
const NO_FIELDS: [&str; 2] = ["amends", "tables"];

/// A difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The fields that state something else, as the file names them.
    pub fields: Vec<Changed>,
    /// Every table of both.
    pub tables: Vec<Beside>,
}

/// A field that states something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// Its name in the file.
    pub field: String,
    /// What the amended request states.
    pub before: Value,
    /// What is to be stated.
    pub after: Value,
}

/// A table of either side, or of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// On both sides: decided already.
    Same(Table),
    /// What is counted is split in another way, or read from other scores.
    Changed(Table, Table),
    /// New.
    Added(Table),
    /// Asked for no more.
    Removed(Table),
}

impl Difference {
    /// Between what was stated and what is to be.
    #[must_use]
    pub fn of(before: &Form, after: &Form) -> Self {
        Self { fields: fields(before, after), tables: tables(&before.tables, &after.tables) }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.tables.iter().all(|table| matches!(table, Beside::Same(_)))
    }
}

impl Beside {
    /// The word in a document.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Same(_) => "same",
            Self::Changed(..) => "changed",
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
        }
    }

    /// The table as it was, and as it is to be.
    #[must_use]
    pub fn sides(&self) -> (Option<&Table>, Option<&Table>) {
        match self {
            Self::Same(table) => (Some(table), Some(table)),
            Self::Changed(before, after) => (Some(before), Some(after)),
            Self::Added(after) => (None, Some(after)),
            Self::Removed(before) => (Some(before), None),
        }
    }
}

fn fields(before: &Form, after: &Form) -> Vec<Changed> {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    else {
        return Vec::new();
    };
    let of = |side: &serde_json::Map<String, Value>, field: &str| side.get(field).cloned().unwrap_or_default();
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    names
        .filter(|name| !NO_FIELDS.contains(&name.as_str()))
        .map(|name| Changed { field: name.clone(), before: of(&before, name), after: of(&after, name) })
        .filter(|changed| changed.before != changed.after)
        .collect()
}

/// The tables in the order of the new side, then those that are gone.
fn tables(before: &[Table], after: &[Table]) -> Vec<Beside> {
    let (mut gone, mut new) = (before.to_vec(), Vec::new());
    for table in after {
        let same = gone.iter().position(|known| known == table);
        new.push((table, same.map(|place| gone.remove(place))));
    }
    let mut beside = Vec::new();
    for (table, same) in new {
        let is_like = |known: &&Table| known.measure == table.measure && known.instrument == table.instrument;
        let like = if same.is_some() { None } else { gone.iter().position(|known| is_like(&known)) };
        beside.push(match (same, like) {
            (Some(same), _) => Beside::Same(same),
            (None, Some(place)) => Beside::Changed(gone.remove(place), table.clone()),
            (None, None) => Beside::Added(table.clone()),
        });
    }
    beside.extend(gone.into_iter().map(Beside::Removed));
    beside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::form::tests::whole;

    fn table(split_by: &str, measure: &str) -> Table {
        Table { split_by: vec![split_by.to_owned()], measure: measure.to_owned(), ..Table::default() }
    }

    #[test]
    fn every_field_and_table_that_differs_is_told_with_both_sides_and_what_is_the_same_is_decided() {
        let before = Form {
            tables: vec![table("region", "persons"), table("sex", "completed"), table("sex", "answered")],
            ..whole()
        };
        let mut after = Form {
            title: "Ny rubrik".to_owned(),
            amends: Some(1),
            tables: vec![table("age:band", "completed"), table("severity", "persons"), table("region", "persons")],
            ..whole()
        };
        let found = Difference::of(&before, &after);
        let changed = Changed {
            field: "title".to_owned(),
            before: "Uppföljning efter behandling".into(),
            after: "Ny rubrik".into(),
        };
        assert_eq!(found.fields, [changed]);
        let expected = [
            Beside::Changed(table("sex", "completed"), table("age:band", "completed")),
            Beside::Added(table("severity", "persons")),
            Beside::Same(table("region", "persons")),
            Beside::Removed(table("sex", "answered")),
        ];
        assert_eq!((found.tables.as_slice(), found.is_empty()), (&expected[..], false));
        after.title.clone_from(&before.title);
        after.tables = before.tables.iter().rev().cloned().collect();
        assert!(Difference::of(&before, &after).is_empty(), "another order is no difference");
    }
}
