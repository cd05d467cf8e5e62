//! The report `sick-leave`: before and after.

use super::cross::{cells, cross, group};
use super::{Counting, Episode, named};
use crate::moments::mean;
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

const SHARES: [&str; 6] =
    ["sick_less", "sick_same", "sick_more", "sick_none_before", "sick_none_after", "sick_back_to_zero"];

pub(super) fn sick_leave(counting: &Counting, keys: &[&str]) -> Table {
    let members = cross(&counting.episodes, counting.selection, group);
    let lines = members.iter().map(|(key, members)| line(key, members)).collect();
    let mut columns = named(keys);
    columns.push("n_started".to_owned());
    columns.extend(share_columns("sick_missing"));
    columns.extend(named(&["n_both", "sick_before_mean", "sick_after_mean", "sick_change_mean"]));
    columns.extend(SHARES.into_iter().flat_map(share_columns));
    Table::new(columns, lines, keys.len())
}

fn line(key: &[String], members: &[&Episode]) -> Line {
    let extents = |episode: &&Episode| Some((episode.further.sick_before?, episode.further.sick_after?));
    let both: Vec<(u8, u8)> = members.iter().filter_map(extents).collect();
    let mut line = Line::new(&cells(key));
    line.count(members.len());
    line.share(Some(Share { n: members.len() - both.len(), d: members.len() }));
    line.count(both.len());
    let of = |value: fn(&(u8, u8)) -> f64| mean(&both.iter().map(value).collect::<Vec<f64>>());
    line.figure(of(|(before, _)| f64::from(*before)));
    line.figure(of(|(_, after)| f64::from(*after)));
    line.figure(of(|(before, after)| f64::from(*after) - f64::from(*before)));
    let among = |counts: fn(&(u8, u8)) -> bool| Some(Share::among(&both, |_| true, counts));
    line.share(among(|(before, after)| after < before));
    line.share(among(|(before, after)| after == before));
    line.share(among(|(before, after)| after > before));
    line.share(among(|(before, _)| *before == 0));
    line.share(among(|(_, after)| *after == 0));
    line.share(Some(Share::among(&both, |(before, _)| *before > 0, |(_, after)| *after == 0)));
    line
}
