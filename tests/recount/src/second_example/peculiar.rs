//! Treatments made by hand, each for one border of the definitions.
//!
//! Promises: their instruments occur nowhere else but EDE-Q and PSWQ, so their groups stay small. It must not know
//! figures.

use crate::second_example::Case;
use crate::second_example::calendar::Day;
use crate::second_example::course::Given;
use crate::second_example::person::Person;
use crate::second_example::random::Random;

/// Instrument, pre and post of every treatment made by hand; without post where it is absent, without both no score
/// at all.
const BORDERS: [(&str, Option<f64>, Option<f64>); 23] = [
    // No spread at all: only means and limits remain.
    ("ISI", Some(20.0), Some(12.0)),
    ("ISI", Some(20.0), Some(12.0)),
    ("ISI", Some(20.0), Some(12.0)),
    // No spread of the change: d_z is undefined, the others are not.
    ("BDI-II", Some(20.0), Some(11.0)),
    ("BDI-II", Some(25.0), Some(16.0)),
    ("BDI-II", Some(30.0), Some(21.0)),
    // No spread before: no d_pre and no Jacobson-Truax limit.
    ("PDSS-SR", Some(15.0), Some(5.0)),
    ("PDSS-SR", Some(15.0), Some(10.0)),
    ("PDSS-SR", Some(15.0), Some(15.0)),
    // Changes that are equal but for the last bit of a double.
    ("HSCL-11", Some(24.0 / 11.0), Some(13.0 / 11.0)),
    ("HSCL-11", Some(36.0 / 11.0), Some(25.0 / 11.0)),
    ("HSCL-11", Some(47.0 / 11.0), Some(36.0 / 11.0)),
    // One point less is reliable, though the doubles differ by a little less than one; and a score on the cut-off.
    ("EDE-Q", Some(13.0 / 3.0), Some(10.0 / 3.0)),
    ("EDE-Q", Some(17.0 / 6.0), Some(11.0 / 6.0)),
    ("EDE-Q", Some(2.8), Some(2.79)),
    // One pair; two pairs; nobody with a second score; a second score alone.
    ("OCI-R", Some(30.0), Some(12.0)),
    ("SHAI-14", Some(26.0), Some(15.0)),
    ("SHAI-14", Some(22.0), Some(20.0)),
    ("WSAS", Some(18.0), None),
    ("CORE-10", None, Some(9.0)),
    // Nothing to respond to at the lowest score of a scale that does not begin at 0.
    ("PSWQ", Some(16.0), Some(16.0)),
    ("", None, None),
    ("", None, None),
];

/// The treatments, in a region of their own but for the last, which stands alone in its region.
pub(crate) fn cases(random: &mut Random, people: &mut Vec<Person>) -> Vec<Case> {
    let last = BORDERS.len() - 1;
    let mut cases = Vec::new();
    for (at, (instrument, pre, post)) in BORDERS.into_iter().enumerate() {
        let mut case = Case::at(if at == last { "23" } else { "09" }, 1, at % 4 != 3);
        case.person = Person::new(random, people);
        case.programme = "stresshjalpen";
        case.started = Day::first().after(300 + random.below(300));
        case.ended = case.started.after(60 + random.below(60));
        let answers = [("pre", case.started, pre), ("post", case.ended, post)];
        let given =
            |(timepoint, day, score): (&str, Day, Option<f64>)| Some(Given::new(instrument, timepoint, day, score?));
        case.answers = answers.into_iter().filter_map(given).collect();
        cases.push(case);
    }
    cases
}
