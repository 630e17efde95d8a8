//! The MAC of a PKCS#12 bundle, which verifies the password.

use aws_lc_rs::{digest, hmac};
use yasna::{ASN1Result, BERReader, BERReaderSeq};

use super::Pkcs12Error;
use super::budget::Budget;
use super::key_derivation::{Password, Purpose, derive};
use super::oid;
use super::pbkdf2::Pbkdf2;
use crate::azure::credential::client_certificate::asn1;

/// The MAC and its parameters.
pub(super) struct Mac {
    algorithm: Algorithm,
    value: Vec<u8>,
    salt: Vec<u8>,
    iterations: u32,
}

enum Algorithm {
    /// An HMAC with the key derivation of PKCS#12 itself.
    Pkcs12(&'static digest::Algorithm, hmac::Algorithm),
    /// PBMAC1 (RFC 9579).
    Pbmac1(Pbkdf2, hmac::Algorithm),
    Unsupported(String),
}

impl Mac {
    /// Reads a `MacData`.
    pub(super) fn read(reader: BERReader<'_, '_>) -> ASN1Result<Self> {
        reader.read_sequence(|reader| {
            let (algorithm, value) = reader.next().read_sequence(|reader| {
                let algorithm = reader.next().read_sequence(Algorithm::read)?;
                Ok((algorithm, reader.next().read_bytes()?))
            })?;
            let salt = reader.next().read_bytes()?;
            let iterations = reader.read_default(1, asn1::number)?;
            Ok(Self { algorithm, value, salt, iterations })
        })
    }

    /// Whether the content is authentic and the password is right.
    pub(super) fn verify(&self, content: &[u8], password: &Password, budget: &mut Budget) -> Result<bool, Pkcs12Error> {
        let key = match &self.algorithm {
            Algorithm::Pkcs12(digest, mac) => {
                let iterations = budget.iterations(self.iterations, 1)?.get();
                let key = derive(digest, password, &self.salt, Purpose::Mac, iterations, digest.output_len());
                hmac::Key::new(*mac, &key)
            }
            Algorithm::Pbmac1(derivation, mac) => {
                let length = derivation.key_length.unwrap_or_else(|| mac.digest_algorithm().output_len());
                let key = derivation.key(password, length, budget)?;
                hmac::Key::new(*mac, &key)
            }
            Algorithm::Unsupported(algorithm) => return Err(Pkcs12Error::Unsupported(algorithm.clone())),
        };
        Ok(hmac::verify(&key, content, &self.value).is_ok())
    }
}

impl Algorithm {
    fn read(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Self> {
        let algorithm = reader.next().read_oid()?;
        let found = match algorithm.components().as_slice() {
            oid::SHA1 => Self::Pkcs12(&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
            oid::SHA224 => Self::Pkcs12(&digest::SHA224, hmac::HMAC_SHA224),
            oid::SHA256 => Self::Pkcs12(&digest::SHA256, hmac::HMAC_SHA256),
            oid::SHA384 => Self::Pkcs12(&digest::SHA384, hmac::HMAC_SHA384),
            oid::SHA512 => Self::Pkcs12(&digest::SHA512, hmac::HMAC_SHA512),
            oid::PBMAC1 => return reader.next().read_sequence(Self::read_pbmac1),
            _ => Self::Unsupported(algorithm.to_string()),
        };
        asn1::skip_rest(reader)?;
        Ok(found)
    }

    fn read_pbmac1(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Self> {
        let derivation = Pbkdf2::read(reader.next())?;
        let function = asn1::algorithm(reader.next())?;
        let mac = match function.components().as_slice() {
            oid::HMAC_SHA256 => hmac::HMAC_SHA256,
            oid::HMAC_SHA384 => hmac::HMAC_SHA384,
            oid::HMAC_SHA512 => hmac::HMAC_SHA512,
            _ => return Ok(Self::Unsupported(function.to_string())),
        };
        Ok(match derivation {
            Ok(derivation) => Self::Pbmac1(derivation, mac),
            Err(algorithm) => Self::Unsupported(algorithm),
        })
    }
}
