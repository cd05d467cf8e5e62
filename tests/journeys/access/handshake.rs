//! Who never reaches HTTP: the handshake ends in an alert, and the register's log says why.

use std::process::Command;

use end_to_end::pki::Authority;
use end_to_end::process::{SERVER, Server, command};
use end_to_end::world::World;
use rcgen::ExtendedKeyUsagePurpose;

use super::certificate::{good, self_sign, sign, sign_with};
use super::curl::{self, Answer, Caller};
use super::stored;

/// What `curl` ends with when the handshake fails (35), or when the alert answers the first request (56), as TLS 1.3 has it.
const REFUSED: [i32; 2] = [35, 56];

#[test]
fn who_shows_no_good_certificate_gets_an_alert_and_no_http() {
    if !curl::is_here() {
        return;
    }
    let mut world = World::start("").expect("a register");
    log_every_refusal(&mut world);
    world.registry(&["region", "add", "12"]).expect("a command").expect(&[0]).expect("an enrolment");
    let right = Caller::of(&world, "12");
    assert_eq!(right.get("/v1/me").status, 200, "the register answers whom it should");
    let before = stored::tables(&world.database());
    let mut reasons = Vec::new();
    for (what, caller, reason) in strangers(&world, &right) {
        let Answer { exit, status, body, said, .. } = caller.get("/v1/me");
        assert!(REFUSED.contains(&exit) && said.contains("alert"), "{what}: curl ends with {exit}: {said}");
        assert_eq!((status, body), (0, vec![]), "{what}");
        reasons.push((what, reason));
    }
    assert_eq!(right.get("/v1/me").status, 200, "the register answers after all of them");
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "handshakes");
    assert_each_is_in_the_log(&mut world, &reasons);
}

/// Starts the register again with the log that an operator asks for who looks for a refused handshake.
fn log_every_refusal(world: &mut World) {
    world.server.running.kill();
    let mut serve = command(SERVER, Some(&world.config()), &["serve"]).expect("the register is built");
    serve.env("REGISTRY_LOG", "info,registry_server=debug");
    world.server = Server::start_with(serve, &world.log()).expect("a register");
}

/// Each stranger with the word by which the register's log tells why it was refused.
fn strangers(world: &World, right: &Caller) -> Vec<(&'static str, Caller, &'static str)> {
    let folder = |name: &str| world.folder().join(name);
    let register = (&world.server, &world.authority);
    let with = |name: &str| Caller::new(register, &folder(name));

    world.authority.issue("12", &folder("expired"), -1).expect("an expired certificate");
    let mut later = good("test", "12");
    later.not_before = rcgen::date_time_ymd(2110, 1, 1);
    sign(&world.authority, &later, &folder("later"));
    let foreign = Authority::make(&folder("foreign-authority")).expect("another authority");
    foreign.issue("12", &folder("foreign"), 30).expect("a certificate of another authority");
    self_sign(&good("test", "12"), &folder("self-signed"));
    let mut server_use = good("test", "12");
    server_use.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    sign(&world.authority, &server_use, &folder("server-use"));
    let own = right.certificate.clone().expect("a certificate");
    let own = |file: &str| std::fs::read_to_string(own.join(file)).expect("the sender's own files");
    sign_with((&own("region.pem"), &own("region.key")), &good("test", "01"), &folder("signed-by-a-sender"));

    vec![
        ("no certificate", Caller { certificate: None, ..right.clone() }, "no certificates"),
        ("an expired one", with("expired"), "expired"),
        ("one not yet valid", with("later"), "not valid yet"),
        ("one of another authority", with("foreign"), "BadSignature"),
        ("a self-signed one", with("self-signed"), "UnknownIssuer"),
        ("one for servers", with("server-use"), "extended key usage"),
        ("one that another sender signed", with("signed-by-a-sender"), "EndEntityUsedAsCa"),
        ("TLS 1.2", right.with(&["--tls-max", "1.2"]), "incompatible"),
    ]
}

/// Stops the register, so that its log is whole, and looks for one refusal with each reason.
fn assert_each_is_in_the_log(world: &mut World, reasons: &[(&str, &str)]) {
    let id = world.server.running.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    assert_eq!(world.server.running.wait().expect("an exit code"), 143, "the register stops when asked");
    let log = std::fs::read_to_string(world.log()).expect("the log");
    let mut refusals: Vec<&str> = log.lines().filter(|line| line.contains("a handshake was refused")).collect();
    assert_eq!(refusals.len(), reasons.len(), "one line for each:\n{log}");
    for (what, reason) in reasons {
        let found = refusals.iter().position(|line| line.contains(reason));
        let found = found.unwrap_or_else(|| panic!("{what}: no refusal for {reason} is left in\n{log}"));
        refusals.remove(found);
    }
}
