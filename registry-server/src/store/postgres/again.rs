//! Trying again what PostgreSQL ended so that another transaction could go on.

use crate::store::{RefusedDelivery, StoreError};

/// Attempts before the caller is told.
const ATTEMPTS: usize = 4;

/// Runs a whole transaction, again when it collided with another: nothing of a collided one is left.
pub(super) async fn again<T, E, Attempt>(attempt: impl Fn() -> Attempt) -> Result<T, E>
where
    Attempt: Future<Output = Result<T, E>>,
    E: Clone + Into<RefusedDelivery>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.clone().into() == RefusedDelivery::Store(StoreError::Collided) => {
                tracing::debug!("a transaction collided with another and is tried again");
            }
            done => return done,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_collision_is_tried_again_a_few_times_and_nothing_else_is() {
        for (error, collisions, expected, calls) in [
            (StoreError::Collided, 2, Ok(7), 3),
            (StoreError::Collided, 9, Err(StoreError::Collided), ATTEMPTS),
            (StoreError::Busy, 9, Err(StoreError::Busy), 1),
        ] {
            let called = Cell::new(0);
            let done = again(|| {
                called.set(called.get() + 1);
                std::future::ready(if called.get() > collisions { Ok(7) } else { Err(error.clone()) })
            });
            assert_eq!((done.await, called.get()), (expected, calls));
        }
    }
}
