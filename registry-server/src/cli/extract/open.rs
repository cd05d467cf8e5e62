//! Tables for everybody: built from a frozen data set and opened.
//!
//! Promises: only whoever decides what leaves opens a table, and the audit log names them; a table that was opened is not opened again.

use schemas::language::Language;
use serde_json::json;

use super::Printed;
use crate::authenticate::role::Role;
use crate::cli::{Call, print_json};
use crate::config::keys;
use crate::extract::asked::asked;
use crate::extract::build::Source;
use crate::failure::Failure;
use crate::request::form::Table;
use crate::store::{Store, User};

/// No cut of that name.
const NO_CUT: &str = "there is no such frozen data set; `cut list` shows every one, `cut create NAME` makes one";

/// A table as it is written on a command line.
pub(super) fn table(split_by: Option<String>, measure: Option<String>, instrument: Option<String>) -> Table {
    let split_by = split_by.unwrap_or_default();
    let split_by = split_by.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect();
    Table {
        split_by,
        measure: measure.unwrap_or_default(),
        instrument: instrument.unwrap_or_default(),
        comparison: None,
    }
}

/// Builds a table and opens it to everybody.
pub(super) async fn publish(
    (store, call): (&dyn Store, &Call),
    person: &User,
    (table, cut): (&Table, Option<&str>),
) -> Result<(), Failure> {
    if person.role != Role::Approver {
        return Err(Failure::usage("--by names somebody who does not decide what leaves; an approver opens tables"));
    }
    let config = call.config()?;
    let (lists, pepper) = (config.code_lists()?, keys::pepper(&config.pepper)?);
    let asked = asked(table, &lists).map_err(|why| Failure::usage(why.pick(Language::En).to_owned()))?;
    let cuts = store.cuts().await?;
    let found = cut.map_or(cuts.last(), |word| cuts.iter().find(|cut| cut.is_called(word)));
    let cut = found.ok_or_else(|| Failure::usage(NO_CUT))?;
    let source = Source { store, cut, lists: &lists, pepper: &pepper };
    let built = source.build(&[asked], None, || call.environment.stamp()).await;
    let built = built.map_err(|why| Failure::other(why.to_string()))?;
    for one in built {
        let (place, table) = one.table.map_err(|why| Failure::other(why.to_string()))?;
        let is_new = store.publish((cut.number, place), person.number, call.environment.stamp()).await?;
        let now = if is_new { "is open to everybody" } else { "was open to everybody already" };
        match call.form {
            Printed::Text => println!("table {place} of {}, by {}, {now}", cut.id(), table.split_by),
            Printed::Json => print_json(&json!({
                "schema": "registry-server-release/1", "cut": cut.id(), "place": place, "split_by": table.split_by,
                "rows": table.rows.len(),
            })),
        }
    }
    Ok(())
}
