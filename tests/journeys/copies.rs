//! Copies under a passphrase: a host that is gone is replaced from one, and nothing is lost, doubled or sent of who said no.

use std::path::PathBuf;

use end_to_end::active::{active_set, alter};
use end_to_end::platform::{Engine, Plan};
use end_to_end::process::Ended;
use end_to_end::world::{Region, World};

const PASSPHRASE: &str = "fyra ord utan namn";

/// A region, and where its copies lie.
struct Host {
    world: World,
    region: Region,
}

impl Host {
    /// So few treatments that none has a planted fault; some answers have, and so every run ends with 3.
    async fn delivered() -> Self {
        let world = World::start("").unwrap();
        let region = world.invent_on(Engine::Sqlite, Plan::invent(23, (0, "01"), 40)).await.unwrap();
        std::fs::write(world.folder().join("passphrase"), PASSPHRASE).unwrap();
        std::fs::write(world.folder().join("another"), "fyra andra ord här").unwrap();
        let host = Self { world, region };
        host.agent(&["once"], 3);
        host
    }

    fn agent(&self, arguments: &[&str], code: i32) -> Ended {
        self.region.site.agent(arguments).and_then(|ended| ended.expect(&[code])).unwrap()
    }

    /// Runs a command on a copy.
    fn copy(&self, command: &[&str], (file, passphrase): (&str, &str), code: i32) -> Ended {
        let [file, passphrase] = [file, passphrase].map(|name| self.world.folder().join(name).display().to_string());
        self.agent(&[command, &[&file, "--passphrase-file", &passphrase]].concat(), code)
    }

    fn withdraw(&self, place: usize) {
        let number = &self.region.plan.treatments[place].person.number;
        self.region.site.agent_told(number, &["withdraw"]).and_then(|ended| ended.expect(&[0])).unwrap();
    }

    fn key_file(&self) -> PathBuf {
        self.region.site.folder.join("pseudonym.key")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_replaced_from_its_backup_gets_in_order_with_the_register_by_itself_and_sends_no_objector() {
    let host = Host::delivered().await;
    let (world, region) = (&host.world, &host.region);
    host.withdraw(5);
    host.copy(&["backup"], ("all", "passphrase"), 0);
    host.copy(&["backup"], ("all", "passphrase"), 1);
    // Life goes on: a correction, and somebody else who leaves.
    let corrected = r#"UPDATE "svar" SET "poäng" = "poäng" - 1, "ändrad" = '2099-01-01T00:00:00Z' WHERE "svar_id" =
        (SELECT min("svar_id") FROM "svar" WHERE "moment_nummer" = 'M-000020' AND CAST("poäng" AS INTEGER) BETWEEN 2 AND 26)"#;
    assert_eq!(alter(&region.source.file(), corrected).await.unwrap(), 1);
    host.agent(&["once"], 3);
    host.withdraw(10);
    host.copy(&["objections", "backup"], ("list", "passphrase"), 0);
    let newest = active_set(&world.database()).await.unwrap();

    host.copy(&["restore"], ("all", "passphrase"), 1);
    std::fs::remove_dir_all(region.site.state()).unwrap();
    std::fs::remove_file(host.key_file()).unwrap();
    host.copy(&["restore"], ("all", "another"), 77);
    host.copy(&["restore"], ("list", "passphrase"), 2);
    assert!(!host.key_file().exists());
    let put = host.copy(&["restore"], ("all", "passphrase"), 0);
    assert!(put.stdout.contains("r01-g1") && put.stdout.contains(" 1 objections"), "{}", put.stdout);
    // Whoever left since the copy was made is not in it.
    let stopped = host.agent(&["once"], 78);
    assert!(stopped.stderr.contains("only 1 are remembered"), "{}", stopped.stderr);
    host.copy(&["objections", "restore"], ("list", "passphrase"), 0);
    host.agent(&["once"], 3);
    assert!(active_set(&world.database()).await.unwrap() == newest, "the register holds what it held");
    host.agent(&["reconcile", "--dry-run"], 0);
    let log = host.agent(&["objections", "log"], 0);
    assert!(log.stdout.contains("restore, 1 persons"), "{}", log.stdout);
    // A copy of another sender's host is none of this one.
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    std::fs::write(region.site.config(), config.replace("r01-g1", "r01-g2")).unwrap();
    std::fs::remove_dir_all(region.site.state()).unwrap();
    host.copy(&["restore"], ("all", "passphrase"), 78);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_lost_come_back_from_their_copy_and_the_next_run_finds_nothing_changed() {
    let host = Host::delivered().await;
    let id = host.agent(&["key", "id"], 0).stdout;
    std::fs::write(host.world.folder().join("short"), "kort").unwrap();
    host.copy(&["key", "backup"], ("keys", "short"), 2);
    host.copy(&["key", "backup"], ("keys", "passphrase"), 0);
    host.copy(&["key", "restore"], ("keys", "passphrase"), 1);
    std::fs::remove_file(host.key_file()).unwrap();
    host.agent(&["once"], 78);
    host.copy(&["key", "restore"], ("keys", "another"), 77);
    assert!(host.copy(&["key", "restore"], ("keys", "passphrase"), 0).stdout.starts_with(&id));
    let report = host.agent(&["once", "--full", "--json"], 3).json().unwrap();
    assert_eq!(report["records_delivered"], 0);
}
