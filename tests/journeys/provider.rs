//! Sign-in by an identity provider, with a real one and the register as it is built.
//!
//! Promises: real TLS on both; what is altered on the way is altered as somebody in between could; each refusal stands beside the same
//! way gone right.

/// A browser.
mod browser;
/// Claims that mean harm.
mod harmful;
/// An identity provider.
mod idp;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use browser::{Browser, Shown};
use end_to_end::people::{PASSWORD, SignIn};
use end_to_end::world::World;
use idp::{Idp, free_port};
use serde_json::{Value, json};

const ROLES: &str = r#"roles = [
  { role = "staff", when = { employeeHsaId = ["SE9990120000-1001"] } },
  { role = "region:{county}", when = { commissionPurpose = ["Statistik"] } },
  { role = "unit:{commissionHsaId}", when = { commissionPurpose = ["Vård och behandling"] } },
]
"#;

/// A register and its provider.
struct Desk {
    world: World,
    idp: Idp,
    /// What people write before the paths.
    base: String,
    _secrets: tempfile::TempDir,
}

/// How the register proves there that it is the register.
enum Proof {
    Secret,
    Key,
}

impl Desk {
    /// Starts both; `asks` is how the register asks for claims.
    fn start(proof: &Proof, asks: &str) -> Self {
        let (secrets, port) = (tempfile::tempdir().unwrap(), free_port());
        let base = format!("https://localhost:{port}");
        let mut client = json!({
            "client_id": "register", "redirect_uris": [format!("{base}/sign-in/provider/back")],
            "post_logout_redirect_uris": [format!("{base}/sign-in")],
        });
        let key = match proof {
            Proof::Secret => {
                client["client_secret"] = json!("invented");
                secret_file(secrets.path(), "client_secret_file", "invented\n")
            }
            Proof::Key => {
                let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
                client["token_endpoint_auth_method"] = json!("private_key_jwt");
                client["jwks"] = json!({ "keys": [public(&pair)] });
                secret_file(secrets.path(), "client_key_file", &pair.serialize_pem())
            }
        };
        let mut other = client.clone();
        other["client_id"] = json!("another");
        let idp = Idp::new(&json!([client, other]), &accounts());
        let text = format!(
            "[web]\nlisten = \"127.0.0.1:{port}\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\nbase_url = \"{base}\"\n\
             [oidc]\nissuer = \"{}\"\nclient_id = \"register\"\n{key}ca = \"pki/ca.pem\"\nsubject = \"employeeHsaId\"\n{asks}\
             acr = [\"http://id.sambi.se/loa/loa3\"]\nname = \"SITHS\"\n{ROLES}",
            idp.issuer
        );
        let world = World::start(&text).unwrap();
        let mut desk = Self { world, idp, base, _secrets: secrets };
        desk.idp.start(&desk.world.authority.folder);
        desk
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.world.authority.folder.join("ca.pem"))
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Goes the whole way in a browser, as somebody.
    fn enter(&self, browser: &Browser, account: &str) -> Shown {
        let asked = browser.go(&self.at("/sign-in/provider"));
        // Who is signed in there already is not asked.
        if asked.address.starts_with(&self.idp.issuer) { self.log_in(browser, (&asked, account)) } else { asked }
    }

    /// Fills in what the provider asks.
    fn log_in(&self, browser: &Browser, (asked, account): (&Shown, &str)) -> Shown {
        let form = format!("{}{}", self.idp.issuer, asked.after("action=\""));
        browser.send(&form, &[("login", account)])
    }

    /// Goes as far as the address that leads back, with the address that leads there altered.
    fn fetch(&self, browser: &Browser, altered: impl Fn(String) -> String) -> String {
        let there = altered(browser.step(&self.at("/sign-in/provider")).leads);
        let asked = browser.go(&there);
        let form = format!("{}{}", self.idp.issuer, asked.after("action=\""));
        let mut next = form;
        for step in 0..5 {
            let shown = if step == 0 { browser.post(&next, &[("login", "eva")]) } else { browser.step(&next) };
            if shown.leads.starts_with(&self.base) {
                return shown.leads;
            }
            next = shown.leads;
        }
        panic!("the provider sent nobody back");
    }

    /// The people that the register knows: e-mail or name, role, and by what they sign in.
    fn people(&self) -> Vec<(String, String, String)> {
        let told = self.world.registry(&["--json", "user", "list"]).unwrap().expect(&[0]).unwrap().json().unwrap();
        let text = |user: &Value, key: &str| user[key].as_str().unwrap_or_default().to_owned();
        let users = told["users"].as_array().unwrap();
        users.iter().map(|user| (text(user, "email"), text(user, "role"), text(user, "signs_in_by"))).collect()
    }

    fn is_in(&self, browser: &Browser) -> bool {
        browser.step(&self.at("/account")).status == 200
    }
}

