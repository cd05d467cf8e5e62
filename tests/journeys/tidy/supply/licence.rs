//! SPDX licence expressions, as far as packages use them: names, `WITH`, `AND`, `OR`, `/`, brackets.

/// Licences under which a package may be linked into programs under the EUPL-1.2. CDLA-Permissive-2.0 covers data only.
const FITTING: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an expression leaves a choice that fits.
pub(super) fn fits(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = expression.split_whitespace().peekable();
    let fits = any(&mut words);
    fits && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>) -> bool {
    let mut fits = all(words);
    while words.next_if_eq(&"OR").is_some() {
        fits |= all(words);
    }
    fits
}

fn all(words: &mut Words<'_>) -> bool {
    let mut fits = one(words);
    while words.next_if_eq(&"AND").is_some() {
        fits &= one(words);
    }
    fits
}

fn one(words: &mut Words<'_>) -> bool {
    let Some(name) = words.next() else { return false };
    if name == "(" {
        let fits = any(words);
        return words.next() == Some(")") && fits;
    }
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next().unwrap_or_default();
        return FITTING.contains(&format!("{name} WITH {exception}").as_str());
    }
    FITTING.contains(&name)
}

#[test]
fn an_expression_fits_when_a_choice_remains_that_fits_whole() {
    for expression in
        ["MIT", "MIT/Apache-2.0", "GPL-2.0 OR MIT", "(MIT OR X) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
    {
        assert!(fits(expression), "{expression}");
    }
    for expression in ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "(MIT", "MIT MIT", "MIT WITH X-exception"] {
        assert!(!fits(expression), "{expression}");
    }
}
