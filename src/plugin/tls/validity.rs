//! The time in which a certificate is valid, read from its DER. No library that this crate uses reads it without also
//! validating a path, which a self-signed certificate of a CLI does not have.

use std::ops::RangeInclusive;

use time::{Date, Month, PrimitiveDateTime, Time};

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// From when to when a certificate is valid, in seconds since 1970. `None` if the DER is not a certificate.
pub(super) fn validity(der: &[u8]) -> Option<RangeInclusive<i64>> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (mut fields, _) = element(certificate, SEQUENCE)?;
    if let Some((_, rest)) = element(fields, VERSION) {
        fields = rest;
    }
    // Serial number, signature algorithm, issuer.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        (_, fields) = element(fields, tag)?;
    }
    let (validity, _) = element(fields, SEQUENCE)?;
    let (from, rest) = seconds(validity)?;
    let (to, _) = seconds(rest)?;
    Some(from..=to)
}

/// The content of the first element, which must have this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The first element as a time, and what follows it.
fn seconds(der: &[u8]) -> Option<(i64, &[u8])> {
    let (year_digits, (text, rest)) = match element(der, UTC_TIME) {
        Some(found) => (2, found),
        None => (4, element(der, GENERALIZED_TIME)?),
    };
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    if text.len() != year_digits + 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, others) = text.split_at(year_digits);
    let year: i32 = year.parse().ok()?;
    let year = match (year_digits, year) {
        (2, 50..) => year + 1900,
        (2, _) => year + 2000,
        _ => year,
    };
    let part = |at: usize| others[2 * at..2 * at + 2].parse::<u8>().ok();
    let date = Date::from_calendar_date(year, Month::try_from(part(0)?).ok()?, part(1)?).ok()?;
    let time = Time::from_hms(part(2)?, part(3)?, part(4)?).ok()?;
    Some((PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp(), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: i32, to: i32) -> Vec<u8> {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 12, 31);
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn reads_utc_time_and_generalized_time() {
        for (from, to) in [(1999, 2049), (2020, 2056)] {
            let expected = date_time_ymd(from, 1, 1).unix_timestamp()..=date_time_ymd(to, 12, 31).unix_timestamp();
            assert_eq!(validity(&certificate(from, to)), Some(expected));
        }
    }

    #[test]
    fn truncated_certificate_has_no_validity() {
        let der = certificate(2020, 2030);
        assert_eq!(validity(&der[..der.len() / 2]), None);
        assert_eq!(validity(b""), None);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), flipped in 0_usize..200, bit in 0_u8..8) {
            let _ = validity(&bytes);
            let mut der = certificate(2020, 2056);
            der[flipped] ^= 1 << bit;
            let _ = validity(&der);
        }
    }
}
