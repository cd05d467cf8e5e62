//! Patterns of file names: `*` is any text, `?` any one character, everything else itself.

/// Whether a name is of a pattern.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut retry = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => {
                // The last star takes one character more.
                let Some((star, taken)) = retry else { return false };
                retry = Some((star, taken + 1));
                (p, n) = (star + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks_stand_for_what_they_say() {
        for (pattern, name, expected) in [
            ("moment*.csv", "moment.csv", true),
            ("moment*.csv", "moment_2024-05-01.csv", true),
            ("moment*.csv", "moment_2024-05-01.csv.tmp", false),
            ("moment*.csv", "Moment.csv", false),
            ("moment_????.csv", "moment_2024.csv", true),
            ("moment_????.csv", "moment_24.csv", false),
            ("*a*b*.csv", "xxaxxbab.csv", true),
            ("*a*b*.csv", "xxbxxa.csv", false),
            ("svår?.csv", "svårö.csv", true),
            ("*", "anything", true),
            ("moment.csv", "moment_csv", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
