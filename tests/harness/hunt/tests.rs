//! One number planted in every spelling and encoding is found, and clean bytes stay clean.

use std::fs::File;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use sha2::Digest;

use super::{Hit, Hunt};

const NUMBER: &str = "198504119806";

fn hunt() -> Hunt {
    Hunt::new(["194507019981", NUMBER])
}

fn forms(bytes: &[u8]) -> Vec<String> {
    let hits: Vec<Hit> = hunt().bytes("here", bytes);
    assert!(hits.iter().all(|hit| hit.number == 1), "{hits:?}");
    hits.into_iter().map(|hit| hit.form).collect()
}

fn in_noise(middle: &[u8]) -> Vec<u8> {
    let noise: Vec<u8> = (0..3000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (before, after) = noise.split_at(1501);
    [before, middle, after].concat()
}

#[test]
fn every_spelling_of_the_digits_is_found() {
    let spellings = [
        "198504119806",
        "8504119806",
        "19850411-9806",
        "850411-9806",
        "850411+9806",
        "850411 9806",
        "19850411 9806",
        "850411–9806",
        "850411\u{2212}9806",
        "85-04-11-9806",
        "1985-04-11-9806",
        "19 850411-9806",
        "1985 0411 9806",
        "850411\u{a0}9806",
        "850411\u{ad}9806",
        "８５０４１１－９８０６",
        "１９８５０４１１９８０６",
        "SOB-19850411-9806-3",
        "x8504119806y",
        "0198504119806",
        "85041198061",
        "1 9 8 5 0 4 1 1 9 8 0 6",
        "850411/9806",
    ];
    for spelling in spellings {
        let wide = |to: fn(u16) -> [u8; 2]| spelling.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        for bytes in [spelling.as_bytes().to_vec(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
            assert!(!forms(&in_noise(&bytes)).is_empty(), "{spelling}");
        }
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[test]
fn every_alignment_of_base64_and_hex_is_found() {
    for lead in ["", "x", "xy"] {
        let text = format!("{lead}850411-9806");
        let hex = hex_of(text.as_bytes());
        for coded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text), hex.to_uppercase(), format!("a{hex}")] {
            for before in ["", "\"", "k.", "ab"] {
                let hits = forms(&in_noise(format!("{before}{coded}\"").as_bytes()));
                assert!(hits.iter().any(|form| form.ends_with("10 digits")), "{before}{coded}: {hits:?}");
            }
        }
    }
    let folded = STANDARD.encode("850411-9806").replace("DEx", "DEx\r\n");
    assert!(folded.contains('\n') && !forms(folded.as_bytes()).is_empty());
}

#[test]
fn escapes_are_found() {
    let each = |shape: fn(u8) -> String| "850411-9806".bytes().map(shape).collect::<Vec<_>>().concat();
    let coded = [
        each(|byte| format!("%{byte:02X}")),
        each(|byte| format!("\\u00{byte:02x}")),
        each(|byte| format!("\\x{byte:02x}")),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("&#x{byte:x};")),
        "850411%2D9806".to_owned(),
        "850411\\u20139806".to_owned(),
    ];
    for text in coded {
        assert!(
            forms(format!("{{\"id\": \"{text}\"").as_bytes()).iter().any(|form| form.starts_with("escaped")),
            "{text}"
        );
    }
}

#[test]
fn integers_doubles_and_hashes_are_found() {
    use sha2::Sha256;
    let twelve: u64 = NUMBER.parse().unwrap();
    let ten: u64 = NUMBER[2..].parse().unwrap();
    for value in [twelve, ten] {
        let double = value as f64;
        for bytes in [value.to_be_bytes(), value.to_le_bytes(), double.to_be_bytes(), double.to_le_bytes()] {
            assert!(!forms(&in_noise(&bytes)).is_empty(), "{bytes:?}");
        }
        assert!(!forms(&in_noise(&value.to_be_bytes()[2..])).is_empty(), "six bytes, as SQLite keeps it");
    }
    assert!(!forms(&in_noise(&[0x19, 0x85, 0x04, 0x11, 0x98, 0x06])).is_empty());
    assert!(!forms(&in_noise(&Sha256::digest(NUMBER))).is_empty());
    assert!(!forms(&in_noise(hex_of(&Sha256::digest("850411-9806")).as_bytes())).is_empty());
}

#[test]
fn members_are_unpacked_inside_each_other() {
    let line = format!("{{\"person\":\"{NUMBER}\"}}\n").repeat(30);
    let zstd = zstd::encode_all(line.as_bytes(), 3).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&zstd).unwrap();
    let gzip = gzip.finish().unwrap();
    assert!(forms(&in_noise(&zstd)).contains(&"zstd > 12 digits".to_owned()));
    assert!(forms(&in_noise(&gzip)).contains(&"gzip > zstd > 12 digits".to_owned()));
    let base64 = STANDARD.encode(&gzip);
    assert!(forms(base64.as_bytes()).contains(&"base64 > gzip > zstd > 12 digits".to_owned()));
    let cut = zstd::encode_all(format!("{line}{}", "y".repeat(400_000)).as_bytes(), 3).unwrap();
    assert!(!forms(&cut[..cut.len() - 4]).is_empty(), "a member cut short");
}

#[test]
fn clean_bytes_stay_clean() {
    let noise: Vec<u8> = (0..6_000u32).flat_map(|n| sha2::Sha256::digest(n.to_be_bytes())).collect();
    let other = "198504119814 19850411980 850411 9807 2026-11-22T04:30:06.198504Z 85-0411980-6 350411980612".repeat(40);
    let coded = STANDARD.encode(&noise);
    for bytes in [noise.as_slice(), other.as_bytes(), coded.as_bytes(), b""] {
        assert_eq!(forms(bytes), Vec::<String>::new());
    }
}

