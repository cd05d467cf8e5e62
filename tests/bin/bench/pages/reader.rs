//! One reader: signed in over a connection of its own, as a browser is.
//!
//! Promises: no cookie, code or page is printed; an answer that is no page of its address is told. A connection that ends under a request
//! is told too, and the page asked for once more over another, as a browser does; the wait is that for both.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use end_to_end::people::{PASSWORD, SignIn};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Certificate, Client, StatusCode, redirect};

use super::role::addresses;
use super::tell::{Sample, Times};
use crate::meter;

/// What a browser of today unpacks.
const UNPACKS: &str = "gzip, deflate, br, zstd";
/// How long a page that is being made for the first time is waited for, and how often it is asked for.
const FIRST: Duration = Duration::from_mins(10);
const BETWEEN: Duration = Duration::from_millis(500);

/// Somebody who reads.
#[derive(Clone)]
pub(super) struct Reader {
    /// As what.
    pub(super) role: String,
    client: Client,
    base: String,
    cookie: String,
    addresses: Vec<String>,
}

/// An answer, and how long it took to its last byte.
struct Answer {
    status: StatusCode,
    body: Vec<u8>,
    is_packed: bool,
    took: Duration,
}

impl Reader {
    /// Signs somebody in.
    pub(super) async fn enter((port, authority): (u16, &[u8]), role: &str, person: &SignIn) -> anyhow::Result<Self> {
        let client = Client::builder()
            .tls_certs_only([Certificate::from_pem(authority)?])
            .redirect(redirect::Policy::none())
            .https_only(true)
            .no_proxy()
            .build()?;
        let base = format!("https://localhost:{port}");
        let form = [("email", person.email.as_str()), ("password", PASSWORD), ("code", &person.code())];
        let form =
            form.map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace('@', "%40"))).join("&");
        let request = client.post(format!("{base}/sign-in")).header(ORIGIN, &base).body(form);
        let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await?;
        let cookie = answer.headers().get(SET_COOKIE).context("nobody was let in")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let addresses = addresses(role);
        Ok(Self { role: role.to_owned(), client, base, cookie, addresses })
    }

    /// Reads each page once, and notes how long the first look took and what it weighs.
    pub(super) async fn first(&self, times: &mut Times) -> anyhow::Result<()> {
        let mut files = HashMap::new();
        for address in &self.addresses {
            let begun = meter::now();
            let mut answer = self.get(address).await?;
            // A report that takes longer than a page may is made all the same, and shown at the next look.
            while answer.status == StatusCode::SERVICE_UNAVAILABLE && begun.elapsed() < FIRST {
                tokio::time::sleep(BETWEEN).await;
                answer = self.get(address).await?;
            }
            let took = begun.elapsed();
            let text = answer.text()?;
            let is_right = answer.status == StatusCode::OK && holds_its_page(address, &text);
            if !is_right {
                println!("{} {address}: {}, {} bytes", self.role, answer.status, text.len());
            }
            let weight = answer.body.len() + self.files(&text, &mut files).await?;
            times.first(self.page(address), (took, weight), is_right);
        }
        Ok(())
    }

    /// Reads so many pages, and looks at each for so long, from a place in the list on.
    pub(super) async fn read(self, (count, think): (usize, Duration), from: usize) -> anyhow::Result<Vec<Sample>> {
        let mut samples = Vec::with_capacity(count);
        for address in self.addresses.iter().cycle().skip(from % self.addresses.len()).take(count) {
            let answer = self.get(address).await?;
            let is_right = answer.status == StatusCode::OK && !answer.body.is_empty();
            samples.push(Sample { page: self.page(address), took: answer.took, is_right });
            tokio::time::sleep(think).await;
        }
        Ok(samples)
    }

    /// How many treatments the pages tell of.
    pub(super) async fn treatments(&self) -> anyhow::Result<u64> {
        let text = self.get("/api/v1/reports/groups?by=").await?.text()?;
        let document: serde_json::Value = serde_json::from_str(&text)?;
        document["rows"][0]["n_started"].as_u64().context("the report has no count")
    }

    /// The page as it is listed: readers of one kind of role read the same.
    fn page(&self, address: &str) -> (String, String) {
        let (kind, own) = self.role.split_once(':').unwrap_or((&self.role, "{own}"));
        (kind.to_owned(), if kind == "region" { address.replace(own, "{own}") } else { address.to_owned() })
    }

    async fn get(&self, address: &str) -> anyhow::Result<Answer> {
        let ask = || {
            let request = self.client.get(format!("{}{address}", self.base));
            request.header(COOKIE, &self.cookie).header(ACCEPT_ENCODING, UNPACKS).send()
        };
        let begun = meter::now();
        let response = match ask().await {
            Err(error) if error.is_request() => {
                let waited = begun.elapsed().as_secs_f64();
                println!(
                    "{} {address}: asked over a new connection, the old one ended after {waited:.3} s: {error:?}",
                    self.role
                );
                ask().await?
            }
            answered => answered?,
        };
        let (status, packing) = (response.status(), response.headers().get(CONTENT_ENCODING).cloned());
        let body = response.bytes().await?.to_vec();
        let took = begun.elapsed();
        ensure!(packing.as_ref().is_none_or(|packing| packing == "zstd"), "{address} is packed in another way");
        Ok(Answer { status, body, is_packed: packing.is_some(), took })
    }

    /// What the files weigh that a page names.
    async fn files(&self, page: &str, known: &mut HashMap<String, usize>) -> anyhow::Result<usize> {
        let mut names: Vec<&str> = page.split('"').filter(|text| text.starts_with("/assets/")).collect();
        names.sort_unstable();
        names.dedup();
        let mut weight = 0;
        for name in names {
            if !known.contains_key(name) {
                known.insert(name.to_owned(), self.get(name).await?.body.len());
            }
            weight += known.get(name).copied().unwrap_or_default();
        }
        Ok(weight)
    }
}

impl Answer {
    fn text(&self) -> anyhow::Result<String> {
        let plain = if self.is_packed { zstd::decode_all(&self.body[..])? } else { self.body.clone() };
        Ok(String::from_utf8(plain)?)
    }
}

/// Whether a text is what its address is to give: a document or file with rows, or a whole page, with figures where it is one of figures.
fn holds_its_page(address: &str, text: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    if path.starts_with("/api/") {
        let document: Option<serde_json::Value> = serde_json::from_str(text).ok();
        return document.is_some_and(|document| document["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
    }
    if path.rsplit_once('.').is_some_and(|(_, end)| end == "csv") {
        return text.lines().count() > 1;
    }
    let of_figures = ["/outcomes", "/units", "/quality", "/coverage", "/years/"];
    let needs_figures = path == "/" || of_figures.iter().any(|start| path.starts_with(start));
    text.contains("<h1")
        && text.trim_end().ends_with("</html>")
        && (!needs_figures || ["<td", "<dd>"].iter().any(|cell| text.contains(cell)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_its_end_or_its_figures_and_a_file_without_rows_are_no_answers() {
        let page = |inside: &str| format!("<html><h1>A</h1>{inside}</html>\n");
        assert!(holds_its_page("/outcomes?by=sex", &page("<td>1</td>")) && holds_its_page("/account", &page("")));
        assert!(!holds_its_page("/outcomes", &page("")) && !holds_its_page("/account", "<html><h1>A</h1>"));
        assert!(holds_its_page("/units.csv", "a\n1\n") && !holds_its_page("/units.csv", "a\n"));
        assert!(!holds_its_page("/api/v1/reports/groups", "{\"rows\": []}"));
    }
}
