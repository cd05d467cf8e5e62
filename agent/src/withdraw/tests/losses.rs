//! What is lost, and what survives it: no objector is ever sent again.

use super::*;
use crate::objections::ObjectionsError;
use crate::pseudonymise::Keys;

fn remove(region: &Region, database: &str) {
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(region.path(&format!("state/{database}.db{suffix}"))).ok();
    }
}

/// A new state directory, after another of the same sender.
async fn second_state(region: &Region) -> Outbox {
    let mut outbox = Outbox::open(&region.setup.config.state_dir()).await.unwrap();
    outbox.state_id([8; 16]).await.unwrap();
    outbox.set_generation(2).await.unwrap();
    outbox
}

#[tokio::test]
async fn without_the_outbox_everybody_is_remembered_and_what_was_not_told_yet_is_told() {
    let (region, mut outbox) = delivered().await;
    let register = Register::default();
    asked(&region, &mut outbox, &[1], None).await;
    register.told_by(&region, &mut outbox).await;
    region.treatment("M-9", 2, &[("status", "opted_out"), ("updated_at", "2024-05-21T00:00:00Z")]).await;
    region.cycle(&mut outbox).await;
    drop(outbox);
    remove(&region, "outbox");

    let mut outbox = second_state(&region).await;
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    region.cycle(&mut outbox).await;
    let lines = region.deliver(&mut outbox).await;
    assert!(lines.len() == 1 && lines[0].contains(&pseudonym(&region.setup, 3)), "{lines:?}");
    register.told_by(&region, &mut outbox).await;
    assert_eq!(register.newest(), [pseudonym(&region.setup, 2)]);
    assert_eq!(outbox.objectors().await.unwrap().values().filter(|dealt| **dealt == Dealt::Confirmed).count(), 2);
    // What the lost state directory sent is not known: whoever objects from here on may have been sent.
    region.treatment("M-8", 5, &[("status", "opted_out")]).await;
    region.cycle(&mut outbox).await;
    register.told_by(&region, &mut outbox).await;
    assert_eq!(register.newest(), [pseudonym(&region.setup, 5)]);
}

#[tokio::test]
async fn without_the_list_nothing_is_read_until_it_is_restored_or_somebody_answers_for_it() {
    let (region, mut outbox) = delivered().await;
    let register = Register::default();
    asked(&region, &mut outbox, &[1, 2], None).await;
    register.told_by(&region, &mut outbox).await;
    let copy = region.path("copy");
    list(&region).await.back_up(&copy, "fyra ord utan namn", [1; 32]).await.unwrap();
    remove(&region, "objections");

    let lost =
        |refused: &WithdrawError| matches!(refused, WithdrawError::Objections(ObjectionsError::Fewer { known: 2, .. }));
    // This state directory knows by itself, a new one by the register.
    let refused = agree(&region.setup, &mut outbox, None).await.unwrap_err();
    assert!(lost(&refused), "{refused}");
    drop(outbox);
    remove(&region, "outbox");
    let mut outbox = second_state(&region).await;
    let refused = agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap_err();
    assert!(lost(&refused), "{refused}");

    list(&region).await.set_answered_for(2).await.unwrap();
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    list(&region).await.set_answered_for(0).await.unwrap();
    list(&region).await.restore(&copy, "fyra ord utan namn", &region.setup.keys).await.unwrap();
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    region.cycle(&mut outbox).await;
    let lines = region.deliver(&mut outbox).await;
    assert!(lines.len() == 1 && lines[0].contains(&pseudonym(&region.setup, 3)), "{lines:?}");
}

#[tokio::test]
async fn a_replaced_key_file_stops_everything() {
    let (mut region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1], None).await;
    region.setup.keys = Keys::generate(region.setup.keys.id(), |bytes| bytes.fill(99)).unwrap().into();
    let refused = agree(&region.setup, &mut outbox, None).await.unwrap_err();
    assert!(matches!(refused, WithdrawError::Objections(ObjectionsError::OtherKey { .. })), "{refused}");
}

#[tokio::test]
async fn a_reply_that_was_lost_is_not_taken_for_a_lost_list() {
    let (region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1], None).await;
    let register = Register::default();
    let swallow = async |withdrawal: &Withdrawal| {
        register.withdraw(withdrawal).unwrap();
        Err(ClientError::Unreachable("cut".into()))
    };
    send_by(&region.setup, &mut outbox, (NOW.parse().unwrap(), [9; 16]), swallow).await.unwrap();
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    let first = register.newest();
    register.told_by(&region, &mut outbox).await;
    let requests = register.requests.lock().unwrap();
    assert!(requests.len() == 2 && requests[0] == requests[1] && first.len() == 1, "it is not the same request again");
}

#[tokio::test]
async fn a_request_whose_reply_was_lost_is_made_again_as_it_was_whoever_joins_meanwhile() {
    let (region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1, 2], None).await;
    let register = Register::default();
    let swallow = async |withdrawal: &Withdrawal| {
        register.withdraw(withdrawal).unwrap();
        Err(ClientError::Unreachable("cut".into()))
    };
    send_by(&region.setup, &mut outbox, (NOW.parse().unwrap(), [9; 16]), swallow).await.unwrap();
    asked(&region, &mut outbox, &[3], None).await;
    assert_eq!(register.told_by(&region, &mut outbox).await.confirmed.len(), 2);
    let requests = register.requests.lock().unwrap();
    assert_eq!(requests.iter().map(|request| request.persons.len()).sum::<usize>(), 5);
    assert!(requests[1..].contains(&requests[0]), "it is not the same request again");
}

#[tokio::test]
async fn a_register_that_forgot_erasures_is_told_of_them_again() {
    let (region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1, 2], None).await;
    let register = Register::default();
    register.told_by(&region, &mut outbox).await;
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    assert!(register.told_by(&region, &mut outbox).await.confirmed.is_empty());
    // Put back from a backup of the day before.
    register.withdrawn.lock().unwrap().clear();
    agree(&region.setup, &mut outbox, Some(&register.me())).await.unwrap();
    register.told_by(&region, &mut outbox).await;
    assert_eq!((register.newest().len(), register.me().withdrawn), (2, 2));
}
