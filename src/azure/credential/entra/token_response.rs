//! Token responses, checked before `azure_identity` reads them.
//!
//! The library accepts a missing token as an empty one, and panics if the lifetime exceeds the range of dates.

use serde_json::{Value, json};

use crate::azure::credential::token_cache::MAX_LIFETIME;
use crate::azure::error::strip_bom;

/// The maximum size of a token response, in bytes. Usual responses are much smaller.
pub(super) const LIMIT: usize = 1024 * 1024;

/// Reduces a response to the fields that the library needs.
///
/// # Errors
/// The response contains no usable token. The error contains no part of the response.
pub(super) fn normalize(body: &[u8]) -> Result<Vec<u8>, &'static str> {
    let document: Value = serde_json::from_slice(strip_bom(body)).map_err(|_| "it is not JSON, or not all of it")?;
    let token = document.get("access_token").and_then(Value::as_str).ok_or("it has no access_token")?;
    if !is_token(token) {
        return Err("its access_token is empty or has characters that no token has");
    }
    let lifetime = document.get("expires_in").and_then(seconds).ok_or("its expires_in is not a number of seconds")?;
    let lifetime = lifetime.min(MAX_LIFETIME.as_secs());
    let normal = json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": token,
    });
    Ok(normal.to_string().into_bytes())
}

/// Whether a text can be a token, which is sent in a header.
pub(in crate::azure::credential) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Reads a number of seconds. Version 1 endpoints send it as text.
fn seconds(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Value, &'static str> {
        normalize(body.as_bytes()).map(|normal| serde_json::from_slice(&normal).expect("JSON"))
    }

    #[test]
    fn keeps_the_token_and_its_lifetime() {
        for lifetime in ["3600", "\"3600\""] {
            let body = format!("\u{feff}{{\"access_token\": \"t\", \"expires_in\": {lifetime}, \"other\": 1}}");
            let normal = read(&body).expect("a token");

            assert_eq!((&normal["access_token"], &normal["expires_in"]), (&json!("t"), &json!(3600)));
        }
    }

    #[test]
    fn limits_an_excessive_lifetime() {
        let normal = read(r#"{"access_token": "t", "expires_in": 9223372036854775807}"#).expect("a token");

        assert_eq!(normal["expires_in"], json!(MAX_LIFETIME.as_secs()));
    }

    #[test]
    fn rejects_a_response_without_a_usable_token() {
        for (body, problem) in [
            ("<html>", "not JSON"),
            ("null", "no access_token"),
            (r#"{"expires_in": 1}"#, "no access_token"),
            (r#"{"access_token": "", "expires_in": 1}"#, "empty"),
            (r#"{"access_token": "a\nb", "expires_in": 1}"#, "characters"),
            (r#"{"access_token": "t"}"#, "expires_in"),
            (r#"{"access_token": "t", "expires_in": -1}"#, "expires_in"),
            (r#"{"access_token": "t", "expires_in": 1e400}"#, "expires_in"),
        ] {
            let error = read(body).expect_err(body);
            assert!(error.contains(problem), "{body}: {error}");
        }
    }
}
