//! What the file may say, and how it is told when it says something else.

use std::path::Path;

use schemas::exit::Exit;

use super::Config;
use crate::store::Location;

fn read(text: &str) -> Result<Config, (Exit, String)> {
    Config::read(Path::new("/etc/r/registry-server.toml"), text, &[])
        .map_err(|failure| (failure.exit, failure.sentence))
}

#[test]
fn an_empty_file_gives_the_documented_defaults() {
    let config = read("").unwrap();
    assert_eq!(config.environment, "production");
    assert_eq!(config.database, Location::Sqlite("/var/lib/registry-server/register.db".into()));
    assert_eq!(config.regions.listen.to_string(), "0.0.0.0:8443");
    assert_eq!(config.regions.client_ca, Path::new("/etc/r/ca.pem"));
    assert_eq!(config.admin_listen.to_string(), "127.0.0.1:9444");
    assert_eq!(config.pepper, Path::new("/etc/r/pepper.key"));
    assert_eq!(config.limits.batch(), schemas::batch::Limits::default());
    assert_eq!((config.quota, read("[extracts]\nquota = 3\n").unwrap().quota), (12, 3));
}

#[test]
fn the_people_s_listener_is_opened_where_its_section_names_anything() {
    assert!(read("[web]\n").unwrap().web.is_none());
    let web =
        read("[web]\nlisten = \"127.0.0.1:0\"\nbase_url = \"https://register.example.se/\"\n").unwrap().web.unwrap();
    assert_eq!((web.listen.to_string().as_str(), web.cert.as_path()), ("127.0.0.1:0", Path::new("/etc/r/server.pem")));
    assert_eq!(web.base_url.as_deref(), Some("https://register.example.se"));
    let web = read("[web]\ncert = \"web.pem\"\nkey = \"web.key\"\n").unwrap().web.unwrap();
    assert_eq!((web.listen.to_string().as_str(), web.key.as_path()), ("0.0.0.0:8444", Path::new("/etc/r/web.key")));
}

#[test]
fn a_wrong_file_is_told_in_one_sentence() {
    for (text, part) in [
        (
            "[server]\nstatedir = \"x\"\n",
            "line 2, column 1: unknown key `statedir`; the nearest known key is `state_dir`",
        ),
        ("[server]\nenvironment = \"prod\"\n", "is \"test\" or \"production\""),
        ("[database]\nurl = \"postgres://u@h\"\n", "[database] url names no database"),
        ("[database]\nurl = \"mysql://h/db\"\n", "must begin with sqlite:// or postgres://"),
        ("[admin]\nlisten = \"0.0.0.0:9444\"\n", "loopback"),
        ("[regions]\nlisten = \"8443\"\n", "an address and a port"),
        ("[web]\nlisten = \"8444\"\n", "an address and a port"),
        ("[web]\nbase_url = \"register.example.se\"\n", "https:// and a host"),
        ("[alarms]\nfrom = \"a@example.se\"\n", "[alarms] needs smtp"),
        ("[extracts]\nquotas = 1\n", "nearest known key is `quota`"),
        ("[limits]\nrecord = 1\n", "nearest known key is `records`"),
    ] {
        let (exit, sentence) = read(text).unwrap_err();
        assert_eq!(exit, Exit::Config, "{text}");
        assert!(sentence.contains(part), "{sentence}");
        assert!(sentence.starts_with("/etc/r/registry-server.toml"), "{sentence}");
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let environment = [("REGISTRY_SERVER__ENVIRONMENT".to_owned(), "test".to_owned())];
    let config = Config::read(Path::new("r.toml"), "[server]\nenvironment = \"production\"\n", &environment).unwrap();
    assert_eq!(config.environment, "test");
}

#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pepper.key");
    std::fs::write(&path, "A".repeat(43)).unwrap();
    for (mode, exit) in [(0o644, Some(Exit::NotAllowed)), (0o640, Some(Exit::NotAllowed)), (0o600, None)] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(super::keys::pepper(&path).err().map(|failure| failure.exit), exit, "{mode:o}");
    }
    let missing = super::keys::pepper(&folder.path().join("none.key")).unwrap_err();
    assert_eq!(missing.exit, Exit::Config);
}
