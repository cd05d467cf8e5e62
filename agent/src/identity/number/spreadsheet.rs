//! Identity numbers that a spreadsheet has rewritten as numbers or formulas.
//!
//! Promises: recognises the damage and repairs none of it. Must not know: whether the number behind it was right.

/// Whether compact text is a number as spreadsheets write it: in scientific notation, with decimals of zero or grouped by thousands; or
/// text behind the sign that keeps a cell from being a number.
pub(super) fn is_rewritten(compact: &str) -> bool {
    compact.starts_with(['\'', '=']) || is_scientific(compact) || has_zero_decimals(compact) || is_grouped(compact)
}

/// `1.91212E+11`; a minus sign was a dash and is gone.
fn is_scientific(text: &str) -> bool {
    text.split_once('E').is_some_and(|(mantissa, exponent)| {
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
        are_digits(whole) && are_digits(fraction) && are_digits(exponent.strip_prefix('+').unwrap_or(exponent))
    })
}

/// `191212121212.0`
fn has_zero_decimals(text: &str) -> bool {
    text.split_once(['.', ',']).is_some_and(|(whole, decimals)| {
        whole.len() >= 7 && are_digits(whole) && !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0')
    })
}

/// `191,212,121,212`
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let others: Vec<&str> = groups.collect();
    others.len() >= 2
        && (1..=3).contains(&first.len())
        && are_digits(first)
        && others.iter().all(|group| group.len() == 3 && are_digits(group))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
