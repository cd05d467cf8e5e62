//! A whole request in a browser: asked for, given back, mended, and agreed to by two others.
//!
//! Promises: everything is done by the pages' own fields and buttons, without a script of theirs; each page on the way, also with faults
//! in its fields, is accessible and quiet.

use serde_json::json;

use super::chromium::Chromium;
use super::look;
use super::stage::{SECOND, Stage};
use super::tab::Tab;

const ENTER: u8 = 13;

/// Fields of the form and what is typed into them.
fn typed() -> serde_json::Value {
    json!({
        "principal": "Uppfunna universitetet", "representative": "Prefekten", "investigator": "Åsa Öst",
        "recipients": "Åsa Öst\nBo Ek", "title": "Skattningar per region", "purpose": "Hur ändras de?\nPer kön.",
        "summary": "Vi räknar.", "ends_on": "2099-12-31", "ethics_not_needed": "Bara skyddade tabeller.",
        "table-1-measure": "recovery", "table-1-instrument": "PHQ-9", "table-1-region": "region",
    })
}

/// Fills fields in.
fn fill(tab: &mut Tab, values: &serde_json::Value) {
    tab.run(&format!(
        "for (const [name, value] of Object.entries({values})) document.querySelector(`[name=\"${{name}}\"]`).value = value"
    ));
}

/// Presses Enter on what a selector finds, as somebody would, and looks at the page that comes; gives its text.
fn press(tab: &mut Tab, selector: &str) -> String {
    tab.heard();
    tab.run(&format!("document.querySelector({}).focus()", json!(selector)));
    tab.press("Enter", ENTER);
    tab.loaded();
    let heard = tab.heard();
    assert_eq!(look::complaints(tab, heard), [""; 0], "after {selector}");
    text(tab)
}

fn text(tab: &mut Tab) -> String {
    tab.run("document.querySelector('main').innerText").as_str().unwrap().to_owned()
}

fn path(tab: &mut Tab) -> String {
    tab.run("location.pathname").as_str().unwrap().to_owned()
}

/// Decides on the request of a path; gives what the page says then.
fn decide(tab: &mut Tab, path: &str, (step, comment): (&str, &str)) -> String {
    tab.go(path);
    fill(tab, &json!({ "comment": comment }));
    press(tab, &format!("button[value={step}]"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_asked_for_given_back_mended_and_agreed_to_by_two_in_a_browser() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut tab = stage.signed_in(&mut chromium, "researcher", &script);
    tab.go("/extracts/new");
    let lacking = press(&mut tab, "button[value=check]");
    assert!(lacking.contains("Forskningshuvudman eller motsvarande: skriv något här"), "{lacking}");
    assert_eq!(tab.run("document.querySelectorAll('[aria-invalid=true]').length > 8"), true, "told at the fields");
    fill(&mut tab, &typed());
    for name in ["formats][value=csv", "formats][value=xlsx", "terms_accepted"] {
        tab.run(&format!("document.querySelector('[name={name}]').checked = true"));
    }
    assert!(press(&mut tab, "button[value=check]").contains("Inget saknas."));
    press(&mut tab, "button[value=save]");
    let request = path(&mut tab);
    assert!(press(&mut tab, "button[value=submitted]").contains("inlämnad sedan"));
    let asks = tab.left();

    let mut tab = stage.signed_in(&mut chromium, SECOND, &script);
    let silent = decide(&mut tab, &request, ("returned", ""));
    assert!(silent.contains("Skriv varför"), "{silent}");
    let returned = decide(&mut tab, &request, ("returned", "Säg vilka år."));
    assert!(
        returned.contains("återlämnad sedan") && returned.contains("Återhämtade, PHQ-9; uppdelat på region"),
        "{returned}"
    );
    let second = tab.left();

    let mut tab = asks.tab(&mut chromium);
    tab.go(&request);
    assert!(text(&mut tab).contains("Säg vilka år."));
    press(&mut tab, &format!("a[href=\"{request}/mend\"]"));
    assert_eq!(tab.run("document.querySelector('[name=purpose]').value"), "Hur ändras de?\nPer kön.");
    fill(&mut tab, &json!({ "title": "Skattningar per region 2024" }));
    press(&mut tab, "button[value=save]");
    let again = press(&mut tab, "button[value=submitted]");
    assert!(again.contains("Skattningar per region 2024") && again.contains("0 av 2 har godkänt"), "{again}");
    let asks = tab.left();

    let mut tab = second.tab(&mut chromium);
    assert!(decide(&mut tab, &request, ("approved", "")).contains("1 av 2 har godkänt"));
    assert_eq!(tab.run("document.querySelector('button[value=approved]')"), serde_json::Value::Null);
    let mut tab = stage.signed_in(&mut chromium, "approver", &script);
    assert!(decide(&mut tab, &request, ("approved", "Bra.")).contains("godkänd sedan"));

    let mut tab = asks.tab(&mut chromium);
    tab.go(&request);
    let approved = text(&mut tab);
    assert!(approved.contains("godkänd sedan") && approved.contains("gäller till"), "{approved}");
    let steps = tab.lines("[...document.querySelectorAll('tbody tr td:nth-of-type(1)')].map((cell) => cell.innerText)");
    let expected =
        ["skrevs", "lämnades in", "lämnades åter", "ändrades", "lämnades in", "godkändes av en", "godkändes av en"];
    assert_eq!(steps, expected);
}
