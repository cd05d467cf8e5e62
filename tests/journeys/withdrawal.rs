//! Leaving: whoever says no is out of the register, out of what waits, and never sent again, whatever is lost; and comes back when they
//! take it back.

/// What is lost, and who is never sent again all the same.
mod losses;
/// Whose treatment is said to be another's.
mod corrected;
/// The bytes that a person would leave at the region.
mod bytes;
/// What a register says again that was put back to an earlier day.
mod put_back;
/// What goes over the wire after they have left.
mod wire;

use end_to_end::active::{active_set, alter};
use end_to_end::platform::Treatment;
use end_to_end::process::Ended;
use end_to_end::world::{Region, World};
use serde_json::Value;

/// A region with its first delivery done.
async fn delivered(treatments: usize) -> (World, Region) {
    let world = World::start("").unwrap();
    let region = world.invent(11, (0, "01"), treatments).await.unwrap();
    once(&region, &[]);
    (world, region)
}

/// Some of its answers are held, so that a run ends with 3 or, where it is refused, with what is expected.
fn once(region: &Region, more: &[&str]) -> Value {
    let arguments = [&["once", "--json"], more].concat();
    region.site.agent(&arguments).and_then(|ended: Ended| ended.expect(&[3])).unwrap().json().unwrap()
}

/// Runs a command with persons on its standard input.
fn told(region: &Region, persons: &[&str], arguments: &[&str], codes: &[i32]) -> Ended {
    region.site.agent_told(&persons.join("\n"), arguments).and_then(|ended| ended.expect(codes)).unwrap()
}

/// Persons all of whose treatments are at the register, each with theirs.
fn persons(region: &Region) -> Vec<(String, Vec<&Treatment>)> {
    let mut persons = region.plan.persons();
    persons.retain(|(_, theirs)| theirs.iter().all(|one| one.fault.is_none()));
    persons
}

/// Lets the region's source have a list of those who object beside it, with nobody in it.
fn name_list(region: &Region) {
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    let named = config.replacen("units = ", "objections_file = \"objections.csv\"\nunits = ", 1);
    std::fs::write(region.site.config(), named).unwrap();
    list(region, &[]);
}

/// Writes the list: number and reason.
fn list(region: &Region, rows: &[(&str, &str)]) {
    let rows = rows.iter().map(|(number, reason)| format!("{number};{reason}"));
    let lines: Vec<String> = ["person_id;reason".to_owned()].into_iter().chain(rows).collect();
    std::fs::write(region.site.folder.join("objections.csv"), lines.join("\n") + "\n").unwrap();
}

