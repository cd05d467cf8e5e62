//! The agent in a region's folder where one thing is wrong.

use std::fmt::Write as _;
use std::fs::File;

use end_to_end::hunt::Hunt;
use end_to_end::pki::Authority;
use end_to_end::process::{AGENT, run};
use end_to_end::world::{Region, World};

use super::case::{Case, Place, judge, run_all, said};
use crate::access::stored;
use crate::printed::frozen;

pub(super) const ONCE: &[&str] = &["once"];
const CHECK: &[&str] = &["check"];
pub(super) const CONNECT: &[&str] = &["check", "--connect"];

/// A register, a region, and folders beside it from which cases take files.
pub(super) async fn world() -> (World, Region, Place, Hunt) {
    let world = World::start("").unwrap();
    let region = world.invent(7, (0, "12"), 30).await.unwrap();
    world.registry(&["region", "add", "13"]).unwrap().expect(&[0]).unwrap();
    let others = world.folder().join("others");
    let other = Authority::make(&others.join("pki")).unwrap();
    other.issue("12", &others.join("foreign"), 30).unwrap();
    world.authority.issue("12", &others.join("expired"), -1).unwrap();
    world.authority.issue("01", &others.join("unknown"), 30).unwrap();
    world.authority.issue("13", &others.join("enrolled"), 30).unwrap();
    let place = Place { folder: region.site.folder.clone(), config: "agent.toml", others };
    let known = region.plan.treatments.iter().map(|treatment| treatment.person.number.as_str());
    let hunt = Hunt::new(known.chain(["191212121212"]));
    (world, region, place, hunt)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_around_the_agent_is_one_sentence_with_its_exit_code_and_nothing_is_stored() {
    let (world, _region, place, hunt) = world().await;
    let before = stored::tables(&world.database());
    let cases: Vec<Case> =
        [configuration(), files(), certificates(), source(), state()].into_iter().flatten().collect();
    let told = run_all(AGENT, &cases, &place, &hunt);
    frozen("sentences on faults around the agent", &told, None);
    let mut after = stored::tables(&world.database());
    // A new state directory gets its generation, with its event, before the source is read; nothing else is kept.
    after.insert("generation".into(), before["generation"].clone());
    stored::leave_out(&mut after, "generation");
    stored::must_be_the_same(&before, &after, "faults around the agent");
}

/// A case; `what` and exit code, how it is spoilt, the command, the words.
pub(super) fn case(
    (what, exit): (&'static str, i32),
    spoil: fn(&Place),
    arguments: &'static [&'static str],
    words: &'static [&'static str],
) -> Case {
    Case { what, spoil, arguments, exit, words }
}

fn configuration() -> Vec<Case> {
    vec![
        case(
            ("a mistyped key", 78),
            |p| p.configure("state_dir", "statedir"),
            ONCE,
            &["agent.toml", "line 4", "`statedir`", "`state_dir`"],
        ),
        case(("an unknown section", 78), |p| p.append("[shedule]"), CHECK, &["agent.toml", "line ", "`schedule`"]),
        case(
            ("broken TOML", 78),
            |p| p.configure("environment = \"test\"", "environment = \"test"),
            ONCE,
            &["agent.toml", "line 3"],
        ),
        case(("no configuration", 78), |p| p.remove("agent.toml"), ONCE, &["agent.toml", "config init", "--config"]),
        case(
            ("a needed key missing", 78),
            |p| p.configure("region = \"12\"\n", ""),
            ONCE,
            &["agent.toml", "`region`", "needed"],
        ),
        case(("no sender of that name", 78), |p| p.configure("\"12\"", "\"112\""), ONCE, &["agent.toml", "line 2"]),
        case(("a wrong cron", 78), |p| p.append("[schedule]\ncron = \"61 2 * * *\""), CHECK, &["[schedule]"]),
        case(
            ("an unknown timezone", 78),
            |p| p.append("[schedule]\ntimezone = \"Europe/Stokholm\""),
            CHECK,
            &["[schedule]", "zone", "Europe/Stockholm"],
        ),
        case(
            ("an unknown timezone of the source", 78),
            |p| p.configure("kind = \"sql\"", "kind = \"sql\"\ntimezone = \"Europe/Stokholm\""),
            ONCE,
            &["[source] timezone", "Europe/Stockholm"],
        ),
        case(("plain HTTP", 78), |p| p.configure("https://", "http://"), CHECK, &["[server] url", "https://"]),
        case(
            ("a source kind that is not built", 78),
            |p| p.configure("kind = \"sql\"", "kind = \"fhir\""),
            ONCE,
            &["agent.toml", "line 7", "`fhir`", "write sql"],
        ),
        case(
            ("another key than the file's", 78),
            |p| p.configure("key_id = \"r12-g1\"", "key_id = \"r12-g2\""),
            ONCE,
            &["[pseudonym] key_id", "r12-g1"],
        ),
    ]
}

