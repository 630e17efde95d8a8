//! The one-use certificate of a go-plugin client, made as Go makes it, and the TLS that trusts one server.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};

/// A client's certificate and its key.
pub(super) struct Identity {
    certificate: CertificateDer<'static>,
    pub(super) pem: String,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// P-521, signs itself, says that it is a CA: every part of that has kept some server from accepting it.
    pub(super) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("aws-lc makes P-521 keys");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a valid name");
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).expect("it signs itself");
        let pem = certificate.pem();
        Self { certificate: certificate.into(), pem, key: PrivatePkcs8KeyDer::from(key.serialize_der()).into() }
    }

    /// This certificate with somebody else's key: what a thief has who read it in the process's environment.
    pub(super) fn with_key_of(&self, other: &Self) -> Self {
        Self { certificate: self.certificate.clone(), pem: self.pem.clone(), key: other.key.clone_key() }
    }

    /// TLS as this client, to the server with this certificate.
    pub(super) fn trusting(&self, server: &[u8]) -> ClientConfig {
        let mut config = versions_and_roots(server)
            .with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())
            .unwrap_or_else(|_| self.inconsistent(server));
        config.alpn_protocols = vec![b"h2".to_vec()];
        config
    }

    /// rustls checks that key and certificate belong together; a thief would not.
    fn inconsistent(&self, server: &[u8]) -> ClientConfig {
        let key = aws_lc_rs::sign::any_supported_type(&self.key).expect("a supported key");
        let stolen = rustls::sign::CertifiedKey::new(vec![self.certificate.clone()], key);
        versions_and_roots(server).with_client_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(stolen)))
    }
}

/// TLS without a client certificate.
pub(super) fn anonymous(server: &[u8]) -> ClientConfig {
    let mut config = versions_and_roots(server).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

fn versions_and_roots(server: &[u8]) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(server.to_vec())).expect("the advertised certificate parses");
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
}
