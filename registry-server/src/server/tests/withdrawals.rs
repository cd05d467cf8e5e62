//! Persons who leave over the wire, what is told of them, and cases.

use schemas::canonical;
use schemas::contact::Me;
use schemas::id::{Pseudonym, Salt};
use schemas::receipt::{Receipt, Verdict};
use schemas::withdrawal::{
    ErasureReceipt, ExpectedErasure, Lifted, PersonExtract, SCHEMA, Withdrawal, WithdrawnPerson,
};
use serde_json::json;

use super::batch::{H, batch, treatment, with};
use super::world::{Answer, World};
use crate::store::{self, CaseStep, Location, Opening};

fn pseudonym(kid: &str) -> Pseudonym {
    format!("psn1.{kid}.{H}").parse().unwrap()
}

fn withdrawal(kid: &str, salt: u8, case: Option<u32>) -> Withdrawal {
    let persons = vec![WithdrawnPerson { pseudonym: pseudonym(kid), salt: Salt::of([salt; 32]) }];
    Withdrawal { schema: SCHEMA.into(), state_id: "a".repeat(32).parse().unwrap(), case, persons }
}

async fn post(world: &World, sender: &str, path: &str, body: &impl serde::Serialize) -> Answer {
    world.request(sender, &format!("POST {path}"), &canonical::bytes(body)).await
}

async fn me(world: &World, sender: &str) -> Me {
    serde_json::from_slice(&world.request(sender, "GET /v1/me", b"").await.body).unwrap()
}

/// The receipt of a withdrawal of sender 12.
async fn withdraw(world: &World, withdrawal: &Withdrawal) -> (ErasureReceipt, Vec<u8>) {
    let answer = post(world, "12", "/v1/withdrawals", withdrawal).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let receipt: ErasureReceipt = serde_json::from_slice(&answer.body).unwrap();
    let expected = ExpectedErasure { sender: &"12".parse().unwrap(), environment: "test", withdrawal };
    receipt.verify(&world.receipt_key(), &expected).unwrap();
    (receipt, answer.body)
}

