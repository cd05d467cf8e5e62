//! Nobody leaves the list but by being lifted, and no other key reads it.

use schemas::codelist::CodeLists;
use tempfile::TempDir;

use super::*;
use crate::identity::{IdentityText, TestIdentities, read_identity};
use crate::map::Reason;
use crate::pseudonymise::{Keys, Objector};
use crate::tests::person;
use crate::vault::VaultError;

fn keys(fill: u8) -> Keys {
    Keys::generate(&"r12-g1".parse().unwrap(), |bytes| bytes.fill(fill)).unwrap()
}

fn objector(keys: &Keys, who: usize) -> Objector {
    let text = person(who);
    let identity = IdentityText { text: &text, system: None, reference: None };
    keys.objector(&read_identity(&identity, TestIdentities::Allow, &CodeLists::builtin()).unwrap())
}

fn new(keys: &Keys, who: usize) -> NewObjection {
    NewObjection {
        objector: objector(keys, who),
        earlier: Vec::new(),
        origin: Origin::Query,
        reason: Reason::Objection,
        registered_at: "2024-05-01".into(),
    }
}

async fn list(folder: &TempDir, keys: &Keys) -> Objections {
    Objections::open(folder.path(), keys).await.unwrap()
}

const NOW: &str = "2024-06-01T10:00:00Z";

