//! How large files and functions are, and how they begin.

use super::source::Source;
use super::tree::Tree;

const MOST_LINES: usize = 400;
const MOST_LINES_OF_THE_MIDDLE_FILE: usize = 130;
const MOST_LINES_OF_NINE_FILES_IN_TEN: usize = 300;
const MOST_FUNCTION_LINES: usize = 60;
const MOST_ARGUMENTS: usize = 4;
/// Functions whose arguments another crate's trait dictates.
const DICTATED: [&str; 1] = ["verify_server_cert"];

#[test]
fn no_rust_file_is_longer_than_400_lines_and_half_of_them_are_shorter_than_130() {
    let sources = &Tree::here().sources;
    let mut lengths: Vec<usize> = sources.iter().map(|source| source.text.lines().count()).collect();
    lengths.sort_unstable();
    let (middle, nine_in_ten) = (lengths[lengths.len() / 2], lengths[lengths.len() * 9 / 10]);
    println!("{} Rust files; lines: median {middle}, 90th percentile {nine_in_ten}", lengths.len());
    assert_eq!(too_long(sources), [""; 0]);
    assert!(middle <= MOST_LINES_OF_THE_MIDDLE_FILE, "the median file has {middle} lines");
    assert!(nine_in_ten <= MOST_LINES_OF_NINE_FILES_IN_TEN, "the 90th percentile is {nine_in_ten} lines");

    let planted = Source::one("agent/src/long.rs", &"//! x\n".repeat(MOST_LINES + 1));
    assert_eq!(too_long(&[planted]), ["agent/src/long.rs has 401 lines"]);
}

#[test]
fn every_rust_file_opens_with_what_it_is_for() {
    assert_eq!(headless(&Tree::here().sources), [""; 0]);
    assert_eq!(headless(&[Source::one("a.rs", "use std::fmt;\n"), Source::one("b.rs", "//!\n")]), ["a.rs", "b.rs"]);
}

#[test]
fn functions_are_short_and_take_few_arguments() {
    assert_eq!(Tree::here().sources.iter().flat_map(large_functions).collect::<Vec<_>>(), [""; 0]);

    let long = format!("fn long() {{\n{}}}\n", "    step();\n".repeat(MOST_FUNCTION_LINES));
    let wide = "impl X {\n    fn wide<T: Fn(u8) -> u8>(&self, a: (u8, u8), b: T, c: Map<u8, u8>, d: u8, e: u8) -> u8 {\n    }\n}\n";
    let well = "fn well(a: u8, b: u8, c: u8, d: u8) -> Option<[u8; 2]> where u8: Copy {\n}\ntrait T { fn t(&self); }\n";
    let planted = Source::one("a.rs", &[&long, wide, well].concat());
    assert_eq!(large_functions(&planted), ["a.rs:1: long has 62 lines", "a.rs:64: wide takes 5 arguments"]);
}

fn too_long(sources: &[Source]) -> Vec<String> {
    let length = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| length(source) > MOST_LINES);
    long.map(|source| format!("{} has {} lines", source.path, length(source))).collect()
}

fn headless(sources: &[Source]) -> Vec<String> {
    let headed = |source: &&Source| source.text.starts_with("//! ");
    sources.iter().filter(|source| !headed(source)).map(|source| source.path.clone()).collect()
}

fn large_functions(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("fn ").filter(|(at, _)| is_word_start(&source.code, *at)) {
        let Some(function) = Function::read(&source.code[at..]) else { continue };
        if function.lines > MOST_FUNCTION_LINES {
            found.push(format!("{}: {} has {} lines", source.place(at), function.name, function.lines));
        }
        if function.arguments > MOST_ARGUMENTS && !DICTATED.contains(&function.name) {
            found.push(format!("{}: {} takes {} arguments", source.place(at), function.name, function.arguments));
        }
    }
    found
}

fn is_word_start(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
}

struct Function<'a> {
    name: &'a str,
    lines: usize,
    arguments: usize,
}

impl<'a> Function<'a> {
    /// The function at the start of some code; nothing when it is a type.
    fn read(code: &'a str) -> Option<Self> {
        let named = code[3..].find(|c: char| !c.is_alphanumeric() && c != '_')? + 3;
        let name = &code[3..named];
        let generic = if code[named..].starts_with('<') { closed(&code[named..], TYPES) } else { 0 };
        let open = named + generic;
        let after = code[open..].starts_with('(').then(|| open + closed(&code[open..], TYPES))?;
        let arguments = count_arguments(&code[open + 1..after - 1]);
        let body = after + start_of_body(&code[after..])?;
        let end = body + closed(&code[body..], BLOCKS);
        let lines = code[..end].matches('\n').count() + 1;
        (!name.is_empty()).then_some(Self { name, lines, arguments })
    }
}

/// Brackets that pair up in types.
const TYPES: (&str, &str) = ("([{<", ")]}>");
/// Brackets that pair up in expressions too, where `<` compares.
const BLOCKS: (&str, &str) = ("{", "}");

/// The offset after the bracket that closes the first one; 0 when the code does not start with one.
fn closed(code: &str, (opening, closing): (&str, &str)) -> usize {
    let mut depth = 0_usize;
    let mut last = ' ';
    for (at, character) in code.char_indices() {
        let arrow = character == '>' && matches!(last, '-' | '=');
        if opening.contains(character) {
            depth += 1;
        } else if closing.contains(character) && !arrow {
            depth -= 1;
        }
        if depth == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
        last = character;
    }
    code.len()
}

/// The offset of the brace that opens the body, or of the semicolon of a function without one.
fn start_of_body(code: &str) -> Option<usize> {
    let mut arrays = 0_usize;
    code.find(|character| {
        match character {
            '[' => arrays += 1,
            ']' => arrays -= 1,
            _ => {}
        }
        arrays == 0 && matches!(character, '{' | ';')
    })
}

fn count_arguments(arguments: &str) -> usize {
    let mut count = 0;
    let mut rest = arguments;
    while !rest.trim().is_empty() {
        let end = end_of_argument(rest);
        let name = rest[..end].split(':').next().unwrap_or_default();
        count += usize::from(name.split([' ', '&', '\n']).next_back() != Some("self"));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    count
}

fn end_of_argument(arguments: &str) -> usize {
    let mut at = 0;
    while let Some(character) = arguments[at..].chars().next() {
        match character {
            ',' => return at,
            '(' | '[' | '{' | '<' => at += closed(&arguments[at..], TYPES),
            _ => at += character.len_utf8(),
        }
    }
    arguments.len()
}
