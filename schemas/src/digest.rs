//! The answers to `GET /v1/digest` and `GET /v1/digest/{buckets}`: what the register holds of a sender, small enough to be compared
//! every week, and line by line where it differs.
//!
//! Promises: both ends make the same digests from the same records, whatever the order; a line names a record by its key, which only
//! its sender can trace to a treatment; no content leaves the register.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::canonical;
use crate::id::{RecordKey, Version};

/// Records are spread over this many buckets by their keys.
pub const BUCKETS: usize = 256;

/// The answer to `GET /v1/digest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Digest {
    /// The newest generation that the register gave to the sender, 0 when none.
    pub generation: u32,
    /// [`BUCKETS`] buckets, in their order.
    pub buckets: Vec<Bucket>,
}

/// What one bucket holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Active treatments.
    pub n: u64,
    /// SHA-256 over their [`Line`]s in the order of the keys, lower-case hexadecimal.
    pub digest: String,
}

/// One active treatment: `<record key> <generation>.<counter> <content hash in hexadecimal>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Which treatment.
    pub key: RecordKey,
    /// Its version.
    pub version: Version,
    /// [`crate::record::content_hash`] of its content.
    pub content: [u8; 32],
}

impl Line {
    /// The bucket of the record: the first byte of the SHA-256 of its key.
    #[must_use]
    pub fn bucket(&self) -> u8 {
        bucket(self.key.as_str())
    }

    /// The line with its line feed.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { key, version: Version { generation, counter }, content } = self;
        format!("{key} {generation}.{counter} {}\n", canonical::hex(content))
    }

    /// Reads a line without its line feed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (key, version, content) = (parts.next()?, parts.next()?, parts.next()?);
        let (generation, counter) = version.split_once('.')?;
        let version = Version { generation: generation.parse().ok()?, counter: counter.parse().ok()? };
        let read = Self { key: key.parse().ok()?, version, content: canonical::from_hex(content)? };
        parts.next().is_none().then_some(read)
    }
}

/// The bucket of a record by its whole key.
#[must_use]
pub fn bucket(key: &str) -> u8 {
    canonical::sha256(key.as_bytes())[0]
}

/// Makes the buckets of lines that come in the order of their keys.
#[derive(Debug, Clone)]
pub struct Digester(Vec<(u64, Sha256)>);

impl Default for Digester {
    fn default() -> Self {
        Self(vec![Default::default(); BUCKETS])
    }
}

impl Digester {
    /// Adds a line; its key comes after those of all lines before.
    pub fn add(&mut self, line: &Line) {
        let (n, hash) = &mut self.0[usize::from(line.bucket())];
        *n += 1;
        hash.update(line.text());
    }

    /// The buckets.
    #[must_use]
    pub fn finish(self) -> Vec<Bucket> {
        self.0.into_iter().map(|(n, hash)| Bucket { n, digest: canonical::hex(&hash.finalize()) }).collect()
    }
}

/// SHA-256 over the canonical bytes of all buckets, in hexadecimal: what a sender tells of its own with `GET /v1/digest?here=`, so that
/// the register knows too whether both ends hold the same.
#[must_use]
pub fn fingerprint(buckets: &[Bucket]) -> String {
    canonical::sha256_hex(&canonical::bytes(&buckets))
}

/// Two hexadecimal digits a bucket, joined by commas: the last part of the address of `GET /v1/digest/{buckets}`.
#[must_use]
pub fn write_buckets(buckets: &[u8]) -> String {
    let names: Vec<String> = buckets.iter().map(|bucket| format!("{bucket:02x}")).collect();
    names.join(",")
}

/// Reads what [`write_buckets`] writes; nothing when it is something else.
#[must_use]
pub fn read_buckets(text: &str) -> Option<Vec<u8>> {
    let named: Vec<u8> =
        text.split(',').map(|name| canonical::from_hex::<1>(name).map(|[bucket]| bucket)).collect::<Option<_>>()?;
    (named.len() <= BUCKETS).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u8, counter: u64) -> Line {
        let key = format!("rec1.12.{number:03}{}", "a".repeat(40));
        Line { key: key.parse().unwrap(), version: Version { generation: 1, counter }, content: [number; 32] }
    }

    #[test]
    fn a_line_reads_back_and_nothing_near_it_does() {
        let line = line(7, 42);
        let text = line.text();
        let text = text.strip_suffix('\n').unwrap();
        assert_eq!(Line::read(text), Some(line));
        for wrong in [&text[1..], &text[..text.len() - 1], &format!("{text} x"), &text.replace('.', " "), ""] {
            assert_eq!(Line::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn any_change_of_any_line_shows_in_its_bucket_alone() {
        let buckets = |lines: &[Line]| {
            let mut digester = Digester::default();
            for line in lines {
                digester.add(line);
            }
            digester.finish()
        };
        let lines: Vec<Line> = (0..200).map(|number| line(number, 1)).collect();
        let whole = buckets(&lines);
        assert_eq!((whole.len(), whole.iter().map(|bucket| bucket.n).sum::<u64>()), (BUCKETS, 200));
        let altered = |alter: fn(&mut Vec<Line>)| {
            let mut lines = lines.clone();
            alter(&mut lines);
            let now = buckets(&lines);
            (0..BUCKETS).filter(|at| whole[*at] != now[*at]).collect::<Vec<_>>()
        };
        let own = usize::from(lines[9].bucket());
        assert_eq!(altered(|lines| lines[9].content[31] ^= 1), [own]);
        assert_eq!(altered(|lines| lines[9].version.counter = 2), [own]);
        assert_eq!(altered(|lines| drop(lines.remove(9))), [own]);
        assert_eq!(altered(|lines| lines.insert(9, lines[9].clone())), [own]);
    }

    #[test]
    fn buckets_in_an_address_read_back() {
        assert_eq!(read_buckets(&write_buckets(&[0, 7, 255])), Some(vec![0, 7, 255]));
        for wrong in ["", "7", "07,", "07,xx", "0707", &["00"; 257].join(",")] {
            assert_eq!(read_buckets(wrong), None, "{wrong}");
        }
    }
}
