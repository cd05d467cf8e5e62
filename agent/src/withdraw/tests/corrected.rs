//! A treatment whose person was corrected at the source, and the register has not heard of it when the right person leaves.

use super::*;

const SENDER: &str = "12";

/// The first person's treatment is said to be another one's, and is held.
async fn correct(region: &Region, who: usize) {
    let who = person(who);
    let correct = format!(
        "UPDATE treatments SET person_id = '{who}', programme = 'Okänt', updated_at = '2024-05-22T00:00:00Z' WHERE treatment_id = 'M-1'"
    );
    region.sql(&correct).await;
}

/// Delivered under person 1, corrected to person 7 and held, when person 7 leaves.
async fn left() -> (Region, Outbox) {
    let (region, mut outbox) = delivered().await;
    region.treatment("M-4", 1, &[]).await;
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await.len(), 1);
    correct(&region, 7).await;
    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty(), "the correction is held");
    asked(&region, &mut outbox, &[7], None).await;
    (region, outbox)
}

fn key(region: &Region) -> String {
    region.setup.keys.record_key("main", "M-1").to_string()
}

/// The lines must be this one retraction.
fn must_take_back(region: &Region, lines: &[String]) {
    let words = [r#""kind":"retraction""#, r#"{"reason":"protected_identity"}"#, &key(region)];
    assert!(lines.len() == 1 && words.iter().all(|words| lines[0].contains(words)), "{lines:?}");
}

async fn must_be_forgotten(region: &Region, outbox: &mut Outbox) {
    outbox.forget_taken_back(SENDER).await.unwrap();
    outbox.clean().await.unwrap();
    let whole = key(region);
    for needle in ["M-1", whole.rsplit('.').next().unwrap(), &pseudonym(&region.setup, 7)] {
        assert!(!holds(region, needle), "{needle} is still there");
    }
}

#[tokio::test]
async fn a_treatment_whose_correction_was_held_is_taken_back_when_its_person_leaves_and_only_then_forgotten() {
    let (region, mut outbox) = Box::pin(left()).await;
    let register = Register::default();
    register.told_by(&region, &mut outbox).await;
    assert_eq!(register.newest(), [pseudonym(&region.setup, 7)], "the first person has not objected");
    drop(outbox);

    // The register takes it, and its reply is lost.
    let mut outbox = region.outbox().await;
    assert_eq!(outbox.next(&SENDER.parse().unwrap()).await.unwrap().unwrap().records, 1);
    outbox.forget_taken_back(SENDER).await.unwrap();
    drop(outbox);
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    must_take_back(&region, &region.deliver(&mut outbox).await);
    must_be_forgotten(&region, &mut outbox).await;

    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty());
    must_be_forgotten(&region, &mut outbox).await;
    assert_eq!(outbox.at_register().await.unwrap(), 3, "the first person's other treatment stays");
    let accounts = outbox.accounts().await.unwrap();
    assert!(accounts.iter().all(crate::account::Account::balances), "{accounts:?}");
}

#[tokio::test]
async fn a_correction_that_waits_in_the_queue_when_its_person_leaves_is_no_other_case() {
    for sealed in [false, true] {
        let (region, mut outbox) = delivered().await;
        let who = person(7);
        let touched = "updated_at = '2024-05-22T00:00:00Z' WHERE treatment_id = 'M-1'";
        region.sql(&format!("UPDATE treatments SET person_id = '{who}', {touched}")).await;
        region.cycle(&mut outbox).await;
        if sealed {
            outbox.next(&SENDER.parse().unwrap()).await.unwrap().unwrap();
        }
        asked(&region, &mut outbox, &[7], None).await;
        must_take_back(&region, &region.deliver(&mut outbox).await);
        must_be_forgotten(&region, &mut outbox).await;
    }
}

