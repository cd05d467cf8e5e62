//! Everything that is found is in one place, and what is lost from any table is a difference with its name.

use schemas::receipt::{LineFinding, Receipt, ReceiptBody, SCHEMA, Verdict, ranges};
use schemas::record::{Counted, Sum, Term, Terms};
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::*;

/// Found, accepted, unchanged, rejected, held, excluded, pending, difference.
fn terms(sum: &Sum) -> [i64; 8] {
    let Terms { found, accepted, unchanged, rejected, held, excluded, pending, difference } = &sum.terms;
    let mut terms = [0; 8];
    for (place, n) in [found, accepted, unchanged, rejected, held, excluded, pending].into_iter().enumerate() {
        terms[place] = i64::try_from(*n).unwrap();
    }
    terms[7] = *difference;
    terms
}

/// The account of the newest sweep, and that of a newer cycle.
async fn both(outbox: &mut Outbox, counted: Counted) -> Vec<[i64; 8]> {
    outbox.accounts().await.unwrap().iter().map(|account| terms(&account.sum(counted))).collect()
}

async fn line(outbox: &mut Outbox, counted: Counted) -> [i64; 8] {
    both(outbox, counted).await[0]
}

/// Closes the oldest batch; the register rejects the lines that hold this text.
async fn close(region: &Region, outbox: &mut Outbox, rejects: &str) {
    let sender = region.setup.config.agent.region.clone();
    let sealed = outbox.next(&sender).await.unwrap().unwrap();
    let plain = zstd::stream::decode_all(sealed.body.as_slice()).unwrap();
    let verdict = |line: &str| if line.contains(rejects) { Verdict::Rejected } else { Verdict::Accepted };
    let verdicts: Vec<Verdict> = std::str::from_utf8(&plain).unwrap().lines().skip(1).map(verdict).collect();
    let finding = |line| LineFinding { line, rule: "unit-form".into(), field: "unit".into() };
    let rejected = (1..).zip(&verdicts).filter(|(_, verdict)| **verdict == Verdict::Rejected);
    let body = ReceiptBody {
        schema: SCHEMA.into(),
        sender,
        environment: "test".into(),
        batch: sealed.digest.clone(),
        received_at: NOW.into(),
        verdicts: ranges(&verdicts),
        findings: rejected.map(|(line, _)| finding(line)).collect(),
        leaf: None,
        checkpoint: None,
    };
    let receipt = Receipt { body, key_id: String::new(), signature: String::new() };
    outbox.close(sealed.id, (&receipt, b"receipt"), &verdicts, NOW.parse().unwrap()).await.unwrap();
}

/// One treatment in each term, each with two answers, after two cycles: M-new accepted, M-old unchanged, M-no rejected, M-held,
/// M-out excluded, M-wait pending. M-new has a third answer that is held, and two more answers have no treatment.
async fn one_of_each() -> (Region, Outbox) {
    let region = Region::new().await;
    let good = [("M-old", 1, "1"), ("M-no", 3, "77"), ("M-new", 2, "2"), ("M-wait", 5, "5")];
    let answers = async |id: &str| {
        region.answer(id, "pre", "14", &[]).await;
        region.answer(id, "post", "6", &[]).await;
    };
    let treatment = async |(id, who, messages): (&str, usize, &str)| {
        region.treatment(id, who, &[("messages", messages)]).await;
        answers(id).await;
    };
    let mut outbox = region.outbox().await;
    treatment(good[0]).await;
    treatment(good[1]).await;
    region.cycle(&mut outbox).await;
    close(&region, &mut outbox, "\"messages\":77").await;

    treatment(good[2]).await;
    region.answer("M-new", "weekly-1", "99", &[]).await;
    region.treatment("M-held", 4, &[("unit_id", "VC Norr"), ("sex", "okänt")]).await;
    answers("M-held").await;
    region.treatment("M-out", 6, &[("status", "ongoing"), ("ended_on", "")]).await;
    answers("M-out").await;
    answers("M-nowhere").await;
    sweep(&region, &mut outbox).await;
    close(&region, &mut outbox, "nothing").await;
    treatment(good[3]).await;
    sweep(&region, &mut outbox).await;
    (region, outbox)
}

async fn sweep(region: &Region, outbox: &mut Outbox) {
    let now: Timestamp = NOW.parse().unwrap();
    let surroundings = Surroundings { now: &move || now, chance: &|| 0.5, random: [7; 16], progress: &|_| () };
    read_and_queue(&region.setup, Extent::Full, outbox, &surroundings).await.unwrap();
}

