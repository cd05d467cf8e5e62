//! Which proxy is used, for which register, with which credentials.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::config::{Proxies, SAMPLE};

const REGISTER: &str = "https://register.example.se:8443";

fn config(alter: impl FnOnce(&mut Config)) -> Config {
    let mut config: Config = schemas::settings::read("agent.toml", SAMPLE, &[]).unwrap();
    alter(&mut config);
    config
}

fn environment(pairs: &[(&str, &str)]) -> Proxies {
    Proxies::of(&pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
}

fn chosen(config: &Config) -> Result<Option<(String, Option<String>)>, String> {
    let chosen = Proxy::choose(config, &REGISTER.parse().unwrap()).map_err(|error| error.to_string())?;
    Ok(chosen.map(|proxy| (proxy.address(), proxy.authorization())))
}

#[test]
fn the_configured_proxy_comes_before_the_environment_s_and_that_only_for_hosts_it_does_not_except() {
    let plain = |address: &str| Ok(Some((address.to_owned(), None)));
    for (own, variables, expected) in [
        (None, &[][..], Ok(None)),
        (Some("http://proxy:3128"), &[], plain("proxy:3128")),
        (Some("http://proxy"), &[("no_proxy", "*")], plain("proxy:80")),
        (Some("http://proxy:3128"), &[("HTTPS_PROXY", "http://other:1")], plain("proxy:3128")),
        (None, &[("HTTPS_PROXY", "http://other:8080/")], plain("other:8080")),
        (None, &[("HTTPS_PROXY", "other:8080")], plain("other:8080")),
        (None, &[("ALL_PROXY", "http://all:1"), ("https_proxy", "http://https:2")], plain("https:2")),
        (None, &[("ALL_PROXY", "http://all:1"), ("https_proxy", "")], plain("all:1")),
        (None, &[("HTTP_PROXY", "http://other:8080")], Ok(None)),
        (None, &[("HTTPS_PROXY", "http://other:8080"), ("NO_PROXY", "localhost,.example.se")], Ok(None)),
        (
            None,
            &[("HTTPS_PROXY", "http://region:p%40ss%3Aw@other:8080")],
            Ok(Some(("other:8080".into(), Some(format!("Basic {}", STANDARD.encode("region:p@ss:w")))))),
        ),
    ] {
        let config = config(|config| {
            config.server.proxy = own.map(str::to_owned);
            config.proxies = environment(variables);
        });
        assert_eq!(chosen(&config), expected, "{own:?} {variables:?}");
    }
}

#[test]
fn what_is_no_http_proxy_is_told_with_the_place_that_names_it() {
    for (own, variable, said) in [
        (Some("socks5://proxy:1080"), "", "[server] proxy is not"),
        (Some("https://proxy:3128"), "", "[server] proxy is not"),
        (Some("http://proxy:3128/path"), "", "[server] proxy is not"),
        (Some("http://"), "", "[server] proxy is not"),
        (Some("http://user:secret@proxy:3128"), "", "proxy_credentials_file"),
        (None, "socks5://proxy:1080", "the environment's HTTPS_PROXY is not"),
    ] {
        let config = config(|config| {
            config.server.proxy = own.map(str::to_owned);
            config.proxies = environment(&[("HTTPS_PROXY", variable)]);
        });
        let sentence = chosen(&config).unwrap_err();
        assert!(sentence.contains(said) && !sentence.contains("secret"), "{sentence}");
    }
}

#[test]
fn credentials_come_from_a_file_of_one_line_that_nobody_else_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proxy.credentials");
    let config = config(|config| {
        config.server.proxy = Some("http://proxy:3128".into());
        config.server.proxy_credentials_file = Some(file.clone());
    });
    assert!(chosen(&config).unwrap_err().contains("cannot read"), "a missing file");
    let write = |text: &str, mode| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    write("region:secret\n", 0o644);
    let error = Proxy::choose(&config, &REGISTER.parse().unwrap()).map(drop).unwrap_err();
    assert!(matches!(&error, ClientError::TooOpen(sentence) if sentence.contains("chmod 600")), "{error}");
    for wrong in ["region", "region:secret\nmore", ""] {
        write(wrong, 0o600);
        let sentence = chosen(&config).unwrap_err();
        assert!(sentence.contains("user:password") && !sentence.contains("secret"), "{sentence}");
    }
    write("region:sec:ret\r\n", 0o600);
    assert_eq!(chosen(&config).unwrap().unwrap().1.unwrap(), format!("Basic {}", STANDARD.encode("region:sec:ret")));
}

#[test]
fn exceptions_name_hosts_domains_addresses_and_networks() {
    for (list, register, expected) in [
        ("register.example.se", REGISTER, true),
        ("REGISTER.example.se", REGISTER, true),
        ("example.se", REGISTER, true),
        (".example.se", REGISTER, true),
        ("*.example.se", REGISTER, true),
        ("other, example.se", REGISTER, true),
        ("other example.se", REGISTER, true),
        ("register.example.se:8443", REGISTER, true),
        ("register.example.se:443", REGISTER, false),
        ("ample.se", REGISTER, false),
        ("example.se.org", REGISTER, false),
        ("register", REGISTER, false),
        ("", REGISTER, false),
        ("*", REGISTER, true),
        ("10.0.0.0/8", "https://10.1.2.3:8443", true),
        ("10.0.0.0/8", "https://11.1.2.3:8443", false),
        ("10.1.2.3", "https://10.1.2.3:8443", true),
        ("0.0.0.0/0", "https://10.1.2.3:8443", true),
        ("10.0.0.0/33", "https://10.1.2.3:8443", false),
        ("2001:db8::/32", "https://[2001:db8::1]:8443", true),
        ("2001:db9::/32", "https://[2001:db8::1]:8443", false),
        ("::1", "https://[::1]:8443", true),
    ] {
        assert_eq!(excepts(list, &register.parse().unwrap()), expected, "{list} for {register}");
    }
}
