//! The ciphers of PKCS#12 in CBC mode: AES, and 3DES and RC2 for older bundles.

use aws_lc_rs::cipher;
use des::TdesEde3;
use des::cipher::{Array, BlockCipherDecrypt, KeyInit};
use rc2::Rc2;
use secrecy::zeroize::Zeroizing;

use super::Pkcs12Error;

type Plain = Result<Zeroizing<Vec<u8>>, Pkcs12Error>;

/// Decrypts with AES-128, AES-192 or AES-256, depending on the length of the key.
pub(super) fn aes(key: &[u8], iv: &[u8], content: &[u8]) -> Plain {
    let wrong = |_| Pkcs12Error::WrongPassword;
    if content.is_empty() {
        return Err(Pkcs12Error::WrongPassword);
    }
    let algorithm = match key.len() {
        16 => &cipher::AES_128,
        24 => &cipher::AES_192,
        _ => &cipher::AES_256,
    };
    let iv = cipher::DecryptionContext::Iv128(iv.try_into().map_err(wrong)?);
    let key = cipher::UnboundCipherKey::new(algorithm, key).map_err(wrong)?;
    let mut plain = Zeroizing::new(content.to_vec());
    let key = cipher::PaddedBlockDecryptingKey::cbc_pkcs7(key).map_err(wrong)?;
    let length = key.decrypt(&mut plain, iv).map_err(wrong)?.len();
    plain.truncate(length);
    Ok(plain)
}

/// Decrypts with 3DES and three keys.
pub(super) fn triple_des(key: &[u8], iv: &[u8], content: &[u8]) -> Plain {
    let cipher = TdesEde3::new_from_slice(key).map_err(|_| Pkcs12Error::WrongPassword)?;
    decrypt_blocks(&cipher, iv, content)
}

/// Decrypts with RC2. The effective key length is the length of the key.
pub(super) fn rc2(key: &[u8], iv: &[u8], content: &[u8]) -> Plain {
    decrypt_blocks(&Rc2::new_with_eff_key_len(key, key.len() * 8), iv, content)
}

/// Decrypts blocks of 8 bytes and removes the padding.
fn decrypt_blocks<C>(cipher: &C, iv: &[u8], content: &[u8]) -> Plain
where
    C: BlockCipherDecrypt<BlockSize = des::cipher::consts::U8>,
{
    let (blocks, []) = content.as_chunks::<8>() else { return Err(Pkcs12Error::WrongPassword) };
    let mut plain = Zeroizing::new(Vec::with_capacity(content.len()));
    let mut previous = iv;
    for encrypted in blocks {
        let mut block = Array::from(*encrypted);
        cipher.decrypt_block(&mut block);
        plain.extend(block.iter().zip(previous).map(|(byte, mask)| byte ^ mask));
        previous = encrypted;
    }
    let padding = plain.last().map_or(0, |last| usize::from(*last));
    let is_padded = (1..=8).contains(&padding) && plain.ends_with(&vec![padding as u8; padding]);
    if !is_padded {
        return Err(Pkcs12Error::WrongPassword);
    }
    let length = plain.len() - padding;
    plain.truncate(length);
    Ok(plain)
}
