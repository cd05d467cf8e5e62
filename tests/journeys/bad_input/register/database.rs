//! Registers before another database, or none.

use end_to_end::blocking;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;

use super::{CHECK, LIST, SERVE, case};
use crate::bad_input::case::{Case, Place};

pub(super) fn another() -> Vec<Case> {
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

pub(super) fn none() -> Vec<Case> {
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

/// Alters the database as nobody should.
fn sql(place: &Place, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(place.path("state/register.db"));
    blocking::run(async {
        let mut connection = options.connect().await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    });
}
