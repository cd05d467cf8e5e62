//! The rows of one part, joined to whole episodes.
//!
//! Promises: the latest row of an id and the latest answer to a timepoint stand, whatever the order of reading;
//! measurements in the order of instrument and timepoint; an id that two persons share holds all of its rows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemas::canonical;
use schemas::record::Answer;
use schemas::rule::Rule;

use super::row::{self, Age, AnswerRow, CellRow, Fate, HeldRow, Origin, Row, TreatmentRow};
use super::{Episode, EpisodeError, HeldAnswer, Joined, Read, State, Stray, findings, unspelt};
use crate::map::{Cell, Course, LocalWords};

/// Where the measurements of a treatment belong.
const EMPTY_LIST: &[u8] = b"\"measurements\":[]";

/// Episodes that are handed on together.
const CHUNK: usize = 500;

/// What is told of an answer to a treatment that was not read.
const WITHOUT_TREATMENT: &str = "answer-without-treatment:treatment_id";

/// Joins a part behind what was joined before, and hands on when that is enough, in the order of the keys, until `take` wants no more;
/// answers whether it still does.
pub(super) fn join(
    part: &[u8],
    joined: &mut Joined,
    mut take: impl FnMut(Joined) -> bool,
) -> Result<bool, EpisodeError> {
    let mut rows = row::framed(part).ok_or(EpisodeError::Damaged)?;
    // Rows of one key stay in the order in which they were read.
    rows.sort_by(|one, other| beginning(one.key).cmp(&beginning(other.key)).then_with(|| one.key.cmp(other.key)));
    for group in rows.chunk_by(|one, other| one.key == other.key) {
        let key = std::str::from_utf8(group[0].key).map_err(|_| EpisodeError::Damaged)?;
        let mut rows = Rows::default();
        for row in group {
            rows.add(row.read().ok_or(EpisodeError::Damaged)?);
        }
        rows.join(key, joined)?;
        if joined.len() >= CHUNK && !take(std::mem::take(joined)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The first eight letters as a number of the same order: two keys differ there nearly always, and comparing numbers is quicker.
fn beginning(key: &[u8]) -> u64 {
    key.first_chunk().map_or(0, |letters| u64::from_be_bytes(*letters))
}

/// The rows of one key.
#[derive(Default)]
struct Rows<'a> {
    treatment: Option<Chosen<'a>>,
    answers: Vec<AnswerRow<'a>>,
    held: Vec<HeldRow<'a>>,
}

/// The row that stands so far, and what all rows of its id say together.
struct Chosen<'a> {
    row: TreatmentRow<'a>,
    first: Origin<'a>,
    person: &'a str,
    shared: bool,
    objects: bool,
}

impl<'a> Rows<'a> {
    fn add(&mut self, row: Row<'a>) {
        match row {
            Row::Treatment(row) => match &mut self.treatment {
                None => {
                    let (first, person, objects) = (row.origin, row.person, objects(&row));
                    self.treatment = Some(Chosen { row, first, person, shared: false, objects });
                }
                Some(chosen) => chosen.add(row),
            },
            Row::Answer(row) => self.answers.push(row),
            Row::HeldAnswer(row) => self.held.push(row),
        }
    }

    fn join(mut self, key: &str, joined: &mut Joined) -> Result<(), EpisodeError> {
        let answers = latest(&mut self.answers);
        let told = match &self.treatment {
            Some(chosen) => chosen.shared || chosen.row.fate != Fate::Excluded,
            None => true,
        };
        if told {
            if self.treatment.is_none() {
                let without =
                    |row: &&AnswerRow<'a>| HeldRow { origin: row.origin, findings: WITHOUT_TREATMENT, words: "" };
                self.held.extend(answers.iter().map(without));
            }
            self.held.sort_by_key(|row| (row.findings, row.words));
            let cell = self.treatment.as_ref().map_or_else(Cell::unknown, |chosen| cell(chosen.row.cell));
            joined.held_answers.extend((0..).zip(&self.held).map(|(item, HeldRow { origin, findings, words })| {
                HeldAnswer {
                    source: origin.source as usize,
                    key: key.to_owned(),
                    local_id: origin.local_id.to_owned(),
                    cell: cell.clone(),
                    item,
                    findings: (*findings).to_owned(),
                    words: unspelt(words),
                }
            }));
        }
        match (self.treatment, self.held.first()) {
            (Some(chosen), _) => {
                let answers: Vec<Answer<'_>> = answers.iter().map(|row| row.answer).collect();
                let read = Read {
                    source: chosen.first.source as usize,
                    key: key.to_owned(),
                    local_id: chosen.first.local_id.to_owned(),
                    person: person(chosen.person).filter(|_| !chosen.shared && !chosen.is_kept_out()),
                    objects: chosen.is_kept_out(),
                    cell: cell(chosen.row.cell),
                    course: Course::from_bytes(chosen.row.course).ok_or(EpisodeError::Damaged)?,
                    answers: number(answers.len()),
                    bad_answers: number(self.held.len()),
                };
                joined.episodes.push(Episode { read, words: chosen.words(), state: chosen.state(&answers) });
            }
            (None, Some(HeldRow { origin, .. })) => joined.strays.push(Stray {
                source: origin.source as usize,
                key: key.to_owned(),
                local_id: origin.local_id.to_owned(),
                answers: number(self.held.len()),
            }),
            (None, None) => (),
        }
        Ok(())
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn cell(CellRow { unit, programme, month }: CellRow<'_>) -> Cell {
    Cell { unit: unit.to_owned(), programme: programme.to_owned(), month: month.to_owned() }
}

/// The bytes inside a pseudonym; none when it is empty.
fn person(pseudonym: &str) -> Option<[u8; 32]> {
    let hash = pseudonym.rsplit('.').next().filter(|hash| !hash.is_empty())?;
    // The decoder wants room for whole groups of characters.
    let mut bytes = [0; 33];
    URL_SAFE_NO_PAD.decode_slice(hash, &mut bytes).ok().filter(|length| *length == 32)?;
    bytes.first_chunk().copied()
}

impl<'a> Chosen<'a> {
    fn add(&mut self, row: TreatmentRow<'a>) {
        if self.person.is_empty() {
            self.person = row.person;
        } else {
            self.shared |= !row.person.is_empty() && row.person != self.person;
        }
        self.objects |= objects(&row);
        if rank(&row) > rank(&self.row) {
            self.row = row;
        }
    }

    /// Whether it stays because of a person who objects, or with one.
    fn is_kept_out(&self) -> bool {
        self.objects && (self.shared || self.row.fate != Fate::Ready)
    }

    fn words(&self) -> LocalWords {
        match self.row.fate {
            Fate::Ready if self.shared => LocalWords::of_unit(self.row.cell.unit),
            _ => unspelt(self.row.words),
        }
    }

    fn state(&self, answers: &[Answer<'_>]) -> State {
        let row = &self.row;
        let found = findings(row.findings);
        match row.fate {
            _ if self.shared => State::Held(vec![(Rule::TreatmentIdShared, "treatment_id".into())]),
            Fate::Held => State::Held(found),
            Fate::Excluded => State::Excluded(found.first().map_or(Rule::Objection, |(rule, _)| *rule)),
            Fate::Ready => match with_answers(row.content, answers) {
                Some(content) => State::Ready { content, warnings: found },
                None => State::Held(vec![(Rule::RecordShape, "treatment".into())]),
            },
        }
    }
}

/// Whether a row is of a person who objects.
fn objects(row: &TreatmentRow<'_>) -> bool {
    row.fate == Fate::Excluded && findings(row.findings).first().is_some_and(|(rule, _)| *rule == Rule::Objection)
}

/// Findings and words of a row, and what it is counted under.
type Ground<'a> = ([&'a str; 2], CellRow<'a>, [u8; Course::BYTES]);

/// The latest row stands. Among equals one that is excluded does, so that a mark in one of two rows stops both; then the order of the
/// bytes decides, of the content first, then of what is wrong, with its words, and what it is counted under last.
fn rank<'a>(row: &TreatmentRow<'a>) -> (Age, bool, &'a [u8], Fate, Ground<'a>) {
    (row.age, row.fate == Fate::Excluded, row.content, row.fate, ([row.findings, row.words], row.cell, row.course))
}

/// The canonical bytes of a treatment whose list of measurements is empty, with these in it.
fn with_answers(content: &[u8], answers: &[Answer<'_>]) -> Option<Vec<u8>> {
    // Inside a text the quotation marks would have a backslash, so that the list is found here only.
    let place = content.windows(EMPTY_LIST.len()).position(|window| window == EMPTY_LIST)?;
    let (before, after) = (&content[..place + EMPTY_LIST.len() - 2], &content[place + EMPTY_LIST.len()..]);
    Some([before, &canonical::bytes(&answers), after].concat())
}

/// Of the answers to each timepoint the latest; then the later day, then the last in the order of the score's canonical bytes. They come
/// in the order of instrument and timepoint.
fn latest<'r, 'a>(answers: &'r mut [AnswerRow<'a>]) -> Vec<&'r AnswerRow<'a>> {
    answers.sort_by(|one, other| {
        let key = |row: &AnswerRow<'a>| (row.answer.instrument, row.answer.timepoint, row.age, row.answer.answered_on);
        key(one)
            .cmp(&key(other))
            .then_with(|| canonical::bytes(&one.answer.score).cmp(&canonical::bytes(&other.answer.score)))
    });
    let same = |one: &AnswerRow<'a>, other: &AnswerRow<'a>| {
        (one.answer.instrument, one.answer.timepoint) == (other.answer.instrument, other.answer.timepoint)
    };
    answers.chunk_by(same).filter_map(<[_]>::last).collect()
}
