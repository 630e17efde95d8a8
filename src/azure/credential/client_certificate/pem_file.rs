//! PEM files with certificates and a private key.

use pem::Pem;
use secrecy::zeroize::Zeroizing;

use super::asn1;
use super::pkcs12::{self, Budget};
use super::private_key::KeyForm;

/// The start of a section.
const BEGIN: &str = "-----BEGIN ";

/// The content of a PEM file.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// The private keys in DER.
    pub(super) private_keys: Vec<(Zeroizing<Vec<u8>>, KeyForm)>,
    /// The X.509 certificates in DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// The error of the first unreadable private key.
    pub(super) unreadable: Option<PemError>,
}

/// Why a PEM file is unreadable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum PemError {
    /// A section has no end, or is not base64.
    Malformed,
    /// A key is encrypted, and there is no password.
    NoPassword,
    /// A key is encrypted in OpenSSL's traditional format.
    TraditionalEncryption,
    /// A key could not be decrypted.
    Key(pkcs12::Pkcs12Error),
}

/// Whether a text has a PEM section.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// Reads a PEM file. Other sections, such as curve parameters, are ignored.
pub(super) fn read(text: &str, password: &str) -> Result<Content, PemError> {
    let mut content = Content::default();
    let mut budget = Budget::default();
    let sections = pem::parse_many(text).map_err(|_| PemError::Malformed)?;
    // The library skips a section without an end.
    if sections.len() < text.matches(BEGIN).count() {
        return Err(PemError::Malformed);
    }
    let keys = sections.iter().filter(|section| section.tag().ends_with("PRIVATE KEY")).count();
    pkcs12::check_keys(keys).map_err(PemError::Key)?;
    for section in sections {
        let is_encrypted = section.headers().get("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED"));
        let form = match section.tag() {
            "CERTIFICATE" | "X509 CERTIFICATE" => {
                content.certificates.push(section.into_contents());
                continue;
            }
            "TRUSTED CERTIFICATE" => {
                // OpenSSL appends trust settings to the certificate.
                content.certificates.extend(asn1::first_element(section.contents()).map(<[u8]>::to_vec));
                continue;
            }
            "PRIVATE KEY" => KeyForm::Pkcs8,
            "RSA PRIVATE KEY" => KeyForm::Rsa,
            "EC PRIVATE KEY" => KeyForm::Ec,
            "ENCRYPTED PRIVATE KEY" => {
                match decrypt(section, password, &mut budget) {
                    Ok(key) => content.private_keys.push((key, KeyForm::Pkcs8)),
                    Err(error) => drop(content.unreadable.get_or_insert(error)),
                }
                continue;
            }
            _ => continue,
        };
        if is_encrypted {
            content.unreadable.get_or_insert(PemError::TraditionalEncryption);
            continue;
        }
        content.private_keys.push((Zeroizing::new(section.into_contents()), form));
    }
    Ok(content)
}

fn decrypt(section: Pem, password: &str, budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, PemError> {
    if password.is_empty() {
        return Err(PemError::NoPassword);
    }
    pkcs12::decrypt_key(&section.into_contents(), password, budget).map_err(PemError::Key)
}
