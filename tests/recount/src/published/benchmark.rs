//! The report `benchmark`: a unit, its region and the country.

use std::collections::BTreeSet;

use super::cross::{Members, cross};
use super::{Counting, Episode, named};
use crate::comparison::Comparison;
use crate::input::Instrument;
use crate::measure::{Measure, Pair};
use crate::moments::mean;
use crate::selection::ALL;
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

const MEASURES: [Measure; 2] = [Measure::RelImproved, Measure::Recovery];

pub(super) fn benchmark(counting: &Counting, keys: &[&str]) -> Table {
    let members = cross(&counting.episodes, counting.selection, |episode| {
        vec![episode.treatment.region.clone(), episode.treatment.unit.clone()]
    });
    let mut lines = Vec::new();
    for (key, unit) in members.iter().filter(|(key, _)| key[1] != ALL && key[2] != ALL) {
        let answered = |code: &&String| unit.iter().any(|episode| scores(episode, code) != (None, None));
        let codes: BTreeSet<&String> = unit.iter().flat_map(|episode| episode.treatment.scores.keys()).collect();
        for code in codes.into_iter().filter(answered).map(Some).chain([None]) {
            for (level, region, unit) in
                [("unit", &*key[1], &*key[2]), ("region", &*key[1], ALL), ("country", ALL, ALL)]
            {
                let group = vec![key[0].clone(), region.to_owned(), unit.to_owned()];
                let name = code.map_or("", String::as_str);
                let mut line = Line::new(&[&key[0], &key[1], &key[2], name, level]);
                let instrument = code.map(|code| (code.as_str(), &counting.instruments[code]));
                figures(&mut line, of(&members, &group), instrument);
                lines.push(line);
            }
        }
    }
    let mut columns = named(keys);
    columns.push("n_started".to_owned());
    columns.extend(share_columns("completed"));
    columns.extend(named(&["n_paired", "mean_change"]));
    columns.extend(MEASURES.iter().flat_map(|measure| share_columns(measure.name())));
    Table::new(columns, lines, keys.len())
}

fn of<'m>(members: &'m Members, group: &Vec<String>) -> &'m [&'m Episode<'m>] {
    members.get(group).map_or(&[], Vec::as_slice)
}

fn scores(episode: &Episode, code: &str) -> (Option<f64>, Option<f64>) {
    Comparison::Paired.members(episode.treatment.scores_of(code))
}

fn figures(line: &mut Line, members: &[&Episode], of: Option<(&str, &Instrument)>) {
    line.count(members.len());
    line.share(Some(Share::among(members, |_| true, |episode| episode.treatment.completed())));
    let Some((code, instrument)) = of else {
        line.text("");
        line.figure(None);
        line.share(None);
        line.share(None);
        return;
    };
    let pair = |episode: &&Episode| {
        let (first, second) = scores(episode, code);
        Some(Pair { first: first?, second: second?, completed: episode.treatment.completed() })
    };
    let pairs: Vec<Pair> = members.iter().filter_map(pair).collect();
    line.count(pairs.len());
    line.figure(mean(&pairs.iter().map(|pair| pair.second - pair.first).collect::<Vec<f64>>()));
    for measure in MEASURES {
        line.share(measure.share(instrument, &pairs));
    }
}
