//! A register and a region just before a deed is carried, put back for every point, and what the deed comes to undisturbed.
//!
//! Promises: every reset gives the same bytes at both ends, and the register the same address.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};
use databases::Postgres;

use super::course::{Course, Deed, Engine, Victim};
use crate::active::{self, ActiveSet};
use crate::folder::copy;
use crate::platform::{Engine as Tables, Plan};
use crate::process::{AGENT, Ended, SERVER, Server, command, ended};
use crate::world::{Region, World};

/// So few that no treatment has a planted fault; some answers have, and so every run ends with 3.
const TREATMENTS: usize = 40;
const SEED: u64 = 23;

/// A register, a region and a deed.
pub struct Stage {
    /// The register, running or not.
    pub world: World,
    /// The region.
    pub region: Region,
    /// What is disturbed while what is done.
    pub course: Course,
    /// What the register holds before the deed is carried.
    pub before: ActiveSet,
    /// What the register must hold in the end.
    pub expected: ActiveSet,
    pub(super) kept: Kept,
}

/// Where the register's rows are.
pub(super) enum Kept {
    /// In a file in the register's folder.
    File,
    /// In this database of the tests' server.
    Database { server: &'static Postgres, name: String, url: String },
}

impl Stage {
    /// Makes both, delivers what came before the deed, does the deed in the region's tables, and carries it once undisturbed.
    ///
    /// # Errors
    /// When a step fails, or the deed changes nothing at the register.
    pub async fn set(course: Course) -> anyhow::Result<Self> {
        let kept = Kept::new(course)?;
        let mut world = match &kept {
            Kept::File => World::start("")?,
            Kept::Database { url, .. } => World::start_on(url)?,
        };
        world.restart()?;
        let plan = Plan::invent(SEED, (0, "01"), TREATMENTS);
        let region = world.invent_on(Tables::Sqlite, plan).await?;
        let (before, expected) = (ActiveSet::new(), ActiveSet::new());
        let mut stage = Self { world, region, course, before, expected, kept };
        if course.deed != Deed::First {
            stage.once()?.expect(&[3])?;
        }
        for statement in course.deed.statements() {
            ensure!(active::alter(&stage.region.source.file(), statement).await? == 1, "the deed was not done");
        }
        stage.before = stage.active_set().await?;
        stage.keep()?;
        stage.world.server = stage.start()?;
        stage.once()?.expect(&[3])?;
        stage.expected = stage.active_set().await?;
        ensure!(stage.expected != stage.before, "the deed changes nothing at the register");
        copy(&stage.region.site.state(), &stage.finished())?;
        Ok(stage)
    }

    /// The copy of the agent's state after the undisturbed cycle.
    #[must_use]
    pub fn finished(&self) -> PathBuf {
        self.world.folder().join("finished")
    }

    /// Both ends as they were before the deed was carried; the register does not run.
    ///
    /// # Errors
    /// When something cannot be copied.
    pub fn reset(&mut self) -> anyhow::Result<()> {
        self.world.server.running.kill();
        copy(&self.copy_of("state"), &self.region.site.state())?;
        copy(&self.copy_of("register"), &self.register())?;
        self.kept.put_back()
    }

    /// Starts the register.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(&self) -> anyhow::Result<Server> {
        Server::start(&self.world.config(), &self.world.log())
    }

    /// The command that is disturbed.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn command(&self) -> anyhow::Result<Command> {
        let mut command = match self.course.victim {
            Victim::Agent => command(AGENT, Some(&self.region.site.config()), &["once"])?,
            Victim::Register => command(SERVER, Some(&self.world.config()), &["serve"])?,
        };
        // Calls are counted by thread: what a connection hears is then written by one.
        command.env("TOKIO_WORKER_THREADS", "1");
        Ok(command)
    }

    /// A cycle of the agent.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn once(&self) -> anyhow::Result<Ended> {
        ended(command(AGENT, Some(&self.region.site.config()), &["once"])?)
    }

    /// The folder in which the disturbed program keeps what it must not lose.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        match self.course.victim {
            Victim::Agent => self.region.site.state(),
            Victim::Register => self.register(),
        }
    }

    /// A file for a list of calls.
    #[must_use]
    pub fn list(&self) -> PathBuf {
        self.world.folder().join("calls")
    }

    /// The register's active set.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn active_set(&self) -> anyhow::Result<ActiveSet> {
        match &self.kept {
            Kept::File => active::active_set(&self.world.database()).await,
            Kept::Database { url, .. } => active::postgres::active_set(url).await,
        }
    }

    fn keep(&mut self) -> anyhow::Result<()> {
        self.world.server.running.kill();
        copy(&self.region.site.state(), &self.copy_of("state"))?;
        copy(&self.register(), &self.copy_of("register"))?;
        self.kept.keep()
    }

    fn copy_of(&self, what: &str) -> PathBuf {
        self.world.folder().join("before").join(what)
    }

    fn register(&self) -> PathBuf {
        self.world.register()
    }
}

impl Kept {
    fn new(course: Course) -> anyhow::Result<Self> {
        if course.engine == Engine::Sqlite {
            return Ok(Self::File);
        }
        let server = Postgres::shared()?;
        let url = server.database(&format!("crash_{:?}", course.deed).to_lowercase())?;
        let name = url.rsplit('/').next().context("the address has a name")?.to_owned();
        Ok(Self::Database { server, name, url })
    }

    fn keep(&self) -> anyhow::Result<()> {
        self.again("before", |name| (format!("{name}_before"), name.to_owned()))
    }

    fn put_back(&self) -> anyhow::Result<()> {
        self.again("put back", |name| (name.to_owned(), format!("{name}_before")))
    }

    /// Makes one database anew as another is.
    fn again(&self, what: &str, names: impl Fn(&str) -> (String, String)) -> anyhow::Result<()> {
        let Self::Database { server, name, .. } = self else { return Ok(()) };
        let (to, from) = names(name);
        for statement in
            [format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"), format!("CREATE DATABASE {to} TEMPLATE {from}")]
        {
            server.psql("postgres", &statement).with_context(|| format!("{what}: {statement}"))?;
        }
        Ok(())
    }
}
