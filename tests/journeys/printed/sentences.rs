//! Sentences of commands that end early, beyond those of the faults around the programs, and of keys that nobody knows.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;

use agent::config::SAMPLE;
use end_to_end::process::{AGENT, Running, command, run};
use rustix::process::{Pid, Signal, kill_process};
use schemas::exit::Exit;

use super::frozen;
use super::region::region;

/// Sections and, in each, a key as somebody might write it and the one that is meant.
const KEYS: [(&str, &str, &str); 9] = [
    ("[agent]", "regoin = \"12\"", "region"),
    ("[source]", "treatment = \"SELECT 1\"", "treatments"),
    ("[source]", "setle = \"60s\"", "settle"),
    ("[map]", "programs = { a = \"b\" }", "programme"),
    ("[map]", "files = \"mapping.csv\"", "file"),
    ("[pseudonym]", "keyid = \"r12-g1\"", "key_id"),
    ("[server]", "receiptkey = \"receipt.pub\"", "receipt_key"),
    ("[server]", "proxy_credential_file = \"proxy\"", "proxy_credentials_file"),
    ("[schedule]", "time_zone = \"Europe/Stockholm\"", "timezone"),
];
/// Sections at the end of the file, what is wrong in each, and what is meant.
const SECTIONS: [(&str, &str, &str); 5] = [
    ("[shedule]\ncron = \"0 2 * * *\"", "[shedule]", "schedule"),
    ("[source.column.treatments]\n\"Nr\" = \"treatment_id\"", "[source.column.", "columns"),
    ("[source.columns.treatment]\n\"Nr\" = \"treatment_id\"", "[source.columns.treatment]", "treatments"),
    ("[[source.wide]]\npatern = \"PHQ9_{timepoint}\"", "patern", "pattern"),
    ("[map.program]\n\"a\" = \"b\"", "[map.program]", "programme"),
];

#[test]
fn an_unknown_key_of_every_section_is_told_with_line_and_nearest_key() {
    let mut told = String::new();
    let mut say = |what: &str, (text, wrong): (&str, &str), nearest: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.toml");
        std::fs::write(&file, text).unwrap();
        let ended = run(AGENT, Some(&file), &["check"]).unwrap().expect(&[78]).unwrap();
        // Lines of the sample move with its comments, so the right one is looked for and not frozen.
        let line = format!("line {},", text[..text.find(wrong).unwrap()].matches('\n').count() + 1);
        assert!(ended.stderr.contains(&line), "{what}, {line} {}", ended.stderr);
        let sentence = ended.stderr.trim_end().replace(&folder.path().display().to_string(), "[folder]");
        let sentence = sentence.replace(&line, "[line],");
        writeln!(told, "{what}\n  {sentence}").unwrap();
        assert!(sentence.contains(&format!("`{nearest}`")), "{what}: {sentence}");
    };
    for (section, line, nearest) in KEYS {
        assert!(SAMPLE.contains(section), "{section}");
        say(&format!("{section} {line}"), (&SAMPLE.replacen(section, &format!("{section}\n{line}"), 1), line), nearest);
    }
    let several = SAMPLE.replacen("[source]", "[[source]]\nnmae = \"a\"", 1);
    say("[[source]] nmae = \"a\"", (&several, "nmae"), "name");
    for (section, wrong, nearest) in SECTIONS {
        say(&section.replace('\n', " "), (&format!("{SAMPLE}\n{section}\n"), wrong), nearest);
    }
    frozen("sentences on unknown keys", &told, None);
}

#[test]
fn every_exit_code_of_the_agent_stands_beside_what_is_said_with_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/printed/frozen");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let of_the_agent = files.filter(|file| !file.to_string_lossy().ends_with("the-register.snap"));
    let frozen: String = of_the_agent.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let said = |code: &i32| frozen.lines().any(|line| line.ends_with(&format!(" -> {code}")));
    let documented: Vec<i32> = (0..=255).filter(|code| Exit::of_code(*code).is_some()).collect();
    assert_eq!(documented.iter().filter(|code| !said(code)).collect::<Vec<_>>(), [&0; 0]);
    assert!(documented.len() == 12 && !said(&101), "codes that do not exist are not said");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_cannot_do_now_is_told_in_the_agreed_words() {
    let (world, region) = region().await;
    let mut told = String::new();
    for (arguments, exit) in [
        (&["held", "show", "M-000001"][..], 2),
        (&["held", "retry", "M-999999"], 2),
        (&["pause", "--until", "2020-01-01", "--reason", "x"], 2),
        (&["pause", "--until", "2090-12-24", "--reason", ""], 2),
        (&["preview", "--html", "nowhere/diary.html"], 1),
        (&["config", "init", "--out", "nowhere/agent.toml"], 1),
        (&["key", "new"], 1),
    ] {
        let ended = region.site.agent(arguments).unwrap().expect(&[exit]).unwrap();
        writeln!(told, "$ registry-agent {} -> {exit}\n{}", arguments.join(" "), ended.stderr).unwrap();
    }
    frozen("sentences on what cannot be done", &told, Some(world.folder()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_by_a_signal_says_so_with_its_code() {
    let (world, region) = region().await;
    // A register that takes the connection and says nothing keeps the run waiting for as long as it is needed.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", silent.local_addr().unwrap().port());
    let mut told = String::new();
    for (name, signal, code) in [("SIGTERM", Signal::TERM, 143), ("SIGINT", Signal::INT, 130)] {
        let mut once = command(AGENT, Some(&region.site.config()), &["once"]).unwrap();
        once.env("AGENT_SERVER__URL", &url);
        let errors = region.site.folder.join("stopped.log");
        let mut running = Running::start(once, &errors).unwrap();
        let waiting = silent.accept().unwrap();
        let id = i32::try_from(running.id()).ok().and_then(Pid::from_raw).unwrap();
        kill_process(id, signal).unwrap();
        assert_eq!(running.wait().unwrap(), code);
        drop(waiting);
        let said = std::fs::read_to_string(&errors).unwrap();
        std::fs::remove_file(&errors).unwrap();
        let sentences = said.lines().filter(|line| !line.starts_with('{'));
        writeln!(told, "once, {name} -> {code}\n  {}", sentences.collect::<Vec<_>>().join("\n  ")).unwrap();
    }
    frozen("sentences of runs that are stopped", &told, Some(world.folder()));
}
