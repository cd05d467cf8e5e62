//! Severity, group of diagnosis, version of the programme, and windows of 12 and 36 months: counted by hand from what the senders said
//! last, with limits that are written here and not read from the code lists.

use std::collections::BTreeMap;

use schemas::record::{Timepoint, Treatment};

use super::chronicle::{Standing, begin, deliver, said, shuffled, standing};
use super::{engines, report};
use crate::figure::Figure;
use crate::store::Store;

const SEED: i64 = 81;

/// The lowest score of each band, and the highest score there is.
const MADRS_S: (&[(f64, &str)], f64) =
    (&[(0.0, "minimal"), (13.0, "mild"), (20.0, "moderate"), (35.0, "severe")], 54.0);
const GAD_7: (&[(f64, &str)], f64) = (&[(0.0, "minimal"), (5.0, "mild"), (10.0, "moderate"), (15.0, "severe")], 21.0);

fn score(content: &Treatment, (instrument, timepoint): (&str, Timepoint)) -> Option<f64> {
    let is_it =
        |one: &&schemas::record::Measurement| (one.instrument.as_str(), one.timepoint) == (instrument, timepoint);
    content.measurements.iter().find(is_it).map(|one| one.score)
}

fn severity(content: &Treatment) -> String {
    let depression = content.programme == "depressionshjalpen";
    let (instrument, (bands, highest)) = if depression { ("MADRS-S", MADRS_S) } else { ("GAD-7", GAD_7) };
    let first = score(content, (instrument, Timepoint::Pre)).filter(|first| *first <= highest);
    let band = first.and_then(|first| bands.iter().rev().find(|(from, _)| *from <= first));
    band.map_or("unknown", |(_, name)| name).to_owned()
}

fn diagnosis_group(content: &Treatment) -> String {
    match content.diagnoses.first().map(String::as_str) {
        Some("F32.1") => "F30-F39",
        Some("F41" | "F40.1") => "F40-F48",
        Some(other) => panic!("no treatment has {other}"),
        None => "unknown",
    }
    .to_owned()
}

fn programme_version(content: &Treatment) -> String {
    content.programme_version.clone().unwrap_or_else(|| "unknown".to_owned())
}

/// How many there are of each label.
fn count<'a>(of: impl Iterator<Item = &'a Standing>, label: fn(&Treatment) -> String) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for one in of {
        *counts.entry(label(&one.content)).or_default() += 1;
    }
    counts
}

/// A column of a report's rows of one dimension, by the label; the total left out.
async fn printed(store: &dyn Store, name: &str, (options, column): (&[(&str, &str)], &str)) -> BTreeMap<String, u64> {
    let made = report(store, name, options).await;
    let place = made.columns.iter().position(|one| one == column).unwrap();
    let labelled =
        made.rows.iter().filter(|row| row[0] == Figure::text("ALL")).filter_map(|row| match (&row[1], &row[place]) {
            (Figure::Text(label), Figure::Count(n)) if &**label != "ALL" && *n > 0 => Some((label.to_string(), *n)),
            _ => None,
        });
    labelled.collect()
}

#[tokio::test]
async fn severity_diagnosis_and_version_are_as_counted_by_hand_on_either_engine() {
    let standing = standing(SEED);
    let (_folder, stores) = engines().await;
    for store in &stores {
        begin(&**store).await;
        deliver(&**store, &shuffled(said(SEED), 1), 0).await;
        for (dimension, label) in [
            ("severity", severity as fn(&Treatment) -> String),
            ("diagnosis_group", diagnosis_group),
            ("programme_version", programme_version),
        ] {
            let expected = count(standing.iter(), label);
            assert!(expected.len() > 2, "{dimension}");
            assert_eq!(printed(&**store, "groups", (&[("by", dimension)], "n_started")).await, expected, "{dimension}");
            let both = |one: &&Standing| {
                [Timepoint::Pre, Timepoint::Post].iter().all(|at| score(&one.content, ("PHQ-9", *at)).is_some())
            };
            let options = [("by", dimension), ("instrument", "PHQ-9")];
            let paired = printed(&**store, "outcomes", (&options, "n_paired")).await;
            assert_eq!(paired, count(standing.iter().filter(both), label), "{dimension}");
        }
    }
}

#[tokio::test]
async fn windows_of_12_and_36_months_hold_their_days_and_no_other_on_either_engine() {
    let standing = standing(SEED);
    let (_folder, stores) = engines().await;
    for store in &stores {
        begin(&**store).await;
        deliver(&**store, &said(SEED), 0).await;
        for (window, from) in [("rolling12", "2023-09-01"), ("rolling36", "2021-09-01")] {
            let (first, last) = (from.parse().unwrap(), "2024-08-31".parse().unwrap());
            let expected = standing.iter().filter(|one| (first..=last).contains(&one.content.ended_on)).count() as u64;
            let options = [("by", ""), ("period", window), ("to", "2024-08-31")];
            let made = report(&**store, "groups", &options).await;
            let label = Figure::text(format!("{from}..2024-08-31"));
            let row = made.rows.iter().find(|row| row[0] == label).unwrap();
            assert!(expected > 50 && expected < standing.len() as u64, "{window}: {expected}");
            assert_eq!(row[1], Figure::Count(expected), "{window}");
        }
    }
}
