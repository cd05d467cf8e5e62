//! Clocks that are wrong, jump or repeat an hour, and sources whose times of change go backwards: nothing is lost and nothing doubled.
//!
//! Promises: the register is the built program and goes by the real time; the agent's cycles run in this process through its library, so
//! that its clock can be set. Certificates are looked at by the real time.

use agent::config::Config;
use agent::cycle::{self, CycleError, Extent, Surroundings};
use agent::push::Delivered;
use agent::setup::Setup;
use agent::status;
use end_to_end::active::{active_set, alter, count, half_stored};
use end_to_end::world::{Region, World};
use jiff::{SignedDuration, Timestamp};
use schemas::language::Language;

const TREATMENTS: usize = 30;
/// Changes of the source, each with a time of change that is before that of the change before.
const EDITS: [&str; 5] = [
    r#"UPDATE "moment" SET "läge" = 'avbruten', "ändrad" = '2026-10-25T02:30:00+02:00' WHERE "läge" = 'avslutad'"#,
    r#"UPDATE "moment" SET "läge" = 'avslutad', "ändrad" = '2026-10-25T02:10:00+01:00' WHERE "nummer" = 'M-000020'"#,
    r#"UPDATE "moment" SET "läge" = 'avslutad', "ändrad" = '2026-10-25T02:05:00+02:00' WHERE "nummer" = 'M-000021'"#,
    r#"UPDATE "moment" SET "läge" = 'avslutad', "ändrad" = '2001-01-01T00:00:00Z' WHERE "nummer" = 'M-000022'"#,
    r#"UPDATE "moment" SET "läge" = 'avslutad', "ändrad" = '1970-01-01T00:00:00Z' WHERE "nummer" = 'M-000023'"#,
];
const VERSIONS: &str = "SELECT (SELECT count(*) FROM history) + (SELECT count(*) FROM treatment)";

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

#[expect(clippy::disallowed_methods, reason = "certificates and the register go by the real time")]
fn real() -> Timestamp {
    Timestamp::now()
}

fn setup(region: &Region) -> Setup {
    Setup::read(Config::read(&region.site.config(), []).unwrap()).unwrap()
}

/// Runs a cycle of a host whose clock is so far ahead.
async fn cycle(region: &Region, ahead: SignedDuration, extent: Extent) -> Result<Delivered, CycleError> {
    let now = || real() + ahead;
    let surroundings = Surroundings { now: &now, chance: &|| 0.0, random: [7; 16], progress: &|_| () };
    Ok(Box::pin(cycle::run(&setup(region), extent, &surroundings)).await?.delivered)
}

/// What another register holds of the same source, delivered by a right clock.
async fn by_a_right_clock(region: &Region) -> end_to_end::active::ActiveSet {
    let world = World::start("").unwrap();
    let other = world.invent(11, (0, "01"), TREATMENTS).await.unwrap();
    std::fs::copy(region.source.file(), other.source.file()).unwrap();
    std::fs::copy(region.site.folder.join("pseudonym.key"), other.site.folder.join("pseudonym.key")).unwrap();
    assert_eq!(cycle(&other, SignedDuration::ZERO, Extent::Full).await.unwrap(), Delivered::Everything);
    active_set(&world.database()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_by_hours_or_half_a_century_and_changes_dated_backwards_lose_and_double_nothing() {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), TREATMENTS).await.unwrap();
    assert_eq!(cycle(&region, hours(-23), Extent::Planned).await.unwrap(), Delivered::Everything);
    let half_a_century = 50 * 366 * 24;
    for (edit, ahead) in EDITS.into_iter().zip([23, -1, 0, -23, 1]) {
        assert!(alter(&region.source.file(), edit).await.unwrap() > 0, "{edit}");
        for wrong in [half_a_century, -half_a_century] {
            let held = active_set(&world.database()).await.unwrap();
            let stopped = cycle(&region, hours(wrong), Extent::Planned).await;
            assert!(matches!(stopped, Err(CycleError::Clock(_))), "{stopped:?}");
            assert_eq!(active_set(&world.database()).await.unwrap(), held, "nothing was sent by a clock so wrong");
        }
        assert_eq!(
            cycle(&region, hours(ahead), Extent::Planned).await.unwrap(),
            Delivered::Everything,
            "{ahead} hours"
        );
    }
    // Increments may miss what was changed in the past; a look at everything does not.
    assert_eq!(cycle(&region, hours(-1), Extent::Full).await.unwrap(), Delivered::Everything);
    let expected = by_a_right_clock(&region).await;
    assert!(active_set(&world.database()).await.unwrap() == expected);
    assert_eq!(half_stored(&world.database()).await.unwrap(), 0);
    let versions = count(&world.database(), VERSIONS).await.unwrap();
    assert_eq!(cycle(&region, hours(0), Extent::Full).await.unwrap(), Delivered::Everything);
    assert_eq!(count(&world.database(), VERSIONS).await.unwrap(), versions, "nothing came a second time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_more_than_a_minute_off_is_named_on_both_sides_and_one_before_what_was_signed_stops_the_cycle() {
    let mut world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), TREATMENTS).await.unwrap();
    for (minutes, words) in [(-90, "5400 s behind"), (2, "120 s ahead of"), (0, "")] {
        let ahead = SignedDuration::from_mins(minutes);
        assert_eq!(cycle(&region, ahead, Extent::Planned).await.unwrap(), Delivered::Everything);
        let notes = status::status(&setup(&region).config, real(), Language::En).await.unwrap().notes;
        let told = notes.iter().find(|note| note.starts_with("this host's clock is "));
        // Some seconds may pass between the two looks at the clock.
        let fits = |note: &String| near(note) == near(words) && note.contains(words.rsplit_once(" s ").unwrap().1);
        assert_eq!(told.is_some(), minutes != 0, "{notes:?}");
        assert!(told.is_none_or(fits), "{notes:?}");
    }
    let log = std::fs::read_to_string(world.log()).unwrap();
    let told: Vec<&str> =
        log.lines().filter(|line| line.contains("the sender's clock is more than a minute")).collect();
    assert_eq!(told.len(), 2, "{log}");
    assert!(told.iter().all(|line| line.contains("\"sender\":\"01\"") && line.contains("skew_s")), "{told:?}");

    let outbox = region.site.state().join("outbox.db");
    // The register signs its log a little after it has written in it.
    let signed = "SELECT count(*) FROM witness WHERE checkpoint IS NOT NULL";
    for _ in 0..120 {
        if count(&outbox, signed).await.unwrap() > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(cycle(&region, hours(0), Extent::Planned).await.unwrap(), Delivered::Everything);
    }
    assert_eq!(count(&outbox, signed).await.unwrap(), 1, "the register has signed its log within a minute");

    // Without the register, what it signed tells that a clock is wrong, and nothing is read.
    world.server.running.kill();
    let cycles = "SELECT count(*) FROM cycle";
    let before = count(&outbox, cycles).await.unwrap();
    let stopped = cycle(&region, hours(-25), Extent::Planned).await;
    assert!(matches!(stopped, Err(CycleError::Clock(-25..=-24))), "{stopped:?}");
    assert_eq!(count(&outbox, cycles).await.unwrap(), before);
    assert!(matches!(cycle(&region, hours(0), Extent::Planned).await, Ok(Delivered::Later(_))));
    assert_eq!(count(&outbox, cycles).await.unwrap(), before + 1);
}

/// The minutes in a sentence on seconds.
fn near(text: &str) -> Option<i64> {
    let seconds: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    seconds.parse::<i64>().ok().map(|seconds| (seconds + 30) / 60)
}
