//! Headers whose values are scores: `PHQ9_{timepoint}`.
//!
//! Promises: the words in a header are local words like those of a column, and mean what `[map]` says; a header that tells the day of
//! an answer, or is a column itself, is no score.

use super::header::{Header, Places, fold};
use crate::config::Wide;
use crate::source::SourceError;

/// One column of scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Score {
    /// Where the score stands.
    pub(super) place: usize,
    /// Local word.
    pub(super) instrument: String,
    /// Local word.
    pub(super) timepoint: String,
    /// Where the day of the answer stands.
    pub(super) answered_on: usize,
}

/// The words that a header gives.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Words {
    instrument: Option<String>,
    timepoint: Option<String>,
}

/// The columns of scores of a file; `places` are its other columns, by their names.
///
/// # Errors
/// When an answer's day cannot be told.
pub(super) fn scores(
    header: &Header,
    patterns: &[Wide],
    (columns, places): (&[&str], &Places),
) -> Result<Vec<Score>, SourceError> {
    let mut scores = Vec::new();
    for (place, name) in header.names() {
        let is_day = patterns.iter().any(|wide| wide.answered_on.as_deref().is_some_and(|day| is_of(day, name)));
        if is_day || places.contains(&Some(place)) {
            continue;
        }
        if let Some((wide, words)) = patterns.iter().find_map(|wide| Some((wide, words(&wide.pattern, name)?))) {
            header.find(name)?;
            let instrument = words.instrument.clone().or_else(|| wide.instrument.clone()).unwrap_or_default();
            let timepoint = words.timepoint.clone().or_else(|| wide.timepoint.clone()).unwrap_or_default();
            let answered_on = day(header, wide, &words, (columns, places))?;
            scores.push(Score { place, instrument, timepoint, answered_on });
        }
    }
    Ok(scores)
}

/// Refuses patterns that leave open what is measured or when.
///
/// # Errors
/// With the key that is missing.
pub(super) fn check(patterns: &[Wide]) -> Result<(), SourceError> {
    for wide in patterns {
        for (word, given) in [("{instrument}", &wide.instrument), ("{timepoint}", &wide.timepoint)] {
            if wide.pattern.contains(word) == given.is_some() {
                return Err(SourceError::Query(format!(
                    "[[source.wide]] pattern {}: give the {} either in the pattern, as {word}, or as a key of its own",
                    wide.pattern,
                    word.trim_matches(['{', '}'])
                )));
            }
        }
        let left = wide.pattern.replacen("{instrument}", "", 1).replacen("{timepoint}", "", 1);
        if left.contains(['{', '}']) || wide.pattern.contains("}{") {
            return Err(SourceError::Query(format!(
                "[[source.wide]] pattern {}: only {{instrument}} and {{timepoint}} may stand in it, once each and with text between them",
                wide.pattern
            )));
        }
    }
    Ok(())
}

/// Whether a file has a column of a pattern.
pub(super) fn is_met(pattern: &str, header: &Header) -> bool {
    header.names().any(|(_, name)| words(pattern, name).is_some())
}

/// Whether a header is of a pattern, or is the name itself where that is none.
fn is_of(pattern: &str, name: &str) -> bool {
    if pattern.contains('{') { words(pattern, name).is_some() } else { fold(pattern) == fold(name) }
}

/// Where the day of an answer stands: the header with the same words, a column by its local name, or by the contract's.
fn day(
    header: &Header,
    wide: &Wide,
    words: &Words,
    (columns, places): (&[&str], &Places),
) -> Result<usize, SourceError> {
    let mut day = wide.answered_on.as_deref().unwrap_or("answered_on").to_owned();
    for (word, found) in [("{instrument}", &words.instrument), ("{timepoint}", &words.timepoint)] {
        day = day.replace(word, found.as_deref().unwrap_or_default());
    }
    let column = columns.iter().position(|column| *column == day).and_then(|at| places[at]);
    header.find(&day)?.or(column).ok_or_else(|| {
        SourceError::Query(format!(
            "[[source.wide]] pattern {}: {} has no column {day} for the day of the answer; name it with answered_on",
            wide.pattern, header.file
        ))
    })
}

