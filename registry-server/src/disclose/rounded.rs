//! Sums rounded for somebody who knows a part of them exactly.
//!
//! Promises: counts to the nearest multiple of 5, and whatever follows from counts is worked out anew from the rounded ones; other
//! figures to one decimal, effect sizes to two; a figure is hidden where it could not be shown of the others in the sum alone.
//! Source: disclosure, sections 5, 8 and 9. Must not know: who asks.

use super::{BASE, EFFECTS};
use crate::figure::{Figure, share};
use crate::indicator::rate::rate;
use crate::indicator::share::Share;

/// A row of a table by the names of its columns.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The names.
    pub columns: &'a [String],
    /// How many of them are grouping columns.
    pub keys: usize,
    /// The figures.
    pub figures: &'a [Figure],
}

impl Row<'_> {
    fn count(&self, column: &str) -> Option<u64> {
        let place = self.columns.iter().position(|name| name == column)?;
        if let Figure::Count(count) = self.figures[place] { Some(nearest(count)) } else { None }
    }

    fn number(&self, column: &str) -> Option<f64> {
        let place = self.columns.iter().position(|name| name == column)?;
        if let Figure::Number(number) = self.figures[place] { Some(number) } else { None }
    }

    fn part(&self, column: &str) -> Option<Figure> {
        let (stem, part) = column.rsplit_once('_')?;
        let place = ["n", "d", "p", "lo", "hi"].iter().position(|known| *known == part)?;
        let (n, d) = (self.count(&format!("{stem}_n"))?, self.count(&format!("{stem}_d"))?);
        share(Some(Share { n, d })).into_iter().nth(place)
    }

    fn rate(&self, column: &str) -> Figure {
        let rate = self.count("n_started").zip(self.number("person_years")).and_then(|(n, years)| rate(n, years));
        let figure = rate.map(|rate| match column {
            "rate_lo" => rate.low,
            "rate_hi" => rate.high,
            _ => rate.per_1000,
        });
        figure.into()
    }

    fn rounded(&self, place: usize) -> Figure {
        let column = self.columns[place].as_str();
        match (column, &self.figures[place]) {
            ("paired_of_pre", Figure::Number(_)) => {
                let share = self.count("n_paired").zip(self.count("n_pre")).map(|(n, d)| Share { n, d });
                share.and_then(|share| share.p()).into()
            }
            ("rate_per_1000" | "rate_lo" | "rate_hi", Figure::Number(_)) => self.rate(column),
            (_, Figure::Count(count)) => Figure::Count(nearest(*count)),
            (_, Figure::Number(number)) => {
                let scale = if EFFECTS.contains(&column) { 100.0 } else { 10.0 };
                self.part(column).unwrap_or_else(|| Figure::from((number * scale).round() / scale))
            }
            (_, other) => other.clone(),
        }
    }
}

/// The row rounded; `others` is the row that those in it make whom the reader does not know, as it may be shown.
#[must_use]
pub fn sum(row: Row<'_>, others: &[Figure]) -> Vec<Figure> {
    let figure = |(place, figure): (usize, &Figure)| match (&others[place], figure) {
        _ if place < row.keys => figure.clone(),
        (_, Figure::Undefined) => Figure::Undefined,
        (Figure::Hidden | Figure::Undefined, _) => Figure::Hidden,
        _ => row.rounded(place),
    };
    row.figures.iter().enumerate().map(figure).collect()
}

fn nearest(count: u64) -> u64 {
    (count + BASE / 2) / BASE * BASE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_multiples_of_five_and_shares_follow_from_them() {
        let columns =
            ["region", "n_started", "completed_n", "completed_d", "completed_p", "completed_lo", "mean_first", "d_z"];
        let columns = columns.map(str::to_owned);
        let figures = [
            Figure::text("ALL"),
            Figure::Count(42),
            Figure::Count(13),
            Figure::Count(42),
            Figure::Number(13.0 / 42.0),
            Figure::Undefined,
            Figure::Number(12.345),
            Figure::Number(0.765),
        ];
        let row = Row { columns: &columns, keys: 1, figures: &figures };
        let rounded = sum(row, &figures);
        let expected = [
            Figure::text("ALL"),
            Figure::Count(40),
            Figure::Count(15),
            Figure::Count(40),
            Figure::Number(15.0 / 40.0),
            Figure::Undefined,
            Figure::Number(12.3),
            Figure::Number(0.77),
        ];
        assert_eq!(rounded, expected);
        assert_eq!([0, 2, 3, 7, 8].map(nearest), [0, 0, 5, 5, 10]);
        let mut others = figures.clone();
        (others[1], others[6]) = (Figure::Hidden, Figure::Undefined);
        let hidden = sum(row, &others);
        assert_eq!((&hidden[1], &hidden[6], &hidden[2]), (&Figure::Hidden, &Figure::Hidden, &expected[2]));
    }
}
