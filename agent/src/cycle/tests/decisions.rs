//! What becomes of an episode: the pure decision, and the choice of what is read.

use jiff::SignedDuration;

use super::*;
use crate::cycle::reading::{basis, choose};
use crate::outbox::Before;
use crate::pseudonymise::Objectors;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn everything_is_read_unless_rows_mean_what_they_meant_and_no_sweep_is_due() {
    let region = Region::new().await;
    let now = moment("2024-06-05T00:15:00Z");
    let complete = Before {
        cursor: Some(moment("2024-06-04T10:00:00Z")),
        basis: Some("same".into()),
        swept_at: Some(moment("2024-06-03T00:15:00Z")),
    };
    let reading = |before: &Before| choose(&region.setup, &region.setup.places[0], (before, "same"), now);
    assert_eq!(reading(&complete), Reading::Since(moment("2024-06-01T10:00:00Z")));
    for lacking in [
        Before::default(),
        Before { cursor: None, ..complete.clone() },
        Before { basis: Some("other".into()), ..complete.clone() },
        Before { basis: None, ..complete.clone() },
        Before { swept_at: Some(moment("2024-05-30T00:15:00Z")), ..complete.clone() },
        Before { swept_at: None, ..complete },
    ] {
        assert_eq!(reading(&lacking), Reading::Full, "{lacking:?}");
    }
}

#[tokio::test]
async fn the_basis_changes_with_everything_that_gives_rows_another_meaning() {
    let region = Region::new().await;
    let nobody = Objectors::default();
    let same = basis(&region.setup, &nobody);
    assert_eq!(basis(&region.setup, &Objectors::default()), same);
    let mut somebody = Objectors::default();
    somebody.add([1; 32]);
    assert_ne!(basis(&region.setup, &somebody), same);
    let alterations: [fn(&mut Setup); 4] = [
        |setup| drop(setup.config.map.status.insert("klar".into(), "completed".into())),
        |setup| setup.config.source.0[0].treatments.push(' '),
        |setup| setup.config.pseudonym.allow_test_identities = false,
        |setup| {
            setup.keys = crate::pseudonymise::Keys::generate(setup.keys.id(), |bytes| bytes.fill(99)).unwrap().into();
        },
    ];
    for alter in alterations {
        let mut region = Region::new().await;
        alter(&mut region.setup);
        assert_ne!(basis(&region.setup, &nobody), same);
    }
}

#[test]
fn without_the_register_a_clock_before_what_it_signed_or_years_behind_it_stops_the_cycle() {
    let signed = moment(NOW);
    for (hours, stops) in [(0, false), (24, false), (30 * 24, false), (-24, false), (-25, true), (366 * 24 + 1, true)] {
        let now = signed + SignedDuration::from_hours(hours);
        let compared = compare_with_the_past(Some(signed), now);
        assert_eq!(matches!(compared, Err(CycleError::Clock(told)) if told == hours), stops, "{hours} hours");
        assert!(compare_with_the_past(None, now).is_ok(), "nothing was signed yet");
    }
}

#[test]
fn a_clock_that_is_a_day_wrong_stops_the_cycle_and_a_smaller_difference_is_told() {
    let now = moment(NOW);
    let me = |ahead: SignedDuration| Me {
        schema: schemas::batch::SCHEMA.into(),
        sender: "12".parse().unwrap(),
        environment: "test".into(),
        status: "active".into(),
        limits: schemas::batch::Limits::default(),
        rules: String::new(),
        codelists: String::new(),
        time: (now - ahead).to_string(),
        generation: 1,
        keys: vec![],
        withdrawn: 0,
        cases: vec![],
        replaces: None,
    };
    assert_eq!(compare_clocks(&me(SignedDuration::from_secs(90)), now).unwrap(), Some(90));
    assert_eq!(compare_clocks(&me(SignedDuration::from_hours(-24)), now).unwrap(), Some(-86_400));
    let unreadable = Me { time: "i morgon".into(), ..me(SignedDuration::ZERO) };
    assert_eq!(compare_clocks(&unreadable, now).unwrap(), None, "a clock that cannot be read is not one that is right");
    for hours in [25, -25, 24 * 365 * 50] {
        assert!(matches!(compare_clocks(&me(SignedDuration::from_hours(hours)), now), Err(CycleError::Clock(_))));
    }
}
