//! One treatment id that a source gives to two persons, of whom one objects.

use super::*;
use crate::outbox::{Leaving, Tell};
use crate::pseudonymise::Objector;

/// Everything by which the state could name the shared treatment and the person who objects.
fn named_by(region: &Region, who: usize) -> Vec<Vec<u8>> {
    let keys = &region.setup.keys;
    let key = keys.record_key("main", "M-1");
    vec![
        b"M-1".to_vec(),
        key.hmac().as_bytes().to_vec(),
        keys.objector(&named(who)).person.to_vec(),
        pseudonym(&region.setup, who).into_bytes(),
    ]
}

async fn must_not_be_named(region: &Region, outbox: &mut Outbox, who: usize) {
    outbox.clean().await.unwrap();
    for (place, needle) in named_by(region, who).into_iter().enumerate() {
        assert!(!holds(region, needle), "needle {place} of {who} is still there");
    }
}

/// The cycle's counts of what stays, and how many rows of the shared treatment are held.
async fn stays(region: &Region, outbox: &mut Outbox) -> (Vec<(String, u64)>, usize) {
    let counts = region.cycle(outbox).await.counts;
    assert!(region.deliver(outbox).await.is_empty());
    let accounts = outbox.accounts().await.unwrap();
    assert!(accounts.iter().all(crate::account::Account::balances), "{accounts:?}");
    let rules =
        counts.into_iter().filter(|((_, rule), _)| ["treatment-id-shared", "objection"].contains(&rule.as_str()));
    (rules.map(|((_, rule), n)| (rule, n)).collect(), outbox.held_ones(None).await.unwrap().len())
}

async fn touch(region: &Region, second: u32) {
    let touch =
        format!("UPDATE treatments SET updated_at = '2024-05-22T00:00:{second:02}Z' WHERE treatment_id = 'M-1'");
    region.sql(&touch).await;
}

#[tokio::test]
async fn a_treatment_id_that_an_objector_shares_is_held_without_anything_that_names_it() {
    for who in [1, 2] {
        let region = Region::new().await;
        for bearer in [1, 2] {
            region.treatment("M-1", bearer, &[]).await;
        }
        region.treatment("M-3", 3, &[]).await;
        region.answer("M-1", "pre", "99", &[]).await;
        let mut outbox = region.outbox().await;
        region.cycle(&mut outbox).await;
        assert_eq!(region.deliver(&mut outbox).await.len(), 1);
        let both = named_by(&region, who);
        assert!(holds(&region, &both[0]) && holds(&region, &both[1]), "nobody could find the two rows");
        assert!(!holds(&region, &both[2]), "whose the rows are is not known");

        asked(&region, &mut outbox, &[who], None).await;
        must_not_be_named(&region, &mut outbox, who).await;
        for second in 0..3 {
            let told = stays(&region, &mut outbox).await;
            assert_eq!(told, (vec![("treatment-id-shared".into(), 1)], 2), "reading {second}");
            must_not_be_named(&region, &mut outbox, who).await;
            touch(&region, second).await;
        }
    }
}

#[tokio::test]
async fn an_objector_whose_newer_row_has_no_readable_number_is_not_named_by_it() {
    let (region, mut outbox) = delivered().await;
    asked(&region, &mut outbox, &[1], None).await;
    region.treatment("M-1", 1, &[("person_id", "okänd"), ("updated_at", "2024-05-22T00:00:00Z")]).await;
    region.cycle(&mut outbox).await;
    must_not_be_named(&region, &mut outbox, 1).await;
    assert_eq!(outbox.held_ones(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_treatment_at_the_register_stays_its_person_s_when_an_objector_s_row_has_its_id() {
    let (region, mut outbox) = delivered().await;
    region.treatment("M-1", 7, &[("updated_at", "2024-05-22T00:00:00Z")]).await;
    asked(&region, &mut outbox, &[7], None).await;
    region.cycle(&mut outbox).await;
    assert!(region.deliver(&mut outbox).await.is_empty(), "what is the other one's is taken back");
    let Objector { hash, person } = region.setup.keys.objector(&named(1));
    let first = Leaving { hash, person, tell: Tell::IfKnown };
    assert_eq!(outbox.known_of(&"12".parse().unwrap(), &[first]).await.unwrap(), (1, 1));
    outbox.clean().await.unwrap();
    let [id, _, person, pseudonym] = named_by(&region, 7).try_into().unwrap();
    assert!([id, person, pseudonym].iter().all(|needle| !holds(&region, needle)));
    let accounts = outbox.accounts().await.unwrap();
    assert!(accounts.iter().all(crate::account::Account::balances), "{accounts:?}");
}
