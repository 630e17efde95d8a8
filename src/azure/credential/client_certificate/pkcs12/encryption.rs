//! Decryption of the parts of a PKCS#12 bundle: PBES1 with 3DES or RC2, and PBES2 with AES or 3DES.

use std::num::NonZeroU32;

use aws_lc_rs::{cipher, digest, pbkdf2};
use des::TdesEde3;
use des::cipher::{Array, BlockCipherDecrypt, KeyInit};
use rc2::Rc2;
use secrecy::zeroize::Zeroizing;
use yasna::models::ObjectIdentifier;
use yasna::{ASN1Result, BERReader};

use super::key_derivation::{Password, Purpose, derive};
use super::oid;
use crate::azure::credential::client_certificate::asn1;

/// More iterations than any program uses. A larger number would stop the provider for minutes.
const MOST_ITERATIONS: u32 = 10_000_000;

/// How a part is encrypted.
pub(in crate::azure::credential::client_certificate) enum Encryption {
    Pbes1 {
        cipher: Legacy,
        salt: Vec<u8>,
        iterations: u32,
    },
    Pbes2 {
        derivation: Pbkdf2,
        cipher: Block,
        iv: Vec<u8>,
    },
    /// The algorithm, as an object identifier.
    Unsupported(String),
}

/// The ciphers of PBES1.
#[derive(Clone, Copy, Debug)]
pub(in crate::azure::credential::client_certificate) enum Legacy {
    TripleDes,
    /// With this many bits.
    Rc2(usize),
}

/// The ciphers of PBES2.
#[derive(Clone, Copy, Debug)]
pub(in crate::azure::credential::client_certificate) enum Block {
    TripleDes,
    /// With a key of this many bytes.
    Aes(usize),
}

/// PBKDF2 with its parameters.
pub(in crate::azure::credential::client_certificate) struct Pbkdf2 {
    function: pbkdf2::Algorithm,
    salt: Vec<u8>,
    iterations: u32,
}

/// Why a part cannot be decrypted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::azure::credential::client_certificate) enum DecryptionError {
    /// The password is wrong, or the content is damaged.
    WrongKey,
    /// The algorithm, as an object identifier.
    Unsupported(String),
}

impl Encryption {
    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(reader: BERReader<'_, '_>) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let algorithm = reader.next().read_oid()?;
            let legacy = match algorithm.components().as_slice() {
                oid::PBE_SHA1_3DES => Legacy::TripleDes,
                oid::PBE_SHA1_RC2_128 => Legacy::Rc2(128),
                oid::PBE_SHA1_RC2_40 => Legacy::Rc2(40),
                oid::PBES2 => {
                    return reader.next().read_sequence(|reader| {
                        let derivation = Pbkdf2::read(reader.next())?;
                        reader.next().read_sequence(|reader| {
                            let algorithm = reader.next().read_oid()?;
                            let cipher = match algorithm.components().as_slice() {
                                oid::DES_EDE3_CBC => Block::TripleDes,
                                oid::AES_128_CBC => Block::Aes(16),
                                oid::AES_192_CBC => Block::Aes(24),
                                oid::AES_256_CBC => Block::Aes(32),
                                _ => return unsupported(reader, &algorithm),
                            };
                            let iv = reader.next().read_bytes()?;
                            Ok(match derivation {
                                Ok(derivation) => Self::Pbes2 { derivation, cipher, iv },
                                Err(algorithm) => Self::Unsupported(algorithm),
                            })
                        })
                    });
                }
                _ => return unsupported(reader, &algorithm),
            };
            reader.next().read_sequence(|reader| {
                let (salt, iterations) = (reader.next().read_bytes()?, reader.next().read_u32()?);
                Ok(Self::Pbes1 { cipher: legacy, salt, iterations })
            })
        })
    }

    /// The content.
    pub(super) fn decrypt(&self, content: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, DecryptionError> {
        match self {
            Self::Pbes1 { cipher, salt, iterations } => {
                let iterations = checked(*iterations)?.get();
                let key = |purpose, length| {
                    derive(&digest::SHA1_FOR_LEGACY_USE_ONLY, password, salt, purpose, iterations, length)
                };
                let iv = key(Purpose::InitializationVector, 8);
                match cipher {
                    Legacy::TripleDes => triple_des(&key(Purpose::Encryption, 24), &iv, content),
                    Legacy::Rc2(bits) => {
                        let cipher = Rc2::new_with_eff_key_len(&key(Purpose::Encryption, bits / 8), *bits);
                        decrypt_blocks(&cipher, &iv, content)
                    }
                }
            }
            Self::Pbes2 { derivation, cipher: Block::TripleDes, iv } => {
                triple_des(&derivation.key(password, 24)?, iv, content)
            }
            Self::Pbes2 { derivation, cipher: Block::Aes(length), iv } => {
                aes(&derivation.key(password, *length)?, iv, content)
            }
            Self::Unsupported(algorithm) => Err(DecryptionError::Unsupported(algorithm.clone())),
        }
    }
}

