//! Hashes: `uniqueString`, `guid` and `templateHash`.
//!
//! `uniqueString` is a 64-bit variant of MurmurHash3 in thirteen characters of five bits. It matches the only value
//! that is known, from the examples of Azure's REST specification. Other values may differ from Azure's.

use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The namespace for `guid`.
const GUID_NAMESPACE: Uuid = Uuid::from_u128(0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830);

/// The value of `uniqueString`.
pub(crate) fn unique_string(texts: &[&str]) -> String {
    let hash = murmur(texts.join("-").as_bytes());
    (0..13).map(|at| ALPHABET[((hash << (5 * at)) >> 59) as usize] as char).collect()
}

/// The value of `guid`.
pub(super) fn guid(texts: &[&str]) -> String {
    Uuid::new_v5(&GUID_NAMESPACE, texts.join("-").as_bytes()).to_string()
}

/// The `templateHash` of a deployment. Azure's algorithm is not public.
pub(crate) fn template_hash(template: &serde_json::Value) -> String {
    murmur(template.to_string().as_bytes()).to_string()
}

/// The hash, from two 32-bit lanes that are mixed into each other.
fn murmur(bytes: &[u8]) -> u64 {
    const LEFT: u32 = 0x239b_961b;
    const RIGHT: u32 = 0xab0e_9789;
    let left = |word: u32| word.wrapping_mul(LEFT).rotate_left(15).wrapping_mul(RIGHT);
    let right = |word: u32| word.wrapping_mul(RIGHT).rotate_left(17).wrapping_mul(LEFT);
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));

    let (mut low, mut high) = (0_u32, 0_u32);
    let chunks = bytes.chunks_exact(8);
    let tail = chunks.remainder();
    for chunk in chunks {
        low = (low ^ left(word(&chunk[..4]))).rotate_left(19).wrapping_add(high);
        low = low.wrapping_mul(5).wrapping_add(0x561c_cd1b);
        high = (high ^ right(word(&chunk[4..]))).rotate_left(13).wrapping_add(low);
        high = high.wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    low ^= left(word(&tail[..tail.len().min(4)]));
    high ^= right(word(tail.get(4..).unwrap_or_default()));

    // Strings in templates are far shorter than 4 GiB.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    low ^= length;
    high ^= length;
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    (low, high) = (finish(low), finish(high));
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    u64::from(high) << 32 | u64::from(low)
}

fn finish(mut word: u32) -> u32 {
    word = (word ^ word >> 16).wrapping_mul(0x85eb_ca6b);
    word = (word ^ word >> 13).wrapping_mul(0xc2b2_ae35);
    word ^ word >> 16
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value is in the examples of the Azure REST specification.
    #[test]
    fn unique_string_of_a_known_solution_matches_azure() {
        let solution = "str.azure-sentinel-solution-str";
        assert_eq!(unique_string(&[&format!("{solution}-Solution-{solution}-2.0.0")]), "igl6jawr4gwmu");
        assert_eq!(unique_string(&["a", "b"]), unique_string(&["a-b"]));
    }

    proptest! {
        #[test]
        fn unique_strings_are_thirteen_characters_of_base32(texts in prop::collection::vec(any::<String>(), 1..4)) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let unique = unique_string(&texts);
            prop_assert_eq!(unique.len(), 13);
            prop_assert!(unique.bytes().all(|byte| ALPHABET.contains(&byte)));
        }
    }
}
