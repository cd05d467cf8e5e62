//! A region of the script: its rows, where they stand, its agent, and everything that may happen to its rows.
//!
//! Promises: what happens is chosen by the script's chance alone; nobody of whom something waits is chosen for something else.

use std::collections::{BTreeMap, BTreeSet};

use end_to_end::platform::{Person, Random};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::agent::Agent;
use super::source::{Answer, PROGRAMMES, Source, State, Treatment, UNITS};
use super::table::Tables;

/// A region.
pub(super) struct Region {
    pub(super) source: Source,
    pub(super) tables: Tables,
    pub(super) agent: Agent,
    pub(super) random: Random,
    /// Who left by standard input, first come.
    pub(super) told: Vec<String>,
    /// Treatments that something happened to this month.
    pub(super) busy: BTreeSet<String>,
    pub(super) month: usize,
    /// Ordinal of the next new person, and number of the next treatment.
    next: (usize, usize),
}

impl Region {
    pub(super) fn new((source, tables, agent): (Source, Tables, Agent), seed: u64, first: usize) -> Self {
        let random = Random::new(seed);
        let (told, busy) = (Vec::new(), BTreeSet::new());
        Self { source, tables, agent, random, told, busy, month: 0, next: (first, 0) }
    }

    pub(super) fn person(&mut self) -> Person {
        self.next.0 += 1;
        Person::invent(&mut self.random, self.next.0)
    }

    /// A treatment that ended on or shortly before a day.
    pub(super) fn add(&mut self, (last, touched): (Date, Timestamp), state: State) {
        let known = self.source.treatments.len();
        // Most are new; some were here before, also some of those who have left since.
        let person = if known > 20 && self.random.chance(15) {
            let at = usize::try_from(self.random.number() % known as u64).unwrap();
            self.source.treatments.values().nth(at).unwrap().person.clone()
        } else {
            self.person()
        };
        self.add_of(person, (last, touched), state);
    }

    pub(super) fn add_of(&mut self, person: Person, (last, touched): (Date, Timestamp), state: State) {
        let random = &mut self.random;
        let ended = last.checked_sub(random.between(0, 20).days()).unwrap();
        let started = ended.checked_sub((random.between(3, 12) * 7).days()).unwrap();
        let mut answers = BTreeMap::new();
        for instrument in ["GAD-7", "PHQ-9"] {
            for (at, on) in [started, started.checked_add(19.days()).unwrap(), ended].into_iter().enumerate() {
                if random.chance(if at == 1 { 40 } else { 85 }) {
                    let score = u32::try_from(random.between(0, 21)).unwrap();
                    answers.insert((instrument, at), Answer { on, score });
                }
            }
        }
        let treatment = Treatment {
            person,
            unit: usize::try_from(random.number() % UNITS as u64).unwrap(),
            unit_end: None,
            programme: usize::try_from(random.number() % PROGRAMMES.len() as u64).unwrap(),
            state,
            started,
            ended,
            answers,
            bad_answer: random.chance(5),
            touched,
            came: self.month,
            stands: None,
        };
        self.next.1 += 1;
        self.source.treatments.insert(format!("B-{:05}", self.next.1), treatment);
    }

    /// A treatment of an earlier month, of somebody who has not left and to whom nothing else happens this month. Of one that
    /// was completed, all others of the person were too.
    pub(super) fn pick(&mut self, state: State) -> String {
        let fits = |(id, treatment): &(&String, &Treatment)| {
            let differs = |other: &Treatment| other.person == treatment.person && other.state != treatment.state;
            treatment.state == state
                && treatment.came < self.month.max(1)
                && !self.busy.contains(*id)
                && !self.source.left.contains(&treatment.person.number)
                && (state != State::Completed || !self.source.treatments.values().any(differs))
        };
        let fitting: Vec<String> = self.source.treatments.iter().filter(fits).map(|(id, _)| id.clone()).collect();
        assert!(!fitting.is_empty(), "nothing of {state:?} is left to choose from");
        let id = self.random.one_of(&fitting).clone();
        let person = self.at(&id).person.clone();
        let theirs = self.source.treatments.iter().filter(|(_, other)| other.person == person);
        self.busy.extend(theirs.map(|(id, _)| id.clone()).collect::<Vec<_>>());
        id
    }

