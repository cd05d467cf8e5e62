//! What stands behind a package: the data set, the rules, every file with its hash, under the register's signature.
//!
//! Promises: whoever has the file and the register's public key can tell, without the register, whether anything was altered.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use schemas::language::{Language, Text};
use schemas::signed::{self, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::disclose::{BASE, FEW, FEW_WITH_OUTCOMES};
use crate::extract::codes::LeftOut;
use crate::extract::sheet::Sheet;
use crate::extract::whole::{Said, Stated};

/// The file that proves the others.
pub const FILE: &str = "manifest.json";
/// The form of the manifest.
pub const SCHEMA: &str = "registry-extract/1";

/// From what and for what the tables were made.
#[derive(Debug, Clone)]
pub struct About {
    /// The number of the request.
    pub request: u32,
    /// What the project is called.
    pub project: String,
    /// The number and the name of the frozen data set, and when it was frozen.
    pub cut: (String, String, Timestamp),
    /// SHA-256 over what was frozen, hexadecimal.
    pub cut_hash: String,
    /// Hash of the code lists, and the name of the threshold set.
    pub lists: (String, String),
    /// Persons who are in no table, as far as may be said.
    pub left_out: LeftOut,
    /// Entries of the audit log, and its root in hexadecimal.
    pub audit: Option<(u64, String)>,
    /// When the package was made.
    pub made_at: Timestamp,
    /// Tables that were asked for and are not given.
    pub refused: Vec<Refused>,
    /// The definitions of what is counted.
    pub definitions: Vec<Definition>,
    /// How whole the data set is.
    pub whole: Vec<Stated>,
}

/// A table that is not given.
#[derive(Debug, Clone)]
pub struct Refused {
    /// As it was asked for.
    pub asked: String,
    /// What people call it.
    pub title: Text,
    /// Why.
    pub why: Text,
}

/// What is counted.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name in the files.
    pub name: String,
    /// What people call it.
    pub title: Text,
    /// What it means.
    pub meaning: Text,
    /// How it is worked out.
    pub formula: String,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form.
    pub schema: String,
    /// What everything was made from.
    pub about: Value,
    /// Every table.
    pub tables: Vec<Value>,
    /// Every other file with its SHA-256, hexadecimal.
    pub files: BTreeMap<String, String>,
}

/// A manifest with the register's signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// What is signed.
    pub manifest: Manifest,
    /// The short name of the key.
    pub key_id: String,
    /// The public key, base64url.
    pub public_key: String,
    /// The signature over the canonical JSON of the manifest, base64url.
    pub signature: String,
}

impl About {
    /// What the package is called.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Register extract {} from {}", self.request, self.cut.1)
    }

    /// How a paper names the source.
    #[must_use]
    pub fn citation(&self, language: Language) -> String {
        let (id, name, made_at) = &self.cut;
        let day = made_at.to_string();
        let day = day.get(..10).unwrap_or(&day);
        let (number, hash) = (self.request, self.cut_hash.get(..16).unwrap_or(&self.cut_hash));
        language.pick(
            format!("Nationella registret för internetförmedlad psykologisk behandling. Aggregerat uttag {number}, fryst underlag {id} ({name}) av den {day}, sha256 {hash}."),
            format!("National register of internet-delivered psychological treatment. Aggregated extract {number}, frozen data set {id} ({name}) of {day}, sha256 {hash}."),
        )
    }

    /// What everything was made from, line by line.
    #[must_use]
    pub fn lines(&self, language: Language) -> Vec<(String, String)> {
        let word = |sv: &'static str, en: &'static str| language.pick(sv, en).to_owned();
        let (id, name, made_at) = &self.cut;
        let mut lines = vec![
            (word("begäran", "request"), format!("{}, {}", self.request, self.project)),
            (word("underlag", "data set"), format!("{id} ({name}), {made_at}")),
            (word("underlagets hash", "hash of the data set"), self.cut_hash.clone()),
            (word("kodlistor", "code lists"), self.lists.0.clone()),
            (word("gränser", "thresholds"), self.lists.1.clone()),
            (
                word("skydd", "protection"),
                language.pick(
                    format!("färre än {FEW} personer visas inte ({FEW_WITH_OUTCOMES} för utfall, enheter och diagnoser); antal avrundas slumpmässigt till {BASE} med nyckel; dolda tal prövas mot allt som lämnats ut ur samma underlag"),
                    format!("fewer than {FEW} persons are not shown ({FEW_WITH_OUTCOMES} for outcomes, units and diagnoses); counts are rounded at random to {BASE} by a key; hidden figures are tried against all that left the same data set"),
                ),
            ),
            (word("personer i ingen tabell", "persons in no table"), self.left_out.words().pick(language).to_owned()),
            (word("citeras", "cite as"), self.citation(language)),
            (word("program", "software"), format!("registry-server {}", env!("CARGO_PKG_VERSION"))),
        ];
        for Refused { title, why, .. } in &self.refused {
            lines.push((
                word("lämnas inte ut", "not given"),
                format!("{}: {}", title.pick(language), why.pick(language)),
            ));
        }
        lines
    }
}

