//! A table as every file of a package shows it: columns, marks and figures, in one form that no file changes.
//!
//! Promises: made of nothing but what the engine cleared; a cell is a code, a figure or a mark, never empty; hidden, not reported and not
//! applicable are three marks, and none is 0. Must not know: files.

use std::collections::BTreeSet;

use schemas::codelist::CodeLists;
use schemas::language::Text;

use super::asked::Asked;
use super::measure::{Kind, Measure, NEITHER};
use super::value::Names;
use super::{vocabulary, words};
use crate::disclose::engine::means::{Averaged, Means};
use crate::disclose::engine::table::{Disclosed, Row, Shown, Table};
use crate::report::render::harmless;

/// Kept back.
pub const HIDDEN: &str = "*";
/// Nothing is reported from there.
pub const NOT_REPORTED: &str = "..";
/// There is no such figure in this row.
pub const NOT_APPLICABLE: &str = ".";

/// What stands in a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A code of a dimension.
    Code(String),
    /// Persons, units or a share.
    Figure {
        /// The figure.
        value: f64,
        /// Its decimals.
        decimals: usize,
    },
    /// One of the marks.
    Mark(&'static str),
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in every file.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// What it means.
    pub meaning: Text,
    /// Whether it holds codes.
    pub is_key: bool,
    /// The codes that it holds, in order, with what people call them; none of a column of figures.
    pub codes: Vec<(String, Text)>,
}

/// A table, ready to be written.
#[derive(Debug)]
pub struct Sheet {
    /// Its number in the request, from 1.
    pub number: usize,
    /// What it shows.
    pub title: Text,
    /// Its place among the releases of the cut.
    pub place: u32,
    /// What was asked for, and what it is split by where that is less.
    pub asked: String,
    /// What it is split by.
    pub split_by: String,
    /// Its columns, keys first.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// As a file of comma separated values writes it: a code is not worked out as a formula, and a negative figure stays one.
    #[must_use]
    pub fn in_file(&self) -> String {
        match self {
            Self::Code(code) => harmless(code).into_owned(),
            Self::Figure { .. } | Self::Mark(_) => self.text(),
        }
    }

    /// As every text file writes it, with a decimal point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Code(code) => code.clone(),
            Self::Figure { value, decimals } => format!("{value:.decimals$}"),
            Self::Mark(mark) => (*mark).to_owned(),
        }
    }
}

impl Sheet {
    /// The sheet of a cleared table, its codes named by the register's lists.
    #[must_use]
    pub fn of((number, place): (usize, u32), asked: &Asked, table: &Disclosed<Table>, lists: &CodeLists) -> Self {
        let is_share = table.columns.iter().any(|name| vocabulary::named(name).is_none());
        let means = asked.measure.scored().map(|_| decimals(asked, lists));
        let rows: Vec<&Row> = table.rows.iter().filter(|row| !row.codes.iter().any(|code| code == NEITHER)).collect();
        let names = Names::of(lists);
        let key = |(place, name): (usize, &String)| {
            let codes: BTreeSet<&String> = rows.iter().filter_map(|row| row.codes.get(place)).collect();
            let codes = codes.into_iter().map(|code| (code.clone(), names.of_code(name, code)));
            key(name, &asked.measure, codes.collect())
        };
        let keys = table.columns.iter().enumerate().map(key);
        Self {
            number,
            title: words::of_table(&asked.measure, (&table.asked, &table.split_by)),
            place,
            asked: table.asked.clone(),
            split_by: table.split_by.clone(),
            columns: keys.chain(figures(is_share, means.is_some())).collect(),
            rows: rows.into_iter().map(|row| cells(row, is_share, means)).collect(),
        }
    }

    /// How many figures are kept back.
    #[must_use]
    pub fn hidden(&self) -> usize {
        let of = |row: &Vec<Cell>| row.iter().filter(|cell| **cell == Cell::Mark(HIDDEN)).count();
        self.rows.iter().map(of).sum()
    }

