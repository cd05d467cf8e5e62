//! A yearbook from a frozen data set: the same files every time, each table what `report` prints, until somebody in it is withdrawn.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use end_to_end::world::World;
use schemas::canonical::sha256_hex;

use super::json;

/// The files of a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let one = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    fs::read_dir(folder).unwrap().map(one).collect()
}

fn written(world: &World, folder: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let made = [&["yearbook", "--cut", "year 2025", "--out", folder.to_str().unwrap()], more].concat();
    let told = json(world, &made);
    let files = files(folder);
    assert_eq!((told["cut"].as_str(), told["files"].as_u64()), (Some("c1"), Some(files.len() as u64)));
    assert_eq!(told["manifest"], sha256_hex(&files["MANIFEST.sha256"]));
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yearbook_is_the_same_bytes_every_time_and_its_tables_are_those_of_the_reports_until_somebody_withdraws() {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), 60).await.unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[3]).unwrap();
    let year = ["cut", "create", "year 2025", "--year", "2025", "--stop", "2026-01-31", "--comments-days", "30"];
    json(&world, &year);
    let folder = tempfile::tempdir().unwrap();
    let review = ["--audience", "internal", "--language", "sv"];
    let first = written(&world, &folder.path().join("first"), &review);
    assert_eq!(first, written(&world, &folder.path().join("second"), &review));
    assert!(String::from_utf8_lossy(&first["index.html"]).contains("Underskrift saknas från: 01."));
    for (file, arguments) in [
        ("groups-region.csv", "groups --by region --period year"),
        ("outcomes-programme.csv", "outcomes --by programme --period year"),
        ("participation-region.csv", "participation --by region --period all"),
        ("growth-programme.csv", "growth --by programme --period year"),
        ("data-quality.csv", "data-quality --by= --period year --from 2025-01-01 --to 2025-12-31"),
    ] {
        let asked = format!("report {arguments} --audience internal --format csv --cut c1");
        let printed = world.registry(&asked.split(' ').collect::<Vec<_>>()).unwrap().expect(&[0]).unwrap();
        assert_eq!(String::from_utf8_lossy(&first[file]), printed.stdout, "{file}");
    }
    let public = written(&world, &folder.path().join("public"), &["--language", "en"]);
    let tables: Vec<&str> = public.keys().filter_map(|name| name.strip_suffix(".csv")).collect();
    assert_eq!(tables, ["groups-programme", "groups-region", "outcomes-programme", "outcomes-region"]);

    let person = region.plan.treatments.iter().find(|one| one.fault.is_none()).unwrap().person.number.clone();
    region.site.agent_told(&person, &["withdraw"]).unwrap().expect(&[0]).unwrap();
    let after = written(&world, &folder.path().join("after"), &["--language", "en"]);
    assert_ne!(public["MANIFEST.sha256"], after["MANIFEST.sha256"]);
    assert!(String::from_utf8_lossy(&after["index.html"]).contains("Some treatments have left the data since."));
}

#[test]
fn a_yearbook_that_cannot_be_made_or_would_mix_with_other_files_is_refused_in_one_sentence() {
    let world = World::start("").unwrap();
    world.registry(&["cut", "create", "first"]).unwrap().expect(&[0]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(of("full")).unwrap();
    fs::write(of("full/notes.txt"), "x").unwrap();
    let (full, below_a_file, free) = (of("full"), of("full/notes.txt/book"), of("free"));
    for (cut, out, says) in
        [("c1", &full, "is not empty"), ("c1", &below_a_file, "name another"), ("c2", &free, "there are c1 (first)")]
    {
        let ended = world.registry(&["yearbook", "--cut", cut, "--out", out]).unwrap().expect(&[2]).unwrap();
        assert!(ended.stderr.contains(says) && ended.stderr.trim().lines().count() == 1, "{}", ended.stderr);
    }
    assert!(!Path::new(&free).exists() && files(Path::new(&full)).len() == 1, "nothing is written");
}
