//! Later code lists beside the region's own files.

use std::path::PathBuf;

use schemas::codelist::{Addition, CodeLists, ListName};
use schemas::published_lists::{PublishedBody, PublishedLists};
use schemas::signed::SigningKey;

use super::*;
use crate::codelists::told;
use crate::config::Maps;
use crate::cycle::lists::adopt;
use crate::pseudonymise::Objectors;

/// Lists with one more programme, as the register signs them.
fn published(line: &str) -> (PublishedLists, CodeLists) {
    let text = format!("code,name,kind,condition\n{line}\n");
    let more = Addition { list: ListName::Programmes, file: "own.csv".into(), text };
    let lists = CodeLists::builtin().with_additions(&[more]).unwrap();
    (PublishedBody::of(&lists, "test").sign(&SigningKey::from_bytes(&[7; 32])), lists)
}

/// A region with a programme and a mapping of its own.
async fn region() -> Region {
    let mut region = Region::new().await;
    drop(region.outbox().await);
    std::fs::write(region.path("own.csv"), "code,name,kind,condition\negen,Egen,treatment,worry\n").unwrap();
    std::fs::write(region.path("mapping.csv"), "kind,local_value,code\nprogramme,Lokal,egen\n").unwrap();
    let mut config = region.setup.config.clone();
    config.codelists.insert("programmes".into(), PathBuf::from("own.csv"));
    config.map = Maps { file: Some("mapping.csv".into()), ..Maps::default() };
    region.setup = Setup::read(config).unwrap();
    region
}

#[tokio::test]
async fn later_lists_are_used_with_the_region_s_own_additions_on_top() {
    let region = region().await;
    let adopted = adopt(&region.setup, published("trygg,Trygg,treatment,anxiety"), NOW.parse().unwrap()).unwrap();
    assert!(adopted.lists.programme("trygg").is_some() && adopted.lists.programme("egen").is_some());
    assert!(adopted.base.lists.programme("egen").is_none());
    assert_eq!(adopted.check_mapping(), Ok(()));
    assert_ne!(reading::basis(&adopted, &Objectors::default()), reading::basis(&region.setup, &Objectors::default()));
}

#[tokio::test]
async fn later_lists_that_the_region_s_own_files_do_not_go_with_are_refused_and_the_old_ones_stay() {
    let region = region().await;
    let clash = adopt(&region.setup, published("annan,EGEN,treatment,worry"), NOW.parse().unwrap());
    let reason = clash.err().unwrap();
    assert!(reason.starts_with("they do not go with [codelists]: ") && reason.contains("own.csv, line 2"), "{reason}");

    let mut setup = region.setup.with_base(region.setup.base.clone()).unwrap();
    setup.config.codelists.clear();
    let reason = adopt(&setup, published("trygg,Trygg,treatment,anxiety"), NOW.parse().unwrap()).err().unwrap();
    assert!(
        reason.starts_with("they do not go with the mapping: ") && reason.contains("mapping.csv, line 2"),
        "{reason}"
    );
    assert_eq!(told(&region.setup.config).from, "built-in");
}
