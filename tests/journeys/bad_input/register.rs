//! The register in a folder where one thing is wrong.

use std::fmt::Write as _;
use std::net::TcpListener;

use end_to_end::blocking;
use end_to_end::hunt::Hunt;
use end_to_end::pki::Authority;
use end_to_end::process::{SERVER, run};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::case::{Case, Place, run_all};
use crate::printed::frozen;

const SERVE: &[&str] = &["serve"];
const CHECK: &[&str] = &["check"];
const LIST: &[&str] = &["region", "list"];

/// A register that has been set up once. Its operators' port is the test's own, so that `serve` ends also where it should not get so far.
fn installation() -> (tempfile::TempDir, TcpListener, Place) {
    let folder = tempfile::tempdir().unwrap();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = Place {
        folder: folder.path().join("good"),
        config: "registry-server.toml",
        others: folder.path().join("others"),
    };
    Authority::make(&place.path("pki")).unwrap();
    Authority::make(&place.others.join("foreign")).unwrap();
    let text = format!(
        "[server]\nstate_dir = \"state\"\nenvironment = \"test\"\n\n[regions]\nlisten = \"127.0.0.1:0\"\ncert = \"pki/server.pem\"\n\
         key = \"pki/server.key\"\nclient_ca = \"pki/ca.pem\"\n\n[admin]\nlisten = \"{}\"\n\n[keys]\nreceipt = \"pki/receipt.key\"\n\
         pepper = \"pki/pepper.key\"\n",
        occupied.local_addr().unwrap()
    );
    std::fs::write(place.path(place.config), text).unwrap();
    run(SERVER, Some(&place.path(place.config)), &["region", "add", "12"]).unwrap().expect(&[0]).unwrap();
    (folder, occupied, place)
}

#[test]
fn each_fault_around_the_register_is_one_sentence_with_its_exit_code() {
    let (_folder, _occupied, place) = installation();
    run(SERVER, Some(&place.path(place.config)), CHECK).unwrap().expect(&[0]).unwrap();
    let cases: Vec<Case> =
        [text(), values(), missing_files(), unfit_files(), other_database(), no_database(), commands()]
            .into_iter()
            .flatten()
            .collect();
    let told = run_all(SERVER, &cases, &place, &Hunt::new([""; 0]));
    frozen("sentences on faults around the register", &told, None);
}

fn case(
    (what, exit): (&'static str, i32),
    spoil: fn(&Place),
    arguments: &'static [&'static str],
    words: &'static [&'static str],
) -> Case {
    Case { what, spoil, arguments, exit, words }
}

fn text() -> Vec<Case> {
    vec![
        case(
            ("a mistyped key", 78),
            |p| p.configure("client_ca", "clientca"),
            SERVE,
            &["registry-server.toml", "line 9", "`clientca`", "`client_ca`"],
        ),
        case(
            ("an unknown section", 78),
            |p| p.append("[limit]"),
            CHECK,
            &["registry-server.toml", "line ", "`limits`"],
        ),
        case(("broken TOML", 78), |p| p.configure("[keys]", "[keys"), SERVE, &["registry-server.toml", "line 14"]),
        case(
            ("no configuration", 78),
            |p| p.remove("registry-server.toml"),
            SERVE,
            &["registry-server.toml", "--config"],
        ),
    ]
}

fn values() -> Vec<Case> {
    vec![
        case(
            ("an unknown environment", 78),
            |p| p.configure("\"test\"", "\"staging\""),
            SERVE,
            &["[server] environment", "production"],
        ),
        case(
            ("operators' answers for everybody", 78),
            |p| p.configure("[admin]\nlisten = \"127.0.0.1:", "[admin]\nlisten = \"0.0.0.0:"),
            SERVE,
            &["[admin] listen", "loopback"],
        ),
        case(
            ("a name in place of an address", 78),
            |p| p.configure("127.0.0.1:0", "localhost"),
            SERVE,
            &["[regions] listen", "port"],
        ),
        case(
            ("a limit that is no number", 78),
            |p| p.append("[limits]\nrecords = \"many\""),
            SERVE,
            &["registry-server.toml", "line "],
        ),
        case(
            ("an engine that does not exist", 78),
            |p| p.append("[database]\nurl = \"oracle://u@h/db\""),
            CHECK,
            &["[database] url", "sqlite://", "postgres://"],
        ),
        case(
            ("a PostgreSQL that is not there", 69),
            |p| p.append("[database]\nurl = \"postgres://u:secret@127.0.0.1:1/db\""),
            CHECK,
            &["cannot be reached", "[database] url"],
        ),
        case(
            ("an unknown code list", 78),
            |p| p.append("[codelists]\nprogram = \"p.csv\""),
            CHECK,
            &["[codelists]", "program"],
        ),
        case(
            ("a code list that is missing", 78),
            |p| p.append("[codelists]\nprogrammes = \"p.csv\""),
            CHECK,
            &["p.csv", "read"],
        ),
        case(("an occupied port", 1), |_| (), SERVE, &["[admin] listen", "127.0.0.1:", "stop what listens"]),
    ]
}

