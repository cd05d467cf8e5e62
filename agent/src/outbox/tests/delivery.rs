//! What receipts, refusals and conflicts leave behind.

use schemas::receipt::{LineFinding, Receipt, ReceiptBody, SCHEMA, Verdict, ranges};

use super::*;

const LATER: &str = "2024-06-01T10:05:00Z";

fn receipt(sealed: &Sealed, verdicts: &[Verdict]) -> Receipt {
    let findings = (1..)
        .zip(verdicts)
        .filter(|(_, verdict)| **verdict == Verdict::Rejected)
        .map(|(line, _)| LineFinding { line, rule: "score-range".into(), field: "score".into() });
    let body = ReceiptBody {
        schema: SCHEMA.into(),
        sender: sender(),
        environment: "test".into(),
        batch: sealed.digest.clone(),
        received_at: LATER.into(),
        verdicts: ranges(verdicts),
        findings: findings.collect(),
        leaf: None,
        checkpoint: None,
    };
    Receipt { body, key_id: "key".into(), signature: "signature".into() }
}

/// Closes a batch with these verdicts, and tells whether the register was ahead.
async fn close(outbox: &mut Outbox, sealed: &Sealed, verdicts: &[Verdict]) -> bool {
    outbox.close(sealed.id, (&receipt(sealed, verdicts), b"receipt"), verdicts, moment(LATER)).await.unwrap()
}

/// Closes a batch of which everything was accepted.
pub(super) async fn accept(outbox: &mut Outbox, sealed: &Sealed) {
    let verdicts = vec![Verdict::Accepted; usize::try_from(sealed.records).unwrap()];
    assert!(!close(outbox, sealed, &verdicts).await);
}

async fn next(outbox: &mut Outbox) -> Sealed {
    outbox.next(&sender()).await.unwrap().expect("a batch is queued")
}

/// Everything that is still queued, batch by batch: key and counter of each record.
async fn drained(outbox: &mut Outbox) -> Vec<Vec<(String, u64)>> {
    let mut batches = Vec::new();
    while let Some(sealed) = outbox.next(&sender()).await.unwrap() {
        let (manifest, records) = arrived(&sealed);
        assert_eq!(usize::try_from(manifest.records).unwrap(), records.len());
        batches.push(records.into_iter().map(|(key, version, _)| (key, version.counter)).collect());
        accept(outbox, &sealed).await;
    }
    batches
}

#[tokio::test]
async fn a_receipt_closes_its_batch_once_and_each_record_by_its_own_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}"), ("k2", "{\"a\":2}"), ("k3", "{\"a\":3}")]).await;
    let sealed = next(&mut outbox).await;
    let verdicts = [Verdict::Accepted, Verdict::Rejected, Verdict::Unchanged];
    assert!(!close(&mut outbox, &sealed, &verdicts).await);
    let (at_register, rejected) = (outbox.at_register().await.unwrap(), outbox.rejected().await.unwrap());
    assert_eq!((at_register, rejected.as_slice()), (2, [("score-range".to_owned(), 1)].as_slice()));
    let (_, _, finished_at, _) = outbox.last_cycle().await.unwrap().unwrap();
    assert_eq!(finished_at.as_deref(), Some(LATER));
    // The same batch closed again, with anything, changes nothing.
    close(&mut outbox, &sealed, &[Verdict::Rejected, Verdict::Rejected, Verdict::Rejected]).await;
    assert_eq!((outbox.at_register().await.unwrap(), outbox.rejected().await.unwrap()), (at_register, rejected));
    assert!(outbox.next(&sender()).await.unwrap().is_none());
}

#[tokio::test]
async fn an_older_version_may_be_at_the_register_also_when_the_newer_one_was_rejected_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    queue(&mut outbox, &[("k1", "{\"a\":2}")]).await;
    let older = next(&mut outbox).await;
    let newer = outbox.next_behind(&sender(), older.id).await.unwrap().expect("two are queued");
    // The older batch is under way, and its reply is lost.
    close(&mut outbox, &newer, &[Verdict::Rejected]).await;
    assert!(outbox.known(&["k1"]).await.unwrap()["k1"].at_register, "nobody would take it back");
    accept(&mut outbox, &older).await;
    let known = &outbox.known(&["k1"]).await.unwrap()["k1"];
    assert!(known.at_register && known.rejected);
}

#[tokio::test]
async fn an_older_version_that_is_closed_leaves_the_newer_one_queued() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    queue(&mut outbox, &[("k1", "{\"a\":2}")]).await;
    let sealed = next(&mut outbox).await;
    close(&mut outbox, &sealed, &[Verdict::Rejected]).await;
    assert!(outbox.rejected().await.unwrap().is_empty(), "the newer version was not rejected");
    let sealed = next(&mut outbox).await;
    accept(&mut outbox, &sealed).await;
    assert_eq!(outbox.at_register().await.unwrap(), 1);
}

