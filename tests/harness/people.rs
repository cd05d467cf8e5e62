//! People who may sign in at a register.
//!
//! Promises: they are let in with the register's own commands; a one-time code is made as an authenticator makes it.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::SignedDuration;
use registry_server::authenticate::one_time::Secret;
use registry_server::environment::Environment;

use crate::process::{SERVER, run};
use crate::world::World;

/// Of invented people only.
pub const PASSWORD: &str = "invented people only";

/// How long an authenticator shows one code.
const STEP: SignedDuration = SignedDuration::from_secs(30);

/// Somebody who may sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The address to sign in by.
    pub email: String,
    /// As what.
    pub role: String,
    factor: Secret,
}

impl SignIn {
    /// Lets somebody in.
    ///
    /// # Errors
    /// When the register refuses.
    pub fn new(world: &World, email: &str, role: &str) -> anyhow::Result<Self> {
        Self::at(&world.config(), email, role)
    }

    /// Lets somebody in at the register of a configuration.
    ///
    /// # Errors
    /// When the register refuses.
    pub fn at(config: &Path, email: &str, role: &str) -> anyhow::Result<Self> {
        let path = config.with_file_name("password");
        let mut file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path)?;
        file.write_all(PASSWORD.as_bytes())?;
        let path = path.to_str().context("the folder has a name that is no text")?;
        let add = ["user", "add", email, "--role", role, "--password-file", path, "--json"];
        let added = run(SERVER, Some(config), &add)?.expect(&[0])?.json()?;
        let address = added["authenticator"].as_str().context("`user add` tells of no authenticator")?;
        let secret = address.split_once("secret=").and_then(|(_, rest)| rest.split('&').next());
        let factor = secret.and_then(Secret::read).context("the authenticator's address has no secret")?;
        Ok(Self { email: email.to_owned(), role: role.to_owned(), factor })
    }

    /// The code that an authenticator shows now.
    #[must_use]
    pub fn code(&self) -> String {
        self.factor.code(Environment::system().now()).to_string()
    }

    /// The code that it showed before, which is good once as long as the later one was not used.
    pub(crate) fn code_before(&self) -> String {
        self.factor.code(Environment::system().now() - STEP).to_string()
    }
}
