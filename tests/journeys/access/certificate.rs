//! Certificates that the register's own command does not make.
//!
//! Promises: each is a good one but for the one thing that its maker changes.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use end_to_end::pki::Authority;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose, SanType};

/// What stands in a good one of a sender, for many years around today.
pub(crate) fn good(environment: &str, sender: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, format!("Sender {sender}"));
    params.subject_alt_names = vec![name(&format!("spiffe://register/{environment}/sender/{sender}"))];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    (params.not_before, params.not_after) = (rcgen::date_time_ymd(2020, 1, 1), rcgen::date_time_ymd(2120, 1, 1));
    params
}

/// A URI among a certificate's names.
pub(super) fn name(uri: &str) -> SanType {
    SanType::URI(uri.try_into().expect("a URI is ASCII"))
}

/// Signs with an authority's own key.
pub(crate) fn sign(authority: &Authority, params: &CertificateParams, folder: &Path) {
    let read = |file: &str| std::fs::read_to_string(authority.folder.join(file)).expect("the authority's files");
    sign_with((&read("ca.pem"), &read("ca.key")), params, folder);
}

/// Signs with any certificate and key, also those that are no authority; the signer's certificate follows in the file.
pub(super) fn sign_with((signer, key): (&str, &str), params: &CertificateParams, folder: &Path) {
    let issuer = Issuer::from_ca_cert_pem(signer, KeyPair::from_pem(key).expect("a key")).expect("a signer");
    let own = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&own, &issuer).expect("a certificate").pem();
    write(folder, (&format!("{certificate}{signer}"), &own));
}

/// Signs with the certificate's own key.
pub(super) fn self_sign(params: &CertificateParams, folder: &Path) {
    let own = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&own).expect("a certificate").pem();
    write(folder, (&certificate, &own));
}

fn write(folder: &Path, (certificate, key): (&str, &KeyPair)) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("region.pem"), certificate).expect("a file");
    std::fs::write(folder.join("region.key"), key.serialize_pem()).expect("a file");
    std::fs::set_permissions(folder.join("region.key"), Permissions::from_mode(0o600)).expect("a mode");
}
