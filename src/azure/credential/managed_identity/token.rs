//! Token responses of managed identity endpoints, whose formats of the lifetime differ.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::azure::credential::entra::is_token;
use crate::azure::credential::token_cache::AccessToken;
use crate::azure::credential::token_endpoint::Response;
use crate::azure::error::AuthenticationProblem;

/// Reads the token of a response.
///
/// # Errors
/// The response reports an error, or contains no usable token. The error contains no part of the token.
pub(super) fn read(response: &Response, host: &str) -> Result<AccessToken, AuthenticationProblem> {
    of_document(&response.document(host)?).map_err(|cause| response.unusable(host, cause))
}

fn of_document(document: &Value) -> Result<AccessToken, &'static str> {
    let token = document.get("access_token").and_then(Value::as_str).ok_or("it has no access_token")?;
    if !is_token(token) {
        return Err("its access_token is empty or has characters that no token has");
    }
    let expiry = expiry(document, SystemTime::now()).ok_or("neither its expires_on nor its expires_in is a number")?;
    Ok(AccessToken::new(token.to_owned(), expiry))
}

/// The expiry of a token. `expires_on` takes precedence over `expires_in`, which may be the original lifetime of a
/// token that the endpoint cached for hours.
fn expiry(document: &Value, now: SystemTime) -> Option<SystemTime> {
    let number = |name: &str| match document.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let on = number("expires_on").and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    on.or_else(|| now.checked_add(Duration::from_secs(number("expires_in")?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_the_lifetime_in_every_format() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let at =
            |document: Value| expiry(&document, now).map(|expiry| expiry.duration_since(now).expect("later").as_secs());

        assert_eq!(at(json!({"expires_on": "1600", "expires_in": "86400"})), Some(600));
        assert_eq!(at(json!({"expires_on": 1600})), Some(600));
        assert_eq!(at(json!({"expires_on": "09/14/2030 00:00:00 PM +00:00", "expires_in": "60"})), Some(60));
        assert_eq!(at(json!({"expires_on": u64::MAX, "expires_in": u64::MAX})), None);
        assert_eq!(at(json!({})), None);
    }

    #[test]
    fn rejects_a_response_without_a_usable_token() {
        for (document, problem) in [
            (json!({"expires_on": "1"}), "no access_token"),
            (json!({"access_token": "", "expires_on": "1"}), "empty"),
            (json!({"access_token": "a\nb", "expires_on": "1"}), "characters"),
            (json!({"access_token": "t"}), "expires_on"),
        ] {
            assert!(of_document(&document).expect_err("unusable").contains(problem), "{document}");
        }
    }
}
