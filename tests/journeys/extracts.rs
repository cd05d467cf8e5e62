//! Extracts from the approval to the proof: built from a frozen data set, looked at, released, fetched, opened with readers that others
//! wrote, proved offline, and asked for again from the next data set.
//!
//! Promises: real programs on a register of a few hundred invented treatments; figures are held against a count of the rows in the
//! database that imports nothing of the register.

use std::collections::BTreeMap;
use std::path::Path;

use end_to_end::archive;
use end_to_end::people::SignIn;
use end_to_end::world::World;
use serde_json::Value;

const ASKS: &str = "eva@example.se";
const FIRST: &str = "bo@example.se";
const SECOND: &str = "kim@example.se";

/// A form that lacks nothing, for these tables.
fn form(tables: &str) -> String {
    format!(
        "requester = \"researcher\"\nprincipal = \"Uppfunna universitetet\"\nrepresentative = \"Prefekten\"\n\
         investigator = \"Åsa Öst\"\nrecipients = [\"Åsa Öst\"]\ntitle = \"Uppföljning\"\npurpose = \"Hur går det?\"\n\
         summary = \"Vi räknar.\"\nends_on = \"2099-12-31\"\nethics_not_needed = \"Bara skyddade tabeller.\"\n\
         formats = [\"csv\", \"parquet\", \"xlsx\", \"html\"]\nterms_accepted = true\n{tables}"
    )
}

