//! Which of several rows stands, in whatever order they arrive.

mod model;

use proptest::prelude::*;
use schemas::id::{Pseudonym, RecordKey};
use schemas::record::{Answer, Status, Treatment};

use super::*;
use crate::pseudonymise::{Fate, KeyedAnswer, Pseudonymised};
use crate::source::Recency;

fn key(id: char) -> RecordKey {
    format!("rec1.12.{}", id.to_string().repeat(43)).parse().unwrap()
}

fn pseudonym(who: char) -> Pseudonym {
    format!("psn1.r12-g1.{}", who.to_string().repeat(43)).parse().unwrap()
}

fn record(who: char, messages: u32) -> Treatment {
    Treatment {
        pseudonym: pseudonym(who),
        programme: "depressionshjalpen".into(),
        programme_version: None,
        unit: "SE9990120000-E001".into(),
        unit_end: None,
        status: Status::Completed,
        end_reason: None,
        referred_on: None,
        assessed_on: None,
        started_on: "2024-01-10".parse().unwrap(),
        ended_on: "2024-03-20".parse().unwrap(),
        sex: None,
        birth_year: None,
        diagnoses: vec![],
        modules_total: None,
        modules_completed: None,
        therapist_minutes: None,
        messages: Some(messages),
        sick_leave_before: None,
        sick_leave_after: None,
        measurements: vec![],
    }
}

/// How new a row of the only file is, by seconds of the source's clock.
fn recency(updated: Option<i64>) -> Recency {
    Recency { order: 0, updated_at: updated.map(|second| jiff::Timestamp::from_second(second).unwrap()) }
}

fn row(id: char, who: char, updated: Option<i64>, fate: Fate) -> Pseudonymised {
    let person = who.is_alphabetic().then(|| pseudonym(who));
    let recency = recency(updated);
    Pseudonymised { source: 0, key: key(id), local_id: format!("M-{id}"), recency, person, fate }
}

fn ready(who: char, messages: u32) -> Fate {
    Fate::Ready(Box::new(record(who, messages)), vec![])
}

fn held(rule: Rule) -> Fate {
    Fate::Held(vec![Finding::new(rule, "unit_id")])
}

fn excluded(rule: Rule) -> Fate {
    Fate::Excluded(Finding::new(rule, "status"))
}

/// An answer, by its treatment.
struct Given {
    id: char,
    updated: Option<i64>,
    answer: Result<Answer<'static>, Rule>,
}

fn answer(id: char, timepoint: &str, updated: Option<i64>, (answered_on, score): (&str, f64)) -> Given {
    let (timepoint, answered_on) = (timepoint.parse().unwrap(), answered_on.parse().unwrap());
    Given { id, updated, answer: Ok(Answer { instrument: "PHQ-9", timepoint, answered_on, score }) }
}

fn bad_answer(id: char, rule: Rule) -> Given {
    Given { id, updated: None, answer: Err(rule) }
}

fn cell(row: &Pseudonymised) -> Cell {
    match &row.fate {
        Fate::Ready(treatment, _) => Cell::of(treatment),
        _ => Cell::unknown(),
    }
}

fn gather(gathering: &mut Gathering, rows: &[Pseudonymised], answers: &[Given]) {
    for row in rows {
        gathering.add_treatment(row, (&cell(row), Course::default()), &LocalWords::default()).unwrap();
    }
    for Given { id, updated, answer } in answers {
        let answer = answer.map_err(|rule| vec![Finding::new(rule, "score")]);
        let (key, local_id) = (&key(*id), &format!("M-{id}"));
        let keyed = KeyedAnswer { source: 0, key, local_id, recency: recency(*updated), answer };
        gathering.add_answer(&keyed, &LocalWords::default()).unwrap();
    }
}

/// Every episode in one line, then the answers that stay.
async fn yielded(gathering: Gathering) -> Result<Vec<String>, EpisodeError> {
    let (mut episodes, mut answers) = (Vec::new(), Vec::new());
    let mut yielding = gathering.finish();
    while let Some(joined) = yielding.next().await? {
        episodes.extend(joined.episodes.into_iter().map(line));
        answers.extend(joined.held_answers.iter().map(|held| format!("{} answer {}", held.local_id, held.findings)));
    }
    Ok([episodes, answers].concat())
}

