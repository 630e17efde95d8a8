//! Shorthand for reading ASN.1 structures with `yasna`.

use yasna::models::ObjectIdentifier;
use yasna::{ASN1Result, BERReader, BERReaderSeq};

/// An `OCTET STRING`.
pub(super) fn bytes(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_bytes()
}

/// An `INTEGER`.
pub(super) fn number(reader: BERReader<'_, '_>) -> ASN1Result<u32> {
    reader.read_u32()
}

/// Any element with its tag and length.
pub(super) fn element(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

/// Skips what is left of a sequence.
pub(super) fn skip_rest(reader: &mut BERReaderSeq<'_, '_>) -> ASN1Result<()> {
    while reader.read_optional(element)?.is_some() {}
    Ok(())
}

/// The name of an `AlgorithmIdentifier`, without its parameters.
pub(super) fn algorithm(reader: BERReader<'_, '_>) -> ASN1Result<ObjectIdentifier> {
    reader.read_sequence(|reader| {
        let algorithm = reader.next().read_oid()?;
        skip_rest(reader)?;
        Ok(algorithm)
    })
}
