//! `/deliveries/{region}/batches/{batch}`: one batch down to what its receipt said, and why what was rejected was.
//!
//! Promises: counts and numbers of lines only, no record key and no person; a region's reader reaches its own batches only; what a batch of
//! before did not tell is said to be untold; the file holds exactly the tables.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use schemas::id::{BatchId, SenderCode};
use schemas::language::{Language, Text};
use schemas::receipt::{Expected, LineFinding, Receipt, Verdict};
use schemas::signed;

use super::course::rule_text;
use super::{accounting, count, sees};
use crate::account::{Account, Cycle, account};
use crate::moment::minute_of;
use crate::present::Ask;
use crate::present::answer::Answer;
use crate::present::fault::Fault;
use crate::present::shell::Shell;
use crate::present::tables::{self, Table};
use crate::store::watch::batch::ToldBatch;

/// Numbers of lines that are named with a rule.
const LINES: usize = 10;
static TITLE: Text = Text::fixed("En leverans från", "A delivery of");
/// What became of records, in the words of people.
static VERDICTS: [(Verdict, Text); 5] = [
    (Verdict::Accepted, Text::fixed("godkända och nya här", "accepted, and new here")),
    (Verdict::Replaced, Text::fixed("godkända, ersatte en äldre version", "accepted, replaced an earlier version")),
    (Verdict::Unchanged, Text::fixed("fanns redan likadana", "were here already, the same")),
    (Verdict::Stale, Text::fixed("äldre än vad som redan fanns", "older than what was here already")),
    (Verdict::Rejected, Text::fixed("avvisade", "rejected")),
];
static HOLDS: Text = Text::fixed("stämmer", "holds");
static WRONG: Text =
    Text::fixed("stämmer inte: kör registry-server audit verify", "does not hold: run registry-server audit verify");
static OTHER_KEY: Text = Text::fixed(
    "gjord med en annan nyckel än registrets nuvarande",
    "made with another key than the register's present one",
);

