//! Signatures by the key of a client certificate.
//!
//! Promises: only the signature schemes that a handshake would take.

/// Whether this key made a signature over a message, by a signature scheme of TLS 1.3; the key as its certificate holds it.
#[must_use]
pub fn signed(key: &[u8], scheme: u16, (message, signature): (&[u8], &[u8])) -> bool {
    let schemes = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
    let mut ways = schemes.mapping.iter().filter(|(known, _)| u16::from(*known) == scheme).flat_map(|(_, ways)| *ways);
    ways.any(|way| way.verify_signature(key, message, signature).is_ok())
}

#[cfg(test)]
mod tests {
    use rustls::SignatureScheme;
    use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

    use super::*;

    #[test]
    fn only_the_key_that_signed_this_message_by_this_scheme_is_taken() {
        let [(key, pair), (other, _)] = [(); 2].map(|()| {
            let pair = rcgen::KeyPair::generate().unwrap();
            (pair.public_key_raw().to_vec(), pair)
        });
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(pair.serialize_der()));
        let private = rustls::crypto::aws_lc_rs::sign::any_supported_type(&private).unwrap();
        let signer = private.choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256]).unwrap();
        let signature = signer.sign(b"what is signed").unwrap();
        let scheme = u16::from(signer.scheme());
        assert!(signed(&key, scheme, (b"what is signed", &signature)));
        assert!(!signed(&other, scheme, (b"what is signed", &signature)));
        assert!(!signed(&key, scheme, (b"what is Signed", &signature)));
        assert!(!signed(&key, scheme, (b"what is signed", &signature[1..])));
        let another = u16::from(SignatureScheme::ECDSA_NISTP384_SHA384);
        assert!(!signed(&key, another, (b"what is signed", &signature)));
        assert!(!signed(&key, 0, (b"what is signed", &signature)));
    }
}