/// What rows and answers come to.
async fn told(rows: Vec<Pseudonymised>, answers: Vec<Given>) -> Vec<String> {
    let mut gathering = Gathering::begin(None).unwrap();
    gather(&mut gathering, &rows, &answers);
    yielded(gathering).await.unwrap()
}

fn line(episode: Episode) -> String {
    let rules = |found: &[(Rule, String)]| found.iter().map(|(rule, _)| rule.id()).collect::<Vec<_>>().join(" ");
    let Episode { read: Read { local_id, .. }, state, .. } = episode;
    match state {
        State::Held(found) => format!("{local_id} held {}", rules(&found)),
        State::Excluded(rule) => format!("{local_id} excluded {}", rule.id()),
        State::Vanished => format!("{local_id} vanished"),
        State::Ready { content, .. } => {
            let treatment: Treatment = serde_json::from_slice(&content).unwrap();
            assert_eq!(schemas::canonical::bytes(&treatment), content);
            let scores: Vec<String> = treatment
                .measurements
                .iter()
                .map(|m| format!(" {} {} {}", m.timepoint, m.answered_on, m.score))
                .collect();
            format!("{local_id} ready {}{}", treatment.messages.unwrap(), scores.concat())
        }
    }
}

/// The same rows in every order come to the same.
async fn in_every_order(rows: impl Fn() -> Vec<Pseudonymised>, expected: &str) {
    let number = rows().len();
    for order in permutations(number) {
        let mut left: Vec<Option<Pseudonymised>> = rows().into_iter().map(Some).collect();
        let ordered = order.iter().map(|place| left[*place].take().unwrap()).collect();
        assert_eq!(told(ordered, vec![]).await, [expected], "{order:?}");
    }
}

fn permutations(number: usize) -> Vec<Vec<usize>> {
    if number == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(number - 1);
    shorter
        .iter()
        .flat_map(|order| (0..number).map(|at| [&order[..at], &[number - 1], &order[at..]].concat()))
        .collect()
}

#[tokio::test]
async fn of_rows_with_one_id_the_latest_change_stands() {
    let rows = || {
        vec![
            row('a', 'p', Some(10), ready('p', 9)),
            row('a', 'p', Some(30), ready('p', 1)),
            row('a', 'p', None, ready('p', 99)),
            row('a', 'p', Some(20), held(Rule::UnitMissing)),
        ]
    };
    in_every_order(rows, "M-a ready 1").await;
}

#[tokio::test]
async fn of_rows_changed_at_one_time_the_last_by_its_bytes_stands() {
    in_every_order(|| vec![row('a', 'p', None, ready('p', 9)), row('a', 'p', None, ready('p', 10))], "M-a ready 9")
        .await;
    let faults = || {
        vec![
            row('a', '-', None, held(Rule::UnitMissing)),
            row('a', '-', None, held(Rule::ProgrammeUnknown)),
            row('a', '-', None, held(Rule::DateMissing)),
        ]
    };
    in_every_order(faults, "M-a held unit-missing").await;
}

#[tokio::test]
async fn a_mark_in_one_of_two_rows_changed_at_one_time_stops_both() {
    let rows = || {
        vec![
            row('a', 'p', Some(5), ready('p', 1)),
            row('a', 'p', Some(5), excluded(Rule::ProtectedIdentity)),
            row('a', '-', Some(5), held(Rule::UnitMissing)),
        ]
    };
    in_every_order(rows, "M-a excluded protected-identity").await;
}

#[tokio::test]
async fn an_id_that_two_persons_share_is_held_also_when_one_of_their_rows_stays_anyway() {
    for other in [ready('q', 2), held(Rule::UnitMissing), excluded(Rule::StatusOngoing), excluded(Rule::Objection)] {
        let rows = vec![row('a', 'p', Some(9), ready('p', 1)), row('a', 'q', Some(1), other)];
        assert_eq!(told(rows, vec![]).await, ["M-a held treatment-id-shared"]);
    }
    let rows = || {
        vec![
            row('a', 'p', Some(1), ready('p', 1)),
            row('a', '-', Some(2), held(Rule::IdentityInvalid)),
            row('a', 'q', Some(3), ready('q', 1)),
        ]
    };
    in_every_order(rows, "M-a held treatment-id-shared").await;
}