#[test]
fn lost_zeros_are_found_only_as_a_run_of_their_own() {
    let hunt = Hunt::new(["504119804"]);
    assert_eq!(hunt.bytes("here", b"id,504119804,x").len(), 1);
    assert_eq!(hunt.bytes("here", b"id,1504119804,x").len(), 0);
}

#[test]
fn files_names_and_unlinked_files_of_a_process_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("deep")).unwrap();
    std::fs::write(folder.path().join("deep/850411-9806.txt"), "nothing").unwrap();
    std::fs::write(folder.path().join("deep/other"), "850411-9806").unwrap();
    let places: Vec<String> = hunt().directory(folder.path()).unwrap().into_iter().map(|hit| hit.place).collect();
    assert!(places.len() == 2 && places[0].starts_with("the name of") && places[1].ends_with("other"), "{places:?}");

    let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
    assert_eq!(hunt().process(child.id()).unwrap(), []);
    child.kill().unwrap();
    child.wait().unwrap();
    let path = folder.path().join("gone");
    let mut unlinked = File::create_new(&path).unwrap();
    unlinked.write_all(b"..850411-9806..").unwrap();
    std::fs::remove_file(&path).unwrap();
    let hits = hunt().process(std::process::id()).unwrap();
    assert!(hits.iter().any(|hit| hit.place.contains("gone (deleted)")), "{hits:?}");
}

#[test]
fn records_that_spill_over_pages_and_small_integers_are_found_in_databases_and_logs() {
    use sqlx::{ConnectOptions, Connection};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    // Letters without a pattern are packed into fewer bits, so that the number stands nowhere in plain bytes.
    let letters = |n: u32| STANDARD.encode(sha2::Sha256::digest(n.to_be_bytes())).into_bytes();
    let page = |from: u32| (from..from + 400).flat_map(letters).collect::<Vec<u8>>();
    let packed =
        zstd::encode_all([page(0), format!(" {NUMBER} ").into_bytes(), page(400)].concat().as_slice(), 3).unwrap();
    let searched = Hunt::new(["194507019981", NUMBER, "200504119804"]);
    let forms = |file: &str| -> Vec<String> {
        let bytes = std::fs::read(folder.path().join(file)).unwrap();
        searched.bytes(file, &bytes).into_iter().map(|hit| hit.form).collect()
    };
    crate::blocking::run(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = options.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal).connect().await.unwrap();
        sqlx::raw_sql("CREATE TABLE t (a INTEGER, b BLOB)").execute(&mut connection).await.unwrap();
        sqlx::query("INSERT INTO t VALUES (504119804, ?1)").bind(&packed).execute(&mut connection).await.unwrap();
        let hits = forms("state.db-wal");
        assert!(hits.contains(&"sqlite record > zstd > 12 digits".to_owned()), "{hits:?}");
        connection.close().await.unwrap();
    });
    let hits = forms("state.db");
    assert!(hits.contains(&"sqlite record > zstd > 12 digits".to_owned()), "{hits:?}");
    assert!(hits.contains(&"sqlite integer".to_owned()), "{hits:?}");
}

#[test]
fn bytes_are_found_as_they_are_in_every_encoding_and_other_bytes_are_not() {
    use sqlx::{ConnectOptions, Connection};
    let (raw, text) = (sha2::Sha256::digest(b"a person's name in the register"), "rec1.12.aZ-_09bcdefghij");
    let hunt = Hunt::exactly([b"not there".as_slice(), raw.as_slice(), text.as_bytes()]);
    let found = |bytes: &[u8]| -> Vec<(usize, String)> {
        hunt.bytes("here", &in_noise(bytes)).into_iter().map(|hit| (hit.number, hit.form)).collect()
    };
    let gzip = |bytes: &[u8]| {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    };
    let letters = |n: u32| STANDARD.encode(sha2::Sha256::digest(n.to_be_bytes())).into_bytes();
    let among = |needle: &[u8]| [letters(1), needle.to_vec(), letters(2)].concat();
    for (index, needle) in [(1, raw.as_slice()), (2, text.as_bytes())] {
        for (bytes, form) in [
            (needle.to_vec(), "bytes"),
            (gzip(&among(needle)), "gzip > bytes"),
            (zstd::encode_all(among(needle).as_slice(), 3).unwrap(), "zstd > bytes"),
            (STANDARD.encode(needle).into_bytes(), "base64 > bytes"),
            (URL_SAFE_NO_PAD.encode(gzip(&among(needle))).into_bytes(), "base64 > gzip > bytes"),
            (hex_of(needle).to_uppercase().into_bytes(), "hex > bytes"),
        ] {
            assert!(found(&bytes).contains(&(index, form.to_owned())), "{form}: {:?}", found(&bytes));
        }
    }
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&wide), [(2, "UTF-16".to_owned())]);
    let escaped = text.bytes().map(|byte| ["\\u00", &hex_of(&[byte])].concat()).collect::<String>();
    assert_eq!(found(escaped.as_bytes()), [(2, "escaped > bytes".to_owned())]);
    assert_eq!(found(&raw[..31]), []);
    assert_eq!(found(text.replace("aZ", "AZ").as_bytes()), []);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    crate::blocking::run(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql("CREATE TABLE t (a TEXT)").execute(&mut connection).await.unwrap();
        // The pages' own numbers stand in the middle of the text, so that nobody finds it byte by byte.
        let long = format!("{}{text}{}", "x".repeat(4_965), "y".repeat(5_000));
        sqlx::query("INSERT INTO t VALUES (?1)").bind(&long).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    let hits = hunt.directory(folder.path()).unwrap();
    assert!(hits.iter().any(|hit| hit.number == 2 && hit.form.starts_with("sqlite record")), "{hits:?}");
}
