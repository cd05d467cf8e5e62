//! The names of persons and records, worked out again from the key files by their definition (HMAC-SHA256, parts between zero bytes).

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Keys of a region and the register's own.
pub(super) struct Secrets {
    kid: String,
    person: Vec<u8>,
    record: Vec<u8>,
    pepper: Vec<u8>,
}

impl Secrets {
    /// Reads a region's key file and the register's pepper.
    pub(super) fn read(key_file: &Path, pepper: &Path) -> Self {
        let text = |path: &Path| std::fs::read_to_string(path).unwrap();
        let keys: toml::Table = text(key_file).parse().unwrap();
        let word = |part: &str, name: &str| keys[part][name].as_str().unwrap().to_owned();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim()).unwrap();
        Self {
            kid: word("person", "id"),
            person: bytes(&word("person", "key")),
            record: bytes(&word("record", "key")),
            pepper: bytes(&text(pepper)),
        }
    }

    /// The register's own name of a person with a personnummer, in hexadecimal.
    pub(super) fn person(&self, number: &str) -> String {
        let own = hmac(&self.person, &[b"fedreg/psn/v1", b"SE-PNR", number.as_bytes()]);
        schemas::canonical::hex(&hmac(&self.pepper, &[b"fedreg/rekey/v1", self.kid.as_bytes(), &own]))
    }

    /// The key of a treatment's record.
    pub(super) fn record(&self, sender: &str, id: &str) -> String {
        let hash = hmac(&self.record, &[b"fedreg/rec/v1", b"main", id.as_bytes()]);
        format!("rec1.{sender}.{}", URL_SAFE_NO_PAD.encode(hash))
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    assert!(key.len() <= 64, "a longer key would be hashed first");
    let pad = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or_default() ^ with).collect() };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(parts.join(&0)).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}

#[test]
fn the_published_vectors_come_out() {
    let bytes = |from: u8| (from..from + 32).collect::<Vec<u8>>();
    let secrets = Secrets { kid: "r01-g1".into(), person: bytes(0), record: Vec::new(), pepper: bytes(0x20) };
    let expected = URL_SAFE_NO_PAD.decode("vjZdjS30h36uqIDPamXoqkCcu5T4lBK2taQkzBoeDyw").unwrap();
    assert_eq!(secrets.person("191212121212"), schemas::canonical::hex(&expected));
}
