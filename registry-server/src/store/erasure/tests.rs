//! What erasure must withstand on each engine: replays without end, batches that are underway, and other senders' work.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemas::canonical;
use schemas::receipt::{LineFinding, Verdict};

use crate::environment::Stamp;
use crate::fact::Part;
use crate::store::audit::{Entry, Sealed, What};
use crate::store::contract::erasure::erasure;
use crate::store::contract::{at, delivery, enrol, key, retraction, treatment};
use crate::store::{Arrival, Delivery, Payload, Store, postgres, sqlite};

/// Deliveries after an erasure.
const REPLAYS: u32 = 1_000;
/// Batches that are underway when their person is erased.
const RACES: u8 = 40;

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A delivery of a name of its own.
fn numbered(number: u32, records: Vec<Option<Arrival>>) -> Delivery {
    let batch: schemas::id::BatchId = canonical::sha256_hex(&number.to_be_bytes()).parse().unwrap();
    let (named, salt) = (batch.clone(), canonical::sha256(&number.to_le_bytes()));
    let seal = move |verdicts: &[Verdict], _: &[LineFinding], _| {
        let what = What::batch(&named, String::new(), verdicts);
        Sealed { receipt: canonical::bytes(&verdicts), entry: Entry::new(Stamp { at: at(), salt }, None, what) }
    };
    let first = i64::from(number) * 100 + 1;
    let next = std::sync::atomic::AtomicI64::new(first);
    let draw = move || next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    Delivery { batch, seal: Box::new(seal), draw: Box::new(draw), ..delivery("12", 0, records) }
}

/// Everything that was ever sent: of each of twelve treatments five versions, one of them a retraction, by four persons in turn.
fn sent() -> Vec<(u8, Arrival)> {
    let versions = (1..=5_u64).flat_map(|counter| (0..12_u8).map(move |number| (counter, number)));
    let record = |(counter, number): (u64, u8)| {
        let (key, version, person) = (key("12", number), (1, counter), number % 4 + 1);
        let record = if counter == 3 {
            retraction(key, version)
        } else {
            treatment(key, version, person, number + u8::try_from(counter).unwrap())
        };
        (person, record.unwrap())
    };
    versions.map(record).collect()
}

/// What stands in the figures, without the numbers that an engine gives.
async fn figures(store: &dyn Store) -> BTreeSet<String> {
    let facts = store.facts(Part::ALL).await.unwrap();
    let outcome = |outcome: &crate::fact::OutcomeFact| {
        format!("{} {} {:?} {:?}", outcome.row, outcome.comparison, outcome.first, outcome.second)
    };
    facts.outcomes.iter().map(outcome).collect()
}

async fn replays_bring_nobody_back(store: &dyn Store, seed: u64) {
    println!("seed {seed}");
    let (mut dice, all) = (Dice(seed), sent());
    enrol(store, "12").await;
    let mut stored = Vec::new();
    for (number, chunk) in (0..).zip(all.chunks(5)) {
        let records = || chunk.iter().map(|(_, record)| Some(record.clone())).collect();
        stored.push((number, chunk, store.accept_batch(numbered(number, records())).await.unwrap()));
    }
    let persons: BTreeSet<i64> = store.facts(Part::ALL).await.unwrap().treatments.iter().map(|t| t.subject).collect();
    assert_eq!(persons.len(), 4);
    store.erase(erasure(1, &[1])).await.unwrap();
    let left = figures(store).await;
    assert_eq!(store.facts(Part::ALL).await.unwrap().treatments.len(), 9);
    for number in 1_000..1_000 + REPLAYS {
        if dice.below(4) == 0 {
            let (name, chunk, receipt) = &stored[usize::try_from(dice.below(stored.len() as u64)).unwrap()];
            let again = numbered(*name, chunk.iter().map(|(_, record)| Some(record.clone())).collect());
            assert_eq!(&store.accept_batch(again).await.unwrap(), receipt);
            continue;
        }
        let chosen: Vec<&(u8, Arrival)> =
            (0..=dice.below(6)).map(|_| &all[usize::try_from(dice.below(all.len() as u64)).unwrap()]).collect();
        let records = chosen.iter().map(|(_, record)| Some(record.clone())).collect();
        let verdicts = store.accept_batch(numbered(number, records)).await.unwrap();
        let verdicts: Vec<Verdict> = serde_json::from_slice(&verdicts).unwrap();
        let changed = verdicts.iter().any(|verdict| matches!(verdict, Verdict::Accepted | Verdict::Replaced));
        assert!(!changed, "replay {number} of seed {seed}: {verdicts:?}");
        for ((person, record), verdict) in chosen.iter().zip(&verdicts) {
            let barred = *person == 1 && record.version.counter != 3;
            assert_eq!(*verdict == Verdict::Rejected, barred, "replay {number} of seed {seed}");
        }
    }
    assert_eq!(figures(store).await, left);
}

