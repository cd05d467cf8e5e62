//! A register from which persons were withdrawn is one that never heard of them, whatever came in which order.
//!
//! Promises: every case follows from its seed, which is printed; rows, names of persons and every report are compared, and the same
//! comparison tells the two registers apart before the withdrawal.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use databases::Postgres;
use end_to_end::platform::Random;
use jiff::civil::date;
use schemas::canonical;
use serde_json::{Value, json};

use crate::access::batch::{batch, state};
use crate::access::certificate;
use crate::access::curl::{self, Caller};
use crate::numbers::engines::{choices, difference};
use crate::year::moment::Moment;
use crate::year::register::{Database, Register};

/// Cases.
const SEEDS: std::ops::Range<u64> = 1..5;
/// Persons of a case.
const PERSONS: usize = 24;
/// Records in a batch.
const RECORDS: usize = 9;

/// What is sent in one case.
struct Case {
    random: Random,
    /// Whether the person leaves.
    leaves: [bool; PERSONS],
    /// Every version of every treatment with its person.
    records: Vec<(usize, Value)>,
}

impl Case {
    fn of(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let leaves = std::array::from_fn(|person| person == 0 || random.chance(30));
        let mut records = Vec::new();
        for person in 0..PERSONS {
            for treatment in 0..random.between(1, 2) {
                let versions = random.between(1, 3);
                for version in 1..=versions {
                    let taken_back = version > 1 && version == versions && random.chance(25);
                    records.push((person, record(&mut random, (person, treatment), (version, taken_back))));
                }
            }
        }
        Self { random, leaves, records }
    }

    /// The records of some persons in a new order, in batches.
    fn batches(&mut self, wanted: impl Fn(usize) -> bool) -> Vec<Vec<u8>> {
        let mut left: Vec<&Value> =
            self.records.iter().filter(|(person, _)| wanted(*person)).map(|(_, record)| record).collect();
        let mut shuffled = Vec::new();
        while !left.is_empty() {
            let at = usize::try_from(self.random.number() % left.len() as u64).unwrap();
            shuffled.push(left.swap_remove(at).clone());
        }
        shuffled.chunks(RECORDS).map(|records| batch("12", records)).collect()
    }

    /// The request to erase those who leave.
    fn withdrawal(&self) -> String {
        let leaving = (0..PERSONS).filter(|person| self.leaves[*person]);
        let persons: Vec<Value> = leaving
            .map(|person| json!({"pseudonym": pseudonym(person), "salt": URL_SAFE_NO_PAD.encode(hash("salt", person))}))
            .collect();
        json!({"schema": schemas::withdrawal::SCHEMA, "state_id": state(), "persons": persons}).to_string()
    }
}

fn hash(what: &str, number: usize) -> [u8; 32] {
    canonical::sha256(format!("{what} {number}").as_bytes())
}

fn pseudonym(person: usize) -> String {
    format!("psn1.r12-g1.{}", URL_SAFE_NO_PAD.encode(hash("person", person)))
}

fn record(random: &mut Random, (person, treatment): (usize, i64), (version, taken_back): (i64, bool)) -> Value {
    let key = format!("rec1.12.{}", URL_SAFE_NO_PAD.encode(hash(&format!("record {treatment}"), person)));
    let version = json!({"generation": 1, "counter": version});
    if taken_back {
        return json!({"kind": "retraction", "key": key, "version": version, "content": {"reason": "reopened"}});
    }
    let mut score = |timepoint: &str, on: &str| json!({"instrument": "GAD-7", "timepoint": timepoint, "answered_on": on, "score": random.between(0, 21)});
    let measurements = [score("pre", "2024-01-01"), score("post", "2024-03-01")];
    json!({
        "kind": "treatment", "key": key, "version": version,
        "content": {
            "pseudonym": pseudonym(person), "programme": *random.one_of(&["oroshjalpen", "angesthjalpen"]),
            "unit": *random.one_of(&["SE9990120000-E001", "SE9990120000-E002"]), "status": "completed",
            "sex": *random.one_of(&["F", "M"]), "birth_year": random.between(1950, 2000),
            "started_on": "2024-01-01", "ended_on": "2024-03-01", "measurements": measurements,
        },
    })
}

