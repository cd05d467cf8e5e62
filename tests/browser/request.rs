//! A whole request in a browser: asked for, given back, mended, agreed to by two others, built, released, fetched, opened and proved.
//!
//! Promises: everything is done by the pages' own fields and buttons, without a script of theirs; each page on the way, also with faults
//! in its fields, is accessible and quiet.

use std::path::Path;

use end_to_end::archive;
use serde_json::json;

use super::chromium::Chromium;
use super::look;
use super::stage::{SECOND, Stage};
use super::tab::{Left, Tab};

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

/// Those of a second table, which stand there once the first is checked.
fn typed_after() -> serde_json::Value {
    json!({ "table-2-measure": "persons", "table-2-region": "region", "table-2-sex": "sex" })
}

/// How often a page is looked at until what is waited for is there, and the browser's half second between.
const LOOKS: u32 = 240;
const BETWEEN: &str = "new Promise((done) => setTimeout(done, 500))";

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
async fn a_request_is_asked_for_given_back_mended_agreed_to_by_two_built_released_fetched_and_proved_in_a_browser() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut tab = stage.signed_in(&mut chromium, "researcher", &script);
    filled(&mut tab);
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
    let decides = tab.left();

    let mut tab = asks.tab(&mut chromium);
    tab.go(&request);
    let approved = text(&mut tab);
    assert!(approved.contains("godkänd sedan") && approved.contains("gäller till"), "{approved}");
    let steps = tab.lines("[...document.querySelectorAll('tbody tr td:nth-of-type(1)')].map((cell) => cell.innerText)");
    let expected =
        ["skrevs", "lämnades in", "lämnades åter", "ändrades", "lämnades in", "godkändes av en", "godkändes av en"];
    assert_eq!(steps, expected);
    let asks = tab.left();

    built_and_fetched(&stage, (&mut chromium, &request), (decides, asks));
}

/// Fills the empty form in, told at its fields what it lacks, with two tables.
fn filled(tab: &mut Tab) {
    tab.go("/extracts/new");
    let lacking = press(tab, "button[value=check]");
    assert!(lacking.contains("Forskningshuvudman eller motsvarande: skriv något här"), "{lacking}");
    assert_eq!(tab.run("document.querySelectorAll('[aria-invalid=true]').length > 8"), true, "told at the fields");
    fill(tab, &typed());
    for name in ["formats][value=csv", "formats][value=parquet", "formats][value=xlsx", "terms_accepted"] {
        tab.run(&format!("document.querySelector('[name={name}]').checked = true"));
    }
    assert!(press(tab, "button[value=check]").contains("Inget saknas."));
    fill(tab, &typed_after());
    assert!(press(tab, "button[value=check]").contains("Inget saknas."));
}

/// What is approved is built, looked at and released by who decides, and fetched by who asked.
fn built_and_fetched(stage: &Stage, (chromium, request): (&mut Chromium, &str), (decides, asks): (Left, Left)) {
    let mut tab = decides.tab(chromium);
    tab.go(request);
    let pressed = press(&mut tab, "button[value=built]");
    assert!(
        ["väntar på att byggas", "Tabellerna byggs", "byggd sedan"].iter().any(|word| pressed.contains(word)),
        "{pressed}"
    );
    let built = waited_for(&mut tab, request, "byggd sedan");
    assert!(!built.contains("Hämta filerna (ZIP)") || built.contains("Lämna ut"), "{built}");
    assert!(press(&mut tab, "button[value=released]").contains("utlämnad sedan"));

    let mut tab = asks.tab(chromium);
    tab.go(request);
    assert!(text(&mut tab).contains("kan hämtas till"));
    let folder = tempfile::tempdir().unwrap();
    tab.fetched(&format!("a[href=\"{request}/files\"]"), folder.path());
    let name = format!("extract-{}.zip", request.rsplit('/').next().unwrap());
    proved(stage, folder.path(), &folder.path().join(name));
}

/// Looks at a page until it says so.
fn waited_for(tab: &mut Tab, path: &str, words: &str) -> String {
    let mut seen = String::new();
    for _ in 0..LOOKS {
        tab.go(path);
        seen = text(tab);
        if seen.contains(words) {
            return seen;
        }
        tab.run(BETWEEN);
    }
    panic!("{path} never said {words}: {seen}")
}

/// The archive says in its workbook and its columns what its text says, and is the register's.
fn proved(stage: &Stage, folder: &Path, out: &Path) {
    let opened = archive::opened(folder, out).unwrap();
    // Persons by region and sex, which always leave.
    let columns = opened["tables"]["table-02.parquet"].as_array().unwrap();
    let text = opened["texts"]["table-02.csv"].as_str().unwrap();
    let mut text = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = text.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let sheet = archive::sheet(out, "table-02").unwrap();
    assert!(rows.iter().any(|row| row[0] == "01"), "{rows:?}");
    for row in &rows {
        assert!(sheet.iter().any(|line| line.starts_with(row)), "{row:?} in {sheet:?}");
    }
    let of_columns: Vec<_> = columns.iter().map(|row| (row["region"].as_str(), row["persons"].as_str())).collect();
    let persons = text.headers().unwrap().iter().position(|name| name == "persons").unwrap();
    let of_rows: Vec<_> = rows.iter().map(|row| (Some(row[0].as_str()), Some(row[persons].as_str()))).collect();
    assert_eq!(of_columns, of_rows);
    let key = stage.world.folder().join("pki/receipt.pub");
    let verify = ["extract", "verify", out.to_str().unwrap(), "--key", key.to_str().unwrap()];
    let told = stage.world.registry(&verify).unwrap().expect(&[0]).unwrap().stdout;
    assert!(told.contains("are as they were signed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_and_is_an_approver_too_finds_no_button_to_decide_by_and_is_refused_in_a_browser() {
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let registry = |arguments: &[&str]| stage.world.registry(arguments).unwrap().expect(&[0]).unwrap();
    registry(&["extract", "submit", "2", "--by", "researcher@example.se"]);
    registry(&["user", "role", "researcher@example.se", "--role", "approver"]);
    let mut tab = stage.signed_in(&mut chromium, "researcher", &script);
    tab.go("/extracts/2");
    let own = text(&mut tab);
    assert!(own.contains("inlämnad sedan") && own.contains("Uppföljning efter behandling"), "{own}");
    assert_eq!(tab.run("document.querySelectorAll('button[name=step]').length"), 0, "nothing to decide by");
    let sent = "fetch('/extracts/2/step', { method: 'POST', body: new URLSearchParams({ step: 'approved', comment: '' }) }).then((answer) => answer.text())";
    let answer = tab.run_as_page(sent);
    assert!(answer.as_str().unwrap().contains("Ingen beslutar om sin egen begäran"), "{answer}");
    // The same buttons are there for a request of somebody else's, and the same way of asking is taken there.
    tab.go("/extracts/1");
    assert_eq!(tab.run("document.querySelectorAll('button[value=approved]').length"), 1);
    tab.run_as_page(&sent.replace("/extracts/2", "/extracts/1"));
    tab.go("/extracts/1");
    assert!(text(&mut tab).contains("godkänd sedan"), "it waited for its second approver");
}
