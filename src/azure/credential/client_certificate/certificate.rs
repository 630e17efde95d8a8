//! An X.509 certificate: its public key, its names and its validity.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};
use yasna::tags::{TAG_GENERALIZEDTIME, TAG_UTCTIME};
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, BERReader, Tag};

use super::asn1;

/// An X.509 certificate.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// The certificate in DER.
    pub(super) der: Vec<u8>,
    /// The public key as the certificate encodes it: a PKCS#1 structure for RSA, a point for elliptic curves.
    pub(super) public_key: Vec<u8>,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    /// The name of the subject, in DER.
    subject: Vec<u8>,
    /// The name of the issuer, in DER.
    issuer: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate. `None` if it is malformed.
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

    /// This certificate, followed by the certificates of its issuers from `others`.
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

/// Reads a time in UTC without fractions, the only form in certificates (RFC 5280, 4.1.2.5). `yasna` panics on some
/// other forms.
fn read_time(reader: BERReader<'_, '_>) -> ASN1Result<OffsetDateTime> {
    let element = reader.read_tagged_der()?;
    let text = std::str::from_utf8(element.value()).ok();
    text.and_then(|text| parse_time(element.tag(), text)).ok_or_else(|| ASN1Error::new(ASN1ErrorKind::Invalid))
}

/// Parses a time. A `UTCTime` writes years from 1950 to 2049 in two digits.
fn parse_time(tag: Tag, text: &str) -> Option<OffsetDateTime> {
    let digits = text.strip_suffix('Z').filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (year, rest) = match (tag, digits.len()) {
        (TAG_UTCTIME, 12) => {
            let year: i32 = digits[..2].parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, &digits[2..])
        }
        (TAG_GENERALIZEDTIME, 14) => (digits[..4].parse().ok()?, &digits[4..]),
        _ => return None,
    };
    let part = |at: usize| rest[2 * at..2 * at + 2].parse::<u8>().ok();
    let date = Date::from_calendar_date(year, Month::try_from(part(0)?).ok()?, part(1)?).ok()?;
    let time = Time::from_hms(part(2)?, part(3)?, part(4)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn reads_times_in_utc_only() {
        for (tag, text, expected) in [
            (TAG_UTCTIME, "490102030405Z", Some(datetime!(2049-01-02 03:04:05 UTC))),
            (TAG_UTCTIME, "500102030405Z", Some(datetime!(1950-01-02 03:04:05 UTC))),
            (TAG_GENERALIZEDTIME, "99991231235959Z", Some(datetime!(9999-12-31 23:59:59 UTC))),
            (TAG_GENERALIZEDTIME, "99991231235959-0100", None),
            (TAG_GENERALIZEDTIME, "20500101000000.5Z", None),
            (TAG_UTCTIME, "4901020304Z", None),
            (TAG_UTCTIME, "491302030405Z", None),
            (TAG_UTCTIME, "20500101000000Z", None),
            (TAG_GENERALIZEDTIME, "490102030405Z", None),
        ] {
            assert_eq!(parse_time(tag, text), expected, "{text}");
        }
    }
}