/// Skips the parameters of an algorithm.
fn unsupported(reader: &mut yasna::BERReaderSeq<'_, '_>, algorithm: &ObjectIdentifier) -> ASN1Result<Encryption> {
    asn1::skip_rest(reader)?;
    Ok(Encryption::Unsupported(algorithm.to_string()))
}

pub(super) fn checked(iterations: u32) -> Result<NonZeroU32, DecryptionError> {
    let allowed = NonZeroU32::new(iterations).filter(|iterations| iterations.get() <= MOST_ITERATIONS);
    allowed.ok_or_else(|| DecryptionError::Unsupported(format!("a password hash with {iterations} iterations")))
}

impl Pbkdf2 {
    /// Reads an `AlgorithmIdentifier`. The inner error is another algorithm.
    pub(super) fn read(reader: BERReader<'_, '_>) -> ASN1Result<Result<Self, String>> {
        reader.read_sequence(|reader| {
            let algorithm = reader.next().read_oid()?;
            if algorithm.components().as_slice() != oid::PBKDF2 {
                asn1::skip_rest(reader)?;
                return Ok(Err(algorithm.to_string()));
            }
            reader.next().read_sequence(|reader| {
                let salt = reader.next().read_bytes()?;
                let iterations = reader.next().read_u32()?;
                let _key_length = reader.read_optional(asn1::number)?;
                let function = reader.read_optional(|reader| {
                    reader.read_sequence(|reader| {
                        let function = reader.next().read_oid()?;
                        asn1::skip_rest(reader)?;
                        Ok(function)
                    })
                })?;
                let function = match function.as_ref().map(|function| function.components().as_slice()) {
                    None | Some(oid::HMAC_SHA1) => pbkdf2::PBKDF2_HMAC_SHA1,
                    Some(oid::HMAC_SHA256) => pbkdf2::PBKDF2_HMAC_SHA256,
                    Some(oid::HMAC_SHA384) => pbkdf2::PBKDF2_HMAC_SHA384,
                    Some(oid::HMAC_SHA512) => pbkdf2::PBKDF2_HMAC_SHA512,
                    Some(_) => return Ok(Err(function.map(|function| function.to_string()).unwrap_or_default())),
                };
                Ok(Ok(Self { function, salt, iterations }))
            })
        })
    }

    pub(super) fn key(&self, password: &Password, length: usize) -> Result<Zeroizing<Vec<u8>>, DecryptionError> {
        let mut key = Zeroizing::new(vec![0; length]);
        pbkdf2::derive(self.function, checked(self.iterations)?, &self.salt, &password.utf8, &mut key);
        Ok(key)
    }
}

fn triple_des(key: &[u8], iv: &[u8], content: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionError> {
    let cipher = TdesEde3::new_from_slice(key).map_err(|_| DecryptionError::WrongKey)?;
    decrypt_blocks(&cipher, iv, content)
}

/// Decrypts blocks of 8 bytes in CBC mode, and removes the padding.
fn decrypt_blocks<C>(cipher: &C, iv: &[u8], content: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionError>
where
    C: BlockCipherDecrypt<BlockSize = des::cipher::consts::U8>,
{
    let (blocks, []) = content.as_chunks::<8>() else { return Err(DecryptionError::WrongKey) };
    let mut plain = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut previous = iv;
    for encrypted in blocks {
        let mut block = Array::from(*encrypted);
        cipher.decrypt_block(&mut block);
        plain.extend(block.iter().zip(previous).map(|(byte, mask)| byte ^ mask));
        previous = encrypted;
    }
    let padding = plain.last().map_or(0, |last| usize::from(*last));
    let is_padded = (1..=8).contains(&padding) && plain.ends_with(&vec![padding as u8; padding]);
    if !is_padded {
        return Err(DecryptionError::WrongKey);
    }
    let length = plain.len() - padding;
    plain.truncate(length);
    Ok(plain)
}

fn aes(key: &[u8], iv: &[u8], content: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptionError> {
    let wrong = |_| DecryptionError::WrongKey;
    if content.is_empty() {
        return Err(DecryptionError::WrongKey);
    }
    let algorithm = match key.len() {
        16 => &cipher::AES_128,
        24 => &cipher::AES_192,
        _ => &cipher::AES_256,
    };
    let iv = cipher::DecryptionContext::Iv128(iv.try_into().map_err(wrong)?);
    let key = cipher::UnboundCipherKey::new(algorithm, key).map_err(wrong)?;
    let mut plain = Zeroizing::new(content.to_vec());
    let key = cipher::PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(wrong)?;
    let length = key.decrypt(&mut plain, iv).map_err(wrong)?.len();
    plain.truncate(length);
    Ok(plain)
}
