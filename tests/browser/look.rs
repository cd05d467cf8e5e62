//! What is asked of every page that stands in the window: rules of accessibility, policy, console, requests, width, charts.
//!
//! Promises: one list of sentences, empty when all is well.

use end_to_end::npm;

use super::tab::{Heard, Tab};

/// The narrowest window that must not scroll sideways (WCAG 1.4.10).
pub(crate) const NARROW: u32 = 320;
/// An ordinary window.
pub(crate) const WIDE: u32 = 1280;

/// The script that every page of the checks is given: the rules of axe, and ours.
pub(crate) fn script() -> String {
    let axe = npm::modules().unwrap().join("axe-core/axe.min.js");
    format!("{}\n{}", std::fs::read_to_string(axe).unwrap(), include_str!("look.js"))
}

/// What is wrong with the page that stands in the window, and was wrong while it came.
pub(crate) fn complaints(tab: &mut Tab, heard: Heard) -> Vec<String> {
    let mut complaints = heard.complaints;
    for check in ["axe", "contrast", "ids", "charts"] {
        complaints.extend(tab.lines(&format!("checks.{check}()")));
    }
    for width in [NARROW, WIDE] {
        tab.width(width);
        complaints.extend(tab.lines("checks.overflow()"));
    }
    // Whatever the checks themselves made the page do belongs to it too.
    complaints.extend(tab.heard().complaints);
    complaints
}
