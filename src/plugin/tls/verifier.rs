//! A client certificate verifier that accepts only given certificates.
//!
//! Terraform's certificate is self-signed and marked as a CA, which path validation rejects for a client. The verifier
//! instead compares it with the given certificates. Terraform created the certificate for this process only, so the
//! verifier does not check its dates.

use rustls::DigitallySignedStruct;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DistinguishedName, Error, SignatureScheme};

/// Compares the client's certificate byte by byte, and verifies that the client has its key.
#[derive(Debug)]
pub(super) struct PinnedClientVerifier {
    pinned: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedClientVerifier {
    pub(super) fn new(pinned: Vec<CertificateDer<'static>>, algorithms: WebPkiSupportedAlgorithms) -> Self {
        Self { pinned, algorithms }
    }
}

impl ClientCertVerifier for PinnedClientVerifier {
    /// Returns no subjects, so that a client does not select its certificate by issuer.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        true
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if self.pinned.iter().any(|pinned| pinned.as_ref() == end_entity.as_ref()) {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    // The certificate is visible in the environment of this process. Only the signature proves that the client has the
    // key.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    /// Includes P-521 with SHA-512, which Go clients use.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rustls::crypto::aws_lc_rs;

    use super::*;

    #[test]
    fn accepts_only_the_given_certificate() {
        let certificate = || {
            let key = rcgen::KeyPair::generate().expect("a key");
            let params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
            params.self_signed(&key).expect("a certificate").der().clone()
        };
        let (own, other) = (certificate(), certificate());
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        let verifier = PinnedClientVerifier::new(vec![own.clone()], algorithms);
        let verify = |certificate| verifier.verify_client_cert(certificate, &[], UnixTime::now());

        assert!(verify(&own).is_ok());
        assert_eq!(verify(&other).err(), Some(CertificateError::ApplicationVerificationFailure.into()));
    }
}
