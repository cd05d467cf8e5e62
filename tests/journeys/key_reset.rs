//! Keys that were lost: new ones, under which the whole set is sent again and takes the old one's place at once, on both engines; and who
//! said no stays out where that can be known.

use std::collections::BTreeSet;

use databases::Postgres;
use end_to_end::active::{self, ActiveSet, alter};
use end_to_end::platform::{Engine, Plan};
use end_to_end::process::{AGENT, Ended, Running, command};
use end_to_end::world::{Region, World};

/// A register in either engine, its one sender, and what it holds of it.
struct Place {
    world: World,
    url: Option<String>,
    region: Region,
    /// The place of a treatment whose person leaves.
    leaver: usize,
}

impl Place {
    /// With the first delivery done, and one person withdrawn.
    async fn delivered(url: Option<String>, treatments: usize) -> Self {
        let world = url.as_ref().map_or_else(|| World::start(""), |url| World::start_on(url)).unwrap();
        let region = world.invent_on(Engine::Sqlite, Plan::invent(23, (0, "01"), treatments)).await.unwrap();
        let mut place = Self { world, url, region, leaver: 0 };
        place.agent(&["once"], 3);
        while place.of_the_withdrawn().await == 0 {
            place.leaver += 1;
        }
        place.told("withdraw");
        place
    }

    fn agent(&self, arguments: &[&str], code: i32) -> Ended {
        self.region.site.agent(arguments).and_then(|ended| ended.expect(&[code])).unwrap()
    }

    /// Gives a command with the number of the one who leaves.
    fn told(&self, command: &str) {
        let number = &self.region.plan.treatments[self.leaver].person.number;
        let words: Vec<&str> = command.split(' ').collect();
        self.region.site.agent_told(number, &words).and_then(|ended| ended.expect(&[0])).unwrap();
    }

    /// The national table, which a new key must not change.
    fn table(&self) -> String {
        let report = ["report", "outcomes", "--comparison", "all", "--audience", "internal", "--format", "csv"];
        self.world.registry(&report).and_then(|ended| ended.expect(&[0])).unwrap().stdout
    }

    async fn active(&self) -> ActiveSet {
        match &self.url {
            None => active::active_set(&self.world.database()).await.unwrap(),
            Some(url) => active::postgres::active_set(url).await.unwrap(),
        }
    }

    async fn half_stored(&self) -> i64 {
        match &self.url {
            None => active::half_stored(&self.world.database()).await.unwrap(),
            Some(url) => active::postgres::half_stored(url).await.unwrap(),
        }
    }

    /// Treatments of the person who was withdrawn that the register has under the keys in force.
    async fn of_the_withdrawn(&self) -> usize {
        let treatments = &self.region.plan.treatments;
        let theirs = treatments.iter().filter(|one| one.person == treatments[self.leaver].person);
        self.region.held(&self.active().await, theirs).unwrap()
    }

    fn name_the_next_key(&self) {
        let config = std::fs::read_to_string(self.region.site.config()).unwrap();
        std::fs::write(self.region.site.config(), config.replace("r01-g1", "r01-g2")).unwrap();
    }

    fn lose_the_outbox(&self) {
        for suffix in ["", "-wal", "-shm"] {
            std::fs::remove_file(self.region.site.state().join(format!("outbox.db{suffix}"))).ok();
        }
    }

    /// Kills a run once it has delivered something.
    async fn kill_in_the_middle(&self) {
        let before = self.active().await.len();
        let once = command(AGENT, Some(&self.region.site.config()), &["once"]).unwrap();
        let mut running = Running::start(once, &self.region.site.folder.join("agent.log")).unwrap();
        while running.is_running() && self.active().await.len() == before {}
        running.kill();
    }
}

fn keys(active: &ActiveSet) -> BTreeSet<&(String, String)> {
    active.keys().collect()
}