    /// What its files are called.
    #[must_use]
    pub fn name(&self) -> String {
        format!("table-{:02}", self.number)
    }
}

impl Column {
    /// What a code of it is called; the code itself where it holds no such code.
    #[must_use]
    pub fn name_of(&self, code: &str) -> Text {
        let known = self.codes.iter().find(|(known, _)| known == code);
        known.map_or_else(|| Text::made(code.to_owned(), code.to_owned()), |(_, name)| name.clone())
    }
}

/// Decimals of means on the instrument of a table: none on scales of a hundred and more.
fn decimals(asked: &Asked, lists: &CodeLists) -> usize {
    let Measure::Scores { instrument, .. } = &asked.measure else { return 0 };
    lists.instrument(instrument).map_or(1, |known| usize::from(known.highest - known.lowest < 100.0))
}

fn key(name: &str, measure: &Measure, codes: Vec<(String, Text)>) -> Column {
    let known = vocabulary::named(name);
    let title = known.map_or_else(|| Text::fixed("utfall", "outcome"), |known| known.title.clone());
    let meaning = match (known, measure) {
        (Some(known), _) => known.meaning.clone(),
        (None, Measure::Scores { kind: Kind::Judged(judged), .. }) => judged.meaning.clone(),
        (None, Measure::Scores { .. }) => Text::fixed(
            "Om båda skattningarna i jämförelsen finns.",
            "Whether both scores of the comparison are there.",
        ),
        (None, _) => Text::fixed("Hur behandlingen avslutades.", "How the treatment ended."),
    };
    Column { name: name.to_owned(), title, meaning, is_key: true, codes }
}

fn figures(is_share: bool, has_means: bool) -> Vec<Column> {
    let column =
        |name: &str, title, meaning| Column { name: name.to_owned(), title, meaning, is_key: false, codes: Vec::new() };
    let mut columns = vec![column(
        "persons",
        Text::fixed("personer", "persons"),
        Text::fixed(
            "Personer, var och en en gång hos sin sändare genom sin första behandling i underlaget; avrundat till en multipel av 5 med en \
             nyckel, så att samma personer alltid ger samma tal. Summor är avrundade för sig och behöver inte gå ihop.",
            "Persons, each once with their sender by their first treatment in the data; rounded to a multiple of 5 by a key, so that the \
             same persons always give the same figure. Totals are rounded on their own and need not add up.",
        ),
    )];
    if is_share {
        columns.push(column(
            "of_persons",
            Text::fixed("av personer", "of persons"),
            Text::fixed("De som andelen är en del av, avrundat.", "Those that the share is a part of, rounded."),
        ));
        columns.push(column(
            "percent",
            Text::fixed("procent", "per cent"),
            Text::fixed(
                "De två utskrivna talen delade med varandra: hela procent under 200 personer, annars en decimal.",
                "One printed figure divided by the other: whole per cent below 200 persons, else one decimal.",
            ),
        ));
    }
    if has_means {
        columns.extend(MEANS.map(|(name, title, meaning)| column(name, title, meaning)));
    }
    columns.push(column(
        "units",
        Text::fixed("enheter", "units"),
        Text::fixed("Enheter som behandlade dem.", "Units that treated them."),
    ));
    columns
}

