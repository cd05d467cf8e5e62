//! Rust text told apart: code, literals, tests.
//!
//! Promises: `code` has the bytes of the text in the same places, with the contents of comments and literals blanked, so that a word
//! found there is really written as code.

/// Tells code from comments and literals.
mod lex;

use std::collections::BTreeSet;

/// One Rust file.
pub(super) struct Source {
    /// Path from the root.
    pub(super) path: String,
    /// As it stands in the file.
    pub(super) text: String,
    /// The text with comments and the contents of literals blanked.
    pub(super) code: String,
    /// `code` with the modules that exist only in tests blanked as well.
    pub(super) untested: String,
    /// Its text literals.
    pub(super) literals: Vec<Literal>,
    /// Whether the whole file exists only in tests.
    pub(super) test: bool,
}

/// A text literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Offset of the opening quote.
    pub(super) at: usize,
    /// What stands between the quotes.
    pub(super) text: String,
}

impl Source {
    /// Files that belong together: a file that another one includes for tests only is a test.
    pub(super) fn all<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Self> {
        let mut sources: Vec<Self> = files.map(|(path, text)| Self::one(path, text)).collect();
        let tests: BTreeSet<String> = sources.iter().flat_map(Self::modules_for_tests).collect();
        for source in &mut sources {
            let stem = source.path.trim_end_matches(".rs");
            let included = tests.iter().any(|module| stem == module || stem.starts_with(&format!("{module}/")));
            source.test = included || is_test_path(&source.path);
        }
        sources
    }

    /// A file on its own.
    pub(super) fn one(path: &str, text: &str) -> Self {
        let lex::Told { code, literals } = lex::tell_apart(text);
        let untested = without_test_modules(&code);
        let (path, text) = (path.to_owned(), text.to_owned());
        Self { test: is_test_path(&path), path, text, code, untested, literals }
    }

    /// The number of the line at an offset, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// `path:line` of an offset.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.line(at))
    }

    /// Where the modules lie that this file includes for tests only, without `.rs`.
    fn modules_for_tests(&self) -> Vec<String> {
        let stem = self.path.trim_end_matches(".rs");
        let folder = match stem.rsplit_once('/') {
            Some((folder, "lib" | "main")) => folder,
            _ => stem,
        };
        let after = self.code.split("#[cfg(test)]").skip(1);
        let names = after.filter_map(|rest| {
            let (declared, _) = rest.split_once([';', '{'])?;
            let name = declared.trim().rsplit(' ').next()?;
            declared.trim().contains("mod ").then(|| format!("{folder}/{name}"))
        });
        names.collect()
    }
}

fn is_test_path(path: &str) -> bool {
    path.contains("/tests/") || path.starts_with("tests/") && !path.starts_with("tests/recount/src/")
}

fn without_test_modules(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find("#[cfg(test)]") {
        let (before, tests) = rest.split_at(start);
        let end = end_of_item(tests);
        kept.push_str(before);
        lex::blank(&mut kept, &tests[..end]);
        rest = &tests[end..];
    }
    kept.push_str(rest);
    kept
}

/// The offset after the first item: its semicolon, or the brace that closes it.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return at + 1,
            b'}' => depth -= 1,
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn test_modules_are_told_from_the_program() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { if x {} } }\nfn c() {}\n";
    let source = Source::one("agent/src/map.rs", text);
    assert!(source.untested.contains("fn a()") && source.untested.contains("fn c()"));
    assert!(!source.untested.contains("fn b()") && source.code.contains("fn b()"));
    let included = [
        ("agent/src/map.rs", "#[cfg(test)]\nmod cases;\n"),
        ("agent/src/map/cases.rs", ""),
        ("agent/src/map/unit.rs", ""),
    ];
    let tests: Vec<bool> = Source::all(included.into_iter()).iter().map(|source| source.test).collect();
    assert_eq!(tests, [false, true, false]);
}
