//! People who sign in, as an administrator lets them in and out at the command line while the register serves.
//!
//! Promises: real programs; what is printed once is nowhere in the database; the log of what was done holds no address.

use end_to_end::world::World;
use serde_json::Value;

const PASSWORD: &str = "häst batteri klammer";

/// What `user list` says of somebody: role and state.
fn state(world: &World, email: &str) -> (String, String) {
    let listed = world.registry(&["user", "list", "--json"]).unwrap().expect(&[0]).unwrap().json().unwrap();
    let users = listed["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["email"] == email).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&user["role"]), text(&user["state"]))
}

fn said(world: &World, arguments: &[&str]) -> String {
    world.registry(arguments).unwrap().expect(&[0]).unwrap().stdout
}

/// The one sentence of a command that ends with 2.
fn refused(world: &World, arguments: &[&str]) -> String {
    world.registry(arguments).unwrap().expect(&[2]).unwrap().stderr
}

/// The bytes of the register's database files, with what still waits beside them.
fn database(world: &World) -> Vec<u8> {
    let wal = world.database().with_extension("db-wal");
    [std::fs::read(world.database()).unwrap(), std::fs::read(wal).unwrap_or_default()].concat()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_invited_changed_and_removed_and_what_is_shown_once_is_not_kept() {
    let world = World::start("").unwrap();
    world.registry(&["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    let invited = said(&world, &["user", "add", "Eva@Example.se", "--role", "region:12"]);
    let token = invited.trim_end().rsplit("/invitation/").next().unwrap();
    assert_eq!(token.len(), 43, "{invited}");
    let password = world.folder().join("password");
    std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    let add = ["user", "add", "bo@example.se", "--role", "admin", "--password-file", password.to_str().unwrap()];
    let readable = world.registry(&add).unwrap().expect(&[77]).unwrap().stderr;
    assert!(readable.contains("chmod 600"), "{readable}");
    std::fs::set_permissions(&password, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let ready = said(&world, &add);
    let secret = ready.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).unwrap();
    assert_eq!(secret.len(), 32, "{ready}");
    let pair = |role: &str, state: &str| (role.to_owned(), state.to_owned());
    assert_eq!(state(&world, "eva@example.se"), pair("region:12", "invited"));
    assert_eq!(state(&world, "bo@example.se"), pair("admin", "active"));

    said(&world, &["user", "role", "eva@example.se", "--role", "unit:SE9990120000-E001"]);
    assert_eq!(state(&world, "eva@example.se"), pair("unit:SE9990120000-E001", "invited"));
    let again = said(&world, &["user", "reset", "bo@example.se"]);
    assert!(!again.contains(token), "another invitation");
    assert_eq!(state(&world, "bo@example.se"), pair("admin", "invited"));
    said(&world, &["user", "remove", "bo@example.se"]);
    assert_eq!(state(&world, "bo@example.se"), pair("admin", "removed"));

    let bytes = database(&world);
    assert!(holds(&bytes, "eva@example.se"));
    for shown_once in [token, PASSWORD, secret] {
        assert!(!holds(&bytes, shown_once), "{shown_once}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cannot_be_let_in_so_is_refused_with_what_to_write() {
    let world = World::start("").unwrap();
    said(&world, &["user", "add", "eva@example.se", "--role", "staff"]);
    let weak = world.folder().join("password");
    std::fs::write(&weak, "kort\n").unwrap();
    std::fs::set_permissions(&weak, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let weak = weak.to_str().unwrap();
    for (arguments, sentence) in [
        (&["user", "add", "bo@example.se", "--role", "king"][..], "a role is staff, approver, researcher, auditor"),
        (&["user", "add", "bo@example.se", "--role", "unit:E001"], "unit:HSA-ID"),
        (&["user", "add", "bo@example.se", "--role", "region:01"], "was never enrolled"),
        (&["user", "add", "bo", "--role", "staff"], "write the e-mail address as name@example.se"),
        (&["user", "add", "bo@example.se", "--role", "staff", "--language", "fi"], "[possible values: sv, en]"),
        (&["user", "add", "bo@example.se", "--role", "staff", "--password-file", weak], "at least 12 characters"),
        (&["user", "add", "EVA@example.se", "--role", "admin"], "is there already"),
        (&["user", "role", "bo@example.se", "--role", "staff"], "does not sign in here"),
        (&["user", "reset", "bo@example.se"], "does not sign in here"),
        (&["user", "remove", "bo@example.se"], "does not sign in here"),
    ] {
        let told = refused(&world, arguments);
        assert!(told.contains(sentence), "{arguments:?}: {told}");
    }
    let listed = world.registry(&["user", "list", "--json"]).unwrap().json().unwrap();
    assert_eq!(listed["users"].as_array().unwrap().len(), 1, "nobody else came in");
}