fn cells(row: &Row, is_share: bool, means: Option<usize>) -> Vec<Cell> {
    let mark = match row.shown {
        Shown::Hidden => Some(HIDDEN),
        Shown::NotReported => Some(NOT_REPORTED),
        Shown::NotApplicable => Some(NOT_APPLICABLE),
        Shown::Count(_) | Shown::Zero => None,
    };
    let persons = match row.shown {
        Shown::Count(count) => count as f64,
        _ => 0.0,
    };
    let figure = |value: f64, decimals| mark.map_or(Cell::Figure { value, decimals }, Cell::Mark);
    let mut cells: Vec<Cell> = row.codes.iter().cloned().map(Cell::Code).collect();
    cells.push(figure(persons, 0));
    if is_share {
        if let Some(percent) = row.percent {
            let decimals = usize::from(percent.denominator >= 200);
            cells.push(figure(percent.denominator as f64, 0));
            cells.push(figure(percent.value, decimals));
        } else {
            // Of a sum over all outcomes there is no share; of an outcome there is one, which is hidden with its denominator.
            let is_sum = row.codes.last().is_none_or(|code| code == "ALL");
            let missing = mark.unwrap_or(if is_sum { NOT_APPLICABLE } else { HIDDEN });
            cells.extend([Cell::Mark(missing), Cell::Mark(missing)]);
        }
    }
    if let Some(decimals) = means {
        cells.extend(averages(row.means, decimals));
    }
    // Units are told of everybody alone.
    let missing = if row.codes.iter().all(|code| code == "ALL") { HIDDEN } else { NOT_APPLICABLE };
    let units = row.units.map(|units| Cell::Figure { value: units as f64, decimals: 0 });
    cells.push(units.unwrap_or(Cell::Mark(missing)));
    cells
}

/// The columns of means.
const MEANS: [(&str, Text, Text); 8] = [
    (
        "mean_first",
        Text::fixed("medel första", "mean first"),
        Text::fixed("Medelvärde av första skattningen.", "Mean of the first scores."),
    ),
    (
        "sd_first",
        Text::fixed("SD första", "SD first"),
        Text::fixed("Standardavvikelse av första skattningen.", "Standard deviation of the first scores."),
    ),
    (
        "mean_second",
        Text::fixed("medel andra", "mean second"),
        Text::fixed("Medelvärde av andra skattningen.", "Mean of the second scores."),
    ),
    (
        "sd_second",
        Text::fixed("SD andra", "SD second"),
        Text::fixed("Standardavvikelse av andra skattningen.", "Standard deviation of the second scores."),
    ),
    (
        "mean_change",
        Text::fixed("ändring", "change"),
        Text::fixed("Andra utskrivna medelvärdet minus första.", "Second printed mean less the first."),
    ),
    (
        "ci_lo",
        Text::fixed("95 % KI, nedre", "95 % CI, lower"),
        Text::fixed(
            "Nedre gräns av ändringens 95 %-konfidensintervall.",
            "Lower limit of the 95 % confidence interval of the change.",
        ),
    ),
    (
        "ci_hi",
        Text::fixed("95 % KI, övre", "95 % CI, upper"),
        Text::fixed(
            "Övre gräns av ändringens 95 %-konfidensintervall.",
            "Upper limit of the 95 % confidence interval of the change.",
        ),
    ),
    (
        "hedges_g",
        Text::fixed("effektstorlek", "effect size"),
        Text::fixed(
            "Hedges g av de utskrivna talen, över 0 där personerna mår bättre.",
            "Hedges' g of the printed figures, above 0 where persons are better.",
        ),
    ),
];

fn averages(means: Option<Averaged>, decimals: usize) -> Vec<Cell> {
    let Some(means) = means else { return vec![Cell::Mark(NOT_APPLICABLE); MEANS.len()] };
    let Averaged::Shown(means) = means else { return vec![Cell::Mark(HIDDEN); MEANS.len()] };
    let Means { mean_first, sd_first, mean_second, sd_second, mean_change, interval, hedges_g } = means;
    let cell = |value: f64| Cell::Figure { value, decimals };
    // Of too few pairs they would say more of persons than of treatment.
    let or_hidden =
        |value: Option<f64>, decimals| value.map_or(Cell::Mark(HIDDEN), |value| Cell::Figure { value, decimals });
    let mut cells = [mean_first, sd_first, mean_second, sd_second, mean_change].map(cell).to_vec();
    cells.push(or_hidden(interval.map(|limits| limits.0), decimals));
    cells.push(or_hidden(interval.map(|limits| limits.1), decimals));
    cells.push(or_hidden(hedges_g, 2));
    cells
}
