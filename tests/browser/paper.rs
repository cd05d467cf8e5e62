//! Pages on paper: an A4 sheet, as a browser prints it.
//!
//! Promises: nothing is cut off at the edge of the paper, nothing is printed that only a screen can use, ink is black on white also for
//! whoever reads in the dark; a unit's own page is one sheet.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::chromium::Chromium;
use super::look;
use super::stage::Stage;
use super::tab::Tab;

/// Width of an A4 sheet between the margins of the style sheet, 182 mm, in CSS pixels.
const SHEET: u32 = 687;

/// Pages that somebody prints.
const PRINTED: [(&str, &[&str]); 3] = [
    ("unit:SE9990010000-E001", &["/", "/deliveries", "/outcomes"]),
    ("region:01", &["/", "/outcomes", "/quality"]),
    ("staff", &["/", "/outcomes", "/quality", "/coverage", "/deliveries", "/definitions"]),
];

/// What is wrong with the page on paper.
fn complaints(tab: &mut Tab) -> Vec<String> {
    let media = |media: &str, scheme: &str| json!({ "media": media, "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    tab.width(SHEET);
    tab.call("Emulation.setEmulatedMedia", media("print", "dark"));
    let found = tab.lines("checks.paper()");
    tab.call("Emulation.setEmulatedMedia", media("", "light"));
    tab.width(look::WIDE);
    found
}

/// How many sheets the page fills.
fn sheets(tab: &mut Tab) -> usize {
    let printed = tab.call("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": false }));
    let pdf = STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"), "no document");
    let mark: &[u8] = b"/Type /Page";
    pdf.windows(mark.len() + 1).filter(|window| window.starts_with(mark) && window[mark.len()] != b's').count()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_fit_their_paper_without_what_only_a_screen_can_use_and_a_unit_s_page_is_one_sheet() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut found = Vec::new();
    for (role, paths) in PRINTED {
        let mut tab = stage.signed_in(&mut chromium, role, &script);
        for (path, language) in paths.iter().flat_map(|path| ["sv", "en"].map(|language| (path, language))) {
            assert_eq!(tab.go(&format!("{path}?lang={language}")).status, 200, "{role}: {path}");
            found.extend(complaints(&mut tab).into_iter().map(|one| format!("{role}: {path} {language}: {one}")));
        }
        if role.starts_with("unit:") {
            one_sheet(&mut tab);
        }
    }
    assert!(found.is_empty(), "{} complaints\n{}", found.len(), found.join("\n"));
}

/// The unit's own page is one sheet, and what is planted on it is told.
fn one_sheet(tab: &mut Tab) {
    for language in ["sv", "en"] {
        tab.go(&format!("/?lang={language}"));
        assert_eq!(sheets(tab), 1, "{language}");
    }
    for (planted, told) in [
        ("document.querySelector('main table').style.minWidth = '1000px'", "cut off at the edge: table"),
        ("document.querySelector('nav').style.setProperty('display', 'block', 'important')", "on paper: nav"),
        ("document.querySelector('main').style.color = '#bbb'", "no black ink: "),
    ] {
        tab.go("/");
        assert_eq!(complaints(tab), [""; 0], "nothing is planted");
        tab.run_as_page(planted);
        let found = complaints(tab);
        assert!(found.iter().any(|one| one.starts_with(told)), "{planted}: {found:?}");
    }
    tab.run_as_page("document.querySelector('main').style.paddingBottom = '20cm'");
    assert!(sheets(tab) > 1, "more than a sheet is told");
}
