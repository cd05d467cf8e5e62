//! What reading a large export takes: a process of its own, because memory is counted for the whole of it.

#![expect(clippy::unwrap_used, reason = "what a test prepares may end it")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use agent::config::{Config, SAMPLE};
use agent::pseudonymise::Keys;
use agent::setup::Setup;
use agent::source::{Rows, Since, Source};
use futures_util::StreamExt as _;

const ANSWERS: u32 = 2_000_000;
/// Issue 3 allows the agent 100 MB; the source's part is far less, or it would not be streaming.
const MOST_KIB: u64 = 32 * 1024;

#[tokio::test]
async fn two_million_answers_are_read_from_files_in_bounded_memory() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path());
    let setup = setup(folder.path());
    let before = anonymous_kib();
    let mut source = Source::open(&setup.places[0], "2100-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let (mut rows, mut most) = (0, 0);
    let mut pages = source.measurements(Rows::Since(Since::Beginning));
    while let Some(page) = pages.next().await {
        rows += page.unwrap().len();
        most = most.max(anonymous_kib() - before);
    }
    println!("{rows} answers took {most} KiB of anonymous memory");
    assert_eq!(rows, ANSWERS as usize);
    assert!(most < MOST_KIB, "{most} KiB");
}

/// A file of treatments and three of answers; in the last a quotation mark is never closed.
fn export(folder: &Path) {
    let header = "treatment_id;person_id;unit_id;programme;status;started_on;ended_on\n";
    std::fs::write(folder.join("moment.csv"), header).unwrap();
    for part in 0..3 {
        let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join(format!("svar{part}.csv"))).unwrap());
        file.write_all(b"treatment_id;instrument;timepoint;answered_on;score;anm\n").unwrap();
        let mut line = String::new();
        for number in (0..ANSWERS).filter(|number| number % 3 == part) {
            line.clear();
            let note = if number == 5 { "\"" } else { "F\u{e5}tt svar" };
            writeln!(line, "M-{};PHQ-9;weekly-{};2024-01-11;{};{note}", number / 12, number % 12 + 1, number % 28)
                .unwrap();
            file.write_all(line.as_bytes()).unwrap();
        }
    }
}

fn setup(folder: &Path) -> Setup {
    let text = SAMPLE.split_once("[source]").unwrap();
    let rest = text.1.split_once("[map]").unwrap().1;
    let source =
        "[source]\nkind = \"csv\"\ndir = \".\"\ntreatments = \"moment.csv\"\nmeasurements = \"svar*.csv\"\n[map]";
    let file = folder.join("agent.toml");
    std::fs::write(&file, format!("{}{source}{rest}", text.0)).unwrap();
    let config = Config::read(&file, []).unwrap();
    let keys = Keys::generate(&config.pseudonym.key_id, |part| part.fill(1)).unwrap();
    keys.write_new(&folder.join("pseudonym.key")).unwrap();
    Setup::read(config).unwrap()
}

/// `RssAnon` of this process.
fn anonymous_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
