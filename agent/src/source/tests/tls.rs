//! A server that is spoken to under TLS, with an authority of the region's own.

use std::os::unix::fs::PermissionsExt as _;

use databases::{MariaDb, Postgres};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

use super::*;

const PASSWORD: &str = "hemligt-4711";
const TABLES: &str = "
CREATE TABLE treatments (treatment_id INT, person_id TEXT, unit_id TEXT, programme TEXT, status TEXT, started_on DATE, ended_on DATE,
    updated_at DATE);
CREATE TABLE measurements (treatment_id INT, instrument TEXT, timepoint TEXT, answered_on DATE, score INT, updated_at DATE);
CREATE TABLE units (unit_id TEXT, name TEXT, care_level TEXT, ownership TEXT);
INSERT INTO treatments (treatment_id, updated_at) VALUES (1, '2024-01-01');
";

/// An authority, and a certificate of it for a server at 127.0.0.1.
struct Authority {
    ca: String,
    certificate: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
        Self { ca: issuer.pem(), certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

/// Reads through an address whose parameters are the second part; other authorities lie beside the configuration.
async fn reading(address: &str, parameters: &str, ca: &str) -> (&'static str, String) {
    let region = Region::bare(|text| text.replace("sqlite://source.db", &format!("{address}?{parameters}")));
    std::fs::write(region.path("ca.pem"), ca).unwrap();
    std::fs::write(region.path("other.pem"), Authority::new().ca).unwrap();
    if let Ok(mut source) = opened(&region).await {
        let pages: Vec<_> = source.treatments(Rows::Since(Since::Beginning)).map(Result::unwrap).collect().await;
        return ("read", pages.len().to_string());
    }
    refused(&region).await
}

/// What each address comes to: verified, another authority, another name, no TLS, another password.
async fn each_case(address: &str, [verify, other, none]: [&str; 3], ca: &str) {
    assert_eq!(reading(address, verify, ca).await, ("read", "1".to_owned()));
    let (kind, sentence) = reading(address, other, ca).await;
    assert!(kind == "unreachable" && sentence.contains("cannot be trusted"), "{kind} {sentence}");
    let (kind, sentence) = reading(&address.replace("127.0.0.1", "localhost"), verify, ca).await;
    assert!(kind == "unreachable" && sentence.contains("cannot be trusted"), "{kind} {sentence}");
    for (address, parameters) in [(address, none), (&*address.replace(PASSWORD, "gissat"), verify)] {
        let (kind, sentence) = reading(address, parameters, ca).await;
        assert!(kind == "not allowed" && sentence.contains("user and password"), "{kind} {sentence}");
        assert!(!sentence.contains(PASSWORD) && !sentence.contains("gissat"), "{sentence}");
    }
}

#[tokio::test]
async fn postgresql_is_trusted_only_with_the_authority_that_the_address_names() {
    let authority = Authority::new();
    let server = Postgres::start(&[]).unwrap();
    let url = server.database("tls").unwrap();
    let name = url.rsplit('/').next().unwrap();
    server.psql(name, TABLES).unwrap();
    let grants =
        format!("CREATE ROLE agent LOGIN PASSWORD '{PASSWORD}'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO agent");
    server.psql(name, &grants).unwrap();
    let data = server.psql(name, "SHOW data_directory").unwrap();
    let rules = "host all postgres 127.0.0.1/32 trust\nhostssl all agent 127.0.0.1/32 scram-sha-256";
    // The server writes its own files: they must belong to its account.
    for (file, text) in
        [("tls.crt", authority.certificate.as_str()), ("tls.key", &authority.key), ("pg_hba.conf", rules)]
    {
        let write = format!(
            "COPY (SELECT unnest(string_to_array($text${}$text$, E'\\n'))) TO PROGRAM 'umask 077; cat > {data}/{file}'",
            text.trim()
        );
        server.psql(name, &write).unwrap();
    }
    for setting in ["ssl_cert_file = 'tls.crt'", "ssl_key_file = 'tls.key'", "ssl = on"] {
        server.psql(name, &format!("ALTER SYSTEM SET {setting}")).unwrap();
    }
    server.stop(databases::Stop::Orderly).unwrap();
    server.start_again().unwrap();
    let address = url.replace("postgres@", &format!("agent:{PASSWORD}@"));
    let verify =
        ["sslmode=verify-full&sslrootcert=ca.pem", "sslmode=verify-full&sslrootcert=other.pem", "sslmode=disable"];
    each_case(&address, verify, &authority.ca).await;
}

#[tokio::test]
async fn mariadb_is_trusted_only_with_the_authority_that_the_address_names() {
    let authority = Authority::new();
    let folder = TempDir::new().unwrap();
    // The server's account must be able to read what this account writes.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (certificate, key) = (file("tls.crt", &authority.certificate), file("tls.key", &authority.key));
    let server = MariaDb::start(&[("ssl-cert", &certificate), ("ssl-key", &key)]).unwrap();
    let url = server.database("tls").unwrap();
    let name = url.rsplit('/').next().unwrap();
    server.client(name, TABLES).unwrap();
    let grants = format!("CREATE USER agent IDENTIFIED BY '{PASSWORD}' REQUIRE SSL; GRANT SELECT ON {name}.* TO agent");
    server.client(name, &grants).unwrap();
    let address = url.replace("root@", &format!("agent:{PASSWORD}@"));
    let verify =
        ["ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem", "ssl-mode=VERIFY_IDENTITY&ssl-ca=other.pem", "ssl-mode=DISABLED"];
    each_case(&address, verify, &authority.ca).await;
}
