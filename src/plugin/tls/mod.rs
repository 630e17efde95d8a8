//! Mutual TLS with certificates that live as long as the process: only the CLI that started us can talk to us.
//!
//! The CLI hands us its certificate in the environment and takes ours from the handshake line. Each side trusts that
//! one certificate and nothing else.

mod pinned;

use std::io;
use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoServerSessionStorage;
use tokio_rustls::TlsAcceptor;

use super::listener::Socket;

/// The name that go-plugin's client expects the server to have.
const SERVER_NAME: &str = "localhost";

/// Our half of the mutual trust.
#[derive(Clone)]
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    certificate: CertificateDer<'static>,
}

/// Why no TLS can be offered.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// `PLUGIN_CLIENT_CERT` is set, but to something else than certificates. The CLI, or what wraps it, has a fault.
    #[error("PLUGIN_CLIENT_CERT holds no PEM certificate")]
    ClientCertificate,
    /// The one-use certificate of this process could not be made.
    #[error("cannot make a certificate: {0}")]
    OwnCertificate(#[from] rcgen::Error),
    /// rustls refuses the configuration.
    #[error("cannot set up TLS: {0}")]
    Configuration(#[from] rustls::Error),
}

impl Tls {
    /// Makes a certificate for this process and lets in who proves to own `client_certificate` (PEM).
    pub(crate) fn new(client_certificate: &str) -> Result<Self, TlsError> {
        let pinned: Vec<_> = CertificateDer::pem_slice_iter(client_certificate.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::ClientCertificate)?;
        if pinned.is_empty() {
            return Err(TlsError::ClientCertificate);
        }

        let (certificate, key) = own_certificate()?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = pinned::PinnedClient::new(pinned, provider.signature_verification_algorithms);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(vec![certificate.clone()], key)?;
        // grpc-go hangs up on a server that did not negotiate HTTP/2.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // Every connection proves itself; none resumes the proof of another.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// DER of our certificate, for the handshake line.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Runs the TLS handshake on a new connection.
    pub(crate) async fn accept(&self, socket: Box<dyn Socket>) -> io::Result<Box<dyn Socket>> {
        Ok(Box::new(self.acceptor.accept(socket).await?))
    }
}

/// A P-256 certificate that signs itself. It is not a CA: some TLS stacks refuse a CA as a server's certificate.
fn own_certificate() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([SERVER_NAME.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, SERVER_NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?;
    Ok((certificate.into(), PrivatePkcs8KeyDer::from(key.serialize_der()).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_certificate_that_is_none_is_refused() {
        for junk in ["", "not PEM", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"] {
            assert!(matches!(Tls::new(junk), Err(TlsError::ClientCertificate)), "{junk:?}");
        }
    }

    #[test]
    fn every_process_has_a_certificate_of_its_own() {
        let (first, _) = own_certificate().expect("key generation works");
        let (second, _) = own_certificate().expect("key generation works");
        assert_ne!(first, second);
    }
}
