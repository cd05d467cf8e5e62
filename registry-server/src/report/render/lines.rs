//! Text in lines of a width, broken at spaces.
//!
//! Promises: nothing but spaces is lost; a word that is longer than the width stands alone and whole, and a no-break space breaks nothing.

/// The lines; at least one.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut().filter(|line| length(line) + 1 + length(word) <= width) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// How many places a text takes on a terminal.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be_and_no_word_is_broken() {
        let text = "Täckningsgrad: ingen källa utanför registret, 12\u{a0}345 behandlingar";
        for width in 1..80 {
            let lines = lines(text, width);
            assert_eq!(lines.join(" "), text);
            assert!(lines.iter().all(|line| length(line) <= width || !line.contains(' ')), "{width}: {lines:?}");
        }
        assert_eq!(lines("en två tre", 6), ["en två", "tre"]);
        assert_eq!(lines("", 6), [""]);
    }
}
