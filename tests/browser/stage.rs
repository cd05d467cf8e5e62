//! What the browser looks at: a register with two invented regions' treatments, and somebody of each role.

use end_to_end::people::{PASSWORD, SignIn};
use end_to_end::site::Site;
use end_to_end::world::{Region, World};
use serde_json::json;

use super::chromium::Chromium;
use super::tab::Tab;

const PAGES: &str = "[web]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\n";
/// Everybody who can sign in.
pub(crate) const ROLES: [&str; 7] =
    ["staff", "approver", "researcher", "auditor", "admin", "region:01", "unit:SE9990010000-E001"];
/// A second approver, who is in no role's place.
pub(crate) const SECOND: &str = "second approver";
const REGIONS: [&str; 2] = ["01", "12"];
/// Enough for a chart of every kind.
const TREATMENTS: usize = 200;

/// A request that lacks nothing.
const FORM: &str = r#"requester = "researcher"
principal = "Uppfunna universitetet"
representative = "Prefekten"
investigator = "Åsa Öst"
recipients = ["Åsa Öst", "Bo Ek"]
title = "Uppföljning efter behandling"
purpose = """Hur ändras skattningarna?
Per region och kön."""
summary = "Vi räknar."
ends_on = "2099-12-31"
ethics_not_needed = "Bara skyddade tabeller."
formats = ["csv", "xlsx"]
terms_accepted = true

[[tables]]
split_by = ["region", "sex"]
measure = "persons"

[[tables]]
split_by = ["age:broad"]
measure = "recovery"
instrument = "PHQ-9"
"#;

/// A register with its people.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) origin: String,
    /// The path of an invitation that nobody has taken.
    pub(crate) invitation: String,
    /// The regions' agents.
    pub(crate) sites: Vec<Site>,
    people: Vec<SignIn>,
}

impl Stage {
    /// Sets it up; `before` may change a region's source before it delivers, `more` stands in the register's configuration.
    pub(crate) async fn set(more: &str, before: impl Fn(&Region)) -> Self {
        let world = World::start(&format!("{PAGES}{more}")).unwrap();
        let mut sites = Vec::new();
        for (ordinal, sender) in REGIONS.into_iter().enumerate() {
            let region = world.invent(1, (2 * ordinal, sender), TREATMENTS).await.unwrap();
            before(&region);
            region.site.agent(&["once"]).unwrap().expect(&[0, 3]).unwrap();
            sites.push(region.site);
        }
        let year = ["cut", "create", "year 2024", "--year", "2024", "--stop", "2025-06-30", "--comments-days", "365"];
        world.registry(&year).unwrap().expect(&[0]).unwrap();
        let email = |role: &str| format!("{}@example.se", role.replace(':', "-").to_lowercase());
        let mut people: Vec<SignIn> =
            ROLES.iter().map(|role| SignIn::new(&world, &email(role), role).unwrap()).collect();
        let mut second = requested(&world);
        SECOND.clone_into(&mut second.role);
        people.push(second);
        let invited =
            world.registry(&["user", "add", "ny@example.se", "--role", "staff"]).unwrap().expect(&[0]).unwrap();
        let invitation = format!("/invitation/{}", invited.stdout.trim_end().rsplit('/').next().unwrap());
        let origin = format!("https://localhost:{}", world.server.people.unwrap().port());
        Self { world, origin, invitation, sites, people }
    }

    /// A tab in which somebody of a role has filled in the form to sign in.
    pub(crate) fn signed_in<'a>(&self, chromium: &'a mut Chromium, role: &str, script: &str) -> Tab<'a> {
        let person = self.people.iter().find(|person| person.role == role).unwrap();
        let mut tab = Tab::open(chromium, &self.origin, script);
        assert_eq!(tab.go("/sign-in?next=/account").status, 200);
        let typed = json!({ "email": person.email, "password": PASSWORD, "code": person.code() });
        tab.run(&format!(
            "for (const [name, value] of Object.entries({typed})) document.querySelector(`[name=${{name}}]`).value = value"
        ));
        tab.run("document.querySelector('[name=code]').focus()");
        tab.press("Enter", 13);
        tab.loaded();
        assert_eq!(tab.run("location.pathname"), "/account", "{role} is not let in");
        tab
    }
}

/// One request that waits for its second approver, and a draft of the researcher who signs in; gives the first approver.
fn requested(world: &World) -> SignIn {
    let file = world.folder().join("request.toml");
    std::fs::write(&file, FORM).unwrap();
    let file = file.to_str().unwrap();
    SignIn::new(world, "lo@example.se", "researcher").unwrap();
    let second = SignIn::new(world, "bo@example.se", "approver").unwrap();
    for step in [
        &["draft", file, "--by", "lo@example.se"][..],
        &["submit", "1", "--by", "lo@example.se"],
        &["return", "1", "--by", "bo@example.se", "--comment", "Säg vilka år.\nOch varför."],
        &["submit", "1", "--by", "lo@example.se"],
        &["approve", "1", "--by", "bo@example.se"],
        &["draft", file, "--by", "researcher@example.se"],
    ] {
        world.registry(&[&["extract"], step].concat()).unwrap().expect(&[0]).unwrap();
    }
    second
}
