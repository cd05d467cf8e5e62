//! Between a region and the register: proxies, what they say, and TLS that is opened on its way.
//!
//! Promises: the register's own address is never reachable in these journeys but through the proxy under test.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use end_to_end::process::{AGENT, Ended, command, ended};
use end_to_end::proxy::{ConnectProxy, Manner};
use end_to_end::site::Site;
use end_to_end::world::{Region, World};

use crate::access::certificate::{good, sign};

/// An address that nothing listens on: the register's is known to the proxy alone.
const NOWHERE: &str = "localhost:9";

/// A region whose configuration names an address that leads nowhere.
async fn region_behind(world: &World) -> Region {
    let region = world.invent(3, (0, "01"), 20).await.unwrap();
    let text = std::fs::read_to_string(region.site.config()).unwrap();
    let address = format!("localhost:{}", world.server.regions.port());
    std::fs::write(region.site.config(), text.replace(&address, NOWHERE)).unwrap();
    region
}

/// Adds lines to `[server]`.
fn configure(site: &Site, lines: &str) {
    let text = std::fs::read_to_string(site.config()).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("proxy")).collect();
    std::fs::write(site.config(), kept.join("\n").replacen("[server]", &format!("[server]\n{lines}"), 1)).unwrap();
}

/// Runs a command with more variables.
fn agent(site: &Site, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut agent = command(AGENT, Some(&site.config()), arguments).unwrap();
    agent.envs(variables.iter().copied());
    ended(agent).unwrap()
}

