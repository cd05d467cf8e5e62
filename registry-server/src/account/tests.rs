//! Which lines are told, and when which sentence is said.

use schemas::language::Language;
use schemas::record::{Reason, Term};

use super::*;

/// A line of treatments in which `held` are held and the rest was accepted in this cycle or before.
fn line(
    (generation, cycle): (u32, u64),
    reading: &str,
    month: &str,
    [accepted, unchanged, held]: [u64; 3],
) -> (Version, Run) {
    let run = serde_json::json!({
        "cycle": cycle, "reading": reading, "counted": "treatments", "month": month, "unit": "SE9990120000-E002",
        "programme": "sovhjalpen", "found": accepted + unchanged + held, "accepted": accepted, "unchanged": unchanged,
        "rejected": 0, "held": held, "excluded": 0, "pending": 0, "reasons": [{"term": "held", "rule": "score-range", "n": held}],
    });
    (Version { generation, counter: 100 }, serde_json::from_value(run).unwrap())
}

fn batches((generation, cycle): (u32, u64), [accepted, added, removed]: [u64; 3]) -> CycleRow {
    CycleRow { generation, cycle, received_at: format!("2026-11-{cycle:02}T03:00:00Z"), accepted, added, removed }
}

/// A full reading in cycle 5 that found everything delivered in two months, and an increment in cycle 6.
fn sound() -> AccountRows {
    AccountRows {
        lines: vec![
            line((1, 5), "full", "2026-09", [2, 3, 1]),
            line((1, 5), "full", "2026-10", [1, 4, 0]),
            line((1, 4), "full", "2026-08", [9, 9, 9]),
            line((1, 6), "increment", "2026-10", [1, 1, 0]),
            line((1, 3), "increment", "2026-09", [7, 7, 7]),
        ],
        active: vec![("2026-09".into(), 5), ("2026-10".into(), 6)],
        cycles: vec![batches((1, 1), [8, 8, 0]), batches((1, 5), [3, 3, 1]), batches((1, 6), [1, 1, 0])],
        untold: 0,
        erased: vec![],
        drift: None,
        compared: None,
    }
}

fn told(rows: &AccountRows) -> Account {
    account("12".parse().unwrap(), rows)
}

fn sentences(alter: impl FnOnce(&mut AccountRows)) -> Vec<String> {
    let mut rows = sound();
    alter(&mut rows);
    said(&told(&rows), Language::En)
}

fn said(account: &Account, language: Language) -> Vec<String> {
    account.sentences.iter().map(|sentence| sentence.pick(language).to_owned()).collect()
}

#[test]
fn the_newest_full_reading_and_the_newest_run_are_told_and_nothing_of_older_ones() {
    let account = told(&sound());
    let full = account.full.unwrap();
    assert_eq!((full.cycle, full.treatments.terms.found, full.treatments.terms.held), (5, 11, 1));
    assert_eq!(full.months.keys().collect::<Vec<_>>(), ["2026-09", "2026-10"]);
    assert_eq!(full.treatments.reasons, [Reason { term: Term::Held, rule: "score-range".into(), n: 1 }]);
    let newest = account.newest.unwrap();
    assert_eq!((newest.cycle, newest.treatments.terms.found), (6, 2));
    assert_eq!((account.here.active, account.here.by_receipts), (11, Some(11)));
    assert!(account.sentences.is_empty(), "{:?}", account.sentences);
}

#[test]
fn a_new_state_directory_s_first_reading_is_newer_than_any_of_the_lost_one() {
    let mut rows = sound();
    rows.lines.push(line((2, 1), "full", "2026-10", [0, 11, 0]));
    let account = told(&rows);
    assert_eq!(account.full.map(|cycle| (cycle.generation, cycle.cycle)), Some((2, 1)));
    assert_eq!(account.newest, None);
}

#[test]
fn each_disagreement_is_one_sentence_and_agreement_is_none() {
    assert_eq!(sentences(|_| ()), [] as [String; 0]);
    let off = sentences(|rows| rows.lines[0].1.found += 1);
    assert!(off.len() == 1 && off[0].contains("found is 1 more"), "{off:?}");
    let off = sentences(|rows| rows.lines[3].1.held += 2);
    assert!(off.len() == 1 && off[0].contains("cycle 6") && off[0].contains("found is 2 less"), "{off:?}");
    let off = sentences(|rows| rows.cycles[1].accepted = 1);
    assert!(off.len() == 1 && off[0].contains("receipts say 2"), "{off:?}");
    // A row more or less than the receipts tell of.
    for active in [5, 7] {
        let off = sentences(|rows| rows.active[1].1 = active);
        assert!(off[0].contains(&format!("come to 11 treatments, but it holds {}", active + 5)), "{off:?}");
    }
    let off = sentences(|rows| rows.compared = Some(("2026-11-07T03:00:00Z".into(), Ends::Different)));
    assert!(off.len() == 1 && off[0].contains("found at 2026-11-07T03:00:00Z"), "{off:?}");
    // What was lost and sent again was added twice, and a comparison has found both ends equal since.
    let mended = |rows: &mut AccountRows| (rows.cycles[2].added, rows.drift) = (4, Some(-3));
    assert_eq!(sentences(mended), [] as [String; 0]);
    let off = sentences(|rows| (rows.active[1].1, rows.untold) = (4, 1));
    assert!(off.len() == 1 && off[0].contains("1 of the treatments that 12 counts as delivered"), "{off:?}");
}

#[test]
fn what_was_taken_back_or_erased_after_the_full_reading_is_not_missing() {
    let taken_back = |rows: &mut AccountRows| {
        rows.active[1].1 = 4;
        rows.cycles[2].removed = 2;
    };
    assert_eq!(sentences(taken_back), [] as [String; 0]);
    let erased = |rows: &mut AccountRows| {
        rows.active[1].1 = 4;
        rows.erased = vec![("2026-11-05T04:00:00Z".into(), 2)];
    };
    assert_eq!(sentences(erased), [] as [String; 0]);
}

#[test]
fn every_disagreement_is_told_in_swedish_too_with_the_same_numbers_and_documents_keep_english() {
    let mut rows = sound();
    (rows.lines[0].1.found, rows.lines[3].1.held) = (7, 4);
    (rows.cycles[1].accepted, rows.active[1].1) = (1, 3);
    rows.compared = Some(("2026-11-07T03:00:00Z".into(), Ends::Different));
    let account = told(&rows);
    let (sv, en) = (said(&account, Language::Sv), said(&account, Language::En));
    let starts = [
        "körning 5 i generation 1 redovisar inte alla behandlingar: de funna är 1 fler",
        "12 uppger att 3 behandlingar har godkänts sedan körning 5 i generation 1, registrets kvitton säger 2;",
        "körning 6 i generation 1 redovisar inte alla behandlingar: de funna är 4 färre",
        "registrets kvitton och raderingar för 12 ger 11 behandlingar, men här finns 8:",
        "12 jämförde 2026-11-07T03:00:00Z och fann",
        "2 av de behandlingar som 12 räknar som levererade saknas här;",
    ];
    assert_eq!(sv.len(), starts.len(), "{sv:#?}");
    for (sentence, start) in sv.iter().zip(starts) {
        assert!(sentence.starts_with(start), "{sentence}");
    }
    let numbers = |text: &String| {
        let mut numbers: Vec<String> =
            text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(sv.iter().map(numbers).collect::<Vec<_>>(), en.iter().map(numbers).collect::<Vec<_>>());
    assert_eq!(serde_json::to_value(&account).unwrap()["sentences"], serde_json::json!(en));
}
