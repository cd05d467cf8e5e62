//! Tells code from comments and literals, as far as the house rules need it: text, raw text and characters, nested comments,
//! lifetimes.

use super::Literal;

/// A file told apart.
pub(super) struct Told {
    /// The text with comments and the contents of literals blanked, of the same length.
    pub(super) code: String,
    /// The text literals.
    pub(super) literals: Vec<Literal>,
}

/// Tells code from comments and literals.
pub(super) fn tell_apart(text: &str) -> Told {
    let mut told = Told { code: String::with_capacity(text.len()), literals: Vec::new() };
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let end = at + next_length(rest);
        match opening(&text[..at], rest) {
            Opening::Blanked(length) => {
                blank(&mut told.code, &rest[..length]);
                at += length;
            }
            Opening::Text { before, length, after } => {
                let inner = &rest[before..length - after];
                told.code.push_str(&rest[..before]);
                blank(&mut told.code, inner);
                told.code.push_str(&rest[length - after..length]);
                told.literals.push(Literal { at, text: inner.to_owned() });
                at += length;
            }
            Opening::Code => {
                told.code.push_str(&text[at..end]);
                at = end;
            }
        }
    }
    told
}

/// Adds blanks of the same length in bytes, so that places stay; line ends stay too.
pub(super) fn blank(code: &mut String, text: &str) {
    code.extend(text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

enum Opening {
    /// A comment or a character, blanked whole.
    Blanked(usize),
    Text {
        before: usize,
        length: usize,
        after: usize,
    },
    Code,
}

fn next_length(rest: &str) -> usize {
    rest.chars().next().map_or(1, char::len_utf8)
}

fn opening(before: &str, rest: &str) -> Opening {
    if rest.starts_with("//") {
        return Opening::Blanked(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Opening::Blanked(block_comment(rest));
    }
    if rest.starts_with('"') {
        return Opening::Text { before: 1, length: quoted(rest), after: 1 };
    }
    let in_a_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if rest.starts_with('r') && (!in_a_word || before.ends_with('b') && !ends_in_longer_word(before)) {
        let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
        if rest[1 + hashes..].starts_with('"') {
            let closing = format!("\"{}", "#".repeat(hashes));
            let start = hashes + 2;
            let inner = rest[start..].find(&closing).unwrap_or(rest.len() - start - closing.len());
            return Opening::Text { before: start, length: start + inner + closing.len(), after: closing.len() };
        }
    }
    if rest.starts_with('\'') { character(rest) } else { Opening::Code }
}

fn ends_in_longer_word(before: &str) -> bool {
    before[..before.len() - 1].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// A character literal, or the tick of a lifetime.
fn character(rest: &str) -> Opening {
    let mut inside = rest[1..].chars();
    match (inside.next(), inside.next()) {
        (Some('\\'), _) => {
            let closing = rest[3..].find('\'').map_or(rest.len(), |at| at + 4);
            Opening::Blanked(closing)
        }
        (Some(one), Some('\'')) => Opening::Blanked(2 + one.len_utf8()),
        _ => Opening::Code,
    }
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += next_length(&rest[at..]);
        }
    }
    rest.len()
}

#[test]
fn comments_and_literals_are_blanked_and_everything_stays_in_its_place() {
    let text = "let a = \"é \\\" y\"; // say \"no\"\nlet b = br#\"r \"q\" s\"#; /* c /* d */ e */ let f: &'a str = '\"'; g('\\'');";
    let told = tell_apart(text);
    let literals: Vec<&str> = told.literals.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(literals, ["é \\\" y", "r \"q\" s"]);
    for gone in ["say", "no", "é ", "q", "c ", " e "] {
        assert!(!told.code.contains(gone), "{gone:?} in {}", told.code);
    }
    for kept in ["let a = ", "let b = br#\"", "let f: &'a str = ", "g(", ");"] {
        assert_eq!(told.code.find(kept), text.find(kept), "{kept:?} in {}", told.code);
    }
}
