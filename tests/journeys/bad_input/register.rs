//! The register in a folder where one thing is wrong.

/// What is asked for wrongly.
mod commands;
/// What stands wrongly in the configuration.
mod configured;
/// What is wrong with its database.
mod database;
/// What is wrong with keys and certificates.
mod files;

use std::fmt::Write as _;
use std::net::TcpListener;

use end_to_end::hunt::Hunt;
use end_to_end::pki::Authority;
use end_to_end::process::{SERVER, run};

use super::case::{Case, Place, run_all};
use crate::printed::frozen;

const SERVE: &[&str] = &["serve"];
const CHECK: &[&str] = &["check"];
const LIST: &[&str] = &["region", "list"];

/// A register that has been set up once. Its operators' port is the test's own, so that `serve` ends also where it should not get so far.
fn installation() -> (tempfile::TempDir, TcpListener, Place) {
    let folder = tempfile::tempdir().unwrap();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = Place {
        folder: folder.path().join("good"),
        config: "registry-server.toml",
        others: folder.path().join("others"),
    };
    Authority::make(&place.path("pki")).unwrap();
    Authority::make(&place.others.join("foreign")).unwrap();
    let text = format!(
        "[server]\nstate_dir = \"state\"\nenvironment = \"test\"\n\n[regions]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\n\
         key = \"pki/server.key\"\nclient_ca = \"pki/ca.pem\"\n\n[admin]\nlisten = \"{}\"\n\n[keys]\nreceipt = \"pki/receipt.key\"\n\
         pepper = \"pki/pepper.key\"\n",
        occupied.local_addr().unwrap()
    );
    std::fs::write(place.path(place.config), text).unwrap();
    run(SERVER, Some(&place.path(place.config)), &["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    (folder, occupied, place)
}

#[test]
fn each_fault_around_the_register_is_one_sentence_with_its_exit_code() {
    let (_folder, _occupied, place) = installation();
    run(SERVER, Some(&place.path(place.config)), CHECK).unwrap().expect(&[0]).unwrap();
    let cases: Vec<Case> = [
        configured::text(),
        configured::values(),
        files::missing(),
        files::unfit(),
        database::another(),
        database::none(),
        commands::reports(),
        commands::others(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let told = run_all(SERVER, &cases, &place, &Hunt::new([""; 0]));
    frozen("sentences on faults around the register", &told, None);
}

fn case(
    (what, exit): (&'static str, i32),
    spoil: fn(&Place),
    arguments: &'static [&'static str],
    words: &'static [&'static str],
) -> Case {
    Case { what, spoil, arguments, exit, words }
}

#[test]
fn a_command_line_that_means_nothing_is_told_with_the_word_that_it_does_not_know() {
    let mut told = String::new();
    for (arguments, word) in [
        (&["serve", "--fast"][..], "--fast"),
        (&["serv"], "serv"),
        (&["region", "add", "1"], "1"),
        (&["dev-ca", "issue", "12", "--days", "many"], "many"),
        (&["report", "rates", "--language", "fi"], "'fi'"),
    ] {
        let ended = run(SERVER, None, arguments).unwrap();
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}");
        let first = ended.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("error: ") && first.contains(word), "{arguments:?}: {}", ended.stderr);
        writeln!(told, "$ {SERVER} {} -> 2\n{}", arguments.join(" "), ended.stderr).unwrap();
    }
    frozen("sentences on the command line of the register", &told, None);
}
