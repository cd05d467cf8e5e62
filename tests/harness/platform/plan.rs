//! What a region's database will hold, and what must become of each row.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::answers::{self, Outcome};
use super::fault::Leads;
use super::{ANSWER_FAULTS, AnswerFault, Further, Person, Random, SHAPES, Shape, TREATMENT_FAULTS, TreatmentFault};

/// A region before it is written.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The sender's code.
    pub sender: String,
    /// Its words.
    pub shape: Shape,
    /// HSA-ids of its units.
    pub units: Vec<String>,
    /// Its treatments.
    pub treatments: Vec<Treatment>,
}

/// One treatment.
#[derive(Debug, Clone)]
pub struct Treatment {
    /// The source's id.
    pub id: String,
    /// The person.
    pub person: Person,
    /// HSA-id of the unit where it started.
    pub unit: String,
    /// HSA-id of the unit that it was handed over to.
    pub unit_end: Option<String>,
    /// Code of the programme.
    pub programme: &'static str,
    /// Start.
    pub started: Date,
    /// End.
    pub ended: Date,
    /// `completed` or `discontinued`.
    pub status: &'static str,
    /// What is wrong with it.
    pub fault: Option<TreatmentFault>,
    /// Whether an older copy of its row stands beside it.
    pub twice: bool,
    /// Its answers.
    pub answers: Vec<Answer>,
    /// What else the platform knows of it.
    pub further: Further,
}

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Code of the instrument.
    pub instrument: &'static str,
    /// Timepoint.
    pub timepoint: String,
    /// Date.
    pub answered: Date,
    /// Score.
    pub score: i64,
    /// Hour of the day after the end at which the row was last changed; the later of two answers counts.
    pub changed_hour: u8,
    /// What becomes of it.
    pub fate: Fate,
}

/// What must become of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Counts,
    /// A later answer to the same timepoint counts instead.
    Superseded,
    /// It is held.
    Held(AnswerFault),
}

