//! PKCS#12 bundles (PFX, RFC 7292): private keys and certificates, protected with a password.
//!
//! Reads the bundles of OpenSSL 1 and 3, Windows, Java and Azure Key Vault. Private keys are zeroed when they are
//! dropped.

mod budget;
mod cipher;
mod encryption;
mod key_derivation;
mod mac;
mod oid;
mod pbkdf2;

use secrecy::zeroize::Zeroizing;
use yasna::{ASN1Error, ASN1Result, BERReader, Tag};

use super::asn1;
use budget::{MAX_DEPTH, check_number};
use encryption::Encryption;
use key_derivation::Password;
use mac::Mac;

pub(super) use budget::{Budget, check_keys};

/// The content of a bundle.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// The private keys in PKCS#8.
    pub(super) private_keys: Vec<Zeroizing<Vec<u8>>>,
    /// The X.509 certificates in DER.
    pub(super) certificates: Vec<Vec<u8>>,
    /// The error of the first unreadable private key.
    pub(super) unreadable: Option<Pkcs12Error>,
}

/// Why a bundle is unreadable.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Pkcs12Error {
    /// It is malformed.
    Malformed,
    /// The password is wrong, or the content was changed.
    WrongPassword,
    /// It uses this unsupported algorithm or form.
    Unsupported(String),
    /// It contains more of this than any program writes.
    Excessive(&'static str),
}

impl From<ASN1Error> for Pkcs12Error {
    fn from(_: ASN1Error) -> Self {
        Self::Malformed
    }
}

/// Whether the content looks like a bundle: an ASN.1 sequence that begins with version 3.
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

/// Reads a bundle. An empty `password` means no password.
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
    let mut budget = Budget::default();
    first_matching(password, |password| {
        if let Some(mac) = &mac
            && !mac.verify(&safes, password, &mut budget)?
        {
            return Err(Pkcs12Error::WrongPassword);
        }
        BundleReader { password, is_verified: mac.is_some(), budget: &mut budget, content: Content::default() }
            .read(&safes)
    })
}

/// Decrypts an `EncryptedPrivateKeyInfo`, the format of encrypted keys in PEM files.
pub(super) fn decrypt_key(
    encrypted: &[u8],
    password: &str,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let (encryption, content) = asn1::parse(encrypted, encrypted_key)?;
    first_matching(password, |password| decrypted(&encryption, &content, password, budget))
}

/// The result of the first candidate password that is not wrong.
fn first_matching<T>(
    password: &str,
    mut read: impl FnMut(&Password) -> Result<T, Pkcs12Error>,
) -> Result<T, Pkcs12Error> {
    let mut results = Password::candidates(password).into_iter().map(|password| read(&password));
    results.find(|result| !matches!(result, Err(Pkcs12Error::WrongPassword))).unwrap_or(Err(Pkcs12Error::WrongPassword))
}

/// Decrypts one ASN.1 element. With a wrong password, a cipher returns arbitrary bytes in one of 256 cases, so the
/// result is parsed.
fn decrypted(
    encryption: &Encryption,
    content: &[u8],
    password: &Password,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
    let plain = encryption.decrypt(content, password, budget)?;
    match asn1::parse(&plain, asn1::element) {
        Ok(_) => Ok(plain),
        Err(_) => Err(Pkcs12Error::WrongPassword),
    }
}

/// A part of the bundle, called *safe* in PKCS#12.
enum Safe {
    Plain(Vec<u8>),
    Encrypted(Encryption, Vec<u8>),
    Unsupported(String),
}

/// A bundle that is being read.
struct BundleReader<'a> {
    password: &'a Password,
    /// Whether the MAC has verified the password.
    is_verified: bool,
    budget: &'a mut Budget,
    content: Content,
}

impl BundleReader<'_> {
    fn read(mut self, safes: &[u8]) -> Result<Content, Pkcs12Error> {
        let safes = asn1::parse(safes, |reader| reader.collect_sequence_of(read_safe))?;
        check_number(safes.len(), "more than 16 parts")?;
        for safe in safes {
            match safe {
                Safe::Plain(bags) => self.read_bags(&Zeroizing::new(bags), 0)?,
                Safe::Encrypted(encryption, bags) => {
                    let bags = encryption.decrypt(&bags, self.password, self.budget)?;
                    self.read_bags(&bags, 0).map_err(|error| match error {
                        Pkcs12Error::Malformed if !self.is_verified => Pkcs12Error::WrongPassword,
                        error => error,
                    })?;
                }
                Safe::Unsupported(kind) => return Err(Pkcs12Error::Unsupported(kind)),
            }
        }
        Ok(self.content)
    }

    fn read_bags(&mut self, bags: &[u8], level: usize) -> Result<(), Pkcs12Error> {
        if level > MAX_DEPTH {
            return Err(Pkcs12Error::Excessive("bags in more than 8 other bags"));
        }
        for bag in asn1::parse(bags, |reader| reader.collect_sequence_of(read_bag))? {
            match bag {
                Bag::Key(key) => self.add_key(Ok(key))?,
                Bag::EncryptedKey(encryption, key) => {
                    let key = decrypted(&encryption, &key, self.password, self.budget);
                    self.add_key(key)?;
                }
                Bag::Certificate(certificate) => self.content.certificates.push(certificate),
                Bag::Nested(bags) => self.read_bags(&Zeroizing::new(bags), level + 1)?,
                Bag::Other => {}
            }
        }
        Ok(())
    }

    /// Adds a key. An unreadable key is no error yet, because another key may match the certificate.
    fn add_key(&mut self, key: Result<Zeroizing<Vec<u8>>, Pkcs12Error>) -> Result<(), Pkcs12Error> {
        match key {
            Ok(key) => self.content.private_keys.push(key),
            // Without a MAC, only the keys show whether the password is right.
            Err(Pkcs12Error::WrongPassword) if !self.is_verified => return Err(Pkcs12Error::WrongPassword),
            Err(error @ Pkcs12Error::Excessive(_)) => return Err(error),
            Err(error) => {
                self.content.unreadable.get_or_insert(error);
            }
        }
        check_keys(self.content.private_keys.len())
    }
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

/// An item of a part, called *bag* in PKCS#12.
enum Bag {
    Key(Zeroizing<Vec<u8>>),
    EncryptedKey(Encryption, Vec<u8>),
    Certificate(Vec<u8>),
    Nested(Vec<u8>),
    /// An item that is not needed for authentication.
    Other,
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