/// The verdicts of a batch of sender 12, and the rules that the receipt names.
async fn deliver(world: &World, records: &[serde_json::Value]) -> (Vec<Verdict>, Vec<(u32, String, String)>) {
    let answer = world.put("12", &batch(records)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let body = serde_json::from_slice::<Receipt>(&answer.body).unwrap().body;
    let verdicts = body.verdicts_by_line(u32::try_from(records.len()).unwrap()).unwrap();
    (verdicts, body.findings.into_iter().map(|finding| (finding.line, finding.rule, finding.field)).collect())
}

#[tokio::test]
async fn a_person_leaves_with_a_signed_receipt_stays_out_and_comes_back() {
    let world = World::new("").await;
    deliver(&world, &[treatment(1, 1, 5.0), treatment(2, 1, 6.0)]).await;
    let asked = withdrawal("r12-g1", 1, None);
    let (receipt, bytes) = withdraw(&world, &asked).await;
    let body = &receipt.body;
    assert_eq!((body.persons, body.found, body.treatments, body.case), (1, 1, 2, None));
    assert!(body.text_sv.contains("2 behandlingar") && body.leaf.is_some(), "{body:?}");
    assert_eq!(withdraw(&world, &asked).await.1, bytes, "the same request gets the same bytes");
    assert_eq!(withdraw(&world, &withdrawal("r12-g1", 2, None)).await.0.body.found, 0);
    assert_eq!(me(&world, "12").await.withdrawn, 1);

    let foul = with(treatment(4, 1, 5.0), &["content", "extra"], json!("x"));
    let (verdicts, findings) = deliver(&world, &[treatment(1, 2, 5.0), foul, treatment(3, 1, 5.0)]).await;
    assert_eq!(verdicts, [Verdict::Rejected; 3]);
    let withdrawn = |line| (line, "person-withdrawn".to_owned(), "pseudonym".to_owned());
    assert_eq!(findings, [withdrawn(1), (2, "record-shape".into(), "content".into()), withdrawn(3)]);

    let lift = json!({ "state_id": "a".repeat(32), "persons": [pseudonym("r12-g1")] });
    let lifted = post(&world, "12", "/v1/withdrawals/lift", &lift).await;
    assert_eq!(serde_json::from_slice::<Lifted>(&lifted.body).unwrap(), Lifted { lifted: 1 });
    assert_eq!(me(&world, "12").await.withdrawn, 0);
    let (verdicts, findings) = deliver(&world, &[treatment(1, 1, 5.0), treatment(2, 2, 6.0)]).await;
    assert_eq!(verdicts, [Verdict::Rejected, Verdict::Accepted]);
    assert_eq!(findings, [(1, "person-withdrawn".into(), "key".into())]);
    world.handle.stop().await;
}

#[tokio::test]
async fn a_sender_withdraws_and_is_told_of_its_own_persons_only() {
    let world = World::new("").await;
    world.enrol("01").await;
    deliver(&world, &[treatment(1, 1, 5.0)]).await;
    for path in ["/v1/withdrawals", "/v1/withdrawals/lift", "/v1/person-extract"] {
        let persons = json!([pseudonym("r12-g1")]);
        let body = match path {
            "/v1/withdrawals" => serde_json::to_value(withdrawal("r12-g1", 1, None)).unwrap(),
            "/v1/person-extract" => json!({ "persons": persons }),
            _ => json!({ "state_id": "a".repeat(32), "persons": persons }),
        };
        let answer = post(&world, "01", path, &body).await;
        assert_eq!((answer.status, answer.problem()), (422, "key-unknown".into()), "{path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains(H), "{path}");
        let answer = world.request("12", &format!("POST {path}"), b"{}").await;
        assert_eq!((answer.status, answer.problem()), (400, "bad-request".into()), "{path}");
    }
    // Under its own key the other sender meets nobody, and nothing tells that somebody else knows the person.
    let none = post(&world, "01", "/v1/person-extract", &json!({ "persons": [pseudonym("r01-g1")] })).await;
    let none: PersonExtract = serde_json::from_slice(&none.body).unwrap();
    assert_eq!((none.found, none.withdrawn, none.documents.len()), (0, 0, 0));
    assert_eq!(me(&world, "01").await.withdrawn, 0);
    let nobody = Withdrawal { persons: vec![], ..withdrawal("r12-g1", 1, None) };
    assert_eq!(post(&world, "12", "/v1/withdrawals", &nobody).await.status, 400);
    let other = Withdrawal { schema: "registry-withdrawal/2".into(), ..withdrawal("r12-g1", 1, None) };
    assert_eq!(post(&world, "12", "/v1/withdrawals", &other).await.status, 400);
    let many = Withdrawal { persons: vec![withdrawal("r12-g1", 1, None).persons[0].clone(); 1_001], ..nobody };
    assert_eq!(post(&world, "12", "/v1/withdrawals", &many).await.status, 400);
    world.handle.stop().await;
}

#[tokio::test]
async fn what_is_held_of_a_person_is_told_in_whole_documents_and_written_down() {
    let world = World::new("").await;
    deliver(&world, &[treatment(1, 1, 5.0), treatment(2, 1, 6.0)]).await;
    deliver(&world, &[treatment(1, 2, 4.0)]).await;
    let told = post(&world, "12", "/v1/person-extract", &json!({ "persons": [pseudonym("r12-g1")] })).await;
    let told: PersonExtract = serde_json::from_slice(&told.body).unwrap();
    assert_eq!((told.found, told.documents.len()), (1, 2));
    let first = &told.documents[0];
    assert_eq!((first.version.counter, first.replaced.len()), (2, 1));
    assert_eq!(first.content["measurements"][1]["score"], 4);
    assert!(first.content.get("pseudonym").is_none() && first.first_received.is_some());
    let ledger = opened(&world).await.ledger().await.unwrap();
    let line = &ledger.disclosures[0];
    assert_eq!((line.sender.as_str(), line.persons, line.found, line.documents), ("12", 1, 1, 2));
    world.handle.stop().await;
}

#[tokio::test]
async fn a_case_is_told_to_every_sender_until_it_answers_or_withdraws() {
    let world = World::new("").await;
    world.enrol("01").await;
    let store = opened(&world).await;
    let deadline = "2026-12-22".parse().unwrap();
    let stamp = crate::environment::Stamp { at: super::world::START.parse().unwrap(), salt: [1; 32] };
    store.set_case(&CaseStep::Open { deadline, note: None }, stamp).await.unwrap();
    for sender in ["12", "01"] {
        let cases = me(&world, sender).await.cases;
        assert_eq!((cases.len(), cases[0].number, cases[0].deadline), (1, 1, deadline), "{sender}");
    }
    let none = json!({ "answer": "none_found" });
    let answer = post(&world, "01", "/v1/cases/1", &none).await;
    assert_eq!((answer.status, answer.body), (200, canonical::bytes(&none)));
    assert_eq!(withdraw(&world, &withdrawal("r12-g1", 1, Some(1))).await.0.body.case, Some(1));
    assert_eq!(withdraw(&world, &withdrawal("r12-g1", 2, Some(7))).await.0.body.case, None);
    for sender in ["12", "01"] {
        assert_eq!(me(&world, sender).await.cases, [], "{sender}");
    }
    for (path, body, status) in [
        ("/v1/cases/2", &none, 404),
        ("/v1/cases/x", &none, 404),
        ("/v1/cases/1", &json!({ "answer": "withdrawn" }), 400),
    ] {
        assert_eq!(post(&world, "01", path, body).await.status, status, "{path}");
    }
    world.handle.stop().await;
}

async fn opened(world: &World) -> std::sync::Arc<dyn store::Store> {
    store::open(&Location::Sqlite(world.path("register.db")), Opening::Existing).await.unwrap()
}
