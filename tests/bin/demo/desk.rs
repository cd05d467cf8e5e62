//! The pages for people: who may sign in to the demo's register, and with what.

use anyhow::Context as _;
use end_to_end::people::PASSWORD;
pub(super) use end_to_end::people::SignIn;
use end_to_end::world::World;

/// Where pages are asked for.
pub(super) const CONFIGURATION: &str =
    "[web]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\nkey = \"pki/server.key\"\n";

/// Lets the register's staff in, and one region.
pub(super) fn sign_ins(world: &World, region: &str) -> anyhow::Result<Vec<SignIn>> {
    let staff = SignIn::new(world, "staff@demo.example", "staff")?;
    let region = SignIn::new(world, &format!("region-{region}@demo.example"), &format!("region:{region}"))?;
    Ok(vec![staff, region])
}

/// Prints how to sign in now.
pub(super) fn tell(world: &World, sign_ins: &[SignIn]) -> anyhow::Result<()> {
    let address = world.server.people.context("the register has no pages")?;
    println!("\nPeople look at https://localhost:{} (the certificate is the demo's own); sign in as", address.port());
    for person in sign_ins {
        let (SignIn { email, role, .. }, code) = (person, person.code());
        println!("  {email:<26} {role:<10} password {PASSWORD:?}, one-time code {code}");
    }
    println!("A code is good for a minute, once; Enter prints new ones.");
    Ok(())
}