fn missing_files() -> Vec<Case> {
    vec![
        case(
            ("no receipt key", 78),
            |p| p.remove("pki/receipt.key"),
            SERVE,
            &["receipt key", "receipt.key", "put it back"],
        ),
        case(("no pepper", 78), |p| p.remove("pki/pepper.key"), SERVE, &["pepper", "pepper.key", "put it back"]),
        case(
            ("no server key", 78),
            |p| p.remove("pki/server.key"),
            SERVE,
            &["server key", "server.key", "put it back"],
        ),
        case(
            ("no server certificate", 78),
            |p| p.remove("pki/server.pem"),
            SERVE,
            &["[regions] cert", "server.pem", "put it back"],
        ),
        case(
            ("no authority", 78),
            |p| p.remove("pki/ca.pem"),
            CHECK,
            &["[regions] client_ca", "ca.pem", "put it back"],
        ),
    ]
}

fn unfit_files() -> Vec<Case> {
    vec![
        case(
            ("a receipt key for all", 77),
            |p| p.chmod("pki/receipt.key", 0o644),
            SERVE,
            &["receipt.key", "chmod 600"],
        ),
        case(("a pepper for the group", 77), |p| p.chmod("pki/pepper.key", 0o640), SERVE, &["pepper.key", "chmod 600"]),
        case(("a server key for all", 77), |p| p.chmod("pki/server.key", 0o644), CHECK, &["server.key", "chmod 600"]),
        case(
            ("a receipt key that is none", 78),
            |p| std::fs::write(p.path("pki/receipt.key"), "geheim").unwrap(),
            CHECK,
            &["receipt.key", "Ed25519"],
        ),
        case(
            ("a pepper that is none", 78),
            |p| std::fs::write(p.path("pki/pepper.key"), "geheim").unwrap(),
            CHECK,
            &["pepper.key", "32 bytes"],
        ),
        case(
            ("certificate and key of two servers", 78),
            |p| std::fs::copy(p.others.join("foreign/server.pem"), p.path("pki/server.pem")).map(drop).unwrap(),
            SERVE,
            &["[regions] cert and key", "belong"],
        ),
        case(
            ("an authority that is none", 78),
            |p| std::fs::write(p.path("pki/ca.pem"), "geheim").unwrap(),
            SERVE,
            &["[regions] client_ca", "PEM"],
        ),
    ]
}

fn other_database() -> Vec<Case> {
    let newer: fn(&Place) = |p| {
        sql(
            p,
            "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1",
        );
    };
    let older: fn(&Place) = |p| sql(p, "DELETE FROM _sqlx_migrations");
    let other: fn(&Place) = |p| sql(p, "UPDATE _sqlx_migrations SET checksum = x'00'");
    let foreign: fn(&Place) = |p| sql(p, "DROP TABLE _sqlx_migrations");
    vec![
        case(("a database of a newer register", 78), newer, SERVE, &["register.db", "newer", "upgrade"]),
        case(
            ("a database of a newer register, migrated", 78),
            newer,
            &["migrate"],
            &["register.db", "newer", "upgrade"],
        ),
        case(
            ("a database of an older register", 78),
            older,
            SERVE,
            &["register.db", "older", "registry-server migrate"],
        ),
        case(
            ("a database of an older register, checked", 78),
            older,
            CHECK,
            &["register.db", "older", "registry-server migrate"],
        ),
        case(
            ("a database of an older register, listed", 78),
            older,
            LIST,
            &["register.db", "older", "registry-server migrate"],
        ),
        case(
            ("a database of another build", 78),
            other,
            SERVE,
            &["register.db", "start the registry-server that made it"],
        ),
        case(("a database of something else", 78), foreign, SERVE, &["register.db", "[database] url"]),
    ]
}

