//! The pages for people, asked with `curl` of the register as it is built.
//!
//! Promises: real TLS and the printed address; signing in takes what `user add` printed.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use end_to_end::process::{SERVER, command, ended};
use registry_server::authenticate::one_time::Secret;
use registry_server::environment::Environment;

const PASSWORD: &str = "häst batteri klammer";

/// A register in a folder, with listeners on free ports.
fn register(folder: &Path, arguments: &[&str]) -> Command {
    let config = folder.join("registry-server.toml");
    let mut command = command(SERVER, Some(&config), arguments).unwrap();
    for section in ["REGIONS", "WEB", "ADMIN"] {
        command.env(format!("REGISTRY_{section}__LISTEN"), "127.0.0.1:0");
    }
    command
}

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts it; gives the address of the pages.
fn serve(folder: &Path) -> (Served, String) {
    let mut child = register(folder, &["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.strip_prefix("people listening on 127.0.0.1:").map(str::to_owned));
    std::thread::spawn(move || lines.for_each(drop));
    (Served(child), format!("https://localhost:{}", address.unwrap()))
}

/// What `curl` prints of an answer: head and body.
fn asked(folder: &Path, address: &str, options: &[&str]) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-q", "-s", "-S", "-i", "--noproxy", "*", "--http1.1", "--cacert"]).arg(folder.join("pki/ca.pem"));
    let output = curl.args(options).arg(address).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The second factor in the address that an authenticator is given.
fn factor(printed: &str) -> Secret {
    let text = printed.split("secret=").nth(1).unwrap().split('&').next().unwrap();
    Secret::read(text).unwrap()
}

#[test]
fn somebody_signs_in_at_the_printed_address_with_what_was_printed_and_reads_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (pki, config) = (folder.join("pki"), folder.join("registry-server.toml"));
    let init = ["dev-ca", "init", "--dir", pki.to_str().unwrap(), "--config-out", config.to_str().unwrap()];
    ended(command(SERVER, None, &init).unwrap()).unwrap().expect(&[0]).unwrap();
    let file = folder.join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let add = ["user", "add", "eva@example.se", "--role", "staff", "--password-file", file.to_str().unwrap()];
    let printed = ended(register(folder, &add)).unwrap().expect(&[0]).unwrap().stdout;
    let (_served, address) = serve(folder);

    let stranger = asked(folder, &format!("{address}/deliveries"), &[]);
    assert!(stranger.starts_with("HTTP/1.1 303") && stranger.contains("location: /sign-in?next="), "{stranger}");
    let now = Environment::system().now();
    let code = factor(&printed).code(now);
    let (password, code) = (format!("password={PASSWORD}"), format!("code={}", *code));
    let origin = format!("Origin: {address}");
    let form = ["--data-urlencode", "email=eva@example.se", "--data-urlencode", &password, "--data-urlencode", &code];
    let foreign =
        asked(folder, &format!("{address}/sign-in"), &[&form[..], &["-H", "Origin: https://evil.example"]].concat());
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    let entered = asked(folder, &format!("{address}/sign-in"), &[&form[..], &["-H", &origin]].concat());
    assert!(entered.starts_with("HTTP/1.1 303"), "{entered}");
    let cookie = entered.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
    let page = asked(folder, &format!("{address}/deliveries"), &["-H", &format!("Cookie: {cookie}")]);
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("01 Stockholm"), "{page}");
    assert!(page.contains("content-security-policy: default-src 'self'"), "{page}");
}
