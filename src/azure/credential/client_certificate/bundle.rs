//! Certificate bundles, the content of `client_certificate` or of its file: detects the format, and finds the
//! certificate and its private key.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::asn1;
use super::certificate::Certificate;
use super::pem_file::{self, PemError};
use super::pkcs12::{self, Pkcs12Error};
use super::private_key::{KeyForm, PrivateKey};
use crate::azure::credential::cleaning;

/// Base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The tolerated clock skew, the same as in Microsoft Entra.
const CLOCK_SKEW: Duration = Duration::minutes(5);

/// A certificate, its private key, and the certificates of its issuers.
pub(super) struct Bundle {
    pub(super) key: PrivateKey,
    /// The certificate of the key, followed by the certificates of its issuers.
    pub(super) chain: Vec<Certificate>,
}

/// The setting that an error of a certificate is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CertificateSetting {
    /// `client_certificate` or `client_certificate_path`.
    Certificate,
    /// `client_certificate_password`.
    Password,
}

impl fmt::Display for CertificateSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "certificate",
            Self::Password => "password of the certificate",
        })
    }
}

/// Why a certificate is unusable. Contains no part of the key or the password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct BundleError {
    pub(super) setting: CertificateSetting,
    /// The problem, which follows "the certificate" or "the password".
    pub(super) problem: String,
}

fn about_certificate(problem: impl Into<String>) -> BundleError {
    BundleError { setting: CertificateSetting::Certificate, problem: problem.into() }
}

fn about_password(problem: impl Into<String>) -> BundleError {
    BundleError { setting: CertificateSetting::Password, problem: problem.into() }
}

/// Decodes `client_certificate`: a bundle in base64, or the text of a PEM file. Ignores line breaks and other white
/// space in base64, and quotation marks around it.
///
/// # Errors
/// The text is empty, too large or not base64. The error contains no part of the text, and follows "the certificate".
pub(super) fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let text = cleaning::value(text);
    if text.len() > 2 * asn1::LIMIT {
        return Err("is larger than any certificate".to_owned());
    }
    if pem_file::is_pem(text) {
        return Ok(Zeroizing::new(text.as_bytes().to_vec()));
    }
    let is_ignored = |character: &char| character.is_whitespace() || *character == '\u{feff}';
    let compact: Zeroizing<String> = Zeroizing::new(text.chars().filter(|character| !is_ignored(character)).collect());
    if compact.is_empty() {
        return Err("is empty".to_owned());
    }
    match BASE64.decode(compact.as_bytes()) {
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(_) => {
            Err("is not base64; expected a PKCS#12 bundle in base64, for example from `base64 -w 0 client.pfx`. \
                       The path of a file belongs in `client_certificate_path` (ARM_CLIENT_CERTIFICATE_PATH)"
                .to_owned())
        }
    }
}

/// The content of a file, decoded if it is base64.
pub(super) fn decode_file(content: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
    if pkcs12::is_pkcs12(&content) {
        return content;
    }
    let decoded = std::str::from_utf8(&content).ok().and_then(|text| decode(text).ok());
    match decoded {
        Some(bytes) if pkcs12::is_pkcs12(&bytes) || is_pem(&bytes) => bytes,
        _ => content,
    }
}

fn is_pem(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(pem_file::is_pem)
}

impl Bundle {
    /// Reads a PKCS#12 bundle or a PEM file. An empty `password` means no password.
    pub(super) fn read(content: &[u8], password: &str) -> Result<Self, BundleError> {
        let content = match std::str::from_utf8(content) {
            Ok(text) if pem_file::is_pem(text) => from_pem(text, password)?,
            _ if content.is_empty() => return Err(about_certificate("is empty")),
            _ if is_utf16(content) => {
                return Err(about_certificate("is UTF-16 text, as PowerShell writes it by default; save it as UTF-8"));
            }
            _ if pkcs12::is_pkcs12(content) => from_pkcs12(content, password)?,
            _ => {
                return Err(about_certificate(
                    "is neither a PKCS#12 bundle (.pfx, .p12) nor a PEM file; a certificate alone (.cer, .crt) has no \
                     private key",
                ));
            }
        };
        Self::assemble(content)
    }