fn files() -> Vec<Case> {
    vec![
        case(("no key file", 78), |p| p.remove("pseudonym.key"), ONCE, &["pseudonym.key", "key new"]),
        case(("no certificate key", 78), |p| p.remove("region.key"), ONCE, &["[server] key", "region.key", "register"]),
        case(("no certificate", 78), |p| p.remove("region.pem"), ONCE, &["[server] cert", "register"]),
        case(("no authority", 78), |p| p.remove("ca.pem"), ONCE, &["[server] ca", "register"]),
        case(
            ("no receipt key", 78),
            |p| p.remove("receipt.pub"),
            ONCE,
            &["[server] receipt_key", "receipt.pub", "fetch"],
        ),
        case(
            ("a key file that others can read", 77),
            |p| p.chmod("pseudonym.key", 0o644),
            ONCE,
            &["pseudonym.key", "chmod"],
        ),
        case(
            ("a certificate key that others can read", 77),
            |p| p.chmod("region.key", 0o644),
            ONCE,
            &["region.key", "chmod"],
        ),
        case(
            ("a key file that is none", 78),
            |p| std::fs::write(p.path("pseudonym.key"), "geheim").unwrap(),
            ONCE,
            &["key file", "copy"],
        ),
        case(
            ("a certificate key that is none", 78),
            |p| std::fs::write(p.path("region.key"), "geheim").unwrap(),
            ONCE,
            &["[server] key", "region.key"],
        ),
        case(
            ("certificate and key of two senders", 78),
            |p| p.take("unknown", "region.key"),
            ONCE,
            &["cert and key", "belong"],
        ),
    ]
}

fn certificates() -> Vec<Case> {
    let other_sender: fn(&Place) = |p| {
        p.take("enrolled", "region.pem");
        p.take("enrolled", "region.key");
    };
    let production: fn(&Place) = |p| p.configure("environment = \"test\"", "environment = \"production\"");
    vec![
        case(("another authority in ca", 77), |p| p.take("foreign", "ca.pem"), ONCE, &["[server] ca", "same name"]),
        case(
            ("a certificate of another authority", 77),
            |p| ["region.pem", "region.key"].iter().for_each(|name| p.take("foreign", name)),
            ONCE,
            &["certificate", "authority", "register"],
        ),
        case(
            ("an expired certificate", 77),
            |p| ["region.pem", "region.key"].iter().for_each(|name| p.take("expired", name)),
            ONCE,
            &["certificate", "expired", "register"],
        ),
        case(
            ("an expired certificate, checked", 77),
            |p| ["region.pem", "region.key"].iter().for_each(|name| p.take("expired", name)),
            CONNECT,
            &["certificate", "expired", "register"],
        ),
        case(
            ("a certificate of a sender that is not enrolled", 77),
            |p| ["region.pem", "region.key"].iter().for_each(|name| p.take("unknown", name)),
            ONCE,
            &["[server] cert", "sender/01", "sender/12"],
        ),
        case(("another sender's certificate", 77), other_sender, ONCE, &["[server] cert", "sender/13", "sender/12"]),
        case(
            ("another sender's certificate, checked", 77),
            other_sender,
            CONNECT,
            &["[server] cert", "sender/13", "sender/12"],
        ),
        case(("a test certificate for production", 77), production, ONCE, &["[server] cert", "production", "test"]),
        case(
            ("a register that is down", 69),
            |p| p.configure("url = \"https://localhost:", "url = \"https://localhost:1\" # "),
            ONCE,
            &["register", "[server] url"],
        ),
        case(
            ("a register that is down, checked", 69),
            |p| p.configure("url = \"https://localhost:", "url = \"https://localhost:1\" # "),
            CONNECT,
            &["register", "[server] url"],
        ),
        case(
            ("a register whose name does not exist", 69),
            |p| p.configure("https://localhost:", "https://register.invalid:"),
            ONCE,
            &["register", "[server] url"],
        ),
    ]
}

fn source() -> Vec<Case> {
    const SORTED: &str = "WHERE m.\"ändrad\" >= :since\nORDER BY m.\"program\"";
    vec![
        case(("no source database", 69), |p| p.configure("platform-12", "platform-99"), ONCE, &["[source] url"]),
        case(
            ("a source that is no database", 69),
            |p| {
                std::fs::write(p.path("no.db"), "journal").unwrap();
                p.configure("url = \"sqlite://", "url = \"sqlite://no.db\" #");
            },
            ONCE,
            &["source"],
        ),
        case(
            ("a needed column missing", 78),
            |p| p.configure("AS programme", "AS prog"),
            ONCE,
            &["treatments", "programme"],
        ),
        case(
            ("a needed column of the answers missing, checked", 78),
            |p| p.configure("AS answered_on", "AS day"),
            CONNECT,
            &["measurements", "answered_on"],
        ),
        case(
            ("a query that sorts", 78),
            |p| p.configure("WHERE m.\"ändrad\" >= :since", SORTED),
            ONCE,
            &["treatments", "ORDER BY"],
        ),
        case(("a person's number as an argument", 2), |_| (), &["withdraw", "19121212-1212"], &["standard input"]),
        case(
            ("a query that is none", 78),
            |p| p.configure("FROM \"moment\" m", "FORM \"moment\" m"),
            ONCE,
            &["treatments", "query"],
        ),
        case(
            ("a table that is not there", 78),
            |p| p.configure("FROM \"moment\" m", "FROM \"moments\" m"),
            ONCE,
            &["treatments", "query"],
        ),
        case(
            ("an engine that is not built", 78),
            |p| p.configure("url = \"sqlite://", "url = \"oracle://"),
            ONCE,
            &["[source]", "sqlite://"],
        ),
    ]
}

