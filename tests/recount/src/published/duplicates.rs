//! The report `duplicates`: what two senders may both have delivered.

use std::collections::{BTreeMap, BTreeSet};

use super::cross::cross;
use super::{Counting, Episode, named};
use crate::selection::ALL;
use crate::table::{Line, Table};

pub(super) fn duplicates(counting: &Counting, keys: &[&str]) -> Table {
    let mut lines = Vec::new();
    for (key, members) in &cross(&counting.episodes, counting.selection, |_| Vec::new()) {
        let period = key[0].as_str();
        let senders: BTreeSet<&str> = members.iter().map(|episode| episode.further.sender.as_str()).collect();
        let of = |sender: &str| members.iter().filter(|episode| episode.further.sender == sender).count();
        let mut line = Line::new(&[period, ALL, ALL]);
        line.count(members.len());
        line.count(senders.iter().map(|sender| compared(members, sender)).sum());
        line.count(alike(members).values().map(|counts| counts.values().sum::<usize>() - most(counts)).sum());
        lines.push(line);
        for one in &senders {
            let mut line = Line::new(&[period, one, ALL]);
            line.count(of(one));
            line.count(compared(members, one));
            line.count(shared(members, one, |other| other != *one));
            lines.push(line);
            for other in senders.iter().filter(|other| *other != one) {
                let n = shared(members, one, |sender| sender == *other);
                if n > 0 {
                    let mut line = Line::new(&[period, one, other]);
                    line.text("");
                    line.text("");
                    line.count(n);
                    lines.push(line);
                }
            }
        }
    }
    let mut columns = named(keys);
    columns.extend(named(&["n_started", "n_compared", "n_duplicates"]));
    Table::new(columns, lines, keys.len())
}

/// What like treatments have in common.
type Likeness<'a> = (&'a str, &'a str, &'a str, u16);

fn likeness<'a>(episode: &'a Episode) -> Option<Likeness<'a>> {
    let sex = episode.further.sex.as_deref()?;
    Some((&episode.treatment.programme, &episode.treatment.started, sex, episode.further.birth_year?))
}

fn alike<'a>(members: &'a [&'a Episode<'a>]) -> BTreeMap<Likeness<'a>, BTreeMap<&'a str, usize>> {
    let mut alike: BTreeMap<Likeness, BTreeMap<&str, usize>> = BTreeMap::new();
    for episode in members {
        if let Some(likeness) = likeness(episode) {
            *alike.entry(likeness).or_default().entry(&episode.further.sender).or_default() += 1;
        }
    }
    alike
}

fn compared(members: &[&Episode], sender: &str) -> usize {
    members.iter().filter(|episode| episode.further.sender == sender && likeness(episode).is_some()).count()
}

/// As many of a sender's like treatments as some others have.
fn shared(members: &[&Episode], sender: &str, others: impl Fn(&str) -> bool) -> usize {
    let of = |counts: &BTreeMap<&str, usize>| {
        let theirs: usize = counts.iter().filter(|(other, _)| others(other)).map(|(_, n)| n).sum();
        theirs.min(counts.get(sender).copied().unwrap_or(0))
    };
    alike(members).values().map(of).sum()
}

fn most(counts: &BTreeMap<&str, usize>) -> usize {
    counts.values().copied().max().unwrap_or(0)
}
