//! The bytes that a person would leave at either end: everything that the agent keeps, and the register's files.

use agent::withdraw;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use end_to_end::hunt::{Hit, Hunt};
use schemas::codelist::CodeLists;

use super::*;

/// Everything of persons that state or log may hold: pseudonyms and record keys, as text and as bytes, and the source's own ids.
fn marks(region: &Region, leaving: &[(String, Vec<&Treatment>)]) -> Vec<Vec<u8>> {
    let keys = region.site.keys().unwrap();
    let mut marks = Vec::new();
    for (number, theirs) in leaving {
        let person = withdraw::persons(number, &CodeLists::builtin()).unwrap().remove(0);
        let pseudonym = keys.pseudonym(&person).to_string();
        let own = pseudonym.rsplit('.').next().unwrap();
        marks.push(own.as_bytes().to_vec());
        marks.push(URL_SAFE_NO_PAD.decode(own).unwrap());
        for treatment in theirs {
            let key = keys.record_key("main", &treatment.id).to_string();
            marks.push(key.rsplit('.').next().unwrap().as_bytes().to_vec());
            marks.push(keys.record_hash("main", &treatment.id).to_vec());
            marks.push(treatment.id.as_bytes().to_vec());
        }
    }
    marks
}

/// A third say so themselves, a third by a row of theirs, a third by the list.
async fn leave(region: &Region, leaving: &[(String, Vec<&Treatment>)]) -> String {
    let (told_by, others) = leaving.split_at(leaving.len() / 3);
    let (rows, listed) = others.split_at(others.len() / 2);
    let numbers: Vec<&str> = told_by.iter().map(|(number, _)| number.as_str()).collect();
    let ended = told(region, &numbers, &["withdraw"], &[0]);
    let ids: Vec<&str> = rows.iter().map(|(_, theirs)| theirs[0].id.as_str()).collect();
    let object = format!(
        r#"UPDATE "moment" SET "läge" = 'vill ej delta i register', "ändrad" = '2099-01-02T00:00:00Z' WHERE "nummer" IN ('{}')"#,
        ids.join("', '")
    );
    alter(&region.source.file(), Box::leak(object.into_boxed_str())).await.unwrap();
    let listed: Vec<(&str, &str)> = listed.iter().map(|(number, _)| (number.as_str(), "objection")).collect();
    list(region, &listed);
    let run = region.site.agent(&["once", "--json"]).unwrap().expect(&[3]).unwrap();
    let erased = run.json().unwrap()["erased"]["persons"].as_u64();
    assert_eq!(erased, Some((rows.len() + listed.len()) as u64), "{}", run.stdout);
    [ended.stdout, ended.stderr, run.stdout, run.stderr].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_persons_who_were_withdrawn_no_byte_is_left_in_the_region_s_state() {
    let (world, region) = delivered(280).await;
    name_list(&region);
    // Some wait in the queue again when they leave.
    alter(&region.source.file(), r#"UPDATE "svar" SET "poäng" = "poäng" + 0, "ändrad" = '2099-01-01T00:00:00Z'"#)
        .await
        .unwrap();
    let all = persons(&region);
    let (leaving, staying) = all.split_at(100.min(all.len() / 2));
    let hunts = [Hunt::exactly(marks(&region, leaving)), Hunt::exactly(marks(&region, staying))];
    let [state, register] = [region.site.state(), world.register()];
    let found = |hunt: &Hunt| -> Vec<Hit> {
        let places = [&state, &register, &world.log()].map(|place| hunt.directory(place).unwrap());
        places.concat()
    };
    assert_eq!(leaving.len(), 100);
    assert!(found(&hunts[0]).len() >= leaving.len(), "the hunt finds nothing that is there");

    let said = leave(&region, leaving).await;
    world.registry(&["erase-now"]).unwrap().expect(&[0]).unwrap();
    assert!(hunts[0].bytes("what the agent said", said.as_bytes()).is_empty());
    for when in ["behind the withdrawal", "behind the next sweep"] {
        let left = found(&hunts[0]);
        let told: Vec<String> = left.iter().take(5).map(ToString::to_string).collect();
        assert!(left.is_empty(), "{when}: {} hits, such as {told:#?}", left.len());
        assert!(found(&hunts[1]).len() >= staying.len(), "{when}: whoever stays is gone");
        once(&region, &["--full"]);
    }
    let receipts = region.site.agent(&["withdraw", "--receipts"]).unwrap().expect(&[0]).unwrap().stdout;
    println!("{} persons left: {receipts}", leaving.len());
}
