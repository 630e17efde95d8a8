//! An X.509 certificate: its public key, its names and its validity.

use time::OffsetDateTime;
use yasna::{ASN1Result, BERReader, Tag};

use super::asn1;

/// A certificate.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// The whole certificate in DER.
    pub(super) der: Vec<u8>,
    /// The key in the encoding of the certificate: a PKCS#1 structure for RSA, a point for elliptic curves.
    pub(super) public_key: Vec<u8>,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    /// The names in DER.
    subject: Vec<u8>,
    issuer: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate. None if it is something else.
    pub(super) fn read(der: Vec<u8>) -> Option<Self> {
        let parsed = asn1::parse(&der, |reader| {
            reader.read_sequence(|reader| {
                let parsed = reader.next().read_sequence(|reader| {
                    reader.read_optional(|reader| reader.read_tagged(Tag::context(0), asn1::element))?;
                    let _serial_number = reader.next().read_der()?;
                    let _algorithm = reader.next().read_der()?;
                    let issuer = reader.next().read_der()?;
                    let (not_before, not_after) = reader
                        .next()
                        .read_sequence(|reader| Ok((read_time(reader.next())?, read_time(reader.next())?)))?;
                    let subject = reader.next().read_der()?;
                    let (public_key, _) = reader.next().read_sequence(|reader| {
                        let _algorithm = reader.next().read_der()?;
                        reader.next().read_bitvec_bytes()
                    })?;
                    asn1::skip_rest(reader)?;
                    let der = Vec::new();
                    Ok(Self { der, public_key, not_before, not_after, subject, issuer })
                })?;
                asn1::skip_rest(reader)?;
                Ok(parsed)
            })
        });
        parsed.ok().map(|parsed| Self { der, ..parsed })
    }

    /// This certificate and those of `others` that issued it, one after the other.
    pub(super) fn chain(self, others: &[Self]) -> Vec<Self> {
        let mut chain = vec![self];
        while let Some(last) = chain.last()
            && last.issuer != last.subject
            && let Some(issuer) = others.iter().find(|other| other.subject == last.issuer)
            && chain.iter().all(|known| known.der != issuer.der)
        {
            chain.push(issuer.clone());
        }
        chain
    }
}

/// Years up to 2049 are written in two digits.
fn read_time(reader: BERReader<'_, '_>) -> ASN1Result<OffsetDateTime> {
    if reader.lookahead_tag()? == yasna::tags::TAG_UTCTIME {
        reader.read_utctime().map(|time| *time.datetime())
    } else {
        reader.read_generalized_time().map(|time| *time.datetime())
    }
}
