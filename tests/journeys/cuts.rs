//! Frozen data sets: a report from one stays what it was to the byte, until somebody in it is withdrawn.

/// A year's figures, signed and published.
mod attest;
/// A year's figures as files.
mod yearbook;

use end_to_end::world::World;
use serde_json::Value;

/// Prints a report.
fn printed(world: &World, name: &str, more: &[&str]) -> String {
    let arguments = [&["report", name, "--comparison", "all", "--audience", "internal"], more].concat();
    world.registry(&arguments).unwrap().expect(&[0]).unwrap().stdout
}

/// The figures that differ.
fn differences(world: &World, name: &str, more: &[&str]) -> Vec<Value> {
    let told = printed(world, name, &[&["--format", "json"], more].concat());
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["schema"], "registry-report-differences/1");
    told["rows"].as_array().unwrap().clone()
}

fn json(world: &World, arguments: &[&str]) -> Value {
    world.registry(&[arguments, &["--json"]].concat()).unwrap().expect(&[0]).unwrap().json().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_from_a_cut_stays_the_same_to_the_byte_whatever_is_delivered_and_loses_who_withdraws() {
    let world = World::start("").unwrap();
    assert!(world.registry(&["cut", "list"]).unwrap().stdout.contains("there is no cut yet"));
    let first = world.invent(11, (0, "01"), 60).await.unwrap();
    first.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let cut = json(&world, &["cut", "create", "year 2025", "--note", "for the annual report"])["cut"].clone();
    assert_eq!((cut["id"].as_str(), cut["hash"].as_str().map(str::len)), (Some("c1"), Some(64)));
    let from_cut = ["--cut", "year 2025", "--format"];
    let all = ["outcomes", "groups", "composite", "funnel", "persons", "participation", "catalogue", "waiting"];
    let of_cut = |form| all.map(|name| printed(&world, name, &[&from_cut, [form].as_slice()].concat()));
    let before = [of_cut("csv"), of_cut("json"), of_cut("html")];
    for (name, frozen) in all.iter().zip(&before[0]) {
        assert_eq!(*frozen, printed(&world, name, &["--format", "csv"]), "{name}: nothing came since");
        assert_eq!(differences(&world, name, &["--compare-cut", "c1"]), Vec::<Value>::new(), "{name}");
    }
    assert!(before[1][0].contains(cut["hash"].as_str().unwrap()) && before[1][0].contains("\"cut\": \"c1\""));

    let second = world.invent(12, (1, "12"), 40).await.unwrap();
    second.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    assert_eq!([of_cut("csv"), of_cut("json"), of_cut("html")], before);
    let changed = differences(&world, "groups", &["--by", "region", "--compare-cut", "c1"]);
    let started = |row: &&Value| row["region"] == "ALL" && row["column"] == "n_started";
    let row = changed.iter().find(started).expect("the country has more treatments than then");
    assert_eq!(row["then"], cut["treatments"]);
    assert!(row["now"].as_u64() > row["then"].as_u64());
    assert!(changed.iter().all(|row| row["region"] != "01"), "{changed:?}");

    let person = first.plan.treatments.iter().find(|one| one.fault.is_none()).unwrap().person.number.clone();
    first.site.agent_told(&person, &["withdraw"]).unwrap().expect(&[0]).unwrap();
    let left = json(&world, &["cut", "list"])["cuts"][0].clone();
    let gone = left["withdrawn_treatments"].as_u64().unwrap();
    assert_eq!((left["withdrawn_persons"].as_u64(), &left["hash"]), (Some(1), &cut["hash"]));
    let after: Value =
        serde_json::from_str(&printed(&world, "groups", &["--by", "region", "--cut", "c1", "--format", "json"]))
            .unwrap();
    assert_eq!(after["rows"][0]["n_started"].as_u64().unwrap() + gone, cut["treatments"].as_u64().unwrap());
    assert!(after["notes"].to_string().contains("treatments, 1 persons"), "{}", after["notes"]);
}

#[test]
fn a_cut_that_does_not_exist_or_cannot_be_made_is_told_in_one_sentence() {
    let world = World::start("").unwrap();
    let refused = |arguments: &[&str], says: &str| {
        let ended = world.registry(arguments).unwrap().expect(&[2]).unwrap();
        assert!(ended.stderr.contains(says) && ended.stderr.trim().lines().count() == 1, "{}", ended.stderr);
    };
    let report = ["report", "groups", "--audience", "internal"];
    refused(&[&report[..], &["--cut", "c1"]].concat(), "`cut create NAME` makes one");
    world.registry(&["cut", "create", "first"]).unwrap().expect(&[0]).unwrap();
    refused(&["cut", "create", "first"], "of that name already");
    refused(&["cut", "create", "c7"], "a cut's name is one line");
    refused(&["cut", "create", " "], "a cut's name is one line");
    refused(&["cut", "create", "x", "--note", "a\nb"], "--note is one line");
    refused(&[&report[..], &["--cut", "c2"]].concat(), "there are c1 (first)");
    refused(&[&report[..], &["--compare-cut", "c1", "--format", "indicators"]].concat(), "print them as table");
}
