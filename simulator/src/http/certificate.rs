//! A certificate authority and the server certificate that it signs, both generated at every start.

use std::net::IpAddr;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rcgen::{KeyUsagePurpose, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The certificates that the server presents, and the certificate that a client must trust.
pub(crate) struct Certificates {
    /// For the client: the authority's certificate.
    pub(crate) authority_pem: String,
    /// For the server: its own certificate, then the authority's.
    pub(crate) chain: Vec<CertificateDer<'static>>,
    /// For the server: the private key of the first certificate.
    pub(crate) key: PrivateKeyDer<'static>,
}

/// Generates an authority and a server certificate for `127.0.0.1`, `::1`, `localhost` and `address`.
///
/// # Errors
/// If the cryptography provider fails to generate keys.
pub(crate) fn issue(address: IpAddr) -> Result<Certificates, rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.distinguished_name.push(DnType::CommonName, "Azure simulator CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages =
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    (authority.not_before, authority.not_after) = validity();
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !address.is_unspecified() && !names.contains(&address.to_string()) {
        names.push(address.to_string());
    }
    let mut server = CertificateParams::new(names)?;
    server.distinguished_name.push(DnType::CommonName, "Azure simulator");
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    (server.not_before, server.not_after) = validity();
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &authority)?;

    Ok(Certificates {
        authority_pem: authority.pem(),
        chain: vec![certificate.der().clone(), authority.der().clone()],
        key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
    })
}

/// A fixed, long validity, so that the machine's clock does not matter. Platforms that limit server certificates to 825
/// days do so only for the authorities that they ship.
fn validity() -> (time::OffsetDateTime, time::OffsetDateTime) {
    (date_time_ymd(2020, 1, 1), date_time_ymd(2120, 1, 1))
}
