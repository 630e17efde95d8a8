//! The object identifiers of PKCS#12 bundles and of the algorithms that protect them.

pub(super) const DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 1];
pub(super) const ENCRYPTED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 6];

pub(super) const KEY_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 1];
pub(super) const ENCRYPTED_KEY_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 2];
pub(super) const CERTIFICATE_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 3];
pub(super) const NESTED_BAGS: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 6];
pub(super) const X509_CERTIFICATE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 22, 1];

pub(super) const PBE_SHA1_3DES: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 3];
pub(super) const PBE_SHA1_RC2_128: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 5];
pub(super) const PBE_SHA1_RC2_40: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 6];
pub(super) const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
pub(super) const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
pub(super) const PBMAC1: &[u64] = &[1, 2, 840, 113_549, 1, 5, 14];

pub(super) const DES_EDE3_CBC: &[u64] = &[1, 2, 840, 113_549, 3, 7];
pub(super) const AES_128_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 2];
pub(super) const AES_192_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 22];
pub(super) const AES_256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];

pub(super) const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
pub(super) const SHA224: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 4];
pub(super) const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
pub(super) const SHA384: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 2];
pub(super) const SHA512: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 3];

pub(super) const HMAC_SHA1: &[u64] = &[1, 2, 840, 113_549, 2, 7];
pub(super) const HMAC_SHA256: &[u64] = &[1, 2, 840, 113_549, 2, 9];
pub(super) const HMAC_SHA384: &[u64] = &[1, 2, 840, 113_549, 2, 10];
pub(super) const HMAC_SHA512: &[u64] = &[1, 2, 840, 113_549, 2, 11];
