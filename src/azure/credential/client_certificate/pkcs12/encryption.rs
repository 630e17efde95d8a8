//! How the parts of a PKCS#12 bundle are encrypted: PBES1 with 3DES or RC2, or PBES2 with AES or 3DES.

use aws_lc_rs::digest;
use secrecy::zeroize::Zeroizing;
use yasna::{ASN1Result, BERReader, BERReaderSeq};

use super::key_derivation::{Password, Purpose, derive};
use super::pbkdf2::{Pbkdf2, checked};
use super::{Pkcs12Error, cipher, oid};
use crate::azure::credential::client_certificate::asn1;

/// How a part is encrypted.
pub(super) enum Encryption {
    /// With the derivation of PKCS#12 itself.
    Pbes1 { cipher: Legacy, salt: Vec<u8>, iterations: u32 },
    /// With PBKDF2.
    Pbes2 { cipher: Block, derivation: Pbkdf2, iv: Vec<u8> },
    /// The algorithm, as an object identifier.
    Unsupported(String),
}

/// The ciphers of PBES1.
#[derive(Clone, Copy)]
pub(super) enum Legacy {
    TripleDes,
    /// With a key of this many bytes.
    Rc2(usize),
}

/// The ciphers of PBES2.
#[derive(Clone, Copy)]
pub(super) enum Block {
    TripleDes,
    /// With a key of this many bytes.
    Aes(usize),
}

impl Encryption {
    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(reader: BERReader<'_, '_>) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let algorithm = reader.next().read_oid()?;
            match algorithm.components().as_slice() {
                oid::PBE_SHA1_3DES => Self::read_pbes1(reader.next(), Legacy::TripleDes),
                oid::PBE_SHA1_RC2_128 => Self::read_pbes1(reader.next(), Legacy::Rc2(16)),
                oid::PBE_SHA1_RC2_40 => Self::read_pbes1(reader.next(), Legacy::Rc2(5)),
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

    fn read_pbes1(reader: BERReader<'_, '_>, cipher: Legacy) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let (salt, iterations) = (reader.next().read_bytes()?, reader.next().read_u32()?);
            Ok(Self::Pbes1 { cipher, salt, iterations })
        })
    }

    /// The cipher of PBES2 and its initialization vector. The inner error is the name of another cipher.
    fn read_scheme(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Result<(Block, Vec<u8>), String>> {
        let algorithm = reader.next().read_oid()?;
        let cipher = match algorithm.components().as_slice() {
            oid::DES_EDE3_CBC => Block::TripleDes,
            oid::AES_128_CBC => Block::Aes(16),
            oid::AES_192_CBC => Block::Aes(24),
            oid::AES_256_CBC => Block::Aes(32),
            _ => {
                asn1::skip_rest(reader)?;
                return Ok(Err(algorithm.to_string()));
            }
        };
        Ok(Ok((cipher, reader.next().read_bytes()?)))
    }

    /// The content.
    pub(super) fn decrypt(&self, content: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        match self {
            Self::Pbes1 { cipher, salt, iterations } => {
                let iterations = checked(*iterations)?.get();
                let key = |purpose, length| {
                    derive(&digest::SHA1_FOR_LEGACY_USE_ONLY, password, salt, purpose, iterations, length)
                };
                let iv = key(Purpose::InitializationVector, 8);
                match cipher {
                    Legacy::TripleDes => cipher::triple_des(&key(Purpose::Encryption, 24), &iv, content),
                    Legacy::Rc2(length) => cipher::rc2(&key(Purpose::Encryption, *length), &iv, content),
                }
            }
            Self::Pbes2 { cipher: Block::TripleDes, derivation, iv } => {
                cipher::triple_des(&derivation.key(password, 24)?, iv, content)
            }
            Self::Pbes2 { cipher: Block::Aes(length), derivation, iv } => {
                cipher::aes(&derivation.key(password, *length)?, iv, content)
            }
            Self::Unsupported(algorithm) => Err(Pkcs12Error::Unsupported(algorithm.clone())),
        }
    }
}
