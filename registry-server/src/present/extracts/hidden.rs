//! What would be hidden of the tables of a form, as it is told before they are asked for.
//!
//! Promises: a share in coarse steps, never which cells; nothing is told of a table that breaks a rule, which has its own sentence.

use schemas::language::{Language, Text};

use crate::disclose::engine::{Precheck, Refusal};
use crate::extract::asked::{Asked, asked};
use crate::extract::build::{BuildError, Source};
use crate::extract::words;
use crate::present::Ask;
use crate::present::fault::Fault;
use crate::request::form::Table;

/// What is told of each table; nothing where there is no frozen data set, or the table breaks a rule.
///
/// # Errors
/// When the data set cannot be read.
pub(super) async fn told(ask: &Ask<'_>, tables: &[Table]) -> Result<Vec<Option<Text>>, Fault> {
    let registry = &ask.desk.registry;
    let read: Vec<Option<Asked>> = tables.iter().map(|table| asked(table, &registry.lists).ok()).collect();
    let Some(cut) = registry.store.cuts().await?.pop() else { return Ok(Vec::new()) };
    let source = Source { store: &*registry.store, cut: &cut, lists: &registry.lists, pepper: &registry.pepper };
    let mut told = Vec::with_capacity(read.len());
    for one in &read {
        told.push(match one {
            Some(asked) => Some(sentence(source.precheck(asked).await.map_err(unexpected)?)),
            None => None,
        });
    }
    Ok(told)
}

fn unexpected(error: BuildError) -> Fault {
    match error {
        BuildError::Store(error) => error.into(),
        error => Fault::Unexpected(error.to_string()),
    }
}

fn sentence(found: Result<Precheck, Refusal>) -> Text {
    match found {
        Ok(Precheck { split_by, cells, hidden_percent }) => {
            let by = words::of_crossing(&split_by);
            if hidden_percent == 0 {
                // Less than a step is not told from nothing: that would count the cells.
                return Text::made(
                    format!("Inget eller bara lite av {cells} celler döljs, {}.", by.pick(Language::Sv)),
                    format!("None or only a few of {cells} cells are hidden, {}.", by.pick(Language::En)),
                );
            }
            Text::made(
                format!("Minst {hidden_percent} procent av {cells} celler döljs, {}.", by.pick(Language::Sv)),
                format!("At least {hidden_percent} per cent of {cells} cells are hidden, {}.", by.pick(Language::En)),
            )
        }
        Err(why) => {
            let why = words::of_refusal(why);
            Text::made(
                format!("Tabellen kan inte lämnas ut: {}.", why.pick(Language::Sv)),
                format!("The table cannot leave: {}.", why.pick(Language::En)),
            )
        }
    }
}
