//! MariaDB.

use std::process::Command;
use std::sync::OnceLock;

use anyhow::Context as _;

use crate::engine::{Engine, Kind, Place, Stop, succeeded};
use crate::programs::need;

const KIND: Kind =
    Kind { account: "mysql", initialise, serve, ready: "ready for connections", orderly: "TERM", crash: "KILL" };

/// A MariaDB server that ends with this process.
pub struct MariaDb(Engine);

impl MariaDb {
    /// The one server that all tests of this process share, started on first use.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn shared() -> anyhow::Result<&'static Self> {
        static SHARED: OnceLock<Result<MariaDb, String>> = OnceLock::new();
        let started = SHARED.get_or_init(|| Self::start(&[]).map_err(|error| format!("{error:#}")));
        started.as_ref().map_err(|error| anyhow::anyhow!(error.clone()))
    }

    /// A server of one's own with these settings of my.cnf, for example to be stopped; it ends when it is dropped.
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
        self.client("mysql", &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))?;
        Ok(self.url(&name))
    }

    /// The address of a database over TCP; its owner `root` has no password.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("mysql://root@127.0.0.1:{}/{database}", self.0.place.port)
    }

    /// The address over the Unix socket of the database that a TCP address names.
    #[must_use]
    pub fn socket_url(&self, url: &str) -> String {
        let database = url.rsplit('/').next().unwrap_or("mysql");
        format!("mysql://root@localhost/{database}?socket={}", socket(&self.0.place))
    }

    /// Runs statements with the client; gives what they answer, a line a row, columns between tabs.
    ///
    /// # Errors
    /// When the server refuses one.
    pub fn client(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        let program = need("mariadb")?;
        let mut client = Command::new(&program);
        client.args(["--no-defaults", "--host=127.0.0.1", "--user=root", "--batch", "--skip-column-names"]);
        client.arg(format!("--port={}", self.0.place.port)).args(["--execute", statements, database]);
        succeeded("mariadb", &client.output().context("mariadb cannot be started")?)
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

fn socket(place: &Place) -> String {
    place.folder.join("socket").display().to_string()
}

fn initialise(place: &Place) -> anyhow::Result<Vec<String>> {
    let install = need("mariadb-install-db")?.display().to_string();
    let data = format!("--datadir={}", place.data());
    let options =
        ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"].map(str::to_owned);
    Ok([vec![install, "--no-defaults".to_owned(), data], options.to_vec()].concat())
}

fn serve(place: &Place, settings: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
    let (port, socket, data) = (place.port.to_string(), socket(place), place.data());
    let own = [
        ("datadir", data.as_str()),
        ("bind-address", "127.0.0.1"),
        ("port", port.as_str()),
        ("socket", socket.as_str()),
        ("character-set-server", "utf8mb4"),
    ];
    let mut command = vec![need("mariadbd")?.display().to_string(), "--no-defaults".into()];
    command.extend(own.iter().chain(settings).map(|(name, value)| format!("--{name}={value}")));
    Ok(command)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::guard;

    /// The variable by which a test tells the process that it starts to hold a server until it is killed.
    const HOLD: &str = "DATABASES_TEST_HOLDS_MARIADB";

    #[test]
    fn mariadb_answers_over_tcp_and_socket_in_a_database_of_its_own() {
        let server = MariaDb::shared().unwrap();
        let (first, second) = (server.database("answer").unwrap(), server.database("answer").unwrap());
        assert_ne!(first, second);
        let name = first.rsplit('/').next().unwrap();
        assert_eq!(server.client(name, "SELECT 1; SELECT database()").unwrap(), format!("1\n{name}"));
        let socket = format!("--socket={}", socket(&server.0.place));
        let told =
            Command::new("mariadb").args(["--no-defaults", &socket, "-N", "-u", "root", "-e", "SELECT 2"]).output();
        assert_eq!(succeeded("mariadb", &told.unwrap()).unwrap(), "2");
        assert!(server.client(name, "SELECT nothing").is_err());
    }

    #[test]
    fn a_stopped_mariadb_comes_back_under_its_address_with_what_it_kept() {
        let server = MariaDb::start(&[]).unwrap();
        let url = server.database("kept").unwrap();
        let name = url.rsplit('/').next().unwrap();
        server.client(name, "CREATE TABLE kept (n INT)").unwrap();
        for how in [Stop::Orderly, Stop::Crash] {
            server.client(name, "INSERT INTO kept VALUES (1)").unwrap();
            server.stop(how).unwrap();
            assert!(server.client(name, "SELECT 1").is_err());
            server.start_again().unwrap();
        }
        assert_eq!(server.client(name, "SELECT count(*) FROM kept").unwrap(), "2");
    }

    #[test]
    fn mariadb_is_gone_with_its_folder_when_its_owner_is_killed() {
        if std::env::var_os(HOLD).is_some() {
            let server = MariaDb::start(&[]).unwrap();
            println!("folder {}", server.0.place.folder.display());
            std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        }
        let test = "mariadb::tests::mariadb_is_gone_with_its_folder_when_its_owner_is_killed";
        let folder = guard::tests::folder_of_a_killed_owner(HOLD, test);
        assert!(!folder.exists());
    }
}