const TABLES: &str = "
[[tables]]
split_by = [\"region\", \"sex\"]
measure = \"persons\"

[[tables]]
split_by = [\"sex\"]
measure = \"completed\"
";

struct Desk {
    world: World,
}

impl Desk {
    fn said(&self, arguments: &[&str]) -> String {
        self.world.registry(arguments).unwrap().expect(&[0]).unwrap().stdout
    }

    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        self.world.registry(arguments).unwrap().expect(&[code]).unwrap().stderr
    }

    /// A request for these tables that two have agreed to.
    fn approved(&self, number: &str, tables: &str) {
        let file = self.world.folder().join("form.toml");
        std::fs::write(&file, form(tables)).unwrap();
        self.said(&["extract", "draft", file.to_str().unwrap(), "--by", ASKS]);
        self.said(&["extract", "submit", number, "--by", ASKS]);
        self.said(&["extract", "approve", number, "--by", FIRST]);
        self.said(&["extract", "approve", number, "--by", SECOND]);
    }

    /// Builds a request of two tables, told on the way how far it has come; gives what is said in the end.
    fn built_on_the_way(&self, number: &str) -> String {
        let made = self.world.registry(&["extract", "build", number, "--by", FIRST]).unwrap().expect(&[0]).unwrap();
        let way = made.stderr;
        assert!(way.contains("table 1 of 2\n") && way.contains("table 2 of 2, round 1: "), "{way}");
        made.stdout
    }

    /// Builds, releases and fetches a request; gives where its archive lies.
    fn fetched(&self, number: &str) -> String {
        self.said(&["extract", "build", number, "--by", FIRST]);
        assert!(self.said(&["extract", "show", number]).contains("\nits tables were built on "));
        self.said(&["extract", "release", number, "--by", SECOND]);
        let out = self.world.folder().join(format!("extract-{number}.zip"));
        let out = out.to_str().unwrap().to_owned();
        self.said(&["extract", "fetch", number, "--out", &out, "--by", ASKS]);
        out
    }
}

/// A register with two regions, frozen, and people who ask and decide.
async fn desk() -> (Desk, Vec<end_to_end::world::Region>) {
    let world = World::start("").unwrap();
    let mut regions = Vec::new();
    for (ordinal, (code, treatments)) in [("01", 260), ("12", 220)].into_iter().enumerate() {
        let region = world.invent(41, (ordinal, code), treatments).await.unwrap();
        region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
        regions.push(region);
    }
    let desk = Desk { world };
    for (email, role) in [(ASKS, "researcher"), (FIRST, "approver"), (SECOND, "approver")] {
        SignIn::new(&desk.world, email, role).unwrap();
    }
    (desk, regions)
}

/// The archive as readers that others wrote see it.
fn opened(folder: &Path, archive: &str) -> Value {
    archive::opened(folder, Path::new(archive)).unwrap()
}

/// A table of the archive as rows by column.
fn rows(opened: &Value, table: &str) -> Vec<BTreeMap<String, String>> {
    let text = opened["texts"][format!("{table}.csv")].as_str().unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_request_is_built_released_fetched_opened_and_proved_and_the_same_again_gives_the_same_tables() {
    let (desk, regions) = desk().await;
    let folder = desk.world.folder().to_owned();
    desk.approved("1", TABLES);
    assert!(desk.refused(2, &["extract", "build", "1", "--by", FIRST]).contains("`cut create NAME`"));
    desk.said(&["cut", "create", "2025"]);
    let out = folder.join("early.zip");
    let out = out.to_str().unwrap();
    for (arguments, sentence) in [
        (&["extract", "release", "1", "--by", FIRST][..], "The request is approved"),
        (&["extract", "fetch", "1", "--out", out, "--by", ASKS], "The request is approved"),
        (&["extract", "build", "1", "--by", ASKS], "Nobody decides on their own request"),
    ] {
        let told = desk.refused(2, arguments);
        assert!(told.contains(sentence), "{arguments:?}: {told}");
    }
    let built = desk.built_on_the_way("1");
    assert!(
        built.contains("request 1 is built from c1") && built.contains("`extract release 1 --by bo@example.se`"),
        "{built}"
    );
    assert!(desk.refused(2, &["extract", "fetch", "1", "--out", out, "--by", ASKS]).contains("The request is built"));
    desk.said(&["extract", "fetch", "1", "--out", out, "--by", SECOND]);
    desk.said(&["extract", "release", "1", "--by", SECOND]);
    desk.said(&["extract", "fetch", "1", "--out", out, "--by", ASKS]);
    fetched_whole_and_noted(&desk, out);
    let key = folder.join("pki/receipt.pub");
    let proved = desk.said(&["extract", "verify", out, "--key", key.to_str().unwrap()]);
    assert!(proved.contains("files of request 1 from c1 are as they were signed"), "{proved}");
    let mut bytes = std::fs::read(out).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let altered = folder.join("altered.zip");
    std::fs::write(&altered, bytes).unwrap();
    let told = desk.refused(1, &["extract", "verify", altered.to_str().unwrap()]);
    assert!(told.contains("is not proved"), "{told}");

    let first = opened(&folder, out);
    let table = rows(&first, "table-01");
    let parquet: Vec<BTreeMap<String, String>> =
        serde_json::from_value(first["tables"]["table-01.parquet"].clone()).unwrap();
    assert_eq!(parquet, table, "the columns hold what the text holds");
    held_against_the_rows(&desk, &first, &regions);
    let book = archive::sheet(Path::new(out), "table-01").unwrap();
    assert!(book.iter().any(|row| row.contains(&"persons".to_owned())), "{book:?}");
    for page in ["tables.sv.html", "tables.en.html"] {
        let page = first["texts"][page].as_str().unwrap();
        assert!(page.contains("Stockholm") && !page.contains("<script"), "the page names regions and runs nothing");
    }

    desk.approved("2", TABLES);
    let again = opened(&folder, &desk.fetched("2"));
    for name in ["table-01.csv", "table-02.csv", "codebook.csv", "table-01.sps", "table-01.do"] {
        assert_eq!(first["texts"][name], again["texts"][name], "{name}");
    }
    let manifest: Value = serde_json::from_str(again["texts"]["manifest.json"].as_str().unwrap()).unwrap();
    assert_eq!(manifest["manifest"]["tables"][0]["release"], 1, "answered from what was released before");
    how_whole_it_is(&manifest);
    desk.said(&["audit", "verify"]);
}

/// The file has its own name alone once it is whole, and the log tells of each time that it was fetched.
fn fetched_whole_and_noted(desk: &Desk, out: &str) {
    assert!(!Path::new(&format!("{out}.part")).exists());
    let database = rusqlite::Connection::open(desk.world.database()).unwrap();
    let reads = "SELECT COUNT(*) FROM (SELECT event FROM audit_pending UNION ALL SELECT event FROM audit_leaf)
        WHERE event LIKE '%\"/extracts/1/files\"%'";
    let reads: i64 = database.query_row(reads, [], |row| row.get(0)).unwrap();
    assert_eq!(reads, 2, "whoever looked at it first, and whoever asked; what was refused fetched nothing");
}

/// The manifest states coverage and missing scores, each as whole per cent.
fn how_whole_it_is(manifest: &Value) {
    let whole = manifest["manifest"]["about"]["whole"].as_array().unwrap();
    let names: Vec<&str> = whole.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["coverage", "transfer", "missing_second"]);
    let missing = whole[2]["of"].as_array().unwrap().iter().find(|one| one["code"] == "PHQ-9").unwrap();
    let share = missing["percent"].as_u64().unwrap_or_else(|| panic!("{missing}"));
    assert!((5..95).contains(&share), "{missing}");
}

/// Every shown count of a region lies within four of the persons that the register's database holds there, but for those that the package
/// says are in no table.
fn held_against_the_rows(desk: &Desk, opened: &Value, regions: &[end_to_end::world::Region]) {
    let manifest: Value = serde_json::from_str(opened["texts"]["manifest.json"].as_str().unwrap()).unwrap();
    let left_out = manifest["manifest"]["about"]["left_out"].as_str().unwrap();
    assert!(["under_one_percent", "under_five_percent", "more"].contains(&left_out), "in broad words: {left_out}");
    // So many of the invented persons lack sex, age or a programme that enough have.
    let most: i64 = 25;
    let rows = rusqlite::Connection::open(desk.world.database()).unwrap();
    let count = "SELECT COUNT(DISTINCT subject) FROM treatment WHERE sender = ?1";
    let mut shown = 0;
    for row in rows_of_regions(opened) {
        let Some(region) = regions.iter().find(|region| region.plan.sender == row["region"]) else {
            assert_eq!(row["persons"], "..", "nothing is reported from {}", row["region"]);
            continue;
        };
        let told: i64 = row["persons"].parse().unwrap_or_else(|_| panic!("{row:?}"));
        let counted: i64 = rows.query_row(count, [&region.plan.sender], |row| row.get(0)).unwrap();
        let off = told - counted;
        assert!(told % 5 == 0 && (-4 - most..=4).contains(&off), "{}: {told} beside {counted}", row["region"]);
        shown += 1;
    }
    assert_eq!(shown, regions.len());
}

/// The rows of regions, both sexes together.
fn rows_of_regions(opened: &Value) -> Vec<BTreeMap<String, String>> {
    let table = rows(opened, "table-01").into_iter();
    table.filter(|row| row["sex"] == "ALL" && row["region"] != "ALL").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_who_leaves_between_two_data_sets_changes_no_figure_by_it_alone() {
    let (desk, regions) = desk().await;
    let region_by_sex = "\n[[tables]]\nsplit_by = [\"region\", \"sex\"]\n";
    desk.said(&["cut", "create", "first"]);
    desk.approved("1", region_by_sex);
    let folder = desk.world.folder().to_owned();
    let then = rows(&opened(&folder, &desk.fetched("1")), "table-01");
    assert!(desk.said(&["extract", "affected"]).contains("nobody has left"));
    let sound = regions[0].plan.treatments.iter().find(|one| one.fault.is_none()).unwrap();
    regions[0].site.agent_told(&sound.person.number, &["withdraw"]).unwrap().expect(&[0]).unwrap();
    let affected = desk.said(&["extract", "affected"]);
    assert!(affected.contains("c1") && affected.contains("region:region,sex:sex"), "{affected}");
    // A table that is made after the person left holds nobody who is gone; one that is drawn again holds the same persons still.
    desk.approved("2", "\n[[tables]]\nsplit_by = [\"sex\"]\n\n[[tables]]\nsplit_by = [\"region\", \"sex\"]\n");
    desk.fetched("2");
    let affected: Value = serde_json::from_str(&desk.said(&["extract", "affected", "--json"])).unwrap();
    let told: Vec<_> = affected["releases"].as_array().unwrap().iter().collect();
    assert_eq!(told.len(), 1, "{affected}");
    assert_eq!((&told[0]["asked"], &told[0]["persons_left"]), (&"region:region,sex:sex".into(), &1.into()));
    assert_eq!(told[0]["requests"], serde_json::json!([1, 2]));
    desk.said(&["cut", "create", "second"]);
    desk.approved("3", region_by_sex);
    let now = rows(&opened(&folder, &desk.fetched("3")), "table-01");
    assert_eq!(then, now);
    // What was released from the first is answered as it was, also after somebody left.
    desk.approved("4", region_by_sex);
    desk.said(&["extract", "build", "4", "--by", FIRST, "--cut", "first"]);
    let out = folder.join("fourth.zip");
    let out = out.to_str().unwrap();
    desk.said(&["extract", "fetch", "4", "--out", out, "--by", SECOND]);
    assert_eq!(rows(&opened(&folder, out), "table-01"), then);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_for_everybody_is_built_from_a_cut_and_opened_once() {
    let (desk, _) = desk().await;
    let publish = ["extract", "publish", "--split-by", "region", "--by", FIRST];
    assert!(desk.refused(2, &publish).contains("`cut create NAME`"));
    desk.said(&["cut", "create", "2025"]);
    let foreign = desk.refused(2, &["extract", "publish", "--split-by", "region", "--by", ASKS]);
    assert!(foreign.contains("an approver opens tables"), "{foreign}");
    let told = desk.said(&publish);
    assert!(told.contains("table 1 of c1") && told.contains("is open to everybody"), "{told}");
    let again = desk.said(&publish);
    assert!(again.contains("was open to everybody already"), "{again}");
    for (table, sentence) in [
        (&["--split-by", "municipality"][..], "is not registered"),
        (&["--split-by", "sex=F"], "filter of its own"),
        (&["--measure", "recovery"], "of an instrument"),
    ] {
        let told = desk.refused(2, &[&["extract", "publish", "--by", FIRST], table].concat());
        assert!(told.contains(sentence), "{told}");
    }
}
