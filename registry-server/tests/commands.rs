//! The binary as an operator meets it: exit codes, sentences, and what stands on which stream.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which may stop at the first surprise")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

#[path = "commands/database.rs"]
mod database;
#[path = "commands/leaving.rs"]
mod leaving;
#[path = "commands/reports.rs"]
mod reports;

struct Place(tempfile::TempDir);

impl Place {
    /// An authority with keys, and a configuration beside them that takes free ports.
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let made = place.run(&["dev-ca", "init", "--dir", place.path("ca").to_str().unwrap()]);
        assert!(made.status.success(), "{made:?}");
        place.configure("");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("ca/registry-server.toml")
    }

    fn configure(&self, more: &str) {
        let text = format!(
            "[server]\nstate_dir = \"../state\"\nenvironment = \"test\"\n[regions]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n{more}"
        );
        std::fs::write(self.config(), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
        command.env_clear().arg("--config").arg(self.config()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that must fail; gives its exit code and its sentence.
    fn fails(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(output.stdout.is_empty(), "{output:?}");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts `serve` and waits for both listeners.
    fn serve(&self) -> (Child, Vec<String>) {
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(2).map(Result::unwrap).collect();
        (child, lines)
    }
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn serve_prints_its_listeners_answers_operators_and_ends_with_the_signals_code_on_sigterm() {
    let place = Place::new();
    let (mut child, lines) = place.serve();
    assert!(lines[0].starts_with("regions listening on 127.0.0.1:"), "{lines:?}");
    let admin = lines[1].strip_prefix("admin listening on ").unwrap();
    let mut stream = std::net::TcpStream::connect(admin).unwrap();
    std::io::Write::write_all(&mut stream, b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn senders_are_enrolled_listed_and_revoked() {
    let place = Place::new();
    assert_eq!(place.fails(&["region", "list"]).0, 78);
    assert_eq!(place.fails(&["region", "add", "99"]).0, 2);
    assert_eq!(place.fails(&["region", "add", "1"]).0, 2);
    assert!(place.succeeds(&["region", "add", "12"]).contains("enrolled"));
    assert!(place.succeeds(&["region", "add", "P01"]).contains("enrolled"));
    assert!(place.succeeds(&["region", "revoke", "P01"]).contains("revoked"));
    assert_eq!(place.fails(&["region", "revoke", "01"]).0, 2);
    let list: serde_json::Value = serde_json::from_str(&place.succeeds(&["region", "list", "--json"])).unwrap();
    let standing = |at: usize| (list["senders"][at]["code"].clone(), list["senders"][at]["status"].clone());
    assert_eq!(standing(0), ("12".into(), "active".into()));
    assert_eq!(standing(1), ("P01".into(), "revoked".into()));
}

#[test]
fn what_is_wrong_is_one_sentence_with_its_own_exit_code() {
    let place = Place::new();
    let sentence = |(code, text): (i32, String), expected: i32, part: &str| {
        assert_eq!(code, expected, "{text}");
        assert!(text.contains(part) && text.lines().count() == 1 && text.starts_with("registry-server: "), "{text}");
    };
    place.succeeds(&["check"]);
    place.configure("[keys]\nrecipt = \"x\"\n");
    sentence(place.fails(&["serve"]), 78, "nearest known key is `receipt`");
    place.configure("[keys]\nreceipt = \"none.key\"\n");
    sentence(place.fails(&["serve"]), 78, "none.key cannot be read");
    place.configure("");
    chmod(&place.path("ca/pepper.key"), 0o644);
    sentence(place.fails(&["serve"]), 77, "chmod 600");
    chmod(&place.path("ca/pepper.key"), 0o600);
    std::fs::copy(place.path("ca/ca.pem"), place.path("ca/server.pem")).unwrap();
    sentence(place.fails(&["check"]), 78, "do not belong together");
    std::fs::remove_file(place.config()).unwrap();
    sentence(place.fails(&["serve"]), 78, "name it with --config FILE");
    assert_eq!(place.fails(&["dance"]).0, 2);
}

#[test]
fn a_report_is_printed_from_an_empty_register_in_each_form() {
    let place = Place::new();
    assert!(place.succeeds(&["migrate"]).contains("up to date"));
    assert_eq!(place.fails(&["report", "outcomes", "--format", "csv"]).0, 2);
    for (audience, by, says) in [
        ("public", "region", "cut create"),
        ("research", "programme", "cut create"),
        ("public", "unit", "outcomes and groups only"),
        ("publik", "region", "internal, research, public"),
    ] {
        let (code, text) = place.fails(&["report", "outcomes", "--by", by, "--audience", audience]);
        assert_eq!((code, text.lines().count()), (2, 1), "{text}");
        assert!(text.contains(says), "{text}");
    }
    assert_eq!(place.fails(&["report", "wishes", "--audience", "internal"]).0, 2);
    for name in ["outcomes", "groups", "composite", "funnel"] {
        let csv = place.succeeds(&["report", name, "--audience", "internal", "--format", "csv"]);
        assert!(csv.starts_with("period,"), "{csv}");
        let json = place.succeeds(&["report", name, "--audience", "internal", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["report"], name);
    }
}

#[test]
fn a_pilot_s_configuration_is_written_beside_its_keys_passes_check_and_replaces_nothing() {
    let place = Place::new();
    let folder = place.path("pilot");
    std::fs::create_dir(&folder).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_registry-server"));
        command.env_clear().current_dir(&folder).args(arguments).output().unwrap()
    };
    let init = ["dev-ca", "init", "--dir", "pki", "--config-out", "registry-server.toml"];
    assert!(run(&init).status.success());
    let text = std::fs::read_to_string(folder.join("registry-server.toml")).unwrap();
    assert!(text.contains("\"pki/pepper.key\""), "it may be moved together with its keys: {text}");
    let checked = run(&["--config", "registry-server.toml", "check", "--json"]);
    assert!(checked.status.success(), "{checked:?}");

    std::fs::remove_dir_all(folder.join("pki")).unwrap();
    let again = run(&init);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
    assert!(String::from_utf8_lossy(&again.stderr).contains("not overwritten"), "{again:?}");
    assert!(!folder.join("pki").exists(), "nothing was made");

    let elsewhere = ["dev-ca", "init", "--dir", "../keys", "--config-out", "other.toml", "--environment", "production"];
    assert!(run(&elsewhere).status.success());
    let checked = run(&["--config", "other.toml", "check", "--json"]);
    let checked: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(checked["environment"], "production");
}

#[test]
fn reading_commands_print_one_json_document_with_its_schema() {
    let place = Place::new();
    place.succeeds(&["region", "add", "12"]);
    for command in [
        &["check"][..],
        &["version"],
        &["region", "list"],
        &["report", "outcomes", "--audience", "internal"],
        &["report", "outcomes", "--audience", "internal", "--format", "json"],
    ] {
        let document = place.succeeds(&[command, &["--json"]].concat());
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        assert!(document["schema"].is_string(), "{command:?}");
    }
    let (code, text) = place.fails(&["report", "outcomes", "--audience", "internal", "--format", "csv", "--json"]);
    assert!(code == 2 && text.contains("--json"), "{text}");
}

#[test]
fn inhabitants_are_imported_and_a_fault_is_told_with_its_line() {
    let place = Place::new();
    let file = place.path("inhabitants.csv");
    let import = ["population", "import", file.to_str().unwrap()];
    std::fs::write(&file, "region,year,sex,age_from,age_to,population\n12,2024,,,,1400000\n12,2024,F,18,24,60000\n")
        .unwrap();
    assert!(place.succeeds(&import).contains("2 rows"));
    std::fs::write(&file, "region,year,sex,age_from,age_to,population\n12,2024,,,,many\n").unwrap();
    let (code, text) = place.fails(&import);
    assert_eq!(code, 78);
    assert!(text.contains("inhabitants.csv") && text.contains("line 2"), "{text}");
}

#[test]
fn the_version_names_the_formats() {
    let place = Place::new();
    let version: serde_json::Value = serde_json::from_str(&place.succeeds(&["version", "--json"])).unwrap();
    assert_eq!(version["batch"], "registry-batch/1");
}
