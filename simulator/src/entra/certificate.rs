//! Certificates of applications, and the client assertions that their keys sign.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey,
    VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use time::OffsetDateTime;
use yasna::{ASN1Result, BERReader, BERReaderSeq, Tag};

use super::EntraError;
use crate::world::identities::Application;

/// A certificate of an application.
pub(super) struct Certificate {
    der: Vec<u8>,
    not_before: OffsetDateTime,
    not_after: OffsetDateTime,
    is_rsa: bool,
    /// The content of the public key. For RSA, a PKCS#1 structure.
    public_key: Vec<u8>,
    /// The common name of the subject.
    common_name: Option<String>,
    /// The content that the issuer signed.
    signed: Vec<u8>,
    signature_algorithm: Vec<u64>,
    signature: Vec<u8>,
}

impl Certificate {
    /// The registered certificate that the header of an assertion names. All names in the header must match.
    fn named_by(header: &Value, application: &Application) -> Option<Self> {
        let certificates = application.certificates.iter().filter_map(|encoded| Self::read(encoded));
        let mut named = certificates.filter(|certificate| certificate.is_named_by(header));
        named.next()
    }

    fn is_named_by(&self, header: &Value) -> bool {
        let names = ["x5t#S256", "x5t", "kid"];
        let given: Vec<(&str, &str)> = names.iter().filter_map(|name| Some((*name, header[*name].as_str()?))).collect();
        !given.is_empty()
            && given.iter().all(|(name, value)| {
                let algorithm = if *name == "x5t#S256" { &digest::SHA256 } else { &digest::SHA1_FOR_LEGACY_USE_ONLY };
                let hash = digest::digest(algorithm, &self.der);
                // Some clients pad the thumbprint.
                value.trim_end_matches('=') == URL_SAFE_NO_PAD.encode(hash.as_ref())
                    || (*name == "kid" && value.eq_ignore_ascii_case(&hex(hash.as_ref())))
            })
    }

    fn read(encoded: &str) -> Option<Self> {
        let der = STANDARD.decode(encoded).ok()?;
        let (signed, signature_algorithm, signature) = yasna::parse_der(&der, |reader| {
            reader.read_sequence(|reader| {
                let signed = element(reader.next())?;
                let algorithm = reader.next().read_sequence(algorithm)?;
                Ok((signed, algorithm, reader.next().read_bitvec_bytes()?.0))
            })
        })
        .ok()?;
        let parsed = yasna::parse_der(&signed, |reader| {
            reader.read_sequence(|reader| {
                reader.read_optional(|reader| reader.read_tagged(Tag::context(0), element))?;
                // Serial number, algorithm, issuer.
                for _ in 0..3 {
                    element(reader.next())?;
                }
                let validity = |reader: &mut BERReaderSeq<'_, '_>| Ok((date(reader.next())?, date(reader.next())?));
                let (not_before, not_after) = reader.next().read_sequence(validity)?;
                let subject = element(reader.next())?;
                let (key_algorithm, public_key) = reader.next().read_sequence(|reader| {
                    let algorithm = reader.next().read_sequence(algorithm)?;
                    Ok((algorithm, reader.next().read_bitvec_bytes()?.0))
                })?;
                skip_rest(reader)?;
                Ok((not_before, not_after, subject, key_algorithm, public_key))
            })
        });
        let (not_before, not_after, subject, key_algorithm, public_key) = parsed.ok()?;
        Some(Self {
            is_rsa: key_algorithm == [1, 2, 840, 113_549, 1, 1, 1],
            common_name: common_name(&subject),
            der,
            not_before,
            not_after,
            public_key,
            signed,
            signature_algorithm,
            signature,
        })
    }

    fn is_signed_by(&self, issuer: &Self) -> bool {
        let algorithm: &'static dyn VerificationAlgorithm = match self.signature_algorithm.as_slice() {
            [1, 2, 840, 113_549, 1, 1, 11] => &RSA_PKCS1_2048_8192_SHA256,
            [1, 2, 840, 10_045, 4, 3, 2] => &ECDSA_P256_SHA256_ASN1,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, &issuer.public_key).verify(&self.signed, &self.signature).is_ok()
    }

    /// "Start=…, End=…", as Entra describes a key.
    fn period(&self) -> String {
        let format = time::macros::format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");
        let show = |time: OffsetDateTime| time.format(format).unwrap_or_default();
        format!("Start={}, End={}", show(self.not_before), show(self.not_after))
    }

    fn thumbprint(&self) -> String {
        hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref())
    }
}

