//! Mutual TLS with one-time certificates: only the Terraform process that started the provider can connect.
//!
//! Terraform passes its certificate in the environment, and reads the provider's certificate from the handshake line.
//! Each side trusts only the certificate of the other.

mod verifier;

use std::io;
use std::sync::Arc;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoServerSessionStorage;
use tokio_rustls::TlsAcceptor;

use super::listener::ByteStream;

/// The server name that go-plugin's client expects.
const SERVER_NAME: &str = "localhost";

/// The server side of mutual TLS.
#[derive(Clone)]
pub(crate) struct TlsServer {
    acceptor: TlsAcceptor,
    certificate: CertificateDer<'static>,
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// `PLUGIN_CLIENT_CERT` is not a PEM certificate. This is a bug of Terraform or of a wrapper.
    #[error("PLUGIN_CLIENT_CERT does not contain a PEM certificate")]
    InvalidClientCertificate,
    /// Generating the certificate of this process failed.
    #[error("cannot generate a certificate: {0}")]
    ServerCertificate(#[from] rcgen::Error),
    /// rustls rejected the configuration.
    #[error("cannot set up TLS: {0}")]
    Configuration(#[from] rustls::Error),
}

impl TlsServer {
    /// Generates a certificate for this process and accepts only the owner of `client_certificate` (PEM).
    pub(crate) fn new(client_certificate: &str) -> Result<Self, TlsError> {
        let pinned: Vec<_> = CertificateDer::pem_slice_iter(client_certificate.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::InvalidClientCertificate)?;
        if pinned.is_empty() {
            return Err(TlsError::InvalidClientCertificate);
        }

        let (certificate, key) = generate_certificate()?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = verifier::PinnedClientVerifier::new(pinned, provider.signature_verification_algorithms);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(verifier))
            .with_single_cert(vec![certificate.clone()], key)?;
        // grpc-go closes a connection that did not negotiate HTTP/2.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // Disable session resumption, so that every connection is authenticated.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    /// The server's certificate in DER format, for the handshake line.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Runs the TLS handshake on a new connection.
    pub(crate) async fn accept(&self, socket: Box<dyn ByteStream>) -> io::Result<Box<dyn ByteStream>> {
        Ok(Box::new(self.acceptor.accept(socket).await?))
    }
}

/// Generates a self-signed P-256 certificate. It is not a CA, because some TLS stacks reject a CA as a server's
/// certificate.
fn generate_certificate() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), rcgen::Error> {
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
    fn rejects_an_invalid_client_certificate() {
        for junk in ["", "not PEM", "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"] {
            assert!(matches!(TlsServer::new(junk), Err(TlsError::InvalidClientCertificate)), "{junk:?}");
        }
    }

    #[test]
    fn generates_a_new_certificate_each_time() {
        let (first, _) = generate_certificate().expect("key generation works");
        let (second, _) = generate_certificate().expect("key generation works");
        assert_ne!(first, second);
    }
}