/// Delivers a person's treatment and erases the person at the same time; gives whether the batch came first.
async fn race(store: &Arc<dyn Store>, number: u8) -> bool {
    let batch = numbered(number.into(), vec![treatment(key("12", number), (1, 1), number, 5)]);
    let (deliver, erase) = (Arc::clone(store), Arc::clone(store));
    let deliver = async move { deliver.accept_batch(batch).await.unwrap() };
    let erase = async move { erase.erase(erasure(number, &[number])).await.unwrap() };
    let (verdicts, _) = if number.is_multiple_of(2) {
        tokio::join!(deliver, erase)
    } else {
        let (erased, verdicts) = tokio::join!(erase, deliver);
        (verdicts, erased)
    };
    let facts = store.facts(Part::ALL).await.unwrap();
    assert!(facts.treatments.is_empty() && facts.outcomes.is_empty(), "race {number}");
    serde_json::from_slice::<Vec<Verdict>>(&verdicts).unwrap() == [Verdict::Accepted]
}

async fn a_batch_that_is_underway_ends_erased(store: Arc<dyn Store>) {
    enrol(&*store, "12").await;
    let mut first = 0;
    for number in 1..=RACES {
        first += u8::from(race(&store, number).await);
    }
    println!("{first} of {RACES} batches came before their erasure");
    assert!((1..RACES).contains(&first), "both orders must come about, and {first} of {RACES} batches came first");
    assert_eq!(store.affairs(&"12".parse().unwrap()).await.unwrap().withdrawn, u64::from(RACES));
}

#[tokio::test]
async fn a_thousand_replays_in_any_order_bring_nobody_back_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    replays_bring_nobody_back(&*store, 11).await;
    store.close().await;
}

#[tokio::test]
async fn a_thousand_replays_in_any_order_bring_nobody_back_on_postgresql() {
    replays_bring_nobody_back(&*postgres::tests::fresh().await, 12).await;
}

#[tokio::test]
async fn a_batch_that_is_underway_when_its_person_leaves_ends_erased_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    a_batch_that_is_underway_ends_erased(sqlite::tests::fresh(&folder.path().join("register.db")).await).await;
}

#[tokio::test]
async fn a_batch_that_is_underway_when_its_person_leaves_ends_erased_on_postgresql() {
    a_batch_that_is_underway_ends_erased(postgres::tests::fresh().await).await;
}

/// Treatments of the test below, of a person each; every second person leaves.
const CROWD: u32 = 2_000;

fn name(number: u32) -> [u8; 32] {
    canonical::sha256(&number.to_be_bytes())
}

/// A person's treatment, with a mark in a document of whatever length.
fn marked(number: u32, counter: u64, length: u64) -> Option<Arrival> {
    let key = format!("rec1.12.{}", &canonical::sha256_hex(&number.to_le_bytes())[..43]);
    let mut arrival = treatment(key, (1, counter), 1, 5)?;
    if let Payload::Treatment(treatment) = &mut arrival.payload {
        treatment.alias.s = name(number);
        let filling = "x".repeat(usize::try_from(length).unwrap());
        treatment.document = format!("{{\"a\":\"MARK{number:06}{filling}\"}}");
    }
    Some(Arrival::new(arrival.key, arrival.version, arrival.payload))
}

/// Whose marks stand anywhere in a register's files.
fn marks(folder: &std::path::Path) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let starts = bytes.windows(4).enumerate().filter(|(_, window)| window == b"MARK");
        let number = |at: usize| std::str::from_utf8(bytes.get(at + 4..at + 10)?).ok()?.parse::<u32>().ok();
        found.extend(starts.filter_map(|(at, _)| number(at)));
    }
    found
}

#[tokio::test]
async fn copies_that_sqlite_left_in_free_parts_of_pages_go_when_the_file_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite::tests::fresh(&folder.path().join("register.db")).await;
    enrol(&*store, "12").await;
    let mut dice = Dice(3);
    for round in 1..=4_u32 {
        let mut order: Vec<u32> = (0..CROWD).collect();
        if round > 1 {
            order.sort_unstable_by_key(|number| canonical::sha256(&(number * 10 + round).to_be_bytes()));
        }
        for (batch, numbers) in (0..).zip(order.chunks(100)) {
            let records = numbers.iter().map(|number| marked(*number, round.into(), 50 + dice.below(900))).collect();
            store.accept_batch(numbered(round * 1_000 + batch, records)).await.unwrap();
        }
    }
    assert_eq!(marks(folder.path()).len(), CROWD as usize);
    let gone: Vec<u32> = (0..CROWD).filter(|number| number.is_multiple_of(2)).collect();
    let alias = |number: &u32| crate::subject::Alias { kid: "r12-g1".into(), s: name(*number) };
    let leaving = crate::store::Erasure { persons: gone.iter().map(alias).collect(), ..erasure(1, &[]) };
    store.erase(leaving).await.unwrap();
    let left = |marks: &BTreeSet<u32>| gone.iter().filter(|number| marks.contains(number)).count();
    let after_erasure = left(&marks(folder.path()));
    store.clean(crate::store::Cleaning { up_to: at(), at: at() }).await.unwrap();
    let after = marks(folder.path());
    println!("{after_erasure} of {} who left were in free parts of pages until the file was written anew", gone.len());
    assert!(after_erasure > 0, "a test that meets no copies proves nothing");
    assert_eq!((left(&after), after.len()), (0, CROWD as usize - gone.len()));
    store.close().await;
}
