//! Orders of the statistician's file.

use super::erasure::moment;
use super::{at, users};
use crate::request::analysis::{Order, Step, Taken};
use crate::store::Store;
use crate::store::contract::cut::new;

fn taken(step: Step) -> Taken {
    Taken { step, at: at(), person: 1 }
}

pub(super) async fn an_order_of_a_file_keeps_every_step_and_of_two_at_once_one(store: &dyn Store) {
    users::fill(store).await;
    store.freeze(&new("2025"), moment(1)).await.unwrap();
    assert_eq!(store.analyses().await.unwrap(), []);
    assert_eq!(store.add_analysis((1, "one"), taken(Step::Ordered), moment(2)).await.unwrap(), 1);
    assert_eq!(store.add_analysis((1, "two"), taken(Step::Ordered), moment(3)).await.unwrap(), 2);
    assert!(store.step_analysis(1, 1, taken(Step::Approved), moment(4)).await.unwrap());
    assert!(!store.step_analysis(1, 1, taken(Step::Fetched), moment(5)).await.unwrap(), "somebody was faster");
    assert!(!store.step_analysis(1, 3, taken(Step::Fetched), moment(6)).await.unwrap(), "a step is missing before it");
    assert!(!store.step_analysis(3, 1, taken(Step::Fetched), moment(7)).await.unwrap(), "there is no such order");
    let order = |number, purpose: &str, steps: &[Step]| Order {
        number,
        cut: 1,
        purpose: purpose.to_owned(),
        steps: steps.iter().map(|step| taken(*step)).collect(),
    };
    let all = [order(1, "one", &[Step::Ordered, Step::Approved]), order(2, "two", &[Step::Ordered])];
    assert_eq!(store.analyses().await.unwrap(), all);
}

/// Fills every table of this part; there are people and a cut.
pub(crate) async fn fill(store: &dyn Store) {
    store.add_analysis((1, "one"), taken(Step::Ordered), moment(241)).await.unwrap();
    store.step_analysis(1, 1, taken(Step::Approved), moment(242)).await.unwrap();
}