#[tokio::test]
async fn a_rejected_correction_leaves_the_accepted_version_at_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}")]).await;
    let sealed = next(&mut outbox).await;
    accept(&mut outbox, &sealed).await;
    queue(&mut outbox, &[("k1", "{\"a\":2}")]).await;
    let sealed = next(&mut outbox).await;
    close(&mut outbox, &sealed, &[Verdict::Rejected]).await;
    assert_eq!((outbox.at_register().await.unwrap(), outbox.rejected().await.unwrap().len()), (1, 1));
    assert!(outbox.known(&["k1"]).await.unwrap()["k1"].at_register);
}

#[tokio::test]
async fn a_stale_newest_version_shows_that_the_register_is_ahead_of_this_directory() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{\"a\":1}"), ("k2", "{\"a\":1}")]).await;
    queue(&mut outbox, &[("k1", "{\"a\":2}")]).await;
    let first = next(&mut outbox).await;
    let overtaken = [Verdict::Stale, Verdict::Accepted];
    assert!(
        !close(&mut outbox, &first, &overtaken).await,
        "an older version that was overtaken by a newer one proves nothing"
    );
    let second = next(&mut outbox).await;
    assert!(close(&mut outbox, &second, &[Verdict::Stale]).await);
}

#[tokio::test]
async fn a_batch_cut_in_two_keeps_every_line_once_and_closes_the_same_records() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    let keys = ["k1", "k2", "k3", "k4", "k5"];
    let content: Vec<String> = keys.iter().map(|key| format!("{{\"of\":\"{key}\"}}")).collect();
    let records: Vec<(&str, &str)> = keys.into_iter().zip(content.iter().map(String::as_str)).collect();
    queue(&mut outbox, &records).await;
    let whole = next(&mut outbox).await;
    assert!(outbox.split(whole.id).await.unwrap());
    let part = next(&mut outbox).await;
    assert!(part.digest != whole.digest && outbox.split(part.id).await.unwrap());
    let batches = drained(&mut outbox).await;
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1, 1]);
    let mut sent = batches.concat();
    sent.sort();
    assert_eq!(sent, keys.into_iter().map(str::to_owned).zip(1..).collect::<Vec<_>>());
    assert_eq!(outbox.at_register().await.unwrap(), 5);
}

#[tokio::test]
async fn a_batch_of_one_record_cannot_be_cut() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{}")]).await;
    let sealed = next(&mut outbox).await;
    assert!(!outbox.split(sealed.id).await.unwrap());
    assert_eq!(next(&mut outbox).await.digest, sealed.digest);
}

#[tokio::test]
async fn beginning_anew_forgets_queue_name_and_fingerprints_but_no_counter() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{}"), ("k2", "{}")]).await;
    outbox.begin_anew().await.unwrap();
    assert_eq!((outbox.depth().await.unwrap().0, outbox.generation().await.unwrap()), (0, None));
    assert_eq!(outbox.before("main").await.unwrap().cursor, None);
    let renamed = outbox.state_id([5; 16]).await.unwrap();
    assert_eq!(renamed.as_str(), "05".repeat(16));
    outbox.set_generation(4).await.unwrap();
    assert!(outbox.known(&["k1"]).await.unwrap()["k1"].fingerprint.is_empty());
    queue(&mut outbox, &[("k1", "{}")]).await;
    assert_eq!(drained(&mut outbox).await, [[("k1".to_owned(), 3)]]);
}

#[tokio::test]
async fn a_state_directory_keeps_its_first_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = Outbox::open(folder.path()).await.unwrap();
    let first = outbox.state_id([1; 16]).await.unwrap();
    assert_eq!(outbox.state_id([2; 16]).await.unwrap(), first);
    assert_eq!(outbox.generation().await.unwrap(), None);
    assert!(
        outbox.begin_cycle(&stamp(), vec!["main".into()]).await.is_err(),
        "a cycle was queued without a generation"
    );
}

#[tokio::test]
async fn delivered_batches_stay_until_the_registers_backups_no_longer_need_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut outbox = met(&folder).await;
    queue(&mut outbox, &[("k1", "{}")]).await;
    let sealed = next(&mut outbox).await;
    accept(&mut outbox, &sealed).await;
    for (now, left) in [("2024-07-05T00:00:00Z", 1), ("2024-07-07T00:00:00Z", 0)] {
        outbox.tidy(moment(now)).await.unwrap();
        let batches: i64 =
            sqlx::query_scalar("SELECT count(*) FROM batch").fetch_one(&mut outbox.connection).await.unwrap();
        assert_eq!(batches, left, "{now}");
    }
    assert_eq!(outbox.at_register().await.unwrap(), 1);
}
