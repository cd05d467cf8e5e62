//! What stands in each certificate: for whom, for which use, and how long.
//!
//! Promises: the server's is for servers only, a sender's for clients only; a sender's identity is its URI name alone.

use jiff::{Timestamp, ToSpan as _};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SanType,
};
use schemas::id::{self, SenderCode};
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::Pem;

use super::broken;
use crate::failure::Failure;

/// What the authority's own name begins with; the environment follows.
const AUTHORITY: &str = "spiffe://register/";
/// Days that an authority holds.
const AUTHORITY_DAYS: i64 = 3_650;
/// Days that the server's certificate holds.
const SERVER_DAYS: i64 = 825;

/// The authority's.
pub(super) fn authority(environment: &str, now: Timestamp) -> Result<CertificateParams, Failure> {
    let mut params = params(&format!("Register development authority ({environment})"), now, AUTHORITY_DAYS)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.subject_alt_names = vec![uri(&format!("{AUTHORITY}{environment}"))?];
    Ok(params)
}

/// The server's, for localhost, 127.0.0.1 and the hosts named.
pub(super) fn server(hosts: &[String], now: Timestamp) -> Result<CertificateParams, Failure> {
    let mut params = params("Register", now, SERVER_DAYS)?;
    params.subject_alt_names = ["localhost", "127.0.0.1"]
        .into_iter()
        .chain(hosts.iter().map(String::as_str))
        .map(|host| match host.parse() {
            Ok(address) => Ok(SanType::IpAddress(address)),
            Err(_) => host
                .try_into()
                .map(SanType::DnsName)
                .map_err(|_| Failure::usage("--host takes a host name or an IP address")),
        })
        .collect::<Result<_, _>>()?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// A sender's.
pub(super) fn sender(
    environment: &str,
    sender: &SenderCode,
    now: Timestamp,
    days: i64,
) -> Result<CertificateParams, Failure> {
    let mut params = params(&format!("Sender {sender}"), now, days)?;
    params.subject_alt_names = vec![uri(&id::sender_uri(environment, sender))?];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// The environment that an authority's certificate names.
pub(super) fn environment(pem: &str) -> Option<String> {
    let pem = Pem::iter_from_buffer(pem.as_bytes()).next()?.ok()?;
    let certificate = pem.parse_x509().ok()?;
    let names = certificate.subject_alternative_name().ok()??;
    names.value.general_names.iter().find_map(|name| match name {
        GeneralName::URI(uri) => uri.strip_prefix(AUTHORITY).map(str::to_owned),
        _ => None,
    })
}

/// A certificate that began a day ago, so that a clock a little behind accepts it, and ends so many days from now.
fn params(name: &str, now: Timestamp, days: i64) -> Result<CertificateParams, Failure> {
    let end = now.checked_add((days.saturating_mul(24)).hours()).map_err(|_| out_of_range())?;
    let start = now.min(end).checked_sub(24.hours()).map_err(|_| out_of_range())?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = OffsetDateTime::from_unix_timestamp(start.as_second()).map_err(broken)?;
    params.not_after = OffsetDateTime::from_unix_timestamp(end.as_second()).map_err(broken)?;
    Ok(params)
}

fn out_of_range() -> Failure {
    Failure::usage("--days is out of range")
}

fn uri(text: &str) -> Result<SanType, Failure> {
    text.try_into().map(SanType::URI).map_err(broken)
}