#[tokio::test]
async fn the_bad_answers_of_a_shared_id_are_told_and_those_of_an_excluded_one_are_not() {
    let rows = vec![
        row('a', 'p', None, ready('p', 1)),
        row('a', 'q', None, excluded(Rule::StatusOngoing)),
        row('b', 'p', None, excluded(Rule::ProtectedIdentity)),
    ];
    let answers = vec![
        bad_answer('a', Rule::ScoreRange),
        bad_answer('b', Rule::ScoreRange),
        answer('b', "pre", None, ("2024-01-11", 12.0)),
    ];
    assert_eq!(
        told(rows, answers).await,
        ["M-a held treatment-id-shared", "M-b excluded protected-identity", "M-a answer score-range:score",]
    );
}

#[tokio::test]
async fn answers_join_their_treatment_in_the_order_of_their_timepoints() {
    let rows = vec![row('a', 'p', None, ready('p', 1))];
    let answers = vec![
        answer('a', "post", None, ("2024-03-20", 5.0)),
        answer('a', "weekly-10", None, ("2024-03-18", 6.0)),
        answer('a', "weekly-2", None, ("2024-01-24", 11.0)),
        answer('a', "pre", None, ("2024-01-11", 12.0)),
        bad_answer('a', Rule::ScoreRange),
    ];
    assert_eq!(
        told(rows, answers).await,
        [
            "M-a ready 1 pre 2024-01-11 12 weekly-2 2024-01-24 11 weekly-10 2024-03-18 6 post 2024-03-20 5",
            "M-a answer score-range:score",
        ]
    );
}

#[tokio::test]
async fn an_answer_without_a_treatment_is_held() {
    let answers = vec![answer('b', "pre", None, ("2024-01-11", 12.0)), bad_answer('c', Rule::ScoreMissing)];
    assert_eq!(
        told(vec![], answers).await,
        ["M-b answer answer-without-treatment:treatment_id", "M-c answer score-missing:score",]
    );
}

#[tokio::test]
async fn more_rows_than_one_statement_takes_come_out_whole_and_in_order_of_their_keys() {
    let letters = ('a'..='z').cycle().zip(0..1_200);
    let rows = letters.map(|(id, n)| row(id, 'p', Some(i64::from(n)), ready('p', n))).collect();
    let told = told(rows, vec![]).await;
    assert_eq!(told.len(), 26);
    assert_eq!((told[0].as_str(), told[25].as_str()), ("M-a ready 1196", "M-z ready 1195"));
}

#[test]
fn findings_survive_the_scratch_file() {
    let found = [Finding::new(Rule::UnitMissing, "unit_id"), Finding::new(Rule::DateMissing, "ended_on")];
    assert_eq!(
        findings(&super::told(&found)),
        [(Rule::UnitMissing, "unit_id".into()), (Rule::DateMissing, "ended_on".into())]
    );
    assert_eq!(findings(""), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn of_answers_to_one_timepoint_the_order_of_arrival_never_decides(
        mut given in proptest::collection::vec((prop::option::of(0_i64..3), 1_u8..4, 0_u8..28), 1..7),
        seed in any::<u64>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let come_to = |given: &[(Option<i64>, u8, u8)]| {
            let answers = given.iter().map(|(updated, day, score)| {
                answer('a', "pre", *updated, (&format!("2024-01-{day:02}"), f64::from(*score)))
            });
            runtime.block_on(told(vec![row('a', 'p', None, ready('p', 1))], answers.collect()))
        };
        let last = given.iter().max_by_key(|(updated, day, score)| (*updated, *day, score.to_string())).unwrap();
        let expected = vec![format!("M-a ready 1 pre 2024-01-{:02} {}", last.1, last.2)];
        prop_assert_eq!(&come_to(&given), &expected);
        let turn = usize::try_from(seed % 7).unwrap() % given.len();
        given.rotate_left(turn);
        given.reverse();
        prop_assert_eq!(come_to(&given), expected);
    }
}
