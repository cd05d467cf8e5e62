//! What the authority makes, and that it never overwrites.

use std::os::unix::fs::PermissionsExt as _;

use schemas::id::SenderCode;

use super::{Init, Issue, init, issue};
use crate::authenticate::region;
use crate::config::keys;
use crate::environment::Environment;

#[test]
fn an_issued_certificate_names_its_sender_and_the_authority_s_environment() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, out) = (folder.path().join("ca"), folder.path().join("12"));
    let system = Environment::system();
    init(
        &Init { dir: &ca, hosts: &["register.test".into(), "10.0.0.1".into()], environment: "test", config_out: None },
        &system,
    )
    .unwrap();
    let sender: SenderCode = "12".parse().unwrap();
    issue(&Issue { dir: &ca, out: &out, sender: &sender, days: 30 }, &system).unwrap();

    let chain = crate::server::tls::certificates(&out.join("region.pem"), "test").unwrap();
    let identity = region::read(&chain[0]).unwrap();
    assert_eq!((identity.environment.as_str(), &identity.sender), ("test", &sender));
    assert!(identity.not_after > system.now());

    for name in ["ca/ca.key", "ca/server.key", "ca/receipt.key", "ca/pepper.key", "12/region.key"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let public = std::fs::read_to_string(out.join("receipt.pub")).unwrap();
    let receipt_key = keys::receipt_key(&ca.join("receipt.key")).unwrap();
    assert_eq!(schemas::receipt::read_public_key(&public).unwrap(), receipt_key.verifying_key());
    keys::pepper(&ca.join("pepper.key")).unwrap();
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let system = Environment::system();
    let what = Init { dir: folder.path(), hosts: &[], environment: "test", config_out: None };
    init(&what, &system).unwrap();
    let before = std::fs::read(folder.path().join("pepper.key")).unwrap();
    assert!(init(&what, &system).unwrap_err().sentence.contains("not overwritten"));
    assert_eq!(std::fs::read(folder.path().join("pepper.key")).unwrap(), before);
}

#[test]
fn a_negative_number_of_days_makes_a_certificate_that_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (ca, out) = (folder.path().join("ca"), folder.path().join("12"));
    let system = Environment::system();
    init(&Init { dir: &ca, hosts: &[], environment: "test", config_out: None }, &system).unwrap();
    issue(&Issue { dir: &ca, out: &out, sender: &"12".parse().unwrap(), days: -1 }, &system).unwrap();
    let chain = crate::server::tls::certificates(&out.join("region.pem"), "test").unwrap();
    assert!(region::read(&chain[0]).unwrap().not_after < system.now());
}