/// Checks that a registered certificate signed the assertion, and that the certificate is valid.
pub(super) fn check_signature(
    presented: &str,
    header: &Value,
    application: &Application,
    now: OffsetDateTime,
) -> Result<(), EntraError> {
    let client_id = &application.client_id;
    let chain = chain_in(header)?;
    // If the assertion has a chain and the application trusts an authority, the certificate need not be registered.
    let found = match chain {
        Some(chain) if !application.trusted_subjects.is_empty() => {
            Some(trusted_certificate(chain, application).ok_or_else(EntraError::untrusted_chain)?)
        }
        _ => Certificate::named_by(header, application),
    };
    let Some(certificate) = found.filter(|certificate| certificate.is_named_by(header)) else {
        return Err(EntraError::unknown_certificate(&thumbprint_in(header), client_id));
    };
    // Microsoft documents that only RSA is supported.
    let algorithm: &'static dyn VerificationAlgorithm = match header["alg"].as_str() {
        _ if !certificate.is_rsa => return Err(EntraError::unsupported_key()),
        Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
        Some("RS384") => &RSA_PKCS1_2048_8192_SHA384,
        Some("RS512") => &RSA_PKCS1_2048_8192_SHA512,
        Some("PS256") => &RSA_PSS_2048_8192_SHA256,
        Some("PS384") => &RSA_PSS_2048_8192_SHA384,
        Some("PS512") => &RSA_PSS_2048_8192_SHA512,
        _ => return Err(EntraError::unsupported_key()),
    };
    let (message, signature) = presented.rsplit_once('.').ok_or_else(EntraError::assertion_malformed)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| EntraError::assertion_malformed())?;
    let key = UnparsedPublicKey::new(algorithm, &certificate.public_key);
    let (thumbprint, period) = (certificate.thumbprint(), certificate.period());
    if key.verify(message.as_bytes(), &signature).is_err() {
        return Err(EntraError::wrong_signature(&thumbprint, &period, client_id));
    }
    if now < certificate.not_before || now > certificate.not_after {
        return Err(EntraError::expired_certificate(&thumbprint, &period, client_id));
    }
    Ok(())
}

/// The certificates in `x5c`, if the header has it.
fn chain_in(header: &Value) -> Result<Option<Vec<Certificate>>, EntraError> {
    let Some(chain) = header.get("x5c") else { return Ok(None) };
    let certificates = chain.as_array().into_iter().flatten();
    let read: Option<Vec<_>> = certificates.map(|encoded| Certificate::read(encoded.as_str()?)).collect();
    match read {
        Some(read) if !read.is_empty() => Ok(Some(read)),
        _ => Err(EntraError::assertion_malformed()),
    }
}

/// The first certificate of the chain, if the application trusts it.
fn trusted_certificate(chain: Vec<Certificate>, application: &Application) -> Option<Certificate> {
    let (first, last) = (chain.first()?, chain.last()?);
    let is_chain = chain.windows(2).all(|pair| pair[0].is_signed_by(&pair[1]));
    let is_trusted = application.trusted_subjects.iter().any(|trusted| {
        let authority = Certificate::read(&trusted.authority);
        first.common_name.as_deref() == Some(&trusted.subject)
            && authority.is_some_and(|authority| last.is_signed_by(&authority))
    });
    (is_chain && is_trusted).then(|| chain.into_iter().next()).flatten()
}

/// The common name in a distinguished name, of any string type.
fn common_name(name: &[u8]) -> Option<String> {
    let parts = yasna::parse_der(name, |reader| {
        reader.collect_sequence_of(|reader| {
            reader.collect_set_of(|reader| {
                reader.read_sequence(|reader| {
                    let kind = reader.next().read_oid()?;
                    let value = reader.next().read_tagged_der()?;
                    Ok((kind.components().as_slice() == [2, 5, 4, 3], value.value().to_vec()))
                })
            })
        })
    });
    let (_, name) = parts.ok()?.into_iter().flatten().find(|(is_common_name, _)| *is_common_name)?;
    String::from_utf8(name).ok()
}

/// The object identifier in an `AlgorithmIdentifier`.
fn algorithm(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<Vec<u64>> {
    let algorithm = reader.next().read_oid()?;
    skip_rest(reader)?;
    Ok(algorithm.components().clone())
}

/// The thumbprint that a header names, in hexadecimal digits as in Entra's errors.
fn thumbprint_in(header: &Value) -> String {
    let given = ["x5t", "x5t#S256", "kid"].iter().find_map(|name| header[*name].as_str()).unwrap_or_default();
    URL_SAFE_NO_PAD.decode(given.trim_end_matches('=')).map_or_else(|_| given.to_owned(), |hash| hex(&hash))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn element(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

fn skip_rest(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<()> {
    while reader.read_optional(element)?.is_some() {}
    Ok(())
}

fn date(reader: BERReader<'_, '_>) -> ASN1Result<OffsetDateTime> {
    if reader.lookahead_tag()? == yasna::tags::TAG_UTCTIME {
        reader.read_utctime().map(|time| *time.datetime())
    } else {
        reader.read_generalized_time().map(|time| *time.datetime())
    }
}
