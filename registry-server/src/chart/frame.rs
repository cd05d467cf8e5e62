//! What stands around a drawing: the picture itself, its names for those who cannot see it, its heading, and texts that fit.

use maud::{Markup, html};

use super::Caption;

/// Width of every chart, in points of 1/96 inch.
pub(super) const WIDTH: f64 = 860.0;
/// Empty space at the edges.
pub(super) const EDGE: f64 = 16.0;
/// Size of ordinary text.
pub(super) const TEXT: f64 = 12.0;
/// Size of small text.
pub(super) const SMALL: f64 = 11.0;
/// Colour of text and of marks that stand out.
pub(super) const INK: &str = "#1b1f24";
/// Colour of lines that stand back.
pub(super) const FAINT: &str = "#d5dae1";
/// Colour of text that stands back, still readable on white.
pub(super) const GREY: &str = "#4d5661";
/// Colours that the colour-blind tell apart (Okabe and Ito 2008), the first for what stands alone.
pub(super) const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

const HEADING: f64 = 15.0;
const FONTS: &str = "DejaVu Sans, Verdana, sans-serif";

/// A whole picture of some height.
pub(super) fn svg(caption: &Caption, height: f64, body: &Markup) -> String {
    let (width, height) = (px(WIDTH), px(height));
    html! {
        svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" lang=(caption.language.tag()) viewBox={ "0 0 " (width) " " (height) }
            width=(width) height=(height) font-family=(FONTS) font-size=(px(TEXT)) fill=(INK) {
            title { (clean(caption.title)) }
            desc { (clean(caption.description)) }
            rect class="paper" width=(width) height=(height) fill="#ffffff" {}
            @for (line, text) in wrapped(caption.title, HEADING, WIDTH - 2.0 * EDGE).iter().enumerate() {
                text x=(px(EDGE)) y=(px(26.0 + 20.0 * line as f64)) font-size=(px(HEADING)) { (text) }
            }
            (body)
        }
    }
    .into_string()
}

/// Where the drawing can begin below the heading.
pub(super) fn below_heading(caption: &Caption) -> f64 {
    let lines = wrapped(caption.title, HEADING, WIDTH - 2.0 * EDGE).len();
    40.0 + 20.0 * (lines.max(1) - 1) as f64
}

/// A place as text: one decimal at most, so that the same figures give the same text on every machine.
pub(super) fn px(place: f64) -> String {
    let text = format!("{place:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A text without characters that XML forbids.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

/// About how wide a text is; a little too wide rather than too narrow.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let width = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '\u{a0}' | 'I' | '(' | ')' | '-' => 0.37,
        'm' | 'w' | 'M' | 'W' | '%' | '—' | '@' => 0.98,
        c if c.is_uppercase() => 0.74,
        _ => 0.63,
    };
    size * text.chars().map(width).sum::<f64>()
}

/// A text that fits into some width, its end cut off if need be.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    let text = clean(text);
    if width(&text, size) <= room {
        return text;
    }
    let mut short = String::new();
    for c in text.chars() {
        if width(&short, size) + size * 1.9 > room {
            break;
        }
        short.push(c);
    }
    format!("{}…", short.trim_end())
}

/// A text in lines that fit, broken between words.
fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in clean(text).split(' ') {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + size * 0.4 <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fitted(word, size, room)),
        }
    }
    lines
}
