//! A disk that is full or fails at a single call (R4): never an acknowledgement of what is not stored, and both programs go on when it is
//! well again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use end_to_end::crash::call::{Point, chosen, made, points};
use end_to_end::crash::course::named;
use end_to_end::crash::fail::Said;
use end_to_end::crash::stage::Stage;
use end_to_end::crash::strace::{self, Blow, Errno, Traced, watched};
use end_to_end::folder::copy;
use end_to_end::platform::Plan;
use end_to_end::process::{SERVER, Server, command};
use end_to_end::world::World;

use super::register_with_a_caller;
use crate::access::batch::{batch, treatment};
use crate::access::curl::{self, Caller};
use crate::access::stored::{self, Tables};
use crate::limits::disk::Disk;

/// Treatments of the batch that meets the fault.
const TREATMENTS: usize = 60;
/// Longer than any program needs to end itself; only a hanging test meets it.
const HANGS: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_disk_is_full_or_fails_at_one_call_says_so_and_the_next_run_does_the_rest() {
    if !strace::is_here() {
        return;
    }
    let mut stage = Stage::set(named("cycle").unwrap()).await.unwrap();
    let on_files: Vec<Point> =
        points(&stage.calls().unwrap()).into_iter().filter(|point| point.place.file.is_some()).collect();
    let tried = chosen(&on_files, 0);
    let mut failed = 0;
    for (at, point) in tried.iter().enumerate() {
        let errno = if at % 2 == 0 { Errno::Io } else { Errno::NoSpace };
        let said = stage.fail_at(point, errno).await.unwrap();
        failed += usize::from(said == Said::Failed);
    }
    println!("{} calls failed one by one, {failed} of them ended the run", tried.len());
    assert!(failed >= 5, "the rows, the log and the cursor cannot do without their calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_on_a_full_file_system_keeps_nothing_and_delivers_everything_when_there_is_room() {
    let world = World::start("").unwrap();
    let region = world.invent_on(end_to_end::platform::Engine::Sqlite, Plan::invent(23, (0, "01"), 40)).await.unwrap();
    let Some(disk) = Disk::mount(&region.site.state(), "200k") else { return };
    let full = region.site.agent(&["once"]).unwrap().expect(&[1]).unwrap();
    assert!(full.stderr.contains("disk"), "{}", full.stderr);
    disk.grow();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert_eq!(end_to_end::active::active_set(&world.database()).await.unwrap().len(), 40);
}

/// A register with nothing in it but a sender, put back for every fault.
struct Register {
    world: World,
    caller: Caller,
    base: PathBuf,
    bytes: Vec<u8>,
    empty: Tables,
}

/// What a fault came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The batch was taken all the same: the call was another's, or of no consequence.
    Taken,
    /// 507, and the same process took the batch afterwards.
    Full,
    /// The process ended with 1 and acknowledged nothing; the next one took the batch.
    Ended(Duration),
}

impl Register {
    fn make() -> Self {
        let (world, caller) = register_with_a_caller();
        let base = world.folder().join("base");
        let records: Vec<_> = (0..TREATMENTS).map(|number| treatment("12", number, 5)).collect();
        let mut register = Self { world, caller, base, bytes: batch("12", &records), empty: Tables::new() };
        copy(&register.world.register(), &register.base).unwrap();
        register.start();
        register.empty = register.stored();
        register
    }

    /// The calls while the batch is taken, none of those before.
    async fn points(&mut self) -> Vec<Point> {
        let (list, folder) = (self.world.folder().join("calls"), self.world.register());
        let server = self.serve(None).unwrap();
        let traced = Traced::by(server.running.id());
        let calls = || made(&std::fs::read_to_string(&list).unwrap(), &folder);
        let before = calls().len();
        assert_eq!(self.caller.put(&self.bytes).status, 200);
        let after = calls();
        end(server, traced, Duration::ZERO).await;
        points(&after[before..]).into_iter().filter(|point| point.place.file.is_some()).collect()
    }

