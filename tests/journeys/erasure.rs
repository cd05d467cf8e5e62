//! Who has left the register is gone from every byte that it keeps, on either engine, and nobody else is.
//!
//! Promises: the same hunt finds each of the persons before the erasure, and those who stay after it. Must not know how anything is
//! stored; only which bytes a person would leave.

/// Marked persons and their bytes.
mod marked;
/// As if they had never been there.
mod never;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use databases::Postgres;
use end_to_end::hunt::Hit;
use end_to_end::world::World;
use schemas::withdrawal::ErasureReceipt;

use crate::access::curl::{self, Caller};
use marked::{LEAVING, Marked, PERSONS};

/// What is found of those who leave, and of how many of the others.
fn found(marked: &Marked, places: &[PathBuf]) -> (Vec<Hit>, usize) {
    let hunt = marked.hunt();
    let hits = places.iter().flat_map(|place| hunt.directory(place).expect("the folder can be read"));
    let (leaving, others): (Vec<Hit>, Vec<Hit>) = hits.partition(|hit| hit.number < marked.first_who_stays());
    (leaving, numbers(&others).len())
}

/// Which needles were hit.
fn numbers(hits: &[Hit]) -> BTreeSet<usize> {
    hits.iter().map(|hit| hit.number).collect()
}

/// Delivers, withdraws a hundred persons, removes their bytes, and hunts before and after.
fn everybody_who_leaves_is_gone(world: &World, places: &[PathBuf], unrest: impl Fn()) {
    let caller = Caller::enrolled(world, "12");
    let marked = Marked::new(&world.authority.folder.join("pepper.key"));
    for batch in marked.batches() {
        let answer = caller.put(&batch);
        assert_eq!(answer.status, 200, "{} {}", answer.said, answer.text());
        assert!(!answer.text().contains("rejected"), "{}", answer.text());
    }
    // Frozen data keep nobody either.
    world.registry(&["cut", "create", "before they left"]).unwrap().expect(&[0]).unwrap();
    unrest();
    // The positive control: every name, key and score of those who will leave is there, and no pseudonym is.
    let (before, others) = found(&marked, places);
    let [stored, never] = marked.stored_and_never();
    let before = numbers(&before);
    assert!(stored.clone().all(|number| before.contains(&number)), "{} needles before the erasure", before.len());
    assert!(!never.into_iter().any(|number| before.contains(&number)), "a pseudonym before the erasure");
    assert_eq!(others, PERSONS - LEAVING);

    let body = marked.withdrawal();
    let answer = caller.ask("/v1/withdrawals", &["--data-binary", &body]);
    assert_eq!(answer.status, 200, "{} {}", answer.said, answer.text());
    let receipt: ErasureReceipt = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((receipt.body.found as usize, receipt.body.persons as usize), (LEAVING, LEAVING));
    assert_eq!(receipt.body.treatments as usize, marked.active_of_leaving());
    unrest();
    world.registry(&["erase-now"]).unwrap().expect(&[0]).unwrap();

    let (after, others) = found(&marked, places);
    let told: Vec<String> = after.iter().take(5).map(ToString::to_string).collect();
    println!("{} needles before, {} hits after; {others} others", before.len(), after.len());
    assert!(after.is_empty(), "{} hits, such as {told:#?}", after.len());
    assert_eq!(others, PERSONS - LEAVING, "whoever stays is still there");
    // What was on its way when they left does not bring them back.
    for batch in marked.batches_again() {
        assert!(caller.put(&batch).text().contains("person-withdrawn"));
    }
    assert!(found(&marked, places).0.is_empty());
}

#[test]
fn a_hundred_marked_persons_who_leave_are_in_no_byte_of_an_embedded_register() {
    if !curl::is_here() {
        return;
    }
    let world = World::start("").unwrap();
    let places = [world.register(), world.log()];
    everybody_who_leaves_is_gone(&world, &places, || ());
}

#[test]
fn a_hundred_marked_persons_who_leave_are_in_no_byte_of_a_postgresql_and_its_log() {
    if !curl::is_here() {
        return;
    }
    let server = Postgres::start(&[]).unwrap();
    let url = server.database("erasure").unwrap();
    let name = url.rsplit('/').next().unwrap();
    let world = World::start_on(&url).unwrap();
    let data = server.psql("postgres", "SHOW data_directory").unwrap();
    let places = [Path::new(&data).to_owned(), world.register(), world.log()];
    // Statistics that somebody had made would hold values of single rows.
    everybody_who_leaves_is_gone(&world, &places, || {
        server.psql(name, "SET default_statistics_target = 1000; ANALYZE; CHECKPOINT").unwrap();
    });
}
