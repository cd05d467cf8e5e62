//! Who objects while a reset of the keys goes on: the register holds them under the old keys until the new set is whole.

use super::*;
use crate::config::Config;
use crate::reset::{self, Old};

/// Three persons delivered, new keys made, and the first contact had.
async fn under_way() -> (Region, Outbox, [String; 2]) {
    let (mut region, outbox) = delivered().await;
    drop(outbox);
    let before = pseudonym(&region.setup, 1);
    let file = region.path("agent.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("r12-g1", "r12-g2");
    std::fs::write(&file, text).unwrap();
    let config = Config::read(&file, []).unwrap();
    reset::make(&config, Old::Readable, |bytes| bytes.fill(77)).await.unwrap();
    region.setup = Setup::read(config).unwrap();
    let mut outbox = Outbox::open(&region.setup.config.state_dir()).await.unwrap();
    outbox.state_id([8; 16]).await.unwrap();
    outbox.set_generation(2).await.unwrap();
    let after = pseudonym(&region.setup, 1);
    (region, outbox, [before, after])
}

/// Whom each request names.
fn told(register: &Register) -> Vec<Vec<String>> {
    let requests = register.requests.lock().unwrap();
    let names = |one: &Withdrawal| one.persons.iter().map(|person| person.pseudonym.to_string()).collect();
    requests.iter().map(names).collect()
}

#[tokio::test]
async fn who_objects_during_a_reset_is_named_under_both_keys_and_counted_once() {
    for by_row in [false, true] {
        let (region, mut outbox, [before, after]) = Box::pin(under_way()).await;
        if by_row {
            region.treatment("M-9", 1, &[("status", "opted_out")]).await;
            region.cycle(&mut outbox).await;
        } else {
            region.cycle(&mut outbox).await;
            assert_eq!(region.deliver(&mut outbox).await.len(), 3);
            asked(&region, &mut outbox, &[1], None).await;
        }
        // The answer to the first request is lost.
        let register = Register::default();
        let swallow = async |withdrawal: &Withdrawal| {
            register.withdraw(withdrawal).unwrap();
            Err(ClientError::Unreachable("cut".into()))
        };
        send_by(&region.setup, &mut outbox, (NOW.parse().unwrap(), [9; 16]), swallow).await.unwrap();
        let sending = register.told_by(&region, &mut outbox).await;
        assert_eq!(told(&register), [[before.clone()], [before.clone()], [after.clone()]]);
        assert_eq!(sending.confirmed.iter().map(|one| one.names).collect::<Vec<_>>(), [Names::Earlier, Names::Newest]);
        let erased = Erased::of(&sending.confirmed);
        assert_eq!((erased.persons, erased.receipts.len()), (1, 2));
        assert_eq!(list(&region).await.receipts(None).await.unwrap().len(), 2);
        assert!(!holds(&region, &before) && !holds(&region, &after));
        assert!(register.told_by(&region, &mut outbox).await.confirmed.is_empty(), "the register was told twice");
        let me = register.me();
        assert_eq!((me.withdrawn, list(&region).await.answered_for().await.unwrap()), (2, 1));
        agree(&region.setup, &mut outbox, Some(&me)).await.unwrap();
        asked(&region, &mut outbox, &[1], None).await;
        register.told_by(&region, &mut outbox).await;
        assert_eq!(list(&region).await.answered_for().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn once_the_new_set_counts_nobody_is_named_under_an_old_key() {
    let (region, mut outbox, [_, after]) = Box::pin(under_way()).await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    outbox.set_reset_note(None).await.unwrap();
    asked(&region, &mut outbox, &[1], None).await;
    let register = Register::default();
    register.told_by(&region, &mut outbox).await;
    assert_eq!(told(&register), [[after]]);
}

#[tokio::test]
async fn a_case_is_answered_for_a_person_whom_only_the_old_set_holds() {
    let (mut region, outbox) = delivered().await;
    drop(outbox);
    let before = pseudonym(&region.setup, 1);
    let file = region.path("agent.toml");
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap().replace("r12-g1", "r12-g2")).unwrap();
    let config = Config::read(&file, []).unwrap();
    reset::make(&config, Old::Readable, |bytes| bytes.fill(77)).await.unwrap();
    region.setup = Setup::read(config).unwrap();
    // Nothing was read or asked of the register since.
    let mut outbox = Outbox::open(&region.setup.config.state_dir()).await.unwrap();
    assert_eq!(asked(&region, &mut outbox, &[1], Some(3)).await.queued, 1);
    let register = Register::default();
    let sending = register.told_by(&region, &mut outbox).await;
    assert_eq!(told(&register)[0], [before]);
    assert_eq!(sending.confirmed.iter().map(|one| one.case).collect::<Vec<_>>(), [None, Some(3)]);
}

#[test]
fn a_treatment_that_stood_in_both_sets_counts_once() {
    let receipt = |names, treatments| {
        let register = Register::default();
        let persons = vec![WithdrawnPerson {
            pseudonym: format!("psn1.r12-g1.{}", "a".repeat(43)).parse().unwrap(),
            salt: schemas::id::Salt::of([1; 32]),
        }];
        let state_id = "a".repeat(32).parse().unwrap();
        let schema = schemas::withdrawal::SCHEMA.into();
        let (mut receipt, _) = register.withdraw(&Withdrawal { schema, state_id, case: None, persons }).unwrap();
        receipt.body.treatments = treatments;
        Confirmed { id: 1, case: None, receipt, names }
    };
    for (told, expected) in [
        (vec![(Names::Earlier, 5), (Names::Newest, 3)], 5),
        (vec![(Names::Earlier, 1), (Names::Newest, 2), (Names::Newest, 4)], 6),
        (vec![(Names::Newest, 4), (Names::Earlier, 5)], 9),
    ] {
        let confirmed: Vec<Confirmed> = told.into_iter().map(|(names, n)| receipt(names, n)).collect();
        assert_eq!(Erased::of(&confirmed).treatments, expected);
    }
}
