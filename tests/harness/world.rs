//! A register and some regions, put together in one temporary folder.
//!
//! Promises: real programs, real certificates, real databases; everything is gone with the value.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::active::ActiveSet;
use crate::folder::copy;
use crate::pki::Authority;
use crate::platform::{Engine, Plan, Source, Treatment};
use crate::process::{Ended, SERVER, Server, run};
use crate::site::{Queries, Site};

/// A register and its folder.
#[derive(Debug)]
pub struct World {
    /// Removed with the value.
    folder: tempfile::TempDir,
    /// The authority.
    pub authority: Authority,
    /// The running register.
    pub server: Server,
}

/// A region with its plan and database.
#[derive(Debug, Clone)]
pub struct Region {
    /// What its database was made from.
    pub plan: Plan,
    /// Its tables.
    pub source: Source,
    /// Its agent's folder.
    pub site: Site,
}

impl Region {
    /// How many of these treatments of the region a register holds under the region's keys.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub fn held<'a>(
        &self,
        active: &ActiveSet,
        treatments: impl IntoIterator<Item = &'a Treatment>,
    ) -> anyhow::Result<usize> {
        let keys = self.site.keys()?;
        let key =
            |treatment: &Treatment| (self.site.sender.clone(), keys.record_key("main", &treatment.id).to_string());
        Ok(treatments.into_iter().filter(|treatment| active.contains_key(&key(treatment))).count())
    }
}

impl World {
    /// Makes an authority and starts a register in SQLite. `extra` is appended to its configuration.
    ///
    /// # Errors
    /// When a program fails.
    pub fn start(extra: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}/register/register.db", folder.path().display());
        Self::start_in(folder, &url, extra)
    }

    /// Makes an authority and starts a register in the database of an address.
    ///
    /// # Errors
    /// When a program fails.
    pub fn start_on(url: &str) -> anyhow::Result<Self> {
        Self::start_in(tempfile::tempdir()?, url, "")
    }

    fn start_in(folder: tempfile::TempDir, url: &str, extra: &str) -> anyhow::Result<Self> {
        let authority = Authority::make(&folder.path().join("pki"))?;
        std::fs::create_dir_all(folder.path().join("register"))?;
        std::fs::write(folder.path().join("registry-server.toml"), configuration(url, extra))?;
        let server = Server::start(&folder.path().join("registry-server.toml"), &folder.path().join("server.log"))?;
        Ok(Self { folder, authority, server })
    }

    /// The temporary folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The register's configuration.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder().join("registry-server.toml")
    }

    /// The register's state directory, with its database when that is the embedded one.
    #[must_use]
    pub fn register(&self) -> PathBuf {
        self.folder().join("register")
    }

    /// The register's database, when it is the embedded one.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.register().join("register.db")
    }

    /// The register's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder().join("server.log")
    }

    /// Runs one of the register's commands.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn registry(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        run(SERVER, Some(&self.config()), arguments)
    }

    /// Prints a report by region and programme with all comparisons, as the recount counts it; `more` are further options.
    ///
    /// # Errors
    /// When the command fails or prints no table.
    pub fn table(&self, report: recount::Report, more: &[&str]) -> anyhow::Result<recount::Table> {
        let name = report.name();
        let form = ["report", name, "--by", "region,programme", "--comparison", "all", "--audience", "internal"];
        let printed = self.registry(&[form.as_slice(), &["--format", "csv"], more].concat())?.expect(&[0])?;
        Ok(recount::Table::from_csv(&printed.stdout)?)
    }

    /// Kills the register and starts it again on the port it had, as a supervisor would.
    ///
    /// # Errors
    /// When it does not come up again.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.server.running.kill();
        let listen = format!("[regions]\nlisten = \"{}\"", self.server.regions);
        let text = std::fs::read_to_string(self.config())?;
        std::fs::write(self.config(), text.replacen("[regions]\nlisten = \"127.0.0.1:0\"", &listen, 1))?;
        self.server = Server::start(&self.config(), &self.log())?;
        Ok(())
    }

    /// Copies the register's state directory beside, with the register stopped meanwhile.
    ///
    /// # Errors
    /// When a file cannot be copied, or the register does not come up again.
    pub fn back_up(&mut self) -> anyhow::Result<()> {
        self.server.running.kill();
        copy(&self.register(), &self.folder().join("backup"))?;
        self.restart()
    }

    /// Puts the state directory back to what it was when it was copied last.
    ///
    /// # Errors
    /// When a file cannot be copied, or the register does not come up again.
    pub fn put_back(&mut self) -> anyhow::Result<()> {
        self.server.running.kill();
        copy(&self.folder().join("backup"), &self.register())?;
        self.restart()
    }

    /// Enrols a sender and makes its folder around a source.
    ///
    /// # Errors
    /// When a command fails.
    pub fn enrol(&self, sender: &str, queries: &Queries) -> anyhow::Result<Site> {
        self.registry(&["region", "add", sender])?.expect(&[0])?;
        Site::make(
            &self.folder().join(format!("agent-{sender}")),
            sender,
            &self.authority,
            (queries, self.server.regions),
        )
    }

    /// Invents a region, writes its tables into a SQLite file, enrols it.
    ///
    /// # Errors
    /// When a command fails or the file cannot be written.
    pub async fn invent(&self, seed: u64, region: (usize, &str), treatments: usize) -> anyhow::Result<Region> {
        self.invent_on(Engine::Sqlite, Plan::invent(seed, region, treatments)).await
    }

    /// Writes an invented region's tables, enrols it.
    ///
    /// # Errors
    /// When a command fails or the tables cannot be written.
    pub async fn invent_on(&self, engine: Engine, plan: Plan) -> anyhow::Result<Region> {
        let place = self.folder().join(format!("platform-{}", plan.sender));
        let source = engine.write(&plan, &place).await.context("the invented tables cannot be written")?;
        let site = self.enrol(&plan.sender, &Queries::of(&plan, &source))?;
        Ok(Region { plan, source, site })
    }
}

fn configuration(url: &str, extra: &str) -> String {
    format!(
        "[server]\nstate_dir = \"register\"\nenvironment = \"test\"\n\n[database]\nurl = \"{url}\"\n\n\
         [regions]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\nclient_ca = \"pki/ca.pem\"\n\n\
         [admin]\nlisten = \"127.0.0.1:0\"\n\n[keys]\nreceipt = \"pki/receipt.key\"\npepper = \"pki/pepper.key\"\n\n{extra}"
    )
}