fn state() -> Vec<Case> {
    vec![
        case(
            ("a state directory that is a file", 1),
            |p| std::fs::write(p.path("state"), "").unwrap(),
            ONCE,
            &["state directory"],
        ),
        case(
            ("an outbox that is no database", 1),
            |p| {
                std::fs::create_dir(p.path("state")).unwrap();
                std::fs::write(p.path("state/outbox.db"), "journal".repeat(1_000)).unwrap();
            },
            ONCE,
            &["outbox"],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_in_the_same_state_directory_ends_with_75_and_leaves_the_first_alone() {
    let (world, region, _, hunt) = world().await;
    let before = stored::tables(&world.database());
    std::fs::create_dir(region.site.state()).unwrap();
    let lock = File::create(region.site.state().join("lock")).unwrap();
    lock.lock().unwrap();
    let held = case(("a locked state directory", 75), |_| (), ONCE, &["another run", "wait"]);
    let ended = region.site.agent(ONCE).unwrap();
    assert_eq!(judge(AGENT, &held, &ended, &hunt), [""; 0]);
    frozen("sentence on a locked state directory", &said(&held, &ended), Some(world.folder()));
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "a locked run");
    drop(lock);
    region.site.agent(ONCE).unwrap().expect(&[0, 3]).unwrap();
    assert!(!stored::tables(&world.database())["treatment"].is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn once_something_was_sent_another_source_system_is_refused() {
    let (world, region, place, hunt) = world().await;
    region.site.agent(ONCE).unwrap().expect(&[0, 3]).unwrap();
    let before = stored::tables(&world.database());
    let system: fn(&Place) = |p| p.configure("kind = \"sql\"", "kind = \"sql\"\nsystem = \"annat\"");
    let cases = [
        case(("another system, checked", 78), system, CHECK, &["[source] system", "main"]),
        case(("another system", 78), system, ONCE, &["[source] system", "main"]),
    ];
    frozen("sentences on another source system", &run_all(AGENT, &cases, &place, &hunt), None);
    stored::must_be_the_same(&before, &stored::tables(&world.database()), "another system");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_whose_enrolment_ended_is_told_whom_to_ask() {
    let (world, region, _, hunt) = world().await;
    world.registry(&["region", "revoke", "12"]).unwrap().expect(&[0]).unwrap();
    let revoked = case(("a revoked sender", 77), |_| (), ONCE, &["register", "staff", "enrol"]);
    let ended = region.site.agent(ONCE).unwrap();
    assert_eq!(judge(AGENT, &revoked, &ended, &hunt), [""; 0]);
    frozen("sentence on an enrolment that ended", &said(&revoked, &ended), Some(world.folder()));
    assert!(stored::tables(&world.database())["treatment"].is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_under_another_key_closes_nothing() {
    let (world, region, place, hunt) = world().await;
    std::fs::copy(place.others.join("foreign/receipt.pub"), region.site.folder.join("receipt.pub")).unwrap();
    let unverified = case(("another register's receipt key", 77), |_| (), ONCE, &["receipt", "key"]);
    let ended = region.site.agent(ONCE).unwrap();
    assert_eq!(judge(AGENT, &unverified, &ended, &hunt), [""; 0]);
    frozen("sentence on another receipt key", &said(&unverified, &ended), Some(world.folder()));
    let status = region.site.agent(&["status", "--json"]).unwrap().json().unwrap();
    assert!(status["outbox"]["records"].as_i64() > Some(0), "nothing is closed: {status}");
}

#[test]
fn a_command_line_that_means_nothing_is_told_with_the_word_that_it_does_not_know() {
    let mut told = String::new();
    for (arguments, word) in [
        (&["once", "--fulll"][..], "--fulll"),
        (&["onec"], "onec"),
        (&["preview", "--limit", "many"], "many"),
        (&["check", "more"], "more"),
        (&["pause", "--until", "tomorrow", "--reason", "x"], "tomorrow"),
    ] {
        let ended = run(AGENT, None, arguments).unwrap();
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}");
        let first = ended.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("error: ") && first.contains(word), "{arguments:?}: {}", ended.stderr);
        writeln!(told, "$ {AGENT} {} -> 2\n{}", arguments.join(" "), ended.stderr).unwrap();
    }
    frozen("sentences on the command line of the agent", &told, None);
}
