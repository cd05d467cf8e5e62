//! Texts that mean harm, planted wherever a text can come in and reach a page.
//!
//! Promises: they do nothing: no script, no dialog, no request, no formula in a file, no line of their own in the log, no mark that turns
//! text round; where a text came in is named on each, so that a place whose text is seen nowhere any more is told, and one that must be
//! seen nowhere too.

/// Where texts come in.
mod place;

use std::collections::BTreeSet;
use std::path::Path;

use end_to_end::world::Region;

use super::chromium::Chromium;
use super::look;
use super::stage::Stage;
use super::tab::Tab;
use super::walk::pages;
use place::{ADDRESS, MARKER, PLACES};

/// Markup, a formula, a line break, and a turn of the direction of writing.
const PAYLOADS: [&str; 4] = [
    "Gul<script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}",
    "=HYPERLINK(\"https://foreign.example/\",\"Gul\")",
    "Gul\r\nERROR planted line",
    "Gul\u{202e}gnp.exe",
];
/// What begins a formula in a program for tables; a number may begin so too.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// Who walks.
const ROLES: [&str; 4] = ["staff", "admin", "region:01", "unit:SE9990010000-E001"];

/// All of them in one text, the formula first.
fn all() -> String {
    [PAYLOADS[1], PAYLOADS[0], PAYLOADS[2], PAYLOADS[3]].concat()
}

/// Gives units and programmes in a region's source the texts, as somebody there might.
fn name(region: &Region) {
    let database = rusqlite::Connection::open(region.source.file()).unwrap();
    for (number, payload) in (1..).zip(PAYLOADS) {
        let unit = format!("{payload} {MARKER}unit.name;");
        let sql = "UPDATE enhet SET namn = ?1 WHERE hsa_id LIKE ?2";
        assert_eq!(database.execute(sql, (unit, format!("%-E{number:03}"))).unwrap(), 1, "{payload}");
        let sql = "UPDATE moment SET program = ?1 WHERE moment_id % 5 = ?2";
        assert!(database.execute(sql, (format!("Planterat {number}"), number)).unwrap() > 0, "{payload}");
    }
}

/// The register's own list of programmes, which the agents take from it.
fn programmes(folder: &Path) -> String {
    let file = folder.join("programmes.csv");
    let mut list = csv::Writer::from_path(&file).unwrap();
    list.write_record(["code", "name", "kind", "condition", "aliases"]).unwrap();
    for (number, payload) in (1..).zip(PAYLOADS) {
        let (code, alias) = (format!("planterat-{number}"), format!("Planterat {number}"));
        list.write_record([&code, &format!("{payload} {MARKER}programme.name;"), "treatment", "worry", &alias])
            .unwrap();
    }
    list.flush().unwrap();
    format!("[codelists]\nprogrammes = \"{}\"\n", file.display())
}

/// What a page holds that only a payload can have brought, or that turns text round.
fn harm(tab: &mut Tab) -> Vec<String> {
    let mut harm = tab.lines(
        "[...document.querySelectorAll('script, img, iframe, object, [onerror], [onclick], [style]')].map((found) => found.outerHTML)",
    );
    harm.extend(tab.lines(
        r"/[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(document.documentElement.outerHTML) ? ['text is turned round'] : []",
    ));
    harm
}

/// The cells of a file that a program for tables would work out.
fn formulas(csv: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let cells = reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    cells.filter(|cell| cell.starts_with(FORMULA) && cell.parse::<f64>().is_err()).collect()
}

/// A walk of one role, along every link that it finds.
struct Walk<'a, 'b> {
    tab: &'b mut Tab<'a>,
    role: &'b str,
    /// Links that were followed, by path and what they choose.
    shapes: BTreeSet<String>,
    /// Places whose text was seen.
    seen: BTreeSet<String>,
    complaints: Vec<String>,
}

impl Walk<'_, '_> {
    /// Opens a page, and every page and file that it leads to.
    fn follow(&mut self, first: Vec<String>) {
        let mut waiting = first;
        // Ends with the last link of a new shape.
        while let Some(path) = waiting.pop() {
            if !self.shapes.insert(shape(&path)) {
                continue;
            }
            if is_file(&path) {
                self.file(&path);
            } else {
                self.page(&path);
                waiting.extend(self.tab.lines("checks.links()"));
            }
        }
    }

    fn page(&mut self, path: &str) {
        let mut heard = self.tab.go(path);
        heard.complaints.extend(harm(self.tab));
        if heard.status >= 500 {
            heard.complaints.push(format!("status {}", heard.status));
        }
        self.complain(path, heard.complaints);
        let html = self.tab.run("document.documentElement.outerHTML");
        self.see(html.as_str().unwrap());
    }

    fn file(&mut self, path: &str) {
        let text = self.tab.run(&format!("fetch('{path}').then((answer) => answer.ok ? answer.text() : '')"));
        let text = text.as_str().unwrap();
        // A workbook is packed, and a document for programs is no table.
        if path.split('?').next().is_some_and(|path| Path::new(path).extension().is_some_and(|kind| kind == "csv")) {
            self.complain(path, formulas(text));
        }
        self.see(text);
    }

