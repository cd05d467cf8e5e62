//! The pages for people: who may sign in to the demo's register, and with what.
//!
//! Promises: the sign-ins are made with the register's own commands; a one-time code is made as an authenticator makes it.

use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::Context as _;
use end_to_end::world::World;
use registry_server::authenticate::one_time::Secret;
use registry_server::environment::Environment;

/// Where pages are asked for.
pub(super) const CONFIGURATION: &str =
    "[web]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\n";
/// Of the demo only: it is printed.
const PASSWORD: &str = "invented people only";

/// Somebody who may sign in.
pub(super) struct SignIn {
    email: String,
    role: String,
    factor: Secret,
}

/// Lets the register's staff in, and one region.
pub(super) fn sign_ins(world: &World, region: &str) -> anyhow::Result<Vec<SignIn>> {
    let file = world.folder().join("password");
    let mut options = std::fs::OpenOptions::new();
    std::io::Write::write_all(
        &mut options.create(true).write(true).truncate(true).mode(0o600).open(&file)?,
        PASSWORD.as_bytes(),
    )?;
    let file = file.to_str().context("the folder has a name that is no text")?;
    let people = [
        ("staff@demo.example".to_owned(), "staff".to_owned()),
        (format!("region-{region}@demo.example"), format!("region:{region}")),
    ];
    let one = |(email, role): (String, String)| {
        let add = ["user", "add", &email, "--role", &role, "--password-file", file, "--json"];
        let added = world.registry(&add)?.expect(&[0])?.json()?;
        let address = added["authenticator"].as_str().context("`user add` tells of no authenticator")?;
        let secret = address.split_once("secret=").and_then(|(_, rest)| rest.split('&').next());
        let factor = secret.and_then(Secret::read).context("the authenticator's address has no secret")?;
        Ok(SignIn { email, role, factor })
    };
    people.into_iter().map(one).collect()
}

/// Prints how to sign in now.
pub(super) fn tell(world: &World, sign_ins: &[SignIn]) -> anyhow::Result<()> {
    let address = world.server.people.context("the register has no pages")?;
    println!("\nPeople look at https://localhost:{} (the certificate is the demo's own); sign in as", address.port());
    let now = Environment::system().now();
    for SignIn { email, role, factor } in sign_ins {
        println!("  {email:<26} {role:<10} password {PASSWORD:?}, one-time code {}", *factor.code(now));
    }
    println!("A code is good for a minute, once; Enter prints new ones.");
    Ok(())
}