/// A register with its only sender.
async fn register(folder: &Path, database: Database) -> (Register, Caller) {
    let moment = Moment::new(7);
    moment.set(date(2024, 5, 1).at(2, 15, 0, 0));
    let register = Register::make(folder, database, ["12", "13"], moment).await;
    let own = folder.join("caller");
    certificate::sign(&register.authority, &certificate::good("test", "12"), &own);
    let ca = register.authority.folder.join("ca.pem");
    let caller = Caller { register: register.address, ca, certificate: Some(own), options: Vec::new() };
    caller.begin();
    (register, caller)
}

/// The first report that differs. A fourth of all choices is enough where rows and names are compared too.
async fn other_report(registers: [&Register; 2]) -> Option<String> {
    let facts = [registers[0].facts().await, registers[1].facts().await];
    difference(&facts, &choices().into_iter().step_by(4).collect::<Vec<_>>())
}

/// What a register holds; its own names of persons, which no two registers share, become the place where each comes first.
async fn held(register: &Register) -> Vec<String> {
    let lines = register.held().await;
    let words: Vec<Vec<&str>> = lines.iter().map(|line| line.splitn(5, ' ').collect()).collect();
    let first = |name: &str| words.iter().position(|other| other[3] == name).unwrap();
    words.iter().map(|line| format!("{} {} {} {}", line[1], line[2], first(line[3]), line[4])).collect()
}

fn deliver(caller: &Caller, batches: &[Vec<u8>]) {
    for batch in batches {
        let answer = caller.put(batch);
        assert_eq!(answer.status, 200, "{} {}", answer.said, answer.text());
    }
}

/// The last case withdraws behind everything that is sent, which shows the difference; the others somewhere in between.
async fn withdrawn_is_never_there(seed: u64, databases: [(&Path, Database); 2]) {
    let mut case = Case::of(seed);
    let [(folder, database), (other_folder, other_database)] = databases;
    let ((with, caller), (without, other)) =
        (register(folder, database).await, register(other_folder, other_database).await);
    let leaves = case.leaves;
    let (all, staying) = (case.batches(|_| true), case.batches(|person| !leaves[person]));
    deliver(&other, &staying);
    let last = seed + 1 == SEEDS.end;
    let before = if last { all.len() } else { usize::try_from(case.random.number() % all.len() as u64).unwrap() };
    deliver(&caller, &all[..before]);
    if last {
        assert_ne!(held(&with).await, held(&without).await);
        assert!(other_report([&with, &without]).await.is_some());
    }
    let answer = caller.ask("/v1/withdrawals", &["--data-binary", &case.withdrawal()]);
    assert_eq!(answer.status, 200, "{} {}", answer.said, answer.text());
    deliver(&caller, &all[before..]);
    let leaving = leaves.iter().filter(|leaves| **leaves).count();
    println!("seed {seed}: {leaving} of {PERSONS} persons left behind batch {before} of {}", all.len());
    assert_eq!(held(&with).await, held(&without).await, "seed {seed}");
    assert_eq!(other_report([&with, &without]).await, None, "seed {seed}");
    for mut register in [with, without] {
        register.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_persons_is_never_having_had_them_in_whatever_order_records_came() {
    if !curl::is_here() {
        return;
    }
    for seed in SEEDS {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [with, without] = folders.each_ref().map(tempfile::TempDir::path);
        // Each of the two is on the other engine, now one way and now the other.
        let file = |folder: &Path| Database::Sqlite(folder.join("register/register.db"));
        let server = || Database::Postgres(Postgres::shared().unwrap().database("never").unwrap());
        let databases = if seed % 2 == 0 {
            [(with, file(with)), (without, server())]
        } else {
            [(with, server()), (without, file(without))]
        };
        Box::pin(withdrawn_is_never_there(seed, databases)).await;
    }
}