    fn assemble(content: Content) -> Result<Self, BundleError> {
        let Content { keys, certificates, unreadable } = content;
        let certificates: Vec<Certificate> = certificates.into_iter().filter_map(Certificate::read).collect();
        if keys.is_empty() {
            let missing = || about_certificate("has no private key; export it together with its private key");
            return Err(unreadable.unwrap_or_else(missing));
        }
        if certificates.is_empty() {
            return Err(about_certificate("has a private key, but no X.509 certificate"));
        }
        let pair = keys.into_iter().find_map(|key| {
            let own = certificates.iter().find(|certificate| certificate.public_key == key.public_key())?.clone();
            Some((key, own))
        });
        match pair {
            Some((key, own)) => Ok(Self { key, chain: own.chain(&certificates) }),
            None => {
                let other =
                    || about_certificate("has a private key that does not belong to any certificate in the same file");
                Err(unreadable.unwrap_or_else(other))
            }
        }
    }

    /// The certificate of the key.
    pub(super) fn certificate(&self) -> &Certificate {
        self.chain.first().expect("invariant: a chain begins with the certificate of the key")
    }

    /// Checks that the certificate is valid at this time, as Microsoft Entra does.
    pub(super) fn check_validity(&self, now: OffsetDateTime) -> Result<(), BundleError> {
        let Certificate { not_before, not_after, .. } = self.certificate();
        let date = |time: &OffsetDateTime| time.format(&Rfc3339).unwrap_or_else(|_| time.to_string());
        if now > *not_after {
            let expiry = date(not_after);
            return Err(about_certificate(format!(
                "expired at {expiry}; create a new one, and add it to the application in Microsoft Entra"
            )));
        }
        if now + CLOCK_SKEW < *not_before {
            return Err(about_certificate(format!(
                "is not valid before {}, and the clock of this machine shows {}",
                date(not_before),
                date(&now)
            )));
        }
        Ok(())
    }
}

/// The keys and certificates of a bundle.
struct Content {
    keys: Vec<PrivateKey>,
    /// The certificates in DER.
    certificates: Vec<Vec<u8>>,
    /// The error of the first unreadable key. It is ignored if one of `keys` matches a certificate.
    unreadable: Option<BundleError>,
}

impl Content {
    fn new<'a>(
        keys: impl Iterator<Item = (&'a [u8], KeyForm)>,
        certificates: Vec<Vec<u8>>,
        unreadable: Option<BundleError>,
    ) -> Self {
        let mut content = Self { keys: Vec::new(), certificates, unreadable };
        for (der, form) in keys {
            match PrivateKey::read(der, form) {
                Some(key) => content.keys.push(key),
                None => drop(content.unreadable.get_or_insert_with(unusable_key)),
            }
        }
        content
    }
}

fn from_pkcs12(content: &[u8], password: &str) -> Result<Content, BundleError> {
    let content = pkcs12::read(content, password).map_err(|error| explain(error, password))?;
    let keys = content.private_keys.iter().map(|key| (key.as_slice(), KeyForm::Pkcs8));
    let unreadable = content.unreadable.map(|error| explain(error, password));
    Ok(Content::new(keys, content.certificates, unreadable))
}

fn from_pem(text: &str, password: &str) -> Result<Content, BundleError> {
    let explain = |error| match error {
        PemError::Malformed => about_certificate("is a damaged PEM file: a section has no end, or is not base64"),
        PemError::NoPassword => about_password("is not set, and the private key is encrypted"),
        PemError::TraditionalEncryption => about_certificate(
            "is a PEM file whose private key has OpenSSL's old encryption; convert the key with `openssl pkcs8 -topk8`",
        ),
        PemError::Key(error) => explain(error, password),
    };
    let content = pem_file::read(text, password).map_err(explain)?;
    let keys = content.private_keys.iter().map(|(key, form)| (key.as_slice(), *form));
    Ok(Content::new(keys, content.certificates, content.unreadable.map(explain)))
}

fn unusable_key() -> BundleError {
    about_certificate(
        "has a private key that cannot be used; expected an RSA key of 2048 to 8192 bits, or a key on the curve P-256, \
         P-384 or P-521",
    )
}

fn explain(error: Pkcs12Error, password: &str) -> BundleError {
    match error {
        Pkcs12Error::WrongPassword if cleaning::value(password).is_empty() => {
            about_password("is not set, but the bundle requires a password or is damaged")
        }
        Pkcs12Error::WrongPassword => about_password("is wrong, or the bundle is damaged: it cannot be decrypted"),
        Pkcs12Error::Malformed => about_certificate("is a damaged PKCS#12 bundle; export it again"),
        Pkcs12Error::Unsupported(what) => about_certificate(format!(
            "is protected with {what}, which the provider does not support; export it with AES or 3DES"
        )),
        Pkcs12Error::Excessive(what) => about_certificate(format!(
            "has {what}; export it again with default settings, with only the certificate, its private key \
                 and the issuer certificates"
        )),
    }
}

fn is_utf16(content: &[u8]) -> bool {
    content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff])
}

#[cfg(test)]
mod tests;
