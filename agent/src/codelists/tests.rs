//! The file that the lists are kept in: used as it was signed, or not at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemas::codelist::{Addition, ListName};
use schemas::published_lists::PublishedBody;
use schemas::signed::SigningKey;

use super::*;
use crate::tests::Region;

const SINCE: &str = "2024-06-01T10:00:00Z";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A region that knows the register's key and has a state directory.
async fn region() -> Region {
    let region = Region::new().await;
    drop(region.outbox().await);
    // The 12 bytes before an Ed25519 key say that it is one (RFC 8410).
    let der = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", &key().verifying_key().to_bytes()[..]].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der));
    std::fs::write(region.path("receipt.pub"), pem).unwrap();
    region
}

/// What the register publishes with one programme more.
fn published(environment: &str) -> PublishedLists {
    let text = "code,name,kind,condition\ntrygg,Trygg,treatment,anxiety\n".into();
    let more = Addition { list: ListName::Programmes, file: "own.csv".into(), text };
    PublishedBody::of(&CodeLists::builtin().with_additions(&[more]).unwrap(), environment).sign(&key())
}

/// Takes the published lists as a cycle does.
fn taken(config: &Config) -> Base {
    let document = published("test");
    let lists = document.verify(&key().verifying_key(), "test").unwrap();
    let base = Base::of_register(lists, SINCE);
    keep(config, document, (&read(config), &base)).unwrap();
    base
}

#[tokio::test]
async fn lists_that_were_taken_are_in_use_and_their_difference_is_told_until_somebody_has_seen_it() {
    let region = region().await;
    let config = &region.setup.config;
    assert_eq!((read(config).hash, told(config).from), (CodeLists::builtin().hash(), "built-in"));
    let base = taken(config);
    assert_eq!(read(config).hash, base.hash);
    assert!(read(config).lists.programme("trygg").is_some());
    let before = told(config);
    assert_eq!((before.from, before.since.as_deref()), ("register", Some(SINCE)));
    assert_eq!(before.changes(Language::En), ["programmes: added trygg"]);
    assert_eq!(before.warnings(Language::En), [""; 0]);
    mark_seen(config, &before);
    assert_eq!(told(config).difference, []);
    assert!(!region.path("state/codelists.new").exists());
}

#[tokio::test]
async fn a_file_that_was_altered_is_told_and_the_built_in_lists_are_used() {
    let region = region().await;
    let config = &region.setup.config;
    let path = region.path("state/codelists.json");
    taken(config);
    let whole = std::fs::read_to_string(&path).unwrap();
    assert!(told(config).damaged.is_none());
    for (damaged, why) in [
        (whole.replace("Trygg", "Tryggt"), "signature"),
        (whole[..whole.len() / 2].to_owned(), "it is damaged"),
        (whole.replace(SCHEMA, "registry-agent-codelists/2"), "it is damaged"),
        (String::new(), "it is damaged"),
    ] {
        assert_ne!(damaged, whole);
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(read(config).hash, CodeLists::builtin().hash());
        let sentence = told(config).damaged.unwrap();
        assert!(sentence.contains(why) && sentence.contains("codelists.json"), "{sentence}");
    }
    std::fs::write(&path, &whole).unwrap();
    std::fs::remove_file(region.path("receipt.pub")).unwrap();
    assert!(told(config).damaged.unwrap().contains("receipt_key cannot be read"));
}

#[tokio::test]
async fn lists_that_are_not_used_are_kept_in_mind_beside_those_that_are() {
    let region = region().await;
    let config = &region.setup.config;
    let refused = |reason: &str| Refused { hash: "b".repeat(64), since: SINCE.into(), reason: reason.into() };
    keep_refused(config, None).unwrap();
    assert!(!region.path("state/codelists.json").exists(), "nothing to keep was written");
    keep_refused(config, Some(refused("first"))).unwrap();
    assert_eq!((told(config).from, told(config).refused), ("built-in", Some(refused("first"))));
    assert_eq!(
        told(config).warnings(Language::En),
        [format!("the register's code lists are not used since {SINCE}: first")]
    );
    let base = taken(config);
    assert_eq!(told(config).refused, None);
    keep_refused(config, Some(refused("second"))).unwrap();
    keep_refused(config, Some(Refused { since: "2024-06-02T10:00:00Z".into(), ..refused("second") })).unwrap();
    assert_eq!((told(config).hash, told(config).refused), (base.hash, Some(refused("second"))));
    keep_refused(config, None).unwrap();
    assert_eq!(told(config).refused, None);
}

#[test]
fn the_lists_and_the_mark_that_they_were_seen_are_never_written_through_one_file() {
    let [lists, seen] = [FILE, SEEN].map(|name| beside(&Path::new("state").join(name)));
    assert_eq!(
        (lists.as_path(), seen.as_path()),
        (Path::new("state/codelists.json.new"), Path::new("state/codelists.seen.new"))
    );
}
