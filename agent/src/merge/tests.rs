//! Which lines are pairs, who is joined, and what the register is told.

use std::sync::atomic::{AtomicU8, Ordering};

use super::*;
use crate::objections::{NewObjection, Objections};
use crate::tests::{NOW, Region, person};

fn read(text: &str) -> Result<Vec<(usize, [String; 2])>, MergeError> {
    let read = pairs(text, &CodeLists::builtin())?;
    Ok(read.into_iter().map(|(line, pair)| (line, pair.map(|one| one.digits().to_owned()))).collect())
}

#[test]
fn a_pair_stands_on_a_line_in_any_spelling_and_what_is_none_is_refused_by_its_line() {
    let [old, new] = [person(1), person(2)];
    let spelt = format!("{}-{}", &new[..8], &new[8..]);
    for text in [
        format!("{old} {new}"),
        format!("\u{feff}\r\n{old};{spelt}\r\n").replace("\r\n\u{feff}", ""),
        format!("{old}\t{new}\n"),
        format!("  {old} , {} {} ", &new[..8], &new[8..]),
    ] {
        let told = read(&text).unwrap();
        assert_eq!(
            told.iter().map(|(_, pair)| pair.clone()).collect::<Vec<_>>(),
            [[old.clone(), new.clone()]],
            "{text}"
        );
    }
    let reserve = read(&format!("{old};varmland:19810829su3a")).unwrap();
    assert_eq!(reserve[0].1[1], "19810829SU3A");
    for (text, line) in [(old.clone(), 1), (format!("\n{old} {new} {old}"), 2), (format!("{old};"), 1)] {
        assert!(matches!(read(&text), Err(MergeError::Line(at)) if at == line), "{text}");
    }
    let short = format!("{old} {new}\n{old} {}", &new[2..]);
    let refused = read(&short).unwrap_err();
    assert!(matches!(refused, MergeError::Number(BadLine::TenDigits(2))));
    assert!(!refused.to_string().contains(&new[2..8]));
}

/// Keeps a pair of persons; the key of its record is drawn anew each time.
async fn say(region: &Region, outbox: &mut Outbox, (old, new): (usize, usize), says: Says) -> Result<(), MergeError> {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let text = format!("{} {}", person(old), person(new));
    let said = pairs(&text, &region.setup.lists).unwrap();
    keep(&region.setup, outbox, (&said, says), || [NEXT.fetch_add(1, Ordering::Relaxed); 32]).await.map(drop)
}

/// What a delivery tells the register of pairs.
async fn told(region: &Region, outbox: &mut Outbox) -> Vec<(String, u64)> {
    queue(&region.setup, outbox, NOW.parse().unwrap()).await.unwrap();
    let lines = region.deliver(outbox).await;
    let line = |text: &String| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let of_pair = |line: &serde_json::Value| line["kind"].as_str().is_some_and(|kind| kind.starts_with("subject_"));
    let told = lines.iter().map(line).filter(of_pair);
    told.map(|line| (line["kind"].as_str().unwrap().to_owned(), line["version"]["counter"].as_u64().unwrap())).collect()
}

async fn region() -> (Region, Outbox) {
    let region = Region::new().await;
    region.treatment("B-1", 1, &[]).await;
    region.treatment("B-2", 2, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    (region, outbox)
}

#[tokio::test]
async fn what_was_said_reaches_the_register_once_and_again_under_a_new_generation() {
    let (region, mut outbox) = region().await;
    say(&region, &mut outbox, (1, 2), Says::Merge).await.unwrap();
    let first = told(&region, &mut outbox).await;
    assert_eq!(first.len(), 1);
    assert_eq!(first[0].0, "subject_merge");
    assert_eq!(told(&region, &mut outbox).await, []);
    // The other way round it is the same pair, and the later word counts.
    say(&region, &mut outbox, (2, 1), Says::Split).await.unwrap();
    let second = told(&region, &mut outbox).await;
    assert!(second.len() == 1 && second[0].0 == "subject_split" && second[0].1 > first[0].1, "{second:?}");
    outbox.begin_anew().await.unwrap();
    outbox.state_id([8; 16]).await.unwrap();
    outbox.set_generation(2).await.unwrap();
    assert_eq!(told(&region, &mut outbox).await.len(), 1);
    outbox.tell_pairs_again().await.unwrap();
    assert_eq!(told(&region, &mut outbox).await.len(), 1);
    assert_eq!(told(&region, &mut outbox).await, []);
}

#[tokio::test]
async fn a_pair_of_whom_nobody_is_known_of_one_person_or_of_somebody_who_objects_is_not_taken() {
    let (region, mut outbox) = region().await;
    assert!(matches!(say(&region, &mut outbox, (7, 8), Says::Merge).await, Err(MergeError::Unknown(1))));
    assert!(matches!(say(&region, &mut outbox, (1, 1), Says::Merge).await, Err(MergeError::Same(1))));
    let objector = region
        .setup
        .keys
        .objector(&pairs(&format!("{} {}", person(3), person(4)), &region.setup.lists).unwrap()[0].1[0]);
    let mut objections = Objections::open(&region.setup.config.state_dir(), &region.setup.keys).await.unwrap();
    let objection = NewObjection {
        objector,
        earlier: Vec::new(),
        origin: Origin::Stdin,
        reason: Reason::Objection,
        registered_at: NOW.into(),
    };
    objections.remember(&[objection], (&region.setup.keys, &[7; 16])).await.unwrap();
    assert!(matches!(say(&region, &mut outbox, (1, 3), Says::Merge).await, Err(MergeError::Objects(1))));
    assert_eq!(told(&region, &mut outbox).await, []);
}

#[tokio::test]
async fn whoever_objects_under_one_number_is_left_out_under_the_other_too_and_nothing_is_left_of_the_pair() {
    let (region, mut outbox) = region().await;
    region.treatment("B-3", 3, &[]).await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    say(&region, &mut outbox, (1, 2), Says::Merge).await.unwrap();
    told(&region, &mut outbox).await;
    region.sql("UPDATE treatments SET status = 'opted_out', updated_at = '2024-04-01T00:00:00Z' WHERE treatment_id = 'B-1'").await;
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await, [] as [String; 0], "neither number's treatment is sent again");
    let left: Vec<_> = outbox.standing_behind("").await.unwrap();
    assert_eq!(left.len(), 1, "B-3 alone");
    let objections =
        Objections::open(&region.setup.config.state_dir(), &region.setup.keys).await.unwrap().hashes().await;
    let hashes = objections.unwrap();
    assert_eq!(hashes.len(), 2);
    assert_eq!(outbox.other_numbers(&hashes.into_iter().take(1).collect()).await.unwrap(), []);
}
