//! Claims that mean harm, said by the provider itself.
//!
//! Promises: what shows as it is written comes in and does nothing on a page, in a file or in the log; whatever else is refused, and stands
//! nowhere.

use std::path::Path;

use end_to_end::people::{PASSWORD, SignIn};
use serde_json::json;

use super::browser::{Browser, Shown};
use super::{BY_NAME, Desk, Proof};

/// A formula, markup and the sign of a template, in characters that a name may have.
const NAMED: &str =
    "=HYPERLINK(\"https://foreign.example/\",\"Gul\")<script>alert(1)</script><img/src=x/onerror=alert(2)>\"'>{{7*7}}";
/// What cannot be shown as it is written, or names nothing that the register knows.
const UNSHOWN: [&str; 4] =
    ["Gul\u{202e}gnp.exe", "Gul\r\nERROR planted line", "Gul <script>alert(1)</script>", "=1+1 Gul"];
const PURPOSE: &str = "Statistik";
const CARE: &str = "Vård och behandling";

/// What a page or file holds that only such a text can have brought; pages have no script and no picture of their own.
fn harm(text: &str) -> Vec<&'static str> {
    let lines = text.lines();
    let is_formula = |line: &str| line.split(',').any(|cell| cell.trim_start_matches('"').starts_with('='));
    let formula = if lines.clone().any(is_formula) { Some("a formula") } else { None };
    let planted = if lines.clone().any(|line| line.starts_with("ERROR planted")) { Some("a line") } else { None };
    let markup = ["<script", "<img", "\u{202e}"].into_iter().filter(|part| text.contains(part));
    markup.chain(formula).chain(planted).collect()
}

fn harmless(shown: &Shown, what: &str) {
    // Markup in a file of figures is a text like any other.
    let is_file = Path::new(what).extension().is_some_and(|extension| extension == "csv");
    let found: Vec<&str> = harm(&shown.text).into_iter().filter(|harm| !(is_file && harm.starts_with('<'))).collect();
    assert_eq!(found, [""; 0], "{what}: {}", shown.text);
}

fn by_account(desk: &Desk, role: &str) -> Browser {
    let (browser, person) = (desk.browser(), SignIn::new(&desk.world, "bo@example.se", role).unwrap());
    let form = [("email", "bo@example.se"), ("password", PASSWORD), ("code", &*person.code())];
    assert_eq!(browser.send(&desk.at("/sign-in"), &form).status, 200);
    browser
}

#[test]
fn claims_that_mean_harm_do_nothing_on_a_page_in_a_file_or_in_the_log() {
    assert_eq!(harm(NAMED), ["<script", "<img", "a formula"], "the control");
    assert_eq!(UNSHOWN.map(|text| harm(text).len()), [1, 1, 1, 1], "the control");
    let mut desk = Desk::start(&Proof::Secret, BY_NAME);
    desk.world.registry(&["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    desk.idp.say("rut", json!({ "employeeHsaId": NAMED, "commissionPurpose": PURPOSE, "county": "12" }));
    let named = desk.browser();
    assert!(desk.enter(&named, "rut").text.contains("region 12"));
    let account = named.go(&desk.at("/account"));
    assert!(account.text.contains("alert(1)"), "the name is on the page: {}", account.text);
    let auditor = by_account(&desk, "auditor");
    for (browser, path) in [(&named, "/"), (&named, "/account"), (&named, "/audit"), (&named, "/audit.csv")]
        .into_iter()
        .chain([(&auditor, "/audit"), (&auditor, "/audit.csv")])
    {
        let shown = browser.go(&desk.at(path));
        assert_eq!(shown.status, 200, "{path}");
        harmless(&shown, path);
    }

    for (claim, text) in
        UNSHOWN.iter().flat_map(|text| ["employeeHsaId", "county", "commissionHsaId"].map(|claim| (claim, text)))
    {
        let purpose = if claim == "commissionHsaId" { CARE } else { PURPOSE };
        let mut claims = json!({ "employeeHsaId": "SE9990120000-1009", "commissionPurpose": purpose, "county": "12" });
        claims[claim] = json!(text);
        desk.idp.say("ida", claims);
        let stranger = desk.browser();
        let shown = desk.enter(&stranger, "ida");
        assert!(shown.status == 403 && !desk.is_in(&stranger), "{claim}: {}", shown.text);
        assert!(!shown.text.contains("Gul"), "{claim}: {}", shown.text);
        harmless(&shown, claim);
    }
    assert_eq!(desk.people().len(), 2, "a name that cannot be shown leaves nothing behind");
    let log = std::fs::read_to_string(desk.world.log()).unwrap();
    assert!(log.len() > 100 && !log.contains("Gul") && harm(&log).is_empty(), "{log}");
}
