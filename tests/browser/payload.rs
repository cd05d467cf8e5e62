//! Texts that mean harm, planted wherever a text can come in and reach a page.
//!
//! Promises: they do nothing: no script, no dialog, no request, no formula in a file, no line of their own in the log; where they are
//! shown, they are shown as they were written, and turn no text round that stands beside them.

use std::collections::BTreeSet;

use end_to_end::world::Region;
use registry_server::present::addresses;

use super::chromium::Chromium;
use super::look;
use super::stage::Stage;
use super::tab::Tab;
use super::walk::{is_table, pages};

/// Markup, a formula, a line break, and a turn of the direction of writing.
const PAYLOADS: [&str; 4] = [
    "Gul<script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}",
    "=HYPERLINK(\"https://foreign.example/\",\"Gul\")",
    "Gul\r\nERROR planted line",
    "Gul\u{202e}gnp.exe",
];
/// A formula that is a good address too.
const ADDRESS: &str = "=cmd|'/c'!a1@example.se";
/// What begins a formula in a program for tables; a number may begin so too.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Gives units the names.
fn name_units(region: &Region) {
    let database = rusqlite::Connection::open(region.source.file()).unwrap();
    for (number, payload) in (1..).zip(PAYLOADS) {
        let sql = "UPDATE enhet SET namn = ?1 WHERE hsa_id LIKE ?2";
        let changed = database.execute(sql, (payload, format!("%-E{number:03}"))).unwrap();
        assert_eq!(changed, 1, "{payload}");
    }
}

/// Enters what the commands take; a text that is refused comes to no page either.
fn enter_contacts(stage: &Stage) -> usize {
    let entered = |name: &&&str| {
        let add = ["contact", "add", "01", "--role", "technical", "--name", name, "--email", ADDRESS];
        stage.world.registry(&add).unwrap().code == 0
    };
    PAYLOADS.iter().filter(entered).count()
}

/// What a page holds that only a payload can have brought.
fn harm(tab: &mut Tab) -> Vec<String> {
    tab.lines(
        "[...document.querySelectorAll('script, img, iframe, object, [onerror], [onclick], [style]')].map((found) => found.outerHTML)",
    )
}

/// The cells of a file that a program for tables would work out.
fn formulas(csv: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let cells = reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    cells.filter(|cell| cell.starts_with(FORMULA) && cell.parse::<f64>().is_err()).collect()
}

/// Walks the pages and files of a role, and addresses that hold payloads themselves.
fn walked(stage: &Stage, chromium: &mut Chromium, (role, script): (&str, &str)) -> Vec<String> {
    let mut tab = stage.signed_in(chromium, role, script);
    let mut complaints = Vec::new();
    let encoded = PAYLOADS[0].bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
    let plain = pages().into_iter().filter(|path| !path.contains('{')).map(str::to_owned);
    let names: &[&str] = if role == "staff" { &["by", "from", "next", "lang"] } else { &[] };
    let asked: Vec<String> = names.iter().map(|name| format!("?{name}={encoded}")).collect();
    let paths: BTreeSet<String> = plain
        .flat_map(|path| [vec![path.clone()], asked.iter().map(|query| format!("{path}{query}")).collect()].concat())
        .collect();
    for path in paths {
        let mut heard = tab.go(&path);
        heard.complaints.extend(harm(&mut tab));
        complaints.extend(heard.complaints.into_iter().map(|one| format!("{role}: {path}: {one}")));
    }
    for (_, path) in addresses().filter(|(_, path)| is_table(path)) {
        let text = tab.run(&format!("fetch('{path}').then((answer) => answer.ok ? answer.text() : '')"));
        complaints.extend(formulas(text.as_str().unwrap()).into_iter().map(|cell| format!("{role}: {path}: {cell}")));
    }
    complaints
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_mean_harm_do_nothing_wherever_they_reach_a_page_a_file_or_the_log() {
    let stage = Stage::set("", name_units).await;
    assert!(enter_contacts(&stage) > 0, "no payload came in");
    stage.world.registry(&["user", "add", ADDRESS, "--role", "staff"]).unwrap().expect(&[0]).unwrap();
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut complaints = Vec::new();
    for role in ["staff", "admin", "region:01", "unit:SE9990010000-E001"] {
        complaints.extend(walked(&stage, &mut chromium, (role, &script)));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let log = std::fs::read_to_string(stage.world.log()).unwrap();
    assert!(!log.lines().any(|line| line.starts_with("ERROR planted")), "a text made a line of its own");

    assert_eq!(formulas("a,=1+1\n-7.31,@x\n"), ["=1+1", "@x"]);
    let mut tab = stage.signed_in(&mut chromium, "auditor", &script);
    tab.go("/account");
    tab.run_as_page(&format!("document.querySelector('main').innerHTML = {}", serde_json::json!(PAYLOADS[0])));
    assert!(harm(&mut tab).len() > 1, "what a page would hold");
}
