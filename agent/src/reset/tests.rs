//! New keys in the old ones' place, also where an earlier try broke off.

use super::*;
use crate::config::Config;
use crate::outbox::Outbox;
use crate::pseudonymise::Keys;
use crate::tests::Region;

/// The region's configuration once it names another key.
fn naming(region: &Region, kid: &str) -> Config {
    let mut config = region.setup.config.clone();
    config.pseudonym.key_id = kid.parse().unwrap();
    config
}

fn filled(fill: u8) -> impl FnMut(&mut [u8]) {
    move |bytes| bytes.fill(fill)
}

async fn delivered() -> Region {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    region.cycle(&mut outbox).await;
    region.deliver(&mut outbox).await;
    region
}

#[tokio::test]
async fn person_and_record_key_are_new_the_objection_key_stays_and_the_state_knows_no_old_record() {
    let region = delivered().await;
    let old = Keys::read(&region.path("pseudonym.key")).unwrap();
    for wrong in ["r12-g1", "r01-g2"] {
        let refused = make(&naming(&region, wrong), Old::Readable, filled(7)).await;
        assert!(matches!(refused, Err(ResetError::NotLater { .. })), "{wrong}");
    }
    let config = naming(&region, "r12-g2");
    let made = make(&config, Old::Readable, filled(7)).await.unwrap();
    let new = Keys::read(&region.path("pseudonym.key")).unwrap();
    assert_eq!((new.id().as_str(), new.fingerprint()), ("r12-g2", made.keys.fingerprint()));
    assert_eq!(new.objection_fingerprint(), old.objection_fingerprint());
    assert_ne!(new.fingerprint(), old.fingerprint());
    assert_ne!(new.record_key("main", "M-1"), old.record_key("main", "M-1"));
    assert_eq!(Keys::read(&region.path("pseudonym.key.r12-g1")).unwrap().fingerprint(), old.fingerprint());
    assert!(!region.path("pseudonym.key.r12-g2").exists());

    let mut outbox = Outbox::open(&config.state_dir()).await.unwrap();
    assert_eq!((outbox.at_register().await.unwrap(), outbox.generation().await.unwrap()), (0, None));
    let note = outbox.reset_note().await.unwrap().unwrap();
    assert_eq!((note.kid.as_str(), note.standing), ("r12-g2", None));
    assert_eq!(outbox.delivered_since(&note).await.unwrap(), None, "not everything was read yet");
}

#[tokio::test]
async fn a_try_that_broke_off_goes_on_with_the_keys_that_it_made() {
    let region = delivered().await;
    let config = naming(&region, "r12-g2");
    let old = std::fs::read(region.path("pseudonym.key")).unwrap();
    let first = make(&config, Old::Readable, filled(7)).await.unwrap().keys.fingerprint();
    // As it stands before the last step.
    std::fs::rename(region.path("pseudonym.key"), region.path("pseudonym.key.r12-g2")).unwrap();
    std::fs::rename(region.path("pseudonym.key.r12-g1"), region.path("pseudonym.key")).unwrap();
    assert_eq!(std::fs::read(region.path("pseudonym.key")).unwrap(), old);
    let second = make(&config, Old::Readable, filled(8)).await.unwrap();
    assert_eq!(second.keys.fingerprint(), first);
    assert_eq!(Keys::read(&region.path("pseudonym.key")).unwrap().fingerprint(), first);
}

#[tokio::test]
async fn without_the_old_file_a_person_must_say_that_it_is_lost_and_the_list_is_set_aside() {
    let region = delivered().await;
    let (config, list) = (naming(&region, "r12-g2"), region.setup.config.state_dir().join(crate::objections::FILE));
    crate::objections::Objections::open(&config.state_dir(), &region.setup.keys).await.unwrap();
    std::fs::write(region.path("pseudonym.key"), "nothing").unwrap();
    let refused = make(&config, Old::Readable, filled(7)).await;
    assert!(matches!(refused, Err(ResetError::Unreadable(_))));
    assert!(list.is_file() && Outbox::open(&config.state_dir()).await.unwrap().reset_note().await.unwrap().is_none());
    let made = make(&config, Old::Lost, filled(7)).await.unwrap();
    assert_ne!(made.keys.objection_fingerprint(), region.setup.keys.objection_fingerprint());
    assert!(!list.exists() && made.lost_list.is_some_and(|aside| aside.is_file()));
    assert_eq!(std::fs::read_to_string(region.path("pseudonym.key.lost")).unwrap(), "nothing");
}
