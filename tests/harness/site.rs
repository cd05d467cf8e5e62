//! One region's folder, as its administrator has it: configuration, keys, certificate, state.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use agent::pseudonymise::Keys;

use crate::pki::Authority;
use crate::platform::{Engine, Plan, Shape, Source};
use crate::process::{AGENT, Ended, command, run, told};

/// Treatments, answers and units out of the platform's own tables.
const TREATMENTS: &str = r#"
SELECT m."nummer" AS treatment_id, i."personnummer" AS person_id, e."hsa_id" AS unit_id, t."hsa_id" AS unit_id_end,
       m."program" AS programme, m."läge" AS status, m."startdatum" AS started_on, m."slutdatum" AS ended_on, i."kön" AS sex,
       i."födelseår" AS birth_year, i."testpatient" AS test_patient, i."skyddad" AS protected_identity, m."ändrad" AS updated_at,
       m."remissdatum" AS referred_on, m."avslutsorsak" AS end_reason, m."diagnos" AS diagnosis,
       m."sjukskriven_före" AS sick_leave_before, m."sjukskriven_efter" AS sick_leave_after
FROM "moment" m
JOIN "invånare" i ON i."invånare_id" = m."invånare_id"
JOIN "enhet" e ON e."enhet_id" = m."enhet_id"
LEFT JOIN "enhet" t ON t."enhet_id" = m."mottagande_enhet_id"
WHERE m."ändrad" >= :since
"#;
const MEASUREMENTS: &str = r#"
SELECT s."moment_nummer" AS treatment_id, f."namn" AS instrument, s."tillfälle" AS timepoint, s."svarsdatum" AS answered_on,
       s."poäng" AS score, s."delsvar" AS items, s."ändrad" AS updated_at
FROM "svar" s LEFT JOIN "formulär" f ON f."formulär_id" = s."formulär_id"
WHERE s."ändrad" >= :since
"#;
const UNITS: &str = r#"
SELECT "hsa_id" AS unit_id, "namn" AS name, "vårdnivå" AS care_level, "driftform" AS ownership FROM "enhet" WHERE "driftform" IS NOT NULL
"#;

/// A folder of exported files: encoding, how long a file must have been at rest, and what its headers mean.
const EXPORT: &str = r#"
encoding = "windows-1252"
settle = "0s"

[source.columns.treatments]
"Momentnr" = "treatment_id"
"Personnummer" = "person_id"
"Enhet" = "unit_id"
"Mottagande enhet" = "unit_id_end"
"Program" = "programme"
"Läge" = "status"
"Startdatum" = "started_on"
"Slutdatum" = "ended_on"
"Kön" = "sex"
"Födelseår" = "birth_year"
"Testpatient" = "test_patient"
"Skyddad identitet" = "protected_identity"
"Ändrad" = "updated_at"
"Remissdatum" = "referred_on"
"Avslutsorsak" = "end_reason"
"Diagnos" = "diagnosis"
"Sjukskriven före" = "sick_leave_before"
"Sjukskriven efter" = "sick_leave_after"

[source.columns.measurements]
"Momentnr" = "treatment_id"
"Formulär" = "instrument"
"Tillfälle" = "timepoint"
"Svarsdatum" = "answered_on"
"Poäng" = "score"
"Delsvar" = "items"
"Ändrad" = "updated_at"

[source.columns.units]
"HSA-id" = "unit_id"
"Namn" = "name"
"Vårdnivå" = "care_level"
"Driftform" = "ownership"
"#;

/// A region's folder.
#[derive(Debug, Clone)]
pub struct Site {
    /// The sender's code.
    pub sender: String,
    /// The folder.
    pub folder: PathBuf,
}

/// The three queries of a source, and words that its region maps.
#[derive(Debug, Clone, Default)]
pub struct Queries {
    /// `[source] url`; empty for a folder of files.
    pub url: String,
    /// Further lines of `[source]`, and its sections.
    pub more: String,
    /// `treatments`.
    pub treatments: String,
    /// `measurements`.
    pub measurements: String,
    /// `units`.
    pub units: Option<String>,
    /// `[map.*]`: kind, local word, code.
    pub map: Vec<(String, String, String)>,
}