fn accounts() -> Value {
    let care = "Vård och behandling";
    json!({
        "eva": { "employeeHsaId": "SE9990120000-1001", "commissionPurpose": care, "commissionHsaId": "SE9990120000-E001" },
        "rut": { "employeeHsaId": "SE9990120000-1002", "commissionPurpose": "Statistik", "county": "12" },
        "ulf": { "employeeHsaId": "SE9990120000-1003", "commissionPurpose": care, "commissionHsaId": "SE9990120000-E002" },
        "noa": { "employeeHsaId": "SE9990120000-1004", "commissionPurpose": "Forskning", "commissionHsaId": "SE9990120000-E002" },
        "ida": { "employeeHsaId": "SE9990120000-1005", "commissionPurpose": "Statistik", "county": "14" },
    })
}

/// Writes a secret where only its owner reads it; gives the line that names it.
fn secret_file(folder: &Path, key: &str, text: &str) -> String {
    let path = folder.join("secret");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    format!("{key} = \"{}\"\n", path.display())
}

fn public(pair: &rcgen::KeyPair) -> Value {
    use rcgen::PublicKeyData as _;
    let point = pair.der_bytes();
    let part = |from: usize| URL_SAFE_NO_PAD.encode(&point[from..from + 32]);
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "x": part(1), "y": part(33) })
}

const BY_NAME: &str = "claims = [\"employeeHsaId\", \"commissionPurpose\", \"commissionHsaId\", \"county\"]\n";

