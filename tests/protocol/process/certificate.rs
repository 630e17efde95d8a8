//! The one-time certificate of a go-plugin client, with the same properties as in Go.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};

/// The certificate and the key of a client.
pub(super) struct ClientCertificate {
    certificate: CertificateDer<'static>,
    pub(super) pem: String,
    key: PrivateKeyDer<'static>,
}

impl ClientCertificate {
    /// Generates a self-signed P-521 CA certificate. Some servers reject each of these properties.
    pub(super) fn generate() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("aws-lc supports P-521");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a valid name");
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).expect("it is self-signed");
        let pem = certificate.pem();
        Self { certificate: certificate.into(), pem, key: PrivatePkcs8KeyDer::from(key.serialize_der()).into() }
    }

    /// This certificate with another key, like a process that reads the certificate in the provider's environment.
    pub(super) fn with_key_of(&self, other: &Self) -> Self {
        Self { certificate: self.certificate.clone(), pem: self.pem.clone(), key: other.key.clone_key() }
    }

    /// The TLS configuration for a connection to the server with this certificate.
    pub(super) fn trusting(&self, server: &[u8]) -> ClientConfig {
        let mut config = versions_and_roots(server)
            .with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())
            .unwrap_or_else(|_| self.with_wrong_key(server));
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }

    /// Builds a configuration without rustls's check that the key belongs to the certificate.
    fn with_wrong_key(&self, server: &[u8]) -> ClientConfig {
        let key = aws_lc_rs::sign::any_supported_type(&self.key).expect("a supported key");
        let key = rustls::sign::CertifiedKey::new(vec![self.certificate.clone()], key);
        versions_and_roots(server).with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(key)))
    }
}

/// A TLS configuration without a client certificate.
pub(super) fn without_certificate(server: &[u8]) -> ClientConfig {
    let mut config = versions_and_roots(server).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

fn versions_and_roots(server: &[u8]) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(server.to_vec())).expect("the server's certificate is valid");
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("aws-lc supports them")
        .with_root_certificates(roots)
}
