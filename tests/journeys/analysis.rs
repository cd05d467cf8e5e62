//! The statistician's file with the real programs: ordered by staff, agreed to by two others, fetched, and made anew without whoever left.
//!
//! Promises: rows are held against the register's database; the bytes of every file are searched for record keys, names of persons and
//! identity numbers, with a control that is found.

use std::path::{Path, PathBuf};

use end_to_end::hunt::Hunt;
use end_to_end::people::SignIn;
use end_to_end::world::{Region, World};
use serde_json::Value;

const STAFF: &str = "siv@example.se";
const FIRST: &str = "bo@example.se";
const SECOND: &str = "kim@example.se";
const RESEARCHER: &str = "eva@example.se";

fn said(world: &World, arguments: &[&str]) -> String {
    let arguments = [&["analysis-file"], arguments].concat();
    world.registry(&arguments).unwrap().expect(&[0]).unwrap().stdout
}

fn refused(world: &World, arguments: &[&str]) -> String {
    let arguments = [&["analysis-file"], arguments].concat();
    world.registry(&arguments).unwrap().expect(&[2]).unwrap().stderr
}

/// A register with a region, frozen, and its people.
async fn begun() -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(41, (0, "01"), 120).await.unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let people = [(STAFF, "staff"), (FIRST, "approver"), (SECOND, "approver"), (RESEARCHER, "researcher")];
    for (email, role) in people {
        SignIn::new(&world, email, role).unwrap();
    }
    world.registry(&["cut", "create", "2025"]).unwrap().expect(&[0]).unwrap();
    (world, region)
}

/// Fetches the first order into a folder of this name; gives where its files lie.
fn fetched(world: &World, name: &str) -> PathBuf {
    let out = world.folder().join(name);
    said(world, &["fetch", "1", "--out", out.to_str().unwrap(), "--by", STAFF]);
    out
}

fn rows(folder: &Path, file: &str) -> usize {
    csv::Reader::from_path(folder.join(file)).unwrap().records().map(Result::unwrap).count()
}

fn counted(world: &World) -> usize {
    let database = rusqlite::Connection::open(world.database()).unwrap();
    let count = database.query_row("SELECT COUNT(*) FROM cut_treatment WHERE cut = 1", [], |row| row.get(0));
    usize::try_from(count.unwrap_or(-1_i64)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_get_one_row_a_treatment_once_two_others_agreed_and_nobody_else_does() {
    let (world, region) = begun().await;
    let order = ["--cut", "2025", "--purpose", "Modell av svar", "--by"];
    for nobody in [RESEARCHER, FIRST] {
        let told = refused(&world, &[&order[..], &[nobody]].concat());
        assert!(told.contains("only the register's own staff"), "{told}");
    }
    assert!(said(&world, &[&order[..], &[STAFF]].concat()).contains("order 1 waits for 2 approvers"));
    let early = world.folder().join("early");
    let early = early.to_str().unwrap();
    for (arguments, sentence) in [
        (&["approve", "1", "--by", STAFF][..], "nobody agrees to their own order"),
        (&["approve", "1", "--by", RESEARCHER], "only an approver agrees"),
        (&["approve", "2", "--by", FIRST], "there is no order 2"),
        (&["fetch", "1", "--out", early, "--by", STAFF], "two approvers must agree first"),
    ] {
        let told = refused(&world, arguments);
        assert!(told.contains(sentence), "{arguments:?}: {told}");
    }
    assert!(said(&world, &["approve", "1", "--by", FIRST]).contains("waits for 1 approvers"));
    assert!(refused(&world, &["approve", "1", "--by", FIRST]).contains("agreed already; another must"));
    assert!(said(&world, &["approve", "1", "--by", SECOND]).contains("order 1 is approved until"));
    for nobody in [FIRST, RESEARCHER] {
        let told = refused(&world, &["fetch", "1", "--out", early, "--by", nobody]);
        assert!(told.contains("only the register's own staff") && !Path::new(early).exists(), "{told}");
    }
    let first = fetched(&world, "first");
    let before = counted(&world);
    assert!(before > 60, "{before}");
    assert_eq!(rows(&first, "treatments.csv"), before);
    assert!(rows(&first, "scores.csv") > before);
    hunted(&world, &first, &region);

    let sound = region.plan.treatments.iter().find(|one| one.fault.is_none()).unwrap();
    region.site.agent_told(&sound.person.number, &["withdraw"]).unwrap().expect(&[0]).unwrap();
    let second = fetched(&world, "second");
    let after = counted(&world);
    assert!(after < before, "{after} of {before}");
    assert_eq!(rows(&second, "treatments.csv"), after, "whoever left is in no file that is made from then on");
    let text = |folder: &Path| std::fs::read_to_string(folder.join("treatments.csv")).unwrap();
    assert_ne!(text(&first), text(&second), "ids are drawn anew");
    let list: Value = serde_json::from_str(&said(&world, &["list", "--json"])).unwrap();
    let steps: Vec<&str> =
        list["orders"][0]["steps"].as_array().unwrap().iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(steps, ["ordered", "approved", "approved", "fetched", "fetched"]);
    world.registry(&["audit", "verify"]).unwrap().expect(&[0]).unwrap();
}

/// No record key, no name of a person as the register keeps it, no pseudonym and no identity number stands in any file.
fn hunted(world: &World, folder: &Path, region: &Region) {
    let database = rusqlite::Connection::open(world.database()).unwrap();
    let mut needles: Vec<Vec<u8>> = vec![b"psn1.r".to_vec()];
    for query in ["SELECT CAST(record_key AS BLOB) FROM treatment", "SELECT s FROM alias"] {
        let mut query = database.prepare(query).unwrap();
        needles.extend(query.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap().map(Result::unwrap));
    }
    assert!(needles.len() > 100, "{}", needles.len());
    let exact = Hunt::exactly(&needles);
    let numbers = Hunt::new(region.plan.treatments.iter().map(|one| one.person.number.clone()));
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let (name, bytes) = (path.display().to_string(), std::fs::read(&path).unwrap());
        assert_eq!(exact.bytes(&name, &bytes), []);
        if path.extension().is_some_and(|form| form == "csv") {
            assert_eq!(numbers.bytes(&name, &bytes), []);
        }
        let planted = [bytes.as_slice(), b"psn1.r01-g1.planted", &needles[1], &needles[needles.len() - 1]].concat();
        let found = exact.bytes(&name, &planted);
        assert!(
            [0, 1, needles.len() - 1].iter().all(|place| found.iter().any(|hit| hit.number == *place)),
            "the control"
        );
        files += 1;
    }
    assert_eq!(files, 5, "both forms of both files, and what they say of themselves");
}