#[tokio::test]
async fn a_person_is_remembered_once_and_a_pseudonym_as_long_as_something_may_have_to_be_erased() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), keys(1));
    let mut objections = list(&folder, &keys).await;
    objections.remember(&[new(&keys, 1), new(&keys, 2)], (&keys, &[1; 16])).await.unwrap();
    objections.remember(&[new(&keys, 2), new(&keys, 3)], (&keys, &[2; 16])).await.unwrap();
    drop(objections);
    let mut objections = list(&folder, &keys).await;
    let open = objections.open_ones(&keys).await.unwrap();
    assert_eq!((objections.hashes().await.unwrap().len(), open.len()), (3, 3));
    let second = open.iter().find(|one| one.hash == objector(&keys, 2).hash).unwrap();
    assert!(second.person == objector(&keys, 2).person && !second.asked && !second.erased);
    assert_eq!(second.salt, keys.erasure_salt(&second.hash, &[1; 16]), "the salt of a request changed");

    objections.ask(&[new(&keys, 2)], Some(7), (&keys, &[3; 16])).await.unwrap();
    objections.drop_seals(&[objector(&keys, 1).hash]).await.unwrap();
    let id = objections.erased(&[objector(&keys, 3).hash], (b"receipt", None), NOW.parse().unwrap()).await.unwrap();
    assert_eq!(objections.receipts(Some(id)).await.unwrap()[0].bytes, b"receipt");
    let open = objections.open_ones(&keys).await.unwrap();
    let told: Vec<(bool, bool, Option<u32>)> = open.iter().map(|one| (one.asked, one.erased, one.case)).collect();
    assert!(told.len() == 2 && told.contains(&(true, false, Some(7))) && told.contains(&(false, true, None)));
    objections.drop_old_seals("2024-07-05T10:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(objections.open_ones(&keys).await.unwrap().len(), 2, "a backup may hold the person still");
    objections.drop_old_seals("2024-07-07T10:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(objections.open_ones(&keys).await.unwrap().len(), 1);
    let count = objections.count().await.unwrap();
    assert_eq!((count.all, count.erased, count.waiting), (3, 1, 1));
    let lifted = [objector(&keys, 1).hash, [0; 32]];
    assert_eq!(objections.lift(&lifted, (&keys, &[]), NOW.parse().unwrap()).await.unwrap(), 1);
    assert_eq!(objections.count().await.unwrap().all, 2);
}

#[tokio::test]
async fn who_came_back_is_known_as_long_as_a_backup_may_say_otherwise_and_until_a_new_objection() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), keys(1));
    let mut objections = list(&folder, &keys).await;
    let [one, two] = [objector(&keys, 1), objector(&keys, 2)];
    let now = NOW.parse().unwrap();
    objections.lift(&[one.hash, two.hash], (&keys, &[&one, &two]), now).await.unwrap();
    let mut both = [one.person, two.person];
    let mut told = objections.lifted(&keys).await.unwrap();
    both.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, both);
    objections.remember(&[new(&keys, 1)], (&keys, &[1; 16])).await.unwrap();
    assert_eq!(
        objections.lifted(&keys).await.unwrap(),
        [two.person],
        "who objects again is lifted by nothing said before"
    );
    objections.drop_old_lifted("2024-07-05T10:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(objections.lifted(&keys).await.unwrap(), [two.person]);
    objections.drop_old_lifted("2024-07-07T10:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(objections.lifted(&keys).await.unwrap(), [[0; 32]; 0]);
}

#[tokio::test]
async fn a_list_of_another_objection_key_is_read_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    list(&folder, &keys(1)).await;
    let Err(refused) = Objections::open(folder.path(), &keys(2)).await else { panic!("it was opened") };
    assert!(matches!(refused, ObjectionsError::OtherKey { .. }) && refused.is_lost(), "{refused}");
    assert!(Objections::open_to_read(folder.path(), &keys(2)).await.is_err());
    assert!(Objections::open_to_read(folder.path(), &keys(1)).await.unwrap().is_some());
    let nothing = tempfile::tempdir().unwrap();
    assert!(Objections::open_to_read(nothing.path(), &keys(1)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_copy_under_a_passphrase_brings_back_everybody_with_what_was_confirmed() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), keys(1));
    let mut objections = list(&folder, &keys).await;
    objections.remember(&[new(&keys, 1), new(&keys, 2)], (&keys, &[1; 16])).await.unwrap();
    objections.erased(&[objector(&keys, 1).hash], (b"{}", Some(3)), NOW.parse().unwrap()).await.unwrap();
    let copy = folder.path().join("copy");
    assert_eq!(objections.back_up(&copy, "fyra ord utan namn", [5; 32]).await.unwrap(), 2);
    let again = objections.back_up(&copy, "fyra ord utan namn", [5; 32]).await;
    assert!(matches!(again, Err(BackupError::File { .. })), "a copy was written over");
    let bytes = std::fs::read(&copy).unwrap();
    let hash = schemas::canonical::hex(&objector(&keys, 1).hash);
    assert!(!bytes.windows(hash.len()).any(|part| part == hash.as_bytes()), "the copy is readable");

    let new_host = tempfile::tempdir().unwrap();
    let mut restored = list(&new_host, &keys).await;
    restored.remember(&[new(&keys, 3), new(&keys, 2)], (&keys, &[2; 16])).await.unwrap();
    let wrong = restored.restore(&copy, "fem ord utan namn", &keys).await;
    assert!(matches!(wrong, Err(BackupError::Vault(VaultError::Closed))));
    let came = restored.restore(&copy, "fyra ord utan namn", &keys).await.unwrap();
    assert_eq!(came, Restored { in_copy: 2, new: 1 });
    assert_eq!(restored.restore(&copy, "fyra ord utan namn", &keys).await.unwrap().new, 0);
    let count = restored.count().await.unwrap();
    assert_eq!((count.all, count.erased), (3, 1));
    let receipts = restored.receipts(None).await.unwrap();
    assert_eq!((receipts.len(), receipts[0].bytes.as_slice(), receipts[0].case_number), (1, b"{}".as_slice(), Some(3)));
    assert!(restored.open_ones(&keys).await.unwrap().iter().any(|one| one.person == objector(&keys, 1).person));

    let other = self::keys(2);
    let elsewhere = tempfile::tempdir().unwrap();
    let refused = list(&elsewhere, &other).await.restore(&copy, "fyra ord utan namn", &other).await;
    assert!(matches!(refused, Err(BackupError::Objections(ObjectionsError::OtherKey { .. }))));
}

#[tokio::test]
async fn who_did_what_is_kept_and_of_whom_is_not() {
    let (folder, keys) = (tempfile::tempdir().unwrap(), keys(1));
    let mut objections = list(&folder, &keys).await;
    let act = Act {
        at: String::new(),
        account: "registry-agent".into(),
        behind: Some("anna".into()),
        name: None,
        what: "person-extract".into(),
        persons: 1,
    };
    objections.note_act(&act, NOW.parse().unwrap()).await.unwrap();
    assert_eq!(objections.acts().await.unwrap(), [Act { at: NOW.into(), ..act }]);
}

#[test]
fn more_withdrawn_persons_elsewhere_than_remembered_here_stop_everything() {
    assert!(agree(5, 5, 0).is_ok() && agree(5, 7, 0).is_ok() && agree(5, 2, 3).is_ok());
    let refused = agree(5, 4, 0).unwrap_err();
    assert!(refused.is_lost() && refused.to_string().contains("5 withdrawn persons"), "{refused}");
}
