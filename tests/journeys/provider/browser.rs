//! A browser without scripts: `curl` with a jar of cookies.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A browser.
pub(super) struct Browser {
    ca: PathBuf,
    folder: tempfile::TempDir,
}

/// What it shows.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: u16,
    /// Where it is.
    pub(super) address: String,
    /// Where it was sent and did not go.
    pub(super) leads: String,
    pub(super) text: String,
}

impl Browser {
    /// One that trusts an authority.
    pub(super) fn new(ca: &Path) -> Self {
        Self { ca: ca.to_owned(), folder: tempfile::tempdir().unwrap() }
    }

    /// Goes to an address, and on wherever that leads.
    pub(super) fn go(&self, address: &str) -> Shown {
        self.ask(address, &["--location"])
    }

    /// Goes to an address and no further.
    pub(super) fn step(&self, address: &str) -> Shown {
        self.ask(address, &[])
    }

    /// Sends a form from a page of its own site, and goes on wherever that leads.
    pub(super) fn send(&self, address: &str, fields: &[(&str, &str)]) -> Shown {
        self.form(address, (fields, &["--location"]))
    }

    /// Sends a form from a page of its own site, and goes no further.
    pub(super) fn post(&self, address: &str, fields: &[(&str, &str)]) -> Shown {
        self.form(address, (fields, &[]))
    }

    fn form(&self, address: &str, (fields, more): (&[(&str, &str)], &[&str])) -> Shown {
        let site: Vec<&str> = address.splitn(4, '/').take(3).collect();
        let origin = format!("Origin: {}", site.join("/"));
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let fields = fields.iter().flat_map(|field| ["--data-urlencode", field]);
        let options: Vec<&str> =
            ["--header", &origin, "--data", ""].into_iter().chain(more.iter().copied()).chain(fields).collect();
        self.ask(address, &options)
    }

    fn ask(&self, address: &str, options: &[&str]) -> Shown {
        let jar = self.folder.path().join("jar");
        let mut curl = Command::new("curl");
        curl.args(["-q", "-s", "-S", "--noproxy", "*", "--max-redirs", "9", "--cacert"]).arg(&self.ca);
        curl.arg("--cookie").arg(&jar).arg("--cookie-jar").arg(&jar);
        curl.args(["--write-out", "\n%{http_code} %{url_effective} %{redirect_url}"]).args(options).arg(address);
        let output = curl.output().unwrap();
        assert!(output.status.success(), "{address}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let (text, told) = text.rsplit_once('\n').unwrap();
        let mut told = told.split(' ').map(str::to_owned);
        let mut next = || told.next().unwrap_or_default();
        Shown { status: next().parse().unwrap(), address: next(), leads: next(), text: text.to_owned() }
    }
}

impl Shown {
    /// The first value of an attribute that follows a text.
    pub(super) fn after(&self, text: &str) -> &str {
        let (_, rest) = self.text.split_once(text).unwrap_or_else(|| panic!("no {text} in {}", self.text));
        rest.split('"').next().unwrap()
    }
}
