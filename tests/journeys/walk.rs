//! A new administrator's walk: the commands of the guide, word for word, from an empty folder to accepted records.
//!
//! Promises: what runs is read from the guide; a command that ends otherwise than the guide says fails the walk.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use end_to_end::process::{AGENT, Ended, ended, program};

const GUIDE: &str = include_str!("../../agent/README.md");
/// The part of the guide that is walked.
const WALK: &str = "## From nothing to the first accepted record";
/// How a command of the guide says that it ends with another code than 0.
const ENDS_WITH: &str = "# ends with ";

#[test]
fn the_guide_s_commands_lead_from_an_empty_folder_to_accepted_records() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(&commands(GUIDE));
    let walked = walk(folder.path(), &script);
    assert_eq!(walked.code, 0, "{}\n{}", walked.stdout, walked.stderr);
    assert!(walked.stdout.contains("2 treatments"), "{}", walked.stdout);
    let diary = std::fs::read_to_string(folder.path().join("diary.html")).unwrap();
    assert!(diary.contains("lang=\"sv\"") && !diary.contains("K-1001"), "{diary}");

    // A guide whose command ends otherwise must not pass.
    let other = tempfile::tempdir().unwrap();
    let wrong = walk(other.path(), &self::script(&["registry-agent version --no-such-option".to_owned()]));
    assert_ne!(wrong.code, 0);
}

/// The commands of the shell blocks of the walk, a here-document with its command.
fn commands(guide: &str) -> Vec<String> {
    let walk = guide.split_once(WALK).expect("the guide holds the walk").1;
    let walk = walk.split_once("\n## ").map_or(walk, |(walk, _)| walk);
    let blocks = walk.split("```sh\n").skip(1).map(|rest| rest.split_once("\n```").expect("a block ends").0);
    let mut commands: Vec<String> = Vec::new();
    let mut document: Option<&str> = None;
    for line in blocks.flat_map(str::lines) {
        if let (Some(end), Some(command)) = (document, commands.last_mut()) {
            command.push('\n');
            command.push_str(line);
            document = Some(end).filter(|end| line != *end);
        } else {
            commands.push(line.to_owned());
            document = line.split_once("<<'").and_then(|(_, rest)| rest.split_once('\'')).map(|(end, _)| end);
        }
    }
    assert!(commands.len() > 15, "the guide has lost its commands: {commands:?}");
    commands
}

/// A shell script that runs each command and stops at the first that ends otherwise than it says.
fn script(commands: &[String]) -> String {
    let mut script = String::new();
    for command in commands {
        let first = command.lines().next().unwrap_or_default();
        let code = first.split_once(ENDS_WITH).map_or("0", |(_, rest)| rest.split([':', ' ']).next().unwrap_or("0"));
        let told = quoted(first);
        writeln!(
            script,
            "{command}\ncode=$?\n[ $code -eq {code} ] || {{ echo \"ended with $code: {told}\" >&2; exit 1; }}"
        )
        .expect("writing to a text in memory cannot fail");
        if first.ends_with('&') {
            // The guide's reader is slower than a register that starts.
            script.push_str(
                "serve=$!\nuntil grep -q 'regions listening on' serve.log; do kill -0 $serve || exit 1; done\n",
            );
        }
    }
    script
}

fn quoted(command: &str) -> String {
    command.replace(['"', '\'', '`', '$', '\\'], " ")
}

fn walk(folder: &Path, script: &str) -> Ended {
    let programs = program(AGENT).unwrap().parent().unwrap().display().to_string();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    // The guide leaves the register running.
    shell.args(["-c", &format!("serve=\ntrap 'test -z \"$serve\" || kill $serve' EXIT\n{script}")]);
    shell.current_dir(folder).stdin(Stdio::null()).env("PATH", format!("{programs}:{path}"));
    for name in ["REGISTRY_ADMIN__LISTEN", "REGISTRY_REGIONS__LISTEN"] {
        shell.env(name, if name.contains("ADMIN") { "127.0.0.1:0".to_owned() } else { format!("127.0.0.1:{port}") });
    }
    shell.env("AGENT_SERVER__URL", format!("https://localhost:{port}")).env("LANG", "C");
    ended(shell).unwrap()
}
