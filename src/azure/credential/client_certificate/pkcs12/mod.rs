//! PKCS#12 bundles (PFX, RFC 7292): private keys and certificates behind a password.
//!
//! Reads what OpenSSL 1 and 3, Windows, Java and Azure Key Vault write. Private keys are zeroed when they are dropped.

mod cipher;
mod encryption;
mod key_derivation;
mod mac;
mod oid;
mod pbkdf2;

use secrecy::zeroize::Zeroizing;
use yasna::{ASN1Error, ASN1Result, BERReader, Tag};

use super::asn1;
use encryption::Encryption;
use key_derivation::Password;
use mac::Mac;

/// The content of a bundle.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// In PKCS#8.
    pub(super) private_keys: Vec<Zeroizing<Vec<u8>>>,
    /// X.509 certificates in DER.
    pub(super) certificates: Vec<Vec<u8>>,
}

/// Why a bundle cannot be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Pkcs12Error {
    /// It has another form.
    Malformed,
    /// The password is wrong, or the content was changed.
    WrongPassword,
    /// It uses this algorithm or form.
    Unsupported(String),
}

impl From<ASN1Error> for Pkcs12Error {
    fn from(_: ASN1Error) -> Self {
        Self::Malformed
    }
}

/// Whether this may be a bundle: an ASN.1 sequence that begins with the number of the version.
pub(super) fn is_pkcs12(content: &[u8]) -> bool {
    asn1::parse(content, |reader| {
        reader.read_sequence(|reader| {
            let version = reader.next().read_u32()?;
            asn1::skip_rest(reader)?;
            Ok(version == 3)
        })
    })
    .unwrap_or(false)
}

/// Reads a bundle. Without a password, `password` is empty.
pub(super) fn read(bundle: &[u8], password: &str) -> Result<Content, Pkcs12Error> {
    let (safes, mac) = asn1::parse(bundle, |reader| {
        reader.read_sequence(|reader| {
            let _version = reader.next().read_u32()?;
            let safes = reader.next().read_sequence(|reader| {
                let kind = reader.next().read_oid()?;
                if kind.components().as_slice() == oid::DATA {
                    reader.next().read_tagged(Tag::context(0), asn1::bytes).map(Ok)
                } else {
                    asn1::skip_rest(reader)?;
                    Ok(Err(Pkcs12Error::Unsupported(format!("a signature instead of a password ({kind})"))))
                }
            })?;
            Ok((safes, reader.read_optional(Mac::read)?))
        })
    })?;
    let safes = Zeroizing::new(safes?);
    let mut last = Pkcs12Error::WrongPassword;
    for password in Password::candidates(password) {
        if let Some(mac) = &mac
            && !mac.verify(&safes, &password)?
        {
            continue;
        }
        match read_safes(&safes, &password) {
            Ok(content) => return Ok(content),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A private key in an `EncryptedPrivateKeyInfo`, as PEM files have it.
pub(super) fn decrypt_key(encrypted: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let (encryption, content) = asn1::parse(encrypted, encrypted_key)?;
    let mut last = Pkcs12Error::WrongPassword;
    for password in Password::candidates(password) {
        match encryption.decrypt(&content, &password) {
            Ok(key) => return Ok(key),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A part of the bundle, which is encrypted as a whole or not.
enum Safe {
    Plain(Vec<u8>),
    Encrypted(Encryption, Vec<u8>),
    Unsupported(String),
}

fn read_safes(safes: &[u8], password: &Password) -> Result<Content, Pkcs12Error> {
    let mut content = Content::default();
    for safe in asn1::parse(safes, |reader| reader.collect_sequence_of(read_safe))? {
        let bags = match safe {
            Safe::Plain(bags) => Zeroizing::new(bags),
            Safe::Encrypted(encryption, bags) => encryption.decrypt(&bags, password)?,
            Safe::Unsupported(kind) => return Err(Pkcs12Error::Unsupported(kind)),
        };
        read_bags(&bags, password, &mut content)?;
    }
    Ok(content)
}

fn read_safe(reader: BERReader<'_, '_>) -> ASN1Result<Safe> {
    reader.read_sequence(|reader| {
        let kind = reader.next().read_oid()?;
        match kind.components().as_slice() {
            oid::DATA => reader.next().read_tagged(Tag::context(0), asn1::bytes).map(Safe::Plain),
            oid::ENCRYPTED_DATA => reader.next().read_tagged(Tag::context(0), |reader| {
                reader.read_sequence(|reader| {
                    let _version = reader.next().read_u32()?;
                    let safe = reader.next().read_sequence(|reader| {
                        let _content_type = reader.next().read_oid()?;
                        let encryption = Encryption::read(reader.next())?;
                        let content = reader.next().read_tagged_implicit(Tag::context(0), asn1::bytes)?;
                        Ok(Safe::Encrypted(encryption, content))
                    })?;
                    asn1::skip_rest(reader)?;
                    Ok(safe)
                })
            }),
            _ => {
                asn1::skip_rest(reader)?;
                Ok(Safe::Unsupported(kind.to_string()))
            }
        }
    })
}

/// An item of the bundle.
enum Bag {
    Key(Zeroizing<Vec<u8>>),
    EncryptedKey(Encryption, Vec<u8>),
    Certificate(Vec<u8>),
    Nested(Vec<u8>),
    /// Something that a login does not need.
    Other,
}

fn read_bags(bags: &[u8], password: &Password, content: &mut Content) -> Result<(), Pkcs12Error> {
    for bag in asn1::parse(bags, |reader| reader.collect_sequence_of(read_bag))? {
        match bag {
            Bag::Key(key) => content.private_keys.push(key),
            Bag::EncryptedKey(encryption, key) => content.private_keys.push(encryption.decrypt(&key, password)?),
            Bag::Certificate(certificate) => content.certificates.push(certificate),
            Bag::Nested(bags) => read_bags(&Zeroizing::new(bags), password, content)?,
            Bag::Other => {}
        }
    }
    Ok(())
}

fn read_bag(reader: BERReader<'_, '_>) -> ASN1Result<Bag> {
    reader.read_sequence(|reader| {
        let kind = reader.next().read_oid()?;
        let bag = reader.next().read_tagged(Tag::context(0), |reader| match kind.components().as_slice() {
            oid::KEY_BAG => reader.read_der().map(|key| Bag::Key(Zeroizing::new(key))),
            oid::ENCRYPTED_KEY_BAG => {
                let (encryption, key) = encrypted_key(reader)?;
                Ok(Bag::EncryptedKey(encryption, key))
            }
            oid::CERTIFICATE_BAG => reader.read_sequence(|reader| {
                let kind = reader.next().read_oid()?;
                if kind.components().as_slice() == oid::X509_CERTIFICATE {
                    reader.next().read_tagged(Tag::context(0), asn1::bytes).map(Bag::Certificate)
                } else {
                    asn1::skip_rest(reader)?;
                    Ok(Bag::Other)
                }
            }),
            oid::NESTED_BAGS => reader.read_der().map(Bag::Nested),
            _ => reader.read_der().map(|_| Bag::Other),
        })?;
        asn1::skip_rest(reader)?;
        Ok(bag)
    })
}

fn encrypted_key(reader: BERReader<'_, '_>) -> ASN1Result<(Encryption, Vec<u8>)> {
    reader.read_sequence(|reader| Ok((Encryption::read(reader.next())?, reader.next().read_bytes()?)))
}

#[cfg(test)]
mod tests;
