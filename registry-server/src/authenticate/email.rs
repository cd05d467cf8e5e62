//! E-mail addresses by which people sign in.
//!
//! Promises: one address has one spelling here; no address holds what could break a line, a header or a page.

/// Longest address (RFC 5321, 4.5.3.1.3).
const LONGEST: usize = 254;

/// Text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write the e-mail address as name@example.se")]
pub struct BadEmail;

/// Reads an address; gives it in lower case.
///
/// # Errors
/// When it is none, or of a form that this register does not take: quoted names, letters beyond ASCII.
pub fn read(text: &str) -> Result<String, BadEmail> {
    let (name, host) = text.split_once('@').ok_or(BadEmail)?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let name_is_good = name.split('.').all(|part| !part.is_empty()) && name.chars().all(of_name);
    let good = name_is_good && host.contains('.') && host.split('.').all(label) && text.len() <= LONGEST;
    good.then(|| text.to_ascii_lowercase()).ok_or(BadEmail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lower_case_and_holds_nothing_that_breaks_a_line_or_a_header() {
        assert_eq!(read("Eva.Berg+ikbt@Region12.Example.SE").as_deref(), Ok("eva.berg+ikbt@region12.example.se"));
        for wrong in [
            "",
            "eva",
            "eva@",
            "@example.se",
            "eva@example",
            "eva@@example.se",
            "e va@example.se",
            "eva@example.se\n",
            "eva@-example.se",
            "eva@example..se",
            ".eva@example.se",
            "\"eva\"@example.se",
            "éva@example.se",
            "eva,bo@example.se",
            "<eva@example.se>",
        ] {
            assert_eq!(read(wrong), Err(BadEmail), "{wrong}");
        }
        assert_eq!(read(&format!("{}@example.se", "a".repeat(250))), Err(BadEmail));
    }
}