fn no_database() -> Vec<Case> {
    let garbage: fn(&Place) = |p| std::fs::write(p.path("state/register.db"), "journal".repeat(1_000)).unwrap();
    vec![
        case(("no database", 78), |p| p.remove("state/register.db"), LIST, &["register.db", "registry-server migrate"]),
        case(("a file that is no database", 1), garbage, SERVE, &["database"]),
        case(
            ("a folder that is not there", 78),
            |p| p.append("[database]\nurl = \"sqlite://nowhere/register.db\""),
            SERVE,
            &["nowhere/register.db", "make its folder"],
        ),
        case(
            ("a state directory that is a file", 78),
            |p| {
                std::fs::write(p.path("full"), "").unwrap();
                p.configure("state_dir = \"state\"", "state_dir = \"full\"");
            },
            SERVE,
            &["[server] state_dir"],
        ),
    ]
}

fn commands() -> Vec<Case> {
    let mut cases = reports();
    cases.extend(others());
    cases
}

fn others() -> Vec<Case> {
    vec![
        case(("a county that is none", 2), |_| (), &["region", "add", "99"], &["99", "regions.csv"]),
        case(("a sender that was never enrolled", 2), |_| (), &["region", "revoke", "01"], &["01", "region list"]),
        case(
            ("inhabitants that are missing", 78),
            |_| (),
            &["population", "import", "inhabitants.csv"],
            &["inhabitants.csv", "read"],
        ),
        case(
            ("an authority that is not there", 78),
            |_| (),
            &["dev-ca", "issue", "12", "--dir", "nowhere", "--out", "nowhere"],
            &["nowhere/ca.pem", "dev-ca init"],
        ),
    ]
}

/// A report that is asked for wrongly, each with what there is to choose.
fn reports() -> Vec<Case> {
    let wrong = |what: &'static str, arguments: &'static [&'static str], says: &'static [&'static str]| {
        case((what, 2), |_| (), arguments, says)
    };
    vec![
        wrong(
            "a report that does not exist",
            &["report", "wishes", "--audience", "internal"],
            &["outcomes, groups, composite, funnel", "data-quality"],
        ),
        wrong("figures for nobody named", &["report", "outcomes"], &["--audience internal"]),
        wrong(
            "figures for the public before anything is frozen",
            &["report", "outcomes", "--by", "region", "--audience", "public"],
            &["cut create"],
        ),
        wrong(
            "figures for the public that are not on the list",
            &["report", "outcomes", "--by", "unit", "--audience", "public"],
            &["outcomes and groups only"],
        ),
        wrong(
            "exact differences for the public",
            &["report", "outcomes", "--by", "region", "--audience", "public", "--compare-cut", "c1"],
            &["--audience internal only"],
        ),
        wrong(
            "a cut that does not exist",
            &["report", "outcomes", "--audience", "internal", "--cut", "c7"],
            &["there is no cut yet", "cut create"],
        ),
        wrong(
            "a dimension that does not exist",
            &["report", "outcomes", "--audience", "internal", "--by", "regoin"],
            &["split by region, unit"],
        ),
        wrong(
            "an instrument that does not exist",
            &["report", "outcomes", "--audience", "internal", "--instrument", "PHQ9"],
            &["PHQ-9"],
        ),
        wrong(
            "a period that does not exist",
            &["report", "growth", "--audience", "internal", "--period", "week"],
            &["rolling36"],
        ),
        wrong(
            "a selection that ends before it begins",
            &["report", "rates", "--audience", "internal", "--from", "2025-01-02", "--to", "2025-01-01"],
            &["exchange them"],
        ),
    ]
}

/// Alters the database as nobody should.
fn sql(place: &Place, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(place.path("state/register.db"));
    blocking::run(async {
        let mut connection = options.connect().await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    });
}

#[test]
fn a_command_line_that_means_nothing_is_told_with_the_word_that_it_does_not_know() {
    let mut told = String::new();
    for (arguments, word) in [
        (&["serve", "--fast"][..], "--fast"),
        (&["serv"], "serv"),
        (&["region", "add", "1"], "1"),
        (&["dev-ca", "issue", "12", "--days", "many"], "many"),
        (&["report", "rates", "--language", "fi"], "sv or en"),
    ] {
        let ended = run(SERVER, None, arguments).unwrap();
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{arguments:?}");
        let first = ended.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with("error: ") && first.contains(word), "{arguments:?}: {}", ended.stderr);
        writeln!(told, "$ {SERVER} {} -> 2\n{}", arguments.join(" "), ended.stderr).unwrap();
    }
    frozen("sentences on the command line of the register", &told, None);
}
