//! What the guard holds back, from the source to the queue and from the queue to the register.

use rcgen::{CertificateParams, KeyPair};
use schemas::batch::Kind;
use serde_json::json;

use super::*;
use crate::guard;
use crate::push::{Delivery, deliver};
use crate::tests::person;

/// A unit whose description holds this in a column.
async fn described(region: &Region, column: &str, text: &str) {
    let good = [("unit_id", "SE9990120000-E001"), ("name", "Norra"), ("county", "13"), ("municipality", "Lund")];
    let row: Vec<(&str, &str)> =
        good.iter().map(|(name, value)| (*name, if *name == column { text } else { *value })).collect();
    region.unit(&row).await;
}

#[tokio::test]
async fn a_unit_whose_description_reaches_a_person_is_told_without_the_value_and_its_treatments_go() {
    for (column, text) in [("name", "Norra, anna@exempel.se"), ("municipality", "Lund 070-123 45 67")] {
        let region = Region::new().await;
        region.treatment("M-1", 1, &[]).await;
        described(&region, column, text).await;
        let mut outbox = region.outbox().await;
        let found = counted(&region.cycle(&mut outbox).await);
        assert_eq!(found, counts([("found", 1), ("queued", 1), ("warning leak-guard", 1)]));
        let held = outbox.held_ones(None).await.unwrap();
        let told: Vec<_> =
            held.iter().map(|held| (held.local_id.as_str(), held.rule.as_str(), held.field.as_str())).collect();
        assert_eq!(told, [("SE9990120000-E001", "leak-guard", column)]);
        assert!(!format!("{held:?}").contains(&text[6..]), "the value is kept");
        let kinds: Vec<String> = delivered(&region, &mut outbox).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["treatment"]);
        assert_eq!(shown(&region).await.warnings["leak-guard"], 1, "the preview tells it too");
    }
}

#[tokio::test]
async fn a_private_caregiver_s_treatment_waits_for_a_description_that_may_leave() {
    let private = |text: String| text.replace("region = \"12\"", "region = \"P01\"").replace("r12-g1", "rP01-g1");
    let region = Region::with(private).await;
    region.treatment("M-1", 1, &[]).await;
    described(&region, "name", "Norra, anna@exempel.se").await;
    let found = counted(&region.cycle(&mut region.outbox().await).await);
    assert_eq!(found, counts([("found", 1), ("held unit-undescribed", 1), ("warning leak-guard", 1)]));
}

#[tokio::test]
async fn a_treatment_at_a_unit_named_after_its_owner_s_own_number_is_held_by_its_local_id() {
    let owner = person(3);
    let region = Region::new().await;
    region.treatment("M-1", 1, &[("unit_id", &format!("SE{}-E001", &owner[2..]))]).await;
    let mut outbox = region.outbox().await;
    assert_eq!(counted(&region.cycle(&mut outbox).await), counts([("found", 1), ("held leak-guard", 1)]));
    let held = outbox.held_ones(None).await.unwrap();
    assert!(!format!("{held:?}").contains(&owner[2..]), "the value is kept");
    assert_eq!((held[0].local_id.as_str(), held[0].field.as_str()), ("M-1", "unit_id"));
    assert_eq!(shown(&region).await.held["leak-guard"], 1, "the preview tells it too");
}

/// A client with a certificate of its own, for a register that nobody may reach.
fn client(region: &Region) -> Client {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap().pem();
    let receipt_key = concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/receipt.pub");
    std::fs::copy(receipt_key, region.path("receipt.pub")).unwrap();
    for (name, text) in [("ca.pem", &certificate), ("region.pem", &certificate), ("region.key", &key.serialize_pem())] {
        std::fs::write(region.path(name), text).unwrap();
    }
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(region.path("region.key"), mode).unwrap();
    Client::new(&region.setup.config).unwrap()
}

#[tokio::test]
async fn a_batch_that_an_older_agent_queued_with_a_number_in_it_is_never_sent_and_its_records_are_queued_again() {
    let region = Region::new().await;
    region.treatment("M-1", 1, &[]).await;
    let mut outbox = region.outbox().await;
    let (content, fingerprint) = (json!({ "county": "12", "name": format!("Norra {}", person(3)) }), [9; 32]);
    let now: Timestamp = NOW.parse().unwrap();
    let read = [(Scope::Everything, Reading::Full)];
    let older = stamp(&region.setup, &read, "older".into(), now);
    let mut queueing = outbox.begin_cycle(&older, vec!["main".into()]).await.unwrap();
    queueing.queue(Kind::Unit, "SE9990120000-E001", &schemas::canonical::bytes(&content), &fingerprint).await.unwrap();
    queueing.commit("", &[None]).await.unwrap();

    let client = client(&region);
    let delivery = Delivery {
        client: &client,
        sender: &region.setup.config.agent.region,
        environment: "test",
        now: &move || now,
        chance: &|| 0.0,
        refuse: &|plain| guard::batch(plain).err().map(refused),
        attempt: &|| (),
        delivered: &|_| panic!("it was delivered"),
    };
    let Delivered::Refused(_, sentence) = deliver(&mut outbox, &delivery).await.unwrap() else { panic!("not refused") };
    assert!(sentence.contains("(name)") && !sentence.contains(&person(3)), "{sentence}");
    assert_eq!(outbox.depth().await.unwrap().0, 0, "the batch waits to be sent");
    let again = counted(&region.cycle(&mut outbox).await);
    assert_eq!(again, counts([("found", 1), ("queued", 1)]));
}
