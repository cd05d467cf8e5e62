//! Text in lines of a width, broken at spaces.
//!
//! Promises: nothing but spaces is lost; a word that is longer than the width stands alone and whole, and a no-break space breaks nothing;
//! only headings divide words, and only those that they have to.

/// Long words of headings, and where each is divided.
const DIVIDED: [&str; 19] = [
    "Instru|ment",
    "Behand|lingar",
    "Tillför|litligt",
    "Åter|hämtade",
    "Full|följda",
    "Fel|aktiga",
    "Kvar|hållna",
    "kvar|hållna",
    "Sjuk|skrivning",
    "sjuk|skrivna",
    "frisk|skrivna",
    "Täcknings|grad",
    "Överförings|grad",
    "remiss|datum",
    "befolk|ning",
    "Treat|ments",
    "deterio|rated",
    "Discon|tinued",
    "Inhabi|tants",
];

/// The lines of a heading, at least one; a long word is divided where it is known how.
pub(super) fn heading_lines(text: &str, width: usize) -> Vec<String> {
    let divided = |line: String| {
        let known = DIVIDED.iter().filter(|_| length(&line) > width).find_map(|word| {
            let (head, tail) = word.split_once('|')?;
            let rest = line.strip_prefix(head)?.strip_prefix(tail)?;
            Some(vec![format!("{head}-"), format!("{tail}{rest}")])
        });
        known.unwrap_or_else(|| vec![line])
    };
    lines(text, width).into_iter().flat_map(divided).collect()
}

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

    #[test]
    fn a_long_word_of_a_heading_is_divided_only_where_it_does_not_fit() {
        assert_eq!(heading_lines("Tillförlitligt bättre", 8), ["Tillför-", "litligt", "bättre"]);
        assert_eq!(heading_lines("Fullföljda, antal", 7), ["Full-", "följda,", "antal"]);
        assert_eq!(heading_lines("Fullföljda", 10), ["Fullföljda"]);
        assert_eq!(heading_lines("Medelvärdet", 4), ["Medelvärdet"]);
    }
}
