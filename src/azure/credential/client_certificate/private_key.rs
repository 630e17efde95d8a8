//! Private keys, which sign JSON Web Tokens.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RSA_PSS_SHA256,
};

/// A private key. The library zeroes the key when it is dropped.
pub(super) enum PrivateKey {
    Rsa(RsaKeyPair),
    /// An elliptic curve key, with the name of its algorithm.
    Ec(EcdsaKeyPair, &'static str),
}

/// The format of a private key in DER.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum KeyForm {
    Pkcs8,
    /// An RSA key in PKCS#1.
    Rsa,
    /// An elliptic curve key in SEC 1.
    Ec,
}

/// The supported curves with the names of their algorithms (RFC 7518, section 3.4).
const CURVES: [(&EcdsaSigningAlgorithm, &str); 3] = [
    (&ECDSA_P256_SHA256_FIXED_SIGNING, "ES256"),
    (&ECDSA_P384_SHA384_FIXED_SIGNING, "ES384"),
    (&ECDSA_P521_SHA512_FIXED_SIGNING, "ES512"),
];

impl PrivateKey {
    /// Reads a key. `None` if it is damaged or of an unsupported kind.
    pub(super) fn read(der: &[u8], form: KeyForm) -> Option<Self> {
        let rsa = match form {
            KeyForm::Pkcs8 => RsaKeyPair::from_pkcs8(der).ok(),
            KeyForm::Rsa => RsaKeyPair::from_der(der).ok(),
            KeyForm::Ec => None,
        };
        let ec = || {
            CURVES.into_iter().find_map(|(curve, name)| {
                let key = match form {
                    KeyForm::Pkcs8 => EcdsaKeyPair::from_pkcs8(curve, der).ok(),
                    KeyForm::Ec => EcdsaKeyPair::from_private_key_der(curve, der).ok(),
                    KeyForm::Rsa => None,
                };
                key.map(|key| Self::Ec(key, name))
            })
        };
        rsa.map(Self::Rsa).or_else(ec)
    }

    /// The public key as a certificate encodes it.
    pub(super) fn public_key(&self) -> &[u8] {
        match self {
            Self::Rsa(key) => key.public_key().as_ref(),
            Self::Ec(key, _) => key.public_key().as_ref(),
        }
    }

    /// The name of the algorithm in JSON Web Tokens. Microsoft requires PSS padding with RSA keys.
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "PS256",
            Self::Ec(_, name) => name,
        }
    }

    /// The signature of a message.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PSS_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
            Self::Ec(key, _) => key.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
        }
    }
}
