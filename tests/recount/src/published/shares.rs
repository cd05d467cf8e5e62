//! The report `shares`: women and men, public and private.

use super::cross::{cells, cross, group};
use super::{Counting, Episode, named};
use crate::share::Share;
use crate::table::{Line, Table, share_columns};

pub(super) fn shares(counting: &Counting, keys: &[&str]) -> Table {
    let members = cross(&counting.episodes, counting.selection, group);
    let lines = members.iter().map(|(key, members)| line(key, members)).collect();
    let mut columns = named(keys);
    columns.extend(named(&["n_started", "sex_missing"]));
    columns.extend(share_columns("women").chain(share_columns("men")));
    columns.push("ownership_missing".to_owned());
    columns.extend(share_columns("public").chain(share_columns("private")));
    Table::new(columns, lines, keys.len())
}

fn line(key: &[String], members: &[&Episode]) -> Line {
    let mut line = Line::new(&cells(key));
    line.count(members.len());
    let sex = |episode: &&Episode| episode.further.sex.clone();
    let ownership = |episode: &&Episode| episode.further.ownership.clone();
    for (of, first, second) in
        [(&sex as &dyn Fn(&&Episode) -> Option<String>, "F", "M"), (&ownership, "public", "private")]
    {
        line.count(members.iter().filter(|episode| of(episode).is_none()).count());
        for wanted in [first, second] {
            let is = |episode: &&Episode| of(episode).as_deref() == Some(wanted);
            line.share(Some(Share::among(members, |episode| of(episode).is_some(), is)));
        }
    }
    line
}