async fn tamper(region: &Region, sql: &str) {
    let file = region.path("state/outbox.db");
    let mut connection: SqliteConnection = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    assert_eq!(
        sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap().rows_affected(),
        1,
        "{sql}"
    );
}

#[tokio::test]
async fn every_treatment_and_every_answer_is_in_one_term() {
    let (region, mut outbox) = one_of_each().await;
    // M-new was accepted by the cycle before and is unchanged for this one.
    assert_eq!(line(&mut outbox, Counted::Treatments).await, [6, 0, 2, 1, 1, 1, 1, 0]);
    assert_eq!(line(&mut outbox, Counted::Answers).await, [15, 0, 4, 2, 5, 2, 2, 0]);
    close(&region, &mut outbox, "nothing").await;
    assert_eq!(line(&mut outbox, Counted::Treatments).await, [6, 1, 2, 1, 1, 1, 0, 0]);
    let accounts = outbox.accounts().await.unwrap();
    let sum = accounts[0].sum(Counted::Treatments);
    let reasons: Vec<(Term, &str, u64)> =
        sum.reasons.iter().map(|reason| (reason.term, reason.rule.as_str(), reason.n)).collect();
    let expected =
        [(Term::Rejected, "unit-form", 1), (Term::Held, "unit-form", 1), (Term::Excluded, "status-ongoing", 1)];
    assert_eq!(reasons, expected);
    let months: Vec<(&str, u64)> =
        accounts[0].months(Counted::Treatments).into_iter().map(|(month, sum)| (month, sum.terms.found)).collect();
    assert_eq!(months, [("2024-03", 5), ("unknown", 1)]);
    let line = accounts[0].lines.iter().find(|line| line.held == 1 && line.counted == Counted::Treatments).unwrap();
    assert_eq!((line.unit.as_str(), line.programme.as_str()), ("unknown", "depressionshjalpen"));
}

#[tokio::test]
async fn a_row_lost_from_any_table_is_a_difference_of_one_and_has_its_name() {
    let record = "DELETE FROM record WHERE key = (SELECT max(key) FROM record WHERE";
    for (sql, difference, named) in [
        ("DELETE FROM found WHERE local_id = 'M-old'".to_owned(), -1, None),
        (format!("{record} state = 'closed' AND queued_in = 3)"), 1, Some("M-wait")),
        (format!("{record} state = 'closed' AND queued_in = 2)"), 1, Some("M-new")),
        (format!("{record} state = 'closed' AND queued_in = 1)"), 1, Some("M-old")),
        (format!("{record} state = 'rejected')"), 1, Some("M-no")),
        ("DELETE FROM held WHERE scope = 'treatment'".to_owned(), 1, Some("M-held")),
        ("DELETE FROM excluded".to_owned(), 1, Some("M-out")),
        ("DELETE FROM batch_line WHERE batch = (SELECT max(id) FROM batch)".to_owned(), 1, Some("M-wait")),
        ("DELETE FROM batch WHERE delivered_at IS NULL".to_owned(), 1, Some("M-wait")),
    ] {
        let (region, mut outbox) = one_of_each().await;
        if sql.contains("queued_in = 3") {
            close(&region, &mut outbox, "nothing").await;
        }
        assert_eq!(line(&mut outbox, Counted::Treatments).await[7], 0, "before {sql}");
        tamper(&region, &sql).await;
        assert_eq!(line(&mut outbox, Counted::Treatments).await[7], difference, "{sql}");
        let account = outbox.accounts().await.unwrap().remove(0);
        let behind = outbox.unbalanced(&account, 10).await.unwrap();
        assert_eq!(behind.len(), 1, "{sql}: {behind:?}");
        assert_eq!(behind[0].found, difference == 1, "{sql}");
        match named {
            Some(id) => assert_eq!((behind[0].treatment.as_str(), behind[0].terms.len()), (id, 0), "{sql}"),
            None => {
                assert_eq!((behind[0].treatment.len(), behind[0].terms.as_slice()), (43, [Term::Unchanged].as_slice()));
            }
        }
    }
}

#[tokio::test]
async fn a_held_answer_that_is_lost_is_a_difference_of_answers_with_the_name_of_its_treatment() {
    let (region, mut outbox) = one_of_each().await;
    tamper(&region, "DELETE FROM held WHERE rule = 'score-range'").await;
    assert_eq!(line(&mut outbox, Counted::Treatments).await[7], 0);
    assert_eq!(line(&mut outbox, Counted::Answers).await[7], 1);
    let account = outbox.accounts().await.unwrap().remove(0);
    let behind = outbox.unbalanced(&account, 10).await.unwrap();
    assert_eq!(behind.iter().map(|one| one.treatment.as_str()).collect::<Vec<_>>(), ["M-new"]);
}
