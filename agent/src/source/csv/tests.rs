//! Exported files as a source, from the folder to the records that would be sent.

mod counts;
mod damage;
mod headers;
mod recipe;
mod records;
mod settle;
mod wide;

use std::time::SystemTime;

use futures_util::StreamExt as _;

use super::*;
use crate::cycle::Queued;
use crate::source::{Since, Source, SourceRow};
use crate::tests::{NOW, Region, person};

/// When the tests' files were written.
const WRITTEN: &str = "2024-06-01T09:00:00Z";
const EVERYTHING: Rows<'static> = Rows::Since(Since::Beginning);

/// A region whose warehouse exports files.
struct Export {
    region: Region,
}

impl Export {
    /// An empty folder; `keys` are further lines of the configuration, from `[source]` on.
    fn with(keys: &str) -> Self {
        let source = format!(
            "kind = \"csv\"\ndir = \"export\"\ntreatments = \"moment*.csv\"\nmeasurements = \"svar*.csv\"\n{keys}\n[pseudonym]"
        );
        let region = Region::bare(|text| {
            let (head, rest) = text.split_once("kind = \"sql\"").unwrap();
            format!("{head}{source}{}", rest.split_once("[pseudonym]").unwrap().1)
        });
        std::fs::create_dir(region.path("export")).unwrap();
        Self { region }
    }

    /// One with a good file of each kind.
    fn good(keys: &str) -> Self {
        let export = Self::with(keys);
        export.write("moment.csv", treatments(&[("M-1", 1), ("M-2", 2)]));
        export.write("svar.csv", answers(&[("M-1", "pre", "14"), ("M-1", "post", "6,0")]));
        export
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
        self.touch(name, WRITTEN);
    }

    /// Lets a file be written at some time.
    fn touch(&self, name: &str, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        let file = std::fs::File::options().append(true).create(true).open(self.path(name)).unwrap();
        file.set_modified(SystemTime::from(at)).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.region.path("export").join(name)
    }

    async fn open_at(&self, now: &str) -> Result<Source, SourceError> {
        Source::open(&self.region.setup.places[0], now.parse().unwrap()).await
    }

    /// Why the source cannot be used.
    async fn refused(&self) -> (&'static str, String) {
        told(self.open_at(NOW).await.err().expect("the source is refused"))
    }

    /// The rows of treatments, answers or units.
    async fn rows(&self, read: impl FnOnce(&mut Source) -> Pages<'_>) -> Vec<SourceRow<'static>> {
        let mut source = self.open_at(NOW).await.unwrap();
        let pages: Vec<_> = read(&mut source).map(|page| page.unwrap()).collect().await;
        pages.into_iter().flat_map(|page| Box::leak(Box::new(page)).rows()).collect()
    }

    async fn treatments(&self) -> Vec<SourceRow<'static>> {
        self.rows(|source| source.treatments(EVERYTHING)).await
    }

    async fn answers(&self) -> Vec<SourceRow<'static>> {
        self.rows(|source| source.measurements(EVERYTHING)).await
    }

    async fn queued(&self) -> Queued {
        let mut outbox = self.region.outbox().await;
        self.region.cycle(&mut outbox).await
    }
}

fn told(error: SourceError) -> (&'static str, String) {
    match error {
        SourceError::Unreachable(sentence) => ("unreachable", sentence),
        SourceError::NotAllowed(sentence) => ("not allowed", sentence),
        SourceError::Query(sentence) => ("query", sentence),
    }
}

const TREATMENT_HEADER: &str = "treatment_id;person_id;unit_id;programme;status;started_on;ended_on";

/// One good line of `treatments` for each id, of the person with the number.
fn treatments(rows: &[(&str, usize)]) -> String {
    let row = |(id, who): &(&str, usize)| {
        format!("{id};{};SE9990120000-E001;Depressionshjälpen;completed;2024-01-10;2024-03-20\n", person(*who))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!("{TREATMENT_HEADER}\n{}", rows.concat())
}

/// Lines of `measurements`: id, timepoint, score.
fn answers(rows: &[(&str, &str, &str)]) -> String {
    let row = |(id, timepoint, score): &(&str, &str, &str)| format!("{id};PHQ-9;{timepoint};2024-01-11;{score}\n");
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!("treatment_id;instrument;timepoint;answered_on;score\n{}", rows.concat())
}

/// Some columns of a row.
fn cells<'a, const N: usize>(row: &SourceRow<'a>, names: [&str; N]) -> [Option<&'a str>; N] {
    names.map(|name| row.get(name))
}

/// What a cycle counted as held, by rule.
fn held(queued: &Queued) -> Vec<(&str, &str, u64)> {
    let terms = queued.counts.iter().map(|((term, rule), n)| (term.word(), rule.as_str(), *n));
    terms.filter(|(term, ..)| term.contains("held")).collect()
}