fn proxy(register: SocketAddr, manner: Manner) -> ConnectProxy {
    ConnectProxy::start(register, manner).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_goes_through_the_configured_proxy_or_the_environment_s_and_no_other_way() {
    let world = World::start("").unwrap();
    let region = region_behind(&world).await;
    let (site, register) = (&region.site, world.server.regions);
    let said = agent(site, &["once"], &[]).expect(&[69]).unwrap().stderr;
    assert!(said.contains("the register is not reachable"), "{said}");

    let own = proxy(register, Manner::Open);
    configure(site, &format!("proxy = \"{}\"", own.url()));
    agent(site, &["once"], &[("NO_PROXY", "*"), ("HTTPS_PROXY", "http://localhost:9")]).expect(&[3]).unwrap();
    let asked = own.asked();
    assert!(!asked.is_empty() && asked.iter().all(|target| target == NOWHERE), "{asked:?}");
    assert!(end_to_end::active::active_set(&world.database()).await.unwrap().len() > 10);

    configure(site, "");
    let of_the_environment = proxy(register, Manner::Open);
    let url = of_the_environment.url();
    agent(site, &["check", "--connect"], &[("HTTPS_PROXY", &url)]).expect(&[0]).unwrap();
    agent(site, &["check", "--connect"], &[("all_proxy", &url)]).expect(&[0]).unwrap();
    assert_eq!(of_the_environment.asked(), [NOWHERE, NOWHERE]);
    agent(site, &["check", "--connect"], &[("HTTPS_PROXY", &url), ("no_proxy", "localhost")]).expect(&[69]).unwrap();
    assert_eq!(of_the_environment.asked().len(), 2, "an excepted host is not asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_proxy_is_one_sentence_that_says_what_to_do() {
    let world = World::start("").unwrap();
    let region = region_behind(&world).await;
    let (site, register) = (&region.site, world.server.regions);
    for (manner, parts) in [
        (Manner::Refuses(403), &["does not connect to localhost:9 (HTTP status 403)", "allow CONNECT"][..]),
        (Manner::Refuses(502), &["does not reach localhost:9 (HTTP status 502)"]),
        (Manner::Credentials("region:secret".into()), &["asks for credentials", "proxy_credentials_file"]),
        (Manner::Silent, &["does not answer as an HTTP proxy does"]),
    ] {
        let faulty = proxy(register, manner.clone());
        configure(site, &format!("proxy = \"{}\"", faulty.url()));
        told(&agent(site, &["check", "--connect"], &[]), 69, parts);
    }
    configure(site, "proxy = \"http://localhost:9\"");
    told(&agent(site, &["check", "--connect"], &[]), 69, &["the proxy localhost:9 is not reachable"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_s_credentials_come_from_a_file_that_only_the_agent_may_read() {
    let world = World::start("").unwrap();
    let region = region_behind(&world).await;
    let site = &region.site;
    let asking = proxy(world.server.regions, Manner::Credentials("region:hemligt".into()));
    configure(site, &format!("proxy = \"{}\"\nproxy_credentials_file = \"proxy.credentials\"", asking.url()));
    let file = site.folder.join("proxy.credentials");
    let write = |text: &str, mode| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    told(&agent(site, &["check", "--connect"], &[]), 78, &["proxy_credentials_file: cannot read"]);
    write("region:hemligt\n", 0o640);
    told(&agent(site, &["check", "--connect"], &[]), 77, &["chmod 600"]);
    write("region:fel\n", 0o600);
    told(&agent(site, &["check", "--connect"], &[]), 69, &["does not take the credentials"]);
    write("region:hemligt\n", 0o600);
    let right = agent(site, &["check", "--connect"], &[]).expect(&[0]).unwrap();
    let shown = agent(site, &["config", "show", "--effective"], &[]).expect(&[0]).unwrap();
    assert!(!format!("{}{}{}", right.stdout, right.stderr, shown.stdout).contains("hemligt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_is_opened_on_its_way_is_named_with_its_issuer_and_the_words_for_the_firewall_team() {
    let world = World::start("").unwrap();
    let region = region_behind(&world).await;
    let opening = proxy(world.server.regions, Manner::OpensTls("Regionens inspektion CA".into()));
    configure(&region.site, &format!("proxy = \"{}\"", opening.url()));
    for arguments in [&["check", "--connect"][..], &["once"]] {
        let parts = ["Regionens inspektion CA", "Please exempt localhost:9 from TLS inspection", "firewall team"];
        told(&agent(&region.site, arguments, &[]), 77, &parts);
    }
    let status = agent(&region.site, &["status"], &[]).expect(&[4]).unwrap().stdout;
    assert!(
        status.contains("the newest run ended with 77: ") && status.contains("Regionens inspektion CA"),
        "{status}"
    );
    assert_eq!(end_to_end::active::stored_batches(&world.database()).await.unwrap(), 0);
    // The same way without the opening: the sentence is about the proxy and nothing else.
    let open = proxy(world.server.regions, Manner::Open);
    configure(&region.site, &format!("proxy = \"{}\"", open.url()));
    agent(&region.site, &["check", "--connect"], &[]).expect(&[0]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn test_and_production_are_never_mixed() {
    let mut world = World::start("").unwrap();
    let region = world.invent(3, (0, "01"), 20).await.unwrap();
    let site = &region.site;
    let made = |environment: &str| world.folder().join(format!("certificate-of-{environment}"));
    for environment in ["test", "production"] {
        sign(&world.authority, &good(environment, "01"), &made(environment));
    }
    let folders = [("test", made("test")), ("production", made("production"))];
    for register in ["test", "production"] {
        environment(&world.config(), register);
        world.restart().unwrap();
        for (certificate, folder) in &folders {
            for file in ["region.pem", "region.key"] {
                std::fs::copy(folder.join(file), site.folder.join(file)).unwrap();
            }
            for configured in ["test", "production"] {
                environment(&site.config(), configured);
                println!("register {register}, certificate {certificate}, configuration {configured}");
                let same = register == *certificate && *certificate == configured;
                let before = end_to_end::active::stored_batches(&world.database()).await.unwrap();
                let checked = agent(site, &["check", "--connect"], &[]);
                assert_eq!(checked.code, if same { 0 } else { 77 }, "{}{}", checked.stdout, checked.stderr);
                let once = agent(site, &["once"], &[]);
                assert_eq!(once.code, if same { 3 } else { 77 }, "{}{}", once.stdout, once.stderr);
                let after = end_to_end::active::stored_batches(&world.database()).await.unwrap();
                assert!(same || before == after, "nothing is stored of a mixture");
            }
        }
    }
    assert!(end_to_end::active::stored_batches(&world.database()).await.unwrap() > 0);
}

/// Writes another environment into a configuration.
fn environment(config: &Path, environment: &str) {
    let text = std::fs::read_to_string(config).unwrap();
    let named = |word: &str| format!("environment = \"{word}\"");
    let text = text.replace(&named("test"), &named(environment)).replace(&named("production"), &named(environment));
    std::fs::write(config, text).unwrap();
}

/// Exit code and parts of the one sentence on standard error.
fn told(ended: &Ended, code: i32, parts: &[&str]) {
    let sentence = ended.stderr.lines().rfind(|line| line.starts_with("registry-agent: ")).unwrap_or_default();
    assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
    for part in parts {
        assert!(sentence.contains(part), "{part:?} is not in {sentence:?}\n{}", ended.stderr);
    }
}
