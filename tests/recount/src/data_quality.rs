//! The report `data-quality`: what fields hold, and what rules hold back.
//!
//! Promises: which rule speaks of which field is written here a second time.

use std::collections::BTreeMap;

use crate::selection::ALL;
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

/// What the treatments of one sender in the register have in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Code of the sender.
    pub sender: String,
    /// Name of the field.
    pub field: String,
    /// Treatments in the register.
    pub treatments: usize,
    /// Those with a value that tells nothing more.
    pub other: usize,
    /// Those without.
    pub missing: usize,
}

/// What a rule has held of a sender: treatments, then answers.
pub type Rules = BTreeMap<(String, String), [usize; 2]>;

/// A field, the rules on a wrong value, and those on none.
const NEEDED: [(&str, &[&str], &[&str]); 6] = [
    (
        "person_id",
        &[
            "identity-invalid",
            "identity-lost-zeros",
            "identity-spreadsheet",
            "identity-test",
            "identity-reserve-without-system",
            "identity-system-unknown",
        ],
        &["identity-missing"],
    ),
    ("unit_id", &["unit-form", "unit-undescribed"], &["unit-missing"]),
    ("programme", &["programme-unknown", "programme-not-in-use"], &["programme-missing"]),
    ("status", &["status-unknown"], &["status-missing"]),
    ("started_on, ended_on", &["date-invalid", "dates-reversed", "date-future", "date-early"], &["date-missing"]),
    ("birth_year", &["identity-birth-year"], &[]),
];

/// By sender, with the sums.
#[must_use]
pub fn data_quality(held: &[Held], rules: &Rules) -> Table {
    let mut lines = Vec::new();
    let senders: std::collections::BTreeSet<&str> = held.iter().map(|one| one.sender.as_str()).chain([ALL]).collect();
    for sender in senders {
        let of = |code: &str| sender == ALL || sender == code;
        let mut kept: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
        for ((_, rule), counts) in rules.iter().filter(|((code, _), _)| of(code)) {
            let sum = kept.entry(rule).or_default();
            *sum = [sum[0] + counts[0], sum[1] + counts[1]];
        }
        let mut fields: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for one in held.iter().filter(|one| of(&one.sender)) {
            let sum = fields.entry(&one.field).or_default();
            *sum = [sum[0] + one.treatments, sum[1] + one.other, sum[2] + one.missing];
        }
        lines.extend(fields.into_iter().map(|(field, values)| of_field((sender, field), values, &kept)));
        lines.extend(kept.into_iter().map(|(rule, counts)| of_rule((sender, rule), counts)));
    }
    let mut columns = ["period", "level", "region", "item"].map(str::to_owned).to_vec();
    columns.extend(["valid", "other", "default", "invalid", "missing"].iter().flat_map(|name| share_columns(name)));
    columns.extend(["held", "rejected", "answers_held", "answers_rejected"].map(str::to_owned));
    Table::new(columns, lines, 4)
}

fn of_field((sender, field): (&str, &str), values: [usize; 3], kept: &BTreeMap<&str, [usize; 2]>) -> Line {
    let [treatments, other, missing] = values;
    let needed = NEEDED.iter().find(|(name, ..)| *name == field);
    let sum = |rules: &[&str]| rules.iter().filter_map(|rule| kept.get(rule)).map(|counts| counts[0]).sum::<usize>();
    let (wrong, absent) = needed.map_or((0, 0), |(_, wrong, absent)| (sum(wrong), sum(absent)));
    let share = |n| Some(Share { n, d: treatments + wrong + absent });
    let mut line = Line::new(&[ALL, "field", sender, field]);
    line.share(share(treatments - other - missing));
    line.share(share(other));
    line.share(share(0).filter(|_| !["sex", "birth_year"].contains(&field)));
    line.share(share(wrong).filter(|_| needed.is_some()));
    line.share(share(missing + absent));
    (0..4).for_each(|_| line.figure(None));
    line
}

fn of_rule((sender, rule): (&str, &str), [treatments, answers]: [usize; 2]) -> Line {
    let mut line = Line::new(&[ALL, "rule", sender, rule]);
    (0..25).for_each(|_| line.figure(None));
    for count in [treatments, 0, answers, 0] {
        line.count(count);
    }
    line
}
