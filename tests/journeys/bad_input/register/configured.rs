//! Registers whose configuration is wrong.

use super::{CHECK, SERVE, case};
use crate::bad_input::case::Case;

pub(super) fn text() -> Vec<Case> {
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

pub(super) fn values() -> Vec<Case> {
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
