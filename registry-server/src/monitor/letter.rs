//! What the mail after a quarter says: that the unit's page has something new, and where it is.
//!
//! Promises: Swedish first, then English; no figure but the quarter's own, and no name of a unit or a person. Must not know: how it is
//! sent, to whom.

/// What stands over it.
pub(super) const SUBJECT: &str = "Registret: enhetens nya siffror / the unit's new figures";

/// The mail of a quarter such as `2026Q3`; `page` is where the register's pages are.
pub(super) fn body(quarter: &str, page: &str) -> String {
    let (year, number) = quarter.split_once('Q').unwrap_or((quarter, ""));
    let ordinal = match number {
        "1" => "first",
        "2" => "second",
        "3" => "third",
        _ => "fourth",
    };
    let sv = format!(
        "Enhetens sida i registret har nu även kvartal {number} {year}: egna siffror bredvid regionens och rikets, hur fullständiga \
         uppgifterna är, och vad som har ändrats."
    );
    let en = format!(
        "The unit's page in the register now has the {ordinal} quarter of {year} too: its own figures beside those of the region and \
         the country, how complete the data are, and what has changed."
    );
    let decline = format!(
        "Vill du inte ha det här mejlet? Avstå under Mitt konto. / You do not want this mail? Decline it under My account:\n{page}/account"
    );
    [sv, en, format!("{page}/"), decline].join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_its_quarter_and_the_address_in_both_languages_and_no_other_figure() {
        let body = body("2026Q1", "https://r.se");
        for words in ["kvartal 1 2026", "the first quarter of 2026", "\nhttps://r.se/\n", "\nhttps://r.se/account\n"] {
            assert!(body.contains(words), "{words}: {body}");
        }
        let rest = body.replace("kvartal 1 2026", "").replace("quarter of 2026", "");
        assert!(!rest.contains(|c: char| c.is_ascii_digit()) && !SUBJECT.contains(|c: char| c.is_ascii_digit()));
    }
}
