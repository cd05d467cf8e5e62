//! What a treatment is counted under in the accounting line: unit, programme and the month of its end.
//!
//! Promises: an HSA-id, a code of the lists and a month, or the word for what cannot be read, and nothing else of a row, because the
//! line leaves the region.

use jiff::civil::Date;
use schemas::id::HsaId;
use schemas::record::{Treatment, UNKNOWN};
use schemas::rule::date_out_of_range;
use serde::Serialize;

use super::{Context, Words, value};
use crate::source::SourceRow;

/// Unit, programme and month of some treatments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Cell {
    /// HSA-id of the unit where they started, or [`UNKNOWN`].
    pub unit: String,
    /// Code of the programme, or [`UNKNOWN`].
    pub programme: String,
    /// `YYYY-MM` of the end, or [`UNKNOWN`].
    pub month: String,
}

impl Cell {
    /// Of what cannot be read at all.
    #[must_use]
    pub fn unknown() -> Self {
        Self::new(None, None, None)
    }

    /// Of a treatment that can be sent.
    #[must_use]
    pub fn of(treatment: &Treatment) -> Self {
        Self::new(Some(&treatment.unit), Some(&treatment.programme), Some(treatment.ended_on))
    }

    /// Of a row that stays, as far as it can be read.
    pub fn read(row: &SourceRow<'_>, words: &mut Words<'_>, context: &Context<'_>) -> Self {
        let date = |field| {
            let date = row.get(field).and_then(|text| value::date(text, &context.zone));
            date.filter(|date| date_out_of_range(*date, context.today).is_none())
        };
        let code = row.get("programme").and_then(|word| words.programme(word)).map(|programme| programme.code.clone());
        let in_use = code
            .as_deref()
            .zip(date("started_on"))
            .and_then(|(code, start)| context.lists.programme_on(code, start).map(|programme| programme.code.as_str()));
        let unit = row.get("unit_id").map(|word| words.unit(word)).filter(|unit| unit.parse::<HsaId>().is_ok());
        Self::new(unit, in_use.or(code.as_deref()), date("ended_on"))
    }

    fn new(unit: Option<&str>, programme: Option<&str>, ended_on: Option<Date>) -> Self {
        let month = ended_on.map(|day| format!("{:04}-{:02}", day.year(), day.month()));
        Self {
            unit: unit.unwrap_or(UNKNOWN).to_owned(),
            programme: programme.unwrap_or(UNKNOWN).to_owned(),
            month: month.unwrap_or_else(|| UNKNOWN.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::TREATMENTS;
    use crate::tests::Mapping;

    fn read(altered: (&str, &str)) -> [String; 3] {
        let good = [
            ("unit_id", "SE9990120000-E001"),
            ("programme", "Depressionshjälpen"),
            ("started_on", "2024-01-10"),
            ("ended_on", "2024-03-20"),
        ];
        let cells: Vec<(&str, &str)> =
            good.into_iter().map(|cell| if cell.0 == altered.0 { altered } else { cell }).collect();
        let mapping = Mapping::default();
        let cell = Cell::read(&SourceRow::of(&TREATMENTS, &cells), &mut mapping.words(), &mapping.context());
        [cell.unit, cell.programme, cell.month]
    }

    #[test]
    fn what_can_be_read_of_a_row_that_stays_is_read_and_the_rest_is_unknown() {
        let whole = ["SE9990120000-E001", "depressionshjalpen", "2024-03"];
        assert_eq!(read(("", "")), whole);
        for (altered, place) in [
            (("unit_id", "VC Norr"), 0),
            (("unit_id", ""), 0),
            (("programme", "Lugna stunden"), 1),
            (("ended_on", "vår"), 2),
            (("ended_on", "2924-03-20"), 2),
            (("ended_on", ""), 2),
        ] {
            let mut expected = whole;
            expected[place] = UNKNOWN;
            assert_eq!(read(altered), expected, "{altered:?}");
        }
    }
}
