//! The report `catalogue`: which programmes are used where.
//!
//! Promises: each row is counted anew from the treatments that fall in it. What the list says of a programme is the caller's.

use std::collections::{BTreeMap, BTreeSet};

use crate::selection::ALL;
use crate::table::{Line, Table};

/// One treatment in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Region code, programme code and care level.
    pub place: [String; 3],
    /// HSA-id.
    pub unit: String,
    /// Version of the programme; empty where none is named.
    pub version: String,
    /// `YYYY-MM` of the end.
    pub month: String,
}

const COLUMNS: [&str; 12] = [
    "period",
    "region",
    "programme",
    "care_level",
    "units",
    "n_started",
    "first_month",
    "last_month",
    "versions",
    "aliases",
    "supplier",
    "kind",
];

/// By region, programme and care level; `listed` is what the list says of a programme: aliases, supplier and kind.
#[must_use]
pub fn catalogue(used: &[Used], regions: &[String], listed: &BTreeMap<String, [String; 3]>) -> Table {
    let mut keys: BTreeSet<[&str; 3]> = regions.iter().map(|region| [region.as_str(), ALL, ALL]).collect();
    keys.insert([ALL; 3]);
    for one in used {
        let [region, programme, care_level] = one.place.each_ref().map(String::as_str);
        for region in [region, ALL] {
            for programme in [programme, ALL] {
                keys.extend([[region, programme, care_level], [region, programme, ALL]]);
            }
        }
    }
    let lines = keys.into_iter().map(|key| line(key, used, listed)).collect();
    Table::new(COLUMNS.map(str::to_owned).to_vec(), lines, 4)
}

fn line(key: [&str; 3], used: &[Used], listed: &BTreeMap<String, [String; 3]>) -> Line {
    let fits = |one: &&Used| key.iter().zip(&one.place).all(|(wanted, own)| *wanted == ALL || *wanted == own.as_str());
    let here: Vec<&Used> = used.iter().filter(fits).collect();
    let texts = |of: &dyn Fn(&Used) -> String| here.iter().map(|one| of(one)).filter(|text| !text.is_empty()).collect();
    let units: BTreeSet<String> = texts(&|one| one.unit.clone());
    let versions: BTreeSet<String> = texts(&|one| one.version.clone());
    let months: BTreeSet<String> = texts(&|one| one.month.clone());
    let mut line = Line::new(&[ALL, key[0], key[1], key[2]]);
    line.count(units.len());
    line.count(here.len());
    line.text(months.first().map_or("", String::as_str));
    line.text(months.last().map_or("", String::as_str));
    let versions = versions.into_iter().collect::<Vec<_>>().join("; ");
    line.text(if key[1] == ALL { "" } else { &versions });
    let nothing = Default::default();
    listed.get(key[1]).unwrap_or(&nothing).iter().for_each(|text| line.text(text));
    line
}
