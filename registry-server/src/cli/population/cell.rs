//! What a value of Statistics Sweden's population tables means.
//!
//! Promises: a total is known as one, so that nobody is counted twice; what is not understood is never guessed at.

use schemas::codelist::CodeLists;
use schemas::record::Sex;

/// A value, or all values together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Of<T> {
    /// One of them.
    One(T),
    /// All together.
    Total,
}

/// First and last age in years; no last age means no upper end.
pub(super) type Ages = (u8, Option<u8>);

/// A region, by code with or without a name, or by name.
pub(super) fn region(text: &str, lists: &CodeLists) -> Result<Of<String>, &'static str> {
    let code: String = text.chars().take_while(char::is_ascii_digit).collect();
    let known = |code: String| {
        let none = "is no region of the code list; write county code and name, such as 01 Stockholms län";
        lists.region(&code).map(|region| Of::One(region.code.clone())).ok_or(none)
    };
    match code.len() {
        0 if ["riket", "sverige", "hela riket"].contains(&text.to_lowercase().as_str()) => Ok(Of::Total),
        0 => known(lists.find_region(text).map_or_else(String::new, |region| region.code.clone())),
        2 if code == "00" => Ok(Of::Total),
        // A spreadsheet takes off the zero that a code begins with.
        1 | 2 => known(format!("{code:0>2}")),
        _ => Err("is a municipality; download the table by county (län)"),
    }
}

/// A sex, in words or by number.
pub(super) fn sex(text: &str) -> Result<Of<Sex>, &'static str> {
    match text.to_lowercase().as_str() {
        "kvinnor" | "kvinna" | "women" | "woman" | "female" | "k" | "f" | "2" => Ok(Of::One(Sex::F)),
        "män" | "man" | "men" | "male" | "m" | "1" => Ok(Of::One(Sex::M)),
        "totalt" | "total" | "män och kvinnor" | "kvinnor och män" | "båda könen" | "1+2" => Ok(Of::Total),
        _ => Err("is no sex; it is män or kvinnor, or 1 or 2"),
    }
}

/// An age or a span of ages: `16 år`, `16`, `16-19 år`, `100+ år`.
pub(super) fn ages(text: &str) -> Result<Of<Ages>, &'static str> {
    let lower = text.to_lowercase();
    if lower.starts_with("tot") || lower.starts_with("samtliga") || lower == "alla åldrar" {
        return Ok(Of::Total);
    }
    let bare = [" år", " years", " year"].iter().find_map(|word| lower.strip_suffix(word)).unwrap_or(&lower).trim();
    let wrong = "is no age in years; it is such as 0 år, 16-19 år or 100+ år";
    let age = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong);
    let (from, to) = match (bare.strip_suffix('+'), bare.split_once(['-', '–'])) {
        (Some(from), _) => (age(from)?, None),
        (None, Some((from, to))) => (age(from)?, Some(age(to)?)),
        (None, None) => (age(bare)?, Some(age(bare)?)),
    };
    if to.is_some_and(|to| to < from) { Err(wrong) } else { Ok(Of::One((from, to))) }
}

/// How many, also with spaces between thousands.
pub(super) fn count(text: &str) -> Result<u64, &'static str> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().map_err(|_| "is no whole number of inhabitants")
}

/// The calendar year that a text ends with: `2023`, `Folkmängd 2023`.
pub(super) fn year(text: &str) -> Option<i16> {
    let last = text.split_whitespace().next_back()?;
    let year = (last.len() == 4).then(|| last.parse().ok()).flatten()?;
    (1900..=2200).contains(&year).then_some(year)
}
