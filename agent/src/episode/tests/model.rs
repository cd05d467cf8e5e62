//! Against a model that keeps everything in plain tables: the same comes out, also when most rows went through the file; and a file
//! that was altered is refused.

use std::collections::BTreeMap;
use std::os::unix::fs::FileExt as _;

use super::*;
use crate::episode::row::{self, Row};
use crate::episode::spill::Spill;

/// A gathering that keeps next to nothing in memory.
fn spilling(folder: &tempfile::TempDir) -> Gathering {
    Gathering::new(Spill::begin(Some(&folder.path().join("scratch")), 64).unwrap())
}

/// A treatment row: id, person, moment, what becomes of it.
type GivenRow = (char, char, Option<i64>, u8);
/// An answer: id, instrument, timepoint, moment, day, score; a negative score breaks a rule.
type GivenAnswer = (char, &'static str, u8, Option<i64>, u8, i8);

fn given_row((id, who, updated, fate): GivenRow) -> Pseudonymised {
    let fate = match fate {
        0 => excluded(Rule::StatusOngoing),
        1 => held(Rule::UnitMissing),
        messages => ready(who, u32::from(messages)),
    };
    row(id, who, updated, fate)
}

fn given_answer((id, instrument, week, updated, day, score): GivenAnswer) -> Given {
    let (timepoint, answered_on) = (format!("weekly-{week}"), format!("2024-01-{day:02}"));
    if score < 0 {
        return bad_answer(id, Rule::ScoreRange);
    }
    let Given { answer, .. } = answer(id, &timepoint, updated, (&answered_on, f64::from(score)));
    Given { id, updated, answer: answer.map(|answer| Answer { instrument, ..answer }) }
}

/// What the contract says comes of rows and answers, told by going through all of them for every id.
fn expected(rows: &[GivenRow], answers: &[GivenAnswer]) -> Vec<String> {
    let (mut episodes, mut stay) = (Vec::new(), Vec::new());
    let mut ids: Vec<char> = rows.iter().map(|row| row.0).chain(answers.iter().map(|answer| answer.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let own: Vec<&GivenRow> = rows.iter().filter(|row| row.0 == id).collect();
        let answers: Vec<&GivenAnswer> = answers.iter().filter(|answer| answer.0 == id).collect();
        let mut latest: BTreeMap<(&str, u8), (Option<i64>, u8, String)> = BTreeMap::new();
        for (_, instrument, week, updated, day, score) in answers.iter().filter(|answer| answer.5 >= 0) {
            let place = latest.entry((instrument, *week)).or_default();
            *place = (*updated, *day, score.to_string()).max(place.clone());
        }
        let shared = own.iter().any(|row| row.1 != own[0].1);
        let content = |row: &GivenRow| if row.3 > 1 { format!("{} {}", row.3, row.1) } else { String::new() };
        let chosen = own.iter().max_by_key(|row| (row.2, row.3 == 0, content(row), row.3 == 1));
        let scores: Vec<String> = latest
            .iter()
            .map(|((_, week), (_, day, score))| format!(" weekly-{week} 2024-01-{day:02} {score}"))
            .collect();
        let scores = scores.concat();
        episodes.extend(chosen.map(|row| match row.3 {
            _ if shared => format!("M-{id} held treatment-id-shared"),
            0 => format!("M-{id} excluded status-ongoing"),
            1 => format!("M-{id} held unit-missing"),
            messages => format!("M-{id} ready {messages}{scores}"),
        }));
        if chosen.is_none() {
            stay.extend(latest.iter().map(|_| format!("M-{id} answer answer-without-treatment:treatment_id")));
        }
        if chosen.is_none_or(|row| shared || row.3 != 0) {
            let bad = answers.iter().filter(|answer| answer.5 < 0);
            stay.extend(bad.map(|_| format!("M-{id} answer score-range:score")));
        }
    }
    [episodes, stay].concat()
}

fn rows() -> impl Strategy<Value = Vec<GivenRow>> {
    let id = prop::sample::select(vec!['-', '0', 'A', 'Z', '_', 'a', 'b', 'z']);
    let person = prop::sample::select(vec!['p', 'p', 'p', 'q']);
    prop::collection::vec((id, person, prop::option::of(0_i64..3), 0_u8..6), 0..40)
}

fn answers() -> impl Strategy<Value = Vec<GivenAnswer>> {
    let id = prop::sample::select(vec!['-', '0', 'A', 'Z', '_', 'a', 'b', 'x']);
    let instrument = prop::sample::select(vec!["GAD-7", "PHQ-9"]);
    prop::collection::vec((id, instrument, 1_u8..12, prop::option::of(0_i64..3), 1_u8..4, -2_i8..20), 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn what_went_through_the_file_comes_out_as_the_model_says(rows in rows(), answers in answers()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut gathering = spilling(&folder);
        let given: Vec<Given> = answers.iter().copied().map(given_answer).collect();
        gather(&mut gathering, &rows.iter().copied().map(given_row).collect::<Vec<_>>(), &given);
        prop_assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "the file has a name");
        prop_assert_eq!(runtime.block_on(yielded(gathering)).unwrap(), expected(&rows, &answers));
    }

    #[test]
    fn a_part_that_is_cut_short_or_altered_in_a_length_is_never_read_as_rows(cut in 1_usize..60, at in 0_usize..4) {
        let mut part = Vec::new();
        let held = row::HeldRow { origin: row::Origin { source: 0, local_id: "M-1" }, findings: "a:b", words: "w" };
        row::write(&mut part, &"k".repeat(row::KEY), &Row::HeldAnswer(held));
        prop_assert_eq!(row::framed(&part).map(|rows| rows.len()), Some(1));
        let whole = |part: &[u8]| row::framed(part).is_some_and(|rows| rows.iter().all(|row| row.read().is_some()));
        prop_assert!(whole(&part) && !whole(&part[..part.len() - cut]));
        part[at] ^= 1;
        prop_assert!(!whole(&part));
    }
}

#[tokio::test]
async fn a_working_file_that_was_altered_or_cut_short_is_refused() {
    for damage in ["none", "altered", "cut short"] {
        let folder = tempfile::tempdir().unwrap();
        let mut gathering = spilling(&folder);
        gather(
            &mut gathering,
            &[row('a', 'p', None, ready('p', 1))],
            &[answer('a', "pre", None, ("2024-01-11", 12.0))],
        );
        let file = gathering.spill.file().unwrap();
        let length = file.metadata().unwrap().len();
        assert!(length > 300, "nothing went through the file");
        match damage {
            "altered" => file.write_all_at(b"2", length / 2).unwrap(),
            "cut short" => file.set_len(length - 1).unwrap(),
            _ => (),
        }
        let came = yielded(gathering).await;
        assert_eq!(matches!(came, Err(EpisodeError::Damaged)), damage != "none", "{damage}: {came:?}");
    }
}