/// Words that nobody knows hold the last tenth of the treatments.
const BROKEN: &str = r#"UPDATE "moment" SET "läge" = 'x-' || "läge" WHERE "nummer" > 'M-000900'"#;
const MENDED: &str = r#"UPDATE "moment" SET "läge" = substr("läge", 3) WHERE "nummer" > 'M-000900'"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_set_under_new_keys_takes_the_old_one_s_place_when_it_is_whole_and_no_objector_is_in_it() {
    let url = Postgres::shared().unwrap().database("key_reset").unwrap();
    for url in [None, Some(url)] {
        let place = Place::delivered(url, 1_000).await;
        let (old, table) = (place.active().await, place.table());
        place.agent(&["key", "reset"], 78);
        place.name_the_next_key();
        place.agent(&["once"], 78);
        let source = place.region.source.file();
        assert!(alter(&source, BROKEN).await.unwrap() > 50);
        let made = place.agent(&["key", "reset"], 0);
        assert!(made.stdout.contains("pseudonym.key.r01-g1"), "{}", made.stdout);
        place.agent(&["key", "reset"], 78);

        place.kill_in_the_middle().await;
        assert_eq!(place.table(), table, "nothing is doubled while both sets are there");
        if place.url.is_none() {
            // The register remembers for a state directory that is lost now.
            place.lose_the_outbox();
        }
        place.agent(&["once"], 3);
        let both = place.active().await;
        assert!(
            both.len() > old.len() * 3 / 2 && keys(&both).is_superset(&keys(&old)),
            "a broken source replaces nothing"
        );
        assert_eq!(place.table(), table);
        let status = place.region.site.agent(&["--language", "en", "status"]).unwrap();
        assert!(status.stdout.contains("treatments too few to replace the old set"), "{}", status.stdout);

        alter(&source, MENDED).await.unwrap();
        place.agent(&["once", "--full"], 3);
        let new = place.active().await;
        assert_eq!((new.len(), keys(&new).intersection(&keys(&old)).count()), (old.len(), 0));
        assert_eq!((place.table(), place.half_stored().await, place.of_the_withdrawn().await), (table, 0, 0));
        place.agent(&["reconcile", "--dry-run"], 0);
        let account = place.world.registry(&["region", "account", "01", "--json"]).unwrap().expect(&[0]).unwrap();
        assert_eq!(account.json().unwrap()["sentences"], serde_json::json!([]));
        place.world.registry(&["audit", "verify"]).unwrap().expect(&[0]).unwrap();

        // Asked for once more, and taken back: the register knows the person under another key than then.
        place.told("withdraw");
        place.agent(&["once"], 3);
        place.told("objections lift");
        place.agent(&["once"], 3);
        assert!(place.of_the_withdrawn().await > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_objection_key_is_lost_too_nothing_is_sent_before_somebody_answers_for_it() {
    let place = Place::delivered(None, 40).await;
    let old = place.active().await.len();
    std::fs::remove_file(place.region.site.folder.join("pseudonym.key")).unwrap();
    place.name_the_next_key();
    let stopped = place.agent(&["key", "reset"], 78);
    assert!(stopped.stderr.contains("--lost"), "{}", stopped.stderr);
    place.agent(&["key", "reset", "--lost"], 0);
    assert!(place.region.site.state().join("objections.lost-1.db").is_file());
    let stopped = place.agent(&["once"], 78);
    assert!(stopped.stderr.contains("1 withdrawn persons are known"), "{}", stopped.stderr);
    place.agent(&["objections", "override", "--name", "Anna Ansvarig"], 0);
    place.agent(&["once"], 3);
    assert!(
        place.active().await.len() > old,
        "who left by the command alone comes back, as the person in charge was told"
    );
}

/// The last half of sixty treatments likewise.
const HALF_BROKEN: &str = r#"UPDATE "moment" SET "läge" = 'x-' || "läge" WHERE "nummer" > 'M-000030'"#;
const HALF_MENDED: &str = r#"UPDATE "moment" SET "läge" = substr("läge", 3) WHERE "nummer" > 'M-000030'"#;

#[tokio::test(flavor = "multi_thread")]
async fn who_objects_before_the_new_set_is_whole_leaves_the_old_one_and_the_new_one() {
    let place = Place::delivered(None, 60).await;
    let (old, old_keys) = (place.active().await, place.region.site.keys().unwrap());
    let name = |id: &str| (place.region.site.sender.clone(), old_keys.record_key("main", id).to_string());
    let withdrawn = &place.region.plan.treatments[place.leaver].person;
    let mut persons = place.region.plan.persons();
    persons.retain(|(number, theirs)| {
        *number != withdrawn.number && theirs.iter().all(|treatment| old.contains_key(&name(&treatment.id)))
    });
    let (number, theirs) = persons.into_iter().max_by_key(|(_, theirs)| theirs.len()).unwrap();
    place.name_the_next_key();
    assert!(alter(&place.region.source.file(), HALF_BROKEN).await.unwrap() > 20);
    place.agent(&["key", "reset"], 0);
    place.agent(&["once"], 3);
    let both = place.active().await;
    let under_new = place.region.held(&both, theirs.iter().copied()).unwrap();
    assert!(theirs.iter().all(|treatment| both.contains_key(&name(&treatment.id))), "the old set counts still");

    let tell =
        |words: &[&str]| place.region.site.agent_told(&number, words).and_then(|ended| ended.expect(&[0])).unwrap();
    let told = tell(&["withdraw", "--json"]).json().unwrap();
    assert_eq!((told["persons"].as_u64(), told["receipts"].as_array().map(Vec::len)), (Some(1), Some(2)));
    let left = place.active().await;
    assert!(!theirs.iter().any(|treatment| left.contains_key(&name(&treatment.id))), "the old set holds them still");
    assert_eq!(left.len(), both.len() - theirs.len() - under_new);
    place.agent(&["once"], 3);
    assert_eq!(place.active().await.len(), left.len());

    alter(&place.region.source.file(), HALF_MENDED).await.unwrap();
    place.agent(&["once", "--full"], 3);
    let new = place.active().await;
    assert_eq!((new.len(), keys(&new).intersection(&keys(&old)).count()), (old.len() - theirs.len(), 0));
    place.agent(&["reconcile", "--dry-run"], 0);
    tell(&["objections", "lift"]);
    place.agent(&["once"], 3);
    assert_eq!(place.region.held(&place.active().await, theirs.iter().copied()).unwrap(), theirs.len());
}
