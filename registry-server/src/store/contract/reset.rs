//! A sender's set under new keys: beside the one that counts, and then in its place.

use schemas::id::{KeyId, SenderCode};
use schemas::key_reset::{KeyResetAnswer, Step};
use schemas::receipt::Verdict;

use super::delivery::{delivery, enrol, posts, stamp, state, unit};
use super::{key, retraction, treatment};
use crate::fact::Part;
use crate::store::{Arrival, KeyReset, RefusedDelivery, SenderStatus, Store};

fn reset(kid: &str, letter: char, step: Step) -> KeyReset {
    KeyReset { sender: "12".parse().unwrap(), kid: kid.parse().unwrap(), state: state(letter), step }
}

async fn step(store: &dyn Store, kid: &str, letter: char, step: Step) -> Result<KeyResetAnswer, RefusedDelivery> {
    store.reset_keys(&reset(kid, letter, step), stamp()).await
}

/// Delivers records under a key from a state directory.
async fn send(
    store: &dyn Store,
    (kid, letter, name): (&str, char, u8),
    records: Vec<Option<Arrival>>,
) -> Result<Vec<Verdict>, RefusedDelivery> {
    let mut delivery = delivery("12", name, records);
    (delivery.kid, delivery.state) = (kid.parse().unwrap(), state(letter));
    Ok(serde_json::from_slice(&store.accept_batch(delivery).await?).unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what a store answers")]
fn answer(generation: u32, standing: u64, coming: u64, counts: bool) -> Result<KeyResetAnswer, RefusedDelivery> {
    Ok(KeyResetAnswer { generation, standing, coming, counts })
}

/// Treatments that the sender is told it has here, and those that are counted for it.
async fn here(store: &dyn Store) -> (usize, u64) {
    let code: SenderCode = "12".parse().unwrap();
    let (pages, mut coming) = tokio::sync::mpsc::channel(8);
    store.active(&code, pages).await.unwrap();
    let mut lines = 0;
    while let Some(page) = coming.recv().await {
        lines += page.len();
    }
    let senders = store.senders().await.unwrap();
    (lines, senders.iter().find(|sender| sender.code == code).unwrap().treatments)
}

pub(super) async fn a_set_under_new_keys_counts_from_the_moment_on_in_which_the_old_one_is_gone(store: &dyn Store) {
    for code in ["12", "01"] {
        enrol(store, code).await;
    }
    let other = delivery("01", 9, vec![treatment(key("01", 1), (1, 1), 9, 20)]);
    store.accept_batch(other).await.unwrap();
    let old = |number: u8, post: u8| treatment(key("12", number), (1, number.into()), number, post);
    let first = vec![
        unit("SE9990120000-E002", (1, 9), "12"),
        old(1, 3),
        old(2, 4),
        old(3, 5),
        retraction(key("12", 3), (1, 8)),
    ];
    send(store, ("r12-g1", 'a', 1), first).await.unwrap();
    assert_eq!((posts(store).await, here(store).await), (vec![20.0, 3.0, 4.0], (2, 2)));

    // Begun twice, as when the answer was lost.
    for _ in 0..2 {
        assert_eq!(step(store, "r12-g2", 'c', Step::Begin).await, answer(3, 2, 0, false));
    }
    let kids = store.sender_keys(&"12".parse().unwrap()).await.unwrap();
    assert_eq!(kids, ["r12-g2".parse::<KeyId>().unwrap()]);
    let new = |number: u8, post: u8| treatment(key("12", number + 100), (3, number.into()), number + 100, post);
    assert_eq!(send(store, ("r12-g1", 'c', 2), vec![old(4, 6)]).await, Err(RefusedDelivery::KeyUnknown));
    assert_eq!(send(store, ("r12-g2", 'a', 2), vec![new(1, 7)]).await, Err(RefusedDelivery::StateUnknown));
    send(store, ("r12-g2", 'c', 3), vec![new(1, 7), new(2, 8), unit("SE9990120000-E002", (3, 9), "12")]).await.unwrap();
    assert_eq!((posts(store).await, here(store).await), (vec![20.0, 3.0, 4.0], (2, 2)), "it does not count yet");
    let replaces = async || store.affairs(&"12".parse().unwrap()).await.unwrap().replaces;
    assert_eq!(replaces().await, Some(2), "whoever has forgotten it is told");
    // The state directory is lost in the middle, and what came stays.
    assert_eq!(step(store, "r12-g2", 'd', Step::Begin).await, answer(4, 2, 2, false));

    for _ in 0..2 {
        assert_eq!(step(store, "r12-g2", 'd', Step::Replace).await, answer(4, 2, 0, true));
    }
    assert_eq!((posts(store).await, here(store).await), (vec![20.0, 7.0, 8.0], (2, 2)));
    assert_eq!(replaces().await, None);
    let facts = store.facts(Part::ALL).await.unwrap();
    assert_eq!(
        (facts.outcomes.len(), facts.units.len()),
        (3 * 4, 1),
        "nothing of the old set is left, and the unit is"
    );
    let account = store.account(&"12".parse().unwrap()).await.unwrap();
    let (active, receipts): (u64, u64) =
        (account.active.iter().map(|(_, n)| n).sum(), account.cycles.iter().map(|row| row.added - row.removed).sum());
    assert_eq!(i64::try_from(active).ok(), i64::try_from(receipts).ok().map(|n| n + account.drift.unwrap()));
    send(store, ("r12-g2", 'd', 4), vec![treatment(key("12", 101), (4, 1), 101, 9)]).await.unwrap();
    assert_eq!(posts(store).await, [20.0, 9.0, 8.0]);
}

pub(super) async fn a_key_that_is_lost_again_before_its_set_was_whole_leaves_nothing_of_it(store: &dyn Store) {
    enrol(store, "12").await;
    send(store, ("r12-g1", 'a', 1), vec![treatment(key("12", 1), (1, 1), 1, 3)]).await.unwrap();
    assert_eq!(step(store, "r12-g1", 'c', Step::Begin).await, answer(3, 1, 0, true), "the key in use is no new one");
    assert_eq!(step(store, "r12-g2", 'c', Step::Replace).await, Err(RefusedDelivery::KeyUnknown));
    step(store, "r12-g2", 'd', Step::Begin).await.unwrap();
    send(store, ("r12-g2", 'd', 2), vec![treatment(key("12", 2), (4, 1), 2, 4)]).await.unwrap();
    assert_eq!(step(store, "r12-g3", 'e', Step::Begin).await, answer(5, 1, 0, false));
    for gone in ["r12-g2", "r12-g1", "r01-g4"] {
        assert_eq!(step(store, gone, 'f', Step::Begin).await, Err(RefusedDelivery::KeyUnknown), "{gone}");
    }
    send(store, ("r12-g3", 'e', 3), vec![treatment(key("12", 3), (5, 1), 3, 5)]).await.unwrap();
    assert_eq!((posts(store).await, here(store).await), (vec![3.0], (1, 1)));
    assert_eq!(step(store, "r12-g3", 'e', Step::Replace).await, answer(5, 1, 0, true));
    assert_eq!(posts(store).await, [5.0]);
    store.set_sender(&"12".parse().unwrap(), SenderStatus::Revoked, stamp()).await.unwrap();
    assert_eq!(step(store, "r12-g4", '0', Step::Begin).await, Err(RefusedDelivery::SenderNotActive));
}
