//! The claims of a JSON Web Token.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;

use crate::azure::error::AssertionClaims;

/// Reads the claims that Microsoft Entra compares with a federated credential. Does not check the signature.
///
/// # Errors
/// `token` is not a JSON Web Token. The error follows "the OIDC token".
pub(super) fn claims_of(token: &str) -> Result<AssertionClaims, String> {
    let payload = payload(token).ok_or_else(|| format!("is not a JSON Web Token: {}", describe(token)))?;
    let text = |name: &str| match payload.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => "(none)".to_owned(),
    };
    Ok(AssertionClaims {
        issuer: text("iss"),
        subject: text("sub"),
        audience: text("aud"),
        valid_from: time(&payload, "nbf"),
        valid_until: time(&payload, "exp"),
    })
}

/// The expiry of a token, if it has the claim `exp`.
pub(super) fn expiry_of(token: &str) -> Option<SystemTime> {
    time(&payload(token)?, "exp")
}

type Claims = serde_json::Map<String, Value>;

fn time(claims: &Claims, name: &str) -> Option<SystemTime> {
    let seconds = claims.get(name)?.as_u64()?;
    // Later dates cannot be formatted in a message.
    (seconds < 253_402_300_800).then(|| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The claims of a token as JSON. `None` if it is not a JSON Web Token.
pub(super) fn payload(token: &str) -> Option<Claims> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, _signature] = parts.as_slice() else { return None };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok();
    serde_json::from_slice::<Claims>(&decode(header)?).ok()?;
    serde_json::from_slice(&decode(payload)?).ok()
}

/// Describes a text that is not a token. Contains no part of the text, because it may be a secret.
fn describe(text: &str) -> &'static str {
    if text.starts_with('<') {
        "it is HTML, probably the error page of the host that should have issued the token"
    } else if text == "null" {
        "it is \"null\", so the response of the identity provider had no token"
    } else if Uuid::try_parse(text).is_ok() {
        "it is a GUID, such as the ID of an application or of a secret"
    } else if text.starts_with('{') {
        "it is a JSON document; the file must contain only the value of its field with the token"
    } else {
        "it does not have the form header.payload.signature in base64"
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azure::testing::jwt;

    #[test]
    fn reads_the_claims_of_a_token() {
        let token = jwt(&json!({"iss": "https://i", "sub": "repo:contoso/soc", "aud": ["a", "b"], "exp": 1}));

        let claims = claims_of(&token).expect("a token");

        assert_eq!((claims.issuer.as_str(), claims.subject.as_str()), ("https://i", "repo:contoso/soc"));
        assert_eq!(claims.audience, "a, b");
        assert_eq!(
            (claims.valid_from, claims.valid_until),
            (None, Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1)))
        );
        assert_eq!(claims_of(&jwt(&json!({}))).expect("a token").issuer, "(none)");
    }

    #[test]
    fn reports_a_malformed_token_without_repeating_it() {
        for (text, kind) in [
            ("<html>top-secret</html>", "HTML"),
            ("null", "no token"),
            ("{\"value\": \"top-secret\"}", "JSON document"),
            ("5f3c1d8e-6b0a-4c57-9d1e-2a7b8c9d0e1f", "it is a GUID"),
            ("top-secret", "header.payload.signature"),
            ("a.b.c", "header.payload.signature"),
            ("e30.bm90IGpzb24.x", "header.payload.signature"),
        ] {
            let error = claims_of(text).expect_err(text);
            assert!(error.contains(kind) && !error.contains("top-secret"), "{text}: {error}");
        }
    }
}
