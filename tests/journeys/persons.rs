//! Persons with more than one number: a treatment that changes its person moves, and numbers that are one person's leave together.

use databases::Postgres;
use end_to_end::active::{self, ActiveSet};
use end_to_end::platform::{Engine, Plan};
use end_to_end::world::{Region, World};

/// A register in either engine, and what it holds.
enum Register {
    Embedded(World),
    Server(World, String),
}

impl Register {
    fn both() -> [Self; 2] {
        let url = Postgres::shared().unwrap().database("persons").unwrap();
        [Self::Embedded(World::start("").unwrap()), Self::Server(World::start_on(&url).unwrap(), url)]
    }

    /// So few treatments that none has a planted fault; some answers have, and so every run ends with 3.
    async fn delivered(&self) -> Region {
        let (Self::Embedded(world) | Self::Server(world, _)) = self;
        let region = world.invent_on(Engine::Sqlite, Plan::invent(23, (0, "01"), 40)).await.unwrap();
        once(&region);
        region
    }

    async fn active(&self) -> ActiveSet {
        match self {
            Self::Embedded(world) => active::active_set(&world.database()).await.unwrap(),
            Self::Server(_, url) => active::postgres::active_set(url).await.unwrap(),
        }
    }

    /// Persons, and names of persons.
    async fn persons(&self) -> [i64; 2] {
        match self {
            Self::Embedded(world) => active::persons(&world.database()).await.unwrap(),
            Self::Server(_, url) => active::postgres::persons(url).await.unwrap(),
        }
    }
}

fn once(region: &Region) {
    region.site.agent(&["once"]).and_then(|ended| ended.expect(&[3])).unwrap();
}

fn say(region: &Region, verb: &str, pair: [&str; 2], code: i32) -> serde_json::Value {
    let said = region.site.agent_told(&pair.join(" "), &["person", verb, "--json"]);
    said.and_then(|ended| ended.expect(&[code])).unwrap().json().unwrap()
}

/// Everything of one person becomes another's, as when a coordination number becomes a personnummer.
const MOVE: &str = r#"
UPDATE "moment" SET "invånare_id" = (SELECT "invånare_id" FROM "moment" WHERE "nummer" = 'M-000010'), "ändrad" = '2099-01-01T00:00:00Z'
WHERE "invånare_id" = (SELECT "invånare_id" FROM "moment" WHERE "nummer" = 'M-000005')
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_treatment_whose_person_changes_moves_in_one_new_version_and_leaves_no_empty_person_behind() {
    for register in Register::both() {
        let region = register.delivered().await;
        let before = register.active().await;
        let [numbers, names] = register.persons().await;
        assert_eq!((numbers, names), (i64::try_from(region.plan.persons().len()).unwrap(), numbers));
        let moved = active::alter(&region.source.file(), MOVE).await.unwrap();
        assert!(moved > 0);
        let report = region.site.agent(&["once", "--json"]).unwrap().expect(&[3]).unwrap().json().unwrap();
        assert_eq!(report["counts"]["queued"].as_u64(), Some(moved), "{report}");
        assert_eq!(register.persons().await, [numbers - 1; 2], "the old person is gone with its name");
        let after = register.active().await;
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        // Nothing of it is left to be found different.
        region.site.agent(&["reconcile", "--dry-run"]).unwrap().expect(&[0]).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_are_one_person_s_leave_together_and_after_a_split_each_for_itself() {
    for register in Register::both() {
        let region = register.delivered().await;
        let all = region.plan.persons();
        let [(first, of_first), (second, of_second), (third, of_third), (fourth, of_fourth)] = &all[..4] else {
            panic!("four persons")
        };
        let told = say(&region, "merge", [first, second], 0);
        assert_eq!(
            (told["pairs"].as_u64(), told["waiting"].as_u64(), told["refused"].as_u64()),
            (Some(1), Some(0), Some(0))
        );
        say(&region, "merge", [third, fourth], 0);
        say(&region, "split", [fourth, third], 0);
        let before = register.active().await;
        for (number, leave) in [(second, of_first.len() + of_second.len()), (third, of_third.len())] {
            let now = register.active().await.len();
            region.site.agent_told(number, &["withdraw"]).unwrap().expect(&[0]).unwrap();
            assert_eq!(register.active().await.len(), now - leave);
        }
        once(&region);
        let after = register.active().await;
        for (of, stays) in [(of_first, false), (of_second, false), (of_third, false), (of_fourth, true)] {
            assert_eq!(region.held(&before, of.iter().copied()).unwrap(), of.len());
            assert_eq!(region.held(&after, of.iter().copied()).unwrap(), if stays { of.len() } else { 0 });
        }
        let count =
            region.site.agent(&["objections", "count", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
        assert_eq!(count["count"]["all"].as_u64(), Some(3), "{count}");
        // Who has left stays out, under whatever number somebody gives them.
        let refused =
            region.site.agent_told(&format!("{first} {fourth}"), &["person", "merge"]).unwrap().expect(&[2]).unwrap();
        assert!(
            refused.stderr.contains("line 1: the person objects") && !refused.stderr.contains(first),
            "{}",
            refused.stderr
        );
        region.site.agent(&["reconcile", "--dry-run"]).unwrap().expect(&[0]).unwrap();
    }
}
