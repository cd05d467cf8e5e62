//! PostgreSQL.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::Context as _;

use crate::engine::{Engine, Kind, Place, Stop, succeeded};
use crate::programs::need;

const KIND: Kind = Kind {
    account: "postgres",
    initialise,
    serve,
    ready: "database system is ready to accept connections",
    orderly: "INT",
    crash: "QUIT",
};

/// A PostgreSQL server that ends with this process.
pub struct Postgres(Engine);

impl Postgres {
    /// The one server that all tests of this process share, started on first use.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceLock<Result<Postgres, String>> = OnceLock::new();
        let started = SHARED.get_or_init(|| Self::start(&[]).map_err(|error| format!("{error:#}")));
        started.as_ref().map_err(|error| anyhow::anyhow!(error.clone()))
    }

    /// A server of one's own with these settings of postgresql.conf, for example to be stopped; it ends when it is dropped.
    ///
    /// # Errors
    /// A missing program with its package, or the last lines of the server's log.
    pub fn start(settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Engine::start(&KIND, settings).map(Self)
    }

    /// Makes a fresh, empty database whose name begins with `name` (lower case); gives its address over TCP.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        let name = self.0.unique(name);
        self.psql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// The address of a database over TCP.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.0.place.port)
    }

    /// The address over the Unix socket of the database that a TCP address names.
    #[must_use]
    pub fn socket_url(&self, url: &str) -> String {
        let database = url.rsplit('/').next().unwrap_or("postgres");
        let Place { folder, port } = &self.0.place;
        format!("postgres://postgres@localhost:{port}/{database}?host={}", folder.display())
    }

    /// Runs statements with psql; gives what they answer, a line a row, columns between bars.
    ///
    /// # Errors
    /// When the server refuses one.
    pub fn psql(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        let program = need("psql")?;
        let mut psql = Command::new(&program);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &self.url(database), "-c", statements]);
        succeeded("psql", &psql.output().context("psql cannot be started")?)
    }

    /// Stops the server; databases and address stay. Does nothing when it is stopped.
    ///
    /// # Errors
    /// When its end cannot be waited for.
    pub fn stop(&self, how: Stop) -> anyhow::Result<()> {
        self.0.stop(how)
    }

    /// Starts the stopped server on its old address. Does nothing when it runs.
    ///
    /// # Errors
    /// The last lines of the server's log.
    pub fn start_again(&self) -> anyhow::Result<()> {
        self.0.start_again()
    }
}

fn initialise(place: &Place) -> anyhow::Result<Vec<String>> {
    let initdb = need("initdb")?.display().to_string();
    let options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "-D"].map(str::to_owned);
    Ok([vec![initdb], options.to_vec(), vec![place.data()]].concat())
}

fn serve(place: &Place, settings: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
    let folder = place.folder.display().to_string();
    let port = place.port.to_string();
    let own = [
        ("listen_addresses", "127.0.0.1"),
        ("port", port.as_str()),
        ("unix_socket_directories", folder.as_str()),
        ("max_connections", "300"),
        ("logging_collector", "off"),
        // As the register requires it, so that erased records leave the log.
        ("wal_recycle", "off"),
    ];
    let mut command = vec![need("postgres")?.display().to_string(), "-D".into(), place.data()];
    for (name, value) in own.iter().chain(settings) {
        command.extend(["-c".into(), format!("{name}={value}")]);
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::guard;

    /// The variable by which a test tells the process that it starts to hold a server until it is killed.
    const HOLD: &str = "DATABASES_TEST_HOLDS_POSTGRES";

    #[test]
    fn postgresql_answers_over_tcp_and_socket_in_a_database_of_its_own() {
        let server = Postgres::shared().unwrap();
        let (first, second) = (server.database("answer").unwrap(), server.database("answer").unwrap());
        assert_ne!(first, second);
        let name = first.rsplit('/').next().unwrap();
        assert_eq!(server.psql(name, "SELECT 1; SHOW fsync").unwrap(), "1\non");
        let socket =
            Command::new("psql").args(["-X", "-A", "-t", "-c", "SELECT 2", "-d", &server.socket_url(&first)]).output();
        assert_eq!(succeeded("psql", &socket.unwrap()).unwrap(), "2");
        assert!(server.psql(name, "SELECT nothing").is_err());
    }

    #[test]
    fn a_stopped_postgresql_comes_back_under_its_address_with_what_it_kept() {
        let server = Postgres::start(&[("synchronous_commit", "on")]).unwrap();
        let url = server.database("kept").unwrap();
        let name = url.rsplit('/').next().unwrap();
        server.psql(name, "CREATE TABLE kept (n INT)").unwrap();
        for how in [Stop::Orderly, Stop::Crash] {
            server.psql(name, "INSERT INTO kept VALUES (1)").unwrap();
            server.stop(how).unwrap();
            assert!(server.psql(name, "SELECT 1").is_err());
            server.start_again().unwrap();
        }
        assert_eq!(server.psql(name, "SELECT count(*) FROM kept").unwrap(), "2");
    }

    #[test]
    fn postgresql_is_gone_with_its_folder_when_its_owner_is_killed() {
        if std::env::var_os(HOLD).is_some() {
            let server = Postgres::start(&[]).unwrap();
            println!("folder {}", server.0.place.folder.display());
            std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        }
        let test = "postgres::tests::postgresql_is_gone_with_its_folder_when_its_owner_is_killed";
        let folder = guard::tests::folder_of_a_killed_owner(HOLD, test);
        assert!(!folder.exists());
    }
}
