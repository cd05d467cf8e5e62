//! The bytes that a person would leave at the region.

use end_to_end::hunt::Hunt;

use super::*;

/// Everything of persons that the region's state may hold: pseudonyms, as text and as bytes, and record keys.
fn marks(region: &Region, leaving: &[(String, Vec<&Treatment>)]) -> Vec<Vec<u8>> {
    let keys = keys(region);
    let mut marks = Vec::new();
    for (_, theirs) in leaving {
        for treatment in theirs {
            let key = keys.record_key("main", &treatment.id).to_string();
            marks.push(key.rsplit('.').next().unwrap().as_bytes().to_vec());
            marks.push(keys.record_hash("main", &treatment.id).to_vec());
            marks.push(treatment.id.as_bytes().to_vec());
        }
    }
    marks
}

#[tokio::test(flavor = "multi_thread")]
async fn of_persons_who_were_withdrawn_no_byte_is_left_in_the_region_s_state() {
    let (world, region) = delivered(200).await;
    // Some wait in the queue again when they leave.
    alter(&region.source.file(), r#"UPDATE "svar" SET "poäng" = "poäng" + 0, "ändrad" = '2099-01-01T00:00:00Z'"#)
        .await
        .unwrap();
    let all = persons(&region);
    let (leaving, staying) = all.split_at(100.min(all.len() / 2));
    let numbers: Vec<&str> = leaving.iter().map(|(number, _)| number.as_str()).collect();
    let hunts = [Hunt::exactly(marks(&region, leaving)), Hunt::exactly(marks(&region, staying))];
    let found = |hunt: &Hunt| hunt.directory(&region.site.state()).unwrap();
    assert!(found(&hunts[0]).len() >= leaving.len(), "the hunt finds nothing that is there");

    told(&region, &numbers, &["withdraw"], &[0]);
    for when in ["behind the withdrawal", "behind the next sweep"] {
        let left = found(&hunts[0]);
        let told: Vec<String> = left.iter().take(5).map(ToString::to_string).collect();
        assert!(left.is_empty(), "{when}: {} hits, such as {told:#?}", left.len());
        assert!(found(&hunts[1]).len() >= staying.len(), "{when}: whoever stays is gone");
        once(&region, &["--full"]);
    }
    let receipts = region.site.agent(&["withdraw", "--receipts"]).unwrap().expect(&[0]).unwrap().stdout;
    println!("{} persons left: {receipts}", numbers.len());
    drop(world);
}