    /// Every field of the forms that read something, given a text in the address.
    fn addresses(&mut self) {
        let encoded = PAYLOADS[0].bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02x}"));
        for path in pages().into_iter().filter(|path| !path.contains('{')) {
            self.tab.go(path);
            let fields =
                self.tab.lines("[...document.querySelectorAll('form[method=get] [name]')].map((field) => field.name)");
            let names: BTreeSet<String> = fields.into_iter().chain(["next", "lang"].map(str::to_owned)).collect();
            for name in names {
                self.page(&format!("{path}?{name}={encoded}"));
            }
        }
    }

    fn complain(&mut self, path: &str, found: Vec<String>) {
        self.complaints.extend(found.into_iter().map(|one| format!("{}: {path}: {one}", self.role)));
    }

    /// Notes of which places a text stands there.
    fn see(&mut self, text: &str) {
        let names = text.split(MARKER).skip(1).filter_map(|rest| rest.split_once(';'));
        self.seen.extend(names.map(|(name, _)| name.to_owned()));
    }
}

/// A path and the names of what it chooses; which table, and by what it is split, is another page, and which of a sender's batches is not.
fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let named = |part: &str| if part.len() == 64 { "batch".to_owned() } else { part.to_owned() };
    let path = path.split('/').map(named).collect::<Vec<_>>().join("/");
    let mut chosen: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.starts_with("lang="))
        .map(|pair| {
            if pair.starts_with("show=") || pair.starts_with("by=") {
                pair
            } else {
                pair.split('=').next().unwrap_or_default()
            }
        })
        .collect();
    chosen.sort_unstable();
    format!("{path}?{}", chosen.join("&"))
}

fn is_file(path: &str) -> bool {
    path.split('?').next().is_some_and(super::walk::is_table)
}

/// Walks the pages and files of a role; gives the places whose text was seen, and every complaint.
fn walked(stage: &Stage, chromium: &mut Chromium, (role, script): (&str, &str)) -> (BTreeSet<String>, Vec<String>) {
    let mut tab = stage.signed_in(chromium, role, script);
    place::rename(&stage.world, (role, &all()));
    let (shapes, seen) = (BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { tab: &mut tab, role, shapes, seen, complaints: Vec::new() };
    let plain = pages().into_iter().filter(|path| !path.contains('{')).map(str::to_owned);
    let split = ["unit", "programme"].map(|by| format!("/outcomes?by={by}"));
    walk.follow(plain.chain(split).chain(["/coverage?by=region".to_owned()]).collect());
    if role == "staff" {
        walk.addresses();
    }
    (walk.seen, walk.complaints)
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_mean_harm_do_nothing_wherever_they_reach_a_page_a_file_or_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::set(&programmes(folder.path()), name).await;
    assert!(place::enter(&stage.world, &PAYLOADS) > 0, "no text came in by a command");
    stage.world.registry(&["user", "add", ADDRESS, "--role", "staff"]).unwrap().expect(&[0]).unwrap();
    for site in &stage.sites {
        place::deliver_under_another_subject(&stage.world, (site, &all()));
        site.agent(&["attest", "2024", "--name", PAYLOADS[1]]).unwrap().expect(&[0]).unwrap();
    }
    place::plant(&stage.world, &all());
    let (mut chromium, script) = (Chromium::start(), look::script());
    let (mut seen, mut complaints) = (BTreeSet::new(), Vec::new());
    for role in ROLES {
        let (places, found) = walked(&stage, &mut chromium, (role, &script));
        seen.extend(places);
        complaints.extend(found);
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    let expected: BTreeSet<String> =
        PLACES.iter().filter(|place| place.is_shown).map(|place| place.name.to_owned()).collect();
    assert_eq!(seen, expected, "places whose texts are seen");
    let log = std::fs::read_to_string(stage.world.log()).unwrap();
    assert!(!log.lines().any(|line| line.starts_with("ERROR planted")), "a text made a line of its own");
    assert!(!log.contains(MARKER), "a text stands in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_does_harm_is_told() {
    assert_eq!(formulas("a,=1+1\n-7.31,@x\n"), ["=1+1", "@x"]);
    assert_ne!(shape("/outcomes?show=waiting&lang=en"), shape("/outcomes?lang=en"));
    assert_eq!(shape("/audit?before=7&lang=en"), shape("/audit?before=9"));
    let batch = |digit: &str| format!("/deliveries/12/batches/{}", digit.repeat(64));
    assert_eq!(shape(&batch("1")), shape(&batch("2")));
    assert_ne!(shape(&batch("1")), shape(&format!("{}/receipt.csv", batch("1"))));
    let stage = Stage::set("", |_| ()).await;
    let (mut chromium, script) = (Chromium::start(), look::script());
    let mut tab = stage.signed_in(&mut chromium, "auditor", &script);
    for (payload, told) in [(PAYLOADS[0], 2), (PAYLOADS[3], 1)] {
        tab.go("/account");
        assert_eq!(harm(&mut tab), [""; 0], "nothing is planted");
        tab.run_as_page(&format!("document.querySelector('main').innerHTML = {}", serde_json::json!(payload)));
        assert_eq!(harm(&mut tab).len(), told, "{payload}");
    }
}