/// The words that stand in a header where a pattern has its places; none when it is of another form.
fn words(pattern: &str, name: &str) -> Option<Words> {
    let mut words = Words::default();
    let mut rest = name.trim();
    let mut pieces = pieces(pattern).into_iter().peekable();
    let mut place = None;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => {
                let at = find_folded(rest, text, pieces.peek().is_none())?;
                let (before, after) = (&rest[..at.0], &rest[at.1..]);
                take(&mut words, place.take(), before)?;
                rest = after;
            }
            word => place = Some(word),
        }
    }
    take(&mut words, place, rest)?;
    Some(words)
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Instrument,
    Timepoint,
}

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = pattern.trim();
    while let Some((text, word, after)) = [("{instrument}", Piece::Instrument), ("{timepoint}", Piece::Timepoint)]
        .into_iter()
        .filter_map(|(word, piece)| rest.split_once(word).map(|(text, after)| (text, piece, after)))
        .min_by_key(|(text, ..)| text.len())
    {
        pieces.extend((!text.is_empty()).then_some(Piece::Text(text)));
        pieces.push(word);
        rest = after;
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
    pieces
}

/// Gives a word to the place that waits for it; text where none waits is another form, and so is an empty word.
fn take(words: &mut Words, place: Option<Piece<'_>>, text: &str) -> Option<()> {
    let text = text.trim();
    let word = match place {
        None | Some(Piece::Text(_)) => return text.is_empty().then_some(()),
        Some(Piece::Instrument) => &mut words.instrument,
        Some(Piece::Timepoint) => &mut words.timepoint,
    };
    *word = Some(text.to_owned()).filter(|text| !text.is_empty());
    word.is_some().then_some(())
}

/// Where a text stands in another whatever its case, as begin and end; the last place when it must be at the end.
fn find_folded(text: &str, wanted: &str, at_end: bool) -> Option<(usize, usize)> {
    let wanted = wanted.to_lowercase();
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let matches = |begin: &usize| {
        let end = places.iter().find(|end| *end >= begin && text[*begin..**end].to_lowercase() == wanted)?;
        Some((*begin, *end))
    };
    if at_end { places.iter().rev().find_map(matches) } else { places.iter().find_map(matches) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_a_pattern_has_its_places() {
        for (pattern, name, expected) in [
            ("PHQ9_{timepoint}", "PHQ9_före", Some((None, Some("före")))),
            ("PHQ9_{timepoint}", "phq9_Före", Some((None, Some("Före")))),
            ("PHQ9_{timepoint}", "PHQ9_", None),
            ("PHQ9_{timepoint}", "GAD7_före", None),
            ("PHQ9_{timepoint}_datum", "PHQ9_före", None),
            ("PHQ9_{timepoint}_datum", "PHQ9_vecka_3_datum", Some((None, Some("vecka_3")))),
            ("{instrument}_{timepoint}", "GAD-7_efter", Some((Some("GAD-7"), Some("efter")))),
            ("{timepoint} {instrument} poäng", "Före PHQ-9 POÄNG", Some((Some("PHQ-9"), Some("Före")))),
            ("ISI post", "isi post", Some((None, None))),
            ("ISI post", "isi post 2", None),
        ] {
            let found = words(pattern, name);
            let found = found.as_ref().map(|w| (w.instrument.as_deref(), w.timepoint.as_deref()));
            assert_eq!(found, expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_says_what_is_measured_and_when_exactly_once() {
        let wide = |pattern: &str, instrument: Option<&str>, timepoint: Option<&str>| Wide {
            pattern: pattern.into(),
            instrument: instrument.map(str::to_owned),
            timepoint: timepoint.map(str::to_owned),
            answered_on: None,
        };
        for (wide, good) in [
            (wide("PHQ9_{timepoint}", Some("PHQ-9"), None), true),
            (wide("{instrument}_{timepoint}", None, None), true),
            (wide("ISI post", Some("ISI"), Some("post")), true),
            (wide("PHQ9_{timepoint}", None, None), false),
            (wide("PHQ9_{timepoint}", Some("PHQ-9"), Some("pre")), false),
            (wide("ISI", Some("ISI"), None), false),
            (wide("{instrument}{timepoint}", None, None), false),
            (wide("{form}_{timepoint}", Some("PHQ-9"), None), false),
        ] {
            assert_eq!(check(std::slice::from_ref(&wide)).is_ok(), good, "{}", wide.pattern);
        }
    }
}