/// A statement on how whole a data set is, for programs.
#[must_use]
pub fn whole(Stated { statement, lines }: &Stated) -> Value {
    let line = |(code, _, said): &(String, Text, Said)| {
        let percent = match said {
            Said::Percent(percent) => json!(percent),
            Said::Hidden => json!({ "hidden": true }),
            Said::Untold => json!({ "not_reported": true }),
        };
        json!({ "code": code, "percent": percent })
    };
    json!({
        "name": statement.name, "by": statement.by, "title": both(&statement.title), "meaning": both(&statement.meaning),
        "of": lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn both(text: &Text) -> Value {
    json!({ "sv": text.pick(Language::Sv), "en": text.pick(Language::En) })
}

impl Manifest {
    /// The manifest of these files.
    #[must_use]
    pub fn new(about: &About, sheets: &[Sheet], files: BTreeMap<String, String>) -> Self {
        let (id, name, made_at) = &about.cut;
        let table = |sheet: &Sheet| {
            json!({
                "name": sheet.name(), "title": both(&sheet.title), "asked": sheet.asked, "split_by": sheet.split_by, "release": sheet.place,
                "rows": sheet.rows.len(), "hidden": sheet.hidden(),
            })
        };
        let refused = about.refused.iter();
        let refused: Vec<Value> = refused.map(|one| json!({ "asked": one.asked, "why": both(&one.why) })).collect();
        let definition = |one: &Definition| {
            json!({
                "name": one.name, "title": both(&one.title), "meaning": both(&one.meaning), "formula": one.formula,
            })
        };
        let definitions: Vec<Value> = about.definitions.iter().map(definition).collect();
        let stated = json!({
            "request": about.request, "made_at": about.made_at, "software": env!("CARGO_PKG_VERSION"),
            "cut": { "id": id, "name": name, "made_at": made_at, "hash": about.cut_hash },
            "code_lists": about.lists.0, "thresholds": about.lists.1,
            "rules": { "k": FEW, "k_outcomes": FEW_WITH_OUTCOMES, "base": BASE,
                "marks": { "*": "kept back", "..": "not reported", ".": "not applicable", "0": "nobody" } },
            "left_out": about.left_out, "refused": refused, "definitions": definitions,
            "whole": about.whole.iter().map(whole).collect::<Vec<_>>(),
            "audit": about.audit.as_ref().map(|(size, root)| json!({ "size": size, "root": root })),
            "citation": { "sv": about.citation(Language::Sv), "en": about.citation(Language::En) },
        });
        Self { schema: SCHEMA.to_owned(), about: stated, tables: sheets.iter().map(table).collect(), files }
    }

    /// The file's bytes, signed.
    #[must_use]
    pub fn signed(self, key: &SigningKey) -> Vec<u8> {
        let signature = signed::sign(&self, key);
        let public = key.verifying_key();
        let signed = Signed {
            manifest: self,
            key_id: signed::key_id(&public),
            public_key: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            signature,
        };
        let mut text = format!("{:#}", json!(signed));
        text.push('\n');
        text.into_bytes()
    }
}
