//! The text of a region's own query: its `:since` and its trailing semicolon.
//!
//! Promises: `:since` is found only outside quotes, comments and `::` casts, so that a query's own text is never altered.

use jiff::Timestamp;

/// From when changes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Everything.
    Beginning,
    /// What changed at or after a moment of the source's own times.
    Moment(Timestamp),
}

impl Since {
    fn literal(self) -> String {
        match self {
            Self::Beginning => "'1900-01-01T00:00:00Z'".into(),
            Self::Moment(moment) => format!("'{}'", moment.strftime("%Y-%m-%dT%H:%M:%SZ")),
        }
    }
}

/// Whether a query reads increments.
#[must_use]
pub fn uses_since(query: &str) -> bool {
    !places(query).is_empty()
}

/// The query with `:since` filled in and without a trailing semicolon.
#[must_use]
pub(super) fn fill(query: &str, since: Since) -> String {
    let mut filled = String::with_capacity(query.len() + 32);
    let mut copied = 0;
    for place in places(query) {
        filled.push_str(&query[copied..place]);
        filled.push_str(&since.literal());
        copied = place + ":since".len();
    }
    filled.push_str(&query[copied..]);
    let end = filled.trim_end().trim_end_matches(';').trim_end().len();
    filled.truncate(end);
    // A line comment at the end would swallow what follows the query.
    filled.push('\n');
    filled
}

/// Byte offsets of `:since` in a query's code.
fn places(query: &str) -> Vec<usize> {
    let bytes = query.as_bytes();
    let mut places = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &query.as_bytes()[at..];
        at += match rest[0] {
            quote @ (b'\'' | b'"' | b'`') => 1 + skip_past(&rest[1..], &[quote]),
            b'-' if rest.starts_with(b"--") => skip_past(rest, b"\n"),
            b'/' if rest.starts_with(b"/*") => 2 + skip_past(&rest[2..], b"*/"),
            b':' if rest.starts_with(b"::") => 2,
            b':' if rest.starts_with(b":since")
                && !rest.get(6).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') =>
            {
                places.push(at);
                ":since".len()
            }
            _ => 1,
        };
    }
    places
}

/// Bytes up to and including the next `end`, or all of them.
fn skip_past(bytes: &[u8], end: &[u8]) -> usize {
    bytes.windows(end.len()).position(|window| window == end).map_or(bytes.len(), |at| at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_filled_in_only_where_it_is_code() {
        let since = Since::Moment("2024-05-01T12:30:00Z".parse().unwrap());
        for (query, filled) in [
            ("SELECT 1 WHERE u >= :since;", "SELECT 1 WHERE u >= '2024-05-01T12:30:00Z'\n"),
            ("SELECT ':since', u::since -- :since\n FROM t", "SELECT ':since', u::since -- :since\n FROM t\n"),
            ("SELECT /* :since */ \":since\" ; ", "SELECT /* :since */ \":since\"\n"),
            ("SELECT :sincerely", "SELECT :sincerely\n"),
            ("SELECT 'it''s', :since", "SELECT 'it''s', '2024-05-01T12:30:00Z'\n"),
        ] {
            assert_eq!(fill(query, since), filled);
        }
        assert_eq!(fill(":since", Since::Beginning), "'1900-01-01T00:00:00Z'\n");
    }
}
