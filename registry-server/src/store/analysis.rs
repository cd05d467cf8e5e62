//! Orders of the statistician's file as they are kept: every step that was taken, none altered; the file itself is kept nowhere.
//!
//! Promises of every engine: a step is written together with its event in the audit log; of two who take a step at the same time, one is
//! told that somebody was faster. Must not know: which steps may follow each other.

use async_trait::async_trait;

use super::StoreError;
use super::audit::{Entry, What};
use crate::environment::Stamp;
use crate::request::analysis::{Order, Step, Taken};

/// Orders.
#[async_trait]
pub trait Analyses: Send + Sync {
    /// Every order with its steps, by number.
    async fn analyses(&self) -> Result<Vec<Order>, StoreError>;

    /// Keeps a new order by its first step, under the next number, which it gives.
    async fn add_analysis(&self, of: (u32, &str), first: Taken, stamp: Stamp) -> Result<u32, StoreError>;

    /// Keeps a step behind so many; tells whether it is kept: not where somebody has taken another meanwhile, or there is no order.
    async fn step_analysis(&self, number: u32, behind: usize, step: Taken, stamp: Stamp) -> Result<bool, StoreError>;
}

/// The statements, the same on both engines.
pub(super) mod sql {
    pub(in crate::store) const ALL: &str =
        "SELECT number, place, step, at, web_user, cut, purpose FROM analysis_step ORDER BY number, place";
    pub(in crate::store) const ADD: &str = "INSERT INTO analysis_step (number, place, step, at, web_user, cut, purpose)
        SELECT COALESCE(MAX(number), 0) + 1, 1, $1, $2, $3, $4, $5 FROM analysis_step RETURNING number";
    pub(in crate::store) const STEP: &str =
        "INSERT INTO analysis_step (number, place, step, at, web_user, cut, purpose)
        SELECT number, $2, $3, $4, $5, cut, purpose FROM analysis_step WHERE number = $1 AND place = $2 - 1
        ON CONFLICT (number, place) DO NOTHING";
}

/// Number, place, step, time, person, cut, purpose.
pub(super) type StepRow = (i64, i64, String, String, i64, i64, String);

/// Rows in the order of numbers and places, as orders.
pub(super) fn orders(rows: Vec<StepRow>) -> Result<Vec<Order>, StoreError> {
    let mut orders: Vec<Order> = Vec::new();
    for (number, _, step, at, person, cut, purpose) in rows {
        let broken = |column| StoreError::Inconsistent { table: "analysis_step", column, id: number };
        let small = |stored: i64, column| u32::try_from(stored).map_err(|_| broken(column));
        let step = Step::ALL.into_iter().find(|known| known.word() == step).ok_or_else(|| broken("step"))?;
        let at = at.parse().map_err(|_| broken("at"))?;
        let taken = Taken { step, at, person: small(person, "web_user")? };
        let (number, cut) = (small(number, "number")?, small(cut, "cut")?);
        match orders.last_mut() {
            Some(order) if order.number == number => order.steps.push(taken),
            _ => orders.push(Order { number, cut, purpose, steps: vec![taken] }),
        }
    }
    Ok(orders)
}

/// The event of a step.
pub(super) fn event(number: u32, taken: Taken, stamp: Stamp) -> Entry {
    let step = taken.step.word().to_owned();
    Entry::new(stamp, None, What::Analysis { number: number.into(), of: taken.person, step })
}