#[tokio::test]
async fn a_treatment_of_which_only_a_lost_reply_could_tell_is_taken_back_too() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    outbox.next(&SENDER.parse().unwrap()).await.unwrap().unwrap();
    correct(&region, 7).await;
    region.cycle(&mut outbox).await;
    asked(&region, &mut outbox, &[7], None).await;
    must_take_back(&region, &region.deliver(&mut outbox).await);
    must_be_forgotten(&region, &mut outbox).await;
}

#[tokio::test]
async fn a_treatment_that_was_delivered_only_after_its_correction_was_held_is_taken_back_too() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    correct(&region, 7).await;
    region.cycle(&mut outbox).await;
    assert_eq!(region.deliver(&mut outbox).await.len(), 1);
    asked(&region, &mut outbox, &[7], None).await;
    must_take_back(&region, &region.deliver(&mut outbox).await);
    must_be_forgotten(&region, &mut outbox).await;
}

#[tokio::test]
async fn a_retraction_that_is_lost_with_the_queue_is_queued_again() {
    let (region, mut outbox) = Box::pin(left()).await;
    outbox.begin_anew().await.unwrap();
    outbox.state_id([8; 16]).await.unwrap();
    assert_eq!(
        outbox.take_back_elsewhere(NOW.parse().unwrap()).await.unwrap(),
        0,
        "there is no generation to write in"
    );
    outbox.set_generation(2).await.unwrap();
    region.cycle(&mut outbox).await;
    let lines = region.deliver(&mut outbox).await;
    let (back, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.contains("retraction"));
    must_take_back(&region, &back);
    assert_eq!(others.len(), 3, "everything else is sent again");
    must_be_forgotten(&region, &mut outbox).await;
}

#[tokio::test]
async fn a_treatment_that_is_the_first_person_s_after_all_stays() {
    let (region, mut outbox) = Box::pin(left()).await;
    let who = person(1);
    let touched = "updated_at = '2024-05-23T00:00:00Z' WHERE treatment_id = 'M-1'";
    region
        .sql(&format!("UPDATE treatments SET person_id = '{who}', programme = 'Depressionshjälpen', {touched}"))
        .await;
    region.cycle(&mut outbox).await;
    let lines = region.deliver(&mut outbox).await;
    assert!(lines.last().unwrap().contains(&pseudonym(&region.setup, 1)), "{lines:?}");
    outbox.forget_taken_back(SENDER).await.unwrap();
    assert_eq!(outbox.at_register().await.unwrap(), 4, "of the treatments one is missing");
    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty());
}

#[tokio::test]
async fn what_the_first_person_leaves_with_is_not_taken_back_beside_the_erasure() {
    let (region, mut outbox) = delivered().await;
    correct(&region, 7).await;
    region.cycle(&mut outbox).await;
    asked(&region, &mut outbox, &[1, 7], None).await;
    assert!(region.deliver(&mut outbox).await.is_empty(), "the erasure of the first person takes it along");
    must_be_forgotten(&region, &mut outbox).await;
}

#[tokio::test]
async fn a_treatment_that_is_said_to_be_of_somebody_who_left_before_is_taken_back() {
    for delivered_before in [true, false] {
        let (region, mut outbox) = delivered().await;
        asked(&region, &mut outbox, &[7], None).await;
        if !delivered_before {
            region.answer("M-1", "post", "3", &[("updated_at", "2024-05-21T00:00:00Z")]).await;
        }
        region.cycle(&mut outbox).await;
        correct(&region, 7).await;
        region.cycle(&mut outbox).await;
        let lines = region.deliver(&mut outbox).await;
        must_take_back(&region, &lines[usize::from(!delivered_before)..]);
        must_be_forgotten(&region, &mut outbox).await;
        region.cycle(&mut outbox).await;
        assert!(region.deliver(&mut outbox).await.is_empty());
        let accounts = outbox.accounts().await.unwrap();
        assert!(accounts.iter().all(crate::account::Account::balances), "{accounts:?}");
    }
}