impl Queries {
    /// Those of an invented region's source.
    #[must_use]
    pub fn of(plan: &Plan, source: &Source) -> Self {
        let mut map = Vec::new();
        let mut add =
            |kind: &str, word: &str, code: &str| map.push((kind.to_owned(), word.to_owned(), code.to_owned()));
        let Shape { instruments, timepoints, statuses, mapped_programmes, .. } = plan.shape;
        for (kind, list) in [("instrument", instruments), ("timepoint", timepoints), ("status", statuses)] {
            for (code, word) in list.iter().filter(|(code, word)| code != word) {
                add(kind, word, code);
            }
        }
        for (word, code) in mapped_programmes {
            add("programme", word, code);
        }
        if source.engine == Engine::Csv {
            return Self {
                url: String::new(),
                more: format!("dir = \"{}\"\n{EXPORT}", source.address),
                treatments: "moment*.csv".into(),
                measurements: "svar*.csv".into(),
                units: Some("enheter.csv".into()),
                map,
            };
        }
        let words = |query: &str| if source.engine == Engine::MariaDb { query.replace('"', "`") } else { query.into() };
        Self {
            url: source.address.clone(),
            more: String::new(),
            treatments: words(TREATMENTS),
            measurements: words(MEASUREMENTS),
            units: Some(words(UNITS)),
            map,
        }
    }
}

impl Site {
    /// Makes the folder: certificate, keys and configuration.
    ///
    /// # Errors
    /// When a command fails or a file cannot be written.
    pub fn make(
        folder: &Path,
        sender: &str,
        authority: &Authority,
        (queries, server): (&Queries, SocketAddr),
    ) -> anyhow::Result<Self> {
        authority.issue(sender, folder, 90)?;
        let key_id = format!("r{sender}-g1");
        let key_file = folder.join("pseudonym.key").display().to_string();
        run(AGENT, None, &["key", "new", "--out", &key_file, "--id", &key_id])?.expect(&[0])?;
        let site = Self { sender: sender.to_owned(), folder: folder.to_owned() };
        std::fs::write(site.config(), configuration(sender, queries, server))?;
        Ok(site)
    }

    /// The configuration file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.join("agent.toml")
    }

    /// The keys.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        Ok(Keys::read(&self.folder.join("pseudonym.key"))?)
    }

    /// The state directory.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    /// Runs one of the agent's commands.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn agent(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        run(AGENT, Some(&self.config()), arguments)
    }

    /// Runs one of them with a text on its standard input.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn agent_told(&self, input: &str, arguments: &[&str]) -> anyhow::Result<Ended> {
        told(command(AGENT, Some(&self.config()), arguments)?, input)
    }
}

fn configuration(sender: &str, queries: &Queries, server: SocketAddr) -> String {
    let kind = if queries.url.is_empty() {
        "kind = \"csv\"".into()
    } else {
        format!("kind = \"sql\"\nurl = \"{}\"", queries.url)
    };
    let mut text =
        format!("[agent]\nregion = \"{sender}\"\nenvironment = \"test\"\nstate_dir = \"state\"\n\n[source]\n{kind}\n");
    write!(text, "treatments = '''{}'''\nmeasurements = '''{}'''\n", queries.treatments, queries.measurements).ok();
    if let Some(units) = &queries.units {
        writeln!(text, "units = '''{units}'''").ok();
    }
    writeln!(text, "{}", queries.more).ok();
    for kind in ["programme", "instrument", "timepoint", "status"] {
        writeln!(text, "\n[map.{kind}]").ok();
        for (_, word, code) in queries.map.iter().filter(|(of, ..)| of == kind) {
            writeln!(text, "\"{word}\" = \"{code}\"").ok();
        }
    }
    write!(
        text,
        "\n[pseudonym]\nkey_file = \"pseudonym.key\"\nkey_id = \"r{sender}-g1\"\nallow_test_identities = true\n\n\
         [server]\nurl = \"https://localhost:{}\"\nca = \"ca.pem\"\ncert = \"region.pem\"\nkey = \"region.key\"\n\
         receipt_key = \"receipt.pub\"\n",
        server.port()
    )
    .ok();
    text
}