    pub(super) fn at(&mut self, id: &str) -> &mut Treatment {
        self.source.treatments.get_mut(id).unwrap()
    }

    /// Another state, with its row's time.
    pub(super) fn turn(&mut self, from: State, to: State, touched: Timestamp) -> String {
        let id = self.pick(from);
        let stands = (to == State::NoUnit).then(|| self.source.document(&self.source.treatments[&id]));
        let treatment = self.at(&id);
        (treatment.state, treatment.touched, treatment.stands) = (to, touched, stands);
        id
    }

    /// An edit whose row keeps its time.
    pub(super) fn edit_silently(&mut self) {
        let id = self.pick(State::Completed);
        let kind = self.random.between(0, 2);
        let treatment = self.at(&id);
        match kind {
            0 => treatment.state = State::Discontinued,
            1 => treatment.unit = (treatment.unit + 1) % UNITS,
            _ => {
                let on = treatment.ended;
                let score = treatment.answers.get(&("PHQ-9", 2)).map_or(3, |answer| (answer.score + 1) % 22);
                treatment.answers.insert(("PHQ-9", 2), Answer { on, score });
            }
        }
    }

    /// A follow-up comes in.
    pub(super) fn follow_up(&mut self, (on, touched): (Date, Timestamp)) {
        let id = self.pick(State::Completed);
        let score = u32::try_from(self.random.between(0, 21)).unwrap();
        let treatment = self.at(&id);
        treatment.answers.insert(("GAD-7", 3), Answer { on, score });
        treatment.touched = touched;
    }

    /// Another unit of the region takes over.
    pub(super) fn hand_over(&mut self, touched: Timestamp) {
        let id = self.pick(State::Completed);
        let treatment = self.at(&id);
        treatment.unit_end = Some((treatment.unit + 1) % UNITS);
        treatment.touched = touched;
    }

    /// A person gets another number, and all of their treatments with it.
    pub(super) fn renumber(&mut self, touched: Timestamp) {
        let id = self.pick(State::Completed);
        let (before, after) = (self.at(&id).person.clone(), self.person());
        for treatment in self.source.treatments.values_mut().filter(|treatment| treatment.person == before) {
            (treatment.person, treatment.touched) = (after.clone(), touched);
        }
    }

    /// Rows are deleted.
    pub(super) fn delete(&mut self, rows: usize) -> Vec<(String, Treatment)> {
        let ids: Vec<String> = (0..rows).map(|_| self.pick(State::Completed)).collect();
        ids.into_iter().map(|id| self.source.treatments.remove_entry(&id).unwrap()).collect()
    }

    /// Somebody says no, in one of three ways.
    pub(super) async fn object(&mut self, way: usize, touched: Timestamp) {
        let id = self.pick(State::Completed);
        let number = self.at(&id).person.number.clone();
        match way {
            0 => (self.at(&id).state, self.at(&id).touched) = (State::OptedOut, touched),
            1 => self
                .source
                .list
                .push((number.clone(), if self.month.is_multiple_of(2) { "protected" } else { "objection" })),
            _ => {
                self.agent.withdraw(&number).await;
                self.told.push(number.clone());
            }
        }
        self.source.left.insert(number);
    }

    /// Writes the rows where the agent reads them.
    pub(super) async fn write(&self) {
        self.tables.write(&self.source).await;
        let list = self.source.list.iter().map(|(number, reason)| format!("{number};{reason}\n"));
        let list: String = ["person_id;reason\n".to_owned()].into_iter().chain(list).collect();
        std::fs::write(self.agent.folder.join("objections.csv"), list).unwrap();
    }
}
