//! What is lost, and who is never sent again all the same.

use super::*;

/// The passphrase of the tests' copies.
const PASSPHRASE: &str = "fyra ord utan namn";

fn remove(region: &Region, name: &str) {
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(region.site.state().join(format!("{name}.db{suffix}"))).ok();
    }
}

/// A delivered region, one of whose persons was withdrawn: their number and treatments.
async fn withdrawn() -> (World, Region, String) {
    let (world, region) = delivered(30).await;
    let (number, _) = persons(&region).remove(2);
    told(&region, &[&number], &["withdraw"], &[0]);
    (world, region, number)
}

fn theirs<'a>(region: &'a Region, number: &str) -> Vec<&'a Treatment> {
    region.plan.treatments.iter().filter(|treatment| treatment.person.number == number).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_outbox_sends_no_objector_again() {
    let (world, region, number) = withdrawn().await;
    let before = active_set(&world.database()).await.unwrap();
    remove(&region, "outbox");
    let report = once(&region, &[]);
    assert!(report["records_delivered"].as_u64().unwrap() > 10, "everybody else is sent again");
    assert!(active_set(&world.database()).await.unwrap() == before);
    assert_eq!(held(&world, &region, &theirs(&region, &number)).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_made_anew_from_nothing_but_the_certificate_reads_nothing_until_somebody_answers_for_it() {
    let (world, region, _) = withdrawn().await;
    let before = active_set(&world.database()).await.unwrap();
    std::fs::remove_dir_all(region.site.state()).unwrap();
    let key = region.site.folder.join("pseudonym.key");
    std::fs::remove_file(&key).unwrap();
    region.site.agent(&["key", "new"]).unwrap().expect(&[0]).unwrap();
    let ended = region.site.agent(&["once", "--full"]).unwrap().expect(&[78]).unwrap();
    assert!(ended.stderr.contains("1 withdrawn persons are known"), "{}", ended.stderr);
    assert!(active_set(&world.database()).await.unwrap() == before);
    region.site.agent(&["objections", "override", "--name", "19800101-9804"]).unwrap().expect(&[2]).unwrap();
    let ended =
        region.site.agent(&["objections", "override", "--name", "Anna Ansvarig"]).unwrap().expect(&[0]).unwrap();
    assert!(ended.stdout.contains("without 1 objections"), "{}", ended.stdout);
    once(&region, &[]);
    let log = region.site.agent(&["objections", "log"]).unwrap().expect(&[0]).unwrap();
    assert!(log.stdout.contains("Anna Ansvarig answers for it"), "{}", log.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_replaced_from_a_copy_of_keys_and_list_goes_on_without_the_objector() {
    let (world, region, number) = withdrawn().await;
    let before = active_set(&world.database()).await.unwrap();
    let (copy, secret) = (world.folder().join("copy"), world.folder().join("passphrase"));
    std::fs::write(&secret, format!("{PASSPHRASE}\n")).unwrap();
    let with = |command: &'static str| {
        let (copy, secret) = (copy.display().to_string(), secret.display().to_string());
        region.site.agent(&["objections", command, &copy, "--passphrase-file", &secret]).unwrap()
    };
    with("backup").expect(&[0]).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(8).any(|part| part == &number.as_bytes()[..8]));
    std::fs::remove_dir_all(region.site.state()).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[78]).unwrap();
    std::fs::write(&secret, "ett annat lösenord").unwrap();
    with("restore").expect(&[77]).unwrap();
    std::fs::write(&secret, PASSPHRASE).unwrap();
    with("restore").expect(&[0]).unwrap();
    once(&region, &[]);
    assert!(active_set(&world.database()).await.unwrap() == before);
    let receipts = region.site.agent(&["withdraw", "--receipts", "--json"]).unwrap().json().unwrap();
    assert_eq!(receipts["receipts"].as_array().map(Vec::len), Some(1), "the receipt is not in the copy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_key_file_stops_the_run_and_the_command() {
    let (world, region, number) = withdrawn().await;
    let before = active_set(&world.database()).await.unwrap();
    let key = region.site.folder.join("pseudonym.key");
    std::fs::rename(&key, world.folder().join("old.key")).unwrap();
    region.site.agent(&["key", "new"]).unwrap().expect(&[0]).unwrap();
    let ended = region.site.agent(&["once"]).unwrap().expect(&[78]).unwrap();
    assert!(ended.stderr.contains("another objection key"), "{}", ended.stderr);
    told(&region, &[&number], &["withdraw"], &[78]);
    region.site.agent(&["check"]).unwrap().expect(&[78]).unwrap();
    std::fs::rename(world.folder().join("old.key"), &key).unwrap();
    once(&region, &[]);
    assert!(active_set(&world.database()).await.unwrap() == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_put_on_the_list_as_protected_after_having_been_sent_is_withdrawn_and_stays_out() {
    let (world, region) = delivered(30).await;
    let (number, _) = persons(&region).remove(4);
    let config = std::fs::read_to_string(region.site.config()).unwrap();
    let named = config.replacen("units = ", "objections_file = \"objections.csv\"\nunits = ", 1);
    std::fs::write(region.site.config(), named).unwrap();
    region.site.agent(&["once"]).unwrap().expect(&[69]).unwrap();
    let list = region.site.folder.join("objections.csv");
    std::fs::write(&list, format!("person_id;reason\n{number};protected\n")).unwrap();
    let report = once(&region, &[]);
    assert_eq!(report["erased"]["persons"], 1);
    assert_eq!(held(&world, &region, &theirs(&region, &number)).await, 0);
    std::fs::write(&list, "person_id;reason\n").unwrap();
    once(&region, &["--full"]);
    remove(&region, "outbox");
    once(&region, &[]);
    assert_eq!(held(&world, &region, &theirs(&region, &number)).await, 0);
}
