//! Requests for extracts at the command line: written, handed in, given back, mended, agreed to by two, refused and taken back.
//!
//! Promises: real programs; every refusal is one sentence with exit 2 that repeats nothing of the form; each step stands in the audit log.

use end_to_end::people::SignIn;
use end_to_end::world::World;
use serde_json::Value;

const ASKS: &str = "eva@example.se";
const FIRST: &str = "bo@example.se";
/// Somebody who has chosen no password yet.
const INVITED: &str = "ny@example.se";
const SECOND: &str = "kim@example.se";

fn said(world: &World, arguments: &[&str]) -> String {
    world.registry(arguments).unwrap().expect(&[0]).unwrap().stdout
}

/// The one sentence of a command that ends with 2.
fn refused(world: &World, arguments: &[&str]) -> String {
    world.registry(arguments).unwrap().expect(&[2]).unwrap().stderr
}

fn shown(world: &World, number: &str) -> Value {
    world.registry(&["extract", "show", number, "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap()
}

/// A register with somebody who asks and two who decide, and the form as it is printed, in a file.
fn desk() -> (World, String) {
    let world = World::start("").unwrap();
    for (email, role) in [(ASKS, "researcher"), (FIRST, "approver"), (SECOND, "approver")] {
        SignIn::new(&world, email, role).unwrap();
    }
    let file = world.folder().join("form.toml");
    std::fs::write(&file, said(&world, &["extract", "form"])).unwrap();
    (world, file.to_str().unwrap().to_owned())
}

/// The printed form filled in.
fn filled(world: &World) -> String {
    let mut form = said(world, &["extract", "form"]);
    for (empty, text) in [
        ("principal = \"\"", "principal = \"Uppfunna universitetet\""),
        ("representative = \"\"", "representative = \"Prefekten\""),
        ("investigator = \"\"", "investigator = \"Åsa Öst\""),
        ("recipients = []", "recipients = [\"Åsa Öst\"]"),
        ("title = \"\"", "title = \"Uppföljning\""),
        ("purpose = \"\"", "purpose = \"Hur ändras skattningarna per region?\""),
        ("summary = \"\"", "summary = \"Vi räknar.\""),
        ("#ends_on = \"2027-12-31\"", "ends_on = \"2099-12-31\""),
        ("ethics_not_needed = \"\"", "ethics_not_needed = \"Bara skyddade tabeller.\""),
        ("terms_accepted = false", "terms_accepted = true"),
        (
            "#[[tables]]\n#split_by = [\"region\", \"sex\"]\n#measure",
            "[[tables]]\nsplit_by = [\"region\", \"sex\"]\nmeasure",
        ),
    ] {
        assert!(form.contains(empty), "{empty}");
        form = form.replace(empty, text);
    }
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_written_given_back_mended_and_agreed_to_by_two_others() {
    let (world, file) = desk();
    let draft = said(&world, &["extract", "draft", &file, "--by", ASKS]);
    assert!(
        draft.contains("request 1 is a draft") && draft.contains("`extract submit 1 --by eva@example.se`"),
        "{draft}"
    );
    let lacks = refused(&world, &["extract", "submit", "1", "--by", ASKS]);
    for field in ["principal:", "recipients:", "ends_on:", "ethics_decision:", "terms_accepted:"] {
        assert!(lacks.contains(field), "{lacks}");
    }
    std::fs::write(&file, filled(&world)).unwrap();
    said(&world, &["extract", "mend", "1", &file, "--by", ASKS]);
    let handed_in = said(&world, &["extract", "submit", "1", "--by", ASKS]);
    assert!(handed_in.contains("request 1 is submitted; a decision is promised by "), "{handed_in}");
    said(&world, &["extract", "return", "1", "--by", FIRST, "--comment", "Säg vilka år."]);
    assert_eq!(shown(&world, "1")["standing"], "returned");
    said(&world, &["extract", "submit", "1", "--by", ASKS]);
    let once = said(&world, &["extract", "approve", "1", "--by", FIRST]);
    assert!(once.contains("another must"), "{once}");
    assert!(refused(&world, &["extract", "approve", "1", "--by", FIRST]).contains("the second must be somebody else"));
    assert!(said(&world, &["extract", "approve", "1", "--by", SECOND]).contains("request 1 is approved until "));

    let request = shown(&world, "1");
    let steps: Vec<(&str, &str)> = request["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| (step["step"].as_str().unwrap(), step["by"].as_str().unwrap()))
        .collect();
    let expected = [
        ("drafted", ASKS),
        ("mended", ASKS),
        ("submitted", ASKS),
        ("returned", FIRST),
        ("submitted", ASKS),
        ("approved", FIRST),
        ("approved", SECOND),
    ];
    assert_eq!((request["standing"].as_str(), steps), (Some("approved"), expected.to_vec()));
    assert_eq!(request["form"]["title"], "Uppföljning");
    let text = said(&world, &["extract", "show", "1"]);
    assert!(text.contains("Säg vilka år.") && text.contains("principal = \"Uppfunna universitetet\""), "{text}");
    let listed = said(&world, &["extract", "list"]);
    assert!(listed.contains("approved") && listed.contains("Uppföljning") && listed.contains(ASKS), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_cannot_be_taken_is_one_sentence_and_leaves_the_request_as_it_was() {
    let (world, file) = desk();
    std::fs::write(&file, filled(&world)).unwrap();
    said(&world, &["extract", "draft", &file, "--by", ASKS]);
    let wrong = world.folder().join("wrong.toml");
    std::fs::write(&wrong, "title = \"hemligt\"\nshoe_size = 43\n").unwrap();
    let wrong = wrong.to_str().unwrap();
    let turned = world.folder().join("turned.toml");
    std::fs::write(&turned, "title = \"hemligt \u{202e}\"\n").unwrap();
    let turned = turned.to_str().unwrap();
    said(&world, &["user", "add", INVITED, "--role", "researcher"]);
    for (arguments, sentence) in [
        (&["extract", "draft", wrong, "--by", ASKS][..], "line 2"),
        (&["extract", "draft", "/nowhere.toml", "--by", ASKS], "cannot be read"),
        (&["extract", "draft", turned, "--by", ASKS], "title: write one line"),
        (&["extract", "mend", "1", turned, "--by", ASKS], "request 1 is as it was"),
        (&["extract", "draft", &file, "--by", FIRST], "Only a researcher"),
        (&["extract", "draft", &file, "--by", INVITED], "nobody who may sign in now"),
        (&["extract", "draft", &file, "--by", "e7 (idp.example.se)"], "nobody who may sign in now"),
        (&["extract", "draft", &file, "--by", "nobody@example.se"], "nobody who may sign in now"),
        (&["extract", "submit", "7", "--by", ASKS], "there is no request 7"),
        (&["extract", "approve", "1", "--by", FIRST], "The request is a draft"),
        (&["extract", "approve", "1", "--by", ASKS], "Nobody decides on their own request"),
        (&["extract", "reject", "1", "--by", FIRST, "--comment", "nej", "--diary", "7"], "The request is a draft"),
        (&["extract", "withdraw", "1", "--by", SECOND], "Only a researcher"),
    ] {
        let told = refused(&world, arguments);
        assert!(told.contains(sentence) && !told.contains("hemligt"), "{arguments:?}: {told}");
    }
    assert_eq!(shown(&world, "1")["steps"].as_array().unwrap().len(), 1);
    said(&world, &["extract", "submit", "1", "--by", ASKS]);
    let silent = refused(&world, &["extract", "reject", "1", "--by", FIRST, "--comment", " ", "--diary", "2026/7"]);
    assert!(silent.contains("Say why"), "{silent}");
    let turned = refused(&world, &["extract", "return", "1", "--by", FIRST, "--comment", "hemligt \u{202e}"]);
    assert!(turned.contains("marks that turn the direction") && !turned.contains("hemligt"), "{turned}");
    let reject =
        |diary| ["extract", "reject", "1", "--by", FIRST, "--comment", "Frågan är en annan.", "--diary", diary];
    assert!(refused(&world, &reject(" ")).contains("Write the diary number of the refusal"));
    assert!(refused(&world, &reject("hemligt \u{202e}")).contains("Write the diary number in one line"));
    assert!(!said(&world, &["extract", "show", "1"]).contains("court of appeal"), "nothing is refused yet");
    said(&world, &reject("2026/7"));
    let (text, request) = (said(&world, &["extract", "show", "1"]), shown(&world, "1"));
    for part in ["2026/7", "Frågan är en annan.", "administrative court of appeal within three weeks"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let last = request["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["diary"], &last["comment"]), (&"2026/7".into(), &"Frågan är en annan.".into()));
    assert!(request["appeal"].as_str().unwrap().contains("administrative court of appeal"));
    assert!(refused(&world, &["extract", "withdraw", "1", "--by", ASKS]).contains("The request is refused"));
    said(&world, &["extract", "draft", &file, "--by", ASKS]);
    said(&world, &["extract", "withdraw", "2", "--by", ASKS]);
    // Somebody who was removed asks for nothing more.
    said(&world, &["user", "remove", ASKS]);
    assert!(refused(&world, &["extract", "draft", &file, "--by", ASKS]).contains("nobody who may sign in now"));
    said(&world, &["audit", "verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_request_is_amended_by_a_new_one_of_which_the_difference_is_shown() {
    let (world, file) = desk();
    let form = filled(&world);
    std::fs::write(&file, &form).unwrap();
    said(&world, &["extract", "draft", &file, "--by", ASKS]);
    said(&world, &["extract", "submit", "1", "--by", ASKS]);
    let amend = |number, by| ["extract", "amend", number, "--form", &file, "--by", by];
    assert!(refused(&world, &amend("1", ASKS)).contains("The request is handed in"));
    for approver in [FIRST, SECOND] {
        said(&world, &["extract", "approve", "1", "--by", approver]);
    }
    assert!(refused(&world, &amend("7", ASKS)).contains("there is no request 7"));
    assert!(refused(&world, &amend("1", FIRST)).contains("Only a researcher"));
    let drafted = said(&world, &amend("1", ASKS));
    assert!(drafted.contains("request 2 is a draft"), "{drafted}");
    assert!(refused(&world, &["extract", "submit", "2", "--by", ASKS]).contains("nothing differs"));
    let other = form.replace("split_by = [\"region\", \"sex\"]", "split_by = [\"region\"]");
    std::fs::write(&file, format!("amends = 7\n{}", other.replace("\"Uppföljning\"", "\"Ny rubrik\""))).unwrap();
    said(&world, &["extract", "mend", "2", "--form", &file, "--by", ASKS]);
    said(&world, &["extract", "submit", "2", "--by", ASKS]);
    let request = shown(&world, "2");
    assert_eq!(request["form"]["amends"], 1, "whatever the file says");
    let expected = serde_json::json!([{ "field": "title", "before": "Uppföljning", "after": "Ny rubrik" }]);
    assert_eq!(request["difference"]["fields"], expected);
    let tables = &request["difference"]["tables"];
    assert_eq!((&tables[0]["change"], tables.as_array().unwrap().len()), (&"changed".into(), 1));
    assert_eq!(tables[0]["after"]["split_by"], serde_json::json!(["region"]));
    assert_eq!(shown(&world, "1")["difference"], Value::Null);
    let text = said(&world, &["extract", "show", "2"]);
    assert!(text.contains("it amends request 1; to be decided on is the difference only"), "{text}");
    said(&world, &["extract", "approve", "2", "--by", FIRST]);
    assert!(said(&world, &["extract", "approve", "2", "--by", SECOND]).contains("request 2 is approved until "));
    let replaced = refused(&world, &["extract", "build", "1", "--by", FIRST]);
    assert!(replaced.contains("Request 2, which amends this one, is approved and has taken its place"), "{replaced}");
    assert!(refused(&world, &["extract", "amend", "1", &file, "--by", ASKS]).contains("has taken its place"));
    assert_eq!(shown(&world, "1")["job"], Value::Null, "nobody is to build it");
}
