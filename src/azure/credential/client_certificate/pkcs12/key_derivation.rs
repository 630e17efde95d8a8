//! The key derivation of PKCS#12 (RFC 7292, appendix B) and its passwords.

use aws_lc_rs::digest;
use secrecy::zeroize::Zeroizing;

use crate::azure::credential::cleaning;

/// The purpose of a derived key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    Encryption = 1,
    InitializationVector = 2,
    Mac = 3,
}

/// A password in the two encodings that PKCS#12 uses.
#[derive(Clone)]
pub(super) struct Password {
    /// The password for PBES2 and PBMAC1.
    pub(super) utf8: Zeroizing<Vec<u8>>,
    /// The password for all other algorithms: UTF-16 in big endian, with a terminating zero.
    pub(super) utf16: Zeroizing<Vec<u8>>,
}

impl Password {
    /// The passwords to try, in this order: unchanged, and without white space and invisible characters around it,
    /// which a file or a pipeline may have added. For no password, programs use either an empty text or no bytes, which
    /// derive different keys.
    pub(super) fn candidates(password: &str) -> Vec<Self> {
        let trimmed = cleaning::trim(password);
        let mut candidates = vec![Self::of(password)];
        if trimmed != password {
            candidates.push(Self::of(trimmed));
        }
        if cleaning::value(password).is_empty() {
            if !trimmed.is_empty() {
                candidates.push(Self::of(""));
            }
            candidates.push(Self { utf8: Zeroizing::default(), utf16: Zeroizing::default() });
        }
        candidates
    }

    fn of(password: &str) -> Self {
        let units = password.encode_utf16().chain([0]);
        let utf16 = Zeroizing::new(units.flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
        Self { utf8: Zeroizing::new(password.as_bytes().to_vec()), utf16 }
    }
}

/// Derives a key of `length` bytes.
pub(super) fn derive(
    algorithm: &'static digest::Algorithm,
    password: &Password,
    salt: &[u8],
    purpose: Purpose,
    iterations: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = algorithm.block_len();
    let diversifier = vec![purpose as u8; block];
    let mut input = Zeroizing::new(repeated(salt, block));
    input.extend_from_slice(&Zeroizing::new(repeated(&password.utf16, block)));
    let mut key = Zeroizing::new(Vec::with_capacity(length + algorithm.output_len()));
    loop {
        let mut context = digest::Context::new(algorithm);
        context.update(&diversifier);
        context.update(&input);
        let mut hash = context.finish();
        for _ in 1..iterations {
            hash = digest::digest(algorithm, hash.as_ref());
        }
        key.extend_from_slice(hash.as_ref());
        if key.len() >= length {
            key.truncate(length);
            return key;
        }
        let addend: Vec<u8> = hash.as_ref().iter().copied().cycle().take(block).collect();
        for part in input.chunks_mut(block) {
            add_one_and(part, &addend);
        }
    }
}

/// Repeats the bytes up to the next multiple of `block`.
fn repeated(bytes: &[u8], block: usize) -> Vec<u8> {
    bytes.iter().copied().cycle().take(bytes.len().div_ceil(block) * block).collect()
}

/// Adds one and `addend` to a number in big endian. Drops the carry beyond its length.
fn add_one_and(number: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (byte, add) in number.iter_mut().zip(addend).rev() {
        let sum = u16::from(*byte) + u16::from(*add) + carry;
        *byte = (sum & 0xff) as u8;
        carry = sum >> 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Uses the values of the tests of Bouncy Castle and OpenSSL.
    #[test]
    fn derives_the_published_keys() {
        let password = &Password::candidates("smeg")[0];
        let (sha1, salt) = (&digest::SHA1_FOR_LEGACY_USE_ONLY, [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f]);

        let key = derive(sha1, password, &salt, Purpose::Encryption, 1, 24);
        let iv = derive(
            sha1,
            password,
            &[0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f],
            Purpose::InitializationVector,
            1,
            8,
        );

        assert_eq!(hex(&key), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
        assert_eq!(hex(&iv), "79993dfe048d3b76");
    }

    #[test]
    fn missing_password_tries_both_empty_encodings() {
        let forms = |password| Password::candidates(password).iter().map(|form| form.utf16.len()).collect::<Vec<_>>();

        assert_eq!(forms(""), [2, 0]);
        assert_eq!(forms("pässwörd"), [18]);
    }

    #[test]
    fn tries_a_password_unchanged_and_then_trimmed() {
        let texts = |password| {
            let candidates = Password::candidates(password);
            candidates.iter().map(|form| String::from_utf8_lossy(&form.utf8).into_owned()).collect::<Vec<_>>()
        };

        assert_eq!(texts(" secret\n"), [" secret\n", "secret"]);
        assert_eq!(texts("\"secret\""), ["\"secret\""]);
        assert_eq!(texts("  "), ["  ", "", ""]);
        assert_eq!(texts("\"\""), ["\"\"", "", ""]);
    }
}