    async fn fail(&mut self, point: &Point, errno: Errno) -> Came {
        let Ok(mut server) = self.serve(Some(&Blow::Fail(point.clone(), errno))) else {
            // The audit log is written as soon as it starts, and may have met the fault first.
            self.start();
            assert_eq!(self.caller.put(&self.bytes).status, 200);
            return Came::Ended(Duration::ZERO);
        };
        let traced = Traced::by(server.running.id());
        let answer = self.caller.put(&self.bytes);
        let begun = now();
        let came = match answer.status {
            200 => Came::Taken,
            507 => {
                stored::must_be_the_same(&self.empty, &self.stored(), "507");
                // There is room again: the register goes on without what let its calls fail.
                server.running.kill();
                assert_eq!(self.caller.put(&self.bytes).status, 200, "the same process takes it");
                Came::Full
            }
            status => {
                assert!(!(200..300).contains(&status), "{status} for what is not stored");
                assert_eq!(end(server, traced, HANGS).await, 1, "{} at {point}", errno.word());
                let came = Came::Ended(begun.elapsed());
                self.start();
                // What was written before the fault may be found again: whole or not at all, and nobody was told of it.
                let found = self.stored()["treatment"].len();
                assert!([0, TREATMENTS].contains(&found), "{found} treatments of a batch");
                assert_eq!(self.caller.put(&self.bytes).status, 200);
                assert_eq!(self.stored()["treatment"].len(), TREATMENTS);
                return came;
            }
        };
        let receipt = self.caller.put(&self.bytes).body;
        end(server, traced, Duration::ZERO).await;
        self.start();
        assert_eq!(self.caller.put(&self.bytes).body, receipt, "what was acknowledged is still there");
        assert_eq!(self.stored()["treatment"].len(), TREATMENTS);
        came
    }

    /// Starts it under `strace` on what it had in the beginning.
    fn serve(&mut self, blow: Option<&Blow>) -> anyhow::Result<Server> {
        self.world.server.running.kill();
        copy(&self.base, &self.world.register()).unwrap();
        let serve = command(SERVER, Some(&self.world.config()), &["serve"]).unwrap();
        let command = watched(&serve, &self.world.folder().join("calls"), blow);
        Server::start_with(command, &self.world.log())
    }

    fn start(&mut self) {
        self.world.server = Server::start(&self.world.config(), &self.world.log()).unwrap();
    }

    fn stored(&self) -> Tables {
        stored::tables(&self.world.database())
    }
}

/// The exit code of a register that ends by itself within some time; it is killed otherwise.
async fn end(mut server: Server, mut traced: Traced, within: Duration) -> i32 {
    let process = traced.id().map(|id| PathBuf::from(format!("/proc/{id}")));
    let mut waiting = tokio::task::spawn_blocking(move || server.running.wait().unwrap());
    let by_itself = tokio::time::timeout(within, &mut waiting).await;
    traced.kill();
    while process.as_deref().is_some_and(Path::exists) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    match by_itself {
        Ok(code) => code.unwrap(),
        Err(_) => waiting.await.unwrap(),
    }
}

#[expect(clippy::disallowed_methods, reason = "how long it took is printed")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_whose_disk_fails_at_one_call_ends_and_one_whose_disk_is_full_answers_507_and_goes_on() {
    if !strace::is_here() || !curl::is_here() {
        return;
    }
    let mut register = Register::make();
    let tried = chosen(&register.points().await, 0);
    let (mut ended, mut full, mut longest) = (0, 0, Duration::ZERO);
    for point in &tried {
        for errno in [Errno::Io, Errno::NoSpace] {
            match register.fail(point, errno).await {
                Came::Taken => {}
                Came::Full => {
                    assert_eq!(errno, Errno::NoSpace, "{point}");
                    full += 1;
                }
                Came::Ended(after) => {
                    ended += 1;
                    longest = longest.max(after);
                }
            }
        }
    }
    println!(
        "{} calls, {ended} faults ended the register, after {longest:?} at most, {full} times it was full",
        tried.len()
    );
    assert!(ended >= 3 && full >= 1, "{ended} and {full}");
}
