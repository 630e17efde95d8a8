//! A client certificate verifier that accepts only the certificates it was given.
//!
//! The CLI's certificate is self-signed and marked as a CA, which path validation rightly refuses for a client. There is
//! no path to validate: the certificate must be one of the given ones, and valid now.

use rustls::DigitallySignedStruct;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DistinguishedName, Error, SignatureScheme};

use super::validity::validity;

/// Compares the client's certificate byte by byte, checks that it is valid now, and verifies that the client has its key.
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
    /// Empty, so that a client does not select its certificate by issuer.
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
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if self.pinned.iter().all(|pinned| pinned.as_ref() != end_entity.as_ref()) {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        let validity = validity(end_entity).ok_or(CertificateError::BadEncoding)?;
        match i64::try_from(now.as_secs()) {
            Ok(now) if now < *validity.start() => Err(CertificateError::NotValidYet.into()),
            Ok(now) if now <= *validity.end() => Ok(ClientCertVerified::assertion()),
            _ => Err(CertificateError::Expired.into()),
        }
    }

    // The certificate is visible in the environment of this process. Only the signature proves who has the key.
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

    /// Includes P-521 with SHA-512, which the key of a Go client needs.
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::crypto::aws_lc_rs;

    use super::*;

    #[test]
    fn a_certificate_is_accepted_only_while_it_is_valid() {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
        let day = |year| rcgen::date_time_ymd(year, 1, 1);
        (params.not_before, params.not_after) = (day(2020), day(2030));
        let certificate = params.self_signed(&key).expect("a certificate").der().clone();
        let algorithms = aws_lc_rs::default_provider().signature_verification_algorithms;
        let verifier = PinnedClientVerifier::new(vec![certificate.clone()], algorithms);
        let verify = |year| {
            let seconds = day(year).unix_timestamp().unsigned_abs();
            verifier.verify_client_cert(&certificate, &[], UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
        };

        assert!(verify(2025).is_ok());
        assert_eq!(verify(2019).err(), Some(CertificateError::NotValidYet.into()));
        assert_eq!(verify(2031).err(), Some(CertificateError::Expired.into()));
    }
}
