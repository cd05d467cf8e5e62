//! The register's pages, read as a browser reads them.
//!
//! Promises: real TLS under the world's own authority; somebody is signed in by the form, with password and one-time code.

use anyhow::Context as _;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use crate::people::{PASSWORD, SignIn};
use crate::world::World;

/// Tries to sign in: a code can grow old between two clocks.
const ATTEMPTS: usize = 2;

/// Somebody who is signed in.
#[derive(Debug)]
pub struct Pages {
    client: Client,
    origin: String,
    cookie: String,
}

impl Pages {
    /// Signs somebody in with the code before the one that an authenticator shows now, which stays good for whoever reads it next.
    ///
    /// # Errors
    /// When the register has no pages, or does not let them in.
    pub async fn open(world: &World, person: &SignIn) -> anyhow::Result<Self> {
        // Somebody else in this process may have installed one already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let port = world.server.people.context("the register has no pages")?.port();
        let origin = format!("https://localhost:{port}");
        let ca = reqwest::Certificate::from_pem(&std::fs::read(world.folder().join("pki/ca.pem"))?)?;
        let client = Client::builder().tls_certs_only([ca]).https_only(true).no_proxy().redirect(Policy::none());
        let client = client.build()?;
        for _ in 0..ATTEMPTS {
            let form = [("email", person.email.as_str()), ("password", PASSWORD), ("code", &person.code_before())];
            let request = client.post(format!("{origin}/sign-in")).header(ORIGIN, &origin);
            let answer = request.body(encoded(&form)).header("Content-Type", "application/x-www-form-urlencoded");
            let answer = answer.send().await?;
            if let Some(cookie) = session(&answer) {
                return Ok(Self { client, origin, cookie });
            }
        }
        anyhow::bail!("{} could not sign in", person.role)
    }

    /// An address as it is answered.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn ask(&self, path: &str) -> anyhow::Result<Response> {
        Ok(self.client.get(format!("{}{path}", self.origin)).header(COOKIE, &self.cookie).send().await?)
    }

    /// A page.
    ///
    /// # Errors
    /// When it is not given.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.ask(path).await?;
        anyhow::ensure!(answer.status() == StatusCode::OK, "{path} answers {}", answer.status());
        Ok(answer.text().await?)
    }
}

/// The cookie of an answer that let somebody in.
fn session(answer: &Response) -> Option<String> {
    answer.headers().get(LOCATION)?;
    let cookie = answer.headers().get(SET_COOKIE)?.to_str().ok()?;
    cookie.split(';').next().map(str::to_owned)
}

fn encoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}
