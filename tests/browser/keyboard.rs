//! Every page by keyboard alone.
//!
//! Promises: the Tab key reaches everything that can be used, once, in the order in which it stands on the page, each with an outline
//! that is seen, and leaves the page again; the first stop leads past the menu; Enter follows a link.

use serde::Deserialize;

use super::chromium::Chromium;
use super::look;
use super::stage::{ROLES, Stage};
use super::tab::Tab;
use super::walk::{pages, tables};

const TAB: u8 = 9;
const ENTER: u8 = 13;

/// What has the focus.
#[derive(Debug, Deserialize)]
struct Focused {
    /// Its place among all that can be used; -1 for none of them.
    place: i64,
    name: String,
    outlined: bool,
    uncovered: bool,
    top: f64,
    bottom: f64,
}

fn focused(tab: &mut Tab) -> Focused {
    serde_json::from_value(tab.run("checks.focused()")).unwrap()
}

/// What is wrong with a way through a page by the Tab key.
fn stops(tab: &mut Tab) -> Vec<String> {
    let (mut complaints, mut last): (Vec<String>, Option<Focused>) = (Vec::new(), None);
    let wanted = tab.run("checks.focusable().length").as_i64().unwrap();
    // A date holds several stops inside one field; no field of these pages holds more.
    for _ in 0..wanted * 6 {
        tab.press("Tab", TAB);
        let now = focused(tab);
        let before = last.as_ref().map_or(-1, |last| last.place);
        if now.place == before && now.place >= 0 {
            continue;
        }
        // Past the last stop lies the browser itself, which has no window here, or the first stop again.
        if now.place < 0 || (now.place == 0 && before + 1 == wanted) {
            break;
        }
        if now.place != before + 1 {
            complaints.push(format!("keyboard: {} comes after stop {before}", now.name));
        }
        if !now.outlined || !now.uncovered {
            complaints.push(format!("keyboard: the focus is not seen on {}", now.name));
        }
        if last.as_ref().is_some_and(|last| now.bottom <= last.top && last.place > 0) {
            complaints.push(format!("keyboard: {} stands above what comes before it", now.name));
        }
        last = Some(now);
    }
    let reached = last.map_or(0, |last| last.place + 1);
    if reached != wanted {
        complaints.push(format!("keyboard: {reached} of {wanted} stops are reached"));
    }
    complaints
}

/// What is wrong with the first stop: it leads past the menu.
fn skip_link(tab: &mut Tab) -> Vec<String> {
    tab.press("Tab", TAB);
    tab.press("Enter", ENTER);
    let inside = tab.run("document.activeElement.id === 'main' && location.hash === '#main'");
    if inside == true { Vec::new() } else { vec!["keyboard: the first stop does not lead to the content".to_owned()] }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_walked_by_keyboard_as_each_role_and_a_trap_is_told() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut complaints = Vec::new();
    for role in ROLES {
        let mut tab = stage.signed_in(&mut chromium, role, &script);
        tab.width(look::WIDE);
        let mut waiting: Vec<String> =
            pages().into_iter().filter(|path| !path.contains('{')).map(str::to_owned).collect();
        // Ends with the last table of the last page.
        while let Some(path) = waiting.pop() {
            if tab.go(&path).status != 200 {
                continue;
            }
            if !path.contains('?') {
                waiting.extend(tables(&mut tab, &path));
            }
            let mut found = stops(&mut tab);
            tab.go(&path);
            found.extend(skip_link(&mut tab));
            complaints.extend(found.into_iter().map(|one| format!("{role}: {path}: {one}")));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));

    let mut tab = stage.signed_in(&mut chromium, "approver", &script);
    tab.go("/definitions?lang=sv");
    for _ in 0..2 {
        tab.press("Tab", TAB);
    }
    tab.press("Enter", ENTER);
    tab.loaded();
    assert_eq!(tab.run("document.documentElement.lang"), "en", "Enter follows the link to the other language");
    for (planted, told) in [
        ("document.querySelector('nav').onkeydown = (e) => e.preventDefault()", "stops are reached"),
        ("document.querySelector('nav a').tabIndex = 1", "comes after stop"),
        ("document.querySelector('nav a').tabIndex = -1", "comes after stop"),
        ("document.querySelector('nav a').style.outline = 'none'", "the focus is not seen"),
    ] {
        tab.go("/definitions");
        tab.run_as_page(planted);
        let found = stops(&mut tab);
        assert!(found.iter().any(|one| one.contains(told)), "{planted}: {found:?}");
    }
}
