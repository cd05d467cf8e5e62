//! `kill -9` of either program exactly at its system calls that write: nothing is lost, nothing doubled, databases stay whole.
//!
//! Each course is run twice undisturbed under `strace`, which lists the calls; then once for each chosen call of both, killed as it is about to be
//! made. `cargo run -p end-to-end --bin faults -- --all` takes every call of every course.

/// A disk that is full or fails.
mod disk;
/// Bytes altered on the disk.
mod damage;
/// The power fails.
mod power;

use std::collections::BTreeSet;
use std::time::Duration;

use end_to_end::crash::call::{Made, Point, chosen, points};
use end_to_end::crash::course::named;
use end_to_end::crash::kill::Planted;
use end_to_end::crash::stage::Stage;
use end_to_end::crash::strace;
use end_to_end::world::World;

use crate::access::curl::Caller;

/// Points of each course, the first and last of each call and file among them, and how many must be met: some calls are made by another
/// thread from run to run, or not at all when the work is done earlier.
const POINTS: (usize, usize) = (48, 40);
/// The same of each course with a register in PostgreSQL, whose own files are another program's.
const POINTS_AT_A_SERVER: (usize, usize) = (10, 5);

/// A register in SQLite that one sender may deliver to, stopped; it keeps its port.
fn register_with_a_caller() -> (World, Caller) {
    let mut world = World::start("").unwrap();
    world.restart().unwrap();
    let caller = Caller::enrolled(&world, "12");
    world.server.running.kill();
    (world, caller)
}

async fn killed(course: &str, (most, least): (usize, usize)) {
    if !strace::is_here() {
        return;
    }
    let mut stage = Stage::set(named(course).unwrap()).await.unwrap();
    // What the register writes by the clock is not there in every run.
    let again: BTreeSet<Point> = points(&stage.calls().unwrap()).into_iter().collect();
    let mut all = points(&stage.calls().unwrap());
    all.retain(|point| again.contains(point));
    let tried = chosen(&all, most);
    let (mut met, mut longest) = (0, Duration::ZERO);
    for point in &tried {
        let came = stage.kill_at(point, Planted::Nothing).await.unwrap();
        met += usize::from(came.met);
        longest = longest.max(came.back);
    }
    println!(
        "{course}: {} calls that write, {} tried, {met} killed; longest until it was back {longest:?}",
        all.len(),
        tried.len()
    );
    assert!(met >= least, "{met} of {} points were met", tried.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_at_its_calls_that_write_loses_and_doubles_nothing() {
    killed("cycle", POINTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_killed_at_its_calls_that_write_while_it_takes_a_first_delivery_loses_and_doubles_nothing() {
    killed("ingest", POINTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_killed_at_its_calls_that_write_while_it_takes_corrections_loses_and_doubles_nothing() {
    killed("correction", POINTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_killed_at_its_calls_that_write_while_it_erases_a_person_loses_and_doubles_nothing() {
    killed("withdrawal", POINTS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_in_postgresql_killed_as_it_speaks_to_its_server_loses_and_doubles_nothing() {
    for course in ["ingest-postgresql", "withdrawal-postgresql"] {
        killed(course, POINTS_AT_A_SERVER).await;
    }
}

/// The positive control: an agent that committed its cursor before its rows would lose what a kill between the two leaves behind the
/// cursor, and the checks above would see it.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_committed_before_its_rows_is_noticed() {
    if !strace::is_here() {
        return;
    }
    let mut stage = Stage::set(named("cycle").unwrap()).await.unwrap();
    let calls = stage.calls().unwrap();
    let wal = |made: &&Made| made.place.file.as_ref().is_some_and(|file| file.ends_with("outbox.db-wal"));
    let before_the_rows: Vec<Made> = calls.iter().filter(wal).take(2).cloned().collect();
    let mut noticed = 0;
    for point in points(&before_the_rows) {
        stage.kill_at(&point, Planted::Nothing).await.unwrap();
        // Which of them comes behind the rows differs from run to run; then nothing is lost.
        if let Err(error) = stage.kill_at(&point, Planted::CursorFirst).await {
            assert!(format!("{error:#}").contains("treatments differ"), "{error:#}");
            noticed += 1;
        }
    }
    assert!(noticed > 0, "a cursor before its rows loses nothing that is noticed");
}
