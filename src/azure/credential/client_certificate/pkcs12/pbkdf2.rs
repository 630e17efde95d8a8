//! PBKDF2, which derives the keys of PBES2 and PBMAC1.

use aws_lc_rs::pbkdf2;
use secrecy::zeroize::Zeroizing;
use yasna::{ASN1Result, BERReader};

use super::Pkcs12Error;
use super::budget::Budget;
use super::key_derivation::Password;
use super::oid;
use crate::azure::credential::client_certificate::asn1;

/// The maximum key length in bytes. Keys of MACs are not longer.
const MAX_KEY_LENGTH: u32 = 64;

/// PBKDF2 with its parameters.
pub(super) struct Pbkdf2 {
    function: pbkdf2::Algorithm,
    /// The length of a hash in bytes.
    hash_length: usize,
    salt: Vec<u8>,
    iterations: u32,
    /// The length of the key in bytes, for MACs. Ciphers have fixed lengths.
    pub(super) key_length: Option<usize>,
}

impl Pbkdf2 {
    /// Reads an `AlgorithmIdentifier`. The inner error describes another algorithm.
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
                let key_length = reader.read_optional(asn1::number)?;
                let function = reader.read_optional(asn1::algorithm)?;
                if let Some(length) = key_length.filter(|length| *length > MAX_KEY_LENGTH) {
                    return Ok(Err(format!("a key of {length} bytes")));
                }
                let key_length = key_length.map(|length| length as usize);
                let (function, hash_length) = match function.as_ref().map(|function| function.components().as_slice()) {
                    None | Some(oid::HMAC_SHA1) => (pbkdf2::PBKDF2_HMAC_SHA1, 20),
                    Some(oid::HMAC_SHA256) => (pbkdf2::PBKDF2_HMAC_SHA256, 32),
                    Some(oid::HMAC_SHA384) => (pbkdf2::PBKDF2_HMAC_SHA384, 48),
                    Some(oid::HMAC_SHA512) => (pbkdf2::PBKDF2_HMAC_SHA512, 64),
                    Some(_) => return Ok(Err(function.map(|function| function.to_string()).unwrap_or_default())),
                };
                Ok(Ok(Self { function, hash_length, salt, iterations, key_length }))
            })
        })
    }

    /// Derives a key of `length` bytes.
    pub(super) fn key(
        &self,
        password: &Password,
        length: usize,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, Pkcs12Error> {
        let iterations = budget.iterations(self.iterations, length.div_ceil(self.hash_length))?;
        let mut key = Zeroizing::new(vec![0; length]);
        pbkdf2::derive(self.function, iterations, &self.salt, &password.utf8, &mut key);
        Ok(key)
    }
}
