//! Every state of an episode against everything that may have been queued before.

use super::*;
use crate::map::{Cell, Course};
use crate::pseudonymise::Keys;

fn keys() -> Keys {
    Keys::generate(&"r12-g1".parse().unwrap(), |bytes| bytes.fill(7)).unwrap()
}

fn treatment() -> schemas::record::Treatment {
    serde_json::from_value(serde_json::json!({
        "pseudonym": format!("psn1.r12-g1.{}", "a".repeat(43)),
        "programme": "depressionshjalpen",
        "unit": "SE9990120000-E001",
        "status": "completed",
        "started_on": "2024-01-10",
        "ended_on": "2024-03-20",
        "measurements": [],
    }))
    .unwrap()
}

fn ready() -> State {
    let treatment = treatment();
    State::Ready { content: canonical::bytes(&treatment), warnings: vec![] }
}

/// What was queued before: its content, and whether the register holds something.
fn before(kind: Kind, content: &[u8], at_register: bool) -> Known {
    let fingerprint = keys().content_fingerprint(content).to_vec();
    Known { kind: kind.word().into(), fingerprint, at_register, ..Known::default() }
}

fn episode(state: State) -> Episode {
    let read = Read {
        source: 0,
        key: "k".into(),
        local_id: "M-1".into(),
        person: None,
        objects: false,
        cell: Cell::of(&treatment()),
        course: Course::default(),
        answers: 0,
        bad_answers: 0,
    };
    Episode { read, words: LocalWords::default(), state }
}

fn decided(state: State, known: Option<&Known>) -> String {
    let keys = keys();
    let facts = Facts { keys: &keys, units: None, left_out: &LeftOut::default() };
    match decide(episode(state), known, &facts).action {
        Action::Queue { kind: Kind::Retraction, content, .. } => String::from_utf8(content).unwrap(),
        Action::Queue { kind, .. } => format!("queue {}", kind.word()),
        Action::Unchanged => "unchanged".into(),
        Action::Gone => "gone".into(),
        Action::Hold(_) => "hold".into(),
        Action::Exclude(rule) => format!("exclude {}", rule.id()),
    }
}

#[test]
fn an_episode_that_is_ready_is_queued_unless_its_newest_version_is_the_same() {
    let same = before(Kind::Treatment, &canonical::bytes(&treatment()), true);
    let other = before(Kind::Treatment, b"{}", true);
    let taken_back = before(Kind::Retraction, br#"{"reason":"reopened"}"#, false);
    assert_eq!(decided(ready(), None), "queue treatment");
    assert_eq!(decided(ready(), Some(&same)), "unchanged");
    assert_eq!(decided(ready(), Some(&other)), "queue treatment");
    assert_eq!(decided(ready(), Some(&taken_back)), "queue treatment");
}

#[test]
fn a_held_episode_never_sends_anything() {
    for known in [None, Some(before(Kind::Treatment, b"{}", true))] {
        assert_eq!(decided(State::Held(vec![(Rule::UnitForm, "unit_id".into())]), known.as_ref()), "hold");
    }
}

#[test]
fn an_excluded_episode_is_taken_back_only_when_the_register_may_hold_it() {
    let sent = before(Kind::Treatment, b"{}", true);
    let refused = before(Kind::Treatment, b"{}", false);
    let taken_back = before(Kind::Retraction, br#"{"reason":"reopened"}"#, false);
    for (rule, reason) in [
        (Rule::StatusOngoing, "reopened"),
        (Rule::TestPatient, "test_patient"),
        (Rule::ProtectedIdentity, "protected_identity"),
        (Rule::ProgrammeSupport, "support_programme"),
    ] {
        let excluded = || State::Excluded(rule);
        assert_eq!(decided(excluded(), Some(&sent)), format!("{{\"reason\":\"{reason}\"}}"));
        for known in [None, Some(&refused), Some(&taken_back)] {
            assert_eq!(decided(excluded(), known), format!("exclude {}", rule.id()));
        }
    }
}

#[test]
fn a_retraction_that_is_still_on_its_way_is_not_queued_twice() {
    let on_its_way = before(Kind::Retraction, br#"{"reason":"reopened"}"#, true);
    assert_eq!(decided(State::Excluded(Rule::StatusOngoing), Some(&on_its_way)), "exclude status-ongoing");
    assert_eq!(decided(State::Excluded(Rule::TestPatient), Some(&on_its_way)), r#"{"reason":"test_patient"}"#);
}

#[test]
fn an_objectors_treatment_is_never_taken_back_as_something_else() {
    let sent = before(Kind::Treatment, b"{}", true);
    assert_eq!(decided(State::Excluded(Rule::Objection), Some(&sent)), "exclude objection");
    assert_eq!(decided(State::Excluded(Rule::Objection), None), "exclude objection");
}

#[test]
fn where_units_must_be_described_another_unit_is_held() {
    let (keys, mut units) = (keys(), HashMap::new());
    let with = |units: &HashMap<HsaId, Unit>| {
        let decided =
            decide(episode(ready()), None, &Facts { keys: &keys, units: Some(units), left_out: &LeftOut::default() });
        let held = matches!(decided.action, Action::Hold(_));
        assert_eq!(decided.words.unit(), if held { "SE9990120000-E001" } else { "" });
        held
    };
    assert!(with(&units));
    let unit = serde_json::from_value(serde_json::json!({ "name": "N", "county": "12" })).unwrap();
    units.insert("SE9990120000-E001".parse().unwrap(), unit);
    assert!(!with(&units));
}