#[test]
fn people_come_in_by_the_identity_provider_as_what_it_says_they_are_now() {
    let mut desk = Desk::start(&Proof::Secret, BY_NAME);
    desk.world.registry(&["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    let page = desk.browser().go(&desk.at("/sign-in?next=/quality")).text;
    assert!(page.contains("Logga in med SITHS") && page.contains("name=\"password\""), "{page}");
    assert!(desk.browser().go(&desk.at("/sign-in?lang=en")).text.contains("Sign in with SITHS"));

    let host = desk.idp.issuer.trim_start_matches("https://").to_owned();
    let known =
        |number: u32, role: &str| (format!("SE9990120000-{number} ({host})"), role.to_owned(), "provider".to_owned());
    let (eva, ulf) = (desk.browser(), desk.browser());
    let seen = desk.enter(&eva, "eva");
    assert_eq!((seen.status, seen.address), (200, desk.at("/")));
    assert!(seen.text.contains("registrets personal"), "{}", seen.text);
    assert!(desk.enter(&desk.browser(), "rut").text.contains("region 12"));
    assert!(desk.enter(&ulf, "ulf").text.contains("enhet SE9990120000-E002"));
    assert_eq!(
        eva.go(&desk.at("/sign-in/provider?next=/quality")).address,
        desk.at("/quality"),
        "signed in there already"
    );
    let people = [known(1001, "staff"), known(1002, "region:12"), known(1003, "unit:SE9990120000-E002")];
    assert_eq!(desk.people(), people);

    // Who has no role, or one for a region that does not deliver, leaves nothing behind.
    for account in ["noa", "ida"] {
        let stranger = desk.browser();
        let seen = desk.enter(&stranger, account);
        assert_eq!(seen.status, 403);
        assert!(seen.text.contains("Du har ingen behörighet till registret"), "{}", seen.text);
        assert!(!desk.is_in(&stranger));
    }
    assert_eq!(desk.people(), people);

    // A commission that was withdrawn ends the right, and the sessions from before.
    assert!(desk.is_in(&ulf));
    desk.idp.say("ulf", json!({ "employeeHsaId": "SE9990120000-1003" }));
    assert_eq!(desk.enter(&desk.browser(), "ulf").status, 403);
    assert!(!desk.is_in(&ulf));

    // The register may keep somebody out whatever the provider says.
    let name = &known(1001, "").0;
    desk.world.registry(&["user", "remove", name]).unwrap().expect(&[0]).unwrap();
    assert!(!desk.is_in(&eva) && desk.enter(&eva, "eva").text.contains("Din behörighet är borttagen"));
    desk.world.registry(&["user", "readmit", name]).unwrap().expect(&[0]).unwrap();
    assert_eq!(desk.enter(&desk.browser(), "eva").status, 200);
}

#[test]
fn what_a_browser_brings_back_counts_once_and_for_the_attempt_that_it_was_sent_for() {
    let desk = Desk::start(&Proof::Secret, BY_NAME);
    let same = |address: String| address;
    let browser = desk.browser();
    let back = desk.fetch(&browser, same);
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();

    let refused = |browser: &Browser, back: &str, (status, says): (u16, &str)| {
        let seen = browser.go(back);
        assert!(seen.status == status && seen.text.contains(says), "{back}: {}", seen.text);
        assert!(!desk.is_in(browser), "{back}");
    };
    let astray = (400, "Inloggningen kunde inte slutföras");
    refused(&desk.browser(), &back, astray);
    let forged = format!("{}{}", if state.starts_with('A') { "B" } else { "A" }, &state[1..]);
    refused(&browser, &back.replace(&state, &forged), astray);
    // The same way, gone right, and once only.
    let seen = browser.go(&back);
    assert_eq!((seen.status, seen.address), (200, desk.at("/")), "{}", seen.text);
    let second = desk.browser();
    let back = desk.fetch(&second, same);
    assert_eq!(second.go(&back).status, 200);
    let again = second.go(&back);
    assert!(again.status == 400 && again.text.contains(astray.1), "{}", again.text);

    let not_vouched = (403, "Inloggningen godtogs inte");
    let value = |address: &str, name: &str| {
        address.split(&format!("{name}=")).nth(1).unwrap().split('&').next().unwrap().to_owned()
    };
    let altered = |name: &'static str, to: &'static str| {
        move |address: String| address.replace(&format!("{name}={}", value(&address, name)), &format!("{name}={to}"))
    };
    // A token of another attempt, a code of another's, and a code for another register.
    for (name, to) in [
        ("nonce", "invented"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("client_id", "another"),
    ] {
        let browser = desk.browser();
        let back = desk.fetch(&browser, altered(name, to));
        refused(&browser, &back, not_vouched);
    }
    for iss in ["", "https%3A%2F%2Fevil.example"] {
        let browser = desk.browser();
        let back = desk.fetch(&browser, same);
        let own = value(&back, "iss");
        let back = if iss.is_empty() { back.replace(&format!("iss={own}"), "i=") } else { back.replace(&own, iss) };
        refused(&browser, &back, not_vouched);
    }
    let browser = desk.browser();
    let asked = browser.go(&desk.at("/sign-in/provider"));
    let declined = desk.log_in(&browser, (&asked, ""));
    assert!(declined.status == 403 && declined.text.contains("Inloggningen avbröts"), "{}", declined.text);
}

#[test]
fn sign_in_outlives_new_keys_and_ends_at_both_ends_and_proves_anew_and_local_accounts_stay_when_the_provider_is_down() {
    let mut desk = Desk::start(&Proof::Key, "scopes = [\"register\"]\n");
    desk.world.registry(&["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    let browser = desk.browser();
    assert_eq!(desk.enter(&browser, "eva").status, 200);
    let again = desk.at("/sign-in/provider?again=1&next=/account");
    let page = browser.go(&desk.at("/account"));
    assert!(page.text.contains("Legitimera dig igen") && !page.text.contains("name=\"new\""), "{}", page.text);
    let asked = browser.go(&again);
    assert!(asked.address.starts_with(&desk.idp.issuer), "it asks, though somebody is signed in there");
    assert_eq!(desk.log_in(&browser, (&asked, "eva")).address, desk.at("/account"));

    // The provider starts again, where nobody is signed in then, and signs with a key that the register has not seen.
    desk.idp.start(&desk.world.authority.folder);
    let asked = browser.go(&again);
    let other = desk.log_in(&browser, (&asked, "rut"));
    assert!(other.status == 403 && other.text.contains("någon annan som legitimerade sig"), "{}", other.text);
    assert!(desk.is_in(&browser));
    desk.idp.start(&desk.world.authority.folder);
    assert_eq!(desk.enter(&browser, "eva").address, desk.at("/"));

    let out = browser.send(&desk.at("/sign-out"), &[]);
    assert!(!desk.is_in(&browser));
    let end = out.after("url=").replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(out.after("</h1>\n<p><a href=\"").replace("&#38;", "&").replace("&amp;", "&"), end);
    let asked = browser.go(&end);
    let (form, xsrf) = (asked.after("action=\"").to_owned(), asked.after("name=\"xsrf\" value=\"").to_owned());
    assert_eq!(browser.send(&form, &[("xsrf", &xsrf), ("logout", "yes")]).address, desk.at("/sign-in"));
    assert!(browser.go(&desk.at("/sign-in/provider")).address.starts_with(&desk.idp.issuer), "it asks anew");

    let local = SignIn::new(&desk.world, "bo@example.se", "auditor").unwrap();
    desk.idp.stop();
    desk.world.restart().unwrap();
    let down = browser.go(&desk.at("/sign-in/provider"));
    assert!(down.status == 503 && down.text.contains("Inloggningstjänsten svarar inte"), "{}", down.text);
    assert!(down.text.contains("konto här"), "{}", down.text);
    let code = local.code();
    let form = [("email", "bo@example.se"), ("password", PASSWORD), ("code", &code)];
    assert_eq!(browser.send(&desk.at("/sign-in"), &form).status, 200);
    assert!(desk.is_in(&browser));
    let config = std::fs::read_to_string(desk.world.config()).unwrap();
    let alone = config.replacen("scopes = [\"register\"]\n", "scopes = [\"register\"]\nlocal_accounts = false\n", 1);
    assert_ne!(alone, config);
    std::fs::write(desk.world.config(), alone).unwrap();
    desk.world.restart().unwrap();
    let down = desk.browser().go(&desk.at("/sign-in/provider"));
    assert!(down.status == 503 && !down.text.contains("konto här"), "{}", down.text);
}
