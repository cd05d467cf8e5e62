//! An identity provider: `oidc-provider` from npm over TLS, with the certificate of the register's own authority.
//!
//! Promises: it is a real one, with a login that needs no script; its port stays when it starts again, its keys do not.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

const SCRIPT: &str = include_str!("../../npm/provider.mjs");

/// A provider.
pub(super) struct Idp {
    folder: tempfile::TempDir,
    /// Its settings as they are now.
    settings: Value,
    process: Option<Child>,
    pub(super) issuer: String,
}

/// A port that nobody listens on now.
pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Idp {
    /// A provider that does not run yet, for these clients and accounts.
    pub(super) fn new(clients: &Value, accounts: &Value) -> Self {
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        std::fs::write(folder.path().join("provider.mjs"), SCRIPT).unwrap();
        let modules = end_to_end::npm::modules().unwrap();
        std::os::unix::fs::symlink(modules, folder.path().join("node_modules")).unwrap();
        let settings = json!({ "port": port, "clients": clients, "accounts": accounts });
        Self { folder, settings, process: None, issuer: format!("https://localhost:{port}") }
    }

    /// Starts it, or starts it again with new keys, and nobody signed in.
    pub(super) fn start(&mut self, pki: &Path) {
        self.stop();
        for (key, file) in [("cert", "server.pem"), ("key", "server.key")] {
            self.settings[key] = json!(pki.join(file));
        }
        self.write();
        let mut node = Command::new("node");
        node.current_dir(self.folder.path()).arg("provider.mjs").arg(self.path());
        let mut child = node.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.starts_with("listening on")), "the provider ended before it listened");
        std::thread::spawn(move || lines.for_each(drop));
        self.process = Some(child);
    }

    /// Ends it.
    pub(super) fn stop(&mut self) {
        if let Some(mut child) = self.process.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Says something else of somebody from now on.
    pub(super) fn say(&mut self, account: &str, claims: Value) {
        self.settings["accounts"][account] = claims;
        self.write();
    }

    fn write(&self) {
        std::fs::write(self.path(), self.settings.to_string()).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("settings.json")
    }
}

impl Drop for Idp {
    fn drop(&mut self) {
        self.stop();
    }
}
