//! The building of requests' tables.

use jiff::{SignedDuration, Timestamp};
use schemas::language::Text;

use super::alarm::mark;
use super::{at, users};
use crate::environment::Stamp;
use crate::store::Store;
use crate::store::job::{Job, JobState, NewJob, Progress};

fn on(seconds: i64) -> Timestamp {
    at() + SignedDuration::from_secs(seconds)
}

fn over(seconds: i64, salt: u8) -> Stamp {
    Stamp { at: on(seconds), ..mark(salt).stamp }
}

fn new(request: u32, holder: Option<&str>) -> NewJob {
    NewJob { request, person: 1, cut: Some("2025".to_owned()), holder: holder.map(str::to_owned) }
}

fn job(request: u32, state: JobState, attempts: u32) -> Job {
    Job { request, person: 1, cut: Some("2025".to_owned()), state, at: at(), attempts }
}

fn running(request: u32, attempts: u32) -> Job {
    job(request, JobState::Running(Progress::default()), attempts)
}

pub(super) async fn a_job_is_one_process_s_until_it_is_over_or_that_is_silent_for_a_minute(store: &dyn Store) {
    users::fill(store).await;
    assert_eq!((store.job(1).await.unwrap(), store.take_job("a", at()).await.unwrap()), (None, None));
    let as_of = |job: Option<Job>| job.map(|job| Job { at: at(), ..job });
    for (request, salt) in [(1, 1), (2, 2)] {
        assert!(store.queue_job(&new(request, None), mark(salt)).await.unwrap());
    }
    assert_eq!(as_of(store.job(2).await.unwrap()), Some(job(2, JobState::Queued, 0)));
    assert_eq!(as_of(store.take_job("a", on(0)).await.unwrap()), Some(running(1, 1)));
    assert_eq!(as_of(store.take_job("b", on(0)).await.unwrap()), Some(running(2, 1)), "each is one's alone");
    assert_eq!(store.take_job("c", on(0)).await.unwrap(), None);
    assert!(!store.queue_job(&new(1, None), mark(3)).await.unwrap(), "somebody is at it");
    let far = Progress { table: 2, tables: 3, round: 4, cells: 120 };
    assert!(store.note_job((1, "a"), far, on(59)).await.unwrap());
    assert!(!store.note_job((1, "b"), Progress::default(), on(59)).await.unwrap(), "it is another's");
    assert_eq!(as_of(store.job(1).await.unwrap()), Some(job(1, JobState::Running(far), 1)));
    // The second's process has been silent for a minute, the first's has not.
    assert_eq!(as_of(store.take_job("c", on(60)).await.unwrap()), Some(running(2, 2)));
    assert_eq!(store.take_job("d", on(60)).await.unwrap(), None);
    assert!(!store.note_job((2, "b"), far, on(61)).await.unwrap(), "who comes back late has lost it");
    store.end_job((2, "b"), &JobState::Done, over(61, 51)).await.unwrap();
    assert_eq!(as_of(store.job(2).await.unwrap()), Some(running(2, 2)), "and ends nothing");
    let failed = JobState::Failed(Text::fixed("för få", "too few"));
    store.end_job((2, "c"), &failed, over(62, 52)).await.unwrap();
    assert_eq!(store.job(2).await.unwrap(), Some(Job { at: on(62), ..job(2, failed, 2) }));
    store.end_job((1, "a"), &JobState::Queued, over(63, 53)).await.unwrap();
    assert_eq!(
        as_of(store.take_job("d", on(63)).await.unwrap()).map(|job| (job.request, job.attempts)),
        Some((1, 1)),
        "who gives it back did not try"
    );
    store.end_job((1, "d"), &JobState::Done, over(64, 54)).await.unwrap();
    assert_eq!(store.take_job("e", on(1000)).await.unwrap(), None, "what is over is nobody's");
    // Asked for again, and begun at once by whoever asks.
    assert!(store.queue_job(&new(2, Some("f")), mark(4)).await.unwrap());
    assert_eq!(as_of(store.job(2).await.unwrap()), Some(running(2, 0)));
    assert_eq!(store.take_job("g", at()).await.unwrap(), None);
    assert!(store.note_job((2, "f"), far, on(0)).await.unwrap());
}

/// Fills every table of this part; there are people.
pub(crate) async fn fill(store: &dyn Store) {
    store.queue_job(&new(1, None), mark(110)).await.unwrap();
}