#[derive(Template)]
#[template(path = "deliveries/batch.html")]
struct Page {
    shell: Shell,
    sender: SenderCode,
    path: String,
    at: String,
    digest: String,
    payload: String,
    agent: String,
    schema: String,
    /// Hash of the rules, and whether they are the register's; nothing where the batch does not tell.
    rules: Option<(String, bool)>,
    /// Whether something was not noted when it came.
    is_untold: bool,
    /// The run that built it, in words.
    run: String,
    /// Whether the receipt can be read, the name of its key, and whether its signature holds.
    receipt: Option<(String, &'static str, bool)>,
    verdicts: Table,
    rejected: Table,
    held: Held,
}

/// What the run that built the batch left in the region.
enum Held {
    /// The run's own line still counts: what was held, by rule.
    Told(Table),
    /// A later run has counted anew, or none came.
    Recounted,
}

/// The page.
///
/// # Errors
/// [`Fault::NotAllowed`] for another sender than the reader's own, [`Fault::NotFound`] when it delivered no such batch; when the store fails.
pub(in crate::present) async fn page(ask: &Ask<'_>) -> Result<Answer, Fault> {
    Answer::page(&made(ask, &ask.visit.path).await?)
}

/// Its tables as a file.
///
/// # Errors
/// As for the page.
pub(in crate::present) async fn file(ask: &Ask<'_>) -> Result<Answer, Fault> {
    let path = ask.visit.path.strip_suffix("/receipt.csv").ok_or(Fault::NotFound)?;
    let Page { verdicts, rejected, held, .. } = made(ask, path).await?;
    let mut shown = vec![verdicts, rejected];
    shown.extend(if let Held::Told(table) = held { Some(table) } else { None });
    tables::file("receipt", &shown, ask.visit.language)
}

async fn made(ask: &Ask<'_>, path: &str) -> Result<Page, Fault> {
    let (registry, language) = (&ask.desk.registry, ask.visit.language);
    let sender = super::sender_of(path).filter(|code| sees(ask, code)).ok_or(Fault::NotAllowed)?;
    let name: BatchId = path.rsplit('/').next().unwrap_or_default().parse().map_err(|_| Fault::NotFound)?;
    let batch = registry.store.told_batch(&sender, &name).await?.ok_or(Fault::NotFound)?;
    // Not the kept accounts of all, which may be of before this batch.
    let account = account(sender.clone(), &registry.store.account(&sender).await?);
    let expected = Expected {
        sender: &sender,
        environment: &registry.stage,
        batch: &name,
        records: u32::try_from(batch.stored.records).unwrap_or(u32::MAX),
    };
    let receipt: Option<Receipt> = serde_json::from_slice(&batch.stored.receipt).ok();
    let findings = receipt.as_ref().map_or(&[][..], |receipt| &receipt.body.findings);
    let title = TITLE.pick(language);
    let untold = || "–".to_owned();
    Ok(Page {
        shell: Shell::new(
            (ask.visit, ask.visitor),
            &Text::made(format!("{title} {sender}"), format!("{title} {sender}")),
        ),
        path: path.to_owned(),
        at: minute_of(Some(&batch.stored.received_at)),
        is_untold: [&batch.payload, &batch.agent, &batch.schema, &batch.rules].iter().any(|told| told.is_none())
            || batch.built.is_none(),
        payload: batch.payload.clone().unwrap_or_else(untold),
        agent: batch.agent.clone().unwrap_or_else(untold),
        schema: batch.schema.clone().unwrap_or_else(untold),
        rules: batch.rules.clone().map(|rules| (rules.chars().take(12).collect(), rules == schemas::rule::hash())),
        run: batch.built.map_or_else(untold, |built| run(built, language)),
        verdicts: verdicts(&batch, receipt.as_ref(), language),
        rejected: rejected(findings, language),
        held: held(&batch, &account, language),
        receipt: receipt.map(|receipt| signature(&receipt, &registry.receipt_key, (&expected, language))),
        digest: batch.stored.digest,
        sender,
    })
}

/// The state directory's run, as people count it.
fn run((generation, cycle): (u32, u64), language: Language) -> String {
    match language {
        Language::Sv => format!("körning {cycle} i generation {generation}"),
        Language::En => format!("run {cycle} of generation {generation}"),
    }
}

/// The name of the key that signed a receipt, and whether it is that key's answer to this batch.
fn signature(
    receipt: &Receipt,
    key: &signed::SigningKey,
    (expected, language): (&Expected<'_>, Language),
) -> (String, &'static str, bool) {
    let key = key.verifying_key();
    let (told, is_wrong) = if receipt.key_id != signed::key_id(&key) {
        (&OTHER_KEY, false)
    } else if receipt.verify(&key, expected).is_ok() {
        (&HOLDS, false)
    } else {
        (&WRONG, true)
    };
    (receipt.key_id.clone(), told.pick(language), is_wrong)
}

/// How many records came to which end, then what that did to the register.
fn verdicts(batch: &ToldBatch, receipt: Option<&Receipt>, language: Language) -> Table {
    let ranges = receipt.map_or(&[][..], |receipt| &receipt.body.verdicts);
    let sum = |wanted: Verdict| {
        let ranges = ranges.iter().filter(|range| range.verdict == wanted);
        ranges.map(|range| u64::from(range.to.saturating_sub(range.from)) + 1).sum::<u64>()
    };
    let counted = |label: &str, n: u64| (label.to_owned(), vec![count(language, n)]);
    let each = VERDICTS.iter().map(|(verdict, label)| counted(label.pick(language), sum(*verdict)));
    let mut rows: Vec<_> = if receipt.is_some() { each.collect() } else { Vec::new() };
    rows.push(counted(language.pick("Σ poster i leveransen", "Σ records of the delivery"), batch.stored.records));
    let did = [
        (language.pick("behandlingar som inte fanns här förut", "treatments that were not here before"), batch.added),
        (language.pick("behandlingar som togs tillbaka", "treatments that were taken back"), batch.removed),
    ];
    rows.extend(did.into_iter().filter_map(|(label, n)| Some(counted(label, n?))));
    Table {
        title: language.pick("Vad som blev av posterna", "What became of the records").to_owned(),
        columns: vec![language.pick("Antal", "Number").to_owned()],
        rows,
    }
}

/// What broke which rule in which field, and how to mend it; most first.
fn rejected(findings: &[LineFinding], language: Language) -> Table {
    let mut found: BTreeMap<(&str, &str), BTreeSet<u32>> = BTreeMap::new();
    for LineFinding { line, rule, field } in findings {
        found.entry((rule, field)).or_default().insert(*line);
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let row = |((rule, field), lines): ((&str, &str), BTreeSet<u32>)| {
        let named: Vec<String> = lines.iter().take(LINES).map(u32::to_string).collect();
        let more = if lines.len() > LINES { " …" } else { "" };
        let n = count(language, lines.len() as u64);
        (rule.to_owned(), vec![field.to_owned(), rule_text(rule, language), n, named.join(", ") + more])
    };
    Table {
        title: language
            .pick("Vad som avvisades, och vad som är att göra", "What was rejected, and what to do")
            .to_owned(),
        columns: [("Fält", "Field"), ("Vad som är fel", "What is wrong"), ("Poster", "Records"), ("Rader", "Lines")]
            .map(|(sv, en)| language.pick(sv, en).to_owned())
            .to_vec(),
        rows: found.into_iter().map(row).collect(),
    }
}

/// What the run that built the batch held back, as its own line says; a line that a later run replaced is no longer true.
fn held(batch: &ToldBatch, account: &Account, language: Language) -> Held {
    let is_it = |cycle: &&Cycle| batch.built == Some((cycle.generation, cycle.cycle));
    let cycle = account.newest.iter().chain(&account.full).find(is_it);
    let Some(cycle) = cycle else { return Held::Recounted };
    Held::Told(Table {
        title: language.pick("Vad körningen höll kvar i regionen", "What the run held in the region").to_owned(),
        columns: [("Vad", "What"), ("Vad som är fel", "What is wrong"), ("Antal", "Number")]
            .map(|(sv, en)| language.pick(sv, en).to_owned())
            .to_vec(),
        rows: accounting::held(cycle, language),
    })
}