/// Treatments of a person that the register holds.
async fn held(world: &World, region: &Region, theirs: &[&Treatment]) -> usize {
    region.held(&active_set(&world.database()).await.unwrap(), theirs.iter().copied()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_withdrawn_is_erased_with_a_receipt_that_proves_it_and_never_sent_again() {
    let (world, region) = delivered(40).await;
    let (number, theirs) = persons(&region).remove(3);
    let before = active_set(&world.database()).await.unwrap();
    let at_register = region.held(&before, theirs.iter().copied()).unwrap();
    assert!(at_register > 0);
    let counted = told(&region, &[&number], &["withdraw", "--dry-run", "--json"], &[0]).json().unwrap();
    assert_eq!((counted["known"].as_u64(), counted["records"].as_u64()), (Some(1), Some(at_register as u64)));
    assert_eq!(active_set(&world.database()).await.unwrap().len(), before.len(), "a dry run withdrew somebody");

    let ended = told(&region, &[&number], &["withdraw"], &[0]);
    for words in ["Kvitto 1", "Receipt 1", "the register tells how"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    let after = active_set(&world.database()).await.unwrap();
    assert_eq!((region.held(&after, theirs.iter().copied()).unwrap(), after.len()), (0, before.len() - at_register));
    let file = world.folder().join("receipt.json");
    let kept = region.site.agent(&["withdraw", "--receipt", "1", "--json"]).unwrap().expect(&[0]).unwrap();
    std::fs::write(&file, &kept.stdout).unwrap();
    region.site.agent(&["receipt", "verify", &file.display().to_string()]).unwrap().expect(&[0]).unwrap();
    std::fs::write(&file, kept.stdout.replace("\"found\":1", "\"found\":0")).unwrap();
    region.site.agent(&["receipt", "verify", &file.display().to_string()]).unwrap().expect(&[1]).unwrap();

    let report = once(&region, &["--full"]);
    assert_eq!(report["records_delivered"], 0);
    assert!(active_set(&world.database()).await.unwrap() == after);
    let count = region.site.agent(&["objections", "count", "--json"]).unwrap().json().unwrap();
    assert_eq!(count["count"]["by_origin"]["stdin"], 1);
    for refused in [&number[2..], "Anna Andersson"] {
        let ended = told(&region, &[refused], &["withdraw"], &[2]);
        assert!(ended.stderr.contains("twelve digits") && !ended.stderr.contains(refused), "{}", ended.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_while_the_register_is_away_reaches_it_before_any_record() {
    let (mut world, region) = delivered(30).await;
    let (number, theirs) = persons(&region).remove(2);
    world.server.running.kill();
    let touched = r#"UPDATE "moment" SET "ändrad" = '2099-01-01T00:00:00Z', "slutdatum" = date("slutdatum", '+1 day')"#;
    alter(&region.source.file(), touched).await.unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[69]).unwrap();
    let ended = told(&region, &[&number], &["withdraw"], &[69]);
    assert!(ended.stderr.contains("the next run tells the register"), "{}", ended.stderr);
    let status = region.site.agent(&["status", "--json"]).unwrap().json().unwrap();
    assert_eq!(status["leaving"]["erasures_waiting"], 1);
    world.restart().unwrap();
    let report = once(&region, &[]);
    assert_eq!(report["erased"]["persons"], 1);
    assert!(report["records_delivered"].as_u64().unwrap() > 0);
    assert_eq!(held(&world, &region, &theirs).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_says_no_after_the_delivery_withdraws_the_person_whole_with_the_next_run() {
    let (world, region) = delivered(30).await;
    let objector = &region.plan.treatments[4].person;
    let theirs: Vec<&Treatment> = region.plan.treatments.iter().filter(|one| one.person == *objector).collect();
    let at_register = held(&world, &region, &theirs).await;
    assert!(at_register > 0);
    let object = r#"UPDATE "moment" SET "läge" = 'vill ej delta i register', "ändrad" = '2099-01-01T00:00:00Z' WHERE "nummer" = 'M-000004'"#;
    alter(&region.source.file(), object).await.unwrap();
    let report = once(&region, &[]);
    assert_eq!(
        (report["erased"]["persons"].as_u64(), report["erased"]["treatments"].as_u64()),
        (Some(1), Some(at_register as u64))
    );
    assert_eq!(report["records_delivered"], 0);
    assert_eq!(held(&world, &region, &theirs).await, 0);
    let balances = report["accounting"].as_array().unwrap().iter().all(|line| line["treatments"]["difference"] == 0);
    assert!(balances, "{}", report["accounting"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_an_objection_back_is_sent_again_by_the_next_full_reading() {
    let (world, region) = delivered(30).await;
    let before = active_set(&world.database()).await.unwrap();
    let (number, theirs) = persons(&region).remove(1);
    told(&region, &[&number], &["withdraw"], &[0]);
    assert_eq!(held(&world, &region, &theirs).await, 0);
    let ended = told(&region, &[&number], &["objections", "lift"], &[0]);
    assert!(ended.stdout.starts_with("1 objections lifted"), "{}", ended.stdout);
    let report = once(&region, &[]);
    assert_eq!(report["records_delivered"], theirs.len(), "{report}");
    let after = active_set(&world.database()).await.unwrap();
    assert_eq!((region.held(&after, theirs.iter().copied()).unwrap(), after.len()), (theirs.len(), before.len()));
    assert!(after == before, "something is not as it was");
    let log = region.site.agent(&["objections", "log"]).unwrap().expect(&[0]).unwrap();
    assert!(log.stdout.contains("objections lift, 1 persons") && !log.stdout.contains(&number[2..8]), "{}", log.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_the_register_is_shown_and_answered_by_a_withdrawal_or_by_none_found() {
    let (world, region) = delivered(20).await;
    for _ in 0..2 {
        world.registry(&["case", "open", "--deadline", "2099-12-24"]).unwrap().expect(&[0]).unwrap();
    }
    once(&region, &[]);
    let status = region.site.agent(&["status"]).unwrap().expect(&[4]).unwrap();
    assert!(status.stdout.contains("case 1") && status.stdout.contains("2099-12-24"), "{}", status.stdout);
    let stranger = "198001019804";
    let ended = told(&region, &[stranger], &["withdraw", "--case", "1"], &[0]);
    assert!(ended.stdout.contains("none found"), "{}", ended.stdout);
    let (number, theirs) = persons(&region).remove(0);
    told(&region, &[&number], &["withdraw", "--case", "2"], &[0]);
    assert_eq!(held(&world, &region, &theirs).await, 0);
    let cases = world.registry(&["case", "list", "--json"]).unwrap().expect(&[0]).unwrap().stdout;
    assert!(cases.contains("none_found") && cases.contains("withdrawn"), "{cases}");
    once(&region, &[]);
    let status = region.site.agent(&["status", "--json"]).unwrap().json().unwrap();
    assert_eq!(status["leaving"]["cases"].as_array().map(Vec::len), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_in_plain_swedish_what_the_register_holds_and_that_somebody_asked_is_kept() {
    let (world, region) = delivered(20).await;
    let (number, theirs) = persons(&region).remove(0);
    let at_register = held(&world, &region, &theirs).await;
    let ended = told(&region, &[&number], &["person-extract"], &[0]);
    assert_eq!(ended.stdout.matches("\nBehandling ").count(), at_register, "{}", ended.stdout);
    assert!(ended.stdout.contains("Födelseår") && ended.stdout.contains(theirs[0].programme), "{}", ended.stdout);
    assert!(!ended.stdout.contains("psn1."), "a pseudonym is told");
    let log = region.site.agent(&["objections", "log", "--json"]).unwrap().json().unwrap();
    let act = &log["acts"][0];
    assert_eq!((act["what"].as_str(), act["persons"].as_u64()), (Some("person-extract"), Some(1)));
    assert!(act["account"].as_str().is_some_and(|account| !account.is_empty()));
    told(&region, &[&number], &["withdraw"], &[0]);
    assert!(told(&region, &[&number], &["person-extract"], &[0]).stdout.contains("raderat"));
}