impl Plan {
    /// Plans a region.
    ///
    /// # Panics
    /// Never: the dates are in range.
    #[must_use]
    pub fn invent(seed: u64, (ordinal, sender): (usize, &str), treatments: usize) -> Self {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(u64::try_from(ordinal).unwrap_or(0)));
        let shape = SHAPES[ordinal % SHAPES.len()];
        let digits = if sender.starts_with('P') { "99" } else { sender };
        let units = (1..=6).map(|n| format!("SE9990{digits}0000-E{n:03}")).collect();
        let mut plan = Self { sender: sender.to_owned(), shape, units, treatments: Vec::new() };
        let faults: Vec<TreatmentFault> =
            TREATMENT_FAULTS.iter().copied().cycle().take(fault_count(treatments)).collect();
        for number in 0..treatments {
            let fault = faults.get(number).copied();
            let person = plan.person(&mut random, (ordinal, number), fault);
            let mut treatment = plan.treatment(&mut random, number, person, fault);
            let further = seed.wrapping_mul(7_919).wrapping_add((ordinal * 1_000_000 + number) as u64);
            treatment.further = Further::invent(further, treatment.started, treatment.status);
            plan.treatments.push(treatment);
        }
        plan.spoil_answers();
        plan
    }

    /// The persons by number, each with its treatments.
    #[must_use]
    pub fn persons(&self) -> Vec<(String, Vec<&Treatment>)> {
        let mut persons: std::collections::BTreeMap<&str, Vec<&Treatment>> = std::collections::BTreeMap::new();
        for treatment in &self.treatments {
            persons.entry(&treatment.person.number).or_default().push(treatment);
        }
        persons.into_iter().map(|(number, theirs)| (number.to_owned(), theirs)).collect()
    }

    /// How often each rule must hold or exclude a treatment.
    #[must_use]
    pub fn expected(&self, leads: Leads) -> std::collections::BTreeMap<&'static str, u64> {
        let mut rules = std::collections::BTreeMap::new();
        for (rule, _) in self.treatments.iter().filter_map(|t| Some(t.fault?.rule())).filter(|(_, l)| *l == leads) {
            *rules.entry(rule).or_default() += 1;
        }
        rules
    }

    /// How often each rule must hold an answer.
    #[must_use]
    pub fn expected_answers(&self) -> std::collections::BTreeMap<&'static str, u64> {
        let mut rules = std::collections::BTreeMap::new();
        for answer in self.treatments.iter().flat_map(|t| &t.answers) {
            if let Fate::Held(fault) = answer.fate {
                *rules.entry(fault.rule()).or_default() += 1;
            }
        }
        rules
    }

    /// Who is treated: mostly somebody new, sometimes somebody who was here before; the objector of the row before where asked for.
    fn person(&self, random: &mut Random, (ordinal, number): (usize, usize), fault: Option<TreatmentFault>) -> Person {
        let clean: Vec<&Treatment> = self.treatments.iter().filter(|t| t.fault.is_none()).collect();
        if fault == Some(TreatmentFault::PersonOptedOut)
            && let Some(objector) = self.treatments.iter().rev().find(|t| t.fault == Some(TreatmentFault::OptedOut))
        {
            return objector.person.clone();
        }
        if fault.is_none() && clean.len() > 10 && random.chance(12) {
            return random.one_of(&clean).person.clone();
        }
        // Numbers that lose zeros in a spreadsheet are those of people born in the first decade of the century.
        let wanted =
            |person: &Person| fault != Some(TreatmentFault::LostZeros) || (2001..2007).contains(&person.birth_year);
        // Each region begins at another place, and those born then are looked for behind everybody else.
        let first =
            if fault == Some(TreatmentFault::LostZeros) { 200_000 + number * 40 } else { ordinal * 900 + number };
        (first..first + 40_000).map(|n| Person::invent(random, n)).find(wanted).expect("the ordinals do not end")
    }

    fn treatment(
        &self,
        random: &mut Random,
        number: usize,
        person: Person,
        fault: Option<TreatmentFault>,
    ) -> Treatment {
        let first: Date = "2019-01-07".parse().expect("a constant date");
        let started = first.max(person.of_age()).checked_add(random.between(0, 900).days()).expect("in range");
        let completed = random.chance(78);
        let weeks = if completed { random.between(7, 12) } else { random.between(1, 6) };
        let ended = started.checked_add((weeks * 7).days()).expect("in range");
        let (_, programme) = *random.one_of(self.shape.programmes);
        let unit = random.one_of(&self.units).clone();
        let handed_over = random.chance(4).then(|| random.one_of(&self.units).clone()).filter(|other| *other != unit);
        let outcome = Outcome { started, ended, completed, weeks };
        Treatment {
            id: format!("M-{number:06}"),
            answers: answers::invent(random, self.shape.instruments, &outcome),
            person,
            unit,
            unit_end: handed_over,
            programme,
            started,
            ended,
            status: if completed { "completed" } else { "discontinued" },
            twice: fault.is_none() && number.is_multiple_of(40),
            fault,
            further: Further::default(),
        }
    }

    /// Gives one answer of each of some clean treatments a fault.
    fn spoil_answers(&mut self) {
        let mut faults = ANSWER_FAULTS.into_iter();
        // Where an answer was given twice, the other one would count instead of the spoiled one.
        let once = |t: &Treatment| t.fault.is_none() && t.answers.iter().all(|a| a.fate == Fate::Counts);
        for treatment in self.treatments.iter_mut().filter(|t| once(t)) {
            let Some(answer) = treatment.answers.iter_mut().find(|a| a.fate == Fate::Counts && a.instrument == "PHQ-9")
            else {
                continue;
            };
            match faults.next() {
                Some(fault) => answer.fate = Fate::Held(fault),
                None => break,
            }
        }
    }
}

/// One of each kind, two where there is room, and none where a region is too small to show anything else.
fn fault_count(treatments: usize) -> usize {
    match treatments {
        0..60 => 0,
        60..200 => TREATMENT_FAULTS.len(),
        _ => TREATMENT_FAULTS.len() * 2,
    }
}
