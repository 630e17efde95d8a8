//! The encryption of the parts of a PKCS#12 bundle: PBES1 with 3DES or RC2, or PBES2 with AES or 3DES.

use aws_lc_rs::digest;
use secrecy::zeroize::Zeroizing;
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, BERReader, BERReaderSeq};

use super::budget::Budget;
use super::key_derivation::{Password, Purpose, derive};
use super::pbkdf2::Pbkdf2;
use super::{Pkcs12Error, cipher, oid};
use crate::azure::credential::client_certificate::asn1;

/// The encryption of a part.
pub(super) enum Encryption {
    /// With the key derivation of PKCS#12 itself.
    Pbes1 { cipher: Pbes1Cipher, salt: Vec<u8>, iterations: u32 },
    /// With the key derivation PBKDF2.
    Pbes2 { cipher: Pbes2Cipher, derivation: Pbkdf2, iv: Vec<u8> },
    /// Another algorithm, as an object identifier.
    Unsupported(String),
}

/// The ciphers of PBES1.
#[derive(Clone, Copy)]
pub(super) enum Pbes1Cipher {
    TripleDes,
    /// RC2 with a key of this many bytes.
    Rc2(usize),
}

/// The ciphers of PBES2.
#[derive(Clone, Copy)]
pub(super) enum Pbes2Cipher {
    TripleDes,
    /// AES with a key of this many bytes.
    Aes(usize),
}

impl Pbes2Cipher {
    /// The length of a block and of the initialization vector, in bytes.
    fn block_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes(_) => 16,
        }
    }
}

impl Encryption {
    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(reader: BERReader<'_, '_>) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let algorithm = reader.next().read_oid()?;
            match algorithm.components().as_slice() {
                oid::PBE_SHA1_3DES => Self::read_pbes1(reader.next(), Pbes1Cipher::TripleDes),
                oid::PBE_SHA1_RC2_128 => Self::read_pbes1(reader.next(), Pbes1Cipher::Rc2(16)),
                oid::PBE_SHA1_RC2_40 => Self::read_pbes1(reader.next(), Pbes1Cipher::Rc2(5)),
                oid::PBES2 => reader.next().read_sequence(|reader| {
                    let derivation = Pbkdf2::read(reader.next())?;
                    let scheme = reader.next().read_sequence(Self::read_scheme)?;
                    Ok(match (scheme, derivation) {
                        (Ok((cipher, iv)), Ok(derivation)) => Self::Pbes2 { cipher, derivation, iv },
                        (Err(algorithm), _) | (_, Err(algorithm)) => Self::Unsupported(algorithm),
                    })
                }),
                _ => {
                    asn1::skip_rest(reader)?;
                    Ok(Self::Unsupported(algorithm.to_string()))
                }
            }
        })
    }

    fn read_pbes1(reader: BERReader<'_, '_>, cipher: Pbes1Cipher) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let (salt, iterations) = (reader.next().read_bytes()?, reader.next().read_u32()?);
            Ok(Self::Pbes1 { cipher, salt, iterations })
        })
    }

    /// Reads the cipher of PBES2 and its initialization vector. The inner error is the object identifier of another
    /// cipher.
    fn read_scheme(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Result<(Pbes2Cipher, Vec<u8>), String>> {
        let algorithm = reader.next().read_oid()?;
        let cipher = match algorithm.components().as_slice() {
            oid::DES_EDE3_CBC => Pbes2Cipher::TripleDes,
            oid::AES_128_CBC => Pbes2Cipher::Aes(16),
            oid::AES_192_CBC => Pbes2Cipher::Aes(24),
            oid::AES_256_CBC => Pbes2Cipher::Aes(32),
            _ => {
                asn1::skip_rest(reader)?;
                return Ok(Err(algorithm.to_string()));
            }
        };
        let iv = reader.next().read_bytes()?;
        if iv.len() != cipher.block_length() {
            return Err(ASN1Error::new(ASN1ErrorKind::Invalid));
        }
        Ok(Ok((cipher, iv)))
    }

    /// Decrypts the content.
    pub(super) fn decrypt(
        &self,
        content: &[u8],
        password: &Password,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        match self {
            Self::Pbes1 { cipher, salt, iterations } => {
                let (decrypt, length): (Decrypt, _) = match cipher {
                    Pbes1Cipher::TripleDes => (cipher::triple_des, 24),
                    Pbes1Cipher::Rc2(length) => (cipher::rc2, *length),
                };
                // One hash for the initialization vector, and one for each 20 bytes of the key.
                let iterations = budget.iterations(*iterations, 1 + length.div_ceil(20))?.get();
                let key = |purpose, length| {
                    derive(&digest::SHA1_FOR_LEGACY_USE_ONLY, password, salt, purpose, iterations, length)
                };
                decrypt(&key(Purpose::Encryption, length), &key(Purpose::InitializationVector, 8), content)
            }
            Self::Pbes2 { cipher: Pbes2Cipher::TripleDes, derivation, iv } => {
                cipher::triple_des(&derivation.key(password, 24, budget)?, iv, content)
            }
            Self::Pbes2 { cipher: Pbes2Cipher::Aes(length), derivation, iv } => {
                cipher::aes(&derivation.key(password, *length, budget)?, iv, content)
            }
            Self::Unsupported(algorithm) => Err(Pkcs12Error::Unsupported(algorithm.clone())),
        }
    }
}

/// Decrypts content with a key and an initialization vector.
type Decrypt = fn(&[u8], &[u8], &[u8]) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error>;
