//! Reads untrusted ASN.1 structures with `yasna`.
//!
//! When `yasna` skips an element, it adds the length to its position without an overflow check. A length near 2^64
//! would cause an endless loop. So this module checks all lengths before `yasna` reads the content.

use yasna::models::ObjectIdentifier;
use yasna::{ASN1Error, ASN1ErrorKind, ASN1Result, BERReader, BERReaderSeq};

/// The maximum size in bytes. Certificates, keys and bundles are much smaller.
pub(super) const LIMIT: usize = 1024 * 1024;

/// The maximum depth. Certificates and bundles are nested less deeply.
const MAX_DEPTH: usize = 64;

/// Parses DER, or BER, which older programs write.
pub(super) fn parse<'a, T>(
    content: &'a [u8],
    read: impl for<'b> FnOnce(BERReader<'a, 'b>) -> ASN1Result<T>,
) -> ASN1Result<T> {
    if content.len() > LIMIT || !is_well_formed(content) {
        return Err(ASN1Error::new(ASN1ErrorKind::Invalid));
    }
    yasna::parse_ber(content, read)
}

/// The first of several consecutive elements.
pub(super) fn first_element(content: &[u8]) -> Option<&[u8]> {
    let header = Header::read(content)?;
    content.get(..header.size.checked_add(header.length?)?)
}

/// Whether every element ends within its enclosing element.
fn is_well_formed(content: &[u8]) -> bool {
    // The open constructed elements: the last possible end of each, and whether its length is definite.
    let mut open = vec![(content.len(), true)];
    let mut at = 0;
    while let Some((end, is_definite)) = open.last().copied() {
        if is_definite && at == end {
            open.pop();
            continue;
        }
        let Some(header) = Header::read(&content[at..end]) else { return false };
        at += header.size;
        match header.length {
            _ if header.is_end => {
                if is_definite {
                    return false;
                }
                open.pop();
            }
            Some(length) if length > end - at => return false,
            Some(length) if header.is_constructed => open.push((at + length, true)),
            Some(length) => at += length,
            None => open.push((end, false)),
        }
        if open.len() > MAX_DEPTH {
            return false;
        }
    }
    at == content.len()
}

/// The header of an element: its tag and its length.
struct Header {
    /// The size of the header in bytes.
    size: usize,
    is_constructed: bool,
    /// Whether this is the end-of-contents mark of an element of indefinite length.
    is_end: bool,
    /// The length of the content. `None` if it is indefinite.
    length: Option<usize>,
}

impl Header {
    fn read(content: &[u8]) -> Option<Self> {
        let mut bytes = content.iter().copied();
        let tag = bytes.next()?;
        let is_constructed = tag & 0x20 != 0;
        if tag & 0x1f == 0x1f {
            // A long tag ends with a byte below 0x80.
            bytes.find(|byte| byte & 0x80 == 0)?;
        }
        let length = match bytes.next()? {
            0x80 if is_constructed => None,
            short @ 0..0x80 => Some(usize::from(short)),
            0x80 | 0xff => return None,
            long => (0..long & 0x7f)
                .try_fold(0_usize, |length, _| length.checked_mul(256)?.checked_add(usize::from(bytes.next()?)))
                .map(Some)?,
        };
        let is_end = tag & !0x20 == 0;
        if is_end && (is_constructed || length != Some(0)) {
            return None;
        }
        Some(Self { size: content.len() - bytes.len(), is_constructed, is_end, length })
    }
}

/// Reads an `OCTET STRING`.
pub(super) fn bytes(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_bytes()
}

/// Reads an `INTEGER`.
pub(super) fn number(reader: BERReader<'_, '_>) -> ASN1Result<u32> {
    reader.read_u32()
}

/// Reads any element with its tag and length.
pub(super) fn element(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

/// Skips the remaining elements of a sequence.
pub(super) fn skip_rest(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<()> {
    while reader.read_optional(element)?.is_some() {}
    Ok(())
}

/// Reads the object identifier of an `AlgorithmIdentifier`, without its parameters.
pub(super) fn algorithm(reader: BERReader<'_, '_>) -> ASN1Result<ObjectIdentifier> {
    reader.read_sequence(|reader| {
        let algorithm = reader.next().read_oid()?;
        skip_rest(reader)?;
        Ok(algorithm)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rejects_a_length_beyond_the_enclosing_element() {
        for content in [
            b"\x30\x03\x02\x02\x01" as &[u8],
            b"\x30\x05\x30\x03\x02\x02\x01",
            b"\x04\x88\xff\xff\xff\xff\xff\xff\xff\xf6",
            b"\x04\x89\x01\xff\xff\xff\xff\xff\xff\xff\xf6",
            b"\x30\x80\x02\x01\x03",
            b"\x02\x80\x00\x00",
            b"\x30\x02\x00\x00",
            b"\x00\x00",
            b"\x30",
            b"\x1f\x80",
        ] {
            assert!(!is_well_formed(content), "{content:x?}");
        }
        for content in [b"\x02\x01\x03" as &[u8], b"\x30\x80\x30\x80\x00\x00\x00\x00", b"\x1f\x81\x20\x00"] {
            assert!(is_well_formed(content), "{content:x?}");
        }
    }

    #[test]
    fn reads_only_the_first_element() {
        assert_eq!(first_element(b"\x02\x01\x03\x30\x00"), Some(b"\x02\x01\x03" as &[u8]));
        for content in [b"" as &[u8], b"\x02\x02\x03", b"\x30\x80", b"\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"] {
            assert_eq!(first_element(content), None, "{content:x?}");
        }
    }

    #[test]
    fn rejects_deep_nesting_and_large_content() {
        let nested = |levels: usize| [[0x30, 0x80].repeat(levels), vec![0; 2 * levels]].concat();

        assert!(is_well_formed(&nested(50)));
        assert!(!is_well_formed(&nested(65)) && !is_well_formed(&nested(100_000)));
        assert!(parse(&[&[4, 0x83, 0x10, 0, 0], vec![0; LIMIT].as_slice()].concat(), element).is_err());
    }

    proptest! {
        #[test]
        fn skips_a_well_formed_element(content: Vec<u8>) {
            if let Ok(all) = parse(&content, element) {
                prop_assert_eq!(all, content);
            }
        }
    }
}
