//! Access tokens: JSON Web Tokens signed with a key that is generated at startup.
//!
//! Entra signs with RS256. The simulator signs with ES256, because generating an RSA key would take longer than the
//! rest of the startup. Only a client that verifies tokens sees the difference.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};

use crate::world::Claims;

/// The signing key.
pub(crate) struct Signer {
    key: EcdsaKeyPair,
    key_id: String,
    /// The last token that was verified, since a client sends the same one for an hour.
    verified: Mutex<Option<(String, Claims)>>,
}

/// A token that this simulator did not issue, or that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidToken;

impl Signer {
    /// The JWT algorithm name.
    pub(super) const ALGORITHM: &'static str = "ES256";

    pub(crate) fn generate() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .expect("invariant: the cryptography library makes P-256 keys");
        let key_id = URL_SAFE_NO_PAD.encode(&key.public_key().as_ref()[1..21]);
        Self { key, key_id, verified: Mutex::default() }
    }

    /// The token with these claims.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> String {
        let header = json!({"typ": "JWT", "alg": Self::ALGORITHM, "kid": self.key_id, "x5t": self.key_id});
        let payload = serde_json::to_value(claims).expect("invariant: claims are plain data");
        let message = format!("{}.{}", encode(&header), encode(&payload));
        let signature =
            self.key.sign(&SystemRandom::new(), message.as_bytes()).expect("invariant: a P-256 key signs any message");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims of a token signed with this key. The caller checks the expiry.
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, InvalidToken> {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, claims)) = verified.as_ref().filter(|(known, _)| known == token) {
            return Ok(claims.clone());
        }
        let claims = self.read(token)?;
        *verified = Some((token.to_owned(), claims.clone()));
        Ok(claims)
    }

    fn read(&self, token: &str) -> Result<Claims, InvalidToken> {
        let (message, signature) = token.rsplit_once('.').ok_or(InvalidToken)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| InvalidToken)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.key.public_key().as_ref())
            .verify(message.as_bytes(), &signature)
            .map_err(|_| InvalidToken)?;
        let (_, payload) = parts(token).ok_or(InvalidToken)?;
        serde_json::from_value(payload).map_err(|_| InvalidToken)
    }

    /// The public key as a JSON Web Key.
    pub(super) fn public_key(&self) -> Value {
        // An uncompressed point: 0x04, then 32 bytes each of x and y.
        let point = self.key.public_key().as_ref();
        json!({
            "kty": "EC",
            "use": "sig",
            "alg": Self::ALGORITHM,
            "crv": "P-256",
            "kid": self.key_id,
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
        })
    }
}

/// The header and the payload of a JWT. The signature is not checked.
pub(super) fn parts(token: &str) -> Option<(Value, Value)> {
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let decode = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    Some((decode(header)?, decode(payload)?))
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        serde_json::from_value(json!({
            "aud": "a", "iss": "i", "iat": 0, "nbf": 0, "exp": 1, "appid": "c", "appidacr": "1", "idp": "i",
            "idtyp": "app", "oid": "o", "sub": "o", "tid": "t", "uti": "u", "ver": "1.0",
        }))
        .expect("complete claims")
    }

    #[test]
    fn verifies_only_its_own_tokens() {
        let signer = Signer::generate();
        let token = signer.sign(&claims());
        assert_eq!(signer.verify(&token).map(|claims| claims.tid), Ok("t".to_owned()));
        assert_eq!(Signer::generate().verify(&token).map(|claims| claims.tid), Err(InvalidToken));
    }

    #[test]
    fn rejects_a_changed_token() {
        let signer = Signer::generate();
        let token = signer.sign(&claims());
        let forged = encode(&json!({"tid": "other"}));
        let mut parts: Vec<&str> = token.split('.').collect();
        parts[1] = &forged;
        assert!(signer.verify(&parts.join(".")).is_err());
    }
}
