//! Persons with marks that nobody else has: a pseudonym, a record key and a score each, and the register's own name.

use std::ops::Range;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use end_to_end::hunt::Hunt;
use registry_server::subject::Pepper;
use schemas::canonical;
use schemas::id::{Pseudonym, Salt};
use schemas::withdrawal::{SCHEMA, Withdrawal, WithdrawnPerson};
use serde_json::{Value, json};

use crate::access::batch::{lines, manifest, state, with};

/// Persons of the register.
pub(super) const PERSONS: usize = 400;
/// Those who leave: every fourth.
pub(super) const LEAVING: usize = PERSONS / 4;
/// Of those who leave, and of the others, every fifth has had a treatment taken back as well.
const TAKEN_BACK: usize = 5;

/// The persons, and what each of them may leave in bytes.
pub(super) struct Marked {
    persons: Vec<Person>,
}

struct Person {
    number: usize,
    pseudonym: Pseudonym,
    /// The region's value in the pseudonym.
    own: [u8; 32],
    /// The register's own name.
    name: [u8; 32],
}

impl Person {
    fn leaves(&self) -> bool {
        self.number.is_multiple_of(4)
    }

    fn key(&self, treatment: &str) -> String {
        format!(
            "rec1.12.{}",
            URL_SAFE_NO_PAD.encode(canonical::sha256(format!("{treatment} {}", self.number).as_bytes()))
        )
    }

    /// A score that nobody else has, with a fraction as an average of items has one.
    fn score(&self, counter: u64) -> f64 {
        let hash = canonical::sha256(format!("score {} {counter}", self.number).as_bytes());
        f64::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])) / f64::from(u32::MAX) * 5.9
    }

    fn treatment(&self, treatment: &str, counter: u64) -> Value {
        json!({
            "kind": "treatment", "key": self.key(treatment), "version": {"generation": 1, "counter": counter},
            "content": {
                "pseudonym": self.pseudonym, "programme": "depressionshjalpen", "unit": "SE9990120000-E002",
                "status": "completed", "started_on": "2024-01-01", "ended_on": "2024-03-01",
                "measurements": [
                    {"instrument": "EDE-Q", "timepoint": "pre", "answered_on": "2024-01-01", "score": self.score(counter)},
                    {"instrument": "EDE-Q", "timepoint": "post", "answered_on": "2024-03-01", "score": self.score(counter)},
                ],
            },
        })
    }

    fn retraction(&self, treatment: &str, counter: u64) -> Value {
        let version = json!({"generation": 1, "counter": counter});
        json!({"kind": "retraction", "key": self.key(treatment), "version": version, "content": {"reason": "reopened"}})
    }

    fn is_taken_back(&self) -> bool {
        (self.number / 4).is_multiple_of(TAKEN_BACK)
    }

    /// What the register keeps of the person; then what may be found besides, in one order of bytes or the other; then what never is.
    fn needles(&self) -> [Vec<Vec<u8>>; 3] {
        let score = self.score(2);
        let mut kept = vec![
            self.name.to_vec(),
            self.key("first").into_bytes(),
            serde_json::to_string(&score).expect("a number is JSON").into_bytes(),
        ];
        if self.is_taken_back() {
            kept.push(self.key("second").into_bytes());
        }
        let besides = vec![score.to_be_bytes().to_vec(), score.to_le_bytes().to_vec()];
        [kept, besides, vec![self.own.to_vec(), self.pseudonym.as_str().as_bytes().to_vec()]]
    }
}

impl Marked {
    /// The persons as a register with this pepper knows them.
    pub(super) fn new(pepper: &Path) -> Self {
        let pepper = std::fs::read_to_string(pepper).expect("the pepper's file");
        let pepper = Pepper::read(&pepper).expect("a pepper");
        let person = |number: usize| {
            let own = canonical::sha256(format!("person {number}").as_bytes());
            let kid = "r12-g1".parse().expect("a key id");
            let pseudonym = Pseudonym::new(&kid, &URL_SAFE_NO_PAD.encode(own)).expect("a pseudonym");
            let name = pepper.rekey(&pseudonym).expect("a pseudonym of 32 bytes").s;
            Person { number, pseudonym, own, name }
        };
        Self { persons: (0..PERSONS).map(person).collect() }
    }

    /// Two versions of a treatment of each person, and of some another one that comes and is taken back.
    pub(super) fn batches(&self) -> Vec<Vec<u8>> {
        let some = || self.persons.iter().filter(|person| person.is_taken_back());
        let rounds = [
            self.persons.iter().map(|person| person.treatment("first", 1)).collect(),
            some().map(|person| person.treatment("second", 1)).collect(),
            self.persons.iter().rev().map(|person| person.treatment("first", 2)).collect(),
            some().map(|person| person.retraction("second", 2)).collect(),
        ];
        let batches = rounds.iter().flat_map(|records: &Vec<Value>| records.chunks(30).map(batch));
        batches.collect()
    }

    /// What those who leave sent, in batches of other names.
    pub(super) fn batches_again(&self) -> Vec<Vec<u8>> {
        let those: Vec<Value> =
            self.gone().flat_map(|person| [1, 2, 3].map(|counter| person.treatment("first", counter))).collect();
        those.chunks(70).map(batch).collect()
    }

    /// The request to erase those who leave.
    pub(super) fn withdrawal(&self) -> String {
        let person = |person: &Person| WithdrawnPerson {
            pseudonym: person.pseudonym.clone(),
            salt: Salt::of(canonical::sha256(&person.number.to_be_bytes())),
        };
        let persons = self.gone().map(person).collect();
        let state_id = state().parse().expect("the name of a state directory");
        let withdrawal = Withdrawal { schema: SCHEMA.into(), state_id, case: None, persons };
        String::from_utf8(canonical::bytes(&withdrawal)).expect("JSON is text")
    }

    /// How many treatments of theirs the register holds.
    pub(super) fn active_of_leaving(&self) -> usize {
        self.gone().count()
    }

    /// The search for everything that those who leave may have left, and for the names of the others.
    pub(super) fn hunt(&self) -> Hunt {
        let needles: Vec<_> = self.gone().map(Person::needles).collect();
        let leaving = (0..3).flat_map(|class| needles.iter().flat_map(move |person| person[class].clone()));
        let staying = self.persons.iter().filter(|person| !person.leaves()).map(|person| person.name.to_vec());
        Hunt::exactly(leaving.chain(staying))
    }

    /// The numbers, in that search, of what the register holds of those who leave, and of what it never holds.
    pub(super) fn stored_and_never(&self) -> [Range<usize>; 2] {
        let [stored, besides, never] = self.counts();
        [0..stored, stored + besides..stored + besides + never]
    }

    /// The number, in that search, of the first of the others.
    pub(super) fn first_who_stays(&self) -> usize {
        self.counts().iter().sum()
    }

    fn counts(&self) -> [usize; 3] {
        [0, 1, 2].map(|class| self.gone().map(|person| person.needles()[class].len()).sum())
    }

    fn gone(&self) -> impl Iterator<Item = &Person> {
        self.persons.iter().filter(|person| person.leaves())
    }
}

fn batch(records: &[Value]) -> Vec<u8> {
    let manifest = with(manifest("12", records.len()), &["cycle"], json!(2));
    lines(&[&[manifest], records].concat())
}
