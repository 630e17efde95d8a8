//! The client assertion: a JSON Web Token, signed with the private key of the certificate.
//!
//! <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::time::{Duration, SystemTime};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use super::bundle::Bundle;

/// How long an assertion is valid. Microsoft recommends five to ten minutes.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// How an assertion identifies the certificate that signed it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Identification {
    /// By its thumbprints, for certificates that are registered on the application.
    Thumbprint,
    /// By its thumbprints and its chain, for applications that trust an issuer and a subject. With a chain, Microsoft
    /// Entra checks the issuers, and may reject a registered certificate.
    Chain,
}

/// A new assertion of the application `client_id` for this token endpoint. `None` if the key cannot sign.
pub(super) fn sign(
    bundle: &Bundle,
    identification: Identification,
    client_id: &str,
    token_endpoint: &str,
    now: SystemTime,
) -> Option<SecretString> {
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let claims = json!({
        "aud": token_endpoint,
        "iss": client_id,
        "sub": client_id,
        "jti": Uuid::new_v4(),
        "nbf": seconds(now),
        "iat": seconds(now),
        "exp": seconds(now + LIFETIME),
    });
    let message = format!("{}.{}", encode(&header(bundle, identification)), encode(&claims));
    let signature = bundle.key.sign(message.as_bytes()).ok()?;
    Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)).into())
}

/// The header of the assertion, with both thumbprints of the certificate.
fn header(bundle: &Bundle, identification: Identification) -> Value {
    let der = &bundle.certificate().der;
    let mut header = json!({
        "alg": bundle.key.algorithm(),
        "typ": "JWT",
        "x5t": URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, der)),
        "x5t#S256": URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, der)),
    });
    if identification == Identification::Chain {
        let chain = bundle.chain.iter().map(|certificate| STANDARD.encode(&certificate.der));
        header["x5c"] = chain.collect();
    }
    header
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}
